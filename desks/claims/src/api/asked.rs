//! What queries and bodies say: numbers within limits, ids, holders, days.

use crate::{
    store::find::Place,
    words::{HolderKind, HolderNumber},
};
use core_words::{Kind, Refusal, Text, UtcMicros};
use kit_desk::api::refusals::bad_field;
use kit_web::Day;

/// A whole number from 1 to `most`, `usual` when nothing is said.
///
/// # Errors
/// `api.bad_field` for this field.
pub(super) fn number(field: &str, text: Option<&str>, usual: u32, most: u32) -> Result<u32, Refusal> {
    let Some(text) = text else { return Ok(usual) };
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && (1..=most).contains(number));
    number.ok_or_else(|| {
        let what = Text::new(format!("1～{most} の数です"), format!("must be a number from 1 to {most}"));
        bad_field(field, what)
    })
}

/// The place of an answer's `next`: microseconds of 1970 and an id, with a hyphen between them.
pub(super) fn place(at: UtcMicros, id: i64) -> String {
    format!("{}-{id}", at.0)
}

/// The place after which to go on, as an answer gave it; before everything when nothing is said.
///
/// # Errors
/// `api.bad_field` for `after`.
pub(super) fn after(text: Option<&str>) -> Result<Place, Refusal> {
    let Some(text) = text else { return Ok(Place { at: UtcMicros(0), id: 0 }) };
    let found = text.split_once('-').and_then(|(at, of)| Some(Place { at: UtcMicros(id(at)?), id: id(of)? }));
    found.ok_or_else(|| {
        bad_field("after", Text::new("前の応答の next の値です", "must be what an answer gave as next"))
    })
}

/// The first `most` of what was found, and where to go on behind them. One more than asked for was looked for: it tells
/// whether any follow.
pub(super) fn stretch<T>(
    mut found: Vec<T>,
    most: u32,
    place: impl FnOnce(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let more = found.len() > most as usize;
    found.truncate(most as usize);
    let next = found.last().filter(|_| more).map(place);
    (found, next)
}

/// An id of at most 18 digits.
pub(super) fn id(text: &str) -> Option<i64> {
    let formed = (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    formed.then(|| text.parse().ok()).flatten()
}

/// The number of a holder, or of one of this kind.
///
/// # Errors
/// `api.bad_field` for this field.
pub(super) fn holder(field: &str, text: &str, kind: Option<HolderKind>) -> Result<HolderNumber, Refusal> {
    let found = HolderNumber::new(text).filter(|number| kind.is_none_or(|kind| number.kind() == kind));
    found.ok_or_else(|| {
        let what = match kind {
            Some(HolderKind::Agent) => Text::new("代理人IDではありません", "is not the ID of an agent"),
            _ => Text::new("事業所番号か代理人IDではありません", "is not the number of a holder"),
        };
        bad_field(field, what)
    })
}

/// A day, as 2026-11-21.
///
/// # Errors
/// `api.bad_field` for this field, when it has another form; `claims.bad_day` when no such day can be meant.
pub(super) fn day(field: &str, text: &str) -> Result<Day, Refusal> {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let [year, month, day] = parts[..] else { return Err(no_date(field)) };
    if !digits || [year.len(), month.len(), day.len()] != [4, 2, 2] {
        return Err(no_date(field));
    }
    let (year, month, day) = (year.parse().ok(), month.parse().ok(), day.parse().ok());
    let found = year.zip(month).zip(day).and_then(|((year, month), day)| Day::new(year, month, day));
    found.ok_or_else(|| bad_day(field))
}

/// A text that must be there is empty, or all blank.
pub(super) fn missing(field: &str) -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.text_missing",
        Text::new("必要な項目が空欄です。", "Something that must be there is empty."),
        Text::new("その項目を入れて送り直してください。", "Send it again with that item."),
    )
    .with_field(field, Text::new("必要です", "must be there"))
}

fn no_date(field: &str) -> Refusal {
    bad_field(field, Text::new("2026-11-21 の形式の日付です", "must be a date such as 2026-11-21"))
}

/// There is no such day, or it cannot be that one.
pub(super) fn bad_day(field: &str) -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.bad_day",
        Text::new("この日付は使えません。", "It cannot be this day."),
        Text::new(
            "日付を確認してください。入金日は今日までの日付です。",
            "Please check the date. Money comes in until today.",
        ),
    )
    .with_field(field, Text::new("日付を確認してください", "Check the date"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k16_a_number_is_within_its_limits_or_is_named() {
        let asked = |text| number("page", text, 50, 200).map_err(|refusal| refusal.fields[0].field.clone());
        assert_eq!((asked(None), asked(Some("1")), asked(Some("200"))), (Ok(50), Ok(1), Ok(200)));
        for bad in ["", "0", "201", "-1", "+1", "1.5", "９", "99999999999"] {
            assert_eq!(asked(Some(bad)), Err("page".into()), "{bad}");
        }
    }

    #[test]
    fn k16_a_stretch_says_where_to_go_on_only_if_something_follows() {
        let at = |many| stretch((1..=many).collect(), 2, |n: &i32| n.to_string());
        assert_eq!((at(0), at(1)), ((vec![], None), (vec![1], None)));
        assert_eq!((at(2), at(3)), ((vec![1, 2], None), (vec![1, 2], Some("2".into()))));
    }

    #[test]
    fn k16_an_id_is_digits_and_a_day_is_one_of_the_calendar() {
        assert_eq!((id("1"), id("999999999999999999")), (Some(1), Some(999_999_999_999_999_999)));
        for bad in ["", "-1", "+1", "1 ", "１", "1000000000000000000"] {
            assert!(id(bad).is_none() && after(Some(&format!("1-{bad}"))).is_err(), "{bad}");
            assert!(after(Some(&format!("{bad}-1"))).is_err() && after(Some(bad)).is_err(), "{bad}");
        }
        let there = Place { at: UtcMicros(1_790_000_000_000_000), id: 7 };
        assert_eq!(after(Some(&place(there.at, there.id))), Ok(there));
        assert_eq!(day("day", "2026-11-21"), Ok(Day::new(2026, 11, 21).expect("a day")));
        let code = |text: &str| day("day", text).map_err(|refusal| refusal.code);
        for (bad, told) in [
            ("2026-02-30", "claims.bad_day"),
            ("0001-01-01", "claims.bad_day"),
            ("2026-2-3", "api.bad_field"),
            ("2026-11-21T00:00:00Z", "api.bad_field"),
            ("", "api.bad_field"),
            ("+026-11-21", "api.bad_field"),
        ] {
            assert_eq!(code(bad), Err(told), "{bad}");
        }
    }
}
