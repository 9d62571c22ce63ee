//! The second and the third page of a form: what was typed, to be looked over (確認), and that it is done (完了).

use super::{Actions, NextStep};
use crate::{forms::CHANGE, markup::Markup, texts::Say};
use askama::Template;

/// One answer as the reader will find it later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The field's label.
    pub label: String,
    /// What was typed, normalised; lines stay lines. Empty: 「入力なし」.
    pub value: String,
    /// The field to go back to; `None` where it cannot be changed here.
    pub field: Option<String>,
}

/// The page of confirmation: every answer with a button to change it, all values as hidden fields, so that
/// nothing typed is lost in either direction and nothing is kept at the server before it is confirmed.
///
/// Changing posts the same hidden fields with `_change` = the field's name; confirming posts `_step=confirm`.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/check.html")]
pub struct CheckAnswers {
    action: String,
    csrf: String,
    hidden: Vec<(String, String)>,
    groups: Vec<(String, Vec<Answer>)>,
    before: Markup,
    submit: String,
    change: String,
    none: String,
    back: String,
}

impl CheckAnswers {
    /// A page that posts to `action`.
    pub fn new(
        say: &Say,
        action: impl Into<String>,
        csrf: impl Into<String>,
        submit: impl Into<String>,
    ) -> Self {
        Self {
            action: action.into(),
            csrf: csrf.into(),
            hidden: Vec::new(),
            groups: Vec::new(),
            before: Markup::default(),
            submit: submit.into(),
            change: say.t("web-change"),
            none: say.t("web-nothing-typed"),
            back: say.t("web-back-to-input"),
        }
    }

    /// The same with a hidden field: one for each value of the form, and the version.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.hidden.push((name.into(), value.to_string()));
        self
    }

    /// The same with every ordinary field of a form as hidden fields. Give the names of secrets, such as
    /// passwords, in `except`; names that begin with `_` are the frame's and are left out.
    #[must_use]
    pub fn carry(mut self, form: &crate::forms::FormData, except: &[&str]) -> Self {
        let ordinary = form.pairs().filter(|(name, _)| !name.starts_with('_') && !except.contains(name));
        self.hidden.extend(ordinary.map(|(name, value)| (name.to_owned(), value.to_owned())));
        self
    }

    /// The same with a heading for the answers that follow.
    #[must_use]
    pub fn group(mut self, heading: impl Into<String>) -> Self {
        self.groups.push((heading.into(), Vec::new()));
        self
    }

    /// The same with an answer that can be changed in the field of that name.
    #[must_use]
    pub fn answer(self, label: impl Into<String>, value: impl Into<String>, field: &str) -> Self {
        self.push(Answer { label: label.into(), value: value.into(), field: Some(field.into()) })
    }

    /// The same with an answer that cannot be changed here.
    #[must_use]
    pub fn fixed(self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.push(Answer { label: label.into(), value: value.into(), field: None })
    }

    /// The same with something above the buttons: a sentence of agreement, a field, a warning.
    #[must_use]
    pub fn before(mut self, part: &impl Template) -> Self {
        self.before = self.before.then(part);
        self
    }

    fn push(mut self, answer: Answer) -> Self {
        if self.groups.is_empty() {
            self.groups.push((String::new(), Vec::new()));
        }
        if let Some((_, answers)) = self.groups.last_mut() {
            answers.push(answer);
        }
        self
    }

    fn change_name(&self) -> &'static str {
        CHANGE
    }
}

/// The last page: that it is done, under which number, and what happens now.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/done.html")]
pub struct Done {
    title: String,
    number: Option<(String, String)>,
    next_word: String,
    next: Vec<NextStep>,
    actions: Actions,
}

impl Done {
    /// Done, in a sentence: 「申請を受け付けました」.
    pub fn new(say: &Say, title: impl Into<String>) -> Self {
        let next_word = say.t("web-next");
        Self { title: title.into(), number: None, next_word, next: Vec::new(), actions: Actions::default() }
    }

    /// The same with the number to keep.
    #[must_use]
    pub fn number(mut self, label: impl Into<String>, number: impl Into<String>) -> Self {
        self.number = Some((label.into(), number.into()));
        self
    }

    /// The same with what happens next.
    #[must_use]
    pub fn next(mut self, step: NextStep) -> Self {
        self.next.push(step);
        self
    }

    /// The same with what the reader may do now.
    #[must_use]
    pub fn actions(mut self, actions: Actions) -> Self {
        self.actions = actions;
        self
    }
}
