//! 相殺額の訂正: a fee that is given back, or taken after all, looked over before it is recorded (C18).

use super::{super::Shown, LIST, below_list};
use crate::{
    Claims,
    service::{NewCorrection, manager_only},
    web::Staff,
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::{CaseNumber, Text, Yen};
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack, Step,
    parts::{BackLink, CheckAnswers, Choice, Field, Form, Steps, Width},
    see_other,
};

const LONGEST: usize = 100;
/// The most yen of one correction: the highest fee that is believed.
const MOST_YEN: i64 = 1_000_000;
const BACK: &str = "back";
const TAKE: &str = "take";

pub(super) async fn show(staff: Staff, frame: Frame) -> Result<Response, Refused> {
    manager_only(&staff.doer())?;
    Ok(input(frame, staff.session.csrf.as_str(), &Filled::default()).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    manager_only(&staff.doer())?;
    let csrf = staff.session.csrf.as_str();
    let filled = match (form.step(), read(&frame.say, &form)) {
        (Step::Change(_), _) => return Ok(input(frame, csrf, &Filled::new(&form)).ok()),
        (Step::Check, Ok(new)) => match claims.charged(staff.scope(), new.case).await {
            Ok((number, net)) => return Ok(check(frame, csrf, &form, &new, &number, net).ok()),
            Err(refusal) => Filled::new(&form).refused(&refusal),
        },
        (Step::Confirm, Ok(new)) => match claims.correct_offset(staff.scope(), new, staff.doer()).await {
            Ok(()) => return Ok(see_other(LIST)),
            Err(refusal) => Filled::new(&form).refused(&refusal),
        },
        (_, Err(filled)) => filled,
    };
    Ok(input(frame, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData) -> Result<NewCorrection, Filled> {
    let mut reader = Reader::new(say, form);
    let typed = reader.text("case", "claims-fed-number", 40);
    let case = CaseNumber::parse(&typed).ok();
    if case.is_none() && !typed.is_empty() {
        let text =
            Text::new("受付番号は C-2026-0000001-7 のような番号です", "A number is such as C-2026-0000001-7");
        reader.error("case", text);
    }
    let way = reader.choice("way", "claims-offset-way", &[BACK, TAKE]);
    let amount = reader.number("amount", "claims-offset-amount", 1..=MOST_YEN);
    let note = reader.text("note", "claims-offset-note", LONGEST);
    reader.done()?;
    // Read without an error, so both are there.
    let (Some(case), Some(amount)) = (case, amount) else { return Err(Filled::new(form)) };
    let amount = Yen(if way == BACK { -amount } else { amount });
    Ok(NewCorrection { case, amount, note })
}

/// The first page.
pub(super) fn input(frame: Frame, csrf: &str, filled: &Filled) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say.clone();
    let frame = frame.help(say.t("claims-offset-help-wrong"), say.t("claims-offset-help-wrong-text"));
    let ways = vec![
        Choice::new(BACK, say.t("claims-offset-way-back")),
        Choice::new(TAKE, say.t("claims-offset-way-take")),
    ];
    let form = Form::new(format!("{LIST}/correct"), csrf, say.t("claims-fed-to-check"))
        .to_check()
        .field(
            Field::text(say, "case", say.t("claims-fed-number"))
                .example("C-2026-0000001-7")
                .width(Width::Chars(20)),
        )
        .field(Field::choice(say, "way", say.t("claims-offset-way"), ways))
        .field(
            Field::number(say, "amount", say.t("claims-offset-amount"))
                .hint(say.t("claims-offset-amount-hint")),
        )
        .field(
            Field::text(say, "note", say.t("claims-offset-note"))
                .hint(say.t("claims-offset-note-hint"))
                .max(LONGEST),
        )
        .cancel(say.t("claims-fed-cancel"), LIST)
        .filled(filled);
    let frame = frame.errors(filled.summary(say));
    let body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-offset-to-list")))
        .text(&say.t("claims-offset-correct-text"))
        .add(&Steps::input(say))
        .add(&form);
    Shown::new(frame, say.t("claims-offset-correct"), body)
}

/// The second page.
pub(super) fn check(
    frame: Frame,
    csrf: &str,
    form: &FormData,
    new: &NewCorrection,
    number: &str,
    net: Yen,
) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say;
    let way = if new.amount.0 < 0 { "claims-offset-way-back" } else { "claims-offset-way-take" };
    // keys: claims-offset-way*
    let answers = CheckAnswers::new(say, format!("{LIST}/correct"), csrf, say.t("claims-offset-correct-do"))
        .carry(form, &[])
        .answer(say.t("claims-fed-number"), new.case.to_string(), "case")
        .fixed(say.t("claims-offset-provider"), number)
        .fixed(say.t("claims-offset-net"), say.yen(net))
        .answer(say.t("claims-offset-way"), say.t(way), "way")
        .answer(say.t("claims-offset-amount"), say.yen(new.amount), "amount")
        .fixed(say.t("claims-offset-after"), say.yen(Yen(net.0.saturating_add(new.amount.0))))
        .answer(say.t("claims-offset-note"), &new.note, "note");
    let body = Stack::new().add(&Steps::check(say)).add(&answers);
    let title = say.t("claims-offset-correct-check");
    Shown::new(frame, title, body)
}
