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
    /// The one amount that matters, large, in a box: 合計金額.
    Total {
        /// What it is.
        label: String,
        /// The amount with its unit, finished: `7,800円`.
        amount: String,
        /// What belongs to it, small: 税込. May be empty.
        note: String,
    },
    /// Labels and values in a frame with a title: a bank account (振込先), a counter and its hours.
    Box {
        /// In bold.
        title: String,
        /// One pair a row.
        pairs: Vec<(String, String)>,
    },
    /// A text that somebody types exactly as it stands, and that is no secret: large, in one line, copied out whole.
    Exact {
        /// What it is.
        label: String,
        /// The text.
        text: String,
    },
    /// A password that somebody types sign by sign: each large in a cell of its own, and below it how it is read.
    Spelled {
        /// What it is.
        label: String,
        /// Its signs, from the left.
        signs: Vec<Sign>,
    },
    /// A dotted line from edge to edge: what is below belongs together.
    Dotted,
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

/// One sign of a password, and how it is read. Both are wiped: the reading tells the sign.
#[derive(Clone, Serialize)]
pub struct Sign {
    /// The sign.
    #[serde(serialize_with = "open")]
    pub sign: Zeroizing<String>,
    /// How it is read: 大文字 ビー. May be empty.
    #[serde(serialize_with = "open")]
    pub reading: Zeroizing<String>,
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

    /// The amount that matters.
    pub fn total(label: impl Into<String>, amount: impl Into<String>, note: impl Into<String>) -> Self {
        Self::Total { label: label.into(), amount: amount.into(), note: note.into() }
    }

    /// Labels and values in a frame.
    pub fn boxed<L: Into<String>, V: Into<String>>(
        title: impl Into<String>,
        pairs: impl IntoIterator<Item = (L, V)>,
    ) -> Self {
        let pairs = pairs.into_iter().map(|(label, value)| (label.into(), value.into())).collect();
        Self::Box { title: title.into(), pairs }
    }

    /// A text to type as it stands.
    pub fn exact(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Exact { label: label.into(), text: text.into() }
    }

    /// A password with how its signs are read.
    pub fn spelled(label: impl Into<String>, signs: Vec<Sign>) -> Self {
        Self::Spelled { label: label.into(), signs }
    }

    /// Whether it shows something secret.
    pub(crate) fn is_secret(&self) -> bool {
        matches!(self, Self::Code { .. } | Self::Spelled { .. })
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
            Self::Total { label, amount, note } => {
                visit(label);
                visit(amount);
                visit(note);
            }
            Self::Box { title, pairs } => {
                visit(title);
                each_of_pairs(pairs, visit);
            }
            Self::Exact { label, text } => {
                visit(label);
                visit(text);
            }
            Self::Spelled { label, signs } => {
                visit(label);
                for Sign { sign, reading } in signs {
                    visit(sign);
                    visit(reading);
                }
            }
            Self::Signature { label, .. } => visit(label),
            Self::Dotted | Self::PageBreak => {}
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
