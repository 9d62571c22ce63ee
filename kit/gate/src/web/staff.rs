//! Staff sign in by passkey or client certificate.

use super::{Return, home, let_in, parts, parts::Staff, refusal};
use crate::{
    Gate, GateError,
    forms::{Browser, OpenCall, OpenForm, add_cookie},
    kept::Kept,
    refusals,
    session::{MaybeSession, standing},
};
use axum::{
    Json,
    extract::{FromRequestParts, Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use core_words::Refusal;
use kit_web::{
    Frame, ReadIn, Stack, page,
    parts::{Action, Actions},
    see_other,
};
use serde::Deserialize;
use serde_json::json;
use webauthn_rs::prelude::PublicKeyCredential;

pub(super) async fn show(
    State(gate): State<Gate>,
    Query(back): Query<Return>,
    MaybeSession(session): MaybeSession,
    request: Request,
) -> Response {
    if let Some(session) = session {
        return see_other(back.local().unwrap_or_else(|| home(&gate, session.kind)));
    }
    let (mut parts, _) = request.into_parts();
    let browser = Browser::of(&gate, &parts.headers);
    let certificate = parts::certificate(&parts.extensions).is_some();
    let Ok(frame) = Frame::from_request_parts(&mut parts, &()).await;
    let csrf = browser.csrf(&gate);
    let staff =
        Staff { csrf, back: back.local(), kept: None, certificate, script: gate.passkeys().is_some() };
    let title = frame.say.t("gate-staff-sign-in");
    let (frame, body) = content(frame, &staff);
    browser.hand(&gate, page(&frame, &title, &body, StatusCode::OK))
}

pub(super) fn content(frame: Frame, staff: &Staff<'_>) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = frame
        .help(say.t("gate-help-enrol"), say.t("gate-help-enrol-text"))
        .help(say.t("gate-help-lost"), say.t("gate-help-lost-text"));
    let applicants = Actions::new(vec![Action::link(say.t("gate-to-applicants"), "/sign-in").quiet()]);
    (frame, staff.content(say).add(&applicants))
}

pub(super) async fn certificate(State(gate): State<Gate>, post: OpenForm) -> Response {
    let OpenForm { form, mut parts, .. } = post;
    let Some(certificate) = parts::certificate(&parts.extensions) else {
        return refusal(refusals::wrong_certificate().into());
    };
    let before = standing(&gate, &parts.headers, &mut parts.extensions).await;
    let replaced = parts::before(&gate, &parts.headers);
    let Ok(frame) = Frame::from_request_parts(&mut parts, &()).await;
    let back = Return { path: form.get("return").unwrap_or_default().to_owned() };
    match gate.sign_in_by_certificate(&certificate, replaced).await {
        Ok(signed_in) => let_in(&gate, frame, &signed_in, &before, Kept::of_sign_in(&form), back.local()),
        Err(error) => refusal(error),
    }
}

pub(super) async fn begin(State(gate): State<Gate>, lang: ReadIn, call: OpenCall) -> Response {
    match gate.begin_passkey_sign_in(call.browser.hash(&gate)).await {
        Ok(begun) => Json(begun).into_response(),
        Err(error) => told(lang, &error.refusal()),
    }
}

/// The browser's answer.
#[derive(Deserialize)]
pub(super) struct Answer<T> {
    pub(super) challenge: String,
    pub(super) answer: T,
    #[serde(default)]
    back: String,
}

pub(super) async fn finish(
    State(gate): State<Gate>,
    lang: ReadIn,
    headers: HeaderMap,
    call: OpenCall,
    body: Result<Json<Answer<PublicKeyCredential>>, axum::extract::rejection::JsonRejection>,
) -> Response {
    let Ok(Json(Answer { challenge, answer, back })) = body else {
        return told(lang, &refusals::wrong_passkey());
    };
    let replaced = parts::before(&gate, &headers);
    match gate.finish_passkey_sign_in(call.browser.hash(&gate), &challenge, &answer, replaced).await {
        Ok(signed_in) => {
            let back = Return { path: back };
            let go = back.local().unwrap_or_else(|| home(&gate, signed_in.session.kind));
            let mut response = Json(json!({ "go": go })).into_response();
            add_cookie(&mut response, &signed_in.set_cookie(&gate));
            response
        }
        Err(error) => told(lang, &error.refusal()),
    }
}

/// A refusal as our script shows it.
pub(super) fn told(ReadIn(lang): ReadIn, refusal: &Refusal) -> Response {
    let error = GateError::Refused(refusal.clone());
    tracing::info!(%error, "a passkey was refused");
    let text = format!("{} {}", lang.of(&refusal.message), lang.of(&refusal.next));
    let status = kit_web::answers::status(refusal.kind);
    (status, Json(json!({ "code": refusal.code, "error": text }))).into_response()
}
