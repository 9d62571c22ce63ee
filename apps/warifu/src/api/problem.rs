//! Refusals as problems (RFC 9457).

use super::{guard::RequestId, refusals};
use authority_front::{Kind, Refusal};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of every answer that is not a success.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why nothing was done (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Names the kind of problem; the same as `code`, as a relative reference.
    #[serde(rename = "type")]
    pub kind: String,
    /// The standard phrase of the status.
    pub title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable code, `part.reason`.
    #[schema(pattern = "^[a-z0-9_]+\\.[a-z0-9_]+$")]
    pub code: &'a str,
    /// What happened.
    #[schema(value_type = TextBody)]
    pub message: &'a authority_front::Text,
    /// What to do next.
    #[schema(value_type = TextBody)]
    pub next: &'a authority_front::Text,
    /// Which fields are concerned.
    #[schema(value_type = Vec<FieldBody>)]
    pub fields: &'a [authority_front::Field],
}

/// One sentence in both languages.
#[derive(Serialize, ToSchema)]
#[schema(as = Text)]
pub struct TextBody {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// One field and what is wrong with it.
#[derive(Serialize, ToSchema)]
#[schema(as = Field)]
pub struct FieldBody {
    /// Where: `request`, `subject[0].value`.
    pub field: String,
    /// What.
    pub message: TextBody,
}

/// A refusal on its way out.
#[derive(Debug)]
pub struct Problem {
    refusal: Box<Refusal>,
    status: StatusCode,
    retry_after: Option<u64>,
}

impl Problem {
    /// A refusal under a status of its own.
    pub fn with_status(refusal: Refusal, status: StatusCode) -> Self {
        Self { refusal: Box::new(refusal), status, retry_after: None }
    }

    /// Says after how many seconds it makes sense to ask again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The refusal itself.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// Under which status it goes out.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Writes the body.
    pub fn body(&self) -> Vec<u8> {
        let refusal = &*self.refusal;
        let body = ProblemBody {
            kind: format!("/errors#{}", refusal.code),
            title: self.status.canonical_reason().unwrap_or("Problem"),
            status: self.status.as_u16(),
            code: refusal.code,
            message: &refusal.message,
            next: &refusal.next,
            fields: &refusal.fields,
        };
        serde_json::to_vec(&body).expect("texts and numbers are always JSON")
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = status_of(refusal.kind);
        let retry_after = matches!(refusal.kind, Kind::Unavailable | Kind::TooMany).then_some(1);
        Self { refusal: Box::new(refusal), status, retry_after }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
        let mut response = (self.status, headers, self.body()).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"warifu\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        // For the guard, which counts and logs; it does not go over the wire.
        response.extensions_mut().insert(Told { code: self.refusal.code });
        response
    }
}

/// Left on a response: which refusal it tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) code: &'static str,
}

/// The HTTP status of a kind of refusal.
pub fn status_of(kind: Kind) -> StatusCode {
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

/// The answer for paths that are not there.
pub async fn not_found() -> Problem {
    refusals::not_found().into()
}

/// The answer for methods that are not there; axum adds the Allow header.
pub async fn method_not_allowed() -> Problem {
    Problem::with_status(refusals::method_not_allowed(), StatusCode::METHOD_NOT_ALLOWED)
}

/// The answer when something of ours broke; the log says what, the client only learns the request's name.
pub(super) fn broke(id: &RequestId, what: &dyn std::fmt::Display) -> Problem {
    tracing::error!(request_id = %id, error = %what, "a request broke");
    refusals::internal().into()
}
