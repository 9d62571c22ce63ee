//! Posts that are believed: from a page of ours, and from the session that the page was made for (K9).

use crate::{
    Gate, Session, cookies, origin, refusals,
    session::SessionNeeded,
    token::{Token, TokenHash},
};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use core_words::Refusal;
use kit_web::{FormData, Refused};
use subtle::ConstantTimeEq;

/// The header that bears the token of a request by script.
pub(crate) const CSRF_HEADER: &str = "x-gate-csrf";

/// A form of someone who is signed in, with proof that they sent it from a page of this session: its token, and no
/// word of the browser's that it came from another site. Else the answer is a page (403) that says what to do.
///
/// Whoever's session has ended meanwhile is led to sign in, and what was typed is kept ([`Gate::guard`]).
#[derive(Debug)]
pub struct CheckedForm {
    /// Who.
    pub session: Session,
    /// What.
    pub form: FormData,
}

impl<S: Send + Sync> FromRequest<S> for CheckedForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let gate = gate_of(&parts).map_err(refused)?;
        if !origin::is_ours(gate.settings(), &parts.headers) {
            return Err(refused(refusals::forged()));
        }
        let session = <Session as FromRequestParts<S>>::from_request_parts(&mut parts, state)
            .await
            .map_err(SessionNeeded::into_response)?;
        let form = FormData::from_request(Request::from_parts(parts, body), state).await?;
        if !session.csrf.is(form.csrf()) {
            return Err(refused(refusals::forged()));
        }
        Ok(Self { session, form })
    }
}

/// A browser that need not have a session: the cookie that it is known by, and the token that follows from it.
/// A page that another site makes the browser post to has the cookie and not the token.
pub(crate) struct Browser {
    token: Token,
    fresh: bool,
}

impl Browser {
    /// The browser of a request; one that has no cookie yet is given one.
    pub(crate) fn of(gate: &Gate, headers: &HeaderMap) -> Self {
        match cookies::token(gate.settings(), headers, cookies::BROWSER) {
            Some(token) => Self { token, fresh: false },
            None => Self { token: Token::throw(gate.dice()), fresh: true },
        }
    }

    /// What its forms bear.
    pub(crate) fn csrf(&self, gate: &Gate) -> String {
        self.token.derive(gate.digest(), "warifu gate form 1")
    }

    pub(crate) fn hash(&self, gate: &Gate) -> TokenHash {
        self.token.hash(gate.digest())
    }

    /// The page, with the cookie if the browser has it not.
    pub(crate) fn hand(&self, gate: &Gate, mut page: Response) -> Response {
        if self.fresh {
            add_cookie(&mut page, &cookies::set(gate.settings(), cookies::BROWSER, self.token.as_str()));
        }
        page
    }

    /// Whether a post bears this browser's token; in constant time.
    fn sent(&self, gate: &Gate, csrf: &str) -> bool {
        !self.fresh && bool::from(self.csrf(gate).as_bytes().ct_eq(csrf.as_bytes()))
    }
}

/// A form of someone who need not be signed in.
pub(crate) struct OpenForm {
    pub(crate) browser: Browser,
    pub(crate) form: FormData,
    pub(crate) parts: Parts,
}

impl<S: Send + Sync> FromRequest<S> for OpenForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let gate = gate_of(&parts).map_err(refused)?;
        if !origin::is_ours(gate.settings(), &parts.headers) {
            return Err(refused(refusals::forged()));
        }
        let browser = Browser::of(&gate, &parts.headers);
        let form = FormData::from_request(Request::from_parts(parts.clone(), body), state).await?;
        if !browser.sent(&gate, form.csrf()) {
            return Err(refused(refusals::forged()));
        }
        Ok(Self { browser, form, parts })
    }
}

/// A request by our script.
pub(crate) struct OpenCall {
    pub(crate) browser: Browser,
}

impl<S: Send + Sync> FromRequestParts<S> for OpenCall {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let gate = gate_of(parts).map_err(refused)?;
        let browser = Browser::of(&gate, &parts.headers);
        let csrf = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !origin::is_ours(gate.settings(), &parts.headers) || !browser.sent(&gate, csrf) {
            return Err(refused(refusals::forged()));
        }
        Ok(Self { browser })
    }
}

pub(crate) fn gate_of(parts: &Parts) -> Result<Gate, Refusal> {
    let gate = parts.extensions.get::<Gate>().cloned();
    gate.ok_or_else(|| {
        tracing::error!("a page takes a form, but the router is not behind Gate::guard");
        refusals::unavailable()
    })
}

pub(crate) fn refused(refusal: Refusal) -> Response {
    Refused(refusal).into_response()
}

pub(crate) fn add_cookie(response: &mut Response, cookie: &str) {
    let value = HeaderValue::from_str(cookie).expect("cookies of ours are visible ASCII");
    response.headers_mut().append(header::SET_COOKIE, value);
}
