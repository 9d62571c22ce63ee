//! Requests through everything that `serve` lays around pages.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use core_words::{Kind, Refusal, Text};
use http_body_util::BodyExt;
use kit_web::{
    DoorLabel, FormData, Frame, Refused, WhoLabel, gallery, samples, see_other, serve, testing, with_refusals,
};
use std::sync::Arc;
use tower::ServiceExt;

async fn refuse() -> Result<Response, Refused> {
    let message = Text::new("先に変わりました。", "It has changed.");
    let next = Text::new("見直してください。", "Look again.");
    Err(Refusal::new(Kind::Conflict, "test.changed", message, next))?
}

async fn echo(form: FormData) -> String {
    form.pairs().map(|(name, value)| format!("{name}={value};")).collect::<String>()
        + &form
            .file("csr")
            .map(|file| format!("{}:{}", file.file_name, file.octets.len()))
            .unwrap_or_default()
}

fn app() -> Router {
    let desk =
        DoorLabel { name: Text::new("窓口", "Desk"), href: "/d".into(), nav: Vec::new(), manual: None };
    let who = WhoLabel {
        name: "<佐藤>".into(),
        role: None,
        operator: None,
        ends_at: gallery::SAMPLE_NOW.plus_seconds(600),
        sign_out: "/out".into(),
        csrf: "token".into(),
    };
    let pages = Router::new()
        .route("/refuse", get(refuse))
        .route("/form", post(echo))
        .route("/away", get(async || see_other("//evil.example")))
        .route("/path", get(async |frame: Frame| frame.path))
        .merge(gallery::router(samples()));
    let pages = with_refusals(pages).layer(axum::Extension(desk)).layer(axum::Extension(who));
    serve(pages, Arc::new(testing::chrome(&[])))
}

async fn ask(request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, String) {
    let response = app().oneshot(request).await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, headers, String::from_utf8_lossy(&body).into_owned())
}

fn at(path: &str) -> Request<Body> {
    Request::builder().uri(path).body(Body::empty()).expect("a request")
}

fn posted(kind: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post("/form").header(header::CONTENT_TYPE, kind).body(body.into()).expect("a request")
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_page_says_to_the_browser_what_it_may_do() {
    let (status, headers, body) = ask(at("/gallery/web/home")).await;
    assert_eq!(status, StatusCode::OK);
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    for rule in ["default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
        assert!(policy.contains(rule), "{rule}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(headers[header::REFERRER_POLICY], "same-origin");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert!(headers.contains_key("x-request-id"));
    assert!(body.contains("<html lang=\"ja\">"));
}

#[tokio::test]
async fn an_asset_is_kept_for_ever_under_its_content() {
    let (_, _, page) = ask(at("/gallery")).await;
    for name in ["warifu.css", "warifu.js", "icon.svg"] {
        let path = page.split('"').find(|part| part.ends_with(name)).expect("an address").to_owned();
        let (status, headers, _) = ask(at(&path)).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(headers[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
        assert_eq!(ask(at(&format!("/assets/0000000000000000/{name}"))).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn k17_asking_for_a_language_sets_the_cookie_and_leaves_the_address_clean() {
    let (status, headers, _) = ask(at("/path?x=1&lang=en")).await;
    assert_eq!(
        (status, headers[header::LOCATION].as_bytes()),
        (StatusCode::SEE_OTHER, b"/path?x=1".as_slice())
    );
    let cookie = headers[header::SET_COOKIE].to_str().expect("text");
    assert!(cookie.starts_with("lang=en;") && cookie.contains("SameSite=Lax") && cookie.contains("HttpOnly"));
    let request = Request::builder().uri("/gallery").header(header::COOKIE, "lang=en").body(Body::empty());
    assert!(ask(request.expect("a request")).await.2.contains("<html lang=\"en\">"));
    assert_eq!(ask(at("/path?x=1")).await.2, "/path?x=1");
    assert_eq!(ask(at("//evil.example/?lang=en")).await.1[header::LOCATION], "/");
}

#[tokio::test]
async fn a_refusal_becomes_a_page_with_who_is_signed_in() {
    let (status, _, body) = ask(at("/refuse")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(testing::faults(&body), Vec::<String>::new());
    assert!(
        body.contains("先に変わりました。")
            && body.contains("見直してください。")
            && body.contains("test.changed")
    );
    let (status, _, body) = ask(at("/nowhere")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.contains("web.no_page"));
    let (status, _, body) = ask(Request::put("/refuse").body(Body::empty()).expect("a request")).await;
    assert!(body.contains("web.no_page"), "{status}");
}

#[tokio::test]
async fn a_form_over_its_limits_is_told_so() {
    assert_eq!(ask(posted(FORM, "a=1&b=%E3%81%82")).await.2, "a=1;b=あ;");
    let (status, _, body) = ask(posted(FORM, format!("a={}", "x".repeat(70_000)))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(body.contains("web.form_too_large"));
    for size in [600_000, 2_000_000] {
        let long = format!("a={}", "x".repeat(size));
        assert_eq!(ask(posted(FORM, long)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    }
    for (kind, body) in
        [(FORM, "a=%ff"), ("application/json", "{}"), ("multipart/form-data", "x"), ("", "a=1")]
    {
        let (status, _, page) = ask(posted(kind, body)).await;
        assert_eq!((status, page.contains("web.bad_form")), (StatusCode::BAD_REQUEST, true), "{kind}");
    }
}

#[tokio::test]
async fn files_come_with_a_form() {
    let part =
        |head: &str, body: &str| format!("--B\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let body = |file: &str| {
        format!(
            "{}{}--B--\r\n",
            part("name=\"a\"", "あ\r\nb"),
            part("name=\"csr\"; filename=\"x.csr\"", file)
        )
    };
    let kind = "multipart/form-data; boundary=B";
    assert_eq!(ask(posted(kind, body("abc"))).await.2, "a=あ\nb;x.csr:3");
    let (status, _, _) = ask(posted(kind, body(&"x".repeat(600_000)))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_way_out_of_the_house_leads_home() {
    let (status, headers, _) = ask(at("/away")).await;
    assert_eq!((status, headers[header::LOCATION].as_bytes()), (StatusCode::SEE_OTHER, b"/".as_slice()));
}
