//! The end of certificates: which end soon, and the letters to their holders (C12); which may be deleted (C13).
//!
//! ```text
//! deletion (what would go, 一覧) ─→ check (確認) ─→ under way ─→ done, with its archive
//! ```

mod check;
mod deletion;
mod expiring;
pub(super) mod samples;
mod under_way;

use crate::Claims;
use axum::routing::get;
use kit_web::Pages;

/// The list.
pub(super) const EXPIRING: &str = "/claims/desk/expiring";
/// What may be deleted.
pub(super) const DELETION: &str = "/claims/desk/deletion";

/// The pages about the end of certificates.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(EXPIRING, get(expiring::show))
        .route("/claims/desk/expiring.csv", get(expiring::csv))
        .route("/claims/desk/expiring/letters.pdf", get(expiring::letters))
        .route(DELETION, get(deletion::show))
        .route("/claims/desk/deletion/check", get(check::show).post(check::send))
        .route("/claims/desk/deletion/{no}", get(under_way::show))
        .route("/claims/desk/deletion/{no}/archive.jsonl", get(under_way::archive))
}
