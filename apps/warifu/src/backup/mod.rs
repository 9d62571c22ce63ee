//! Backup, its verification, and restore (K14).
//!
//! ```text
//! DIR/tables/NAME.rows   every table, as of one moment, in a form that either database can take in
//! DIR/blobs/…            the files beside the database
//! DIR/manifest.sig       signed with the key of the ledger
//! DIR/manifest.json      written last: without it a directory is not a backup
//! ```
//! A backup is taken while the server works: one snapshot of the database, blobs before and after it. Private
//! keys are in it as they are in the database, sealed. A restore goes into an empty place only, moves ahead
//! what must never repeat (ids, list numbers), and says yes only after everything was checked.

mod error;
pub mod manifest;
mod restore;
mod rows;
mod tables;
mod take;
mod verify;

pub use error::BackupError;
pub use manifest::Manifest;
pub use restore::{Chosen, RESTORES, Restored, Target, interrupted, restore, scratch_beside};
pub use take::{Source, Taken, take};
pub use verify::{Looked, look, name_of, trial};

use kit_store::Component;

/// The components of a release, in plug order.
pub type Components = [Component];
