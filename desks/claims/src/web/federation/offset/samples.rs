//! The pages about offset fees with sample data, in every state worth looking at.

use super::{close, correct, list, period};
use crate::{
    ClosedPeriod, Closing, Correction,
    offset::{Month, Period, Sums},
    service::{Offsets, OpenPeriod},
    status::Hat,
    web::samples::{TOKEN, number},
};
use core_sheet::Encoding;
use core_words::{UtcMicros, Yen};
use kit_web::{Day, FormData, Frame, gallery::SAMPLE_NOW};

const FEE: i64 = 7_800;

fn span(month: &str, days: u8) -> Period {
    let found = Month::parse(month).expect("a month");
    let day = |day| {
        let (year, of) = month.split_once('-').expect("a month");
        Day::new(year.parse().expect("a year"), of.parse().expect("a month"), day).expect("a day")
    };
    Period { month: found, begins: day(1).begins(), ends: day(days).ends() }
}

fn sums(charges: u64, corrections: u64) -> Sums {
    let yen = |n: u64, each: i64| Yen(i64::try_from(n).unwrap_or_default() * each);
    let total = yen(charges, FEE).0 - yen(corrections, FEE).0;
    Sums {
        charges,
        charged: yen(charges, FEE),
        corrections,
        corrected: yen(corrections, -FEE),
        tax: Yen(total / 11),
    }
}

fn month(name: &str, days: u8, closed: bool) -> ClosedPeriod {
    let period = span(name, days);
    let at = period.ends.plus_seconds(9 * 3_600);
    let closed = closed.then(|| Closing { at, holders: 1_118, sums: sums(1_204, 1), sha256: [0x5a; 32] });
    ClosedPeriod { period, encoding: Encoding::Cp932, started: at.plus_seconds(-4), closed }
}

fn correction(at: UtcMicros, closed: Option<&str>) -> Correction {
    Correction {
        case: number(),
        number: "1310000011".into(),
        amount: Yen(-FEE),
        note: "連合会の誤りによる再発行のため".into(),
        at,
        month: closed.and_then(Month::parse),
    }
}

fn open(over: bool, uncharged: u64) -> OpenPeriod {
    let period = if over { span("2026-10", 31) } else { span("2026-11", 30) };
    OpenPeriod { period, sums: sums(743, 1), uncharged, over }
}

pub(in crate::web::federation) fn months(frame: Frame, which: &str) -> String {
    let (open, closed) = match which {
        "none" => (Some(open(false, 0)), Vec::new()),
        "over" => (Some(open(true, 0)), vec![month("2026-09", 30, true)]),
        "closing" => (None, vec![month("2026-10", 31, false), month("2026-09", 30, true)]),
        _ => (Some(open(false, 0)), vec![month("2026-10", 31, true), month("2026-09", 30, true)]),
    };
    let corrections = match which {
        "none" => Vec::new(),
        _ => vec![
            correction(SAMPLE_NOW.plus_seconds(-3_600), None),
            correction(SAMPLE_NOW.plus_seconds(-50 * 86_400), Some("2026-09")),
        ],
    };
    let offsets = Offsets { open, closed, corrections, by_itself: which == "none" };
    list::content(frame, &offsets, Hat::Manager).html()
}

pub(in crate::web::federation) fn one(frame: Frame, closed: bool) -> String {
    period::content(frame, &month("2026-10", 31, closed)).html()
}

pub(in crate::web::federation) fn closing(frame: Frame, over: bool, uncharged: u64) -> String {
    close::content(frame, &open(over, uncharged), TOKEN).html()
}

fn typed(amount: &str) -> FormData {
    let case = number();
    FormData::from_pairs([
        ("case", case.as_str()),
        ("way", "back"),
        ("amount", amount),
        ("note", "連合会の誤りによる再発行のため"),
    ])
    .expect("a handful of short fields")
}

pub(in crate::web::federation) fn correcting(frame: Frame, amount: Option<&str>) -> String {
    let filled = amount.map(|amount| correct::read(&frame.say, &typed(amount)).err().unwrap_or_default());
    correct::input(frame, TOKEN, &filled.unwrap_or_default()).html()
}

pub(in crate::web::federation) fn checking(frame: Frame) -> String {
    let form = typed("7800");
    let new = correct::read(&frame.say, &form).expect("well formed");
    correct::check(frame, TOKEN, &form, &new, "1310000011", Yen(FEE)).html()
}
