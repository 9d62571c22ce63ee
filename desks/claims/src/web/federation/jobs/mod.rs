//! 自動処理 (K10): what the house does by itself, what of it is late, and what stopped.

mod list;
mod one;
pub(super) mod samples;

use crate::Claims;
use axum::routing::get;
use kit_web::{Frame, Pages};

/// The list.
pub(super) const LIST: &str = "/claims/desk/jobs";

/// The pages about jobs.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(LIST, get(list::show))
        .route("/claims/desk/jobs/{id}", get(one::show))
        .route("/claims/desk/jobs/{id}/rerun", get(one::again).post(one::rerun))
}

/// The frame below the list.
fn below_list(frame: Frame) -> Frame {
    let label = frame.say.t("claims-jobs-list");
    frame.crumb(label, LIST)
}
