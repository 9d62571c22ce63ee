//! 登録の変更: the record of a holder, in the version that was looked at (C23).

use super::{super::Shown, Asked, about, fields, path, refused, seen};
use crate::{Claims, Record, office::NewOffice};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::Kind;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Refused, Stack, Step,
    parts::{BackLink, CheckAnswers, Form, Steps},
    see_other,
};

pub(super) async fn show(asked: Asked, frame: Frame) -> Response {
    input(frame, &asked.record, asked.csrf(), &Filled::default()).ok()
}

pub(super) async fn send(
    State(claims): State<Claims>,
    asked: Asked,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let (csrf, record, staff) = (asked.csrf(), &asked.record, &asked.staff);
    let seen = seen(&form)?;
    let filled = match (form.step(), fields::read(&frame.say, &form, Some(&record.holder.number))) {
        (Step::Change(_), _) => return Ok(input(frame, record, csrf, &Filled::new(&form)).ok()),
        (Step::Check, Ok(new)) => return Ok(check(frame, record, csrf, &form, &new).ok()),
        (Step::Confirm, Ok(new)) => {
            match claims.change_office(staff.scope(), new, seen, staff.doer()).await {
                Ok(record) => {
                    return Ok(see_other(&format!(
                        "{}?done={}",
                        path(&record.holder.number),
                        record.version
                    )));
                }
                Err(refusal) if refusal.kind == Kind::Refused => Filled::new(&form).refused(&refusal),
                Err(refusal) => return refused(frame, record, refusal),
            }
        }
        (_, Err(filled)) => filled,
    };
    Ok(input(frame, record, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// The first page.
pub(super) fn input(frame: Frame, record: &Record, csrf: &str, filled: &Filled) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say.clone();
    let path = path(&record.holder.number);
    // The version that was looked at when the form was begun, not the one of now.
    let version = filled.get("version").and_then(|v| v.parse().ok()).unwrap_or(record.version);
    let form = Form::new(format!("{path}/edit"), csrf, say.t("claims-fed-to-check"))
        .to_check()
        .hidden("version", version);
    let form = fields::fields(say, form, Some(&record.holder))
        .cancel(say.t("claims-fed-cancel"), &path)
        .filled(filled);
    let frame = frame
        .errors(filled.summary(say))
        .help(say.t("claims-off-help-moved"), say.t("claims-off-help-moved-text"));
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-off-to-one")))
        .add(&Steps::input(say))
        .add(&form);
    Shown::new(frame, say.t("claims-off-edit"), body)
}

/// The second page.
pub(super) fn check(frame: Frame, record: &Record, csrf: &str, form: &FormData, new: &NewOffice) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say;
    let path = format!("{}/edit", path(&record.holder.number));
    let page = CheckAnswers::new(say, path, csrf, say.t("claims-off-edit-do")).carry(form, &[]);
    let answers = fields::answers(say, page, new, true);
    let body = Stack::new().add(&Steps::check(say)).text(&say.t("claims-off-edit-about")).add(&answers);
    let title = say.t("claims-off-edit-check");
    Shown::new(frame, title, body)
}
