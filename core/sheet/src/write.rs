//! Rows to octets.
//!
//! RFC 4180 with CR LF; cells are quoted where they must be. The same rows give the same octets.

use crate::{
    finding::visible,
    text::{Encoding, MARK, encode_cp932},
};
use core_words::Text;

/// Whether cells are kept from being taken for formulas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guard {
    /// Cells are written as they are: what is read back is what was written. For other systems.
    #[default]
    AsIs,
    /// For people with a spreadsheet: cells that begin with `=`, `+`, `-`, `@`, their full-width forms, TAB or CR get an
    /// apostrophe before them. It then stands in the cell, also before negative numbers, so such a file is not for
    /// reading back.
    Excel,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writing {
    /// In which encoding. UTF-8 with a mark, which Excel needs, unless told otherwise.
    pub encoding: Encoding,
    /// Whether formulas are guarded against.
    pub guard: Guard,
    /// How many characters that CP932 lacks are told of; the first is enough for a refusal, a list for mending.
    pub most_lacking: usize,
}

impl Default for Writing {
    fn default() -> Self {
        Self { encoding: Encoding::Utf8Mark, guard: Guard::AsIs, most_lacking: 1 }
    }
}

/// A character that the encoding lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The physical line of the file where its row would begin, from 1.
    pub line: u64,
    /// The column's name.
    pub column: String,
    /// The character.
    pub character: char,
}

/// A file cannot be written in its encoding. Nothing is ever replaced by `?`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {} lacks {:?} ({total} in all)", first.line, first.column, Encoding::Cp932.name(), first.character)]
pub struct CannotWrite {
    /// The first.
    pub first: Lacking,
    /// The first and those that follow, up to [`Writing::most_lacking`]; one for each cell.
    pub lacking: Vec<Lacking>,
    /// How many cells there are with such a character.
    pub total: u64,
}

impl CannotWrite {
    /// For people: the first of them.
    pub fn text(&self) -> Text {
        let Lacking { line, column, character } = &self.first;
        let code = *character as u32;
        let seen = visible(&character.to_string());
        Text::new(
            format!("{line}行目の「{column}」の文字「{seen}」（U+{code:04X}）は、シフトJISにありません。"),
            format!("Line {line}, column {column}: Shift_JIS lacks the character {seen} (U+{code:04X})."),
        )
    }
}

/// Writes a table row by row.
pub struct Writer {
    inner: csv::Writer<Vec<u8>>,
    writing: Writing,
    names: Vec<String>,
    line: u64,
    lacking: Vec<Lacking>,
    total: u64,
}

impl Writer {
    /// A table with these columns.
    pub fn new(writing: &Writing, names: &[&str]) -> Self {
        let start = if writing.encoding == Encoding::Utf8Mark { MARK.to_vec() } else { Vec::new() };
        let inner =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(start);
        let owned = names.iter().map(|name| (*name).to_owned()).collect();
        let mut writer =
            Self { inner, writing: *writing, names: owned, line: 1, lacking: Vec::new(), total: 0 };
        writer.put(names.iter().copied());
        writer
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not as many cells as there are columns: a slip of the pen in code.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let count = self.put(cells.into_iter());
        assert_eq!(count, self.names.len(), "a row has a cell for each column");
    }

    /// The octets of the file.
    ///
    /// # Errors
    /// [`CannotWrite`].
    pub fn finish(self) -> Result<Vec<u8>, CannotWrite> {
        match self.lacking.first() {
            Some(first) => {
                Err(CannotWrite { first: first.clone(), total: self.total, lacking: self.lacking })
            }
            None => Ok(self.inner.into_inner().expect("writing to memory cannot fail")),
        }
    }

    fn put<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> usize {
        let (mut count, mut line_ends) = (0, 0);
        for cell in cells {
            let guarded =
                if self.writing.guard == Guard::Excel && cell.starts_with(formula) { "'" } else { "" };
            let cell = format!("{guarded}{cell}");
            // Within CP932, no octet of a longer character is a comma, a quotation mark or the end of a line.
            let octets = match self.writing.encoding {
                Encoding::Utf8 | Encoding::Utf8Mark => cell.as_bytes().to_vec(),
                Encoding::Cp932 => encode_cp932(&cell).unwrap_or_else(|character| {
                    self.lacks(count, character);
                    Vec::new()
                }),
            };
            line_ends += crate::lines::line_at(&octets, octets.len()) - 1;
            self.inner.write_field(octets).expect("writing to memory cannot fail");
            count += 1;
        }
        self.inner.write_record(None::<&[u8]>).expect("writing to memory cannot fail");
        self.line += 1 + line_ends;
        count
    }

    fn lacks(&mut self, at: usize, character: char) {
        self.total += 1;
        // One is always kept: without it there would be nothing to say.
        if self.lacking.len() < self.writing.most_lacking.max(1) {
            let column = self.names.get(at).cloned().unwrap_or_default();
            self.lacking.push(Lacking { line: self.line, column, character });
        }
    }
}

/// What makes a spreadsheet take a cell for a formula.
fn formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cp932(most_lacking: usize) -> Writing {
        Writing { encoding: Encoding::Cp932, guard: Guard::AsIs, most_lacking }
    }

    #[test]
    fn c23_tables_for_excel_and_for_cp932() {
        let rows = |writing: &Writing| {
            let mut writer = Writer::new(writing, &["表", "b"]);
            writer.row(["ポ", "1,\"2\"\n3"]);
            writer.row(["", ""]);
            writer.finish()
        };
        let text = "表,b\r\nポ,\"1,\"\"2\"\"\n3\"\r\n,\r\n";
        assert_eq!(rows(&Writing::default()), Ok(format!("\u{feff}{text}").into_bytes()));
        let octets = rows(&cp932(1)).expect("all is there");
        assert_eq!(octets[..6], *b"\x95\x5c,b\r\n");
        assert_eq!(crate::text::decode(&octets, None).map(|t| t.0.into_owned()), Ok(text.to_owned()));
    }

    #[test]
    fn c23_a_character_that_cp932_lacks_is_named_and_never_replaced() {
        let rows = |most| {
            let mut writer = Writer::new(&cp932(most), &["名前", "b"]);
            writer.row(["二\r\n行", "b"]);
            writer.row(["叱", "𠮟é"]);
            writer.row(["😀", ""]);
            writer.finish().expect_err("three characters are lacking")
        };
        let one = rows(1);
        assert_eq!((one.lacking.len(), one.total), (1, 2));
        assert_eq!(one.first, Lacking { line: 4, column: "b".into(), character: '𠮟' });
        let all = rows(usize::MAX).lacking;
        assert_eq!(all[1], Lacking { line: 5, column: "名前".into(), character: '😀' });
        assert!(one.text().ja.contains("U+20B9F"));
    }

    #[test]
    fn c23_formulas_are_guarded_only_on_request() {
        for start in ["=", "+", "-", "@", "\t", "\r", "＝", "＠"] {
            let cell = format!("{start}1");
            let write = |guard| {
                let mut writer = Writer::new(&Writing { guard, ..Writing::default() }, &["a"]);
                writer.row([cell.as_str()]);
                String::from_utf8(writer.finish().expect("UTF-8")).expect("UTF-8")
            };
            assert!(write(Guard::Excel).contains(&format!("'{cell}")), "{start:?}");
            assert!(!write(Guard::AsIs).contains('\''), "{start:?}");
        }
    }
}
