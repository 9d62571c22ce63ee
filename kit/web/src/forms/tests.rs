//! What a form may hold, at its limits, and what the reader says.

use super::*;
use crate::{dates::Day, testing};
use core_words::{Kind, Lang, Refusal, Text};

fn form(pairs: &[(&str, &str)]) -> FormData {
    FormData::from_pairs(pairs.iter().copied()).expect("a form within its limits")
}

/// Reads one field and gives what came of it with the English message.
fn read<T>(pairs: &[(&str, &str)], field: impl FnOnce(&mut Reader<'_>) -> T) -> (T, String) {
    let say = testing::say(Lang::En);
    let form = form(pairs);
    let mut reader = Reader::new(&say, &form);
    let value = field(&mut reader);
    let message = reader.done().err().map(|filled| filled.errors()[0].message.en.clone());
    (value, message.unwrap_or_default())
}

#[test]
fn a_form_is_read_as_browsers_write_it() {
    let form = FormData::parse("name=%E4%BD%90%E8%97%A4+a%2Bb&box=1&box=2&empty=&flag&t=a%0D%0Ab".as_bytes());
    let form = form.expect("a form");
    assert_eq!(form.get("name"), Some("佐藤 a+b"));
    assert_eq!(form.all("box").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((form.get("empty"), form.get("flag"), form.get("none")), (Some(""), Some(""), None));
    assert_eq!(form.get("t"), Some("a\nb"));
}

#[test]
fn what_is_not_a_form_is_refused() {
    for bad in ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "%00=a", "a=\u{0}"] {
        assert_eq!(FormData::parse(bad.as_bytes()), Err(BadForm::Form), "{bad:?}");
    }
}

#[test]
fn limits_hold_to_the_last_one() {
    let value = |chars| format!("a={}", "あ".repeat(chars));
    let wide = "あ".repeat(Limits::CHARS);
    assert!(FormData::from_pairs([("a", wide.as_str())]).is_ok());
    assert_eq!(FormData::from_pairs([("a", format!("{wide}あ"))]), Err(BadForm::TooLarge));
    assert!(FormData::parse(value(20_000).as_bytes()).is_err());
    let fields =
        |count: usize| FormData::parse("a=1&".repeat(count).as_bytes()).map(|form| form.pairs().count());
    assert_eq!(fields(Limits::FIELDS), Ok(Limits::FIELDS));
    assert_eq!(fields(Limits::FIELDS + 1), Err(BadForm::TooLarge));
    let name = |length| FormData::parse(format!("{}=1", "n".repeat(length)).as_bytes()).map(|_| ());
    assert_eq!((name(Limits::NAME), name(Limits::NAME + 1)), (Ok(()), Err(BadForm::TooLarge)));
    assert_eq!(FormData::parse(&vec![b'&'; Limits::BODY + 1]), Err(BadForm::TooLarge));
    assert!(FormData::parse(&vec![b'&'; Limits::BODY]).is_ok());
}

#[test]
fn values_are_never_printed() {
    let shown = format!("{:?}", form(&[("password", "himitsu")]));
    assert!(shown.contains("password") && !shown.contains("himitsu"));
}

#[test]
fn the_step_is_told_by_the_button() {
    assert_eq!(form(&[]).step(), Step::Check);
    assert_eq!(form(&[("_step", "confirm")]).step(), Step::Confirm);
    assert_eq!(form(&[("_step", "confirm"), ("_change", "mail")]).step(), Step::Change("mail".into()));
    assert_eq!(form(&[("version", "7")]).version(), Some(7));
}

#[test]
fn values_come_out_normalised() {
    assert_eq!(read(&[("f", "　０３－１２３４－５６７８ ")], |r| r.phone("f", "web-search")).0, "0312345678");
    assert_eq!(
        read(&[("f", "ＡＢ＠ｅｘａｍｐｌｅ．ｊｐ")], |r| r.email("f", "web-search")).0,
        "AB@example.jp"
    );
    assert_eq!(read(&[("f", "さとう はなこ")], |r| r.kana("f", "web-search", 40)).0, "サトウ ハナコ");
    assert_eq!(read(&[("f", "１３１００００００１")], |r| r.digits("f", "web-search", 10)).0, "1310000001");
    assert_eq!(read(&[("f", "７，８００")], |r| r.number("f", "web-search", 0..=9_999)).0, Some(7_800));
}

#[test]
fn errors_say_what_is_wrong() {
    let label = "web-search";
    assert_eq!(read(&[], |r| r.text("f", label, 5)).1, "Fill in “Search”.");
    assert_eq!(
        read(&[("f", "abcdef")], |r| r.text("f", label, 5)).1,
        "“Search” can be up to 5 characters long."
    );
    assert!(read(&[("f", "a\nb")], |r| r.text("f", label, 5)).1.contains("one line"));
    assert!(read(&[("f", "a\u{7}")], |r| r.lines("f", label, 5)).1.contains("cannot be used"));
    assert!(read(&[("f", "131000000")], |r| r.digits("f", label, 10)).1.contains("10 digits"));
    assert!(read(&[("f", "12345")], |r| r.number("f", label, 1..=100)).1.contains("from 1 to 100"));
    assert!(read(&[("f", "漢字")], |r| r.kana("f", label, 5)).1.contains("katakana"));
    assert!(read(&[("f", "x")], |r| r.choice("f", label, &["a"])).1.starts_with("Choose"));
    assert!(read(&[], |r| r.agreed("f", label)).1.starts_with("Tick"));
    for bad in ["a", "a@b", "a@b..jp", "@b.jp", "a b@c.jp", "a@-b.jp", ".a@b.jp", "a@b.jp\nBcc: x@y.jp"] {
        assert!(read(&[("f", bad)], |r| r.email("f", label)).1.contains("name@example.jp"), "{bad}");
    }
    for bad in ["1234567890", "031234567", "090123456789", "03a2345678"] {
        assert!(read(&[("f", bad)], |r| r.phone("f", label)).1.contains("10 or 11"), "{bad}");
    }
}

#[test]
fn dates_are_read_with_and_without_an_era() {
    let date = |era, year, month, day| {
        read(&[("d-era", era), ("d-year", year), ("d-month", month), ("d-day", day)], |r| {
            r.date("d", "web-search")
        })
    };
    assert_eq!(date("reiwa", "８", "１１", "２０").0, Day::new(2026, 11, 20));
    assert_eq!(date("ad", "2026", "2", "28").0, Day::new(2026, 2, 28));
    assert_eq!(date("reiwa", "元", "5", "1").0, Day::new(2019, 5, 1));
    for (era, year) in [("ad", "2026"), ("heisei", "60"), ("none", "8")] {
        let (found, message) = date(era, year, "2", "30");
        assert!(found.is_none() && message.contains("real date"), "{era} {year}");
    }
    assert!(date("ad", "", "", "").1.starts_with("Fill in"));
}

#[test]
fn nothing_typed_is_lost_but_secrets() {
    let say = testing::say(Lang::Ja);
    let typed = form(&[("mail", "<b>@x"), ("pass", "himitsu"), ("d-year", "２０２６"), ("d-era", "reiwa")]);
    let mut reader = Reader::new(&say, &typed);
    reader.email("mail", "web-search");
    let filled = reader.done().expect_err("no address");
    let html = crate::parts::Form::new("/x", "t", "送る")
        .field(crate::parts::Field::email(&say, "mail", "電子メール"))
        .field(crate::parts::Field::password(&say, "pass", "パスワード"))
        .field(crate::parts::Field::date(&say, "d", "日付"))
        .filled(&filled)
        .to_string();
    assert!(html.contains(r#"value="&#60;b&#62;@x""#), "{html}");
    assert!(html.contains("２０２６") && html.contains(r#"value="reiwa" selected"#), "{html}");
    assert!(!html.contains("himitsu"));
    assert!(html.contains("name@example.jp") && html.contains(r#"aria-invalid="true""#));
    assert_eq!(filled.summary(&say).items.len(), 1);
}

#[test]
fn a_refusal_becomes_errors_at_its_fields() {
    let (ja, en) = ("だめです。", "No.");
    let refusal = Refusal::new(Kind::Refused, "x.y", Text::new(ja, en), Text::new("次", "Next"));
    let whole = Filled::default().refused(&refusal);
    assert_eq!(whole.errors()[0].message.en, "No. Next");
    let at_field = Filled::default().refused(&refusal.with_field("mail", Text::new("欄", "field")));
    assert_eq!(at_field.error("mail").map(|error| error.message.ja.as_str()), Some("欄"));
}

proptest::proptest! {
    #[test]
    fn parsing_never_panics_and_stays_within_limits(body: Vec<u8>) {
        if let Ok(form) = FormData::parse(&body) {
            proptest::prop_assert!(form.pairs().count() <= Limits::FIELDS);
        }
    }
}
