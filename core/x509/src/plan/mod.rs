//! Planning: a profile, an issuer and what is asked for become the octets to be signed (K2, K3).
//!
//! ```text
//! Input ─┬─ key: kind, size, strength
//!        ├─ subject and alternative names by the profile's rules
//!        ├─ validity within profile and issuer
//!        └─ Template: the octets that every certificate of this profile and issuer shares
//!                 └─→ Plan { tbs, … } ─ lint ─→ sign
//! ```
//!
//! Nothing here asks for anything: time, serial number and hashes come in. Where subject and key come from,
//! the profile's kind decides; see [`Kind`](crate::profile::Kind).

mod alt_names;
pub mod dns;
mod encode;
mod input;
mod refused;
mod subject;
mod template;
mod validity;

pub(crate) use alt_names::{email_domain, uri_scheme};
pub(crate) use input::KEY_ID_OCTETS;
pub use input::{AltName, EndWish, ForeignCa, Input, KeyProof, OwnKey, SubjectValue, ValidityWish};
pub use refused::{NameProblem, PlanRefused, ValidityProblem};
pub use template::Template;
pub(crate) use validity::ends_day;

use crate::certificate::Tbs;
use crate::issuer::IssuerInfo;
use crate::key::SubjectKey;
use crate::name::Name;
use crate::profile::Profile;
use crate::tlv::{Limits, TlvError};
use core_crypto::{Digest, SigAlg};
use core_words::{AuthorityId, ProfileId, Serial, UtcSeconds};
use std::sync::Arc;

/// What will be signed, and what the journal must know of it. The octets are the truth; everything else
/// here can be read from them again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    tbs: Vec<u8>,
    serial: Serial,
    subject_der: Vec<u8>,
    not_before: UtcSeconds,
    not_after: UtcSeconds,
    key_id: Vec<u8>,
    spki_sha256: [u8; 32],
    sig_alg: SigAlg,
    authority: AuthorityId,
    generation: u16,
    profile: ProfileId,
    profile_hash: [u8; 32],
    /// Whether exactly the key in these octets was found strong. The one thing that the linter does not find
    /// out again: it is the dearest, and depends on nothing but the key.
    key_is_strong: bool,
}

/// Plans one certificate. Who plans many keeps a [`Template`].
///
/// # Errors
/// [`PlanRefused`], never anything else: a plan has no side effects.
pub fn plan(profile: &Profile, issuer: &IssuerInfo, input: &Input<'_>) -> Result<Plan, PlanRefused> {
    Template::new(Arc::new(profile.clone()), Arc::new(issuer.clone()))?.plan(input)
}

/// The distinguished name that the profile makes of these values: for a ceremony, which needs the name of an
/// authority before its first certificate.
///
/// # Errors
/// [`PlanRefused::Name`] or [`PlanRefused::Missing`].
pub fn subject_name(profile: &Profile, values: &[SubjectValue<'_>]) -> Result<Name, PlanRefused> {
    subject::name(profile, values)
}

impl Plan {
    /// Reads a plan back from octets that were recorded, after a crash between recording and signing.
    ///
    /// The result must be linted like any other plan.
    ///
    /// # Errors
    /// [`TlvError`] when the octets are not a TBSCertificate with a readable serial number and key.
    pub fn from_recorded(
        tbs: &[u8],
        profile: &Profile,
        issuer: &IssuerInfo,
        digest: &dyn Digest,
    ) -> Result<Self, TlvError> {
        let read = Tbs::parse(tbs, &Limits::DEFAULT)?;
        let value = |_| TlvError { at: 0, fault: crate::tlv::TlvFault::Value };
        let serial = Serial::from_der_content(read.serial).map_err(|_| value(()))?;
        let key = SubjectKey::parse(read.spki).map_err(|_| value(()))?;
        Ok(Self {
            tbs: tbs.to_vec(),
            serial,
            subject_der: read.subject.der().to_vec(),
            not_before: read.not_before,
            not_after: read.not_after,
            key_id: match read.subject_key_id()? {
                Some(written) => written.to_vec(),
                None => crate::issuer::key_id(&key, digest).to_vec(),
            },
            spki_sha256: digest.sha256(read.spki),
            sig_alg: issuer.sig_alg,
            authority: issuer.authority.clone(),
            generation: issuer.generation,
            profile: profile.id().clone(),
            profile_hash: *profile.hash(),
            key_is_strong: key.check().is_ok(),
        })
    }

    pub(crate) fn key_is_strong(&self) -> bool {
        self.key_is_strong
    }

    /// The exact octets to be signed.
    pub fn tbs(&self) -> &[u8] {
        &self.tbs
    }

    /// The serial number.
    pub fn serial(&self) -> Serial {
        self.serial
    }

    /// The subject's distinguished name, DER.
    pub fn subject_der(&self) -> &[u8] {
        &self.subject_der
    }

    /// The first second of the validity.
    pub fn not_before(&self) -> UtcSeconds {
        self.not_before
    }

    /// The last second of the validity.
    pub fn not_after(&self) -> UtcSeconds {
        self.not_after
    }

    /// The subject key identifier: the SHA-1 of the key (RFC 5280 §4.2.1.2 (1)), or in a cross certificate the
    /// one that the foreign authority has given its key.
    pub fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    /// SHA-256 of the SubjectPublicKeyInfo: under it the journal finds keys that were used before (K3).
    pub fn spki_sha256(&self) -> &[u8; 32] {
        &self.spki_sha256
    }

    /// The algorithm with which the issuer will sign.
    pub fn sig_alg(&self) -> SigAlg {
        self.sig_alg
    }

    /// The authority that will sign.
    pub fn authority(&self) -> &AuthorityId {
        &self.authority
    }

    /// Which of its keys.
    pub fn generation(&self) -> u16 {
        self.generation
    }

    /// The profile.
    pub fn profile(&self) -> &ProfileId {
        &self.profile
    }

    /// The profile's hash when this was planned; compared again when the certificate is published.
    pub fn profile_hash(&self) -> &[u8; 32] {
        &self.profile_hash
    }
}
