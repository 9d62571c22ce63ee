//! What has happened: who, when, with the entry of the ledger.

use crate::texts::Say;
use askama::Template;
use core_words::UtcMicros;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What, in a sentence.
    pub what: String,
    /// When.
    pub at: UtcMicros,
    /// Who: a role or an office, rarely a person.
    pub who: String,
    /// More, if there is: a reason.
    pub note: Option<String>,
    /// The entry of the ledger that proves it.
    pub ledger: Option<String>,
}

impl Entry {
    /// What, when, who.
    pub fn new(what: impl Into<String>, at: UtcMicros, who: impl Into<String>) -> Self {
        Self { what: what.into(), at, who: who.into(), note: None, ledger: None }
    }

    /// The same with more.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The same with the address of its entry in the ledger.
    #[must_use]
    pub fn ledger(mut self, href: impl Into<String>) -> Self {
        self.ledger = Some(href.into());
        self
    }
}

/// What has happened, the newest first.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/timeline.html")]
pub struct Timeline {
    say: Say,
    entries: Vec<Entry>,
}

impl Timeline {
    /// These, in the order given.
    pub fn new(say: &Say, entries: Vec<Entry>) -> Self {
        Self { say: say.clone(), entries }
    }
}
