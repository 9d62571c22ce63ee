//! Where a case stands, and what happens next: the top of every case's page.

use super::{Actions, Banner};
use crate::{
    markup::{Markup, Tone},
    texts::Say,
};
use askama::Template;
use core_words::UtcMicros;

/// A status: a word with its icon and colour.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="status {{ tone.class() }}">{{ tone.icon() }}<span>{{ label }}</span></span>"#
)]
pub struct StatusTag {
    tone: Tone,
    label: String,
}

impl StatusTag {
    /// A status by its name.
    pub fn new(tone: Tone, label: impl Into<String>) -> Self {
        Self { tone, label: label.into() }
    }
}

/// What happens next, who does it, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    what: String,
    who: Option<(String, String)>,
    by_when: Option<(String, String)>,
}

impl NextStep {
    /// What happens next.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), who: None, by_when: None }
    }

    /// The same with who does it: 「連合会」, 「あなた」.
    #[must_use]
    pub fn who(mut self, say: &Say, who: impl Into<String>) -> Self {
        self.who = Some((say.t("web-next-who"), who.into()));
        self
    }

    /// The same with when: 「5営業日以内」.
    #[must_use]
    pub fn by_when(mut self, say: &Say, when: impl Into<String>) -> Self {
        self.by_when = Some((say.t("web-next-when"), when.into()));
        self
    }

    /// The same with the last moment for it: 「期限 2026年12月19日（令和8年） 14時05分まで」.
    #[must_use]
    pub fn until(mut self, say: &Say, at: UtcMicros) -> Self {
        let until = say.with("web-next-until", &[("time", say.date_time(at).into())]);
        self.by_when = Some((say.t("web-next-deadline"), until));
        self
    }

    pub(super) fn markup(&self) -> Markup {
        Markup::of(&NextTemplate { step: self })
    }
}

#[derive(Template)]
#[template(path = "parts/next.html")]
struct NextTemplate<'a> {
    step: &'a NextStep,
}

/// The status as a large word with its plain meaning; what happens next; what can be done now.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/status.html")]
pub struct StatusPanel {
    status_word: String,
    next_word: String,
    do_word: String,
    tag: StatusTag,
    meaning: String,
    next: Vec<NextStep>,
    notes: Vec<Banner>,
    actions: Actions,
}

impl StatusPanel {
    /// A status and what it means for the reader, in a sentence.
    pub fn new(say: &Say, tag: StatusTag, meaning: impl Into<String>) -> Self {
        Self {
            status_word: say.t("web-status"),
            next_word: say.t("web-next"),
            do_word: say.t("web-can-do"),
            tag,
            meaning: meaning.into(),
            next: Vec::new(),
            notes: Vec::new(),
            actions: Actions::default(),
        }
    }

    /// The same with what happens next.
    #[must_use]
    pub fn next(mut self, step: NextStep) -> Self {
        self.next.push(step);
        self
    }

    /// The same with something to know: why it was rejected.
    #[must_use]
    pub fn note(mut self, note: Banner) -> Self {
        self.notes.push(note);
        self
    }

    /// The same with what can be done now; nothing else is offered.
    #[must_use]
    pub fn actions(mut self, actions: Actions) -> Self {
        self.actions = actions;
        self
    }
}
