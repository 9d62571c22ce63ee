//! The pages about the ledger with sample data.

use super::{asked::Asked, list as all, of_case, one as entry};
use crate::{
    service::{Record, RecordFile, Records, Whom},
    web::samples::{number, operator},
};
use kit_ledger::{Body, EntryId, Place};
use kit_web::{Frame, gallery::SAMPLE_NOW};

fn record(n: i64, kind: &str, actor: &str, whom: Whom, case: bool) -> Record {
    let body = Body {
        kind: kind.into(),
        time: SAMPLE_NOW.plus_seconds(-n * 1_700),
        operator: Some(operator().as_str().into()),
        actor: actor.into(),
        subject: format!("case:{}/{n}", number()),
        case: case.then(number),
        commitment: (kind == "claims.reject").then_some([0xab; 32]),
        object: (kind == "claims.import-bank-file").then_some([0x5c; 32]),
    };
    let index = (n > 1).then(|| 41_907 - n.unsigned_abs());
    Record { id: EntryId(88_000 - n), body, index, whom, case_opens: case && n != 6 }
}

fn lines() -> Vec<Record> {
    let sato = || Whom::Staff("佐藤 花子".into());
    let sakura = || Whom::Applicant("さくらの里デイサービス".into());
    vec![
        record(1, "claims.reject", "staff:3", sato(), true),
        record(2, "claims.download", "applicant:7", sakura(), true),
        record(3, "claims.register-certificate", "system", Whom::System, true),
        record(4, "claims.import-bank-file", "staff:3", sato(), false),
        record(5, "job.rerun", "cli:root", Whom::Operator("root".into()), false),
        record(6, "claims.delete-case", "system", Whom::System, true),
        record(7, "claims.apply", "applicant:7", sakura(), true),
    ]
}

/// The list, of what its query asks for.
pub(in crate::web::federation) fn list(frame: Frame, query: &str) -> String {
    let asked = Asked::of(&frame.say, Some(query));
    let lines = if query.contains("topic=offset") || !asked.is_fine() { Vec::new() } else { lines() };
    let next =
        lines.last().filter(|_| query.is_empty()).map(|last| Place { at: last.body.time, id: last.id });
    let actor = asked.wanted.actor.as_ref().map(|_| Whom::Staff("佐藤 花子".into()));
    all::content(frame, &asked, &Records { lines, next, actor }).html()
}

/// The list of one case.
pub(in crate::web::federation) fn case(frame: Frame) -> String {
    let query = of_case(&number());
    let asked = Asked::of(&frame.say, query.split_once('?').map(|(_, query)| query));
    let mut lines = lines();
    lines.retain(|record| record.body.case.is_some());
    lines.reverse();
    all::content(frame, &asked, &Records { lines, ..Records::default() }).html()
}

/// One entry: number `n` of the list, with what was said with it, if it is still there.
pub(in crate::web::federation) fn one(frame: Frame, n: usize, said: Option<&str>) -> String {
    let record = lines().swap_remove(n);
    let provable = record.index.is_some();
    entry::content(frame, &RecordFile { record, said: said.map(str::to_owned), provable }).html()
}
