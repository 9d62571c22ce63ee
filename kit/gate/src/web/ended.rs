//! The page 「セッション無効」 (N16), and the one after signing out.

use super::{Return, parts, parts::Staff, sign_in::Shown};
use crate::{
    AccountId, Gate,
    accounts::{self, AccountKind},
    forms::Browser,
    kept::Kept,
    session::{Standing, standing},
};
use axum::{
    extract::{FromRequestParts, Query, Request, State},
    http::StatusCode,
    response::Response,
};
use kit_web::{
    Frame, Stack, Tone, page,
    parts::{Action, Actions, Banner},
};

/// After a page was asked for: says that the session is over, and lets in again.
pub(super) async fn show(State(gate): State<Gate>, Query(back): Query<Return>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let known = standing(&gate, &parts.headers, &mut parts.extensions).await;
    let browser = Browser::of(&gate, &parts.headers);
    let certificate = parts::certificate(&parts.extensions).is_some();
    let Ok(frame) = Frame::from_request_parts(&mut parts, &()).await;
    let kind = kind_of(&gate, &known, back.local().unwrap_or("/")).await;
    let ended = Ended {
        csrf: browser.csrf(&gate),
        kind,
        back: back.local(),
        kept: None,
        lost: false,
        certificate,
        script: gate.passkeys().is_some(),
        deleted: matches!(known, Standing::Nobody),
    };
    browser.hand(&gate, ended.page(frame, StatusCode::OK))
}

/// After a form was sent: the same with what was typed. 401, since the form was not taken.
pub(crate) async fn ended_with_form(
    gate: &Gate,
    mut frame: Frame,
    browser: &Browser,
    known: &Standing,
    (path, certificate): (&str, bool),
    kept: Option<&Kept>,
) -> Response {
    let kind = kind_of(gate, known, path).await;
    // The switch of language asks by GET; the form's own address may know nothing but POST.
    frame.path = "/session-ended".into();
    let ended = Ended {
        csrf: browser.csrf(gate),
        kind,
        back: None,
        kept,
        lost: kept.is_none(),
        certificate,
        script: gate.passkeys().is_some(),
        deleted: matches!(known, Standing::Nobody),
    };
    ended.page(frame, StatusCode::UNAUTHORIZED)
}

/// What the page shows.
pub(super) struct Ended<'a> {
    pub(super) csrf: String,
    pub(super) kind: AccountKind,
    pub(super) back: Option<&'a str>,
    pub(super) kept: Option<&'a Kept>,
    pub(super) lost: bool,
    pub(super) certificate: bool,
    pub(super) script: bool,
    /// There was no cookie at all: signed out elsewhere, or deleted.
    pub(super) deleted: bool,
}

impl Ended<'_> {
    fn page(&self, frame: Frame, status: StatusCode) -> Response {
        let title = frame.say.t("gate-ended");
        let (frame, body) = self.content(frame);
        page(&frame, &title, &body, status)
    }

    pub(super) fn content(&self, frame: Frame) -> (Frame, Stack) {
        let say = &frame.say.clone();
        let why = if self.deleted { say.t("gate-ended-deleted") } else { say.t("gate-ended-idle") };
        let mut body =
            Stack::new().add(&Banner::new(say, Tone::Attention, say.t("gate-ended-now")).text(why));
        if let Some(kept) = self.kept {
            body = body.add(&parts::kept(say, kept));
        } else if self.lost {
            body = body
                .add(&Banner::new(say, Tone::Attention, say.t("gate-lost")).text(say.t("gate-lost-text")));
        }
        let frame = frame.help(say.t("gate-help-ended"), say.t("gate-help-ended-text"));
        let body = match self.kind {
            AccountKind::Applicant => {
                let back = self.back.map(ToOwned::to_owned);
                let shown = Shown { csrf: self.csrf.clone(), back, kept: self.kept, wrong: None };
                body.heading(&say.t("gate-ended-again")).add(&shown.form(say))
            }
            AccountKind::Staff => {
                let (csrf, back, kept) = (self.csrf.clone(), self.back, self.kept);
                let (certificate, script) = (self.certificate, self.script);
                body.add(&Staff { csrf, back, kept, certificate, script }.content(say))
            }
        };
        (frame, body)
    }
}

/// Whose door it is: that of the account whose session it was, else that of the page.
async fn kind_of(gate: &Gate, known: &Standing, path: &str) -> AccountKind {
    if let Standing::Over(Some(account)) = known
        && let Some(kind) = kind_of_account(gate, *account).await
    {
        return kind;
    }
    let staff = gate.settings().staff_paths.iter().any(|prefix| path.starts_with(prefix.as_str()));
    if staff { AccountKind::Staff } else { AccountKind::Applicant }
}

async fn kind_of_account(gate: &Gate, id: AccountId) -> Option<AccountKind> {
    gate.db().read(move |tx| accounts::find(tx, id)).await.ok().flatten().map(|account| account.kind)
}

pub(super) async fn signed_out(frame: Frame) -> Response {
    let title = frame.say.t("gate-signed-out");
    page(&frame, &title, &signed_out_content(&frame), StatusCode::OK)
}

pub(super) fn signed_out_content(frame: &Frame) -> Stack {
    let say = &frame.say;
    let again = Action::link(say.t("gate-sign-in-again"), "/sign-in");
    let staff = Action::link(say.t("gate-to-staff"), "/staff/sign-in").quiet();
    Stack::new()
        .add(
            &Banner::new(say, Tone::Success, say.t("gate-signed-out-now"))
                .text(say.t("gate-signed-out-text")),
        )
        .add(&Actions::new(vec![again, staff]))
}
