//! 却下: with a reason that the applicant is told, or because they asked for their application back (C9).

use super::{
    Shown, about,
    acts::{carry_out, refused, too_late, warning},
    case_path, facts,
};
use crate::{
    Claims,
    command::Command,
    service::{self, CaseFile, LONGEST_TEXT},
    status::Deed,
    web::{Staff, number},
    words::Rejection,
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
    Filled, FormData, Frame, Reader, Refused, Say, Stack,
    parts::{BackLink, Choice, Field, Form},
};

const REFUSED: &str = "refused";
const WITHDRAWN: &str = "withdrawn";

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
) -> Result<Response, Refused> {
    let file = claims.case(staff.scope(), number(&no)?, staff.hat).await?;
    if let Some(answer) = too_late(&frame, &file, Deed::Reject, &staff) {
        return Ok(answer);
    }
    let asked = Asked::new(&file, staff.session.csrf.as_str(), claims.settings().undo_seconds);
    Ok(content(frame, &asked).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let number = number(&no)?;
    let filled = match read(&frame.say, &form) {
        Ok(rejection) => {
            let command = Command::Reject(rejection);
            match carry_out(&claims, &staff, number, &form, command).await? {
                Ok(done) => return Ok(done),
                Err(refusal) if refusal.kind == Kind::Refused => Filled::new(&form).refused(&refusal),
                Err(refusal) => return Ok(refused(frame, &no, refusal)),
            }
        }
        Err(filled) => filled,
    };
    let file = claims.case(staff.scope(), number, staff.hat).await?;
    let asked = Asked::new(&file, staff.session.csrf.as_str(), claims.settings().undo_seconds);
    Ok(content(frame, &Asked { filled, ..asked }).response(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What was typed, or what is wrong with it.
fn read(say: &Say, form: &FormData) -> Result<Rejection, Filled> {
    let mut reader = Reader::new(say, form);
    let how = reader.choice("how", "claims-fed-how", &[REFUSED, WITHDRAWN]);
    let reason = match how.as_str() {
        REFUSED => reader.lines("reason", "claims-fed-reject-reason", LONGEST_TEXT),
        _ => String::new(),
    };
    reader.done()?;
    service::rejection(how == WITHDRAWN, &reason).map_err(|refusal| Filled::new(form).refused(&refusal))
}

/// What the page asks.
pub(super) struct Asked<'a> {
    file: &'a CaseFile,
    csrf: &'a str,
    undo_seconds: u32,
    filled: Filled,
}

impl<'a> Asked<'a> {
    pub(super) fn new(file: &'a CaseFile, csrf: &'a str, undo_seconds: u32) -> Self {
        Self { file, csrf, undo_seconds, filled: Filled::default() }
    }

    /// The same after this was typed.
    pub(super) fn typed(self, say: &Say, form: &FormData) -> Self {
        let filled = read(say, form).err().unwrap_or_else(|| Filled::new(form));
        Self { filled, ..self }
    }
}

/// The page.
pub(super) fn content(frame: Frame, asked: &Asked<'_>) -> Shown {
    let Asked { file, csrf, undo_seconds, filled } = asked;
    let frame = about(frame, file);
    let say = &frame.say.clone();
    let path = case_path(&file.case.number);
    let choices = vec![
        Choice::new(REFUSED, say.t("claims-fed-how-refused")).hint(say.t("claims-fed-how-refused-hint")),
        Choice::new(WITHDRAWN, say.t("claims-fed-how-withdrawn"))
            .hint(say.t("claims-fed-how-withdrawn-hint")),
    ];
    // The version that was looked at when the form was begun, not the one of now.
    let version = filled.get("version").and_then(|v| v.parse().ok()).unwrap_or(file.case.version);
    let form = Form::new(format!("{path}/reject"), *csrf, say.text(&Deed::Reject.label()))
        .hidden("version", version)
        .danger()
        .part(&warning(say, say.t("claims-fed-reject-warning"), *undo_seconds))
        .field(Field::choice(say, "how", say.t("claims-fed-how"), choices))
        .field(
            Field::textarea(say, "reason", say.t("claims-fed-reject-reason"), 4)
                .needed(say.t("claims-fed-reject-reason-needed"))
                .hint(say.t("claims-fed-reject-reason-hint"))
                .example(say.t("claims-fed-reject-reason-example"))
                .max(LONGEST_TEXT),
        )
        .cancel(say.t("claims-fed-cancel"), &path)
        .filled(filled);
    let frame = frame.errors(filled.summary(say));
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-fed-to-case")))
        .add(&facts::short(say, file))
        .add(&form);
    Shown::new(frame, say.t("claims-fed-reject"), body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;
    use kit_web::testing;

    #[test]
    fn c9_a_rejection_has_a_reason_and_a_withdrawal_needs_none() {
        let say = testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja);
        let long = "あ".repeat(LONGEST_TEXT + 1);
        let typed = |how: &str, reason: &str| {
            read(&say, &FormData::from_pairs([("how", how), ("reason", reason)]).expect("within limits"))
        };
        assert_eq!(typed("refused", " 番号の誤り\n ").ok(), Some(Rejection::Refused("番号の誤り".into())));
        assert_eq!(typed("withdrawn", "").ok(), Some(Rejection::Withdrawn));
        for (how, reason, at) in [
            ("refused", "", "reason"),
            ("refused", "　\n", "reason"),
            ("refused", long.as_str(), "reason"),
            ("", "番号の誤り", "how"),
            ("else", "番号の誤り", "how"),
        ] {
            let filled = typed(how, reason).expect_err("it is not accepted");
            assert!(filled.error(at).is_some(), "{how} {reason}");
            assert_eq!(filled.get("reason"), Some(reason));
        }
    }
}
