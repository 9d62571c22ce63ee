//! From the signed octets to the certificate, and the comparison of what was signed with the plan.

use crate::certificate::Certificate;
use crate::explain::{Explain, Explanation};
use crate::tlv::{self, Limits, TlvError};
use core_crypto::{SigAlg, Verify};

/// Puts a certificate together: `SEQUENCE { tbs, algorithm, BIT STRING signature }` (RFC 5280 §4.1).
pub fn assemble(tbs: &[u8], alg: SigAlg, signature: &[u8]) -> Vec<u8> {
    let identifier = alg.identifier_der();
    let bits = signature.len() + 1;
    let content = tbs.len() + identifier.len() + tlv::len_of_header(bits) + bits;
    let mut out = Vec::with_capacity(tlv::len_of_header(content) + content);
    tlv::push_header(&mut out, tlv::SEQUENCE, content);
    out.extend_from_slice(tbs);
    out.extend_from_slice(identifier);
    tlv::push_header(&mut out, tlv::BIT_STRING, bits);
    out.push(0);
    out.extend_from_slice(signature);
    out
}

/// Proof that a certificate carries exactly the octets that were planned. Only [`compare_signed`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct AsPlanned<'a> {
    certificate: &'a [u8],
    tbs: &'a [u8],
    alg: SigAlg,
    signature: &'a [u8],
}

/// Proof that a certificate is as planned and that its signature verifies under its issuer's key.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    certificate: &'a [u8],
}

/// What was signed is not what was planned. Never publish it; the recorded plan says what to revoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignedDiffers {
    /// It is no certificate.
    #[error("what was signed is not a certificate: {0}")]
    Malformed(#[from] TlvError),
    /// The signed octets differ from the plan.
    #[error("the signed octets differ from the plan")]
    Octets,
    /// The algorithm differs from the plan.
    #[error("the signature algorithm differs from the plan")]
    Algorithm,
    /// The signature does not fit the issuer's key: a faulty device, or the wrong key.
    #[error("the signature does not fit the issuer's key")]
    Signature,
}

/// Compares a certificate with its plan, octet by octet.
///
/// # Errors
/// [`SignedDiffers`].
pub fn compare_signed<'a>(
    certificate: &'a [u8],
    tbs: &[u8],
    alg: SigAlg,
) -> Result<AsPlanned<'a>, SignedDiffers> {
    let read = Certificate::parse_within(certificate, &Limits::DEFAULT)?;
    if read.tbs.der != tbs {
        return Err(SignedDiffers::Octets);
    }
    if read.sig_alg() != Some(alg) {
        return Err(SignedDiffers::Algorithm);
    }
    Ok(AsPlanned { certificate, tbs: read.tbs.der, alg, signature: read.signature })
}

impl<'a> AsPlanned<'a> {
    /// Verifies the signature under the issuer's key. A device that errs once in an RSA signature can give its
    /// key away, so what it signed is never published unverified.
    ///
    /// # Errors
    /// [`SignedDiffers::Signature`].
    pub fn verify(&self, verify: &dyn Verify, issuer_spki: &[u8]) -> Result<Signed<'a>, SignedDiffers> {
        verify
            .verify(self.alg, issuer_spki, self.tbs, self.signature)
            .map_err(|_| SignedDiffers::Signature)?;
        Ok(Signed { certificate: self.certificate })
    }

    /// The certificate.
    pub fn certificate(&self) -> &'a [u8] {
        self.certificate
    }
}

impl<'a> Signed<'a> {
    /// The certificate.
    pub fn certificate(&self) -> &'a [u8] {
        self.certificate
    }
}

impl Explain for SignedDiffers {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Octets | Self::Algorithm => "authority.signed_differs",
            Self::Signature => "authority.signature_faulty",
        }
    }

    fn explain(&self) -> Explanation {
        let ja = match self {
            Self::Malformed(_) | Self::Octets | Self::Algorithm => "署名された内容が発行計画と一致しません。",
            Self::Signature => "認証局の署名を検証できません。",
        };
        let mut en = format!("{self}.");
        en[..1].make_ascii_uppercase();
        Explanation {
            ja: ja.to_owned(),
            en,
            next_ja: "証明書は公開されていません。署名装置を点検し、運用責任者に連絡してください。",
            next_en: "Nothing was published. Examine the signing device, and tell whoever is responsible.",
        }
    }
}
