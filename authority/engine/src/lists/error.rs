//! Why a list was not made. Nothing was published then, and the current list stays current.

use authority_journal::lists::Scope;
use core_x509::crl::{ListRefused, WriteError};
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
    /// It cannot be written as it was begun: too long for an algorithm that signs the message itself, or its entries
    /// are not as long as they were when they were counted.
    #[error(transparent)]
    Write(WriteError),
    /// What is stored of the authority cannot stand in a list.
    #[error(transparent)]
    Refused(#[from] ListRefused),
    /// A file could not be written or read.
    #[error("a file of the list could not be written: {0}")]
    File(#[from] std::io::Error),
}

impl From<WriteError> for ListError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Io(error) => Self::File(error),
            other => Self::Write(other),
        }
    }
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
