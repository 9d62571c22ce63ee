//! 通知書の印刷: the letter with the passwords of one holder, for one who begins or who calls (C7, C23). The answer is the
//! file; nothing shows the passwords again.

use super::{super::Shown, Asked, about, path, refused, seen};
use crate::papers::postal;
use crate::{
    Claims, Record,
    web::attached,
    words::{Choice as _, LetterWhy},
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::Kind;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack, Step,
    parts::{BackLink, CheckAnswers, Choice, Details, Field, Form, Steps, Undo, Warning},
};

/// The longest word on how a caller was known, in characters.
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
    let seen = seen(&form)?;
    let filled = match (form.step(), read(&frame.say, &form)) {
        (Step::Change(_), _) => return Ok(input(frame, record, csrf, &Filled::new(&form)).ok()),
        (Step::Check, Ok(why)) => return Ok(check(frame, record, csrf, &form, &why).ok()),
        (Step::Confirm, Ok(why)) => {
            match claims.print_letter(staff.scope(), asked.number(), seen, why, staff.doer()).await {
                Ok(printed) => {
                    let name = format!("{}-letter.pdf", record.holder.number);
                    return Ok(attached("application/pdf", &name, printed.pdf.to_vec()));
                }
                Err(refusal) if refusal.kind == Kind::Refused => Filled::new(&form).refused(&refusal),
                Err(refusal) => return refused(frame, record, refusal),
            }
        }
        (_, Err(filled)) => filled,
    };
    Ok(input(frame, record, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData) -> Result<(LetterWhy, String), Filled> {
    let mut reader = Reader::new(say, form);
    let slugs: Vec<&str> = LetterWhy::ALL.iter().map(|(.., slug)| *slug).collect();
    let why = LetterWhy::of_slug(&reader.choice("why", "claims-off-why", &slugs));
    let identified = match why {
        Some(LetterWhy::Phone) => reader.text("identified", "claims-off-identified", LONGEST),
        _ => reader.optional("identified", "claims-off-identified", LONGEST),
    };
    reader.done()?;
    why.map(|why| (why, identified)).ok_or_else(|| Filled::new(form))
}

/// The first page.
pub(super) fn input(frame: Frame, record: &Record, csrf: &str, filled: &Filled) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say.clone();
    let path = path(&record.holder.number);
    let choices = LetterWhy::ALL.iter().map(|(_, _, slug)| {
        // keys: claims-off-why-*
        Choice::new(*slug, say.t(&format!("claims-off-why-{slug}")))
            .hint(say.t(&format!("claims-off-why-{slug}-hint")))
    });
    let likely = if record.letters == 0 { LetterWhy::New } else { LetterWhy::Phone };
    let version = filled.get("version").and_then(|v| v.parse().ok()).unwrap_or(record.version);
    let form = Form::new(format!("{path}/letter"), csrf, say.t("claims-fed-to-check"))
        .to_check()
        .hidden("version", version)
        .field(Field::choice(say, "why", say.t("claims-off-why"), choices.collect()).value(likely.slug()))
        .field(
            Field::text(say, "identified", say.t("claims-off-identified"))
                .needed(say.t("claims-off-identified-needed"))
                .hint(say.t("claims-off-identified-hint"))
                .example(say.t("claims-off-identified-example"))
                .max(LONGEST),
        )
        .cancel(say.t("claims-fed-cancel"), &path)
        .filled(filled);
    let frame = frame
        .errors(filled.summary(say))
        .help(say.t("claims-off-help-letter"), say.t("claims-off-help-letter-text"));
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-off-to-one")))
        .add(&Steps::input(say))
        .add(&to_whom(say, record))
        .add(&form);
    Shown::new(frame, say.t("claims-off-print"), body)
}

/// To whom and where the letter goes: what is asked of a caller, too.
fn to_whom(say: &Say, record: &Record) -> Details {
    let holder = &record.holder;
    Details::new()
        .row(say.t("claims-off-number"), holder.number.as_str())
        .row(say.t("claims-off-name"), &holder.name)
        .row(say.t("claims-off-address"), format!("〒{}\n{}", postal(&holder.postal), holder.address))
        .row(say.t("claims-off-phone"), &holder.phone)
}

/// The second page.
pub(super) fn check(
    frame: Frame,
    record: &Record,
    csrf: &str,
    form: &FormData,
    (why, identified): &(LetterWhy, String),
) -> Shown {
    let frame = about(frame, record);
    let say = &frame.say;
    let path = path(&record.holder.number);
    let consequence =
        say.t(if record.letters == 0 { "claims-off-print-first" } else { "claims-off-print-again" });
    // keys: claims-off-print-first* claims-off-print-again*
    let warning = Warning::new(say, consequence, &Undo::Never).text(say.t("claims-off-print-once"));
    let holder = &record.holder;
    let answers = CheckAnswers::new(say, format!("{path}/letter"), csrf, say.t("claims-off-print-do"))
        .carry(form, &[])
        .fixed(say.t("claims-off-name"), &holder.name)
        .fixed(say.t("claims-off-address"), format!("〒{}\n{}", postal(&holder.postal), holder.address))
        .answer(say.t("claims-off-why"), say.t(&format!("claims-off-why-{}", why.slug())), "why")
        .answer(say.t("claims-off-identified"), identified, "identified")
        .before(&warning);
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-off-to-one")))
        .add(&Steps::check(say))
        .add(&answers);
    let title = say.t("claims-off-print-check");
    Shown::new(frame, title, body)
}
