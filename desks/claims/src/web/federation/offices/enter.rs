//! 事業所・代理人の登録: a new record, looked over before it is entered (C23).

use super::{super::Shown, LIST, below_list, fields, path};
use crate::{Claims, office::NewOffice, web::Staff};
use axum::{extract::State, http::StatusCode, response::Response};
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Refused, Stack, Step,
    parts::{BackLink, CheckAnswers, Form, Steps},
    see_other,
};

pub(super) async fn show(staff: Staff, frame: Frame) -> Response {
    input(frame, staff.session.csrf.as_str(), &Filled::default()).ok()
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let csrf = staff.session.csrf.as_str();
    let filled = match (form.step(), fields::read(&frame.say, &form, None)) {
        (Step::Change(_), _) => return Ok(input(frame, csrf, &Filled::new(&form)).ok()),
        (Step::Check, Ok(new)) => {
            // Told before anything else is looked over.
            match claims.record(staff.scope(), new.number.clone()).await {
                Ok(_) => Filled::new(&form).refused(&crate::office::taken()),
                Err(refusal) if refusal.code == "claims.no_office" => {
                    return Ok(check(frame, csrf, &form, &new).ok());
                }
                Err(refusal) => return Err(refusal.into()),
            }
        }
        (Step::Confirm, Ok(new)) => match claims.enter_office(staff.scope(), new, staff.doer()).await {
            Ok(record) => {
                return Ok(see_other(&format!("{}?done={}", path(&record.holder.number), record.version)));
            }
            Err(refusal) => Filled::new(&form).refused(&refusal),
        },
        (_, Err(filled)) => filled,
    };
    Ok(input(frame, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// The first page.
pub(super) fn input(frame: Frame, csrf: &str, filled: &Filled) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say.clone();
    let form = Form::new(format!("{LIST}/new"), csrf, say.t("claims-fed-to-check")).to_check();
    let form = fields::fields(say, form, None).cancel(say.t("claims-fed-cancel"), LIST).filled(filled);
    let frame = frame
        .errors(filled.summary(say))
        .help(say.t("claims-off-help-number"), say.t("claims-off-help-number-text"));
    let body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-off-to-list")))
        .add(&Steps::input(say))
        .add(&form);
    Shown::new(frame, say.t("claims-off-enter"), body)
}

/// The second page.
pub(super) fn check(frame: Frame, csrf: &str, form: &FormData, new: &NewOffice) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say;
    let page =
        CheckAnswers::new(say, format!("{LIST}/new"), csrf, say.t("claims-off-enter-do")).carry(form, &[]);
    let answers = fields::answers(say, page, new, false);
    let body = Stack::new().add(&Steps::check(say)).add(&answers);
    let title = say.t("claims-off-enter-check");
    Shown::new(frame, title, body)
}
