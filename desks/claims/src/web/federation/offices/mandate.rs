//! 委任の登録: which agent claims for which care provider, from when until when (C23).

use super::{super::Shown, Asked, about, fields, path};
use crate::{
    Claims, Record,
    office::mandates::TypedMandate,
    words::{HolderKind, HolderNumber},
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::{Kind, Text};
use kit_gate::CheckedForm;
use kit_web::{
    Day, FieldError, Filled, FormData, Frame, Reader, Refused, Say, Stack, Step,
    parts::{BackLink, CheckAnswers, Field, Form, Steps, Width},
    see_other,
};

/// The longest note, in characters.
const LONGEST: usize = 200;

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
    let filled = match (form.step(), read(&frame.say, &form, &record.holder.number)) {
        (Step::Change(_), _) => return Ok(input(frame, record, csrf, &Filled::new(&form)).ok()),
        (Step::Check, Ok(new)) => {
            let other = other(&new, &record.holder.number).clone();
            match claims.record(staff.scope(), other).await {
                Ok(other) => return Ok(check(frame, record, csrf, &form, &new, &other.holder.name).ok()),
                Err(refusal) if refusal.code == "claims.no_office" => {
                    Filled::new(&form).with_errors([FieldError::new("other", refusal.message)])
                }
                Err(refusal) => return Err(refusal.into()),
            }
        }
        (Step::Confirm, Ok(new)) => match claims.enter_mandate(staff.scope(), new, staff.doer()).await {
            Ok(_) => return Ok(see_other(&path(&record.holder.number))),
            Err(refusal) if matches!(refusal.kind, Kind::Refused | Kind::Conflict) => {
                Filled::new(&form).refused(&refusal)
            }
            Err(refusal) => return Err(refusal.into()),
        },
        (_, Err(filled)) => filled,
    };
    Ok(input(frame, record, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// The other of the two.
fn other<'a>(new: &'a TypedMandate, me: &HolderNumber) -> &'a HolderNumber {
    if new.agent == *me { &new.provider } else { &new.agent }
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData, me: &HolderNumber) -> Result<TypedMandate, Filled> {
    let mut reader = Reader::new(say, form);
    let other = fields::number(&mut reader, "other", "claims-off-other");
    if other.as_ref().is_some_and(|other| other.kind() == me.kind()) {
        reader.error("other", of_same_kind(me.kind()));
    }
    let from = reader.date("from", "claims-off-from");
    let typed = |part: &str| !form.get(&format!("until-{part}")).unwrap_or_default().trim().is_empty();
    let until = match ["year", "month", "day"].iter().any(|part| typed(part)) {
        true => reader.date("until", "claims-off-until"),
        false => None,
    };
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        let text = Text::new("始まりの日以後にしてください", "Not before the first day");
        reader.error("until", text);
    }
    let note = reader.optional("note", "claims-off-note", LONGEST);
    reader.done()?;
    // Read without an error, so both are there.
    let (Some(other), Some(from)) = (other, from) else { return Err(Filled::new(form)) };
    let (agent, provider) = match me.kind() {
        HolderKind::Agent => (me.clone(), other),
        HolderKind::Provider => (other, me.clone()),
    };
    Ok(TypedMandate { agent, provider, from, until, note })
}

fn of_same_kind(kind: HolderKind) -> Text {
    match kind {
        HolderKind::Agent => Text::new("事業所番号を入力してください", "Type the number of a care provider"),
        HolderKind::Provider => Text::new("代理人IDを入力してください", "Type the ID of an agent"),
    }
}

/// What the other is called.
fn label(say: &Say, record: &Record) -> String {
    say.t(match record.holder.number.kind() {
        HolderKind::Agent => "claims-off-provider",
        HolderKind::Provider => "claims-off-agent",
    })
}

/// The first page.
pub(super) fn input(frame: Frame, record: &Record, csrf: &str, filled: &Filled) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say.clone();
    let path = path(&record.holder.number);
    let example = match record.holder.number.kind() {
        HolderKind::Agent => "1310000011",
        HolderKind::Provider => "DA13000017",
    };
    let form = Form::new(format!("{path}/mandates/new"), csrf, say.t("claims-fed-to-check"))
        .to_check()
        .field(
            Field::text(say, "other", label(say, record))
                .hint(say.t("claims-off-other-hint"))
                .example(example)
                .width(Width::Chars(12)),
        )
        .field(Field::date(say, "from", say.t("claims-off-from")).day(Day::of(frame.now)))
        .field(
            Field::date(say, "until", say.t("claims-off-until"))
                .optional()
                .hint(say.t("claims-off-until-hint")),
        )
        .field(
            Field::text(say, "note", say.t("claims-off-note"))
                .optional()
                .hint(say.t("claims-off-note-hint"))
                .max(LONGEST),
        )
        .cancel(say.t("claims-fed-cancel"), &path)
        .filled(filled);
    let frame = frame
        .errors(filled.summary(say))
        .help(say.t("claims-off-help-mandate"), say.t("claims-off-help-mandate-text"));
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-off-to-one")))
        .add(&Steps::input(say))
        .add(&form);
    Shown::new(frame, say.t("claims-off-mandate-new"), body)
}

/// The second page; `name` is that of the other.
pub(super) fn check(
    frame: Frame,
    record: &Record,
    csrf: &str,
    form: &FormData,
    new: &TypedMandate,
    name: &str,
) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say;
    let path = format!("{}/mandates/new", path(&record.holder.number));
    let until = new.until.map_or_else(|| say.t("claims-off-until-open"), |day| say.day(day));
    let other = other(new, &record.holder.number);
    let answers = CheckAnswers::new(say, path, csrf, say.t("claims-off-mandate-do"))
        .carry(form, &[])
        .answer(label(say, record), format!("{other}　{name}"), "other")
        .answer(say.t("claims-off-from"), say.day(new.from), "from")
        .answer(say.t("claims-off-until"), until, "until")
        .answer(say.t("claims-off-note"), &new.note, "note");
    let body = Stack::new().add(&Steps::check(say)).add(&answers);
    let title = say.t("claims-off-mandate-check");
    Shown::new(frame, title, body)
}
