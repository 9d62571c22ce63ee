//! A foreign authority and the proof that its key is its own, before it is cross-certified (K1).

use core_crypto::{Digest, Verify};
use core_words::UtcSeconds;
use core_x509::{
    certificate::{Certificate, Tbs},
    key::{KeyFault, SubjectKey},
    request::{CertRequest, RequestRefused},
    tlv::{Limits, TlvError},
};

/// What a foreign authority hands in.
#[derive(Clone, Copy, Debug)]
pub enum Presented<'a> {
    /// Its certificate, DER. Self-signed, or with the certificate of who issued it.
    Certificate {
        /// The certificate to be certified again.
        der: &'a [u8],
        /// Who issued it, DER; `None` when it is self-signed.
        issuer: Option<&'a [u8]>,
    },
    /// A PKCS#10 request, DER, signed with its key.
    Request(&'a [u8]),
}

/// A foreign authority whose form, duty and signature were checked. Only [`check`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedForeign {
    /// Its name, DER.
    pub(super) name: Vec<u8>,
    /// Its SubjectPublicKeyInfo, DER.
    pub(super) spki: Vec<u8>,
    /// What was handed in.
    pub(super) form: Form,
    /// SHA-256 of what was handed in, for the operator to compare by telephone and for the ledger.
    pub fingerprint: [u8; 32],
}

/// What a foreign authority handed in, after checking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Its certificate, DER.
    Certificate(Vec<u8>),
    /// A request, DER.
    Request(Vec<u8>),
}

/// Why a foreign authority is not certified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForeignRefused {
    /// Not the DER of a certificate.
    #[error("the certificate is malformed: {0}")]
    Malformed(#[from] TlvError),
    /// The request was refused.
    #[error(transparent)]
    Request(#[from] RequestRefused),
    /// The key is unfit.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// Not a CA certificate (RFC 5280 §4.2.1.9), or its key may not sign certificates (§4.2.1.3).
    #[error("the certificate is not that of a certification authority")]
    NoAuthority,
    /// It has no name.
    #[error("the foreign authority has an empty name")]
    NoName,
    /// Signed with an algorithm that is not accepted, or with two different identifiers of it.
    #[error("the certificate is signed with an algorithm that is not accepted")]
    Algorithm,
    /// The signature does not fit: nothing proves that the key belongs to the name.
    #[error("the signature of the certificate does not fit the key of its issuer")]
    Signature,
    /// It is not self-signed, and the certificate of its issuer was not given.
    #[error("the certificate is not self-signed: the certificate of its issuer is needed")]
    IssuerNeeded,
    /// The issuer that was given has another name.
    #[error("the issuer's certificate is that of another authority")]
    OtherIssuer,
    /// Not valid at present.
    #[error("the certificate is not valid now")]
    NotValid,
}

/// Checks what a foreign authority handed in.
///
/// # Errors
/// Every [`ForeignRefused`].
pub fn check(
    presented: Presented<'_>,
    now: UtcSeconds,
    verify: &dyn Verify,
    digest: &dyn Digest,
) -> Result<VerifiedForeign, ForeignRefused> {
    match presented {
        Presented::Request(der) => {
            let request = CertRequest::parse(der, &Limits::DEFAULT)?;
            request.key.check()?;
            request.verify(verify)?;
            named(VerifiedForeign {
                name: request.subject.der().to_vec(),
                spki: request.key.spki.to_vec(),
                form: Form::Request(der.to_vec()),
                fingerprint: digest.sha256(der),
            })
        }
        Presented::Certificate { der, issuer } => {
            let certificate = Certificate::parse(der)?;
            authority(&certificate.tbs, now)?;
            match issuer {
                None if certificate.tbs.issuer.der() != certificate.tbs.subject.der() => {
                    return Err(ForeignRefused::IssuerNeeded);
                }
                None => signed_by(&certificate, certificate.tbs.spki, verify)?,
                Some(issuer) => {
                    let issuer = Certificate::parse(issuer)?;
                    authority(&issuer.tbs, now)?;
                    if issuer.tbs.subject.der() != certificate.tbs.issuer.der() {
                        return Err(ForeignRefused::OtherIssuer);
                    }
                    signed_by(&certificate, issuer.tbs.spki, verify)?;
                }
            }
            named(VerifiedForeign {
                name: certificate.tbs.subject.der().to_vec(),
                spki: certificate.tbs.spki.to_vec(),
                form: Form::Certificate(der.to_vec()),
                fingerprint: digest.sha256(der),
            })
        }
    }
}

/// A CA certificate, valid now, with a fit key.
fn authority(tbs: &Tbs<'_>, now: UtcSeconds) -> Result<(), ForeignRefused> {
    // Version 1 has no basicConstraints: it says nowhere that this is an authority.
    let ca = tbs.basic_constraints()?.is_some_and(|basic| basic.ca);
    if !ca || !tbs.key_usage()?.is_none_or(|usage| usage.key_cert_sign()) {
        return Err(ForeignRefused::NoAuthority);
    }
    if now < tbs.not_before || now > tbs.not_after {
        return Err(ForeignRefused::NotValid);
    }
    SubjectKey::parse(tbs.spki)?.check()?;
    Ok(())
}

fn signed_by(certificate: &Certificate<'_>, spki: &[u8], verify: &dyn Verify) -> Result<(), ForeignRefused> {
    let alg = certificate.sig_alg().ok_or(ForeignRefused::Algorithm)?;
    verify
        .verify(alg, spki, certificate.tbs.der, certificate.signature)
        .map_err(|_| ForeignRefused::Signature)
}

fn named(foreign: VerifiedForeign) -> Result<VerifiedForeign, ForeignRefused> {
    // An empty SEQUENCE: two octets.
    if foreign.name.len() == 2 { Err(ForeignRefused::NoName) } else { Ok(foreign) }
}
