//! 入金の入力: a transfer out of the bank book, looked over before it is entered (C10).

use super::{super::Shown, LIST, agent_path, agent_typed, below_list, unknown_agent};
use crate::{Claims, service::TypedDeposit, web::Staff, words::HolderNumber};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::{Text, UtcMicros, Yen};
use kit_gate::CheckedForm;
use kit_web::{
    Day, Filled, FormData, Frame, Reader, Refused, Say, Stack, Step,
    parts::{BackLink, CheckAnswers, Field, Form, Steps, Width},
    see_other,
};

/// The longest name of a payer and the longest reference, in characters.
const LONGEST: usize = 100;
/// The most yen in one transfer.
const MOST_YEN: i64 = 1_000_000_000;

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
    let filled = match (form.step(), read(&frame.say, &form, claims.now())) {
        (Step::Change(_), _) => return Ok(input(frame, csrf, &Filled::new(&form)).ok()),
        (Step::Check, Ok(new)) => match named(&claims, &staff, new.agent.clone()).await? {
            Some(name) => return Ok(check(frame, csrf, &form, &new, &name).ok()),
            None => Filled::new(&form).with_errors([unknown_agent()]),
        },
        (Step::Confirm, Ok(new)) => {
            let agent = new.agent.clone();
            match claims.enter_deposit(staff.scope(), new, staff.doer()).await {
                Ok(_) => {
                    let to = agent.map_or_else(|| LIST.to_owned(), |agent| agent_path(&agent));
                    return Ok(see_other(&to));
                }
                Err(refusal) => Filled::new(&form).refused(&refusal),
            }
        }
        (_, Err(filled)) => filled,
    };
    Ok(input(frame, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What the agent is called, empty where none is named; `None` when there is none of this ID.
async fn named(
    claims: &Claims,
    staff: &Staff,
    agent: Option<HolderNumber>,
) -> Result<Option<String>, Refused> {
    let Some(agent) = agent else { return Ok(Some(String::new())) };
    match claims.account(staff.scope(), agent).await {
        Ok(account) => Ok(Some(account.agent.name)),
        Err(refusal) if refusal.code == "claims.no_agent" => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData, now: UtcMicros) -> Result<TypedDeposit, Filled> {
    let mut reader = Reader::new(say, form);
    let day = reader.date("day", "claims-pay-day");
    if day.is_some_and(|day| day > Day::of(now)) {
        let text = Text::new("入金日は今日までの日付にしてください", "The day must not be in the future");
        reader.error("day", text);
    }
    let amount = reader.number("amount", "claims-pay-amount", 1..=MOST_YEN);
    let payer = reader.text("payer", "claims-pay-payer", LONGEST);
    let agent = agent_typed(&mut reader, false);
    let reference = reader.optional("reference", "claims-pay-reference", LONGEST);
    let note = reader.optional("note", "claims-pay-note", LONGEST);
    reader.done()?;
    // Read without an error, so both are there.
    let (Some(day), Some(amount)) = (day, amount) else { return Err(Filled::new(form)) };
    Ok(TypedDeposit { agent, day: day.begins(), amount: Yen(amount), payer, reference, note })
}

/// The first page.
pub(super) fn input(frame: Frame, csrf: &str, filled: &Filled) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say.clone();
    let form = Form::new(format!("{LIST}/new"), csrf, say.t("claims-fed-to-check"))
        .to_check()
        .field(Field::date(say, "day", say.t("claims-pay-day")))
        .field(Field::number(say, "amount", say.t("claims-pay-amount")).hint(say.t("claims-pay-amount-hint")))
        .field(
            Field::text(say, "payer", say.t("claims-pay-payer"))
                .hint(say.t("claims-pay-payer-hint"))
                .max(LONGEST),
        )
        .field(
            Field::text(say, "agent", say.t("claims-pay-agent"))
                .optional()
                .hint(say.t("claims-pay-agent-hint"))
                .example("DA13000017")
                .width(Width::Chars(12)),
        )
        .field(Field::text(say, "reference", say.t("claims-pay-reference")).optional().max(LONGEST))
        .field(Field::text(say, "note", say.t("claims-pay-note")).optional().max(LONGEST))
        .cancel(say.t("claims-fed-cancel"), LIST)
        .filled(filled);
    let frame = frame.errors(filled.summary(say));
    let body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-pay-to-list")))
        .add(&Steps::input(say))
        .add(&form);
    Shown::new(frame, say.t("claims-pay-enter"), body)
}

/// The second page.
pub(super) fn check(frame: Frame, csrf: &str, form: &FormData, new: &TypedDeposit, name: &str) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say;
    let whose = match &new.agent {
        Some(agent) => format!("{agent}　{name}"),
        None => say.t("claims-pay-nobody"),
    };
    let answers = CheckAnswers::new(say, format!("{LIST}/new"), csrf, say.t("claims-pay-enter-do"))
        .carry(form, &[])
        .answer(say.t("claims-pay-day"), say.date(new.day), "day")
        .answer(say.t("claims-pay-amount"), say.yen(new.amount), "amount")
        .answer(say.t("claims-pay-payer"), &new.payer, "payer")
        .answer(say.t("claims-pay-agent"), whose, "agent")
        .answer(say.t("claims-pay-reference"), &new.reference, "reference")
        .answer(say.t("claims-pay-note"), &new.note, "note");
    let body = Stack::new().add(&Steps::check(say)).add(&answers);
    let title = say.t("claims-pay-enter-check");
    Shown::new(frame, title, body)
}
