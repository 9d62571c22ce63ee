//! The end of certificates: which end soon, and the letters to their holders (C12).

mod expiring;
pub(super) mod samples;

use crate::Claims;
use axum::routing::get;
use kit_web::Pages;

/// The list.
pub(super) const EXPIRING: &str = "/claims/desk/expiring";

/// The pages about the end of certificates.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(EXPIRING, get(expiring::show))
        .route("/claims/desk/expiring.csv", get(expiring::csv))
        .route("/claims/desk/expiring/letters.pdf", get(expiring::letters))
}
