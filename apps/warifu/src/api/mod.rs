//! The REST API for registered RA credentials: `/api/v1` (K16).
//!
//! One file per operation. A request is authenticated ([`caller`]), its body read within limits
//! ([`body`]), turned into a plain order or revocation, and handed to the authority through
//! [`Front`]; what comes back is written out ([`view`]) or told as a problem ([`problem`], all texts in
//! [`refusals`]). The document [`openapi`] describes exactly this.

pub mod authorities;
pub mod batch;
pub mod caller;
pub mod certificate;
pub mod credentials;
mod failures;
pub mod fields;
mod guard;
pub mod issue;
pub mod openapi;
pub mod problem;
pub mod proof;
pub mod refusals;
pub mod revoke;
pub mod view;

pub use credentials::{Credentials, Registry};
pub use guard::{Gate, Guard, Shut};
pub use kit_desk::api::At;

use crate::{config::Limits, ops::meters::Meters, server::Work};
use authority_front::Front;
use axum::{
    Router,
    routing::{any, get, post},
};
use kit_clock::SharedClock;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Batches worked on at a time: each may hold 64 MiB of requests and as much of answers.
const BATCHES: usize = 4;

/// What the operations of the API are handed.
pub struct Api {
    /// The authority.
    pub front: Arc<dyn Front>,
    /// What is known about authorities and the ledger beside issuing.
    pub catalogue: Arc<dyn authorities::Catalogue>,
    /// Who may ask.
    pub credentials: Credentials,
    /// Whether issuing is possible at the moment.
    pub gate: Gate,
    /// How much may be asked.
    pub limits: Limits,
    /// What is counted.
    pub meters: Arc<Meters>,
    /// The time.
    pub clock: SharedClock,
    /// What is laid around every route that programs call.
    pub guard: Arc<Guard>,
    /// Places for batches among the requests that are worked on.
    batches: Arc<Semaphore>,
}

impl Api {
    /// Puts the parts together.
    pub fn new(
        front: Arc<dyn Front>,
        catalogue: Arc<dyn authorities::Catalogue>,
        credentials: Credentials,
        gate: Gate,
        limits: Limits,
        meters: Arc<Meters>,
        clock: SharedClock,
    ) -> Arc<Self> {
        let work = Work::new(limits.in_flight, limits.request, meters.clone());
        let guard = Guard::new(work, clock.now());
        Arc::new(Self {
            front,
            catalogue,
            credentials,
            gate,
            limits,
            meters,
            clock,
            guard,
            batches: Arc::new(Semaphore::new(BATCHES)),
        })
    }
}

/// The routes of the API, with every answer outside them a problem as well.
pub fn router(api: Arc<Api>) -> Router {
    let routes = Router::new()
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api/v1/authorities", get(authorities::list))
        .route("/api/v1/authorities/{authority}/certificates", post(issue::issue))
        .route("/api/v1/authorities/{authority}/certificates/batch", post(batch::issue_many))
        .route("/api/v1/authorities/{authority}/certificates/{serial}", get(certificate::show))
        .route("/api/v1/authorities/{authority}/certificates/{serial}/proof", get(proof::show))
        .route("/api/v1/authorities/{authority}/revocations", post(revoke::revoke))
        .route("/api", any(problem::not_found))
        .route("/api/", any(problem::not_found))
        .route("/api/{*rest}", any(problem::not_found));
    let guard = api.guard.clone();
    guard.around(routes.method_not_allowed_fallback(problem::method_not_allowed).with_state(api))
}
