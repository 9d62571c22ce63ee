//! What may be wrong with a copy of the log. Each names the file, and the entry where it is about one.

use crate::{BadBody, BadBundle, BadCheckpoint, BadKey};

/// Why a copy of the log was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The folder holds no log.
    #[error("{dir} holds no ledger: there is no file 'checkpoint'")]
    NoLog {
        /// The folder.
        dir: String,
    },
    /// A file is missing or cannot be read.
    #[error("{file}: {reason}")]
    Read {
        /// The file.
        file: String,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// A file is larger than one of its kind can be.
    #[error("{file}: it has more than {limit} octets")]
    TooLarge {
        /// The file.
        file: String,
        /// The most it may have.
        limit: usize,
    },
    /// The file with the public key is not one.
    #[error("{file}: {reason}")]
    Key {
        /// The file.
        file: String,
        /// Why.
        reason: BadKey,
    },
    /// The log names another key than the expected one.
    #[error("{file}: the log names the key {found}, expected was {expected}")]
    OtherKey {
        /// The file.
        file: String,
        /// The key in the file.
        found: String,
        /// The key the caller knows.
        expected: String,
    },
    /// The checkpoint is not signed by the key, or is none.
    #[error("{file}: {reason}")]
    Checkpoint {
        /// The file.
        file: String,
        /// Why.
        reason: BadCheckpoint,
    },
    /// An entry bundle does not hold what its name says.
    #[error("{file}: {reason}")]
    Bundle {
        /// The file.
        file: String,
        /// Why.
        reason: BadBundle,
    },
    /// A hash tile has not the length that its name says.
    #[error("{file}: it has {found} octets, expected {expected}")]
    TileLength {
        /// The file.
        file: String,
        /// Octets found.
        found: usize,
        /// Octets expected.
        expected: usize,
    },
    /// An entry is not in the form that the ledger writes.
    #[error("{file}: entry {index}: {reason}")]
    Entry {
        /// The file.
        file: String,
        /// The entry's index in the log.
        index: u64,
        /// Why.
        reason: BadBody,
    },
    /// An entry does not hash to what the leaf tile says: one of the two was altered.
    #[error("{entries}: entry {index} does not have the hash that {tile} holds for it")]
    Leaf {
        /// The file with the entry.
        entries: String,
        /// The file with the hash.
        tile: String,
        /// The entry's index in the log.
        index: u64,
    },
    /// A tile above the leaves does not follow from the tiles below.
    #[error("{file}: hash {place} does not follow from the tiles below")]
    Tile {
        /// The file.
        file: String,
        /// Which hash of the tile, from 0.
        place: usize,
    },
    /// Entries and tiles fit each other, and not the signed root.
    #[error("the root over the {size} entries is not the one that is signed in the checkpoint")]
    Root {
        /// Entries in the log.
        size: u64,
    },
    /// The old checkpoint is not signed by the key, or is none.
    #[error("the old checkpoint: {0}")]
    OldCheckpoint(BadCheckpoint),
    /// The old checkpoint is of another log.
    #[error("the old checkpoint is of the log '{old}', this is '{new}'")]
    OldOrigin {
        /// The origin of the old one.
        old: String,
        /// The origin of this log.
        new: String,
    },
    /// The log is shorter than it was.
    #[error(
        "the log has {new} entries and had {old} when the old checkpoint was signed: entries were removed"
    )]
    Shrunk {
        /// Entries then.
        old: u64,
        /// Entries now.
        new: u64,
    },
    /// What the old checkpoint covers is not what it was.
    #[error(
        "the first {size} entries are not those of the old checkpoint: something in them was altered, removed or reordered"
    )]
    Changed {
        /// The size of the old checkpoint.
        size: u64,
    },
}
