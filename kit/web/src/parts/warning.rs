//! Before a dangerous act: what follows, and whether it can be undone and until when.

use crate::texts::Say;
use askama::Template;
use core_words::UtcMicros;

/// Whether an act can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undo {
    /// It cannot.
    Never,
    /// Until this moment.
    Until(UtcMicros),
    /// As long as this holds: 「認証局に渡されるまで」.
    While(String),
}

/// What to know before a dangerous act. It stands above the button.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<section class="warning" aria-label="{{ word }}">{{ crate::Icon::Attention }}<div><p class="warning-title">{{ consequence }}</p><p>{{ undo }}</p>{% if let Some(text) = text %}<p>{{ text }}</p>{% endif %}</div></section>"#
)]
pub struct Warning {
    word: String,
    consequence: String,
    undo: String,
    text: Option<String>,
}

impl Warning {
    /// What follows from the act, and whether it can be undone.
    pub fn new(say: &Say, consequence: impl Into<String>, undo: &Undo) -> Self {
        let undo = match undo {
            Undo::Never => say.t("web-undo-never"),
            Undo::Until(time) => say.with("web-undo-until", &[("time", say.date_time(*time).into())]),
            Undo::While(what) => say.with("web-undo-while", &[("what", what.into())]),
        };
        Self { word: say.t("web-tone-attention"), consequence: consequence.into(), undo, text: None }
    }

    /// The same with more.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}
