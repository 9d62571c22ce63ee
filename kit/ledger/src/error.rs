//! What can go wrong when the log is numbered, signed or read.

use crate::{BadCheckpoint, SignFailed};
use kit_store::StoreError;

/// Why the log could not be numbered, signed, proved or exported.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key that signs checkpoints.
    #[error(transparent)]
    Signer(#[from] SignFailed),
    /// The signer made a signature that its own public key does not accept. Nothing was published.
    #[error("the new checkpoint does not open with the signer's own key: {0}")]
    SignedBadly(BadCheckpoint),
    /// The stored tree does not contain the tree of a checkpoint that was signed: somebody has changed the
    /// database. Nothing is signed any more until it is restored.
    #[error("the stored tree is not an extension of the signed checkpoint of size {size}")]
    Forked {
        /// The size of the checkpoint that is contradicted.
        size: u64,
    },
    /// An entry or a tile that must be there is missing or of the wrong length.
    #[error("{0} is missing or damaged")]
    Missing(String),
    /// No such entry.
    #[error("there is no such entry")]
    NoSuchEntry,
    /// The entry is not yet under a checkpoint, or not under the one that was named; try again in a second.
    #[error("the entry is not covered by a checkpoint yet")]
    NotYet,
    /// No checkpoint of that size was ever signed.
    #[error("there is no checkpoint of size {0}")]
    NoCheckpoint(u64),
    /// Nothing has been signed so far.
    #[error("the ledger has no checkpoint yet")]
    Unsigned,
    /// A file could not be written or read.
    #[error("{file}: {reason}")]
    File {
        /// Which file.
        file: String,
        /// What the operating system says.
        reason: String,
    },
}
