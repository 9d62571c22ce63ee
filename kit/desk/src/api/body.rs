//! Reading a body within limits.

use super::{problem::Problem, refusals};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::timeout;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(15);

/// Reads a JSON body of at most `limit` octets.
///
/// # Errors
/// 400 for what is not the JSON that is expected, 408 for what comes too slowly, 413 for what is too large (when it is
/// declared so, before any of it is read), 415 for another media type.
pub async fn json<T: DeserializeOwned>(headers: &HeaderMap, body: Body, limit: usize) -> Result<T, Problem> {
    parse(&octets(headers, body, limit, PATIENCE).await?, is_json(headers))
}

/// As [`json`], where no body at all means an empty object.
///
/// # Errors
/// As [`json`].
pub async fn json_or_nothing<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<T, Problem> {
    let octets = octets(headers, body, limit, PATIENCE).await?;
    if octets.is_empty() { parse(b"{}", true) } else { parse(&octets, is_json(headers)) }
}

/// The octets of a JSON body of at most `limit` octets, complete within `patience`, for who parses them otherwise.
///
/// # Errors
/// As [`json`], but for what the octets say.
pub async fn json_octets(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, Problem> {
    if is_json(headers) { octets(headers, body, limit, patience).await } else { Err(no_json()) }
}

fn no_json() -> Problem {
    Problem::with_status(refusals::unsupported_media_type(), StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

fn parse<T: DeserializeOwned>(octets: &[u8], is_json: bool) -> Result<T, Problem> {
    if !is_json {
        return Err(no_json());
    }
    // Structs could be read from arrays as well; the schema says object.
    if octets.trim_ascii_start().first() == Some(&b'[') {
        return Err(refusals::malformed_json("not an object").into());
    }
    serde_json::from_slice(octets).map_err(|error| refusals::malformed_json(&said(&error)).into())
}

/// What serde says, without what it found: a value in a wrong place may be a secret.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let kept = ["missing field ", "unknown field ", "duplicate field "];
    let what = match kept.iter().any(|start| text.starts_with(start)) {
        // Names of fields, ours or theirs; the place follows behind " at ".
        true => text.split(" at line ").next().unwrap_or_default().to_owned(),
        false if error.is_data() => "a value of the wrong kind".to_owned(),
        false => "not JSON".to_owned(),
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

async fn octets(headers: &HeaderMap, body: Body, limit: usize, patience: Duration) -> Result<Bytes, Problem> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, default)]
    struct Note {
        password: String,
        count: u32,
    }

    fn headers(kind: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, kind.parse().expect("a header"));
        }
        headers
    }

    async fn read(kind: Option<&str>, body: &str) -> Result<Note, (u16, &'static str)> {
        let read = json_or_nothing(&headers(kind), Body::from(body.to_owned()), 64).await;
        read.map_err(|problem: Problem| (problem.status().as_u16(), problem.refusal().code))
    }

    #[tokio::test]
    async fn a_body_is_json_within_limits_or_a_problem() {
        let kind = Some("application/json; charset=utf-8");
        assert_eq!(read(kind, r#"{"count":3}"#).await, Ok(Note { count: 3, ..Note::default() }));
        assert_eq!(read(None, "").await, Ok(Note::default()));
        assert_eq!(read(None, "{}").await, Err((415, "api.unsupported_media_type")));
        assert_eq!(read(Some("text/plain"), "{}").await, Err((415, "api.unsupported_media_type")));
        for bad in
            ["{", "[]", r#"{"count":-1}"#, r#"{"x":1}"#, "null", "\u{feff}{}", r#"{"count":1,"count":2}"#]
        {
            assert_eq!(read(kind, bad).await, Err((400, "api.malformed_json")), "{bad}");
        }
        let at_the_limit = format!("{{{}}}", " ".repeat(62));
        assert_eq!(read(kind, &at_the_limit).await, Ok(Note::default()));
        assert_eq!(read(kind, &format!(" {at_the_limit}")).await, Err((413, "api.body_too_large")));
    }

    #[tokio::test]
    async fn what_declares_itself_too_large_is_not_read() {
        let mut headers = headers(Some("application/json"));
        headers.insert(header::CONTENT_LENGTH, "65".parse().expect("a header"));
        let never = Body::from_stream(NeverReady);
        let refused = json::<Note>(&headers, never, 64).await.expect_err("too large");
        assert_eq!(refused.refusal().code, "api.body_too_large");
    }

    #[tokio::test]
    async fn a_problem_repeats_no_value() {
        let body = Body::from(r#"{"count":"hunter2-secret"}"#);
        let refused =
            json::<Note>(&headers(Some("application/json")), body, 64).await.expect_err("no number");
        assert!(!String::from_utf8_lossy(&refused.body()).contains("hunter2"));
        let body = Body::from(r#"{"pasword":"hunter2-secret"}"#);
        let refused = json::<Note>(&headers(Some("application/json")), body, 64).await.expect_err("no field");
        let said = String::from_utf8_lossy(&refused.body()).into_owned();
        assert!(said.contains("unknown field `pasword`") && !said.contains("hunter2"), "{said}");
    }

    struct NeverReady;

    impl futures_util::Stream for NeverReady {
        type Item = Result<Bytes, std::io::Error>;

        fn poll_next(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::Poll::Pending
        }
    }
}
