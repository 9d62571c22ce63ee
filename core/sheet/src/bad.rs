//! Why a file as a whole cannot be read.

use crate::{header::BadHeader, text::BadText};
use core_words::Text;

/// A file cannot be read at all: there are no rows, and nothing was kept of it. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSheet {
    /// More octets than allowed.
    #[error("the file is longer than {most} octets")]
    Octets {
        /// How many are allowed.
        most: usize,
    },
    /// More lines than allowed.
    #[error("the file has more than {most} lines")]
    Lines {
        /// How many are allowed.
        most: u64,
    },
    /// More columns than allowed.
    #[error("the file has more than {most} columns")]
    Columns {
        /// How many are allowed.
        most: usize,
    },
    /// Octets that are no text.
    #[error(transparent)]
    Text(#[from] BadText),
    /// There is not even a line with names.
    #[error("the file is empty")]
    Empty,
    /// A quotation mark that is never closed.
    #[error("line {line}: the quotation mark is never closed")]
    OpenQuote {
        /// Where it was opened.
        line: u64,
    },
    /// Characters after a closing quotation mark.
    #[error("line {line}: characters follow the closing quotation mark")]
    StrayQuote {
        /// Where the cell began.
        line: u64,
    },
    /// The names of the columns are not those that are expected.
    #[error("the names of the columns: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Header(Vec<BadHeader>),
}

impl BadSheet {
    /// For people. A header has a sentence for each of its faults.
    pub fn text(&self) -> Text {
        match self {
            Self::Octets { most } => Text::new(
                format!("ファイルが大きすぎます。{most}バイトまでです。"),
                format!("The file is too large: {most} octets at most."),
            ),
            Self::Lines { most } => Text::new(
                format!("行が多すぎます。{most}行までです。"),
                format!("The file has too many lines: {most} at most."),
            ),
            Self::Columns { most } => Text::new(
                format!("列が多すぎます。{most}列までです。"),
                format!("The file has too many columns: {most} at most."),
            ),
            Self::Text(BadText::In { encoding, line, octet }) => Text::new(
                format!("{line}行目に、{}として読めない文字があります（0x{octet:02X}）。", encoding.name()),
                format!("Line {line} holds an octet that is not {}: 0x{octet:02X}.", encoding.name()),
            ),
            Self::Text(BadText::Neither { line, octet, utf8_line }) => Text::new(
                format!(
                    "文字コードがUTF-8でもシフトJISでもありません（UTF-8としては{utf8_line}行目、\
                     シフトJISとしては{line}行目の0x{octet:02X}が読めません）。"
                ),
                format!(
                    "The file is neither UTF-8 (see line {utf8_line}) nor Shift_JIS (see line {line}: 0x{octet:02X})."
                ),
            ),
            Self::Empty => Text::new("ファイルが空です。", "The file is empty."),
            Self::OpenQuote { line } => Text::new(
                format!("{line}行目の引用符（\"）が閉じられていません。"),
                format!("The quotation mark in line {line} is never closed."),
            ),
            Self::StrayQuote { line } => Text::new(
                format!("{line}行目で、閉じた引用符（\"）のあとに文字が続いています。"),
                format!("In line {line}, characters follow a closing quotation mark."),
            ),
            Self::Header(faults) => {
                let texts: Vec<Text> = faults.iter().map(BadHeader::text).collect();
                let all =
                    |pick: fn(&Text) -> &str, gap: &str| texts.iter().map(pick).collect::<Vec<_>>().join(gap);
                Text::new(all(|t| &t.ja, ""), all(|t| &t.en, " "))
            }
        }
    }
}
