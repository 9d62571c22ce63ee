//! 振込人の確認: whose a transfer is of which nobody knew (C10).

use super::{super::Shown, LIST, agent_path, agent_typed, below_list};
use crate::{Claims, no, store::accounts::Deposit, web::Staff, words::HolderNumber};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use core_words::Kind;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack,
    parts::{BackLink, Details, Field, Form, Width},
    see_other,
};

const LONGEST: usize = 100;

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let deposit = open(&claims, &staff, &id).await?;
    Ok(content(frame, &deposit, staff.session.csrf.as_str(), &Filled::default()).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(id): Path<String>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let deposit = open(&claims, &staff, &id).await?;
    let filled = match read(&frame.say, &form) {
        Ok((agent, note)) => {
            let done =
                claims.assign_deposit(staff.scope(), deposit.id, agent.clone(), note, staff.doer()).await;
            match done {
                Ok(()) => return Ok(see_other(&agent_path(&agent))),
                Err(refusal) if refusal.kind == Kind::Conflict => return Err(refusal.into()),
                Err(refusal) => Filled::new(&form).refused(&refusal),
            }
        }
        Err(filled) => filled,
    };
    let csrf = staff.session.csrf.as_str();
    Ok(content(frame, &deposit, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// The transfer, as long as nobody has said whose it is.
async fn open(claims: &Claims, staff: &Staff, id: &str) -> Result<Deposit, Refused> {
    let id = id.parse().map_err(|_| Refused(no::no_deposit()))?;
    let deposit = claims.deposit(staff.scope(), id).await?;
    match deposit.holder {
        None => Ok(deposit),
        Some(_) => Err(no::deposit_assigned().into()),
    }
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData) -> Result<(HolderNumber, String), Filled> {
    let mut reader = Reader::new(say, form);
    let agent = agent_typed(&mut reader, true);
    let note = reader.optional("note", "claims-pay-note", LONGEST);
    reader.done()?;
    agent.map(|agent| (agent, note)).ok_or_else(|| Filled::new(form))
}

/// The page.
pub(super) fn content(frame: Frame, deposit: &Deposit, csrf: &str, filled: &Filled) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say.clone();
    let facts = Details::new()
        .row(say.t("claims-pay-day"), say.date(deposit.day))
        .row(say.t("claims-pay-payer"), &deposit.payer)
        .row(say.t("claims-pay-amount"), say.yen(deposit.amount))
        .row(say.t("claims-pay-reference"), &deposit.reference)
        .row(say.t("claims-pay-note"), &deposit.note);
    let form = Form::new(format!("{LIST}/{}", deposit.id), csrf, say.t("claims-pay-assign-do"))
        .field(
            Field::text(say, "agent", say.t("claims-pay-agent"))
                .hint(say.t("claims-pay-assign-hint"))
                .example("DA13000017")
                .width(Width::Chars(12)),
        )
        .field(Field::text(say, "note", say.t("claims-pay-note")).optional().max(LONGEST))
        .cancel(say.t("claims-fed-cancel"), LIST)
        .filled(filled);
    let frame = frame.errors(filled.summary(say));
    let body =
        Stack::new().add(&BackLink::new(say, LIST).label(say.t("claims-pay-to-list"))).add(&facts).add(&form);
    Shown::new(frame, say.t("claims-pay-assign"), body)
}
