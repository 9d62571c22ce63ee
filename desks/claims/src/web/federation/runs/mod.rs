//! 一括処理 (K10): the same deed to many cases, looked over before it begins, and followed while it goes on.
//!
//! ```text
//! 証明書一覧 ─→ start (入力 → 確認) ─┬─→ show: progress, results, CSV, stop
//! revoke (入力 → 確認, C11) ─────────┘       ↑
//! list ──────────────────────────────────────┘
//! ```

mod confirm;
mod file;
mod list;
mod revoke;
mod show;
mod start;

pub(super) mod samples;

use crate::{Claims, RunId, service::no_run};
use axum::routing::{get, post};
use kit_web::{Frame, Pages, Refused};

/// The list.
pub(super) const LIST: &str = "/claims/desk/runs";
/// The page that starts a run over chosen cases.
pub(super) const NEW: &str = "/claims/desk/runs/new";
/// The page that revokes for a prefecture.
pub(super) const REVOKE: &str = "/claims/desk/revocations/bulk";
/// The name of the boxes of chosen cases.
pub(super) const PICKED: &str = "case";

/// The pages of mass work.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(LIST, get(list::show))
        .route(NEW, get(start::show).post(start::send))
        .route(REVOKE, get(revoke::show).post(revoke::send))
        .route("/claims/desk/runs/{id}", get(show::show))
        .route("/claims/desk/runs/{id}/lines.csv", get(file::send))
        .route("/claims/desk/runs/{id}/stop", post(show::stop))
}

/// The path of a run.
fn run_path(id: RunId) -> String {
    format!("{LIST}/{}", id.0)
}

/// Where the lines that runs refused are: on the page of the run, where it is one alone.
pub(super) fn refused(run: Option<RunId>) -> String {
    run.map_or_else(|| LIST.to_owned(), |run| show::refused_path(&run_path(run)))
}

/// The number of a run in a path; anything else is a run that does not exist.
fn run_of(text: &str) -> Result<RunId, Refused> {
    text.parse().map(RunId).map_err(|_| Refused(no_run()))
}

/// The frame below the list.
fn below_list(frame: Frame) -> Frame {
    let label = frame.say.t("claims-run-list");
    frame.crumb(label, LIST)
}

/// A figure of a page.
fn figure(many: u64) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}
