//! Applicants sign in by ID and password.

use super::{Return, home, let_in, parts};
use crate::{
    ClientAddress, Gate,
    forms::{Browser, OpenForm},
    kept::Kept,
    session::{MaybeSession, standing},
};
use axum::{
    extract::{FromRequestParts, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use core_words::Refusal;
use kit_web::{
    Filled, FormData, Frame, Stack,
    forms::{half_width, trimmed},
    page,
    parts::{Action, Actions, Field, Form, Width},
    see_other,
};

pub(super) async fn show(
    State(gate): State<Gate>,
    Query(back): Query<Return>,
    MaybeSession(session): MaybeSession,
    headers: HeaderMap,
    frame: Frame,
) -> Response {
    if let Some(session) = session {
        return see_other(back.local().unwrap_or_else(|| home(&gate, session.kind)));
    }
    let browser = Browser::of(&gate, &headers);
    let shown = Shown { csrf: browser.csrf(&gate), back: back.local().map(Into::into), ..Shown::default() };
    browser.hand(&gate, shown.page(frame, StatusCode::OK))
}

pub(super) async fn send(State(gate): State<Gate>, post: OpenForm) -> Response {
    let OpenForm { browser, form, mut parts } = post;
    let Ok(frame) = Frame::from_request_parts(&mut parts, &()).await;
    let before = standing(&gate, &parts.headers, &mut parts.extensions).await;
    let login = half_width(&trimmed(form.get("login").unwrap_or_default()));
    let from = parts.extensions.get::<ClientAddress>().map(|address| address.0);
    let kept = Kept::of_sign_in(&form);
    let back = Return { path: form.get("return").unwrap_or_default().to_owned() };
    let replaced = parts::before(&gate, &parts.headers);
    match gate.sign_in_after(&login, form.secret("password"), from, replaced).await {
        Ok(signed_in) => let_in(&gate, frame, &signed_in, &before, kept, back.local()),
        Err(error) => {
            let refusal = error.refusal();
            let shown = Shown {
                csrf: browser.csrf(&gate),
                back: back.local().map(Into::into),
                kept: kept.as_ref(),
                wrong: Some((&refusal, &form)),
            };
            let status = kit_web::answers::status(refusal.kind);
            shown.page(frame, status)
        }
    }
}

/// What the page shows.
#[derive(Default)]
pub(super) struct Shown<'a> {
    pub(super) csrf: String,
    pub(super) back: Option<String>,
    pub(super) kept: Option<&'a Kept>,
    pub(super) wrong: Option<(&'a Refusal, &'a FormData)>,
}

impl Shown<'_> {
    pub(super) fn page(&self, frame: Frame, status: StatusCode) -> Response {
        let title = frame.say.t("gate-sign-in");
        let (frame, body) = self.content(frame);
        page(&frame, &title, &body, status)
    }

    pub(super) fn content(&self, frame: Frame) -> (Frame, Stack) {
        let say = &frame.say.clone();
        let mut body = Stack::new();
        if let Some(kept) = self.kept {
            body = body.add(&parts::kept(say, kept));
        }
        let mut frame = frame
            .help(say.t("gate-help-forgot"), say.t("gate-help-forgot-text"))
            .help(say.t("gate-help-locked"), say.t("gate-help-locked-text"));
        let mut form = self.form(say);
        if let Some((refusal, typed)) = self.wrong {
            let filled = Filled::new(typed).refused(refusal);
            frame = frame.errors(filled.summary(say));
            form = form.filled(&filled);
        }
        let staff = Actions::new(vec![Action::link(say.t("gate-to-staff"), "/staff/sign-in").quiet()]);
        (frame, body.add(&form).add(&staff))
    }

    /// The form alone, for the page of an ended session too.
    pub(super) fn form(&self, say: &kit_web::Say) -> Form {
        let login = Field::text(say, "login", say.t("gate-login"))
            .hint(say.t("gate-login-hint"))
            .autocomplete("username")
            .width(Width::Chars(30));
        let password =
            Field::password(say, "password", say.t("gate-password")).autocomplete("current-password");
        let mut form =
            Form::new("/sign-in", &self.csrf, say.t("gate-sign-in-button")).field(login).field(password);
        if let Some(back) = &self.back {
            form = form.hidden("return", back);
        }
        match self.kept {
            Some(kept) => kept.carry(form),
            None => form,
        }
    }
}
