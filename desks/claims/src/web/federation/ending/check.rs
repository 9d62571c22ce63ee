//! 確認: what goes, and that it does not come back (C13).

use super::{super::Shown, DELETION, deletion};
use crate::{Claims, service::Deletable, web::Staff};
use axum::{extract::State, response::Response};
use core_words::{Kind, Refusal};
use kit_gate::CheckedForm;
use kit_web::{
    Frame, Refused, Stack, Tone, answers,
    parts::{BackLink, Banner, Form, Steps, Undo, Warning},
    see_other,
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
) -> Result<Response, Refused> {
    let deletable = claims.deletable(staff.scope(), 0, staff.hat).await?;
    if deletable.lines.is_empty() {
        return Ok(see_other(DELETION));
    }
    Ok(content(frame, &deletable, staff.session.csrf.as_str(), None).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    CheckedForm { .. }: CheckedForm,
) -> Result<Response, Refused> {
    let refusal = match claims.delete(staff.scope(), staff.doer()).await {
        Ok(number) => return Ok(see_other(&format!("{DELETION}/{number}"))),
        Err(refusal) if refusal.kind == Kind::Conflict => refusal,
        Err(refusal) => return Err(refusal.into()),
    };
    let deletable = claims.deletable(staff.scope(), 0, staff.hat).await?;
    let page = content(frame, &deletable, staff.session.csrf.as_str(), Some(&refusal));
    Ok(page.response(answers::status(refusal.kind)))
}

/// The page; why it was refused, if it was.
pub(super) fn content(frame: Frame, deletable: &Deletable, csrf: &str, refused: Option<&Refusal>) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .crumb(say.t("claims-end-deletion"), DELETION)
        .help(say.t("claims-end-help-archive"), say.t("claims-end-help-archive-text"));
    let mut body = Stack::new()
        .add(&BackLink::new(say, DELETION).label(say.t("claims-end-to-deletion")))
        .add(&Steps::check(say));
    if let Some(refusal) = refused {
        let banner = Banner::new(say, Tone::Attention, say.text(&refusal.message));
        body = body.add(&banner.text(say.text(&refusal.next)));
    }
    let warning = Warning::new(say, say.t("claims-end-warning"), &Undo::Never);
    let form = Form::new(format!("{DELETION}/check"), csrf, say.t("claims-end-do"))
        .danger()
        .part(&warning)
        .cancel(say.t("claims-fed-cancel"), DELETION);
    let body = body.add(&deletion::counts(say, deletable)).add(&form);
    Shown::new(frame, say.t("claims-end-check"), body)
}
