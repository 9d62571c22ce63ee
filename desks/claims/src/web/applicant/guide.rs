//! How to install the certificate: what the wizards of Windows and macOS ask, and what to answer (C5).

use super::parts::{self, steps};
use crate::{Claims, web::Applicant};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::Text;
use kit_web::{
    Frame, Stack, Tone, page,
    parts::{BackLink, Banner, Details},
};

pub(super) async fn show(State(claims): State<Claims>, _: Applicant, frame: Frame) -> Response {
    let (frame, body) = content(frame, &claims.settings().contact);
    page(&frame, &frame.say.t("claims-guide"), &body, StatusCode::OK)
}

/// The page.
pub(super) fn content(frame: Frame, contact: &Text) -> (Frame, Stack) {
    let say = &frame.say.clone();
    let frame = parts::below_home(frame)
        .help(say.t("claims-guide-help-refused"), say.t("claims-guide-help-refused-text"))
        .help(say.t("claims-guide-help-other"), say.t("claims-guide-help-other-text"));
    let frame = parts::ask(frame, contact);
    let wizard = [
        ("claims-guide-win-place", "claims-guide-win-place-do"),
        ("claims-guide-win-file", "claims-guide-win-file-do"),
        ("claims-guide-win-password", "claims-guide-win-password-do"),
        ("claims-guide-win-options", "claims-guide-win-options-do"),
        ("claims-guide-win-store", "claims-guide-win-store-do"),
        ("claims-guide-win-end", "claims-guide-win-end-do"),
        ("claims-guide-win-warning", "claims-guide-win-warning-do"),
    ];
    let wizard =
        wizard.iter().fold(Details::new(), |rows, (screen, answer)| rows.row(say.t(screen), say.t(answer)));
    let safe =
        Banner::new(say, Tone::Attention, say.t("claims-guide-safe")).text(say.t("claims-guide-safe-text"));
    let body = Stack::new()
        .text(&say.t("claims-guide-about"))
        .heading(&say.t("claims-guide-win"))
        .add(&steps(say, &["claims-guide-win-1", "claims-guide-win-2"]))
        .add(&wizard)
        .text(&say.t("claims-guide-win-see"))
        .heading(&say.t("claims-guide-mac"))
        .add(&steps(
            say,
            &["claims-guide-mac-1", "claims-guide-mac-2", "claims-guide-mac-3", "claims-guide-mac-4"],
        ))
        .heading(&say.t("claims-guide-own"))
        .add(&steps(say, &["claims-guide-own-1", "claims-guide-own-2", "claims-guide-own-3"]))
        .heading(&say.t("claims-guide-after"))
        .text(&say.t("claims-guide-after-text"))
        .add(&safe)
        .add(&BackLink::new(say, "/claims").label(say.t("claims-guide-back")));
    (frame, body)
}
