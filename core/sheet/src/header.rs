//! Columns by their names, in whatever order.

use crate::finding::visible;
use core_words::Text;
use unicode_normalization::UnicodeNormalization as _;

/// A column that a reader knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its accepted names, the first of which it goes by in code and in findings. Case, width (NFKC) and spaces do not
    /// matter: `ﾌﾘｶﾞﾅ` is `フリガナ`, `E-Mail` is `e-mail`.
    pub names: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
}

impl Column {
    /// A column that must be there.
    pub const fn must(names: &'static [&'static str]) -> Self {
        Self { names, required: true }
    }

    /// A column that may be there.
    pub const fn may(names: &'static [&'static str]) -> Self {
        Self { names, required: false }
    }

    /// The name it goes by.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }
}

/// What is wrong with the line of names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadHeader {
    /// A name that no column has.
    #[error("column {at} is unknown: {name}")]
    Unknown {
        /// Which of the file's columns, from 1.
        at: usize,
        /// What it is called there.
        name: String,
    },
    /// A column that must be there is not.
    #[error("there is no column {name}")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// A column twice, whether under one name or under two.
    #[error("column {name} stands twice: at {first} and at {second}")]
    Twice {
        /// Its name.
        name: &'static str,
        /// Which of the file's columns, from 1.
        first: usize,
        /// Which of the file's columns, from 1.
        second: usize,
    },
}

impl BadHeader {
    /// For people.
    pub fn text(&self) -> Text {
        match self {
            Self::Unknown { at, name } if name.is_empty() => {
                Text::new(format!("{at}列目に列名がありません。"), format!("Column {at} has no name."))
            }
            Self::Unknown { at, name } => Text::new(
                format!("{at}列目の列名「{name}」は使えません。"),
                format!("Column {at} has a name that is not known: {name}."),
            ),
            Self::Missing { name } => {
                Text::new(format!("列「{name}」がありません。"), format!("The column {name} is missing."))
            }
            Self::Twice { name, first, second } => Text::new(
                format!("列「{name}」が{first}列目と{second}列目にあります。"),
                format!("The column {name} stands twice: at {first} and at {second}."),
            ),
        }
    }
}

/// For each column known, at which place of the file it stands. Every fault is told.
pub(crate) fn places(
    columns: &[Column],
    names: &csv::StringRecord,
) -> Result<Vec<Option<usize>>, Vec<BadHeader>> {
    let mut places = vec![None; columns.len()];
    let mut faults = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let plain = folded(name);
        let known = columns.iter().position(|column| column.names.iter().any(|one| folded(one) == plain));
        match known {
            None => faults.push(BadHeader::Unknown { at: at + 1, name: visible(name.trim()) }),
            Some(column) => match places[column] {
                None => places[column] = Some(at),
                Some(first) => faults.push(BadHeader::Twice {
                    name: columns[column].name(),
                    first: first + 1,
                    second: at + 1,
                }),
            },
        }
    }
    for (column, place) in columns.iter().zip(&places) {
        if column.required && place.is_none() {
            faults.push(BadHeader::Missing { name: column.name() });
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(faults) }
}

fn folded(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
