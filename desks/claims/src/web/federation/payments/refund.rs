//! 返金の記録: money that the federation sent back to an agent (C10).

use super::{super::Shown, agent_of, agent_path, below_list};
use crate::{Claims, service::Account, web::Staff};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use core_words::Yen;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack,
    parts::{BackLink, Details, Field, Form, Undo, Warning},
    see_other,
};

const LONGEST: usize = 100;

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(agent): Path<String>,
) -> Result<Response, Refused> {
    let account = claims.account(staff.scope(), agent_of(&agent)?).await?;
    if account.balance.0 == 0 {
        return Ok(see_other(&agent_path(&account.agent.number)));
    }
    Ok(content(frame, &account, staff.session.csrf.as_str(), &Filled::default()).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(agent): Path<String>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let agent = agent_of(&agent)?;
    let filled = match read(&frame.say, &form) {
        Ok((amount, note)) => {
            match claims.refund(staff.scope(), agent.clone(), amount, note, staff.doer()).await {
                Ok(()) => return Ok(see_other(&agent_path(&agent))),
                Err(refusal) => Filled::new(&form).refused(&refusal),
            }
        }
        Err(filled) => filled,
    };
    let account = claims.account(staff.scope(), agent).await?;
    let csrf = staff.session.csrf.as_str();
    Ok(content(frame, &account, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData) -> Result<(Yen, String), Filled> {
    let mut reader = Reader::new(say, form);
    let amount = reader.number("amount", "claims-pay-amount", 1..=i64::from(i32::MAX));
    let note = reader.text("note", "claims-pay-refund-note", LONGEST);
    reader.done()?;
    amount.map(|amount| (Yen(amount), note)).ok_or_else(|| Filled::new(form))
}

/// The page.
pub(super) fn content(frame: Frame, account: &Account, csrf: &str, filled: &Filled) -> Shown {
    let path = agent_path(&account.agent.number);
    let frame = below_list(frame)
        .crumb(account.agent.number.as_str(), &path)
        .caption(format!("{}　{}", account.agent.number, account.agent.name));
    let say = &frame.say.clone();
    let facts = Details::new().row(say.t("claims-pay-balance"), say.yen(account.balance));
    let warning = Warning::new(say, say.t("claims-pay-refund-warning"), &Undo::Never);
    let form = Form::new(format!("{path}/refund"), csrf, say.t("claims-pay-refund-do"))
        .part(&warning)
        .field(Field::number(say, "amount", say.t("claims-pay-amount")).value(account.balance.0.to_string()))
        .field(
            Field::text(say, "note", say.t("claims-pay-refund-note"))
                .hint(say.t("claims-pay-refund-note-hint"))
                .max(LONGEST),
        )
        .cancel(say.t("claims-fed-cancel"), &path)
        .filled(filled);
    let frame = frame.errors(filled.summary(say));
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-pay-to-account")))
        .add(&facts)
        .add(&form);
    Shown::new(frame, say.t("claims-pay-refund"), body)
}
