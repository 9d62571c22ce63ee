//! 通知書の一括印刷: the letters of those that have none, as one file (C23).

use super::{super::Shown, LIST, below_list};
use crate::{
    Claims, Record, WantedOffices, Which,
    office::letters::MOST_LETTERS,
    web::{Staff, attached},
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::{Kind, Refusal};
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack, Step, Tone,
    parts::{
        Action, Actions, BackLink, Banner, Cell, CheckAnswers, Column, Field, Form, Line, Steps, Table, Undo,
        Warning, Width,
    },
};

/// Those that wait for their letter.
pub(super) struct Waiting {
    /// How many there are.
    pub(super) total: u64,
    /// The first of them.
    pub(super) first: Vec<Record>,
}

async fn waiting(claims: &Claims, staff: &Staff) -> Result<Waiting, Refused> {
    let wanted = WantedOffices { which: Which::Unlettered, ..WantedOffices::default() };
    let found = claims.offices(staff.scope(), wanted).await?;
    Ok(Waiting { total: found.total(Which::Unlettered), first: found.lines })
}

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
) -> Result<Response, Refused> {
    let waiting = waiting(&claims, &staff).await?;
    Ok(input(frame, &waiting, staff.session.csrf.as_str(), &Filled::default()).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let csrf = staff.session.csrf.as_str();
    let filled = match (form.step(), read(&frame.say, &form)) {
        (Step::Change(_), _) => Filled::new(&form),
        (Step::Check, Ok(most)) => {
            let waiting = waiting(&claims, &staff).await?;
            return Ok(check(frame, &waiting, csrf, &form, most).ok());
        }
        (Step::Confirm, Ok(most)) => {
            return match claims.print_letters(staff.scope(), most, staff.doer()).await {
                Ok(printed) => {
                    let name = format!("letters-{}.pdf", printed.letters.len());
                    Ok(attached("application/pdf", &name, printed.pdf.to_vec()))
                }
                Err(refusal) if matches!(refusal.kind, Kind::Conflict | Kind::Refused) => {
                    Ok(stopped(frame, &refusal).response(StatusCode::CONFLICT))
                }
                Err(refusal) => Err(refusal.into()),
            };
        }
        (_, Err(filled)) => filled,
    };
    let waiting = waiting(&claims, &staff).await?;
    Ok(input(frame, &waiting, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// How many, or what is wrong with that.
pub(super) fn read(say: &Say, form: &FormData) -> Result<u32, Filled> {
    let mut reader = Reader::new(say, form);
    let most = reader.number("most", "claims-off-most", 1..=i64::from(MOST_LETTERS));
    reader.done()?;
    most.and_then(|most| u32::try_from(most).ok()).ok_or_else(|| Filled::new(form))
}

/// The first page.
pub(super) fn input(frame: Frame, waiting: &Waiting, csrf: &str, filled: &Filled) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say.clone();
    let frame = frame
        .errors(filled.summary(say))
        .help(say.t("claims-off-help-letters"), say.t("claims-off-help-letters-text"));
    let body = Stack::new().add(&BackLink::new(say, LIST).label(say.t("claims-off-to-list")));
    let title = say.t("claims-off-letters");
    if waiting.total == 0 {
        let none = Banner::new(say, Tone::Info, say.t("claims-off-letters-all"));
        return Shown::new(frame, title, body.add(&none));
    }
    let count = [("n", say.number(i64::try_from(waiting.total).unwrap_or(i64::MAX)).into())];
    let likely = waiting.total.min(u64::from(MOST_LETTERS));
    let form = Form::new(format!("{LIST}/letters"), csrf, say.t("claims-fed-to-check"))
        .to_check()
        .field(
            Field::number(say, "most", say.t("claims-off-most"))
                .hint(say.with("claims-off-most-hint", [("most", MOST_LETTERS.into())]))
                .width(Width::Chars(4))
                .value(likely.to_string()),
        )
        .cancel(say.t("claims-fed-cancel"), LIST)
        .filled(filled);
    let body = body.add(&Steps::input(say)).text(&say.with("claims-off-letters-about", count)).add(&form);
    Shown::new(frame, title, body)
}

/// The second page.
pub(super) fn check(frame: Frame, waiting: &Waiting, csrf: &str, form: &FormData, most: u32) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say;
    let count = u64::from(most).min(waiting.total);
    let shown =
        say.with("claims-off-letters-count", [("n", i64::try_from(count).unwrap_or(i64::MAX).into())]);
    let warning =
        Warning::new(say, say.t("claims-off-print-first"), &Undo::Never).text(say.t("claims-off-print-once"));
    let answers = CheckAnswers::new(say, format!("{LIST}/letters"), csrf, say.t("claims-off-print-do"))
        .carry(form, &[])
        .answer(say.t("claims-off-most"), shown, "most")
        .before(&warning);
    let columns =
        vec![Column::new(say.t("claims-off-number")).whole(), Column::new(say.t("claims-off-name"))];
    let here = usize::try_from(most).unwrap_or(usize::MAX);
    let lines = waiting.first.iter().take(here).map(|record| {
        Line::new(vec![Cell::text(record.holder.number.as_str()), Cell::text(&record.holder.name)])
    });
    let table = Table::new(say, say.t("claims-off-letters-first"), columns, "").lines(lines.collect());
    let body = Stack::new().add(&Steps::check(say)).add(&answers).add(&table);
    let title = say.t("claims-off-print-check");
    Shown::new(frame, title, body)
}

/// Nothing was printed: why, and the way on.
pub(super) fn stopped(frame: Frame, refusal: &Refusal) -> Shown {
    let frame = below_list(frame);
    let say = &frame.say;
    let told = Banner::new(say, Tone::Attention, say.text(&refusal.message)).text(say.text(&refusal.next));
    let way = Action::link(say.t("claims-off-see-unlettered"), format!("{LIST}?which=unlettered")).primary();
    let title = say.t("claims-off-stopped");
    Shown::new(frame, title, Stack::new().add(&told).add(&Actions::new(vec![way])))
}
