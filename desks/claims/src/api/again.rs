//! What is asked for twice, and what was made: the answer of the first time, and where to find it.

use super::{DESK, stop::Stop, who::By};
use crate::{Claims, status::Hat};
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use kit_desk::{
    Doer,
    api::{Answer, Once, Problem, Reply, answers},
};
use kit_gate::Scope;
use kit_store::Tx;
use serde::Serialize;
use serde_json::Value;

/// The answer that a request under the same key got before: for operations that cost much, or count what is tried,
/// before they begin.
pub(super) async fn before(claims: &Claims, once: Option<&Once>) -> Result<Option<Reply>, Problem> {
    let Some(once) = once.cloned() else { return Ok(None) };
    let given = claims.db().read(move |tx| answers::given(tx, &once)).await.map_err(Stop::from)?;
    Ok(given.map(|answer| Reply { answer, again: true }))
}

/// Carries `act` out in one transaction with the answer that is kept for the caller's key, if it has one. `target` is
/// method and path, `said` what was understood of the rest.
pub(super) async fn once(
    claims: &Claims,
    by: &By,
    headers: &HeaderMap,
    target: &str,
    said: &impl Serialize,
    act: impl Fn(&mut Tx, &Claims, &Scope, &Doer<Hat>) -> Result<Answer, Stop> + Send + 'static,
) -> Result<Reply, Problem> {
    let once = Once::of(headers, DESK, by.machine.account, target, said, claims.digest())?;
    let (desk, scope, doer) = (claims.clone(), by.scope(), by.doer());
    let done = claims
        .db()
        .write(move |tx| answers::once(tx, once.as_ref(), desk.now(), |tx| act(tx, &desk, &scope, &doer)));
    Ok(done.await?)
}

/// The answer, with the place of what was made: its path, out of the answer's body.
pub(super) fn created(reply: Reply, path: impl FnOnce(&Value) -> Option<String>) -> Response {
    let place = serde_json::from_str::<Value>(&reply.answer.body).ok().and_then(|body| path(&body));
    let mut response = reply.into_response();
    if let Some(place) = place.and_then(|place| HeaderValue::try_from(place).ok()) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}
