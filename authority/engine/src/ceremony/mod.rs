//! Ceremonies: authorities come to life, change their keys, certify others, rest and retire (K1).
//!
//! ```text
//! ceremony file ─ plan (dry run) ─→ CeremonyPlan ─ perform ─→ authorities, signed record
//! rollover       new key and certificate, link certificates, one switch
//! cross_certify  a foreign authority's key, checked, certified, published
//! change_state   suspend, resume, retire
//! ```
//!
//! Every certificate made here goes the way of any other: planned, linted, recorded, signed, stored. It is a
//! row of its issuer's journal, can be revoked and stands on the issuer's lists; its key is claimed, so no
//! subscriber can use an authority's key. What a crash interrupts is found by its key in the journal and
//! finished by asking for the same again.
//!
//! A ceremony ends with a signed record: see [`record`].

mod acts;
mod cross;
mod deed;
mod error;
pub mod file;
mod foreign;
pub(crate) mod issuer;
mod item;
mod notes;
mod perform;
mod plan;
mod profile_set;
pub mod record;
mod rehearsal;
mod rollover;
mod state;

pub use acts::KINDS;
pub use cross::{CrossRequest, Crossed, cross_certify};
pub use error::CeremonyError;
pub use foreign::{ForeignRefused, Presented, VerifiedForeign, check as check_foreign};
pub use perform::{Held, perform, records};
pub use plan::{CeremonyPlan, PlannedEntry, Progress, installation, plan};
pub use profile_set::{ProfileSet, ProfileText};
pub use rollover::{Rolled, RolloverRequest, plan_rollover, rollover};
pub use state::{StateChange, change_state};

/// The orderer of everything made here. No registered credential can have this name: theirs are slugs.
///
/// Orders of this orderer are finished by asking for the same ceremony again, never by recovery: a root signs
/// its own certificate before it exists as an authority.
pub const ORDERER: &str = "@ceremony";

#[cfg(test)]
mod tests;
