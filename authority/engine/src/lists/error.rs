//! Why a list was not made. Nothing was published then, and the current list stays current.

use authority_journal::lists::Scope;
use core_x509::crl::ListRefused;
use kit_clock::ClockFault;
use kit_jobs::JobError;
use kit_keys::KeyError;
use kit_store::StoreError;

/// Why a list was not made.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key: locked, missing, or its device failed.
    #[error("the key of {scope} cannot sign: {source}")]
    Key {
        /// Whose list.
        scope: Scope,
        /// What the key says.
        source: KeyError,
    },
    /// The clock cannot be trusted now; nothing is dated by it.
    #[error("the clock is wrong: {0:?}")]
    Clock(ClockFault),
    /// There is no such authority, generation or partition, or its last certificate has expired.
    #[error("{0} has no lists")]
    NoSuchScope(Scope),
    /// A delta list builds on a full list, and there is none yet.
    #[error("{0} has no full list yet on which a delta list could build")]
    NoBase(Scope),
    /// A segment that the list needs is gone or is not as long as its record says.
    #[error("segment {id} is damaged or gone: {expected} octets expected, {found} found")]
    Segment {
        /// The segment.
        id: i64,
        /// Its recorded length.
        expected: i64,
        /// What was read.
        found: usize,
    },
    /// Ed25519 and ML-DSA sign the message itself, which must then fit into memory.
    #[error("the list has {octets} octets; this algorithm signs at most {limit}, RSA and ECDSA any number")]
    TooLarge {
        /// What would be signed.
        octets: u64,
        /// The limit.
        limit: u64,
    },
    /// What is stored of the authority cannot stand in a list.
    #[error(transparent)]
    Refused(#[from] ListRefused),
    /// A file could not be written or read.
    #[error("a file of the list could not be written: {0}")]
    File(#[from] std::io::Error),
}

impl From<ClockFault> for ListError {
    fn from(fault: ClockFault) -> Self {
        Self::Clock(fault)
    }
}

impl From<ListError> for JobError {
    /// Everything is tried again until somebody mends it, except what cannot come true any more.
    fn from(error: ListError) -> Self {
        match error {
            ListError::NoSuchScope(_) => Self::GiveUp(error.to_string()),
            _ => Self::Retry(error.to_string()),
        }
    }
}
