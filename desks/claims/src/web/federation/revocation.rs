//! 失効依頼登録: who asked, how and why; looked over before it is registered (C11).

use super::{
    Shown, about,
    acts::{carry_out, refusal, refused, too_late, warning},
    case_path, facts,
};
use crate::{
    Claims,
    command::Command,
    service::{self, CaseFile, LONGEST_TEXT},
    status::Deed,
    web::{Staff, number},
    words::{AskedBy, Channel, RevocationAsk, RevokeReason},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use core_words::Kind;
use kit_desk::Verb;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack, Step,
    parts::{BackLink, CheckAnswers, Choice, Details, Field, Form, Steps},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
) -> Result<Response, Refused> {
    let file = claims.case(staff.scope(), number(&no)?, staff.hat).await?;
    if let Some(answer) = too_late(&frame, &file, Deed::RequestRevocation, &staff) {
        return Ok(answer);
    }
    Ok(input(frame, &file, staff.session.csrf.as_str(), &Filled::default()).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let (number, csrf) = (number(&no)?, staff.session.csrf.as_str());
    let file = claims.case(staff.scope(), number, staff.hat).await?;
    if let Some(refusal) = refusal(&file, Deed::RequestRevocation, &staff) {
        return Ok(refused(frame, &file.case.number, refusal));
    }
    let filled = match (form.step(), read(&frame.say, &form)) {
        (Step::Change(_), _) => {
            return Ok(input(frame, &file, csrf, &Filled::new(&form)).ok());
        }
        (Step::Check, Ok(ask)) => {
            return Ok(check(frame, &file, csrf, &form, &ask, claims.settings().undo_seconds).ok());
        }
        (Step::Confirm, Ok(ask)) => {
            match carry_out(&claims, &staff, number, &form, Command::RequestRevocation(ask)).await? {
                Ok(done) => return Ok(done),
                Err(refusal) if refusal.kind == Kind::Refused => Filled::new(&form).refused(&refusal),
                Err(refusal) => return Ok(refused(frame, &no, refusal)),
            }
        }
        (_, Err(filled)) => filled,
    };
    Ok(input(frame, &file, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData) -> Result<RevocationAsk, Filled> {
    let mut reader = Reader::new(say, form);
    let by = choice::<AskedBy>(&mut reader, "by", "claims-fed-by");
    let channel = choice::<Channel>(&mut reader, "channel", "claims-fed-channel");
    let reason = choice::<RevokeReason>(&mut reader, "reason", "claims-fed-reason");
    let note = match form.get("note").map(str::trim) {
        None | Some("") => String::new(),
        Some(_) => reader.lines("note", "claims-fed-note", LONGEST_TEXT),
    };
    reader.done()?;
    // Read without an error, so each is one of the choices.
    let (Some(by), Some(channel), Some(reason)) = (by, channel, reason) else {
        return Err(Filled::new(form));
    };
    let ask = RevocationAsk { by, channel, reason, note };
    service::revocation(ask).map_err(|refusal| Filled::new(form).refused(&refusal))
}

fn choice<C: crate::words::Choice>(reader: &mut Reader<'_>, name: &str, label: &str) -> Option<C> {
    let slugs: Vec<&str> = C::ALL.iter().map(|(_, _, slug)| *slug).collect();
    C::of_slug(&reader.choice(name, label, &slugs))
}

/// The first page.
pub(super) fn input(frame: Frame, file: &CaseFile, csrf: &str, filled: &Filled) -> Shown {
    let frame = about(frame, file);
    let say = &frame.say.clone();
    let path = case_path(&file.case.number);
    let version = filled.get("version").and_then(|v| v.parse().ok()).unwrap_or(file.case.version);
    // keys: claims-fed-by-* claims-fed-channel-* claims-fed-reason-*
    let choices = |name: &str, slugs: Vec<&'static str>| -> Vec<Choice> {
        slugs.into_iter().map(|slug| Choice::new(slug, say.t(&format!("claims-fed-{name}-{slug}")))).collect()
    };
    let form = Form::new(format!("{path}/request-revocation"), csrf, say.t("claims-fed-to-check"))
        .hidden("version", version)
        .to_check()
        .field(Field::choice(say, "by", say.t("claims-fed-by"), choices("by", slugs::<AskedBy>())))
        .field(Field::choice(
            say,
            "channel",
            say.t("claims-fed-channel"),
            choices("channel", slugs::<Channel>()),
        ))
        .field(
            Field::choice(
                say,
                "reason",
                say.t("claims-fed-reason"),
                choices("reason", slugs::<RevokeReason>()),
            )
            .hint(say.t("claims-fed-reason-hint")),
        )
        .field(
            Field::textarea(say, "note", say.t("claims-fed-note"), 3)
                .optional()
                .hint(say.t("claims-fed-note-hint"))
                .max(LONGEST_TEXT),
        )
        .cancel(say.t("claims-fed-cancel"), &path)
        .filled(filled);
    let frame = frame.errors(filled.summary(say));
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-fed-to-case")))
        .add(&Steps::input(say))
        .add(&whose(say, file))
        .add(&form);
    Shown::new(frame, say.t("claims-fed-revoke"), body)
}

fn slugs<C: crate::words::Choice>() -> Vec<&'static str> {
    C::ALL.iter().map(|(_, _, slug)| *slug).collect()
}

/// The second page.
pub(super) fn check(
    frame: Frame,
    file: &CaseFile,
    csrf: &str,
    form: &FormData,
    ask: &RevocationAsk,
    undo_seconds: u32,
) -> Shown {
    let frame = about(frame, file);
    let say = &frame.say;
    let path = format!("{}/request-revocation", case_path(&file.case.number));
    let answers = CheckAnswers::new(say, path, csrf, say.text(&Deed::RequestRevocation.label()))
        .carry(form, &[])
        .answer(say.t("claims-fed-by"), facts::by(say, ask), "by")
        .answer(say.t("claims-fed-channel"), facts::channel(say, ask), "channel")
        .answer(say.t("claims-fed-reason"), facts::reason(say, ask), "reason")
        .answer(say.t("claims-fed-note"), &ask.note, "note")
        .before(&warning(say, say.t("claims-fed-revoke-warning"), undo_seconds));
    let body = Stack::new().add(&Steps::check(say)).add(&whose(say, file)).add(&answers);
    let title = say.t("claims-fed-revoke-check");
    Shown::new(frame, title, body)
}

/// Whose certificate it is, and which: compared with what the caller says.
fn whose(say: &Say, file: &CaseFile) -> Details {
    let details = facts::short(say, file);
    match file.case.case.holding() {
        Some(holding) => details
            .row(say.t("claims-fed-address"), &file.holder.address)
            .row(say.t("claims-fed-phone"), &file.holder.phone)
            .row(say.t("claims-fed-valid-until"), say.date(holding.certificate.not_after.micros())),
        None => details,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;
    use kit_web::testing;

    #[test]
    fn c11_who_asked_how_and_why_must_be_said() {
        let say = testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja);
        let whole = [("by", "provider"), ("channel", "phone"), ("reason", "closed"), ("note", " 廃業 ")];
        let form =
            |pairs: &[(&str, &str)]| FormData::from_pairs(pairs.iter().copied()).expect("within limits");
        let ask = read(&say, &form(&whole)).expect("it is whole");
        assert_eq!(
            (ask.by, ask.channel, ask.reason),
            (AskedBy::Provider, Channel::Phone, RevokeReason::Closed)
        );
        assert_eq!(ask.note, "廃業");
        for missing in ["by", "channel", "reason"] {
            let part: Vec<_> = whole.into_iter().filter(|(name, _)| *name != missing).collect();
            let filled = read(&say, &form(&part)).expect_err("it is not whole");
            assert!(filled.error(missing).is_some() && filled.errors().len() == 1, "{missing}");
        }
        let long = "あ".repeat(LONGEST_TEXT + 1);
        let filled = read(&say, &form(&[whole[0], whole[1], whole[2], ("note", &long)]));
        assert!(filled.expect_err("it is too long").error("note").is_some());
    }
}
