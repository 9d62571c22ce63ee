//! What every request of the API passes: a name, a place, a time limit, a count, a catch for panics.

use super::{
    Api,
    problem::{Problem, Told, broke},
    refusals,
};
use crate::server::Peer;
use authority_front::Refusal;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::{IntoResponse, Response},
};
use core_words::UtcMicros;
use futures_util::FutureExt;
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
};
use tokio::time::timeout;

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
pub(super) struct RequestIds {
    start: String,
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn starting_at(now: UtcMicros) -> Self {
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

pub(super) async fn guard(State(api): State<Arc<Api>>, mut request: Request, next: Next) -> Response {
    let id = api.request_ids.of(&request);
    request.extensions_mut().insert(id.clone());
    let peer =
        (request.method() == Method::POST).then(|| request.extensions().get::<Peer>().cloned()).flatten();
    let mut response = match api.places.try_acquire() {
        Ok(_place) => {
            let _counted = api.meters.begin();
            let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
            match timeout(api.limits.request, answer).await {
                Ok(Ok(response)) => response,
                Ok(Err(panic)) => broke(&id, &said(&*panic)).into_response(),
                Err(_) => Problem::from(refusals::timed_out()).into_response(),
            }
        }
        Err(_) => Problem::from(refusals::busy()).into_response(),
    };
    let code = response.extensions().get::<Told>().map(|told| told.code);
    api.meters.answered(response.status(), code);
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

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("panic").to_owned()
}
