//! The ledger: every act that matters, in a Merkle log with signed checkpoints (K8).
//!
//! ```text
//!  append ──→ ledger_entry        in the transaction of the act; no number yet
//!               │ sequencer       one leader, after commit
//!               ↓
//!  number ──→ seq = index         gap-free, never changed again
//!               ↓
//!  grow ────→ tiles               RFC 6962 tree, C2SP tlog-tiles
//!               ↓
//!  sign ────→ checkpoint          C2SP signed note; every one ever signed is kept
//!               ↓
//!  export, prove                  ──→ verify_dir, Receipt::verify: need neither database nor this program
//! ```
//!
//! What a checkpoint covers never changes: it is signed only for a tree whose numbers and tiles are durable,
//! and only after the consistency with the checkpoint before it was proved. Personal data stays in erasable
//! details ([`erase_details`]); the log holds salted hashes of them.

mod append;
mod checkpoint;
mod entry;
mod error;
mod export;
mod layout;
mod lookup;
pub mod merkle;
pub mod note;
mod query;
mod receipt;
mod sequencer;
mod signer;
mod tiles;
mod verify;

pub use append::{append, append_as, append_many, erase_details, new_id};
pub use checkpoint::{BadCheckpoint, Checkpoint};
pub use entry::{BODY_VERSION, BadBody, Body, Entry, EntryId, MAX_BODY, MAX_DETAILS, commitment};
pub use error::LedgerError;
pub use export::{Exported, export};
pub use layout::{BadBundle, CHECKPOINT_FILE, KEY_FILE, Tile, TileKind, split_bundle};
pub use lookup::{Found, Lookup, Order, Place, list_old, listed, lookup};
pub use note::{BadKey, BadNote, VerifierKey};
pub use query::{
    Details, Lag, StoredCheckpoint, StoredEntry, checkpoint_at, checkpoints, details, entries, entry, lag,
    latest_checkpoint, numbering_lag,
};
pub use receipt::{BadReceipt, Find, Growth, Proved, Receipt, prove, prove_growth};
pub use sequencer::{BadSequencer, Numbered, Options, Sequencer, SequencerBuilder};
pub use signer::{CheckpointSigner, SignFailed, Signing};
pub use tiles::read_tile;
pub use verify::{Report, VerifyError, verify_dir};

use kit_store::{Component, migrations};

/// The tables of this crate, for `Db::migrate`.
pub const COMPONENT: Component = Component {
    name: "ledger",
    migrations: migrations!("../migrations/0001_ledger.sql", "../migrations/0002_lookup.sql"),
};
