//! 銀行のファイルの取込: what the file tells, and what became of each transfer (C10).

use super::{
    super::{Shown, findings},
    LIST, agent_path, below_list,
};
use crate::{
    Claims,
    bank::{self, Unreadable},
    service::{Booked, Imported},
    web::Staff,
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_sheet::Findings;
use core_words::UtcMicros;
use kit_gate::CheckedForm;
use kit_web::{
    FieldError, Filled, FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, Cell, Column, Field, Form, Line, Table},
};

/// The field of the file.
const FILE: &str = "file";

pub(super) async fn show(staff: Staff, frame: Frame) -> Response {
    content(frame, staff.session.csrf.as_str(), &Filled::default(), None).ok()
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let csrf = staff.session.csrf.as_str();
    let bad = match read(&frame.say, &form, claims.now()) {
        Ok(file) => {
            let imported = claims.import_transfers(staff.scope(), file, staff.doer()).await?;
            return Ok(done(frame, &imported).ok());
        }
        Err(bad) => *bad,
    };
    let page = content(frame, csrf, &bad.filled, bad.findings.as_ref());
    Ok(page.response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// Why a file was not taken: at its field, and line by line.
#[derive(Debug)]
pub(super) struct Bad {
    pub(super) filled: Filled,
    pub(super) findings: Option<Findings>,
}

/// The file of a form, read.
pub(super) fn read(say: &Say, form: &FormData, now: UtcMicros) -> Result<bank::Transfers, Box<Bad>> {
    let at_file = |text| Filled::new(form).with_errors([FieldError::new(FILE, text)]);
    let octets = form.file(FILE).map(|file| file.octets.to_vec()).unwrap_or_default();
    if octets.is_empty() {
        let filled = at_file(say.both("claims-pay-import-missing"));
        return Err(Box::new(Bad { filled, findings: None }));
    }
    bank::read(octets, now).map_err(|unreadable| {
        let text = unreadable.text().unwrap_or_else(|| say.both("claims-pay-import-wrong"));
        let findings = match unreadable {
            Unreadable::Lines(findings) => Some(*findings),
            _ => None,
        };
        Box::new(Bad { filled: at_file(text), findings })
    })
}

/// The page.
pub(super) fn content(frame: Frame, csrf: &str, filled: &Filled, findings: Option<&Findings>) -> Shown {
    let say = &frame.say.clone();
    let frame = below_list(frame)
        .errors(filled.summary(say))
        .help(say.t("claims-pay-import-help"), say.t("claims-pay-import-help-text"));
    let form = Form::new(format!("{LIST}/import"), csrf, say.t("claims-pay-import-do"))
        .multipart()
        .field(
            Field::file(say, FILE, say.t("claims-pay-import-file"), ".txt,.csv,.dat")
                .hint(say.t("claims-pay-import-file-hint")),
        )
        .cancel(say.t("claims-fed-cancel"), LIST)
        .filled(filled);
    let body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-pay-to-list")))
        .text(&say.t("claims-pay-import-about"));
    let body = findings::told(body, say, &say.t("claims-pay-import-findings"), findings);
    Shown::new(frame, say.t("claims-pay-import"), body.add(&form))
}

/// What became of the file.
pub(super) fn done(frame: Frame, imported: &Imported) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say.clone();
    let count = |is: fn(&Booked) -> bool| imported.0.iter().filter(|(_, booked)| is(booked)).count();
    let counts = [
        ("all", imported.0.len().into()),
        ("known", count(|booked| matches!(booked, Booked::To(_))).into()),
        ("unknown", count(|booked| *booked == Booked::Unmatched).into()),
        ("before", count(|booked| *booked == Booked::Before).into()),
    ];
    let told = Banner::new(say, Tone::Success, say.t("claims-pay-import-done"));
    let columns = vec![
        Column::new(say.t("claims-pay-day")).whole(),
        Column::new(say.t("claims-pay-payer")),
        Column::new(say.t("claims-pay-amount")).figures(),
        Column::new(say.t("claims-pay-import-result")),
    ];
    let lines = imported.0.iter().map(|(told, booked)| {
        let became = match booked {
            Booked::To(agent) => Cell::link(agent.as_str(), agent_path(agent)),
            Booked::Unmatched => Cell::text(say.t("claims-pay-booked-unmatched")),
            Booked::Before => Cell::text(say.t("claims-pay-booked-before")),
        };
        Line::new(vec![
            Cell::text(say.short_date(told.day)),
            Cell::two(&told.payer, &told.reference),
            Cell::text(say.yen(told.amount)),
            became,
        ])
    });
    let table = Table::new(say, say.t("claims-pay-import-all"), columns, say.t("claims-pay-import-none"));
    let on = Action::link(say.t("claims-pay-to-list"), LIST).primary();
    let body = Stack::new()
        .add(&told.text(say.with("claims-pay-import-counts", &counts)))
        .add(&Actions::new(vec![on]))
        .add(&table.lines(lines.collect()));
    Shown::new(frame, say.t("claims-pay-import"), body)
}
