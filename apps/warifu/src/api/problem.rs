//! Refusals as problems (RFC 9457): in the form of every API of the product.

use super::{guard::RequestId, refusals};
use axum::http::StatusCode;
pub use kit_desk::api::{FieldBody, MEDIA_TYPE, Problem, ProblemBody, TextBody, Told, status_of};

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
