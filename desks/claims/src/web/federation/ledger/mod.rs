//! 記録（台帳） (K8): who did what to which case, and the proof of each entry to be downloaded.

mod asked;
mod list;
mod one;
pub(super) mod samples;

use crate::{Claims, service::Whom};
use axum::routing::get;
use kit_ledger::EntryId;
use kit_web::{Frame, Pages, Say};

/// The list.
pub(super) const LIST: &str = "/claims/desk/ledger";

/// The pages about the ledger.
pub(super) fn router() -> Pages<Claims> {
    Pages::new()
        .route(LIST, get(list::show))
        .route("/claims/desk/ledger/{id}", get(one::show))
        .route("/claims/desk/ledger/{id}/proof", get(one::proof))
}

/// The address of everything about one case.
pub(super) fn of_case(number: &str) -> String {
    format!("{LIST}?case={number}")
}

/// The path of one entry.
fn path(id: EntryId) -> String {
    format!("{LIST}/{}", id.0)
}

/// Who did something, as people see them.
fn who(say: &Say, whom: &Whom) -> String {
    let named = |key: &str, name: &str| say.with(key, [("name", name.into())]);
    // keys: claims-ledger-by-staff claims-ledger-by-applicant claims-ledger-by-operator
    match whom {
        Whom::System => say.t("claims-ledger-by-system"),
        Whom::Staff(name) => named("claims-ledger-by-staff", name),
        Whom::Applicant(name) => named("claims-ledger-by-applicant", name),
        Whom::Operator(name) => named("claims-ledger-by-operator", name),
        Whom::Other(actor) => actor.clone(),
    }
}

/// Where an entry stands in the log.
fn place(say: &Say, index: Option<u64>) -> String {
    match index {
        Some(index) => say.number(i64::try_from(index).unwrap_or(i64::MAX)),
        None => say.t("claims-ledger-place-soon"),
    }
}

/// What every page about the ledger is asked.
fn help(frame: Frame) -> Frame {
    let say = frame.say.clone();
    frame
        .help(say.t("claims-ledger-help-what"), say.t("claims-ledger-help-what-text"))
        .help(say.t("claims-ledger-help-soon"), say.t("claims-ledger-help-soon-text"))
        .help(say.t("claims-ledger-help-check"), say.t("claims-ledger-help-check-text"))
}
