//! Texts that would be more than texts.

use crate::{AT, PRESS, print, read, squeezed, with};
use core_words::Lang;
use kit_paper::{Addressee, Block, Column, Paper, Press as _, PressError, Sender, Sign, Table, limits};

/// The first signs of a text, each with a reading.
fn signs(text: &str) -> Vec<Sign> {
    let sign = |c: char| Sign { sign: c.to_string().into(), reading: "読み".to_owned().into() };
    text.chars().take(limits::SIGNS).map(sign).collect()
}

/// The same text in every place of a paper.
fn everywhere(text: &str) -> Paper {
    let t = || text.to_owned();
    Paper {
        lang: Lang::Ja,
        kind: "x.hostile",
        title: t(),
        number: Some(t()),
        date: Some(t()),
        to: Some(Addressee { lines: vec![t(), t()], honorific: Some(t()) }),
        from: Some(Sender { name: t(), lines: vec![t()], seal: true }),
        blocks: vec![
            Block::heading(text),
            Block::para(text),
            Block::closing(text),
            Block::fields([(text, text)]),
            Block::Table(Table {
                columns: vec![Column::words(text, 3), Column::amounts(text, 1)],
                rows: vec![vec![t(), t()]],
                totals: vec![(t(), t())],
            }),
            Block::steps([text]),
            Block::note(text, text),
            Block::code(text, t().into()),
            Block::total(text, text, text),
            Block::boxed(text, [(text, text)]),
            Block::exact(text, text),
            Block::spelled(text, signs(text)),
            Block::Signature { label: t(), seal: true },
        ],
        footer: Some(t()),
    }
}

#[test]
fn k12_markup_is_text_wherever_it_stands() {
    for text in [
        "#import \"/etc/passwd\": *",
        "#panic(1) #sys.version *b* _i_ `c`",
        "= H <label> @ref $x^2$ // c /* d",
        "]] }} #] \\ \\u{41} \\# ~ -- ...",
        "\"},{\"is\":\"para\",\"of\":\"x",
        "- 1. + / term: <script>alert(1)</script>",
        "%PDF-1.7 endstream endobj (x) << /JS",
        "http://example.org/?a=b&c=d",
    ] {
        // Besides the signs of a password, which are read one by one.
        let places = 33;
        let found = read(&print(&everywhere(text))).matches(&squeezed(text)).count();
        assert!(found >= places, "{found} times {text}");
    }
}

#[test]
fn k12_nothing_turns_the_direction_of_writing() {
    let text = read(&print(&everywhere("金額\u{202e}100\u{2066}円\u{200f}\0です")));
    assert!(text.matches("金額100円です").count() >= 33, "{text}");
}

#[test]
fn a_text_at_the_limit_is_set_whole_and_one_beyond_is_refused() {
    for letter in ["漢", "a", "」", "ー", "-", "あ", "👍"] {
        let text = letter.repeat(limits::TEXT);
        let paper = with(vec![Block::para(&text), Block::fields([("長", &text)]), Block::note("", &text)]);
        match PRESS.print(&paper, AT) {
            Ok(pdf) => assert_eq!(read(&pdf).matches(letter).count(), 3 * limits::TEXT, "{letter}"),
            Err(PressError::Glyph { chars }) => assert_eq!((letter, &*chars), ("👍", &['👍'][..])),
            Err(other) => panic!("{letter}: {other}"),
        }
    }
    let beyond = with(vec![Block::para("a".repeat(limits::TEXT + 1))]);
    assert!(matches!(PRESS.print(&beyond, AT), Err(PressError::TooLarge(_))));
}

#[test]
fn a_long_word_stays_on_the_sheet() {
    let word = "x".repeat(300);
    let pdf = print(&everywhere(&word));
    // Cut to the sheet: what ran over its edge is not read.
    assert!(read(&pdf).matches('x').count() >= 33 * 300);
}

#[test]
fn many_small_blocks_are_set_in_time_without_a_stack_overflow() {
    let blocks = (0..limits::BLOCKS).map(|i| Block::heading(format!("見出し{i}"))).collect();
    assert!(read(&print(&with(blocks))).contains("見出し999"));
}
