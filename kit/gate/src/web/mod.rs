//! The pages at the door. One file, one page with its posts.

mod again;
mod ended;
mod enrol;
mod enter;
mod parts;
mod samples;
mod sign_in;
mod staff;

pub(crate) use ended::ended_with_form;
pub use samples::samples;

use crate::{
    Gate, GateError, SignedIn,
    accounts::AccountKind,
    cookies,
    forms::{CheckedForm, add_cookie, refused},
    kept::Kept,
    origin,
    session::Standing,
};
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kit_web::{Frame, Refused, see_other};
use serde::Deserialize;

/// The pages of the gate; put [`Gate::guard`] around them and around every page that asks for a session.
pub fn router(gate: &Gate) -> Router {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route("/staff/sign-in", get(staff::show))
        .route("/staff/certificate", post(staff::certificate))
        .route("/staff/passkey/begin", post(staff::begin))
        .route("/staff/passkey/finish", post(staff::finish))
        .route("/staff/resume", post(again::resume))
        .route("/enrol/{link}", get(enrol::show))
        .route("/enrol/{link}/begin", post(enrol::begin))
        .route("/enrol/{link}/finish", post(enrol::finish))
        .route("/enrol/{link}/certificate", post(enrol::certificate))
        .route("/enrolled", get(enrol::done))
        .route("/enter/{link}", get(enter::show).post(enter::send))
        .route("/sign-out", post(sign_out))
        .route("/signed-out", get(ended::signed_out))
        .route("/session-ended", get(ended::show))
        .route(SCRIPT, get(script))
        .with_state(gate.clone())
}

/// Where the script of passkeys is.
pub(crate) const SCRIPT: &str = "/gate/passkey.js";

async fn script() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "no-cache")], include_str!("passkey.js"))
}

async fn sign_out(
    axum::extract::State(gate): axum::extract::State<Gate>,
    CheckedForm { session, .. }: CheckedForm,
) -> Result<Response, Refused> {
    gate.sign_out(&session).await.map_err(|error| GateError::from(error).refusal())?;
    let mut response = see_other("/signed-out");
    add_cookie(&mut response, &cookies::clear(gate.settings(), cookies::SESSION));
    Ok(response)
}

/// Where a sign-in leads to: `?return=`.
#[derive(Deserialize, Default)]
pub(super) struct Return {
    #[serde(default, rename = "return")]
    pub(super) path: String,
}

impl Return {
    /// The path, if it is one of this service.
    pub(super) fn local(&self) -> Option<&str> {
        Some(self.path.as_str()).filter(|path| origin::is_local_path(path))
    }
}

/// The first page of someone who is signed in.
pub(super) fn home(gate: &Gate, kind: AccountKind) -> &str {
    match kind {
        AccountKind::Applicant => &gate.settings().home,
        AccountKind::Staff => &gate.settings().staff_home,
    }
}

/// Hands the session over and leads on: to the form that was kept, to the page that was asked for, or home.
/// What another account had typed is not presented to this one.
pub(super) fn let_in(
    gate: &Gate,
    frame: Frame,
    signed_in: &SignedIn,
    before: &Standing,
    kept: Option<Kept>,
    back: Option<&str>,
) -> Response {
    let session = &signed_in.session;
    let foreign = matches!(before, Standing::Over(Some(account)) if *account != session.account);
    let mut response = match kept {
        Some(kept) if !foreign => again::page(gate, frame, session, &kept),
        _ => see_other(back.filter(|_| !foreign).unwrap_or_else(|| home(gate, session.kind))),
    };
    add_cookie(&mut response, &signed_in.set_cookie(gate));
    response
}

/// A refusal that has a page to itself.
pub(super) fn refusal(error: GateError) -> Response {
    refused(error.refusal())
}
