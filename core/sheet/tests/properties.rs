//! What holds for every table.

use core_sheet::{
    BadSheet, Column, Encoding, Reading, Writer, Writing, date, number, read_with, text, visible,
};
use proptest::prelude::*;

const COLUMNS: &[Column] = &[Column::must(&["a", "あ"]), Column::must(&["b"]), Column::may(&["c"])];

fn cell() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "表", "ポ", "ｶﾞ", "\"", ",", "\r\n", "\n", "\r", " ", "=1", "a", "1", "'", "　",
    ]);
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec!["a,b,c\n", "\"", ",", "\r\n", "\r", "あ", "\u{feff}", "a\n"])
            .prop_map(|s| s.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..3),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn c23_what_is_written_is_read_back(
        rows in prop::collection::vec([cell(), cell(), cell()], 0..12),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf8Mark, Encoding::Cp932]),
    ) {
        let mut writer = Writer::new(&Writing { encoding, ..Writing::default() }, &["a", "b", "c"]);
        for row in &rows {
            writer.row(row.iter().map(String::as_str));
        }
        let octets = writer.finish().expect("every encoding has these characters");
        let reading = Reading { encoding: Some(encoding), ..Reading::default() };
        let sheet = read_with(&octets, &reading, COLUMNS, |line| Some(["a", "b", "c"].map(|name| line.raw(name).to_owned())));
        let sheet = sheet.expect("our own table");
        prop_assert!(sheet.findings.is_empty());
        let back: Vec<[String; 3]> = sheet.rows.into_iter().map(|row| row.value).collect();
        let filled: Vec<[String; 3]> =
            rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
        prop_assert_eq!(back, filled);
    }

    #[test]
    fn nothing_makes_a_reader_panic_and_no_line_is_lost(octets in octets()) {
        match read_with(&octets, &Reading::default(), COLUMNS, |line| line.must("a", |text| Ok(text.to_owned()))) {
            Ok(sheet) => {
                prop_assert!(sheet.rows.len() as u64 + sheet.findings.total() >= sheet.looked_at);
                let most = octets.len() as u64 + 1;
                prop_assert!(sheet.findings.iter().all(|one| (1..=most).contains(&one.line)));
                prop_assert!(sheet.rows.windows(2).all(|two| two[0].line < two[1].line));
            }
            Err(bad) => {
                prop_assert!(!bad.text().ja.is_empty());
                let limited = matches!(bad, BadSheet::Octets { .. } | BadSheet::Lines { .. });
                prop_assert!(!limited);
            }
        }
    }

    #[test]
    fn cp932_comes_back_or_is_refused(text in "\\PC{0,20}") {
        if let Ok(octets) = text::encode_cp932(&text) {
            let back = text::decode(&octets, Some(Encoding::Cp932)).map(|(back, _)| back.into_owned());
            // The one character with two codes: see `encode_cp932`.
            prop_assert_eq!(back, Ok(text.replace('\u{2212}', "\u{ff0d}")));
        }
    }

    #[test]
    fn values_are_shown_in_forty_characters(text in any::<String>()) {
        let shown = visible(&text);
        prop_assert!(shown.chars().count() <= 40);
        prop_assert!(!shown.chars().any(char::is_control));
    }

    #[test]
    fn days_are_read_in_every_form(days in 0i32..95_000) {
        let day = jiff::civil::date(1873, 1, 1) + jiff::Span::new().days(days);
        let (era, year) = date::Era::of(day).expect("since 1873");
        let (y, m, d) = (day.year(), day.month(), day.day());
        let mut forms = vec![day.to_string(), format!("{y}/{m}/{d}"), format!("{y:04}{m:02}{d:02}")];
        if year <= 64 {
            let said = if year == 1 { "元".to_owned() } else { year.to_string() };
            forms.push(format!("{}{said}年{m}月{d}日", era.ja()));
            forms.push(format!("{}{year:02}.{m:02}.{d:02}", &era.en()[..1]));
        }
        for form in forms {
            prop_assert_eq!(date::parse(&form), Ok(day), "{}", form);
        }
    }

    #[test]
    fn cells_make_no_reader_panic(text in any::<String>()) {
        let _ = (date::parse(&text), number::parse(&text), number::yen(&text));
    }
}
