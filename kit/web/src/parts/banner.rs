//! A sentence that stands out: what has happened, what to know.

use crate::{markup::Tone, texts::Say};
use askama::Template;

/// A box with an icon, a word for its tone, a title and a sentence.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/banner.html")]
pub struct Banner {
    tone: Tone,
    word: String,
    title: String,
    text: Option<String>,
    link: Option<(String, String)>,
}

impl Banner {
    /// A box of this tone. The tone's word (お知らせ, 注意 …) goes before the title.
    // keys: web-tone-*
    pub fn new(say: &Say, tone: Tone, title: impl Into<String>) -> Self {
        let word = say.t(&format!("web-tone-{}", tone.class()));
        Self { tone, word, title: title.into(), text: None, link: None }
    }

    /// The same with a sentence.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The same with a link.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }
}
