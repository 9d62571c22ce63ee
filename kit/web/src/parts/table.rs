//! Lists: columns a clerk needs, order, bulk acts, and what would be here if nothing is.

use super::Action;
use crate::{
    markup::{Markup, escape},
    texts::Say,
};
use askama::Template;

/// Which way a column is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// Not by this column.
    No,
    /// The smallest first.
    Up,
    /// The largest first.
    Down,
}

/// Where the text of a column stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the start: words.
    #[default]
    Start,
    /// At the end: figures.
    End,
    /// At the start and never broken: numbers, dates, a status.
    Whole,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    label: String,
    align: Align,
    sort: Option<(String, Sorted)>,
}

impl Column {
    /// A column of words.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), align: Align::Start, sort: None }
    }

    /// The same for figures.
    #[must_use]
    pub fn figures(mut self) -> Self {
        self.align = Align::End;
        self
    }

    /// The same for what is never broken into two lines: numbers, dates, a status.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.align = Align::Whole;
        self
    }

    /// The same ordering the list: the address that orders by it (the other way round if it is ordered now).
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, now: Sorted) -> Self {
        self.sort = Some((href.into(), now));
        self
    }
}

/// What stands in a column of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell(Markup);

impl Cell {
    /// Text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self(Markup::inline(text.as_ref()))
    }

    /// Text with more in small letters below.
    pub fn two(text: impl AsRef<str>, below: impl AsRef<str>) -> Self {
        let (text, below) = (escape(text.as_ref()), escape(below.as_ref()));
        Self(Markup::ready(format!("{text}<span class=\"below\">{below}</span>")))
    }

    /// Text with more in small letters and a word below.
    pub fn marked(text: impl AsRef<str>, below: impl AsRef<str>, word: &impl Template) -> Self {
        let Self(cell) = Self::two(text, below);
        Self(cell.then(word))
    }

    /// A link: the line's case.
    pub fn link(text: impl AsRef<str>, href: impl AsRef<str>) -> Self {
        Self(Markup::ready(format!("<a href=\"{}\">{}</a>", escape(href.as_ref()), escape(text.as_ref()))))
    }

    /// A component: a status, a word.
    pub fn part(part: &impl Template) -> Self {
        Self(Markup::of(part))
    }
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    cells: Vec<Cell>,
    pick: Option<(String, String)>,
}

impl Line {
    /// As many cells as there are columns.
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, pick: None }
    }

    /// The same with a box to pick it: the value that is posted, and what the line is called.
    #[must_use]
    pub fn pick(mut self, value: impl Into<String>, called: impl Into<String>) -> Self {
        self.pick = Some((value.into(), called.into()));
        self
    }
}

/// What stands there when the list has no line: what would appear here, and the way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Empty {
    /// In a sentence.
    pub text: String,
    /// The way on.
    pub action: Option<Action>,
}

/// A bulk act on picked lines. It posts the values under `name` and `_step=check`: the answer names them all
/// and asks for confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// Where to.
    pub action: String,
    /// The token against forged posts.
    pub csrf: String,
    /// The name of the boxes.
    pub name: String,
    /// What the button says: 「選んだ申請を登録する」.
    pub label: String,
}

/// A list.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/table.html")]
pub struct Table {
    say: Say,
    caption: String,
    columns: Vec<Column>,
    lines: Vec<Line>,
    empty: Empty,
    bulk: Option<Bulk>,
}

impl Table {
    /// A list with these columns; `empty` says what would appear here.
    pub fn new(
        say: &Say,
        caption: impl Into<String>,
        columns: Vec<Column>,
        empty: impl Into<String>,
    ) -> Self {
        let empty = Empty { text: empty.into(), action: None };
        Self { say: say.clone(), caption: caption.into(), columns, lines: Vec::new(), empty, bulk: None }
    }

    /// The same with lines.
    #[must_use]
    pub fn lines(mut self, lines: Vec<Line>) -> Self {
        self.lines = lines;
        self
    }

    /// The same with the way on when there is no line.
    #[must_use]
    pub fn empty_action(mut self, action: Action) -> Self {
        self.empty.action = Some(action);
        self
    }

    /// The same with a bulk act.
    #[must_use]
    pub fn bulk(mut self, bulk: Bulk) -> Self {
        self.bulk = Some(bulk);
        self
    }

    fn empty_actions(&self) -> super::Actions {
        super::Actions::new(self.empty.action.iter().cloned().collect())
    }

    fn label_of(&self, at: &usize) -> &str {
        self.columns.get(*at).map_or("", |column| &column.label)
    }

    fn align_of(&self, at: &usize) -> &'static str {
        match self.columns.get(*at).map(|column| column.align) {
            Some(Align::End) => "end",
            Some(Align::Whole) => "whole",
            _ => "start",
        }
    }
}
