//! Where in a form the reader is: 入力 → 確認 → 完了.

use crate::texts::Say;
use askama::Template;

/// The steps of a form, one of them now.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/steps.html")]
pub struct Steps {
    label: String,
    now_word: String,
    done_word: String,
    steps: Vec<String>,
    at: usize,
}

impl Steps {
    /// These steps; `at` counts from 0.
    pub fn new(say: &Say, steps: Vec<String>, at: usize) -> Self {
        let label = say.with("web-steps", &[("at", (at + 1).into()), ("of", steps.len().into())]);
        Self { label, now_word: say.t("web-step-now"), done_word: say.t("web-step-done"), steps, at }
    }

    /// 入力 → 確認 → 完了: first.
    pub fn input(say: &Say) -> Self {
        Self::form(say, 0)
    }

    /// 入力 → 確認 → 完了: second.
    pub fn check(say: &Say) -> Self {
        Self::form(say, 1)
    }

    /// 入力 → 確認 → 完了: third.
    pub fn done(say: &Say) -> Self {
        Self::form(say, 2)
    }

    fn form(say: &Say, at: usize) -> Self {
        Self::new(say, vec![say.t("web-step-input"), say.t("web-step-check"), say.t("web-step-finish")], at)
    }
}
