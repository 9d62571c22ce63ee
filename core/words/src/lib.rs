//! Nouns used by two or more parts of the house.
//!
//! Values only: nothing here reads a clock, a die, a disk or a socket. Each noun is a type whose
//! constructor checks it, so that a value in hand is a value that was checked.

mod case_number;
mod feed;
mod ids;
mod lang;
mod money;
mod reason;
mod refusal;
mod serial;
mod time;

pub use case_number::{BadCaseNumber, CaseNumber};
pub use feed::{FeedEntry, FeedKind};
pub use ids::{Actor, AuthorityId, BadSlug, OperatorId, ProfileId};
pub use lang::Lang;
pub use money::Yen;
pub use reason::{RevocationReason, UnknownReason};
pub use refusal::{Field, Kind, Refusal, Text};
pub use serial::{BadSerial, Serial};
pub use time::{UtcMicros, UtcSeconds};

/// Names one certificate: the authority that issued it and its serial number there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CertRef {
    /// The issuing authority.
    pub authority: AuthorityId,
    /// The serial number, unique within the authority.
    pub serial: Serial,
}
