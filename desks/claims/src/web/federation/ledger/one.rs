//! One entry: what it says, what was said with it, and its proof.

use super::{
    super::{Shown, case_path},
    LIST, help, of_case, path, place, who,
};
use crate::{
    Claims,
    service::{Record, RecordFile, told_by},
    web::{Staff, attached},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use kit_ledger::EntryId;
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, Details, Fold},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let file = claims.ledger_record(staff.scope(), entry_id(&id)).await?;
    Ok(content(frame, &file).ok())
}

/// The proof of the entry, as a C2SP tlog-proof.
pub(super) async fn proof(
    State(claims): State<Claims>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let id = entry_id(&id);
    let proof = claims.ledger_proof(staff.scope(), id).await?;
    let name = format!("ledger-{}.tlog-proof", proof.index);
    Ok(attached("text/plain; charset=utf-8", &name, proof.to_tlog_proof().into_bytes()))
}

/// The number in a path; what is none is the number of no entry.
fn entry_id(text: &str) -> EntryId {
    EntryId(text.parse().unwrap_or(0))
}

/// The page.
pub(super) fn content(frame: Frame, file: &RecordFile) -> Shown {
    let say = &frame.say.clone();
    let record = &file.record;
    let frame = help(frame).crumb(say.t("claims-ledger-list"), LIST);
    let mut body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-ledger-to-list")))
        .add(&facts(say, file))
        .add(&Fold::new(say.t("claims-ledger-technical"), &technical(say, record)));
    let mut ways = Vec::new();
    if file.provable {
        let download = Action::file(say.t("claims-ledger-proof"), format!("{}/proof", path(record.id)));
        ways.push(download.consequence(say.t("claims-ledger-proof-text")));
    } else {
        let soon = Banner::new(say, Tone::Info, say.t("claims-proof-soon"));
        body = body.add(&soon.text(say.t("claims-proof-soon-text")));
        ways.push(Action::link(say.t("claims-proof-again"), path(record.id)));
    }
    if let Some(number) = &record.body.case {
        ways.push(Action::link(say.t("claims-ledger-case-all"), of_case(number)).quiet());
        if record.case_opens {
            ways.push(Action::link(say.t("claims-ledger-open-case"), case_path(number)).quiet());
        }
    }
    let body = body.add(&Actions::new(ways));
    Shown::new(frame, say.t("claims-ledger-one"), body)
}

/// What everybody understands.
fn facts(say: &Say, RecordFile { record, said, .. }: &RecordFile) -> Details {
    let body = &record.body;
    let mut facts = Details::new()
        .row(say.t("claims-ledger-what"), say.text(&told_by(&body.kind)))
        .row(say.t("claims-ledger-who"), who(say, &record.whom))
        .row(say.t("claims-ledger-at"), say.date_time(body.time));
    if let Some(number) = &body.case {
        let gone = || say.with("claims-ledger-case-gone", [("number", number.clone().into())]);
        let number = if record.case_opens { number.clone() } else { gone() };
        facts = facts.row(say.t("claims-fed-number"), number);
    }
    match (said, body.commitment) {
        (Some(said), _) => facts = facts.row(say.t("claims-ledger-said"), said),
        (None, Some(_)) => facts = facts.row(say.t("claims-ledger-said"), say.t("claims-ledger-said-gone")),
        (None, None) => {}
    }
    facts.row(say.t("claims-ledger-place"), place(say, record.index))
}

/// What stands in the ledger, as it stands there.
fn technical(say: &Say, Record { id, body, .. }: &Record) -> Details {
    let hex = |octets: &[u8; 32]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let mut rows = Details::new()
        .row(say.t("claims-ledger-kind"), &body.kind)
        .row(say.t("claims-ledger-time"), say.machine_time(body.time))
        .row(say.t("claims-ledger-actor"), &body.actor)
        .row(say.t("claims-ledger-subject"), &body.subject);
    if let Some(commitment) = &body.commitment {
        rows = rows.row(say.t("claims-ledger-commitment"), hex(commitment));
    }
    if let Some(object) = &body.object {
        rows = rows.row(say.t("claims-ledger-object"), hex(object));
    }
    rows.row(say.t("claims-ledger-entry"), id.0.to_string())
}
