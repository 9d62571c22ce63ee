//! What a care provider or an agent sees: its certificates, the application, a case, download, proofs, notices.

mod apply;
mod card;
mod case;
mod download;
mod files;
mod guide;
mod home;
mod notices;
mod open_notice;
mod parts;
mod quotation;
mod reissue;
mod samples;

use crate::Claims;
use axum::routing::{get, post};
use kit_web::{Pages, Sample};

/// The pages of care providers and agents.
pub(crate) fn router() -> Pages<Claims> {
    Pages::new()
        .route("/claims", get(home::show))
        .route("/claims/apply", get(apply::show).post(apply::send))
        .route("/claims/cases/{no}", get(case::show))
        .route("/claims/cases/{no}/applied", get(apply::done))
        .route("/claims/cases/{no}/receipt.pdf", get(files::receipt))
        .route("/claims/cases/{no}/invoice.pdf", get(files::invoice))
        .route("/claims/cases/{no}/proof/{version}", get(files::proof))
        .route("/claims/cases/{no}/download", get(download::show).post(download::send))
        .route("/claims/cases/{no}/confirm", post(case::confirm))
        .route("/claims/quotation", get(quotation::show).post(quotation::send))
        .route("/claims/guide", get(guide::show))
        .route("/claims/notices", get(notices::list))
        .route("/claims/notices/{id}", get(notices::show))
        .route("/claims/notices/{id}/file", get(notices::file))
        .route(reissue::PATH, get(reissue::show).post(reissue::send))
        .route("/claims/password/done/{id}", get(reissue::done))
        .route(open_notice::PATH, get(open_notice::show))
        .route(open_notice::SCRIPT, get(open_notice::script))
}

/// The pages for the gallery.
pub(crate) fn samples() -> Vec<Sample> {
    let mut samples = samples::samples();
    samples.extend(reissue::samples());
    samples.extend(open_notice::samples());
    samples
}
