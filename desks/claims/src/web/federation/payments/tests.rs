//! C10: what is read of the forms about money.

use super::*;
use core_words::{CaseNumber, Lang, Yen};
use kit_web::{FormData, gallery::SAMPLE_NOW, testing};

fn form(pairs: &[(&str, &str)]) -> FormData {
    FormData::from_pairs(pairs.iter().copied()).expect("within limits")
}

const WHOLE: [(&str, &str); 7] = [
    ("day-era", "reiwa"),
    ("day-year", "8"),
    ("day-month", "11"),
    ("day-day", "20"),
    ("amount", "７,８００"),
    ("payer", "ＤＡ１３０００１７　ミドリ"),
    ("agent", "ｄａ-１３０００ ０１７"),
];

fn with(name: &str, value: &str) -> FormData {
    let pairs: Vec<(&str, &str)> =
        WHOLE.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) }).collect();
    form(&pairs)
}

#[test]
fn c10_a_transfer_is_read_as_people_type_it() {
    let say = testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja);
    let read = enter::read(&say, &form(&WHOLE), SAMPLE_NOW).expect("well formed");
    assert_eq!((read.amount, read.agent), (Yen(7_800), HolderNumber::new("DA13000017")));
    // 2026-11-20T00:00:00+09:00.
    assert_eq!(read.day.0, 1_795_100_400 * 1_000_000);
    assert_eq!(enter::read(&say, &with("agent", ""), SAMPLE_NOW).map(|new| new.agent).ok(), Some(None));
    for (name, value, at) in [
        ("amount", "0", "amount"),
        ("amount", "-1", "amount"),
        ("amount", "1000000001", "amount"),
        ("amount", "七千", "amount"),
        ("day-year", "99", "day"),
        ("day-month", "13", "day"),
        ("payer", "", "payer"),
        ("payer", &"あ".repeat(101), "payer"),
        ("agent", "DA1300001", "agent"),
        ("agent", "1310000018", "agent"),
    ] {
        let filled = enter::read(&say, &with(name, value), SAMPLE_NOW).expect_err(value);
        assert!(filled.error(at).is_some(), "{name} {value}");
        assert_eq!(filled.get(name), Some(value), "nothing typed is lost");
    }
}

#[test]
fn c10_what_was_picked_is_a_number_and_a_version() {
    let number = CaseNumber::new('C', 2026, 1).expect("a number").to_string();
    let good = format!("{number}:3");
    let read = pay::picked(&form(&[
        ("case", &good),
        ("case", &number),
        ("case", "x:1"),
        ("case", &format!("{number}:x")),
        ("other", &good),
    ]));
    assert_eq!(read.len(), 1);
    assert_eq!((read[0].number.to_string(), read[0].version), (number, 3));
}

#[test]
fn c10_money_is_sent_back_for_a_reason_and_to_the_yen() {
    let say = testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja);
    let read = |amount: &str, note: &str| refund::read(&say, &form(&[("amount", amount), ("note", note)]));
    assert_eq!(read("7800", "二重の振込").ok(), Some((Yen(7_800), "二重の振込".into())));
    assert!(read("0", "二重").is_err_and(|filled| filled.error("amount").is_some()));
    assert!(read("7800", " ").is_err_and(|filled| filled.error("note").is_some()));
}
