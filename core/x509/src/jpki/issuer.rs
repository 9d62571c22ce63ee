//! Which of several generations of an authority issued a certificate.
//!
//! All generations of an authority have the same name, so the name alone says nothing. authorityKeyIdentifier says which
//! key signed, and where it names issuer and serial number, which certificate of that key is meant (RFC 5280 §4.2.1.1).
//! Without it the signature says so.
//!
//! What is chosen here is a hint of the certificate's own: whoever relies on it verifies the signature.

use crate::certificate::{AuthorityKeyId, Certificate};
use crate::general_name::GeneralName;
use core_crypto::Verify;

/// What was found.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'c, 'a> {
    /// This one.
    Found(&'c Certificate<'a>),
    /// None of them: a generation that is not there, or no authority at all.
    None,
    /// So many that nothing tells apart: several certificates of one key, without a word of which is meant.
    Ambiguous(usize),
}

/// Chooses the issuer of a certificate among certificates of authorities.
pub fn choose<'c, 'a>(
    certificate: &Certificate<'_>,
    authorities: &'c [Certificate<'a>],
    verify: &dyn Verify,
) -> Choice<'c, 'a> {
    let mut named: Vec<_> = authorities
        .iter()
        .filter(|a| a.tbs.subject.der() == certificate.tbs.issuer.der() && is_authority(a))
        .collect();
    // A certificate that was handed in twice is one.
    named.sort_unstable_by_key(|authority| authority.der);
    named.dedup_by_key(|authority| authority.der);
    let Ok(identifier) = certificate.tbs.authority_key_id() else { return Choice::None };
    match identifier.filter(|id| id.key_id.is_some() || names_a_certificate(id)) {
        Some(identifier) => by_identifier(&identifier, named),
        None => {
            named.retain(|authority| signed(certificate, authority, verify));
            one_of(&named)
        }
    }
}

fn by_identifier<'c, 'a>(
    identifier: &AuthorityKeyId<'_>,
    mut named: Vec<&'c Certificate<'a>>,
) -> Choice<'c, 'a> {
    if let Some(key_id) = identifier.key_id {
        named.retain(|authority| authority.tbs.subject_key_id() == Ok(Some(key_id)));
    }
    // With the key the certificate was signed, whichever of its certificates is at hand; so the number parts several of
    // one key, and decides where no key is named.
    if names_a_certificate(identifier) && (identifier.key_id.is_none() || named.len() > 1) {
        named.retain(|authority| is_certificate(identifier, authority));
    }
    one_of(&named)
}

fn one_of<'c, 'a>(candidates: &[&'c Certificate<'a>]) -> Choice<'c, 'a> {
    match candidates {
        [] => Choice::None,
        [one] => Choice::Found(one),
        more => Choice::Ambiguous(more.len()),
    }
}

fn names_a_certificate(identifier: &AuthorityKeyId<'_>) -> bool {
    identifier.serial.is_some() && !identifier.issuer.is_empty()
}

fn is_certificate(identifier: &AuthorityKeyId<'_>, authority: &Certificate<'_>) -> bool {
    let issued = |name: &GeneralName<'_>| matches!(name, GeneralName::Directory(n) if n.der() == authority.tbs.issuer.der());
    identifier.serial == Some(authority.tbs.serial) && identifier.issuer.iter().any(issued)
}

/// Whether its certificate says that its key signs certificates.
fn is_authority(certificate: &Certificate<'_>) -> bool {
    let ca = matches!(certificate.tbs.basic_constraints(), Ok(Some(basic)) if basic.ca);
    ca && certificate.tbs.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.key_cert_sign()))
}

fn signed(certificate: &Certificate<'_>, authority: &Certificate<'_>, verify: &dyn Verify) -> bool {
    certificate.sig_alg().is_some_and(|alg| {
        verify.verify(alg, authority.tbs.spki, certificate.tbs.der, certificate.signature).is_ok()
    })
}
