//! Answers: pages of refusal, and where to go after a post.

use crate::{
    frame::{Frame, page},
    markup::{Markup, Stack, Tone},
    parts::{Action, Actions, Banner},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use core_words::{Kind, Refusal, Text};

/// See that page, by GET (303): the answer to a post that acted. `path` is a path of this service.
///
/// A path that could lead elsewhere (`//host`, `https:`, a line break) leads to `/` instead.
pub fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(own_path(path)).unwrap_or(HeaderValue::from_static("/"));
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
    )
        .into_response()
}

/// The path itself if it is one of this service, `/` if it could lead elsewhere. For return paths from forms.
pub fn own_path(path: &str) -> &str {
    let safe = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && path.len() <= 2_000;
    if safe { path } else { "/" }
}

/// The page that tells of a refusal: what happened, what to do next. With the code in small letters, for the
/// telephone.
pub fn refusal_page(frame: &Frame, refusal: &Refusal) -> Response {
    let home = frame.desk.as_ref().map_or("/", |desk| desk.href.as_str());
    refusal_page_to(frame, refusal, &frame.say.t("web-home"), home)
}

/// The same with another way on than the desk's first page: after a conflict, the case as it stands now.
pub fn refusal_page_to(frame: &Frame, refusal: &Refusal, label: &str, href: &str) -> Response {
    let mut response = page(
        frame,
        &title(frame, refusal.kind),
        &refusal_body(frame, refusal, label, href),
        status(refusal.kind),
    );
    if refusal.kind == Kind::TooMany || refusal.kind == Kind::Unavailable {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

pub(crate) fn refusal_body(frame: &Frame, refusal: &Refusal, label: &str, href: &str) -> Stack {
    let say = &frame.say;
    let tone = match refusal.kind {
        Kind::Unavailable | Kind::Internal => Tone::Danger,
        Kind::NotFound => Tone::Info,
        _ => Tone::Attention,
    };
    let fields = refusal.fields.iter().map(|field| Markup::text(say.text(&field.message)));
    let fields = fields.fold(Stack::new(), |stack, text| stack.markup(text));
    Stack::new()
        .add(&Banner::new(say, tone, say.text(&refusal.message)).text(say.text(&refusal.next)))
        .add(&fields)
        .add(&Actions::new(vec![Action::link(label, href)]))
        .markup(Markup::small(&say.with("web-code", &[("code", refusal.code.into())])))
}

/// The heading of such a page.
pub(crate) fn title(frame: &Frame, kind: Kind) -> String {
    // keys: web-refusal-*
    let key = match kind {
        Kind::Malformed => "malformed",
        Kind::Unauthenticated => "unauthenticated",
        Kind::Forbidden => "forbidden",
        Kind::NotFound => "not-found",
        Kind::Conflict => "conflict",
        Kind::TooLarge => "too-large",
        Kind::Refused => "refused",
        Kind::TooMany => "too-many",
        Kind::Unavailable => "unavailable",
        Kind::Internal => "internal",
    };
    frame.say.t(&format!("web-refusal-{key}"))
}

/// The status of HTTP that a kind of refusal has (RFC 9110 §15).
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// There is no such page, or none for the reader.
pub fn not_found(frame: &Frame) -> Response {
    refusal_page(frame, &no_page())
}

/// Known, but not allowed.
pub fn forbidden(frame: &Frame) -> Response {
    refusal_page(frame, &not_allowed())
}

/// The refusal of an address that leads nowhere.
pub fn no_page() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "web.no_page",
        Text::new("お探しのページはありません。", "There is no such page."),
        Text::new(
            "アドレスに間違いがないか確かめるか、最初のページからお進みください。",
            "Check the address, or start from the first page.",
        ),
    )
}

/// The refusal of an act or a page that the reader's role does not cover.
pub fn not_allowed() -> Refusal {
    Refusal::new(
        Kind::Forbidden,
        "web.not_allowed",
        Text::new("この画面を使う権限がありません。", "Your role does not cover this page."),
        Text::new(
            "必要な場合は、所属先の管理者にご相談ください。",
            "If you need it, ask the manager of your organisation.",
        ),
    )
}

/// The refusal of who comes when as many are worked on as may be.
pub fn busy() -> Refusal {
    Refusal::new(
        Kind::Unavailable,
        "web.busy",
        Text::new("ただいま混み合っています。", "The service is busy at the moment."),
        Text::new(
            "今の操作は行われていません。1分ほど待って、もう一度お試しください。",
            "Nothing was done. Please wait about a minute and try again.",
        ),
    )
}

/// The refusal of what was not ready in time.
pub fn timed_out() -> Refusal {
    Refusal::new(
        Kind::Unavailable,
        "web.timed_out",
        Text::new("時間内に画面を用意できませんでした。", "The page was not ready in time."),
        Text::new(
            "今の操作は済んでいるかもしれません。最初のページから状況を確かめてから、やり直してください。",
            "What you did may have been done. Look at its status from the first page before you do it again.",
        ),
    )
}

/// The refusal when something of ours broke; `request` names it in the log.
pub fn broke(request: &str) -> Refusal {
    Refusal::new(
        Kind::Internal,
        "web.broke",
        Text::new("システムに問題が起きました。", "Something went wrong on our side."),
        Text::new(
            "最初のページから状況を確かめてください。続くときは、下の記録番号を窓口にお伝えください。",
            "Look at the status from the first page. If it happens again, tell the desk the record number below.",
        ),
    )
    .with_field("request", Text::new(format!("記録番号：{request}"), format!("Record number: {request}")))
}

/// A refusal on its way out of a handler: `?` turns a [`Refusal`] into it, and the layer of
/// [`serve`](crate::serve) (or [`refusal_pages`](crate::middleware::refusal_pages)) makes the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = status(self.0.kind).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_paths_stay_in_the_house() {
        for good in ["/", "/claims/cases/1?x=2", "/a//b"] {
            assert_eq!(own_path(good), good);
        }
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil", "/a\r\nSet-Cookie: x", "a", "/あ"]
        {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
