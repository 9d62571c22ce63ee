//! Tables that offices send: anything, in any encoding.
#![no_main]

use core_sheet::{Column, Encoding, Limits, Reading, Writer, Writing, date, number, read_with, text};

const COLUMNS: &[Column] =
    &[Column::must(&["日付", "date"]), Column::must(&["金額", "amount"]), Column::may(&["名前", "name"])];
const NAMES: [&str; 3] = ["日付", "金額", "名前"];

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let limits = Limits { octets: 1 << 16, lines: 1_000, columns: 10, chars: 100, findings: 50 };
    for encoding in [None, Some(Encoding::Utf8), Some(Encoding::Cp932)] {
        let sheet = read_with(octets, &Reading { encoding, limits }, COLUMNS, |line| {
            let day = line.must("日付", |text| date::parse(text).map_err(|bad| bad.text()));
            let yen = line.must("金額", |text| number::yen(text).map_err(|bad| bad.text()));
            let cells = NAMES.map(|name| line.raw(name).to_owned());
            day.zip(yen).map(|_| cells)
        });
        let Ok(sheet) = sheet else { continue };
        assert!(sheet.findings.iter().count() <= 50);
        assert!(
            sheet.rows.len() as u64 + sheet.findings.total() >= sheet.looked_at,
            "no line is lost in silence"
        );
        // What was read is written and read again, the same.
        let mut writer = Writer::new(&Writing::default(), &NAMES);
        for row in &sheet.rows {
            writer.row(row.value.iter().map(String::as_str));
        }
        let again = writer.finish().expect("UTF-8 has every character");
        let reading = Reading { limits: Limits { octets: 1 << 20, ..limits }, ..Reading::default() };
        let again =
            read_with(&again, &reading, COLUMNS, |line| Some(NAMES.map(|name| line.raw(name).to_owned())));
        let again = again.expect("our own table");
        assert!(
            again.findings.is_empty()
                && again.rows.iter().map(|row| &row.value).eq(sheet.rows.iter().map(|row| &row.value))
        );
    }
    if let Ok((text, Encoding::Cp932)) = text::decode(octets, Some(Encoding::Cp932)) {
        let _ = text::encode_cp932(&text);
    }
});
