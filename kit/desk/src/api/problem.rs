//! Refusals as problems (RFC 9457).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use core_words::{Field, Kind, Refusal, Text};
pub use kit_web::answers::status as status_of;
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
    pub message: &'a Text,
    /// What to do next.
    #[schema(value_type = TextBody)]
    pub next: &'a Text,
    /// Which fields are concerned.
    #[schema(value_type = Vec<FieldBody>)]
    pub fields: &'a [Field],
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Text)]
pub struct TextBody {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl From<Text> for TextBody {
    fn from(text: Text) -> Self {
        Self { ja: text.ja, en: text.en }
    }
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
#[derive(Clone, Debug)]
pub struct Problem {
    refusal: Box<Refusal>,
    status: StatusCode,
    retry_after: Option<u64>,
}

impl Problem {
    /// A refusal under a status of its own.
    #[must_use]
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
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// Under which status it goes out.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Writes the body.
    #[must_use]
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
        response.extensions_mut().insert(Told { code: self.refusal.code });
        response
    }
}

/// Left on a response for whoever counts and logs: which refusal it tells. It does not go over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The code.
    pub code: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k16_a_problem_says_what_happened_and_what_to_do_next_in_both_languages() {
        let refusal = Refusal::new(
            Kind::Conflict,
            "claims.unsettled",
            Text::new("手続き中です。", "Under way."),
            Text::new("お待ちください。", "Please wait."),
        )
        .with_field("key", Text::new("鍵", "key"));
        let problem = Problem::from(refusal);
        let json: serde_json::Value = serde_json::from_slice(&problem.body()).expect("JSON");
        assert_eq!(
            json,
            serde_json::json!({
                "type": "/errors#claims.unsettled",
                "title": "Conflict",
                "status": 409,
                "code": "claims.unsettled",
                "message": {"ja": "手続き中です。", "en": "Under way."},
                "next": {"ja": "お待ちください。", "en": "Please wait."},
                "fields": [{"field": "key", "message": {"ja": "鍵", "en": "key"}}],
            })
        );
        let response = problem.into_response();
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
        assert_eq!(response.extensions().get(), Some(&Told { code: "claims.unsettled" }));
    }

    #[test]
    fn who_must_sign_in_or_wait_is_told_so_by_headers() {
        let of = |kind| {
            let text = Text::new("", "");
            Problem::from(Refusal::new(kind, "api.x", text.clone(), text)).into_response()
        };
        assert!(of(Kind::Unauthenticated).headers().contains_key(header::WWW_AUTHENTICATE));
        assert_eq!(of(Kind::Unavailable).headers()[header::RETRY_AFTER], "1");
        assert!(!of(Kind::Conflict).headers().contains_key(header::RETRY_AFTER));
    }
}
