//! Mass work over chosen cases (C9, K10, K11): what is to be done, then what that means for how many, and what is passed
//! over and why. Nothing is changed before it is confirmed; what was confirmed is what is done.

use super::{
    super::{LIST as CASES, Shown, acts::warning, query},
    NEW, PICKED,
    confirm::{Checked, begun, nothing, token, total},
    figure, run_path,
    show::said,
};
use crate::{
    Claims,
    service::{self, LONGEST_TEXT, Plan, Selection, Skipped},
    status::Standing,
    web::{Staff, show::tag},
    words::Rejection,
    work::{Message, Work},
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use core_words::CaseNumber;
use kit_desk::Status;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack, Step, Tone,
    parts::{Action, BackLink, Banner, Cell, Choice, Column, Details, Field, Form, Line, Steps, Table},
    see_other,
};

/// What can be done to chosen cases, by the values of the form.
const WORKS: [&str; 4] = ["issue", "reject", "withdraw", "notify"];

pub(super) async fn show(staff: Staff, frame: Frame, RawQuery(asked): RawQuery) -> Response {
    let form = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    input(frame, &form, staff.session.csrf.as_str(), &Filled::default()).ok()
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let csrf = staff.session.csrf.as_str();
    // Come from the list with its boxes: nothing is typed yet.
    let begins = form.get("work").is_none() && form.step() == Step::Check;
    if begins || matches!(form.step(), Step::Change(_)) {
        let filled = if begins { Filled::default() } else { Filled::new(&form) };
        return Ok(input(frame, &form, csrf, &filled).ok());
    }
    if let Some(there) = begun(&claims, &staff, &form).await? {
        return Ok(there);
    }
    let work = match read(&frame.say, &form) {
        Ok(work) => work,
        Err(filled) => {
            return Ok(input(frame, &form, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let plan = match claims.plan(staff.scope(), selection(&form), &work, staff.hat).await {
        Ok(plan) => plan,
        Err(refusal) if refusal.code == "claims.run_too_long" => {
            let filled = Filled::new(&form).refused(&refusal);
            return Ok(input(frame, &form, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let confirmed = form.step() == Step::Confirm;
    let same = form.get("proof") == Some(plan.proof.as_str());
    if !confirmed || !same || plan.lines.is_empty() {
        let token = claims.run_token();
        let asked =
            Checked { form: &form, work: &work, plan: &plan, token: &token, changed: confirmed && !same };
        let page = check(frame, &asked, csrf, claims.settings().undo_seconds);
        let status = if confirmed { StatusCode::CONFLICT } else { StatusCode::OK };
        return Ok(page.response(status));
    }
    let id = claims.start_run(staff.scope(), work, token(&form), plan.lines, staff.doer()).await?;
    Ok(see_other(&run_path(id)))
}

/// Which cases a form names: those that were ticked, or what its search finds.
fn selection(form: &FormData) -> Selection {
    let picked: Vec<CaseNumber> = form.all(PICKED).filter_map(|text| CaseNumber::parse(text).ok()).collect();
    if picked.is_empty() { Selection::Found(query::of_form(form)) } else { Selection::Picked(picked) }
}

/// The choice as fields that go along.
fn carried(form: &FormData) -> Vec<(&'static str, String)> {
    match selection(form) {
        Selection::Picked(numbers) => numbers.iter().map(|number| (PICKED, number.to_string())).collect(),
        Selection::Found(wanted) => query::fields(&wanted),
    }
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData) -> Result<Work, Filled> {
    let mut reader = Reader::new(say, form);
    let work = reader.choice("work", "claims-run-what", &WORKS);
    let mut message = Message { subject: String::new(), text: String::new() };
    let mut reason = String::new();
    match work.as_str() {
        "reject" => reason = reader.lines("reason", "claims-fed-reject-reason", LONGEST_TEXT),
        "notify" => {
            message.subject = reader.text("subject", "claims-run-subject", Message::LONGEST_SUBJECT);
            message.text = reader.lines("text", "claims-run-text", LONGEST_TEXT);
        }
        _ => {}
    }
    reader.done()?;
    let refused = |refusal| Filled::new(form).refused(&refusal);
    Ok(match work.as_str() {
        "issue" => Work::Issue,
        "notify" => Work::Notify(message),
        other => {
            let rejection: Rejection = service::rejection(other == "withdraw", &reason).map_err(refused)?;
            Work::Reject(rejection)
        }
    })
}

/// The first page.
pub(super) fn input(frame: Frame, form: &FormData, csrf: &str, filled: &Filled) -> Shown {
    let say = &frame.say.clone();
    let back = back(form);
    let frame = below_cases(frame).errors(filled.summary(say));
    // keys: claims-run-do-*
    let choice = |slug: &str| Choice::new(slug, say.t(&format!("claims-run-do-{slug}")));
    let mut asked = Form::new(NEW, csrf, say.t("claims-fed-to-check"))
        .to_check()
        .field(Field::choice(say, "work", say.t("claims-run-what"), WORKS.map(choice).to_vec()))
        .section(say.t("claims-run-do-reject"))
        .field(
            Field::textarea(say, "reason", say.t("claims-fed-reject-reason"), 3)
                .needed(say.t("claims-run-reason-needed"))
                .hint(say.t("claims-fed-reject-reason-hint"))
                .max(LONGEST_TEXT),
        )
        .section(say.t("claims-run-do-notify"))
        .field(
            Field::text(say, "subject", say.t("claims-run-subject"))
                .needed(say.t("claims-run-text-needed"))
                .max(Message::LONGEST_SUBJECT),
        )
        .field(
            Field::textarea(say, "text", say.t("claims-run-text"), 6)
                .needed(say.t("claims-run-text-needed"))
                .hint(say.t("claims-run-text-hint"))
                .max(LONGEST_TEXT),
        )
        .cancel(say.t("claims-fed-cancel"), &back)
        .filled(filled);
    for (name, value) in carried(form) {
        asked = asked.hidden(name, value);
    }
    let body = Stack::new()
        .add(&BackLink::new(say, &back).label(say.t("claims-fed-to-list")))
        .add(&Steps::input(say))
        .text(&chosen(say, form))
        .add(&asked);
    Shown::new(frame, say.t("claims-run-start"), body)
}

/// The second page.
pub(super) fn check(frame: Frame, asked: &Checked<'_, Work, Plan>, csrf: &str, undo_seconds: u32) -> Shown {
    let Checked { form, work, plan, .. } = asked;
    let say = &frame.say.clone();
    let frame = below_cases(frame);
    let mut body = asked.begin(say, Stack::new().add(&Steps::check(say)));
    body = body.add(&said(say, Details::new().row(say.t("claims-run-what"), say.text(&work.label())), work));
    body = body.add(&counts(say, plan));
    if !plan.examples.is_empty() {
        body = body.add(&passed_over(say, plan));
    }
    let title = say.t("claims-run-check");
    if plan.lines.is_empty() {
        let way = Action::link(say.t("claims-fed-to-list"), back(form));
        return Shown::new(frame, title, nothing(say, body, None, way));
    }
    let answers = asked.answers(say, NEW, csrf, (plan.lines.len(), &plan.proof), &[]).answer(
        say.t("claims-run-total"),
        total(say, plan.lines.len()),
        "work",
    );
    let answers = match work {
        Work::Notify(_) => {
            answers.before(&Banner::new(say, Tone::Attention, say.t("claims-run-notify-warning")))
        }
        _ => answers.before(&warning(say, say.t("claims-run-warning"), undo_seconds)),
    };
    Shown::new(frame, title, body.add(&answers))
}

/// How many stand where, and what becomes of them.
fn counts(say: &Say, plan: &Plan) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-status")).whole(),
        Column::new(say.t("claims-run-becomes")),
        Column::new(say.t("claims-run-total")).figures(),
    ];
    let number = |many: u64| Cell::text(say.number(figure(many)));
    let fitting = plan.fitting.iter().map(|(standing, many)| {
        Line::new(vec![
            Cell::part(&tag(say, *standing)),
            Cell::text(say.t("claims-run-is-done")),
            number(*many),
        ])
    });
    let skipped = plan.skipped.iter().map(|(why, many)| {
        let status = match why {
            Skipped::Standing(standing) => Cell::part(&tag(say, *standing)),
            Skipped::SameApplicant => Cell::text(""),
        };
        Line::new(vec![status, Cell::text(reason(say, *why)), number(*many)])
    });
    let lines = fitting.chain(skipped).collect();
    Table::new(say, say.t("claims-run-counts"), columns, say.t("claims-run-empty")).lines(lines)
}

/// Those that are passed over, the first of them.
fn passed_over(say: &Say, plan: &Plan) -> Table {
    let columns = vec![
        Column::new(say.t("claims-fed-number")).whole(),
        Column::new(say.t("claims-run-whose")),
        Column::new(say.t("claims-run-why")),
    ];
    let lines = plan.examples.iter().map(|case| {
        let link = Cell::link(&case.number, super::super::case_path(&case.number));
        Line::new(vec![link, Cell::text(&case.holder), Cell::text(reason(say, case.why))])
    });
    Table::new(say, say.t("claims-run-passed-over"), columns, "").lines(lines.collect())
}

fn reason(say: &Say, why: Skipped) -> String {
    match why {
        Skipped::Standing(Standing::AwaitingPayment) => say.t("claims-run-why-payment"),
        Skipped::Standing(standing) => {
            let status = standing.label();
            say.with("claims-run-why-status", [("status", say.text(&status).to_owned().into())])
        }
        Skipped::SameApplicant => say.t("claims-run-why-same"),
    }
}

/// Which cases were chosen, in a sentence.
fn chosen(say: &Say, form: &FormData) -> String {
    match selection(form) {
        Selection::Picked(numbers) => {
            say.with("claims-run-picked", [("n", say.number(figure(numbers.len() as u64)).into())])
        }
        Selection::Found(_) => say.t("claims-run-found"),
    }
}

/// The list as it was.
fn back(form: &FormData) -> String {
    query::address(CASES, &query::of_form(form))
}

fn below_cases(frame: Frame) -> Frame {
    let label = frame.say.t("claims-fed-list");
    frame.crumb(label, CASES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;
    use kit_web::testing;

    fn typed(pairs: &[(&str, &str)]) -> FormData {
        FormData::from_pairs(pairs.iter().copied()).expect("within limits")
    }

    #[test]
    fn c9_mass_work_says_what_it_needs() {
        let say = testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja);
        let long = "あ".repeat(LONGEST_TEXT + 1);
        assert_eq!(read(&say, &typed(&[("work", "issue")])).ok(), Some(Work::Issue));
        assert_eq!(
            read(&say, &typed(&[("work", "withdraw"), ("reason", "x")])).ok(),
            Some(Work::Reject(Rejection::Withdrawn))
        );
        for (pairs, field) in [
            (vec![], "work"),
            (vec![("work", "delete")], "work"),
            (vec![("work", "revoke")], "work"),
            (vec![("work", "reject")], "reason"),
            (vec![("work", "reject"), ("reason", long.as_str())], "reason"),
            (vec![("work", "notify"), ("text", "本文")], "subject"),
            (vec![("work", "notify"), ("subject", "件名")], "text"),
            (vec![("work", "notify"), ("subject", long.as_str()), ("text", "本文")], "subject"),
        ] {
            let filled = read(&say, &typed(&pairs)).expect_err("it is not whole");
            assert!(filled.error(field).is_some(), "{field}");
        }
    }

    #[test]
    fn c8_a_choice_goes_along_as_it_was_made() {
        let number = CaseNumber::new('C', 2026, 7).expect("it fits");
        let ticked = typed(&[("case", &number.to_string()), ("case", "nonsense")]);
        assert_eq!(selection(&ticked), Selection::Picked(vec![number]));
        assert_eq!(carried(&ticked), [("case", number.to_string())]);
        let found = typed(&[("q", "さくら"), ("status", "applied"), ("status", "issued"), ("sort", "kana")]);
        let again = carried(&found);
        let again = typed(&again.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>());
        assert_eq!(selection(&again), selection(&found));
    }
}
