//! The notice board.

use crate::texts::Say;
use askama::Template;
use core_words::UtcMicros;

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub subject: String,
    /// Its page.
    pub href: String,
    /// When it was put there.
    pub at: UtcMicros,
    /// Whether it has been opened.
    pub read: bool,
}

/// Notices, the newest first.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/notices.html")]
pub struct NoticeList {
    say: Say,
    notices: Vec<Notice>,
}

impl NoticeList {
    /// These notices; without any, a sentence says so.
    pub fn new(say: &Say, notices: Vec<Notice>) -> Self {
        Self { say: say.clone(), notices }
    }
}
