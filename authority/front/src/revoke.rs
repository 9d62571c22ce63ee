//! Revoking, holding, releasing, and looking at a certificate.

use core_words::{Actor, CertRef, OperatorId, RevocationReason, UtcMicros, UtcSeconds};

/// A request to change the state of one certificate (K4).
#[derive(Clone, Debug)]
pub struct Revocation {
    /// Which certificate.
    pub cert: CertRef,
    /// The reason; `None` releases a hold.
    pub reason: Option<RevocationReason>,
    /// Since when the key is known or suspected to be bad; whole seconds, not in the future.
    pub invalidity: Option<UtcSeconds>,
    /// On whose behalf.
    pub operator: OperatorId,
    /// Who acts, for the ledger.
    pub actor: Actor,
}

/// What became of a [`Revocation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Which certificate.
    pub cert: CertRef,
    /// Its state now.
    pub state: CertificateState,
    /// True when it was in this state already and nothing changed.
    pub repeated: bool,
}

/// The state of an issued certificate; expiry is a matter of the clock and not a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateState {
    /// Never revoked, or released from a hold.
    Good,
    /// Suspended; may be released or revoked.
    Held {
        /// Since when.
        since: UtcMicros,
    },
    /// Revoked for good.
    Revoked {
        /// Since when.
        at: UtcMicros,
        /// Why.
        reason: RevocationReason,
        /// Since when the key was bad, if stated.
        invalidity: Option<UtcSeconds>,
    },
}

/// An issued certificate and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateView {
    /// Its name here.
    pub cert: CertRef,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Its state.
    pub state: CertificateState,
    /// The profile it was issued under.
    pub profile: String,
    /// When it was published.
    pub issued_at: UtcMicros,
    /// The orderer's own reference.
    pub subject_ref: Option<String>,
}
