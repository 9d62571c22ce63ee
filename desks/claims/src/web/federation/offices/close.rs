//! 廃止: a holder that claims no longer cannot sign in; and the way back (C23).

use super::{super::Shown, Asked, about, path, refused, seen};
use crate::{Claims, Record};
use axum::{extract::State, response::Response};
use kit_gate::CheckedForm;
use kit_web::{
    Frame, Refused, Stack, Tone,
    parts::{BackLink, Banner, Details, Form, Undo, Warning},
    see_other,
};

pub(super) async fn show(asked: Asked, frame: Frame) -> Response {
    content(frame, &asked.record, asked.csrf()).ok()
}

pub(super) async fn send(
    State(claims): State<Claims>,
    asked: Asked,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let (record, staff) = (&asked.record, &asked.staff);
    let seen = seen(&form)?;
    let closed = form.get("to") == Some("closed");
    let number = asked.number();
    match claims.close_office(staff.scope(), number.clone(), seen, closed, staff.doer()).await {
        Ok(record) => Ok(see_other(&format!("{}?done={}", path(&number), record.version))),
        Err(refusal) => refused(frame, record, refusal),
    }
}

/// The page.
pub(super) fn content(frame: Frame, record: &Record, csrf: &str) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say;
    let path = path(&record.holder.number);
    let title = say.t(if record.closed { "claims-off-reopen" } else { "claims-off-close" });
    let form = Form::new(format!("{path}/close"), csrf, &title)
        .hidden("version", record.version)
        .hidden("to", if record.closed { "active" } else { "closed" })
        .cancel(say.t("claims-fed-cancel"), &path);
    let form = match record.closed {
        true => form.banner(&Banner::new(say, Tone::Info, say.t("claims-off-reopen-consequence"))),
        false => {
            let undo = Undo::While(say.t("claims-off-close-undo"));
            let warning = Warning::new(say, say.t("claims-off-close-consequence"), &undo);
            form.danger().part(&warning.text(say.t("claims-off-close-certificates")))
        }
    };
    let facts = Details::new()
        .row(say.t("claims-off-number"), record.holder.number.as_str())
        .row(say.t("claims-off-name"), &record.holder.name);
    let body =
        Stack::new().add(&BackLink::new(say, &path).label(say.t("claims-off-to-one"))).add(&facts).add(&form);
    Shown::new(frame, title, body)
}
