//! 委任の終了: from now on the agent claims for the care provider no more; what was stays on record (C23).

use super::{super::Shown, about, number_of, one, path, refused};
use crate::{Claims, Mandate, Record, office, web::Staff};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use kit_gate::CheckedForm;
use kit_web::{
    Filled, Frame, Reader, Refused, Stack,
    parts::{BackLink, Details, Field, Form, Undo, Warning},
    see_other,
};

/// The longest note, in characters.
const LONGEST: usize = 200;

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let (record, mandate) = open(&claims, &staff, &number, &id).await?;
    Ok(content(frame, &record, &mandate, staff.session.csrf.as_str(), &Filled::default()).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path((number, id)): Path<(String, String)>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let (record, mandate) = open(&claims, &staff, &number, &id).await?;
    let mut reader = Reader::new(&frame.say, &form);
    let note = reader.optional("note", "claims-off-note", LONGEST);
    if let Err(filled) = reader.done() {
        let page = content(frame, &record, &mandate, staff.session.csrf.as_str(), &filled);
        return Ok(page.response(StatusCode::UNPROCESSABLE_ENTITY));
    }
    match claims.end_mandate(staff.scope(), mandate.id, note, staff.doer()).await {
        Ok(()) => Ok(see_other(&path(&record.holder.number))),
        Err(refusal) => refused(frame, &record, refusal),
    }
}

/// A mandate of the holder whose page it is reached from.
async fn open(claims: &Claims, staff: &Staff, number: &str, id: &str) -> Result<(Record, Mandate), Refused> {
    let record = claims.record(staff.scope(), number_of(number)?).await?;
    let id = id.parse().map_err(|_| Refused(office::no_mandate()))?;
    let mandate = claims.mandate(staff.scope(), id).await?;
    let theirs = [&mandate.agent.0, &mandate.provider.0].contains(&&record.holder.number);
    if theirs { Ok((record, mandate)) } else { Err(Refused(office::no_mandate())) }
}

/// The page.
pub(super) fn content(
    frame: Frame,
    record: &Record,
    mandate: &Mandate,
    csrf: &str,
    filled: &Filled,
) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say.clone();
    let path = path(&record.holder.number);
    let facts = Details::new()
        .row(say.t("claims-off-agent"), format!("{}　{}", mandate.agent.0, mandate.agent.1))
        .row(say.t("claims-off-provider"), format!("{}　{}", mandate.provider.0, mandate.provider.1))
        .row(say.t("claims-off-mandate-time"), one::days(say, mandate))
        .part(say.t("claims-off-mandate-state"), &one::mandate_state(say, mandate, frame.now));
    let form =
        Form::new(format!("{path}/mandates/{}/end", mandate.id), csrf, say.t("claims-off-mandate-end"))
            .danger()
            .part(&Warning::new(say, say.t("claims-off-mandate-end-consequence"), &Undo::Never))
            .field(Field::text(say, "note", say.t("claims-off-note")).optional().max(LONGEST))
            .cancel(say.t("claims-fed-cancel"), &path)
            .filled(filled);
    let frame = frame.errors(filled.summary(say));
    let body =
        Stack::new().add(&BackLink::new(say, &path).label(say.t("claims-off-to-one"))).add(&facts).add(&form);
    Shown::new(frame, say.t("claims-off-mandate-end"), body)
}
