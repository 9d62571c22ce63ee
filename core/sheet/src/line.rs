//! One line of a table, and how it becomes a value.

use crate::{
    finding::{Finding, Findings, visible},
    header::Column,
};
use core_words::Text;
use std::collections::BTreeMap;

/// A value that a line holds.
pub trait FromLine: Sized {
    /// The columns of the file.
    const COLUMNS: &'static [Column];

    /// The value of a line; what is wrong with it is told to the line. A value returned beside a finding is dropped.
    fn from_line(line: &mut Line<'_>) -> Option<Self>;
}

/// One line: cells by the names of their columns.
pub struct Line<'a> {
    pub(crate) number: u64,
    pub(crate) columns: &'a [Column],
    pub(crate) places: &'a [Option<usize>],
    pub(crate) cells: &'a csv::StringRecord,
    pub(crate) findings: &'a mut Findings,
    pub(crate) blamed: bool,
}

impl Line<'_> {
    /// The physical line, from 1, where the record begins.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The cell without spaces around it; empty where the file has no such column.
    ///
    /// # Panics
    /// If no column goes by that name: a slip of the pen in code, found by the first test.
    pub fn cell(&self, column: &str) -> &str {
        self.raw(column).trim()
    }

    /// The cell exactly as it stands.
    ///
    /// # Panics
    /// As [`Line::cell`].
    pub fn raw(&self, column: &str) -> &str {
        let known = self.columns.iter().position(|known| known.name() == column);
        let at = known.expect("a reader asks for the columns that it declares");
        self.places[at].and_then(|place| self.cells.get(place)).unwrap_or_default()
    }

    /// The value of a cell that must be filled. `None` is a finding.
    ///
    /// # Panics
    /// As [`Line::cell`].
    pub fn must<T>(&mut self, column: &str, parse: impl FnOnce(&str) -> Result<T, Text>) -> Option<T> {
        if self.cell(column).is_empty() {
            self.blame(column, Text::new("入力がありません。", "This must be filled in."));
            return None;
        }
        self.may(column, parse).flatten()
    }

    /// The value of a cell that may be empty: `Some(None)`. `None` is a finding.
    ///
    /// # Panics
    /// As [`Line::cell`].
    pub fn may<T>(&mut self, column: &str, parse: impl FnOnce(&str) -> Result<T, Text>) -> Option<Option<T>> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return Some(None);
        }
        match parse(cell) {
            Ok(value) => Some(Some(value)),
            Err(text) => {
                self.blame(column, text);
                None
            }
        }
    }

    /// Tells what is wrong with a cell.
    ///
    /// # Panics
    /// As [`Line::cell`].
    pub fn blame(&mut self, column: &str, text: Text) {
        let value = visible(self.raw(column));
        self.find(column, text, value);
    }

    /// Tells what is wrong with the line as a whole.
    pub fn blame_whole(&mut self, text: Text) {
        self.find("", text, String::new());
    }

    /// Whether something was found wrong with this line.
    pub fn blamed(&self) -> bool {
        self.blamed
    }

    /// Holds that no earlier line has the same key; otherwise that is a finding which names both lines.
    ///
    /// # Panics
    /// As [`Line::cell`].
    pub fn once(&mut self, seen: &mut Once, column: &str, key: impl Into<String>) -> bool {
        let Some(first) = seen.see(key, self.number) else { return true };
        let here = self.number;
        self.blame(
            column,
            Text::new(
                format!("{here}行目の値は、{first}行目にもあります。"),
                format!("The value in line {here} stands in line {first} too."),
            ),
        );
        false
    }

    fn find(&mut self, column: &str, text: Text, value: String) {
        self.blamed = true;
        self.findings.push(Finding { line: self.number, column: column.to_owned(), text, value });
    }
}

/// Keys that may stand once in a file. Whoever asks decides what makes two of them the same.
#[derive(Clone, Debug, Default)]
pub struct Once(BTreeMap<String, u64>);

impl Once {
    /// None seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The line of its first appearance, if that was earlier.
    pub fn see(&mut self, key: impl Into<String>, line: u64) -> Option<u64> {
        let first = *self.0.entry(key.into()).or_insert(line);
        (first != line).then_some(first)
    }
}
