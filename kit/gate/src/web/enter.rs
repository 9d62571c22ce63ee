//! Signing in by a one-time link: a page with a button, since looking at a link must not use it up.

use super::{let_in, parts, refusal};
use crate::{
    Gate, Purpose,
    forms::{Browser, OpenForm},
    refusals,
    session::Standing,
    token::Token,
};
use axum::{
    extract::{FromRequestParts, Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use kit_web::{Frame, Stack, page, parts::Form};

pub(super) async fn show(
    State(gate): State<Gate>,
    Path(link): Path<String>,
    headers: HeaderMap,
    frame: Frame,
) -> Response {
    let Some(token) = Token::read(&link) else { return refusal(refusals::dead_link().into()) };
    let account = match gate.link_of(&token, Purpose::SignIn).await {
        Ok(account) => account,
        Err(error) => return refusal(error),
    };
    let browser = Browser::of(&gate, &headers);
    let title = frame.say.t("gate-enter");
    let body = content(&frame, &account.name, &format!("/enter/{link}"), &browser.csrf(&gate));
    browser.hand(&gate, page(&frame, &title, &body, StatusCode::OK))
}

pub(super) fn content(frame: &Frame, name: &str, path: &str, csrf: &str) -> Stack {
    let say = &frame.say;
    Stack::new().text(&say.with("gate-enter-text", &[("name", name.into())])).add(&Form::new(
        path,
        csrf,
        say.t("gate-enter-button"),
    ))
}

pub(super) async fn send(State(gate): State<Gate>, Path(link): Path<String>, post: OpenForm) -> Response {
    let OpenForm { mut parts, .. } = post;
    let Some(token) = Token::read(&link) else { return refusal(refusals::dead_link().into()) };
    let replaced = parts::before(&gate, &parts.headers);
    let Ok(frame) = Frame::from_request_parts(&mut parts, &()).await;
    match gate.enter(&token, replaced).await {
        Ok(signed_in) => let_in(&gate, frame, &signed_in, &Standing::Nobody, None, None),
        Err(error) => refusal(error),
    }
}
