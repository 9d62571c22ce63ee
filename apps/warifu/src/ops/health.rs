//! `/healthz`, `/readyz`, `/metrics`.

use super::{meters::Meters, probe::Probe};
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::watch;

/// What the routes are handed.
#[derive(Clone)]
pub struct Operations {
    /// What was seen.
    pub probe: Probe,
    /// What was counted.
    pub meters: Arc<Meters>,
    /// True once the server is ending: it answers, and wants no new clients.
    pub stopping: watch::Receiver<bool>,
}

/// Health and readiness: on the public address too, so that a proxy can ask.
pub fn health_routes(operations: Operations) -> Router {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(operations)
}

/// Metrics: on the operator's address where there is one.
pub fn metrics_routes(operations: Operations) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(operations)
}

/// The process runs and answers. Says nothing about its parts.
async fn alive() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Json(json!({ "alive": true })))
}

/// Whether requests can be served, and which part keeps them from it.
async fn ready(State(operations): State<Operations>) -> Response {
    let stopping = *operations.stopping.borrow();
    let seen = operations.probe.seen();
    let ready = seen.ready() && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({ "ready": ready, "stopping": stopping, "parts": seen.parts });
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

async fn metrics(State(operations): State<Operations>) -> impl IntoResponse {
    let text = operations.meters.render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}
