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
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::{Debug, Write as _},
    path::Path,
};

const CHARACTERS: &str = include_str!("data/mj-characters.tsv");
const SHRINK_MAP: &str = include_str!("data/mj-shrink-map.tsv");
const CHARSET: &str = include_str!("data/jis-charset.tsv");

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

fn main() {
    println!("cargo:rerun-if-changed=data");
    println!("cargo:rerun-if-changed=build.rs");
    let mut out = String::new();
    sets(&mut out);
    glyphs(&mut out);
    let path = Path::new(&std::env::var_os("OUT_DIR").unwrap()).join("tables.rs");
    std::fs::write(path, out).unwrap();
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}

fn points(text: &str) -> Vec<u32> {
    text.split(' ')
        .filter(|part| !part.is_empty())
        .map(|part| u32::from_str_radix(part, 16).unwrap())
        .collect()
}

fn emit<T: Debug>(out: &mut String, name: &str, of: &str, values: &[T]) {
    writeln!(out, "static {name}: [{of}; {}] = {values:?};", values.len()).unwrap();
}

fn sets(out: &mut String) {
    let (mut bits, mut pairs) = (BTreeMap::new(), Vec::new());
    for row in rows(CHARSET) {
        let set = u8::from(!row[1].is_empty())
            | u8::from(!row[2].is_empty()) << 1
            | u8::from(!row[3].is_empty()) << 2;
        match *points(row[0]) {
            [point] => drop(bits.insert(point, set)),
            [first, second] => pairs.push((first, second)),
            _ => panic!("one code point or two: {row:?}"),
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
}

/// A code point with its variation selector: 21 bits and 9. Selectors are counted from 1, FE00 first.
fn key(points: &[u32]) -> u32 {
    match *points {
        [base] => base << 9,
        [base, selector @ 0xFE00..=0xFE0F] => base << 9 | (selector - 0xFE00 + 1),
        [base, selector @ 0xE0100..=0xE01EF] => base << 9 | (selector - 0xE0100 + 17),
        _ => panic!("a character with at most one variation selector: {points:X?}"),
    }
}

fn glyphs(out: &mut String) {
    let mut candidates: HashMap<&str, BTreeMap<u32, (u32, u32, u16)>> = HashMap::new();
    let mut others: HashMap<&str, BTreeSet<u32>> = HashMap::new();
    for row in rows(SHRINK_MAP) {
        let [target] = *points(row[4]) else { panic!("one target: {row:?}") };
        if row[3] == ANOTHER_CHARACTER {
            others.entry(row[0]).or_default().insert(target);
            continue;
        }
        let basis = REASONS.iter().position(|reason| *reason == row[3]).expect("a known reason");
        let order = [row[6], row[7]].iter().find_map(|text| text.parse().ok()).unwrap_or(0);
        let basis = u32::try_from(basis).unwrap();
        let best = candidates.entry(row[0]).or_default().entry(target).or_insert((basis, order, 0));
        (best.0, best.1) = (best.0, best.1).min((basis, order));
        best.2 |= 1 << basis;
    }

    let (mut keys, mut names, mut texts, mut starts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut targets, mut reasons, mut juki, mut koseki) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (glyph, row) in rows(CHARACTERS).enumerate() {
        let glyph = u16::try_from(glyph).expect("fewer than 65,536 glyphs");
        names.push(row[0].strip_prefix("MJ").unwrap().parse::<u32>().unwrap());
        let written: Vec<u32> = [2, 3, 4]
            .iter()
            .map(|at| points(row[*at]))
            .filter(|points| !points.is_empty())
            .map(|points| key(&points))
            .collect();
        keys.extend(written.iter().map(|key| (*key, glyph)));
        texts.push(written.first().copied().unwrap_or(0));
        if let Some(code) = row[6].strip_prefix("J+") {
            juki.push((u16::from_str_radix(code, 16).unwrap(), glyph));
        }
        if let Ok(number) = row[5].parse::<u32>() {
            koseki.push((number, glyph));
        }
        starts.push(u16::try_from(targets.len()).expect("fewer than 65,536 candidates"));
        let not = others.get(row[0]);
        let mut found: Vec<_> = candidates.get(row[0]).into_iter().flatten().collect();
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
}
