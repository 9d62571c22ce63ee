//! What the engine tells the ledger (K8): one function per kind of act, so that the kinds can be read here.
//!
//! Subjects are opaque references; the object is the SHA-256 of the public thing concerned.

use crate::issue::{Publication, Record};
use authority_front::{CertificateState, CustodyId, KeyOrder, PackOrder, Revocation};
use authority_journal::custody::Custody;
use core_words::{Actor, AuthorityId, CertRef};
use kit_ledger::Entry;

/// Every kind of entry that this module makes, for the documentation and for whoever reads a ledger.
pub const KINDS: &[(&str, &str)] = &[
    ("certificate.recorded", "the key of the authority may be used for exactly these octets"),
    ("certificate.issued", "the certificate was published"),
    ("certificate.abandoned", "a recorded order was given up unsigned; its serial stays used"),
    ("certificate.revoked", "the certificate is refused from now on"),
    ("certificate.held", "the certificate is refused until it is released"),
    ("certificate.released", "the certificate is good again"),
    ("order.refused", "an order was refused; nothing was changed"),
    ("key.blocked", "a public key is refused from now on"),
    ("key.made", "a subscriber's key was made and is kept; the object is the SHA-256 of its public half"),
    ("key.packed", "a kept key left in a PKCS#12 file; the object is the SHA-256 of its certificate"),
    ("key.erased", "a kept key is gone for good; the object is the SHA-256 of its public half"),
];

/// How a certificate is named in the ledger.
pub(crate) fn cert_subject(cert: &CertRef) -> String {
    format!("cert:{}/{}", cert.authority, cert.serial)
}

pub(crate) fn recorded(record: &Record) -> Entry {
    let cert = CertRef { authority: record.order.authority.clone(), serial: record.order.serial };
    let mut entry = Entry::new("certificate.recorded", record.actor.clone(), cert_subject(&cert));
    entry.operator = Some(record.operator.clone());
    entry.object = Some(record.tbs_sha256);
    entry
}

pub(crate) fn issued(publication: &Publication) -> Entry {
    let subject = cert_subject(&publication.cert);
    let mut entry = Entry::new("certificate.issued", publication.actor.clone(), subject);
    entry.operator = publication.operator.clone();
    entry.object = Some(publication.der_sha256);
    entry
}

pub(crate) fn state_changed(revocation: &Revocation, state: &CertificateState) -> Entry {
    let kind = match state {
        CertificateState::Good => "certificate.released",
        CertificateState::Held { .. } => "certificate.held",
        CertificateState::Revoked { .. } => "certificate.revoked",
    };
    let mut entry = Entry::new(kind, revocation.actor.clone(), cert_subject(&revocation.cert));
    entry.operator = Some(revocation.operator.clone());
    if let CertificateState::Revoked { reason, .. } = state {
        // The reason is public in the list; the details tell it without a look at the list.
        entry.details = Some(format!("1 reason={}", reason.name()).into_bytes());
    }
    entry
}

pub(crate) fn abandoned(cert: &CertRef) -> Entry {
    Entry::new("certificate.abandoned", Actor::system(), cert_subject(cert))
}

pub(crate) fn refused(actor: &Actor, authority: &AuthorityId, code: &str) -> Entry {
    Entry::new("order.refused", actor.clone(), format!("authority:{authority}/{code}"))
}

fn custody_subject(id: CustodyId) -> String {
    format!("custody:{id}")
}

pub(crate) fn key_made(order: &KeyOrder, id: CustodyId, spki_sha256: [u8; 32]) -> Entry {
    let mut entry = Entry::new("key.made", order.actor.clone(), custody_subject(id));
    entry.operator = Some(order.operator.clone());
    entry.object = Some(spki_sha256);
    entry
}

pub(crate) fn key_packed(order: &PackOrder, der_sha256: [u8; 32]) -> Entry {
    let subject = format!("{} {}", custody_subject(order.custody), cert_subject(&order.cert));
    let mut entry = Entry::new("key.packed", order.actor.clone(), subject);
    entry.operator = Some(order.operator.clone());
    entry.object = Some(der_sha256);
    entry
}

pub(crate) fn key_erased(row: &Custody, actor: &Actor, spki_sha256: [u8; 32], why: &str) -> Entry {
    let mut entry = Entry::new("key.erased", actor.clone(), custody_subject(CustodyId(row.id)));
    entry.operator = Some(row.operator.clone());
    entry.object = Some(spki_sha256);
    entry.details = Some(format!("1 why={why}").into_bytes());
    entry
}
