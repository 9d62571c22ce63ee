//! What every request passes: language, limits, refusals as pages, headers that browsers obey.

use crate::{
    answers::{self, Refused},
    assets,
    forms::Limits,
    frame::{Chrome, Frame},
};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, FromRequestParts, OriginalUri, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use core_words::Lang;
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tracing::Instrument;

/// The cookie that remembers the language.
const COOKIE: &str = "lang";

/// What pages may load and where forms may go: this service alone, no inline script or style, no frame.
const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The same for a page that connects nowhere and sends nothing but the frame's own button to sign out: what is typed or
/// chosen there stays in the browser.
const POLICY_ALONE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                            connect-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; \
                            frame-ancestors 'none'";

/// Marks an answer as a page that connects nowhere.
#[derive(Clone, Copy)]
struct Alone;

/// The same page under a policy that lets it connect nowhere, not even to this service: for pages that work on secrets
/// in the browser.
#[must_use]
pub fn alone(mut page: Response) -> Response {
    page.extensions_mut().insert(Alone);
    page
}

/// Number of this request in this process: `web-1f`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// The language of the request: `?lang=`, else the cookie, else Accept-Language, else Japanese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadIn(pub Lang);

impl<S: Send + Sync> FromRequestParts<S> for ReadIn {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(lang_of(parts)))
    }
}

/// `pages` with a page for addresses that lead nowhere, and with every refusal as a page. What is laid around it, such as
/// a gate, is known to these pages: they show who is signed in.
pub fn with_refusals(pages: Router) -> Router {
    pages
        .fallback(async || Refused(answers::no_page()))
        .method_not_allowed_fallback(async || Refused(answers::no_page()))
        .layer(from_fn(refusal_pages))
}

/// The pages of the house as they are served: `pages`, which have a page for addresses that lead nowhere
/// ([`with_refusals`]), with the assets, and everything in this module around them. Lay the gate *inside*
/// (`pages.layer(gate)`).
pub fn serve(pages: Router, chrome: Arc<Chrome>) -> Router {
    pages
        .layer(from_fn(refusal_pages))
        .merge(assets::router())
        .layer(DefaultBodyLimit::max(Limits::BODY_WITH_FILES))
        .layer(from_fn(language))
        .layer(Extension(chrome.clone()))
        .layer(from_fn(headers))
        .layer(from_fn_with_state(chrome, request_id))
}

/// Turns a [`Refused`] into its page.
pub async fn refusal_pages(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.extensions.get::<OriginalUri>().is_none() {
        let uri = parts.uri.clone();
        parts.extensions.insert(OriginalUri(uri));
    }
    let frame = Frame::of(&parts);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    match response.extensions_mut().remove::<Refused>() {
        Some(Refused(refusal)) => {
            tracing::info!(code = refusal.code, "refused");
            answers::refusal_page(&frame, &refusal)
        }
        None => response,
    }
}

/// `?lang=en` on a page sets the cookie and leads to the page without it; the page a person shares has no
/// language of somebody else.
async fn language(request: Request, next: Next) -> Response {
    let asked = query_lang(request.uri());
    match asked {
        Some(lang) if request.method() == Method::GET && !request.uri().path().starts_with("/gallery") => {
            let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", lang.tag());
            let mut response = answers::see_other(&without_lang(request.uri()));
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        _ => next.run(request).await,
    }
}

async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = if response.extensions().get::<Alone>().is_some() { POLICY_ALONE } else { POLICY };
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    response
}

async fn request_id(State(chrome): State<Arc<Chrome>>, mut request: Request, next: Next) -> Response {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let id = format!("{}-{:x}", chrome.instance, COUNT.fetch_add(1, Ordering::Relaxed));
    request.extensions_mut().insert(RequestId(id.clone()));
    let span =
        tracing::info_span!("request", id, method = %request.method(), path = %told(request.uri().path()));
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

pub(crate) fn lang_of(parts: &Parts) -> Lang {
    query_lang(&parts.uri)
        .or_else(|| cookie_lang(&parts.headers))
        .or_else(|| accepted(&parts.headers))
        .unwrap_or(Lang::Ja)
}

fn query_lang(uri: &Uri) -> Option<Lang> {
    uri.query()?.split('&').find_map(|pair| exact(pair.strip_prefix("lang=")?))
}

fn cookie_lang(headers: &HeaderMap) -> Option<Lang> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| exact(pair.trim().strip_prefix("lang=")?))
}

fn exact(tag: &str) -> Option<Lang> {
    Lang::ALL.into_iter().find(|lang| lang.tag() == tag)
}

/// The first language of Accept-Language that we have, by weight (RFC 9110 §12.5.4).
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(u32, Lang)> = None;
    for part in text.split(',').take(20) {
        let mut pieces = part.split(';');
        let lang = pieces.next().and_then(Lang::of_tag);
        let weight =
            pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        let weight = (weight.clamp(0.0, 1.0) * 1000.0) as u32;
        if let Some(lang) = lang.filter(|_| weight > 0 && best.is_none_or(|(other, _)| weight > other)) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// Path and query without `lang`.
pub(crate) fn without_lang(uri: &Uri) -> String {
    let kept: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|p| !p.is_empty() && !p.starts_with("lang="))
        .collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

/// The same page in that language.
pub(crate) fn with_lang(path: &str, lang: Lang) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}lang={}", lang.tag())
}

/// A path as the log tells it. A long part may be a one-time link, which is a secret as long as it is good.
fn told(path: &str) -> String {
    path.split('/').map(|part| if part.len() > 24 { "…" } else { part }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k9_a_one_time_link_is_not_told_to_the_log() {
        assert_eq!(told("/claims/cases/C-2026-0001234-5"), "/claims/cases/C-2026-0001234-5");
        assert_eq!(told("/enrol/abcdefghijklmnopqrstuvwxyz/begin"), "/enrol/…/begin");
    }

    #[test]
    fn k17_the_language_is_the_askers() {
        let lang = |headers: &[(HeaderName, &str)], uri: &str| {
            let mut request = Request::builder().uri(uri);
            for (name, value) in headers {
                request = request.header(name, *value);
            }
            lang_of(&request.body(()).expect("a request").into_parts().0)
        };
        let accept = |value| [(header::ACCEPT_LANGUAGE, value)];
        assert_eq!(lang(&[], "/"), Lang::Ja);
        assert_eq!(lang(&accept("en-GB,en;q=0.9,ja;q=0.8"), "/"), Lang::En);
        assert_eq!(lang(&accept("fr, ja;q=0.7, en;q=0.3"), "/"), Lang::Ja);
        assert_eq!(lang(&accept("en;q=0, ja;q=0.1"), "/"), Lang::Ja);
        assert_eq!(lang(&accept("en;q=x,,;;"), "/"), Lang::En);
        assert_eq!(lang(&[(header::COOKIE, "a=b; lang=en")], "/"), Lang::En);
        assert_eq!(lang(&[(header::COOKIE, "lang=xx")], "/"), Lang::Ja);
        assert_eq!(lang(&[(header::COOKIE, "lang=en")], "/?lang=ja"), Lang::Ja);
    }

    #[test]
    fn the_switch_keeps_the_rest_of_the_address() {
        let uri: Uri = "/a/b?x=1&lang=en&y=2".parse().expect("an address");
        assert_eq!(without_lang(&uri), "/a/b?x=1&y=2");
        assert_eq!(with_lang("/a/b?x=1", Lang::En), "/a/b?x=1&lang=en");
        assert_eq!(with_lang("/a", Lang::Ja), "/a?lang=ja");
    }
}
