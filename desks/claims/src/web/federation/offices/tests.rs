//! C7, C23: what is read of the forms of provider management.

use super::*;
use crate::words::LetterWhy;
use core_words::Lang;
use kit_web::{Day, FormData, testing};

const WHOLE: [(&str, &str); 7] = [
    ("number", "ｄａ-１３０００ ０１７"),
    ("name", " みどり請求 "),
    ("kana", "みどりｾｲｷｭｳ"),
    ("postal", "１００-０００５"),
    ("address", "東京都千代田区丸の内1丁目"),
    ("phone", "03-5200-0000"),
    ("email", "midori@example.jp"),
];

fn say() -> Say {
    testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja)
}

fn with(pairs: &[(&str, &str)], name: &str, value: &str) -> FormData {
    let pairs = pairs.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) });
    FormData::from_pairs(pairs.collect::<Vec<_>>()).expect("within limits")
}

#[test]
fn c23_a_record_is_read_as_people_type_it() {
    let new = fields::read(&say(), &with(&WHOLE, "", ""), None).expect("well formed");
    assert_eq!(new.number.as_str(), "DA13000017");
    assert_eq!(
        [new.name, new.kana, new.postal, new.phone],
        ["みどり請求", "ミドリセイキュウ", "1000005", "0352000000"]
    );
    let me = HolderNumber::new("1310000018").expect("a number");
    let changed = fields::read(&say(), &with(&WHOLE, "", ""), Some(&me)).expect("well formed");
    assert_eq!(changed.number, me, "a number stays");
    let long = "あ".repeat(101);
    for (name, value) in [
        ("number", ""),
        ("number", "131000001"),
        ("number", "4810000018"),
        ("name", " "),
        ("name", long.as_str()),
        ("kana", "綠"),
        ("postal", "100000"),
        ("address", ""),
        ("phone", "12345"),
        ("email", "midori"),
    ] {
        let filled = fields::read(&say(), &with(&WHOLE, name, value), None).expect_err(value);
        assert!(filled.error(name).is_some(), "{name} {value}");
        assert_eq!(filled.get(name), Some(value), "nothing typed is lost");
    }
}

#[test]
fn c7_of_a_caller_it_is_said_how_they_were_known() {
    let read = |why: &str, identified: &str| {
        let form = FormData::from_pairs([("why", why), ("identified", identified)]).expect("short");
        letter::read(&say(), &form)
    };
    assert_eq!(read("new", "").ok(), Some((LetterWhy::New, String::new())));
    assert_eq!(read("phone", " 折り返し ").ok(), Some((LetterWhy::Phone, "折り返し".into())));
    assert!(read("phone", "　").is_err_and(|filled| filled.error("identified").is_some()));
    assert!(read("else", "x").is_err_and(|filled| filled.error("why").is_some()));
    let most =
        |most: &str| letters::read(&say(), &FormData::from_pairs([("most", most)]).expect("short")).ok();
    assert_eq!(
        [most("100"), most("１"), most("0"), most("101"), most("")],
        [Some(100), Some(1), None, None, None]
    );
}

const MANDATE: [(&str, &str); 9] = [
    ("other", "DA13000017"),
    ("from-era", "reiwa"),
    ("from-year", "8"),
    ("from-month", "12"),
    ("from-day", "1"),
    ("until-era", "reiwa"),
    ("until-year", ""),
    ("until-month", ""),
    ("until-day", ""),
];

#[test]
fn c23_a_mandate_is_between_the_two_kinds_and_may_have_no_end() {
    let (me, agent) =
        (HolderNumber::new("1310000018").expect("a number"), HolderNumber::new("DA13000017").expect("an ID"));
    let read = |form: &FormData, me: &HolderNumber| mandate::read(&say(), form, me);
    let new = read(&with(&MANDATE, "", ""), &me).expect("well formed");
    assert_eq!((new.agent, new.provider, new.until), (agent.clone(), me.clone(), None));
    assert_eq!(Some(new.from), Day::new(2026, 12, 1));
    let turned = read(&with(&MANDATE, "other", "1310000018"), &agent).expect("well formed");
    assert_eq!((turned.agent, turned.provider), (agent.clone(), me.clone()));
    let same = read(&with(&MANDATE, "other", "1310000018"), &me).expect_err("two of a kind");
    assert!(same.error("other").is_some());
    let half = read(&with(&MANDATE, "until-year", "9"), &me).expect_err("half a day");
    assert!(half.error("until").is_some());
    let mut whole = MANDATE;
    for (at, value) in [(6, "8"), (7, "11"), (8, "30")] {
        whole[at].1 = value;
    }
    let backwards = read(&with(&whole, "", ""), &me).expect_err("it ends before it begins");
    assert!(backwards.error("until").is_some());
}
