//! Downloading: the issue password, then the file (C5).

use super::parts;
use crate::{
    Claims,
    case::{Case, Holding},
    service::{CaseFile, Download},
    status::Deed,
    tell,
    web::{Applicant, attached, number},
    words::KeyState,
};
use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use core_words::{Kind, Refusal, Text};
use kit_gate::CheckedForm;
use kit_web::{
    FieldError, Filled, Frame, Reader, Refused, Say, Stack, Tone, page,
    parts::{Action, Actions, Banner, Field},
    see_other,
};

/// The name of the field with the issue password, here and on the page of confirmation.
pub(super) const PASSWORD: &str = "issue_password";

pub(super) async fn show(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(no): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    let file = claims.own_case(applicant.scope(), applicant.holder, number(&no)?, applicant.hat).await?;
    let contact = &claims.settings().contact;
    let Some(shown) = Shown::of(&file, applicant.session.csrf.as_str(), contact, None) else {
        // A link in an old mail: the case's page says why there is nothing to download.
        return Ok(see_other(&tell::path(&file.case.number)));
    };
    Ok(shown.page(frame, StatusCode::OK))
}

pub(super) async fn send(
    State(claims): State<Claims>,
    applicant: Applicant,
    Path(no): Path<String>,
    frame: Frame,
    CheckedForm { session, form }: CheckedForm,
) -> Result<Response, Refused> {
    let (scope, holder, number) = (applicant.scope(), applicant.holder, number(&no)?);
    let mut reader = Reader::new(&frame.say, &form);
    let password = reader.secret(PASSWORD, "claims-issue-password");
    let again = match reader.done() {
        Ok(()) => {
            let refusal =
                match claims.download(scope.clone(), number, holder, password, applicant.doer()).await {
                    Ok(download) => return Ok(attachment(download)),
                    Err(refusal) => refusal,
                };
            let filled = wrong(&form, &refusal).ok_or(refusal)?;
            (filled, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(filled) => (filled, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let file = claims.own_case(scope, holder, number, applicant.hat).await?;
    match Shown::of(&file, session.csrf.as_str(), &claims.settings().contact, Some(&again.0)) {
        Some(shown) => Ok(shown.page(frame, again.1)),
        None => Ok(see_other(&tell::path(&file.case.number))),
    }
}

/// The form again, for what another try may mend; `None` for what has a page to itself.
pub(super) fn wrong(form: &kit_web::FormData, refusal: &Refusal) -> Option<Filled> {
    if is_wrong_password(refusal) {
        return Some(Filled::new(form).with_errors([at_password(refusal)]));
    }
    matches!(refusal.kind, Kind::Unavailable | Kind::TooMany).then(|| Filled::new(form).refused(refusal))
}

/// Whether the issue password was not the right one.
pub(super) fn is_wrong_password(refusal: &Refusal) -> bool {
    matches!(refusal.code, "gate.wrong_secret" | "claims.password_replaced")
}

/// The refusal at the field where it can be mended.
pub(super) fn at_password(refusal: &Refusal) -> FieldError {
    let Refusal { message, next, .. } = refusal;
    let both = Text::new(format!("{}{}", message.ja, next.ja), format!("{} {}", message.en, next.en));
    FieldError::new(PASSWORD, both)
}

/// A file to save. Its octets may be a private key: they are wiped once they are sent.
fn attachment(download: Download) -> Response {
    let Download { name, media_type, octets } = download;
    attached(media_type, &name, Bytes::from_owner(octets))
}

/// What the page shows.
pub(super) struct Shown<'a> {
    file: &'a CaseFile,
    holding: &'a Holding,
    csrf: &'a str,
    contact: &'a Text,
    filled: Option<&'a Filled>,
}

impl<'a> Shown<'a> {
    /// `None` where there is nothing to download any more, or not yet.
    pub(super) fn of(
        file: &'a CaseFile,
        csrf: &'a str,
        contact: &'a Text,
        filled: Option<&'a Filled>,
    ) -> Option<Self> {
        match &file.case.case {
            Case::Issued(holding)
                if file.possible.contains(&Deed::Download)
                    && !matches!(holding.key, KeyState::Erased { .. }) =>
            {
                Some(Self { file, holding, csrf, contact, filled })
            }
            _ => None,
        }
    }

    fn page(&self, frame: Frame, status: StatusCode) -> Response {
        let (frame, body) = self.content(frame);
        page(&frame, &frame.say.t("claims-download-title"), &body, status)
    }

    pub(super) fn content(&self, frame: Frame) -> (Frame, Stack) {
        let say = &frame.say.clone();
        let path = tell::path(&self.file.case.number);
        let frame =
            parts::below_home(frame).crumb(say.t("claims-case"), &path).caption(&self.file.case.number);
        let frame = parts::password_help(frame)
            .help(say.t("claims-help-download"), say.t("claims-help-download-text"));
        let mut frame = parts::ask(frame, self.contact);
        let mut password = Field::password(say, PASSWORD, say.t("claims-issue-password"))
            .hint(say.t("claims-issue-password-hint"))
            .autocomplete("off")
            .after(&parts::LostPassword::new(say));
        if let Some(filled) = self.filled {
            frame = frame.errors(filled.summary(say));
            password = password.filled(filled);
        }
        let form = PasswordForm {
            action: format!("{path}/download"),
            csrf: self.csrf,
            password,
            submit: say.t("claims-download"),
            back: path.clone(),
            back_label: say.t("claims-to-case"),
        };
        let body = self.about(say).add(&form);
        (frame, self.after(say, body))
    }

    /// What is in the file.
    fn about(&self, say: &Say) -> Stack {
        match &self.holding.key {
            KeyState::Kept { until, .. } => {
                let until = [("until", say.date_time(until).into())];
                let banner = Banner::new(say, Tone::Attention, say.with("claims-download-until", &until))
                    .text(say.t("claims-download-until-text"));
                Stack::new().text(&say.t("claims-download-kept")).add(&banner)
            }
            _ => Stack::new().text(&say.t("claims-download-own")),
        }
    }

    /// What to do once the file is saved.
    fn after(&self, say: &Say, body: Stack) -> Stack {
        let path = tell::path(&self.file.case.number);
        let guide = Action::link(say.t("claims-guide"), "/claims/guide");
        let (steps, actions) = match &self.holding.key {
            KeyState::Kept { .. } => (
                ["claims-download-after-1", "claims-download-after-2", "claims-download-after-3"].as_slice(),
                vec![guide, Action::link(say.t("claims-to-confirm"), path)],
            ),
            _ => (["claims-download-after-own-1", "claims-download-after-own-2"].as_slice(), vec![guide]),
        };
        body.heading(&say.t("claims-download-after"))
            .add(&parts::steps(say, steps))
            .add(&Actions::new(actions))
    }
}

#[derive(Template)]
#[template(path = "provider/download.html")]
struct PasswordForm<'a> {
    action: String,
    csrf: &'a str,
    password: Field,
    submit: String,
    back: String,
    back_label: String,
}
