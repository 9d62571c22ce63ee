//! Staff register a passkey or client certificate through a one-time link.

use super::{
    parts::{self, PasskeyButton},
    refusal,
    staff::{Answer, told},
};
use crate::{
    Gate, Purpose,
    accounts::Account,
    forms::{Browser, OpenCall, OpenForm},
    refusals,
    token::Token,
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kit_web::{
    Frame, ReadIn, Stack, Tone, page,
    parts::{Action, Actions, Banner, Details},
    see_other,
};
use serde_json::json;
use webauthn_rs::prelude::RegisterPublicKeyCredential;

pub(super) async fn show(State(gate): State<Gate>, Path(link): Path<String>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Some(token) = Token::read(&link) else { return refusal(refusals::dead_link().into()) };
    let account = match gate.link_of(&token, Purpose::Enrol).await {
        Ok(account) => account,
        Err(error) => return refusal(error),
    };
    let browser = Browser::of(&gate, &parts.headers);
    let certificate = parts::certificate(&parts.extensions).is_some();
    let Ok(frame) = Frame::from_request_parts(&mut parts, &()).await;
    let title = frame.say.t("gate-enrol");
    let shown = Shown {
        account: &account,
        csrf: browser.csrf(&gate),
        path: format!("/enrol/{link}"),
        certificate,
        script: gate.passkeys().is_some(),
    };
    browser.hand(&gate, page(&frame, &title, &shown.content(&frame), StatusCode::OK))
}

/// What the page shows.
pub(super) struct Shown<'a> {
    pub(super) account: &'a Account,
    pub(super) csrf: String,
    pub(super) path: String,
    pub(super) certificate: bool,
    pub(super) script: bool,
}

impl Shown<'_> {
    pub(super) fn content(&self, frame: &Frame) -> Stack {
        let say = &frame.say;
        let who = Details::new()
            .row(say.t("gate-name"), &self.account.name)
            .row(say.t("gate-login-name"), &self.account.login);
        let body = Stack::new()
            .text(&say.t("gate-enrol-text"))
            .add(&who)
            .heading(&say.t("gate-passkey"))
            .text(&say.t("gate-enrol-passkey-text"))
            .add(&PasskeyButton::create(say, self.path.clone(), &self.csrf, self.script))
            .heading(&say.t("gate-certificate"));
        if !self.certificate {
            return body.text(&say.t("gate-enrol-certificate-none"));
        }
        let to = format!("{}/certificate", self.path);
        let button = Action::post(say.t("gate-enrol-certificate"), to, &self.csrf);
        body.text(&say.t("gate-enrol-certificate-text")).add(&Actions::new(vec![button]))
    }
}

pub(super) async fn certificate(
    State(gate): State<Gate>,
    Path(link): Path<String>,
    post: OpenForm,
) -> Response {
    let Some(token) = Token::read(&link) else { return refusal(refusals::dead_link().into()) };
    let Some(certificate) = parts::certificate(&post.parts.extensions) else {
        return refusal(refusals::no_certificate().into());
    };
    match gate.enrol_certificate(&token, &certificate).await {
        Ok(()) => see_other("/enrolled"),
        Err(error) => refusal(error),
    }
}

pub(super) async fn begin(
    State(gate): State<Gate>,
    Path(link): Path<String>,
    lang: ReadIn,
    call: OpenCall,
) -> Response {
    let Some(token) = Token::read(&link) else { return told(lang, &refusals::dead_link()) };
    match gate.begin_passkey_enrolment(&token, call.browser.hash(&gate)).await {
        Ok(begun) => Json(begun).into_response(),
        Err(error) => told(lang, &error.refusal()),
    }
}

pub(super) async fn finish(
    State(gate): State<Gate>,
    Path(link): Path<String>,
    lang: ReadIn,
    call: OpenCall,
    body: Result<Json<Answer<RegisterPublicKeyCredential>>, axum::extract::rejection::JsonRejection>,
) -> Response {
    let Some(token) = Token::read(&link) else { return told(lang, &refusals::dead_link()) };
    let Ok(Json(Answer { challenge, answer, .. })) = body else {
        return told(lang, &refusals::unfit_passkey());
    };
    match gate.finish_passkey_enrolment(&token, call.browser.hash(&gate), &challenge, &answer).await {
        Ok(()) => Json(json!({ "go": "/enrolled" })).into_response(),
        Err(error) => told(lang, &error.refusal()),
    }
}

pub(super) async fn done(frame: Frame) -> Response {
    let title = frame.say.t("gate-enrolled");
    page(&frame, &title, &done_content(&frame), StatusCode::OK)
}

pub(super) fn done_content(frame: &Frame) -> Stack {
    let say = &frame.say;
    Stack::new()
        .add(&Banner::new(say, Tone::Success, say.t("gate-enrolled-now")).text(say.t("gate-enrolled-text")))
        .add(&Actions::new(vec![Action::link(say.t("gate-enrolled-next"), "/staff/sign-in").primary()]))
}
