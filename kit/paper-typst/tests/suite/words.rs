//! Every text is on the sheet.

use crate::{AT, PRESS, pdftotext, print, read, squeezed, with};
use core_words::{Lang, UtcMicros};
use kit_paper::{Block, Column, Paper, Press as _, PressError, SAMPLES, Sign, Table, limits};

#[test]
fn k12_every_text_of_every_sample_can_be_read() {
    for sample in SAMPLES {
        for lang in Lang::ALL {
            let paper = (sample.make)(lang);
            let pdf = read(&print(&paper));
            for line in paper.proofread().expect("within the limits").text().lines() {
                assert!(pdf.contains(&squeezed(line)), "{} {lang:?}: {line}\n{pdf}", sample.name);
            }
        }
    }
}

#[test]
fn k12_rare_kanji_of_names_keep_their_letters() {
    for name in ["髙橋", "山﨑", "𠮷田", "槗本", "德川", "濵邉", "渡邊", "𣘺本", "瀨戸", "神", "彅", "葛城"]
    {
        let text = read(&print(&with(vec![Block::fields([("氏名", name)])])));
        assert!(text.contains(name), "{name}: {text}");
    }
}

#[test]
fn a_name_with_a_variation_selector_is_set() {
    let text = read(&print(&with(vec![Block::para("葛\u{e0100}城と葛\u{e0101}飾")])));
    assert!(text.contains('城') && text.matches('葛').count() == 2, "{text}");
}

#[test]
fn k12_letters_without_a_form_are_an_error_and_not_a_hole() {
    let refused = PRESS.print(&with(vec![Block::para("한국 🦀 韓国 한")]), AT);
    assert_eq!(refused, Err(PressError::Glyph { chars: vec!['한', '국', '🦀'] }));
    assert_eq!(PRESS.lacks("韓国🦀"), ['🦀']);
}

#[test]
fn a_time_beyond_the_calendar_is_refused() {
    assert_eq!(PRESS.print(&with(vec![]), UtcMicros(i64::MAX)), Err(PressError::Time(i64::MAX)));
}

#[test]
fn the_same_paper_at_the_same_time_is_the_same_bytes() {
    let paper = (SAMPLES[0].make)(Lang::Ja);
    let first = print(&paper);
    // Others in between, and a press of its own.
    let other = print(&(SAMPLES[1].make)(Lang::En));
    let again = kit_paper_typst::TypstPress::new().and_then(|press| press.print(&paper, AT));
    assert_eq!(again.as_ref(), Ok(&first));
    assert_ne!(first, other);
    let later = PRESS.print(&paper, AT.plus_seconds(1)).expect("printed");
    assert_ne!(first, later, "the time of making is told");
}

#[test]
fn a_hundred_pages_have_every_row_and_a_head_and_number_on_each() {
    let row = |i: usize| vec![format!("行{i:05}"), "ひばり介護センター".into(), format!("{i}円")];
    let table = Table {
        columns: vec![Column::words("番号", 2), Column::words("名称", 5), Column::amounts("見出し列", 2)],
        rows: (0..3_600).map(row).collect(),
        totals: vec![("合計".into(), "終わり".into())],
    };
    let paper = Paper { number: Some("第7号".into()), ..with(vec![Block::Table(table)]) };
    let pdf = print(&paper);
    let pages = lopdf::Document::load_mem(&pdf).expect("a PDF").get_pages().len();
    assert!((95..=130).contains(&pages), "{pages} pages");
    let text = read(&pdf);
    assert!((0..3_600).all(|i| text.contains(&format!("行{i:05}"))));
    for page in 1..=pages {
        assert!(text.contains(&format!("{page}/{pages}")), "{page}");
    }
    assert_eq!(text.matches("見出し列").count(), pages, "the head of the table");
    assert_eq!(text.matches("第7号").count(), pages, "the number of the paper");
    assert_eq!(text.matches("終わり").count(), 1);
}

#[test]
fn an_empty_paper_is_a_sheet_with_a_title() {
    let empty = Table { columns: vec![], rows: vec![], totals: vec![("a".into(), "b".into())] };
    let blocks = vec![
        Block::para(""),
        Block::fields::<&str, &str>([]),
        Block::steps::<&str>([]),
        Block::note("", ""),
        Block::Table(empty),
        Block::Table(Table { columns: vec![Column::words("", 0)], rows: vec![vec![]], totals: vec![] }),
        Block::code("", String::new().into()),
        Block::PageBreak,
    ];
    for lang in Lang::ALL {
        let paper = Paper { lang, blocks: blocks.clone(), ..with(vec![]) };
        assert!(read(&print(&paper)).starts_with("試験"));
    }
}

#[test]
fn k12_letters_in_bulk_are_one_document_with_page_numbers_of_their_own() {
    let long = |name: &str| Paper {
        number: Some(format!("第{name}号")),
        blocks: vec![Block::para("はじめ"), Block::PageBreak, Block::para(format!("{name}の終わり"))],
        ..Paper::new(Lang::Ja, "x.letter", format!("通知{name}"))
    };
    let short = Paper::new(Lang::En, "x.letter", "Notice");
    let papers = [long("甲"), short, long("乙")];
    let pdf = PRESS.print_all(&papers, AT).expect("within the limits");
    assert_eq!(lopdf::Document::load_mem(&pdf).expect("a PDF").get_pages().len(), 5);
    let text = pdftotext(&pdf);
    let pages: Vec<String> = text.split('\u{c}').map(squeezed).collect();
    for (page, (words, count, not)) in [
        ("通知甲", "1/2", "通知甲第甲号"),
        ("甲の終わり", "2/2", "第乙号"),
        ("Notice", "1/1", "通知"),
        ("通知乙", "1/2", "甲"),
        ("乙の終わり", "2/2", "甲"),
    ]
    .into_iter()
    .enumerate()
    {
        let found = &pages[page];
        assert!(found.contains(words) && found.contains(count) && !found.contains(not), "{page}: {found}");
    }
    assert_ne!(pdf, PRESS.print_all(&papers[..2], AT).expect("printed"));
    assert_eq!(PRESS.print_all(&papers[..1], AT), PRESS.print(&papers[0], AT), "one alone is as ever");
}

#[test]
fn k12_bundles_have_limits() {
    let refused = |papers: &[Paper]| match PRESS.print_all(papers, AT) {
        Err(PressError::TooLarge(excess)) => excess.what,
        other => panic!("{other:?}"),
    };
    let empty = with(vec![]);
    assert_eq!(refused(&vec![empty; limits::PAPERS + 1]), "papers");
    let full = with(vec![Block::para("a".repeat(limits::TEXT)); 30]);
    assert_eq!(refused(&[full.clone(), full]), "characters on all papers");
    assert!(matches!(PRESS.print_all(&[], AT), Err(PressError::Setting(_))));
}

#[test]
fn k12_signs_of_a_password_stand_in_order_with_their_readings() {
    let sign =
        |sign: &str, reading: &str| Sign { sign: sign.to_owned().into(), reading: reading.to_owned().into() };
    let signs = vec![sign("B", "大ビー"), sign("8", "数はち"), sign("l", "小エル"), sign("0", "数ゼロ")];
    let text = read(&print(&with(vec![Block::spelled("仮パスワード", signs)])));
    assert!(text.contains("仮パスワードB8l0大ビー数はち小エル数ゼロ"), "{text}");
}

#[test]
fn k12_a_text_to_be_typed_is_copied_out_as_it_stands() {
    let typed = "DA13000017 ﾐﾄﾞﾘｾｲｷﾕｳｻ-ﾋﾞｽ(ｶ";
    let text = pdftotext(&print(&with(vec![Block::exact("振込名義", typed)])));
    assert!(text.lines().any(|line| line.trim() == typed), "{text}");
}
