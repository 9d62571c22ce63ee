//! Who is at the desk: a care provider, an agent, or staff of the federation.

use crate::{no, status::Hat, words::HolderId};
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use core_words::Refusal;
use kit_desk::{Capacity, Doer};
use kit_gate::{Role, Scope, Session};
use kit_web::{Frame, Refused, refusal_page};

const PROVIDER: Role = Role::named("claims.provider");
const AGENT: Role = Role::named("claims.agent");
const CLERK: Role = Role::named("claims.clerk");
const MANAGER: Role = Role::named("claims.manager");

/// A care provider or an agent who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Applicant {
    pub(crate) session: Session,
    pub(crate) holder: HolderId,
    pub(crate) hat: Hat,
}

/// Staff of the federation, in the higher of their roles.
#[derive(Clone, Debug)]
pub(crate) struct Staff {
    pub(crate) session: Session,
    pub(crate) hat: Hat,
}

impl Applicant {
    /// Whose rows.
    pub(crate) fn scope(&self) -> Scope {
        self.session.scope()
    }

    /// As who they act.
    pub(crate) fn doer(&self) -> Doer<Hat> {
        doer(&self.session, self.hat)
    }
}

impl Staff {
    /// Whose rows.
    pub(crate) fn scope(&self) -> Scope {
        self.session.scope()
    }

    /// As who they act.
    pub(crate) fn doer(&self) -> Doer<Hat> {
        doer(&self.session, self.hat)
    }
}

fn doer(session: &Session, hat: Hat) -> Doer<Hat> {
    Doer { capacity: hat, actor: session.actor(), account: Some(session.account.0) }
}

/// The holder that an account's reference names.
pub(crate) fn holder_of(subject: Option<&str>) -> Option<HolderId> {
    subject?.strip_prefix("claims.provider:")?.parse().ok().map(HolderId)
}

/// The hat of staff: the manager may do all that a clerk may.
pub(crate) fn hat_of(session: &Session) -> Option<Hat> {
    debug_assert_eq!(MANAGER.as_str(), Hat::Manager.slug());
    match (session.has(&MANAGER), session.has(&CLERK)) {
        (true, _) => Some(Hat::Manager),
        (false, true) => Some(Hat::Clerk),
        (false, false) => None,
    }
}

/// The page for somebody at the wrong door: without its menu, whose pages are not theirs either, and with the way to
/// all doors.
async fn not_theirs(parts: &mut Parts, refusal: &Refusal) -> Response {
    let Ok(frame) = Frame::from_request_parts(parts, &()).await;
    refusal_page(&Frame { desk: None, ..frame }, refusal)
}

impl<S: Send + Sync> FromRequestParts<S> for Applicant {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let session = <Session as FromRequestParts<S>>::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        if let Err(refusal) = session.require_any(&[PROVIDER, AGENT]) {
            return Err(not_theirs(parts, &refusal).await);
        }
        let holder = holder_of(session.subject.as_deref());
        let holder = holder.ok_or_else(|| Refused(no::no_case()).into_response())?;
        let hat = if session.has(&AGENT) { Hat::Agent } else { Hat::Provider };
        Ok(Self { session, holder, hat })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let session = <Session as FromRequestParts<S>>::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        if let Err(refusal) = session.require_any(&[MANAGER, CLERK]) {
            return Err(not_theirs(parts, &refusal).await);
        }
        let hat = hat_of(&session).ok_or_else(|| Refused(no::no_case()).into_response())?;
        Ok(Self { session, hat })
    }
}
