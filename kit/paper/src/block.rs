//! What a paper says, piece by piece.

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

/// One piece of a paper. A line feed in a text is a new line on the sheet.
#[derive(Clone, Serialize)]
#[serde(tag = "is", content = "of", rename_all = "lowercase")]
pub enum Block {
    /// A heading within the paper.
    Heading(String),
    /// A paragraph.
    Para(String),
    /// One line at the left, in the middle (記) or at the right (以上).
    Line {
        /// The words.
        text: String,
        /// Where.
        align: Align,
    },
    /// Labels and values, one pair a row.
    Fields(Vec<(String, String)>),
    /// A table; its head is repeated on every page.
    Table(Table),
    /// What to do, in order: 1, 2, 3.
    Steps(Vec<String>),
    /// Something to mind, in a frame.
    Note {
        /// In bold; may be empty.
        title: String,
        /// The words.
        text: String,
    },
    /// A number or password that is copied by hand: large, spaced, never broken within a group.
    Code {
        /// What it is.
        label: String,
        /// The signs; spaces part the groups.
        #[serde(serialize_with = "open")]
        value: Zeroizing<String>,
    },
    /// Places to write by hand: date and name, and for a seal where wanted.
    Signature {
        /// What is signed: 氏名, 確認者.
        label: String,
        /// Whether a place for a seal (印) is left.
        seal: bool,
    },
    /// What follows begins on a new sheet.
    PageBreak,
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left: words.
    Left,
    /// In the middle: marks.
    Center,
    /// At the right: amounts.
    Right,
}

/// A table.
#[derive(Clone, Serialize)]
pub struct Table {
    /// Its columns, from the left.
    pub columns: Vec<Column>,
    /// Its rows, each with as many texts as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Label and amount of the lines below: 小計, 消費税, 合計. The last one stands in bold.
    pub totals: Vec<(String, String)>,
}

/// A column of a table.
#[derive(Clone, Serialize)]
pub struct Column {
    /// Its heading.
    pub head: String,
    /// Where its texts stand.
    pub align: Align,
    /// Its width in parts of the whole: 3 is three times as wide as 1.
    pub share: u8,
}

impl Column {
    /// A column of words.
    pub fn words(head: impl Into<String>, share: u8) -> Self {
        Self { head: head.into(), align: Align::Left, share }
    }

    /// A column of amounts.
    pub fn amounts(head: impl Into<String>, share: u8) -> Self {
        Self { head: head.into(), align: Align::Right, share }
    }
}

impl Block {
    /// A heading.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading(text.into())
    }

    /// A paragraph.
    pub fn para(text: impl Into<String>) -> Self {
        Self::Para(text.into())
    }

    /// A line in the middle: 記.
    pub fn centered(text: impl Into<String>) -> Self {
        Self::Line { text: text.into(), align: Align::Center }
    }

    /// A line at the right: 以上.
    pub fn closing(text: impl Into<String>) -> Self {
        Self::Line { text: text.into(), align: Align::Right }
    }

    /// Labels and values.
    pub fn fields<L: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (L, V)>) -> Self {
        Self::Fields(pairs.into_iter().map(|(label, value)| (label.into(), value.into())).collect())
    }

    /// What to do, in order.
    pub fn steps<S: Into<String>>(steps: impl IntoIterator<Item = S>) -> Self {
        Self::Steps(steps.into_iter().map(Into::into).collect())
    }

    /// Something to mind.
    pub fn note(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Note { title: title.into(), text: text.into() }
    }

    /// A number or password.
    pub fn code(label: impl Into<String>, value: Zeroizing<String>) -> Self {
        Self::Code { label: label.into(), value }
    }

    pub(crate) fn each_text(&mut self, visit: &mut dyn FnMut(&mut String)) {
        match self {
            Self::Heading(text) | Self::Para(text) | Self::Line { text, .. } => visit(text),
            Self::Fields(pairs) => each_of_pairs(pairs, visit),
            Self::Table(table) => {
                table.columns.iter_mut().for_each(|c| visit(&mut c.head));
                table.rows.iter_mut().flatten().for_each(&mut *visit);
                each_of_pairs(&mut table.totals, visit);
            }
            Self::Steps(steps) => steps.iter_mut().for_each(visit),
            Self::Note { title, text } => {
                visit(title);
                visit(text);
            }
            Self::Code { label, value } => {
                visit(label);
                visit(value);
            }
            Self::Signature { label, .. } => visit(label),
            Self::PageBreak => {}
        }
    }
}

fn each_of_pairs(pairs: &mut [(String, String)], visit: &mut dyn FnMut(&mut String)) {
    for (label, value) in pairs {
        visit(label);
        visit(value);
    }
}

fn open<S: Serializer>(value: &Zeroizing<String>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(value)
}
