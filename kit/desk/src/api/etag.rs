//! Versions over HTTP: the ETag of a case, and If-Match where something is changed (RFC 9110 §8.8.3, §13.1.1).

use super::{problem::Problem, refusals};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
};

/// The version that a caller looked at. As an argument of a handler it demands the header If-Match: without one 428,
/// with one that is no version 400. `*` is no version: it would say that nothing was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen(pub i64);

impl Seen {
    /// What the header says.
    ///
    /// # Errors
    /// `api.if_match_missing` (428), `api.bad_if_match` (400).
    pub fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut all = headers.get_all(header::IF_MATCH).iter();
        let value = all.next().ok_or_else(|| {
            Problem::with_status(refusals::if_match_missing(), StatusCode::PRECONDITION_REQUIRED)
        })?;
        let version = value.to_str().ok().and_then(version).filter(|_| all.next().is_none());
        version.map(Self).ok_or_else(|| refusals::bad_if_match().into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Seen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.headers)
    }
}

/// The ETag of a version: `"3"`. Strong: a version never changes.
#[must_use]
pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{version}\"")).expect("digits between quotes")
}

fn version(value: &str) -> Option<i64> {
    let digits = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    let plain = (1..=18).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(values: &[&[u8]]) -> Result<i64, (u16, &'static str)> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_MATCH, HeaderValue::from_bytes(value).expect("a header"));
        }
        Seen::of(&headers).map(|seen| seen.0).map_err(|p| (p.status().as_u16(), p.refusal().code))
    }

    #[test]
    fn k16_what_was_looked_at_must_be_said() {
        assert_eq!(seen(&[]), Err((428, "api.if_match_missing")));
        assert_eq!(seen(&[b"\"3\""]), Ok(3));
        for version in [1, 42, 999_999_999_999_999_999] {
            assert_eq!(seen(&[etag(version).as_bytes()]), Ok(version));
        }
        for bad in [
            &b""[..],
            b"3",
            b"*",
            b"W/\"3\"",
            b"\"\"",
            b"\"0\"",
            b"\"03\"",
            b"\"-3\"",
            b"\"+3\"",
            b"\"3\", \"4\"",
            b"\"1000000000000000000\"",
            b"\"\xff\"",
        ] {
            assert_eq!(seen(&[bad]), Err((400, "api.bad_if_match")), "{bad:?}");
        }
        assert_eq!(seen(&[b"\"3\"", b"\"3\""]), Err((400, "api.bad_if_match")));
    }
}
