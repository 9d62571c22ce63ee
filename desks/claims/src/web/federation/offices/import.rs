//! CSVの取込: records out of a file, looked over before any of them is entered (C23).

use super::{
    super::{Shown, findings},
    LIST, below_list,
};
use crate::{
    Claims, RunId,
    office::{
        import::{NotTaken, Plan},
        sheet::MOST_LINES,
    },
    web::Staff,
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_sheet::Findings;
use core_words::Text;
use kit_gate::CheckedForm;
use kit_web::{
    FieldError, Filled, FormData, Frame, Refused, Say, Stack, Step, Tone,
    parts::{BackLink, Banner, Cell, Column, Details, Field, Form, Line, Steps, Table, Undo, Warning},
    see_other,
};
use std::sync::Arc;

/// The field of the file.
const FILE: &str = "file";
/// The most octets of a file that comes by the page; larger ones come by the command line.
pub(super) const MOST_OCTETS: usize = 16 << 20;

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
    if form.step() == Step::Confirm {
        let run = RunId(form.get("run").and_then(|run| run.parse().ok()).unwrap_or_default());
        claims.begin_run(staff.scope(), run, staff.doer()).await?;
        return Ok(see_other(&format!("/claims/desk/runs/{}", run.0)));
    }
    let octets = form.file(FILE).map(|file| file.octets.to_vec()).unwrap_or_default();
    if octets.is_empty() {
        let filled = at_file(&form, frame.say.both("claims-off-import-missing"));
        return Ok(content(frame, csrf, &filled, None).response(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let (filled, findings) = match claims.prepare_import(staff.scope(), Arc::new(octets), staff.doer()).await
    {
        Ok((run, plan)) => return Ok(check(frame, csrf, run, &plan).ok()),
        Err(NotTaken::Sheet(bad)) => (at_file(&form, bad.text()), None),
        Err(NotTaken::Lines(findings)) => {
            (at_file(&form, frame.say.both("claims-off-import-wrong")), Some(findings))
        }
        Err(NotTaken::Refused(refusal)) if refusal.code == "claims.run_empty" => {
            (Filled::new(&form).refused(&refusal), None)
        }
        Err(NotTaken::Refused(refusal)) => return Err((*refusal).into()),
    };
    let page = content(frame, csrf, &filled, findings.as_deref());
    Ok(page.response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What is wrong with the file.
pub(super) fn at_file(form: &FormData, text: Text) -> Filled {
    Filled::new(form).with_errors([FieldError::new(FILE, text)])
}

/// The first page.
pub(super) fn content(frame: Frame, csrf: &str, filled: &Filled, findings: Option<&Findings>) -> Shown {
    let say = &frame.say.clone();
    let frame = below_list(frame)
        .errors(filled.summary(say))
        .help(say.t("claims-off-help-columns"), say.t("claims-off-help-columns-text"))
        .help(say.t("claims-off-help-large"), say.t("claims-off-help-large-text"));
    let limits =
        [("lines", say.number(MOST_LINES.cast_signed()).into()), ("megabytes", (MOST_OCTETS >> 20).into())];
    let form = Form::new(format!("{LIST}/import"), csrf, say.t("claims-fed-to-check"))
        .multipart()
        .field(
            Field::file(say, FILE, say.t("claims-off-import-file"), ".csv")
                .hint(say.with("claims-off-import-file-hint", limits)),
        )
        .cancel(say.t("claims-fed-cancel"), LIST)
        .filled(filled);
    let body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-off-to-list")))
        .add(&Steps::input(say))
        .text(&say.t("claims-off-import-about"));
    let body = findings::told(body, say, &say.t("claims-off-import-findings"), findings);
    Shown::new(frame, say.t("claims-off-import"), body.add(&form))
}

/// The second page: what would be done.
pub(super) fn check(frame: Frame, csrf: &str, run: RunId, plan: &Plan) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say;
    let count = |count: u64| say.number(count.cast_signed());
    let facts = Details::new()
        .row(say.t("claims-off-import-new"), count(plan.new))
        .row(say.t("claims-off-import-changed"), count(plan.changed))
        .row(say.t("claims-off-import-same"), count(plan.same));
    let warning = Warning::new(say, say.t("claims-off-import-consequence"), &Undo::Never)
        .text(say.t("claims-off-import-letters"));
    let form = Form::new(format!("{LIST}/import"), csrf, say.t("claims-off-import-do"))
        .hidden("_step", "confirm")
        .hidden("run", run.0)
        .part(&warning)
        .cancel(say.t("claims-fed-cancel"), LIST);
    let mut body = Stack::new().add(&Steps::check(say)).add(&facts);
    if plan.doubted > 0 {
        let doubted = say.with("claims-off-import-doubted", [("n", plan.doubted.cast_signed().into())]);
        body = body.add(&Banner::new(say, Tone::Attention, doubted)).add(&doubts(say, plan));
    }
    let title = say.t("claims-off-import-check");
    Shown::new(frame, title, body.add(&form))
}

/// Numbers that are worth a look.
fn doubts(say: &Say, plan: &Plan) -> Table {
    let columns = vec![
        Column::new(say.t("claims-pay-import-line")).figures(),
        Column::new(say.t("claims-off-number")).whole(),
    ];
    let lines = plan
        .doubts
        .iter()
        .map(|(line, number)| Line::new(vec![Cell::text(line.to_string()), Cell::text(number.as_str())]));
    Table::new(say, say.t("claims-off-import-doubts"), columns, "").lines(lines.collect())
}
