//! What ceremonies tell the ledger (K8). Subjects are opaque references; the object is the SHA-256 of the
//! public thing concerned. Names of participants stay in the record.

use super::StateChange;
use authority_journal::authorities::Authority;
use core_words::{Actor, AuthorityId, OperatorId};
use kit_ledger::Entry;

/// Every kind of entry that this module makes.
pub const KINDS: &[(&str, &str)] = &[
    ("ceremony.begun", "a ceremony began; the object is the hash of its file"),
    ("ceremony.finished", "a ceremony was finished; the object is the hash of its signed record"),
    ("key.made", "a key pair was made and sealed; the object is the hash of its public half"),
    ("authority.created", "an authority came to life; the object is the hash of its certificate"),
    ("authority.rolled", "an authority issues with a new key; the object is the hash of its certificate"),
    ("authority.suspended", "an authority issues nothing for now"),
    ("authority.resumed", "an authority issues again"),
    ("authority.retired", "an authority never issues again"),
    (
        "authority.cross_certified",
        "a foreign authority was certified; the object is the hash of the certificate",
    ),
];

pub(super) fn begun(name: &str, file_hash: [u8; 32], actor: &Actor) -> Entry {
    with_object(Entry::new("ceremony.begun", actor.clone(), format!("ceremony:{name}")), file_hash)
}

pub(super) fn finished(name: &str, record_hash: [u8; 32], actor: &Actor) -> Entry {
    with_object(Entry::new("ceremony.finished", actor.clone(), format!("ceremony:{name}")), record_hash)
}

pub(super) fn key_made(purpose: &str, spki_sha256: [u8; 32], actor: &Actor) -> Entry {
    with_object(Entry::new("key.made", actor.clone(), format!("key:{purpose}")), spki_sha256)
}

pub(super) fn created(id: &AuthorityId, operator: &OperatorId, der_sha256: [u8; 32], actor: &Actor) -> Entry {
    let mut entry = Entry::new("authority.created", actor.clone(), format!("authority:{id}"));
    entry.operator = Some(operator.clone());
    with_object(entry, der_sha256)
}

pub(super) fn rolled(authority: &Authority, generation: u16, der_sha256: [u8; 32], actor: &Actor) -> Entry {
    let subject = format!("authority:{}/{generation}", authority.id);
    let mut entry = Entry::new("authority.rolled", actor.clone(), subject);
    entry.operator = Some(authority.operator.clone());
    with_object(entry, der_sha256)
}

pub(super) fn cross_certified(
    authority: &Authority,
    name: &str,
    der_sha256: [u8; 32],
    actor: &Actor,
) -> Entry {
    let subject = format!("authority:{}/{name}", authority.id);
    let mut entry = Entry::new("authority.cross_certified", actor.clone(), subject);
    entry.operator = Some(authority.operator.clone());
    with_object(entry, der_sha256)
}

pub(super) fn state_changed(authority: &Authority, change: StateChange, actor: &Actor) -> Entry {
    let kind = match change {
        StateChange::Suspend => "authority.suspended",
        StateChange::Resume => "authority.resumed",
        StateChange::Retire => "authority.retired",
    };
    let mut entry = Entry::new(kind, actor.clone(), format!("authority:{}", authority.id));
    entry.operator = Some(authority.operator.clone());
    entry
}

fn with_object(mut entry: Entry, object: [u8; 32]) -> Entry {
    entry.object = Some(object);
    entry
}
