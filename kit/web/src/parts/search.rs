//! Finding lines of a list: one box, and filters in sight.

use crate::texts::Say;
use askama::Template;

/// A filter that is on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What it lets through.
    pub label: String,
    /// The address with the filter turned over.
    pub href: String,
    /// Whether it is on.
    pub on: bool,
    /// How many lines it lets through, if that is cheap to know.
    pub count: Option<i64>,
}

impl Chip {
    /// A filter.
    pub fn new(label: impl Into<String>, href: impl Into<String>, on: bool) -> Self {
        Self { label: label.into(), href: href.into(), on, count: None }
    }

    /// The same with how many.
    #[must_use]
    pub fn count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }
}

/// A search box that asks by GET, so that a search can be kept and sent, with its filters.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/search.html")]
pub struct Search {
    say: Say,
    action: String,
    label: String,
    query: String,
    hidden: Vec<(String, String)>,
    chips: Vec<Chip>,
    extra: Option<(String, String)>,
}

impl Search {
    /// A box that asks `action?q=…`; `label` says what can be typed: 番号、名称、カナ.
    pub fn new(
        say: &Say,
        action: impl Into<String>,
        label: impl Into<String>,
        query: impl Into<String>,
    ) -> Self {
        Self {
            say: say.clone(),
            action: action.into(),
            label: label.into(),
            query: query.into(),
            hidden: Vec::new(),
            chips: Vec::new(),
            extra: None,
        }
    }

    /// The same keeping a filter or an order while searching.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// The same with filters.
    #[must_use]
    pub fn chips(mut self, chips: Vec<Chip>) -> Self {
        self.chips = chips;
        self
    }

    /// The same with a link for what is shown: CSV.
    #[must_use]
    pub fn extra(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.extra = Some((label.into(), href.into()));
        self
    }
}
