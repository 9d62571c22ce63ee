//! Reading a body within limits.

use super::{problem::Problem, refusals};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Duration;
use tokio::time::timeout;

/// Reads a JSON body of at most `limit` octets, complete within `patience`.
///
/// A body that declares itself too large is refused before any of it is read.
pub(super) async fn json(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, Problem> {
    if !is_json(headers) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::with_status(refusals::unsupported_media_type(), status));
    }
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|n| n > limit as u64) {
        return Err(refusals::too_large(limit).into());
    }
    match timeout(patience, Limited::new(body, limit).collect()).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(refusals::too_large(limit).into()),
        Ok(Err(_)) => Err(refusals::unreadable_body().into()),
        Err(_) => Err(Problem::with_status(refusals::too_slow(), StatusCode::REQUEST_TIMEOUT)),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    value.split(';').next().is_some_and(|t| t.trim().eq_ignore_ascii_case("application/json"))
}
