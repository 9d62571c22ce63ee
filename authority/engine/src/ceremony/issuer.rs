//! Issuers as planning wants them: from stored generations, and from certificates still in the making.

use super::CeremonyError;
use crate::urls;
use authority_journal::authorities::{Authority, Generation};
use core_crypto::{Digest, SigAlg};
use core_words::AuthorityId;
use core_x509::{
    assemble::assemble,
    certificate::Certificate,
    issuer::{IssuerInfo, Urls},
    tlv::TlvError,
};

/// The issuer that a stored generation of an authority is.
pub(crate) fn stored(
    authority: &Authority,
    generation: &Generation,
    digest: &dyn Digest,
) -> Result<IssuerInfo, CeremonyError> {
    let urls = urls::of(authority, generation.generation);
    let (id, number) = (&authority.id, generation.generation);
    certified(id, number, &generation.certificate, generation.sig_alg, urls, digest)
}

/// The issuer that an authority is under this certificate of its own.
pub(super) fn certified(
    id: &AuthorityId,
    generation: u16,
    der: &[u8],
    sig_alg: SigAlg,
    urls: Urls,
    digest: &dyn Digest,
) -> Result<IssuerInfo, CeremonyError> {
    let unusable = |why| CeremonyError::Issuer { name: format!("{id}/{generation}"), why };
    let certificate = Certificate::parse(der).map_err(|e: TlvError| unusable(e.into()))?;
    IssuerInfo::from_certificate(id.clone(), generation, &certificate, sig_alg, urls, digest)
        .map_err(unusable)
}

/// The issuer that an authority will be once these octets are signed: for rehearsals. The signature that
/// the issuer's own certificate bears has no influence on what it may issue.
pub(super) fn from_tbs(
    id: &AuthorityId,
    generation: u16,
    tbs: &[u8],
    signed_with: SigAlg,
    sig_alg: SigAlg,
    urls: Urls,
    digest: &dyn Digest,
) -> Result<IssuerInfo, CeremonyError> {
    certified(id, generation, &assemble(tbs, signed_with, &[0]), sig_alg, urls, digest)
}

/// The issuer of a root's own certificate: itself, before that exists.
pub(super) fn self_signed(
    id: &AuthorityId,
    generation: u16,
    name_der: &[u8],
    spki: &[u8],
    sig_alg: SigAlg,
    urls: Urls,
    digest: &dyn Digest,
) -> Result<IssuerInfo, CeremonyError> {
    IssuerInfo::before_certificate(id.clone(), generation, name_der, spki, sig_alg, urls, digest)
        .map_err(|why| CeremonyError::Issuer { name: format!("{id}/{generation}"), why })
}
