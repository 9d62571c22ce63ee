//! One certificate goes through the claims desk, on its pages: applied for, looked at, issued, fetched, revoked
//! (C1, C4, C5, C9, C14–C17, C19–C21, K9, K11, K12, K16).
//!
//! Others apply too, so that the desk is as desks are: one is rejected, one was registered in error, one has a key of
//! its own, one lets its certificate lie.

mod apply;
mod fetch;
mod review;
mod revoke;

use crate::{
    demo::{
        people::{Office, People, Staff},
        tell::Teller,
        town::Town,
    },
    fail::Outcome,
};
use kit_keys::SoftKey;
use std::path::PathBuf;

/// For how long something can be undone, in seconds: as configured.
const UNDO: i64 = 60;
/// The authority of the desk.
const CA: &str = "rsa-ca";

/// Who applies, and under which numbers. Most of the steps are about the first.
struct Desk {
    /// さくら: its certificate goes all the way.
    sakura: Applied,
    /// もみじ: rejected, with a reason.
    momiji: Applied,
    /// The application with which it tries again; empty until then.
    again: String,
    /// ひまわり: registered by mistake, and put back by the manager.
    himawari: Applied,
    /// あおば: its key is its own.
    aoba: Applied,
    /// The key of the last, as it lies in that office.
    own: SoftKey,
    /// つくし: does not fetch what was issued.
    tsukushi: Applied,
    /// すみれ: has not applied yet; that is left to whoever looks at the demo.
    sumire: Office,
}

/// An office with its application.
struct Applied {
    office: Office,
    case: String,
}

/// The staff of the federation.
struct Federation {
    clerk: Staff,
    manager: Staff,
}

pub(super) async fn run(town: &mut Town, tell: &mut Teller) -> Outcome<People> {
    let mut desk = apply::run(town, tell).await?;
    let mut federation = review::run(town, tell, &mut desk).await?;
    fetch::run(town, tell, &mut desk).await?;
    revoke::run(town, tell, &mut desk, &mut federation).await?;
    let Desk { sakura, momiji, himawari, aoba, tsukushi, sumire, .. } = desk;
    let mut offices: Vec<Office> = [sakura, momiji, himawari, aoba, tsukushi].map(|a| a.office).into();
    offices.push(sumire);
    let Federation { clerk, manager } = federation;
    Ok(People { offices, clerk, manager })
}

/// Where the files of the case go.
fn folder(town: &Town) -> PathBuf {
    town.house.at("artifacts/claims")
}

/// Whether something holds; `Err` says why it does not.
pub(super) fn holds(it: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if it { Ok(()) } else { Err(why()) }
}
