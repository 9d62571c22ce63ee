//! Orders: what a certificate is asked for with, and what comes back.

use core_words::{Actor, AuthorityId, CertRef, OperatorId, ProfileId, UtcMicros, UtcSeconds};

/// One order for one certificate.
#[derive(Clone, Debug)]
pub struct Order {
    /// Who orders: the name of the RA credential or of the desk. Idempotency keys are unique per orderer.
    pub orderer: String,
    /// The orderer's idempotency key, at most 128 printable ASCII characters. Without one every order is new.
    pub key: Option<String>,
    /// On whose behalf.
    pub operator: OperatorId,
    /// Who acts, for the ledger.
    pub actor: Actor,
    /// Which authority is to issue.
    pub authority: AuthorityId,
    /// Under which profile.
    pub profile: ProfileId,
    /// The PKCS#10 request, DER (RFC 2986). At most 64 KiB.
    pub request: Vec<u8>,
    /// The subject and alternative names, where the profile lets the orderer state them; else from the request.
    pub name: Option<RequestedName>,
    /// The validity wished; else as the profile says.
    pub validity: Option<Validity>,
    /// The orderer's own reference, opaque here: at most 200 characters, no personal data.
    pub subject_ref: Option<String>,
}

/// Names stated by the orderer instead of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedName {
    /// Attribute short name (`CN`, `O`, …) and value, in order. Empty: the subject of the request.
    pub subject: Vec<(String, String)>,
    /// dNSName entries. `None`: those of the request.
    pub dns_names: Option<Vec<String>>,
}

/// A validity wished by the orderer; both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First second; `None` for as the profile counts from the moment of the order.
    pub not_before: Option<UtcSeconds>,
    /// Last second; `None` for as long as the profile says.
    pub not_after: Option<UtcSeconds>,
}

/// An issued certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Its name here.
    pub cert: CertRef,
    /// The id of the order.
    pub order_id: i64,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// First and last second of validity.
    pub not_before: UtcSeconds,
    /// Last second of validity, inclusive.
    pub not_after: UtcSeconds,
    /// When it was published.
    pub issued_at: UtcMicros,
    /// The generation of the authority's key that signed it.
    pub generation: u16,
    /// True when an earlier order under the same key was answered again.
    pub repeated: bool,
}

/// An order that would be accepted now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preflight {
    /// The subject as it would stand in the certificate (RFC 4514).
    pub subject: String,
    /// First second of validity, were it issued now.
    pub not_before: UtcSeconds,
    /// Last second of validity, inclusive.
    pub not_after: UtcSeconds,
}
