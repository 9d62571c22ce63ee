//! What a record says of each certificate.

use super::{
    CeremonyError,
    item::Item,
    record::{self, CertificateNote},
};
use authority_journal::orders::StoredOrder;
use core_crypto::Digest;
use core_x509::{certificate::Certificate, issuer::IssuerInfo, key::SubjectKey};

/// The note of one entry of a ceremony.
pub(super) fn note(
    item: &Item,
    stored: &StoredOrder,
    issuer: &IssuerInfo,
    der: &[u8],
    digest: &dyn Digest,
) -> Result<CertificateNote, CeremonyError> {
    of(item.kind_word(), &item.name(), stored, issuer, der, digest)
}

/// The note of a certificate.
pub(super) fn of(
    kind: &str,
    name: &str,
    stored: &StoredOrder,
    issuer: &IssuerInfo,
    der: &[u8],
    digest: &dyn Digest,
) -> Result<CertificateNote, CeremonyError> {
    let damaged =
        |why: &dyn std::fmt::Display| CeremonyError::Damaged(format!("the certificate of {name}: {why}"));
    let certificate = Certificate::parse(der).map_err(|e| damaged(&e))?;
    let key = SubjectKey::parse(certificate.tbs.spki).map_err(|e| damaged(&e))?;
    Ok(CertificateNote {
        kind: kind.to_owned(),
        name: name.to_owned(),
        issuer: format!("{}/{}", issuer.authority, issuer.generation),
        key: key.kind.to_string(),
        spki_sha256: base16ct::lower::encode_string(&digest.sha256(certificate.tbs.spki)),
        subject: certificate.tbs.subject.to_string(),
        serial: stored.serial.to_string(),
        not_before: record::second(certificate.tbs.not_before),
        not_after: record::second(certificate.tbs.not_after),
        profile: stored.profile.clone(),
        sha256: base16ct::lower::encode_string(&digest.sha256(der)),
    })
}
