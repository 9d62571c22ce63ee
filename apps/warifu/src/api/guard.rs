//! What every request of the API passes: a name, a place, a time limit, a count, a catch for panics.

use super::{
    problem::{Problem, Told, broke},
    refusals,
};
use crate::server::{Peer, Stopped, Work};
use authority_front::Refusal;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use core_words::UtcMicros;
use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU64, Ordering},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The name of one request, in the answer's `X-Request-Id` and in the log.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.to_str().unwrap_or("-"))
    }
}

/// Gives names to requests that bring none: the start of the process and a count.
#[derive(Debug)]
struct RequestIds {
    start: String,
    next: AtomicU64,
}

impl RequestIds {
    fn starting_at(now: UtcMicros) -> Self {
        Self { start: format!("{:x}", now.0), next: AtomicU64::new(1) }
    }

    /// The client's own name for the request if it is short and plain, else a new one.
    fn of(&self, request: &Request) -> RequestId {
        let plain = |v: &&HeaderValue| {
            (1..=64).contains(&v.len())
                && v.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(b))
        };
        if let Some(given) = request.headers().get(REQUEST_ID).filter(plain) {
            return RequestId(given.clone());
        }
        let text = format!("{}-{:x}", self.start, self.next.fetch_add(1, Ordering::Relaxed));
        RequestId(HeaderValue::try_from(text).expect("hexadecimal digits and a hyphen"))
    }
}

/// Why issuing is shut, until that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// The disk is nearly full.
    DiskLow,
}

/// Whether issuing is possible at the moment; set by whoever watches, asked by each order.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<AtomicU8>);

impl Gate {
    /// Opens or shuts.
    pub fn set(&self, shut: Option<Shut>) {
        self.0.store(u8::from(shut.is_some()), Ordering::Relaxed);
    }

    /// Whether an order may go on.
    ///
    /// # Errors
    /// The refusal to answer with.
    pub fn open(&self) -> Result<(), Refusal> {
        if self.0.load(Ordering::Relaxed) == 0 { Ok(()) } else { Err(refusals::disk_low()) }
    }
}

/// What is laid around every route that programs call: those of the authority's API and those of the desks.
pub struct Guard {
    work: Work,
    request_ids: RequestIds,
}

impl Guard {
    /// A guard for all of them, whose names for requests begin with the time `now`.
    pub fn new(work: Work, now: UtcMicros) -> Arc<Self> {
        Arc::new(Self { work, request_ids: RequestIds::starting_at(now) })
    }

    /// Lays the guard around `routes`.
    pub fn around(self: &Arc<Self>, routes: Router) -> Router {
        routes.layer(middleware::from_fn_with_state(self.clone(), guard))
    }
}

async fn guard(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let id = guard.request_ids.of(&request);
    request.extensions_mut().insert(id.clone());
    let peer =
        (request.method() == Method::POST).then(|| request.extensions().get::<Peer>().cloned()).flatten();
    let mut response = guard.work.on(next.run(request)).await.unwrap_or_else(|stopped| match stopped {
        Stopped::NoPlace => Problem::from(refusals::busy()).into_response(),
        Stopped::TooLong => Problem::from(refusals::timed_out()).into_response(),
        Stopped::Panicked(what) => broke(&id, &what).into_response(),
    });
    let code = response.extensions().get::<Told>().map(|told| told.code);
    guard.work.answered(response.status(), code);
    if let Some(code) = code {
        tracing::debug!(request_id = %id, status = response.status().as_u16(), code, "refused");
        if let Some(peer) = peer {
            // The body may not have been read; the answer must not be lost for that.
            peer.answered_early();
        }
    }
    response.headers_mut().insert(REQUEST_ID, id.0);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{body::Body, routing::get};
    use std::time::Duration;
    use tower::ServiceExt;

    /// K16: a desk's route that breaks answers as the authority's do, with a name to tell the operator.
    #[tokio::test]
    async fn k16_a_route_that_panics_answers_with_a_problem_and_a_name() {
        async fn falls() -> &'static str {
            panic!("the roof fell in")
        }
        let work = Work::new(4, Duration::from_secs(30), Arc::default());
        let routes = Guard::new(work, UtcMicros(1)).around(Router::new().route("/api/v1/desk", get(falls)));
        let request = Request::get("/api/v1/desk").body(Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), 500);
        assert_eq!(response.extensions().get::<Told>().unwrap().code, "server.internal");
        assert!(response.headers().contains_key(REQUEST_ID));
    }
}
