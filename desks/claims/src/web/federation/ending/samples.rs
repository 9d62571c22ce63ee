//! The pages about the end of certificates with sample data.

use super::{
    check, deletion,
    expiring::{self, Asked},
    under_way,
};
use crate::{
    Archive, Deletion, Expiring, Removable, Stage,
    service::{Deletable, EndingSoon, Month, deletable_before},
    status::{Hat, Standing},
    web::samples::{self as data, TOKEN},
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
    expiring::content(
        frame,
        Asked { days: 90, page: 0 },
        &soon,
        "90, 30, 7",
        if none { Hat::Clerk } else { Hat::Manager },
    )
    .html()
}

fn run(running: u32, stage: Stage) -> Deletion {
    let done = stage == Stage::Done;
    Deletion {
        id: i64::from(running),
        number: CaseNumber::new('A', 2026, running).map_or_else(String::new, |number| number.to_string()),
        operator: data::holder().operator,
        asked: SAMPLE_NOW.plus_seconds(-60),
        account: Some(3),
        before: deletable_before(SAMPLE_NOW, 365),
        stage,
        chosen: 412,
        deleted: if done { 411 } else { 150 },
        archive: (done || stage == Stage::Deleting)
            .then_some(Archive { sha256: [0x5a; 32], octets: 3_310_442 }),
        done: done.then_some(SAMPLE_NOW),
    }
}

fn what_goes(none: bool) -> Deletable {
    let line = |at: u32, standing| Removable {
        number: CaseNumber::new('C', 2022, at).map_or_else(String::new, |number| number.to_string()),
        standing,
        holder_number: data::holder().number.to_string(),
        holder_name: data::holder().name,
        ended: SAMPLE_NOW.plus_seconds(-(400 + i64::from(at)) * DAY),
    };
    Deletable {
        before: deletable_before(SAMPLE_NOW, 365),
        ended: if none { 0 } else { 398 },
        revoked: if none { 0 } else { 14 },
        lines: match none {
            true => Vec::new(),
            false => vec![line(3, Standing::Issued), line(2, Standing::Revoked), line(1, Standing::Issued)],
        },
        deletions: if none { Vec::new() } else { vec![run(2, Stage::Done), run(1, Stage::Done)] },
    }
}

/// What would go.
pub(in crate::web::federation) fn deleting(frame: Frame, none: bool) -> String {
    deletion::content(frame, &what_goes(none), 0, 365).html()
}

/// The last look before it goes.
pub(in crate::web::federation) fn checking(frame: Frame, refused: bool) -> String {
    let refusal = refused.then(crate::service::deletion_running);
    check::content(frame, &what_goes(false), TOKEN, refusal.as_ref()).html()
}

/// A deletion and how far it is.
pub(in crate::web::federation) fn under_way(frame: Frame, done: bool) -> String {
    under_way::content(frame, &run(3, if done { Stage::Done } else { Stage::Deleting })).html()
}
