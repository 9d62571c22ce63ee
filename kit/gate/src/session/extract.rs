//! Sessions as arguments of handlers.

use super::{Session, store::Found};
use crate::{AccountId, AccountKind, Gate, cookies, origin};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{Extensions, HeaderMap, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use std::convert::Infallible;

/// Who stands at the door.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// A browser without a session cookie: never signed in, signed out, or the cookie was deleted.
    Nobody,
    /// One whose session is over; whose it was, as long as that is known.
    Over(Option<AccountId>),
    /// One who is signed in.
    Open(Box<Session>),
    /// The database did not say.
    Unknown,
}

/// Someone who may be signed in, for pages that are open to all.
#[derive(Clone, Debug)]
pub struct MaybeSession(pub Option<Session>);

/// Nobody is signed in. As a response it leads to sign in, or to the page 「セッション無効」 (N16); when a form was
/// sent, [`Gate::guard`] makes of it that page with what had been typed.
#[derive(Clone, Debug)]
pub struct SessionNeeded {
    response: Result<String, StatusCode>,
}

impl IntoResponse for SessionNeeded {
    fn into_response(self) -> Response {
        match self.response {
            Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
            Err(status) => {
                let mut response = status.into_response();
                response.extensions_mut().insert(self);
                response
            }
        }
    }
}

impl SessionNeeded {
    fn at(parts: &Parts, gate: Option<&Gate>, standing: &Standing) -> Self {
        let unavailable = gate.is_none() || matches!(standing, Standing::Unknown);
        let response = match (&parts.method, gate) {
            _ if unavailable => Err(StatusCode::SERVICE_UNAVAILABLE),
            (&Method::GET | &Method::HEAD, Some(gate)) => {
                let path = parts.uri.path_and_query().map_or("/", |p| p.as_str());
                let over = matches!(standing, Standing::Over(_));
                Ok(door(gate, None, over, path))
            }
            _ => Err(StatusCode::UNAUTHORIZED),
        };
        Self { response }
    }
}

/// Where to sign in and then go on to `path`.
pub(crate) fn door(gate: &Gate, kind: Option<AccountKind>, over: bool, path: &str) -> String {
    let staff = match kind {
        Some(kind) => kind == AccountKind::Staff,
        None => gate.settings().staff_paths.iter().any(|prefix| path.starts_with(prefix.as_str())),
    };
    let page = match (over, staff) {
        (true, _) => "/session-ended",
        (false, true) => "/staff/sign-in",
        (false, false) => "/sign-in",
    };
    if !origin::is_local_path(path) || path == "/" {
        return page.to_owned();
    }
    let encoded: String = path
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("{page}?return={encoded}")
}

/// Who stands at the door; looked up once per request.
pub(crate) async fn standing(gate: &Gate, headers: &HeaderMap, extensions: &mut Extensions) -> Standing {
    if let Some(known) = extensions.get::<Standing>() {
        return known.clone();
    }
    let standing = match cookies::token(gate.settings(), headers, cookies::SESSION) {
        None => Standing::Nobody,
        Some(token) => match gate.look_up(&token).await {
            Ok(Found::Open(session, _)) => Standing::Open(session),
            Ok(Found::Over(account)) => Standing::Over(Some(account)),
            Ok(Found::Unknown) => Standing::Over(None),
            Err(error) => {
                tracing::error!(%error, "looking a session up");
                Standing::Unknown
            }
        },
    };
    extensions.insert(standing.clone());
    standing
}

async fn of_request(parts: &mut Parts) -> Result<Session, SessionNeeded> {
    let Some(gate) = parts.extensions.get::<Gate>().cloned() else {
        tracing::error!("a page asks for a session, but the router is not behind Gate::guard");
        return Err(SessionNeeded::at(parts, None, &Standing::Unknown));
    };
    match standing(&gate, &parts.headers, &mut parts.extensions).await {
        Standing::Open(session) => Ok(*session),
        other => Err(SessionNeeded::at(parts, Some(&gate), &other)),
    }
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = SessionNeeded;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        of_request(parts).await
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Session {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(of_request(parts).await.ok())
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeSession {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(of_request(parts).await.ok()))
    }
}
