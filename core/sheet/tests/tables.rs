//! Whole files, as offices send them (C23, and C10 for those of a bank).

use core_sheet::{
    BadHeader, BadSheet, Column, Encoding, FromLine, Limits, Line, Once, Reading, Row, Sheet, Writer,
    Writing, date, number, read, read_with, text,
};
use core_words::Yen;

#[derive(Debug, PartialEq)]
struct Fee {
    name: String,
    amount: Yen,
    since: Option<jiff::civil::Date>,
}

impl FromLine for Fee {
    const COLUMNS: &'static [Column] = &[
        Column::must(&["フリガナ", "name"]),
        Column::must(&["金額", "amount"]),
        Column::may(&["開始日", "since"]),
    ];
    fn from_line(line: &mut Line<'_>) -> Option<Self> {
        let name = line.must("フリガナ", |text| Ok(text.to_owned()));
        let amount = line.must("金額", |text| number::yen(text).map_err(|bad| bad.text()));
        let since = line.may("開始日", |text| date::parse(text).map_err(|bad| bad.text()));
        Some(Fee { name: name?, amount: amount?, since: since? })
    }
}

fn fees(text: &str) -> Result<Sheet<Fee>, BadSheet> {
    read(text.as_bytes(), &Reading::default())
}

fn found(sheet: &Sheet<Fee>) -> Vec<(u64, &str, &str)> {
    sheet.findings.iter().map(|one| (one.line, one.column.as_str(), one.value.as_str())).collect()
}

#[test]
fn c23_columns_are_known_by_their_names_in_any_order_and_width() {
    let rows = vec![Row { line: 2, value: Fee { name: "ウメ".into(), amount: Yen(7_800), since: None } }];
    for header in ["フリガナ,金額", "ﾌﾘｶﾞﾅ,金　額", "Ｎａｍｅ,AMOUNT", " name , amount "]
    {
        assert_eq!(
            fees(&format!("{header}\nウメ,7800\n")).map(|sheet| sheet.rows).as_ref(),
            Ok(&rows),
            "{header}"
        );
    }
    assert_eq!(fees("since,amount,name\r\n,\"7,800\",ウメ").map(|sheet| sheet.rows), Ok(rows));
}

#[test]
fn c23_wrong_columns_are_all_named() {
    let faults = vec![
        BadHeader::Unknown { at: 2, name: "住所".into() },
        BadHeader::Twice { name: "フリガナ", first: 1, second: 3 },
        BadHeader::Unknown { at: 4, name: String::new() },
        BadHeader::Missing { name: "金額" },
    ];
    let bad = fees("name,住所,ﾌﾘｶﾞﾅ,\n").expect_err("four faults");
    assert_eq!(bad, BadSheet::Header(faults));
    assert!(bad.text().ja.contains("住所") && bad.text().en.contains("column 金額 is missing"));
    assert_eq!(fees("").err(), Some(BadSheet::Empty));
    assert_eq!(fees("\u{feff}\r\n\r\n").err(), Some(BadSheet::Empty));
}

#[test]
fn c23_every_line_is_looked_at_and_every_finding_kept() {
    let sheet = fees(
        "name,amount,since\r\n\
         ウメ,7800,R8.11.20\r\n\
         ,x,令和99年1月1日\r\n\
         マツ,1\r\n\
         \r\n\
         タケ,1,,\r\n\
         \"二\r\n行\",y,\r\n\
         サ\u{7}ラ,1,\r\n\
         ,,\r\n\
         モモ,\"1,000円\",2026-02-30\r\n\
         キク,13200,\r\n",
    )
    .expect("the file can be read");
    let rows: Vec<(u64, &str)> = sheet.rows.iter().map(|row| (row.line, row.value.name.as_str())).collect();
    assert_eq!(rows, [(2, "ウメ"), (12, "キク")]);
    assert_eq!(
        found(&sheet),
        [
            (3, "フリガナ", ""),
            (3, "金額", "x"),
            (3, "開始日", "令和99年1月1日"),
            (4, "", ""),
            (6, "", ""),
            (7, "金額", "y"),
            (9, "フリガナ", "サ␇ラ"),
            (11, "開始日", "2026-02-30"),
        ]
    );
    assert_eq!((sheet.looked_at, sheet.blank), (8, 1));
}

#[test]
fn c23_physical_lines_are_counted_however_they_end() {
    for end in ["\r\n", "\n", "\r"] {
        let text = ["name,amount", "", "\"a", "b\",1", "c,x", "", "", "d,y"].join(end);
        let sheet = fees(&text).expect("readable");
        assert_eq!(sheet.rows[0].line, 3, "{end:?}");
        let lines: Vec<u64> = sheet.findings.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [5, 8], "{end:?}");
    }
}

#[test]
fn c23_quotes_that_do_not_close_refuse_the_file() {
    assert_eq!(fees("name,amount\nウメ,\"1\nマツ,2\n").err(), Some(BadSheet::OpenQuote { line: 2 }));
    assert_eq!(fees("name,amount\nウメ,\"1\nマツ,\"2\"\n").err(), Some(BadSheet::StrayQuote { line: 2 }));
}

#[test]
fn c23_the_same_key_twice_names_both_lines() {
    let mut seen = Once::new();
    let sheet = read_with(b"name,amount\na,1\nb,1\nA,1\na,1\n", &Reading::default(), Fee::COLUMNS, |line| {
        let key = line.cell("フリガナ").to_lowercase();
        line.once(&mut seen, "フリガナ", key);
        Fee::from_line(line)
    })
    .expect("readable");
    let told: Vec<_> = sheet.findings.iter().map(|one| (one.line, one.text.ja.as_str())).collect();
    assert_eq!(told, [(4, "4行目の値は、2行目にもあります。"), (5, "5行目の値は、2行目にもあります。")]);
    assert_eq!(sheet.rows.len(), 2);
}

#[test]
fn no_line_is_lost_in_silence() {
    let sheet = read_with(b"name,amount\na,1\n", &Reading::default(), Fee::COLUMNS, |_| None::<Fee>);
    assert_eq!(sheet.expect("readable").findings.total(), 1);
}

#[test]
fn limits_hold_at_their_boundary() {
    let with = |change: fn(&mut Limits)| {
        let mut reading = Reading::default();
        change(&mut reading.limits);
        read::<Fee>(b"name,amount\nab,1\ncd,x\n", &reading)
    };
    assert!(with(|limits| limits.octets = 22).is_ok());
    assert_eq!(with(|limits| limits.octets = 21).err(), Some(BadSheet::Octets { most: 21 }));
    assert!(with(|limits| limits.lines = 3).is_ok());
    assert_eq!(with(|limits| limits.lines = 2).err(), Some(BadSheet::Lines { most: 2 }));
    assert!(with(|limits| limits.columns = 2).is_ok());
    assert_eq!(with(|limits| limits.columns = 1).err(), Some(BadSheet::Columns { most: 1 }));
    assert_eq!(with(|limits| limits.chars = 2).map(|sheet| sheet.findings.total()), Ok(1));
    let short = with(|limits| limits.chars = 1).expect("readable");
    assert_eq!((short.findings.total(), short.rows.len()), (2, 0));
    let short = with(|limits| (limits.chars, limits.findings) = (1, 1)).expect("readable");
    assert_eq!((short.findings.iter().count(), short.findings.more()), (1, 1));
}

#[test]
fn c23_thousands_of_lines_in_cp932() {
    let writing = Writing { encoding: Encoding::Cp932, ..Writing::default() };
    let mut writer = Writer::new(&writing, &["フリガナ", "金額", "開始日"]);
    for at in 0..20_000 {
        let amount = if at % 1_000 == 7 { "ソ".to_owned() } else { at.to_string() };
        writer.row(["表ポ能力", amount.as_str(), "R8.11.20"]);
    }
    let octets = writer.finish().expect("CP932 has all");
    let sheet = read::<Fee>(&octets, &Reading::default()).expect("readable");
    assert_eq!(sheet.encoding, Encoding::Cp932);
    assert_eq!((sheet.rows.len(), sheet.findings.total()), (19_980, 20));
    assert_eq!(sheet.findings.iter().map(|one| one.line).nth(1), Some(1_009));
    assert!(text::decode(&octets, Some(Encoding::Utf8)).is_err());
}
