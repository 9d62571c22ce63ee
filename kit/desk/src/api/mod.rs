//! What the API of every desk does the same way (K16).
//!
//! ```text
//!  Authorization: Bearer ─→ Caller        who, by a token of the gate
//!  path, query ───────────→ At, Asked     what is not of the right form is a problem, never a blank page
//!  If-Match ──────────────→ Seen          the version that was looked at: required where something is changed
//!  Idempotency-Key ───────→ Once          the same request again is answered, not carried out again
//!  body ──────────────────→ json          within limits of size and time
//!                            ↓ the desk
//!  Reply (JSON, ETag) or Problem (RFC 9457: code, sentence and next step in both languages, fields)
//! ```
//! Codes `api.…` are those of the whole product's API, whoever answers.

pub mod answers;
mod body;
mod caller;
mod etag;
pub mod fields;
mod problem;
pub mod refusals;
mod view;

pub use answers::{Answer, NotOnce, Once, Reply};
pub use body::{json, json_octets, json_or_nothing};
pub use caller::{Asked, At, Caller};
pub use etag::{Seen, etag};
pub use problem::{FieldBody, MEDIA_TYPE, Problem, ProblemBody, TextBody, Told, status_of};
pub use view::{rfc3339, rfc3339_micros, security};

use axum::routing::any;
use kit_web::Pages;

/// Lays over the routes of a desk that every answer outside them is a problem as well. `prefix` is where they stand:
/// `/api/v1/claims`.
pub fn all_problems<S: Clone + Send + Sync + 'static>(routes: Pages<S>, prefix: &str) -> Pages<S> {
    let rest = format!("{prefix}/{{*rest}}");
    routes.around(|routes| routes.route(&rest, any(nothing_here)).method_not_allowed_fallback(wrong_method))
}

async fn nothing_here() -> Problem {
    refusals::not_found().into()
}

/// axum adds the header Allow.
async fn wrong_method() -> Problem {
    let status = axum::http::StatusCode::METHOD_NOT_ALLOWED;
    Problem::with_status(refusals::method_not_allowed(), status)
}
