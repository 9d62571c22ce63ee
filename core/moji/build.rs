//! Makes the compact tables of this crate from the files of `data/`.
//!
//! | table | what |
//! |---|---|
//! | `PAGE`, `SETS` | code point → which of the JIS sets have it, in two stages |
//! | `PAIRS` | sequences of two code points that are one character of JIS X 0213 |
//! | `KEYS`, `KEY_GLYPH` | code point and variation selector → glyph of the MJ list |
//! | `GLYPH_NAME`, `GLYPH_TEXT`, `GLYPH_START` | its number, how it is written, where its candidates begin |
//! | `TARGETS`, `REASONS` | candidates, the best first |
//! | `JUKI`, `KOSEKI` | codes of registers → glyph |

// A build script reads and writes files, and has an environment; the crate has none of it.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::{Debug, Write as _},
    path::Path,
    str::FromStr,
};

const CHARACTERS: Table = Table("data/mj-characters.tsv", include_str!("data/mj-characters.tsv"));
const SHRINK_MAP: Table = Table("data/mj-shrink-map.tsv", include_str!("data/mj-shrink-map.tsv"));
const CHARSET: Table = Table("data/jis-charset.tsv", include_str!("data/jis-charset.tsv"));

/// In the order in which they are offered; the numbers are those of `Basis`.
const REASONS: [&str; 9] = [
    "jis-unification",
    "moj-notice-582-4-1",
    "koseki-parent",
    "min1-2842-unmarked",
    "min1-2842-zokuji",
    "min2-5202",
    "moj-notice-582-4-2",
    "dictionary",
    "analogy",
];
const ANOTHER_CHARACTER: &str = "min1-2842-betsuji";

/// What is wrong, with the file and the line that it stands in.
type Made<T = ()> = Result<T, String>;

fn main() -> Made {
    println!("cargo:rerun-if-changed=data");
    println!("cargo:rerun-if-changed=build.rs");
    let mut out = String::new();
    sets(&mut out)?;
    glyphs(&mut out)?;
    let path = Path::new(&std::env::var_os("OUT_DIR").expect("cargo says where")).join("tables.rs");
    std::fs::write(&path, out).map_err(|error| format!("{}: {error}", path.display()))
}

/// A file, by its name and what it says.
struct Table(&'static str, &'static str);

/// A line of a file.
struct Row {
    file: &'static str,
    line: usize,
    columns: Vec<&'static str>,
}

impl Table {
    fn rows(&self) -> impl Iterator<Item = Row> + use<> {
        let Self(file, text) = *self;
        let row = move |(at, line): (usize, &'static str)| Row {
            file,
            line: at + 1,
            columns: line.split('\t').collect(),
        };
        text.lines().enumerate().skip(1).map(row)
    }
}

impl Row {
    fn wrong(&self, what: &str) -> String {
        format!("{}:{}: {what}: {:?}", self.file, self.line, self.columns)
    }

    /// A column, counted from 0.
    fn at(&self, column: usize) -> Made<&'static str> {
        self.columns.get(column).copied().ok_or_else(|| self.wrong("a column is missing"))
    }

    /// The code points of a column, in hexadecimal with blanks between them.
    fn points(&self, column: usize) -> Made<Vec<u32>> {
        let parts = self.at(column)?.split(' ').filter(|part| !part.is_empty());
        parts.map(|part| u32::from_str_radix(part, 16).map_err(|_| self.wrong("not a code point"))).collect()
    }

    /// A character as a key: a code point with its variation selector, 21 bits and 9. Selectors are counted from 1, FE00
    /// first. `None` for an empty column.
    fn key(&self, column: usize) -> Made<Option<u32>> {
        Ok(Some(match *self.points(column)? {
            [] => return Ok(None),
            [base] => base << 9,
            [base, selector @ 0xFE00..=0xFE0F] => base << 9 | (selector - 0xFE00 + 1),
            [base, selector @ 0xE0100..=0xE01EF] => base << 9 | (selector - 0xE0100 + 17),
            _ => return Err(self.wrong("not a character with at most one variation selector")),
        }))
    }

    fn number<N: FromStr>(&self, text: Option<&str>) -> Made<N> {
        text.and_then(|text| text.parse().ok()).ok_or_else(|| self.wrong("not a number"))
    }
}

fn emit<T: Debug>(out: &mut String, name: &str, of: &str, values: &[T]) {
    writeln!(out, "static {name}: [{of}; {}] = {values:?};", values.len()).expect("a string takes all");
}

fn sets(out: &mut String) -> Made {
    let (mut bits, mut pairs) = (BTreeMap::new(), Vec::new());
    for row in CHARSET.rows() {
        let set = u8::from(!row.at(1)?.is_empty())
            | u8::from(!row.at(2)?.is_empty()) << 1
            | u8::from(!row.at(3)?.is_empty()) << 2;
        match *row.points(0)? {
            [point] => drop(bits.insert(point, set)),
            [first, second] => pairs.push((first, second)),
            _ => return Err(row.wrong("neither one code point nor two")),
        }
    }
    // The first page is empty: most code points lead to it.
    let mut pages = vec![0_u16; 0xC00];
    let mut blocks = vec![[0_u8; 64]];
    for (point, set) in bits {
        let page = &mut pages[(point >> 6) as usize];
        if *page == 0 {
            *page = u16::try_from(blocks.len()).expect("as many as there are pages at most");
            blocks.push([0; 64]);
        }
        blocks[usize::from(*page)][(point & 0x3F) as usize] = set;
    }
    emit(out, "PAGE", "u16", &pages);
    emit(out, "SETS", "[u8; 64]", &blocks);
    pairs.sort_unstable();
    emit(out, "PAIRS", "(u32, u32)", &pairs);
    Ok(())
}

fn glyphs(out: &mut String) -> Made {
    let mut candidates: HashMap<&str, BTreeMap<u32, (u32, u32, u16)>> = HashMap::new();
    let mut others: HashMap<&str, BTreeSet<u32>> = HashMap::new();
    for row in SHRINK_MAP.rows() {
        let (name, reason) = (row.at(0)?, row.at(3)?);
        let [target] = *row.points(4)? else { return Err(row.wrong("not one target")) };
        if reason == ANOTHER_CHARACTER {
            others.entry(name).or_default().insert(target);
            continue;
        }
        let basis = (0..).zip(REASONS).find(|(_, known)| *known == reason);
        let basis = basis.map(|(basis, _): (u32, _)| basis).ok_or_else(|| row.wrong("an unknown reason"))?;
        let order = [row.at(6)?, row.at(7)?].iter().find_map(|text| text.parse().ok()).unwrap_or(0);
        let best = candidates.entry(name).or_default().entry(target).or_insert((basis, order, 0));
        (best.0, best.1) = (best.0, best.1).min((basis, order));
        best.2 |= 1 << basis;
    }

    let (mut keys, mut names, mut texts, mut starts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut targets, mut reasons, mut juki, mut koseki) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (glyph, row) in CHARACTERS.rows().enumerate() {
        let glyph = u16::try_from(glyph).map_err(|_| row.wrong("more than 65,536 glyphs"))?;
        names.push(row.number::<u32>(row.at(0)?.strip_prefix("MJ"))?);
        let written = [2, 3, 4].map(|column| row.key(column).transpose());
        let written = written.into_iter().flatten().collect::<Made<Vec<u32>>>()?;
        keys.extend(written.iter().map(|key| (*key, glyph)));
        texts.push(written.first().copied().unwrap_or(0));
        if let Some(code) = row.at(6)?.strip_prefix("J+") {
            let code = u16::from_str_radix(code, 16).map_err(|_| row.wrong("not a code of a register"))?;
            juki.push((code, glyph));
        }
        if let Ok(number) = row.at(5)?.parse::<u32>() {
            koseki.push((number, glyph));
        }
        starts.push(u16::try_from(targets.len()).expect("fewer than 65,536 candidates"));
        let name = row.at(0)?;
        let not = others.get(name);
        let mut found: Vec<_> = candidates.get(name).into_iter().flatten().collect();
        found.retain(|(target, _)| not.is_none_or(|not| !not.contains(target)));
        found.sort_by_key(|(target, (basis, order, _))| (*basis, *order, **target));
        for (target, (basis, order, all)) in found {
            assert!(*order < 8 && *basis < 16, "they are packed");
            targets.push(target | basis << 21 | order << 25);
            reasons.push(*all);
        }
    }
    starts.push(u16::try_from(targets.len()).expect("fewer than 65,536 candidates"));
    keys.sort_unstable();
    assert!(keys.windows(2).all(|two| two[0].0 < two[1].0), "what is written in one way is one glyph");
    juki.sort_unstable();
    koseki.sort_unstable();
    assert!(koseki.windows(2).all(|two| two[0].0 < two[1].0), "a number of a register is one glyph");
    emit(out, "KEYS", "u32", &keys.iter().map(|(key, _)| *key).collect::<Vec<_>>());
    emit(out, "KEY_GLYPH", "u16", &keys.iter().map(|(_, glyph)| *glyph).collect::<Vec<_>>());
    emit(out, "GLYPH_NAME", "u32", &names);
    emit(out, "GLYPH_TEXT", "u32", &texts);
    emit(out, "GLYPH_START", "u16", &starts);
    emit(out, "TARGETS", "u32", &targets);
    emit(out, "REASONS", "u16", &reasons);
    emit(out, "JUKI", "(u16, u16)", &juki);
    emit(out, "KOSEKI", "(u32, u16)", &koseki);
    Ok(())
}
