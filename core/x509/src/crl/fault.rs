//! What can be wrong with a list: planned, written or read.

use crate::tlv::TlvError;
use core_words::{Serial, UtcSeconds};

/// Why a list or an entry is not encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListRefused {
    /// Before 1950 or after 9999: neither UTCTime nor GeneralizedTime says it (RFC 5280 §5.1.2.4).
    #[error("the time {} cannot stand in a list", .0.0)]
    Time(UtcSeconds),
    /// The next update is not after this one (RFC 5280 §5.1.2.5).
    #[error("the next update of a list must be after this update")]
    NextUpdate,
    /// A delta's base is not an earlier list (RFC 5280 §5.2.4).
    #[error("the base {base} of delta {number} is not an earlier list")]
    Base {
        /// The number of the delta.
        number: u128,
        /// The number of the base it names.
        base: u128,
    },
    /// A delta points to another delta (RFC 5280 §5.2.6).
    #[error("a delta list must not carry freshestCRL")]
    FreshestInDelta,
    /// The issuer's name is no DER SEQUENCE or empty (RFC 5280 §5.1.2.3).
    #[error("the issuer of a list must have a name")]
    Issuer,
    /// The key identifier is empty or longer than 64 octets.
    #[error("the authority key identifier must have 1 to 64 octets")]
    KeyId,
    /// An issuingDistributionPoint that says nothing (RFC 5280 §5.2.5).
    #[error("an issuingDistributionPoint must name a point or restrict what the list covers")]
    EmptyIdp,
    /// A URI that is empty or not ASCII, or a directory name that is no DER SEQUENCE.
    #[error("'{0}' is not a distribution point's name")]
    PointName(String),
    /// The entries are longer than 2^40 octets.
    #[error("{0} octets of entries are too many for one list")]
    TooLong(u64),
}

/// Why a list could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The medium failed.
    #[error("a list cannot be written: {0}")]
    Io(#[from] std::io::Error),
    /// The segments are not as long as the head says.
    #[error("the head announces {announced} octets of entries, and {pushed} came")]
    Length {
        /// Octets announced to [`ListHead::new`](super::ListHead::new).
        announced: u64,
        /// Octets pushed.
        pushed: u64,
    },
    /// The algorithm signs the message itself, and the message is longer than [`MAX_MESSAGE`](super::MAX_MESSAGE).
    #[error(
        "a list of {0} octets is too long for an algorithm that signs the whole message; sign it with RSA or ECDSA"
    )]
    MessageTooLong(u64),
}

/// Why octets are no list that we would publish.
///
/// Stricter than RFC 5280 in places: everything the house writes passes, and what it never writes does not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadList {
    /// Not the DER that belongs there.
    #[error(transparent)]
    Der(#[from] TlvError),
    /// Version 1, or a signature algorithm that is unknown or differs from the outer one (RFC 5280 §5.1.1.2).
    #[error("the version or the signature algorithm is not supported, or the two algorithms differ")]
    Algorithm,
    /// A time in the wrong form for its year, or a next update that is missing or not later (RFC 5280 §5.1.2.4, §5.1.2.5).
    #[error("octet {at}: the time is not in the form RFC 5280 demands, or not after the one before")]
    Time {
        /// Where it stands.
        at: usize,
    },
    /// revokedCertificates without an entry: it must be absent then (RFC 5280 §5.1.2.6).
    #[error("octet {at}: an empty revokedCertificates must be left out")]
    EmptyEntries {
        /// Where it stands.
        at: usize,
    },
    /// The same extension twice.
    #[error("octet {at}: an extension stands here a second time")]
    RepeatedExtension {
        /// Where the second one stands.
        at: usize,
    },
    /// A critical extension that is not known here (RFC 5280 §5.2, §5.3).
    #[error("octet {at}: a critical extension that is not known here")]
    UnknownCritical {
        /// Where it stands.
        at: usize,
    },
    /// Critical where RFC 5280 says non-critical, or the other way round.
    #[error("octet {at}: the critical flag of this extension is wrong")]
    Criticality {
        /// Where the extension stands.
        at: usize,
    },
    /// cRLNumber or authorityKeyIdentifier is missing (RFC 5280 §5.2.1, §5.2.3).
    #[error("the extension {0} is missing")]
    Missing(&'static str),
    /// An extension whose content is not what RFC 5280 says, or uses a part that is not supported:
    /// indirect lists, lists by reason, names relative to the issuer.
    #[error("octet {at}: the content of this extension is wrong or not supported")]
    Extension {
        /// Where the extension stands.
        at: usize,
    },
    /// A serial number that is not positive or longer than 20 octets (RFC 5280 §4.1.2.2).
    #[error("octet {at}: this is no serial number")]
    Serial {
        /// Where the entry stands.
        at: usize,
    },
    /// The reason is unspecified, which is said by leaving it out, or unknown (RFC 5280 §5.3.1).
    #[error("octet {at}: the reason is unknown, or unspecified and should be left out")]
    Reason {
        /// Where the entry stands.
        at: usize,
    },
    /// removeFromCRL in a full list (RFC 5280 §5.3.1).
    #[error("octet {at}: removeFromCRL belongs in delta lists only")]
    RemovedInFullList {
        /// Where the entry stands.
        at: usize,
    },
    /// One certificate listed twice.
    #[error("serial number {0} is listed twice")]
    SerialTwice(Serial),
    /// A delta whose base is not an earlier list, or that carries freshestCRL (RFC 5280 §5.2.4, §5.2.6).
    #[error("the delta's base is not an earlier list, or it points to another delta")]
    Delta,
}
