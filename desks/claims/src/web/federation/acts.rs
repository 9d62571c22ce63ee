//! The acts that need no more than a yes: 発行依頼登録 (C9) and the undoing of what was registered (C19). And how
//! every act is done.

use super::{Shown, about, case_path, facts, overtaken, span};
use crate::{
    Claims,
    command::Command,
    no,
    service::CaseFile,
    status::{Deed, TABLE},
    web::{Staff, number},
    words::Pays,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use core_words::{CaseNumber, Kind, Refusal};
use kit_desk::{Halt, NotInTable, Verb, events::Event};
use kit_gate::CheckedForm;
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone, answers,
    forms::BadForm,
    parts::{BackLink, Banner, Form, Undo, Warning},
    see_other,
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path((no, act)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let (deed, _) = plain(&act).ok_or_else(|| Refused(answers::no_page()))?;
    let file = claims.case(staff.scope(), number(&no)?, staff.hat).await?;
    if let Some(answer) = too_late(&frame, &file, deed, &staff) {
        return Ok(answer);
    }
    let csrf = staff.session.csrf.as_str();
    Ok(content(frame, &file, deed, csrf, claims.settings().undo_seconds).ok())
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path((no, act)): Path<(String, String)>,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let (_, command) = plain(&act).ok_or_else(|| Refused(answers::no_page()))?;
    match carry_out(&claims, &staff, number(&no)?, &form, command).await? {
        Ok(done) => Ok(done),
        Err(refusal) => Ok(refused(frame, &no, refusal)),
    }
}

/// The acts of this page, by their name in an address.
fn plain(slug: &str) -> Option<(Deed, Command)> {
    let commands = [Command::RegisterIssue, Command::UndoIssue, Command::UndoReject, Command::UndoRevocation];
    commands.into_iter().map(|command| (command.deed(), command)).find(|(deed, _)| deed.slug() == slug)
}

/// Does it to the version that the form was made for; the answer leads to the case. What the desk refuses is for the
/// page to show; a form without a version is none of ours.
pub(super) async fn carry_out(
    claims: &Claims,
    staff: &Staff,
    number: CaseNumber,
    form: &FormData,
    command: Command,
) -> Result<Result<Response, Refusal>, Refused> {
    let seen = form.version().ok_or_else(|| Refused::from(BadForm::Form))?;
    let done = claims.act(staff.scope(), number, Some(seen), command, staff.doer()).await;
    Ok(done.map(|case| see_other(&format!("{}?done={}", case_path(&case.number), case.version))))
}

/// Why the page of an act is not shown: it is too late for it, or it is not theirs to do.
pub(super) fn refusal(file: &CaseFile, deed: Deed, staff: &Staff) -> Option<Refusal> {
    match TABLE.line(Some(file.case.case.standing()), deed, staff.hat) {
        Ok(_) => None,
        Err(NotInTable::NotYou) => Some(no::told(Halt::NotYou)),
        Err(NotInTable::NotNow) => {
            let last = file.events.last().cloned().map(Box::new);
            Some(no::told_of(Halt::NotNow { status: None, last }, |last| file.name(last)))
        }
    }
}

/// What is answered where the page of an act is not shown. Whoever did it themselves and came back to its page, by the
/// browser's button, sees the case again, and that it is done.
pub(super) fn too_late(frame: &Frame, file: &CaseFile, deed: Deed, staff: &Staff) -> Option<Response> {
    let refusal = refusal(file, deed, staff)?;
    let number = &file.case.number;
    let mine = |event: &&Event| event.account == Some(staff.session.account.0) && event.verb == deed.slug();
    Some(match file.events.last().filter(mine) {
        Some(event) => see_other(&format!("{}?done={}", case_path(number), event.version)),
        None => refused(frame.clone(), number, refusal),
    })
}

/// The page of a refusal: of one who came second, with the way on; of any other, as everywhere.
pub(super) fn refused(frame: Frame, number: &str, refusal: Refusal) -> Response {
    match refusal.kind {
        Kind::Conflict => overtaken(frame, number, &refusal).response(StatusCode::CONFLICT),
        _ => Refused(refusal).into_response(),
    }
}

/// The page.
pub(super) fn content(frame: Frame, file: &CaseFile, deed: Deed, csrf: &str, undo_seconds: u32) -> Shown {
    let frame = about(frame, file);
    let say = &frame.say;
    let path = case_path(&file.case.number);
    let form = Form::new(format!("{path}/{}", deed.slug()), csrf, say.text(&deed.label()))
        .hidden("version", file.case.version)
        .cancel(say.t("claims-fed-cancel"), &path);
    let form = if deed == Deed::RegisterIssue {
        form.part(&warning(say, say.t("claims-fed-register-warning"), undo_seconds))
    } else {
        form.banner(&undoing(say, file, deed))
    };
    let body = Stack::new()
        .add(&BackLink::new(say, &path).label(say.t("claims-fed-to-case")))
        .add(&facts::short(say, file))
        .add(&form);
    let title = say.text(&deed.label()).to_owned();
    Shown::new(frame, title, body)
}

/// What follows from an act, and for how long a manager can undo it.
pub(super) fn warning(say: &Say, consequence: String, undo_seconds: u32) -> Warning {
    let span = say.with("claims-fed-undo-while", [("span", span(say, undo_seconds).into())]);
    Warning::new(say, consequence, &Undo::While(span))
}

/// What is as before once it was undone, and until when that is possible.
fn undoing(say: &Say, file: &CaseFile, deed: Deed) -> Banner {
    let consequence = match deed {
        Deed::UndoRevocation => say.t("claims-fed-undo-revocation-consequence"),
        _ => match (&file.case.case.application().pays, deed) {
            (Pays::Offset(_), _) => say.t("claims-fed-undo-consequence"),
            (Pays::Transfer { .. }, Deed::UndoReject) => say.t("claims-fed-undo-reject-agent"),
            (Pays::Transfer { .. }, _) => say.t("claims-fed-undo-payment"),
        },
    };
    let banner = Banner::new(say, Tone::Info, consequence);
    match file.case.case.takes() {
        Some(at) => banner.text(say.with("claims-fed-undo-until", [("time", say.date_time(at).into())])),
        None => banner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Hat;

    #[test]
    fn c19_acts_have_addresses_and_what_the_house_does_has_none() {
        for slug in ["register-issue", "undo-issue", "undo-reject", "undo-revocation"] {
            let (deed, command) = plain(slug).expect("an act of staff");
            assert_eq!((deed.slug(), command.deed()), (slug, deed));
        }
        for line in TABLE.0.iter().filter(|line| !line.by.contains(&Hat::Manager)) {
            assert!(plain(line.verb.slug()).is_none(), "{:?}", line.verb);
        }
    }
}
