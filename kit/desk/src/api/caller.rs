//! What handlers are handed: who calls, the parameters of the path, those of the query.

use super::{problem::Problem, refusals};
use axum::{
    extract::{FromRef, FromRequestParts, Path, Query},
    http::{header, request::Parts},
};
use core_words::Text;
use kit_gate::{Gate, Machine};
use serde::de::DeserializeOwned;

/// A program that showed a good token. Cookies are not looked at: a page of another site cannot make a browser call.
#[derive(Clone, Debug)]
pub struct Caller(pub Machine);

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Gate: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let value = parts.headers.get(header::AUTHORIZATION).ok_or_else(kit_gate::no_token)?;
        // What is no text, or of another scheme, is as good as no token.
        let token = value.to_str().ok().and_then(bearer).ok_or_else(kit_gate::no_token)?;
        Ok(Self(Gate::from_ref(state).machine(token).await?))
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The parameters of a path, with a problem for what is not UTF-8 or not of their form.
#[derive(Clone, Copy, Debug)]
pub struct At<T>(pub T);

impl<T, S> FromRequestParts<S> for At<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_) => {
                let what = Text::new("パスの形式ではありません", "is not of the form of this path");
                Err(refusals::bad_field("path", what).into())
            }
        }
    }
}

/// The parameters of a query, with a problem for what is not of their form.
#[derive(Clone, Copy, Debug)]
pub struct Asked<T>(pub T);

impl<T, S> FromRequestParts<S> for Asked<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(_) => {
                let what = Text::new(
                    "知らない項目か、形式の異なる値があります",
                    "has an unknown parameter, or a value of another form",
                );
                Err(refusals::bad_field("query", what).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k9_only_bearer_tokens_are_looked_at() {
        assert_eq!(bearer("Bearer wt_x"), Some("wt_x"));
        assert_eq!(bearer("bearer  wt_x "), Some("wt_x"));
        for other in ["", "Bearer", "Basic d3Q6eA==", "wt_x", "Bearerwt_x"] {
            assert_eq!(bearer(other), None, "{other}");
        }
    }
}
