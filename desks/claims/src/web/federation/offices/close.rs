//! 廃止: a holder that claims no longer cannot sign in; and the way back (C23).

use super::{super::Shown, about, number_of, path, refused};
use crate::{Claims, Record, web::Staff};
use axum::{
    extract::{Path, State},
    response::Response,
};
use kit_gate::CheckedForm;
use kit_web::{
    Frame, Refused, Stack, Tone,
    forms::BadForm,
    parts::{BackLink, Banner, Details, Form, Undo, Warning},
    see_other,
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(number): Path<String>,
) -> Result<Response, Refused> {
    let record = claims.record(staff.scope(), number_of(&number)?).await?;
    Ok(content(frame, &record, staff.session.csrf.as_str()).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(number): Path<String>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let record = claims.record(staff.scope(), number_of(&number)?).await?;
    let seen = form.version().ok_or_else(|| Refused::from(BadForm::Form))?;
    let closed = form.get("to") == Some("closed");
    let number = record.holder.number.clone();
    match claims.close_office(staff.scope(), number.clone(), seen, closed, staff.doer()).await {
        Ok(record) => Ok(see_other(&format!("{}?done={}", path(&number), record.version))),
        Err(refusal) => refused(frame, &record, refusal),
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
