//! Answers already given: a request that comes again under the same Idempotency-Key is answered, not carried out again.
//!
//! The answer is kept in the transaction of the deed: there is none without the other, whatever is killed when. A
//! refusal changed nothing and is not kept. Keys belong to one account at one desk, and are remembered for at least 48
//! hours ([`sweep`]).

use super::{etag, problem::Problem, refusals};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use core_crypto::Digest;
use core_words::{Refusal, UtcMicros};
use kit_gate::AccountId;
use kit_store::{StoreError, Tx, params};
use serde::Serialize;

/// The caller's own name for a request.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an earlier request under the same key was answered again.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replay");
/// Characters of a key.
pub const KEY_CHARS: usize = 128;
/// For how long answers are kept, in seconds.
const KEPT: i64 = 48 * 60 * 60;
/// Answers that one sweep removes: short, whatever their number.
const SWEPT: i64 = 1_000;

/// A request that is to be carried out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    desk: &'static str,
    account: AccountId,
    key: String,
    fingerprint: [u8; 32],
}

impl Once {
    /// The request of `account` to `target` (method and path) with what it says, if it has a key. `said` is what was
    /// understood of headers and body, so that blanks and the order of fields make no difference; secrets are no part
    /// of it.
    ///
    /// # Errors
    /// `api.bad_idempotency_key`: outside of 1 to 128 visible ASCII characters, or several.
    pub fn of(
        headers: &HeaderMap,
        desk: &'static str,
        account: AccountId,
        target: &str,
        said: &impl Serialize,
        digest: &dyn Digest,
    ) -> Result<Option<Self>, Refusal> {
        let mut all = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = all.next() else { return Ok(None) };
        let key = key(value).filter(|_| all.next().is_none()).ok_or_else(refusals::bad_idempotency_key)?;
        let said = serde_json::to_string(said).expect("what was read from JSON is JSON again");
        let fingerprint = digest.sha256(format!("{target}\0{said}").as_bytes());
        Ok(Some(Self { desk, account, key, fingerprint }))
    }
}

fn key(value: &HeaderValue) -> Option<String> {
    let octets = value.as_bytes();
    let formed = (1..=KEY_CHARS).contains(&octets.len()) && octets.iter().all(u8::is_ascii_graphic);
    formed.then(|| String::from_utf8_lossy(octets).into_owned())
}

/// What a request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status: 200, 201.
    pub status: u16,
    /// The version that the ETag tells.
    pub version: Option<i64>,
    /// The body, JSON.
    pub body: String,
}

impl Answer {
    /// An answer of this body.
    #[must_use]
    pub fn new(status: StatusCode, version: Option<i64>, body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).expect("answers are texts and numbers, which are always JSON");
        Self { status: status.as_u16(), version, body }
    }
}

/// Why a request was not carried out, before the desk was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotOnce {
    /// Another request was carried out under the same key.
    #[error("another request was carried out under the same key")]
    OtherRequest,
    /// Those of the store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An answer on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The answer.
    pub answer: Answer,
    /// Whether it was given before.
    pub again: bool,
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let Ok(status) = StatusCode::from_u16(self.answer.status) else {
            tracing::error!(status = self.answer.status, "an answer that was kept has no HTTP status");
            return Problem::with_status(refusals::unreadable_body(), StatusCode::INTERNAL_SERVER_ERROR)
                .into_response();
        };
        let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, self.answer.body).into_response();
        if let Some(version) = self.answer.version {
            response.headers_mut().insert(header::ETAG, etag(version));
        }
        if self.again {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

/// Carries `act` out, unless it was before: then its answer is given again. Without a key it is carried out each time.
///
/// # Errors
/// Those of `act`, and [`NotOnce`].
pub fn once<E: From<NotOnce>>(
    tx: &mut Tx,
    once: Option<&Once>,
    now: UtcMicros,
    act: impl FnOnce(&mut Tx) -> Result<Answer, E>,
) -> Result<Reply, E> {
    let Some(once) = once else { return Ok(Reply { answer: act(tx)?, again: false }) };
    if let Some(answer) = given(tx, once)? {
        return Ok(Reply { answer, again: true });
    }
    let answer = act(tx)?;
    keep(tx, once, &answer, now).map_err(NotOnce::from)?;
    Ok(Reply { answer, again: false })
}

/// The answer that was given before. For deeds whose preparation is dear or leaves a trace, such as comparing a
/// password: a repeat needs none.
///
/// # Errors
/// [`NotOnce`].
pub fn given(tx: &mut Tx, once: &Once) -> Result<Option<Answer>, NotOnce> {
    let row = tx.query_opt(
        "SELECT request_sha256, status, version, body FROM desk_answer \
         WHERE desk = $1 AND account = $2 AND idempotency_key = $3",
        params![once.desk, once.account.0, &once.key],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (fingerprint, status): ([u8; 32], i16) = (row.get(0)?, row.get(1)?);
    if fingerprint != once.fingerprint {
        return Err(NotOnce::OtherRequest);
    }
    let status = u16::try_from(status)
        .map_err(|_| StoreError::Corrupt(format!("desk_answer.status holds {status}")))?;
    Ok(Some(Answer { status, version: row.get(2)?, body: row.get(3)? }))
}

fn keep(tx: &mut Tx, once: &Once, answer: &Answer, now: UtcMicros) -> Result<(), StoreError> {
    let status = i16::try_from(answer.status)
        .map_err(|_| StoreError::Constraint(format!("desk_answer.status: {}", answer.status)))?;
    tx.execute(
        "INSERT INTO desk_answer (desk, account, idempotency_key, request_sha256, status, version, body, at_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            once.desk,
            once.account.0,
            &once.key,
            &once.fingerprint,
            status,
            answer.version,
            &answer.body,
            now,
        ],
    )?;
    Ok(())
}

/// Removes answers that are older than 48 hours, a thousand at most; how many. For a scheduled job: what they tell of
/// applicants is not kept longer than it is of use.
///
/// # Errors
/// Those of the store.
pub fn sweep(tx: &mut Tx, now: UtcMicros) -> Result<u64, StoreError> {
    // The key has three columns; the oldest are found by their time, and what is as old as the last of them goes too.
    let before = now.plus_seconds(-KEPT);
    let last = tx.query_opt(
        "SELECT max(at_us) FROM (SELECT at_us FROM desk_answer WHERE at_us < $1 ORDER BY at_us LIMIT $2) AS oldest",
        params![before, SWEPT],
    )?;
    let last: Option<UtcMicros> = last.map(|row| row.get(0)).transpose()?.flatten();
    match last {
        Some(last) => tx.execute("DELETE FROM desk_answer WHERE at_us <= $1", params![last]),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests;
