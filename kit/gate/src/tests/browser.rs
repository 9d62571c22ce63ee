//! A browser without a window: cookies, forms, and pages as text.

use super::support::*;
use crate::{CheckedForm, ClientCertificate, Session, session::MaybeSession};
use axum::{
    Extension, Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
    routing::{get, post},
};
use http_body_util::BodyExt;
use std::{collections::BTreeMap, sync::Arc};
use tower::ServiceExt;

pub(super) struct Browser {
    app: Router,
    pub(super) cookies: BTreeMap<String, String>,
    /// Sent with each request: `sec-fetch-site`, `origin`.
    pub(super) headers: Vec<(&'static str, &'static str)>,
    tls: bool,
}

pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Page {
    pub(super) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|l| l.to_str().ok()).unwrap_or_default()
    }

    /// The hidden fields of the form that posts to `action`.
    pub(super) fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let at = self.text.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("{}", self.text));
        let form = self.text[at..].split("</form>").next().unwrap_or_default();
        let inputs = form.split("<input type=\"hidden\"").skip(1);
        let value = |text: &str, name: &str| {
            let start = text.find(&format!("{name}=\"")).expect("an attribute") + name.len() + 2;
            let raw = text[start..].split('"').next().unwrap_or_default().to_owned();
            raw.replace("&#38;", "&")
                .replace("&#60;", "<")
                .replace("&#62;", ">")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
        };
        inputs.map(|input| (value(input, "name"), value(input, "value"))).collect()
    }

    pub(super) fn says(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

/// Pages of a desk, as a desk would have them.
fn desk() -> Router {
    Router::new()
        .route("/claims/page", get(async |session: Session| format!("page of {}", session.name)))
        .route("/desk/page", get(async |session: Session| format!("desk of {}", session.name)))
        .route(
            "/open",
            get(async |MaybeSession(session): MaybeSession| {
                session.map_or("nobody".to_owned(), |session| session.account.to_string())
            }),
        )
        .route("/claims/apply", post(echo))
        // A handler that asks for the session first: what was typed must be kept all the same.
        .route("/desk/act", post(async |_: Session, form: CheckedForm| echo(form).await))
}

async fn echo(CheckedForm { session, form }: CheckedForm) -> String {
    let pairs = form.pairs().filter(|(name, _)| *name != "_csrf").map(|(n, v)| format!("{n}={v}"));
    format!("{}: {}", session.account, pairs.collect::<Vec<_>>().join("&"))
}

impl House {
    pub(super) fn browser(&self) -> Browser {
        self.browser_with(None)
    }

    pub(super) fn browser_with(&self, certificate: Option<ClientCertificate>) -> Browser {
        let chrome = Arc::new(kit_web::testing::chrome(&[crate::SOURCE]));
        let pages = self.gate.guard(crate::router(&self.gate).merge(desk()));
        let mut app = kit_web::serve(pages, chrome);
        if let Some(certificate) = certificate {
            app = app.layer(Extension(certificate));
        }
        let tls = self.gate.settings().is_tls();
        Browser { app, cookies: BTreeMap::new(), headers: vec![("sec-fetch-site", "same-origin")], tls }
    }
}

impl Browser {
    pub(super) async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(super) async fn post(&mut self, path: &str, pairs: &[(String, String)]) -> Page {
        let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body: Vec<_> = pairs.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.join("&"))).await
    }

    pub(super) async fn call(&mut self, path: &str, csrf: &str, body: &serde_json::Value) -> Page {
        let request =
            Request::post(path).header("content-type", "application/json").header("x-gate-csrf", csrf);
        self.send(request, Body::from(body.to_string())).await
    }

    pub(super) async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header("cookie", cookies.join("; "));
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("ASCII");
            let (pair, attributes) = cookie.split_once(';').expect("attributes");
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{cookie}");
            assert_eq!(attributes.contains("; Secure"), self.tls, "{cookie}");
            let (name, value) = pair.split_once('=').expect("a value");
            assert_eq!(name.starts_with("__Host-"), self.tls, "{cookie}");
            match attributes.contains("Max-Age=0") {
                true => drop(self.cookies.remove(name)),
                false => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
        let (parts, body) = response.into_parts();
        let octets = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(octets.to_vec()).expect("UTF-8");
        Page { status: parts.status, headers: parts.headers, text }
    }

    /// Fills the sign-in form of a page and sends it.
    pub(super) async fn sign_in_on(&mut self, page: &Page, login: &str, password: &str) -> Page {
        let mut pairs = page.hidden("/sign-in");
        pairs.push(("login".into(), login.into()));
        pairs.push(("password".into(), password.into()));
        self.post("/sign-in", &pairs).await
    }

    pub(super) async fn signed_in(&mut self, login: &str) {
        let page = self.get("/sign-in").await;
        let done = self.sign_in_on(&page, login, PASSWORD).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }

    /// The token of the session, as the head of every page has it in its button to sign out.
    pub(super) async fn csrf(&mut self) -> String {
        let page = self.get("/signed-out").await;
        page.hidden("/sign-out").remove(0).1
    }
}

pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
