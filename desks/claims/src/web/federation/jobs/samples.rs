//! The pages about jobs, and about what waits, with sample data.

use super::{super::waiting as waiters, list as all, one as stopped};
use crate::{
    Count, RunId, Tasks, Waiter, Waits,
    service::{JobKind, Jobs, StuckJob},
    status::{Hat, Standing},
    web::samples::{TOKEN, number},
};
use core_words::{Text, UtcMicros};
use kit_jobs::{Gauge, GivenUp, JobId, ScheduleState};
use kit_web::{Frame, gallery::SAMPLE_NOW};

fn ago(seconds: i64) -> UtcMicros {
    SAMPLE_NOW.plus_seconds(-seconds)
}

fn order() -> Text {
    Text::new("認証局に証明書の発行を頼む", "Order certificates from the authority")
}

fn kind(name: Text, waiting: u64, given_up: u64, late: Option<i64>) -> JobKind {
    let gauge = Gauge {
        kind: "claims.order".into(),
        waiting,
        due: waiting,
        running: waiting.min(4),
        given_up,
        oldest_due_age: late.map(|seconds| seconds * 1_000_000),
    };
    JobKind { name, gauge }
}

fn stuck() -> StuckJob {
    StuckJob {
        name: order(),
        case: Some(number()),
        job: GivenUp {
            id: JobId(4_711),
            kind: "claims.order".into(),
            key: Some("12 3".into()),
            attempts: 14,
            last_error: "authority.unavailable: The authority does not answer.".into(),
            created: ago(4 * 3_600),
            given_up: ago(3_600),
        },
    }
}

/// What waits for whom, on a busy day.
pub(in crate::web::federation) fn tasks() -> Tasks {
    let count = |count, seconds| Count { count, first: Some(ago(seconds)) };
    Tasks {
        unmatched: count(2, 3 * 86_400),
        given_up: count(1, 3_600),
        undoable: Count { count: 12, first: Some(SAMPLE_NOW.plus_seconds(240)) },
        unfetched: count(17, 9 * 86_400),
        overdue: count(3, 12 * 86_400),
        refused: count(4, 2 * 3_600),
        refused_run: Some(RunId(17)),
    }
}

pub(in crate::web::federation) fn list(frame: Frame, quiet: bool) -> String {
    let mail = Text::new("メールを送る", "Send mails");
    let schedule = ScheduleState {
        name: "claims.offset-due".into(),
        kind: "claims.offset-due".into(),
        every_us: 3_600_000_000,
        next_due: SAMPLE_NOW.plus_seconds(1_500),
        fired: Some(ago(2_100)),
    };
    let name = Text::new("相殺ファイルの締め日を調べる", "Look whether a month is over");
    let jobs = match quiet {
        true => Jobs { schedules: vec![(name, schedule)], ..Jobs::default() },
        false => Jobs {
            kinds: vec![kind(order(), 212, 1, Some(4_000)), kind(mail, 3, 0, Some(20))],
            given_up: vec![stuck()],
            schedules: vec![(name, schedule)],
        },
    };
    all::content(frame, &jobs, false).html()
}

pub(in crate::web::federation) fn one(frame: Frame, hat: Hat) -> String {
    stopped::content(frame, &stuck(), hat, TOKEN).html()
}

pub(in crate::web::federation) fn waiting(frame: Frame, waits: Waits, any: bool) -> String {
    let waiter = |days: i64| Waiter {
        number: number(),
        holder_number: "1310000011".into(),
        holder_name: "さくらの里デイサービス".into(),
        standing: if waits == Waits::Download { Standing::Issued } else { Standing::AwaitingPayment },
        since: ago(days * 86_400),
    };
    let found: Vec<Waiter> = if any { [21, 9, 3].map(waiter).into() } else { Vec::new() };
    waiters::content(frame, waits, &found).html()
}
