//! Octets to rows.

use crate::{
    bad::BadSheet,
    finding::{Finding, Findings, visible},
    header::{self, Column},
    line::{FromLine, Line},
    lines::{LineCounter, check_quotes},
    text::{self, Encoding},
};
use core_words::Text;

/// What is read at most. The defaults hold 100,000 rows of an office's table with room to spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of the file.
    pub octets: usize,
    /// Physical lines, that of the names among them.
    pub lines: u64,
    /// Columns.
    pub columns: usize,
    /// Characters of a cell.
    pub chars: usize,
    /// Findings that are kept; those beyond are counted.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { octets: 64 << 20, lines: 200_001, columns: 100, chars: 1_000, findings: 1_000 }
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The encoding, where somebody knows it; otherwise see [`text::decode`].
    pub encoding: Option<Encoding>,
    /// What is read at most.
    pub limits: Limits,
}

/// A value and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<T> {
    /// The physical line, from 1.
    pub line: u64,
    /// What it holds.
    pub value: T,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Sheet<T> {
    /// The encoding that it was found to be in, or that was asked for.
    pub encoding: Encoding,
    /// The lines that nothing is wrong with.
    pub rows: Vec<Row<T>>,
    /// How many records were looked at, without the names and without blank ones.
    pub looked_at: u64,
    /// How many records held nothing at all, as spreadsheets leave them below a table.
    pub blank: u64,
    /// Everything that is wrong. Whoever wants all or nothing takes no row unless this is empty.
    pub findings: Findings,
}

/// Reads a table. Every line is looked at, whatever is wrong with those before.
///
/// # Errors
/// [`BadSheet`] where the file as a whole cannot be read.
pub fn read<T: FromLine>(octets: &[u8], reading: &Reading) -> Result<Sheet<T>, BadSheet> {
    read_with(octets, reading, T::COLUMNS, T::from_line)
}

/// The same with a closure, which can keep something from line to line, such as [`Once`](crate::Once).
///
/// A line for which it gives nothing and finds nothing is itself a finding: no line is lost in silence.
///
/// # Errors
/// As [`read()`].
pub fn read_with<T>(
    octets: &[u8],
    reading: &Reading,
    columns: &[Column],
    mut value: impl FnMut(&mut Line<'_>) -> Option<T>,
) -> Result<Sheet<T>, BadSheet> {
    let limits = &reading.limits;
    if octets.len() > limits.octets {
        return Err(BadSheet::Octets { most: limits.octets });
    }
    let (text, encoding) = text::decode(octets, reading.encoding)?;
    check_quotes(&text, limits.lines)?;

    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut counter = LineCounter::new(&text);
    let mut cells = csv::StringRecord::new();
    if !next(&mut reader, &mut cells) {
        return Err(BadSheet::Empty);
    }
    if cells.len() > limits.columns {
        return Err(BadSheet::Columns { most: limits.columns });
    }
    let width = cells.len();
    let places = header::places(columns, &cells).map_err(BadSheet::Header)?;
    let names: Vec<&str> = (0..width)
        .map(|at| {
            places.iter().position(|place| *place == Some(at)).map_or("", |column| columns[column].name())
        })
        .collect();

    let findings = Findings::new(limits.findings);
    let mut sheet = Sheet { encoding, rows: Vec::new(), looked_at: 0, blank: 0, findings };
    while next(&mut reader, &mut cells) {
        let at = cells.position().map_or(0, csv::Position::byte);
        let number = counter.record_at(usize::try_from(at).unwrap_or(usize::MAX));
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            sheet.blank += 1;
            continue;
        }
        sheet.looked_at += 1;
        if cells.len() != width {
            sheet.findings.push(wrong_width(number, cells.len(), width));
            continue;
        }
        let before = sheet.findings.total();
        check_cells(number, &names, &cells, limits.chars, &mut sheet.findings);
        if sheet.findings.total() > before {
            continue;
        }
        let findings = &mut sheet.findings;
        let mut line = Line { number, columns, places: &places, cells: &cells, findings, blamed: false };
        let value = value(&mut line);
        if value.is_none() && !line.blamed {
            line.blame_whole(Text::new("この行は読めません。", "This line cannot be read."));
        }
        if let (Some(value), false) = (value, line.blamed) {
            sheet.rows.push(Row { line: number, value });
        }
    }
    Ok(sheet)
}

fn next(reader: &mut csv::Reader<&[u8]>, cells: &mut csv::StringRecord) -> bool {
    reader.read_record(cells).expect("text in memory, with as many fields to a record as there are")
}

fn wrong_width(line: u64, found: usize, wanted: usize) -> Finding {
    let text = Text::new(
        format!("列が{found}個あります。{wanted}個でなければなりません。"),
        format!("The line has {found} fields where there must be {wanted}."),
    );
    Finding { line, column: String::new(), text, value: String::new() }
}

/// What no cell may hold, whatever its column.
fn check_cells(line: u64, names: &[&str], cells: &csv::StringRecord, most: usize, findings: &mut Findings) {
    for (name, cell) in names.iter().zip(cells) {
        let mut find = |text| {
            findings.push(Finding { line, column: (*name).to_owned(), text, value: visible(cell) });
        };
        // Octets first: characters are only counted where there may be too many.
        if cell.len() > most && cell.chars().count() > most {
            find(Text::new(
                format!("長すぎます。{most}文字までです。"),
                format!("Too long: {most} characters at most."),
            ));
        } else if cell.chars().any(unwelcome) {
            find(Text::new(
                "使えない文字（制御文字または外字）があります。",
                "There is a control character or a private one (gaiji).",
            ));
        }
    }
}

/// Control characters but those of several lines in one cell; private characters; and what stands for no character.
fn unwelcome(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\r' | '\n'))
        || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. | '\u{fffd}'..='\u{ffff}')
}
