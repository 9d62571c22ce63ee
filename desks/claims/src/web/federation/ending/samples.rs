//! The pages about the end of certificates with sample data.

use super::expiring::{self, Asked};
use crate::{
    Expiring,
    service::{EndingSoon, Month},
    web::samples as data,
};
use core_words::CaseNumber;
use kit_web::{Frame, gallery::SAMPLE_NOW};

const DAY: i64 = 86_400;

/// The list of what ends soon.
pub(in crate::web::federation) fn expiring(frame: Frame, none: bool) -> String {
    let line = |at: i64, days: i64, told: Option<u16>| Expiring {
        id: at,
        number: CaseNumber::new('C', 2023, 1_200 + at.unsigned_abs() as u32)
            .map_or_else(String::new, |number| number.to_string()),
        holder_number: if at == 3 { data::agent().number } else { data::holder().number },
        holder_name: if at == 3 { data::agent().name } else { data::holder().name },
        last: SAMPLE_NOW.plus_seconds(days * DAY).whole_seconds(),
        told,
        told_at: told.map(|told| SAMPLE_NOW.plus_seconds((days - i64::from(told)) * DAY)),
    };
    let mut months = vec![(Month::of(SAMPLE_NOW), 0)];
    if !none {
        months.push((Month::of(SAMPLE_NOW).next(), 412));
        months.push((Month::of(SAMPLE_NOW).next().next(), 9));
    }
    let soon = EndingSoon {
        lines: match none {
            true => Vec::new(),
            false => vec![line(1, 12, Some(30)), line(2, 40, Some(90)), line(3, 90, None)],
        },
        total: if none { 0 } else { 421 },
        months,
    };
    expiring::content(frame, Asked { days: 90, page: 0 }, &soon, "90, 30, 7").html()
}
