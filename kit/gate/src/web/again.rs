//! The form that was being filled in when the session ended, to be sent again (N16).

use super::{ended_with_form, home, parts};
use crate::{
    Gate, Session,
    forms::OpenForm,
    kept::Kept,
    session::{Standing, standing},
};
use axum::{
    extract::{FromRequestParts, State},
    http::StatusCode,
    response::Response,
};
use kit_web::{Frame, Stack, Tone, parts::Banner, see_other};

/// The page with one button: it sends what was typed, in the new session.
pub(super) fn page_of(frame: &Frame, csrf: &str, kept: &Kept) -> Stack {
    let say = &frame.say;
    let file = kept.had_file().then(|| say.t("gate-again-file"));
    let text = file.unwrap_or_else(|| say.t("gate-again-text"));
    Stack::new()
        .add(&Banner::new(say, Tone::Success, say.t("gate-again")).text(text))
        .text(&say.t("gate-again-check"))
        .add(&kept.again(csrf, &say.t("gate-again-button")))
}

pub(super) fn page(gate: &Gate, mut frame: Frame, session: &Session, kept: &Kept) -> Response {
    frame.who = Some(gate.label(session));
    // The address of this page is that of a post; the switch of language leads to where the form belongs.
    frame.path = kept.action().to_owned();
    let title = frame.say.t("gate-again-title");
    let body = page_of(&frame, session.csrf.as_str(), kept);
    kit_web::page(&frame, &title, &body, StatusCode::OK)
}

/// What a page of an ended session kept, once a passkey has opened the door.
pub(super) async fn resume(State(gate): State<Gate>, post: OpenForm) -> Response {
    let OpenForm { browser, form, parts: mut asked } = post;
    let Ok(frame) = Frame::from_request_parts(&mut asked, &()).await;
    match standing(&gate, &asked.headers, &mut asked.extensions).await {
        Standing::Open(session) => match Kept::of_sign_in(&form) {
            Some(kept) => page(&gate, frame, &session, &kept),
            None => see_other(home(&gate, session.kind)),
        },
        // Not yet: the same page again, and nothing is lost.
        known => {
            let certificate = parts::certificate(&asked.extensions).is_some();
            let kept = Kept::of_sign_in(&form);
            let path = kept.as_ref().map_or("/staff/resume", Kept::action).to_owned();
            ended_with_form(&gate, frame, &browser, &known, (&path, certificate), kept.as_ref()).await
        }
    }
}
