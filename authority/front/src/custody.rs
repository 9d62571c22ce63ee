//! Keys that the service makes for a subscriber and keeps until they are handed over.

use core_words::{Actor, CertRef, OperatorId, ProfileId, UtcMicros};
use std::fmt;
use zeroize::Zeroizing;

/// Names one kept key. Numbers are never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustodyId(pub i64);

impl fmt::Display for CustodyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A request to make a key and keep it.
#[derive(Clone, Debug)]
pub struct KeyOrder {
    /// Who asks: the name of the desk. Idempotency keys are unique per orderer.
    pub orderer: String,
    /// The orderer's idempotency key: 1 to 128 printable ASCII characters. It need not differ from that of the order
    /// for the certificate.
    pub key: String,
    /// On whose behalf: only for the same operator can the key be packed or erased.
    pub operator: OperatorId,
    /// Who acts, for the ledger.
    pub actor: Actor,
    /// The profile the certificate will be ordered under: it says which kind of key.
    pub profile: ProfileId,
    /// When the key is erased at the latest; in the future. A repeat may name another time: the first one stands.
    pub until: UtcMicros,
}

/// A key that was made and is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeKey {
    /// Its name here.
    pub custody: CustodyId,
    /// A PKCS#10 request with an empty subject, signed with the new key, DER (RFC 2986): for an order whose name the
    /// orderer states.
    pub request: Vec<u8>,
    /// When it is erased at the latest.
    pub until: UtcMicros,
    /// True when the key was made by an earlier request under the same idempotency key.
    pub repeated: bool,
}

/// A request for a PKCS#12 file.
#[derive(Clone)]
pub struct PackOrder {
    /// The kept key.
    pub custody: CustodyId,
    /// Its certificate: issued here, for this very key.
    pub cert: CertRef,
    /// What the file is to open with: 8 to 128 characters, taken as they are.
    pub password: Zeroizing<String>,
    /// What programs show beside key and certificate: 1 to 60 characters of the basic plane, no control characters.
    pub friendly_name: String,
    /// Who acts, for the ledger.
    pub actor: Actor,
    /// On whose behalf: the operator the key was made for.
    pub operator: OperatorId,
}

impl fmt::Debug for PackOrder {
    /// Everything but the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackOrder")
            .field("custody", &self.custody)
            .field("cert", &self.cert)
            .field("actor", &self.actor)
            .field("operator", &self.operator)
            .finish_non_exhaustive()
    }
}
