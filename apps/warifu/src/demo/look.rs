//! The eyes of the demo: certificates and lists, looked at as octets, the way a relying party sees them.
//!
//! Nothing here asks the database. What fails says why, in English, for the line below a failed check.

use core_crypto::{Digest, Verify};
use core_words::{RevocationReason, Serial, UtcSeconds};
use core_x509::{
    certificate::Certificate,
    crl::{Idp, List, ListLimits, Listed},
    general_name::GeneralName,
    oid,
};
use kit_keys::Provider;
use std::collections::HashMap;

/// Whether `child` was issued and signed by `parent`.
pub(super) fn issued_by(child: &[u8], parent: &[u8]) -> Result<(), String> {
    let read = |what: &str, der| Certificate::parse(der).map_err(|e| format!("{what}: {e}"));
    let (child, parent) = (read("the certificate", child)?, read("its issuer", parent)?);
    if child.tbs.issuer.der() != parent.tbs.subject.der() {
        return Err(format!("issuer {} is not {}", child.tbs.issuer, parent.tbs.subject));
    }
    let ca = parent.tbs.basic_constraints().map_err(|e| e.to_string())?.is_some_and(|basic| basic.ca);
    let usage = parent.tbs.key_usage().map_err(|e| e.to_string())?;
    if !ca || !usage.is_none_or(|usage| usage.key_cert_sign()) {
        return Err(format!("{} may not sign certificates", parent.tbs.subject));
    }
    let key_id = child.tbs.authority_key_id().map_err(|e| e.to_string())?.and_then(|aki| aki.key_id);
    let own_id = parent.tbs.subject_key_id().map_err(|e| e.to_string())?;
    if key_id.is_some() && key_id != own_id {
        return Err("the key identifiers of certificate and issuer differ".to_owned());
    }
    let alg = child.sig_alg().ok_or("two different signature algorithms")?;
    Provider
        .verify(alg, parent.tbs.spki, child.tbs.der, child.signature)
        .map_err(|_| format!("the signature of {} does not fit its issuer's key", child.tbs.subject))
}

/// Whether a path leads from the first to the last, each issued by the next, the last by itself, all valid
/// at `at`.
pub(super) fn path(chain: &[&[u8]], at: UtcSeconds) -> Result<(), String> {
    for (i, certificate) in chain.iter().enumerate() {
        issued_by(certificate, chain.get(i + 1).unwrap_or(certificate))?;
        valid(certificate, at)?;
    }
    Ok(())
}

/// Whether a certificate is valid at `at`, both ends inside.
pub(super) fn valid(der: &[u8], at: UtcSeconds) -> Result<(), String> {
    let read = Certificate::parse(der).map_err(|e| e.to_string())?;
    match (read.tbs.not_before..=read.tbs.not_after).contains(&at) {
        true => Ok(()),
        false => Err(format!("{} is not valid at this time", read.tbs.subject)),
    }
}

/// The serial number of a certificate.
pub(super) fn serial(der: &[u8]) -> Result<Serial, String> {
    let read = Certificate::parse(der).map_err(|e| e.to_string())?;
    Serial::from_der_content(read.tbs.serial).map_err(|e| e.to_string())
}

/// The addresses of the lists that a certificate points to.
pub(super) fn list_urls(der: &[u8]) -> Result<Vec<String>, String> {
    let read = Certificate::parse(der).map_err(|e| e.to_string())?;
    let points = read.tbs.distribution_points(&oid::CRL_DISTRIBUTION_POINTS).map_err(|e| e.to_string())?;
    let names = points.iter().flat_map(|point| &point.full_name);
    Ok(names
        .filter_map(|name| if let GeneralName::Uri(uri) = name { Some((*uri).to_owned()) } else { None })
        .collect())
}

/// SHA-256 of a certificate's public key.
pub(super) fn key_of(der: &[u8]) -> Result<[u8; 32], String> {
    Certificate::parse(der).map(|read| Provider.sha256(read.tbs.spki)).map_err(|e| e.to_string())
}

/// A list that was read to its end.
#[derive(Clone, Debug)]
pub(super) struct SeenList {
    /// Its number.
    pub(super) number: u128,
    /// For a delta, the number of its base.
    pub(super) base: Option<u128>,
    /// What part of all it covers.
    pub(super) idp: Option<Idp>,
    /// The first second it is in force.
    pub(super) this_update: UtcSeconds,
    /// Who stands on it: the reason, `None` for removed from the list, and the invalidity date.
    pub(super) entries: HashMap<Serial, (Option<RevocationReason>, Option<UtcSeconds>)>,
}

/// Reads a list, every entry of it; checks that `issuer` signed it and that it is in force at `at`.
pub(super) fn list(der: &[u8], issuer: &[u8], at: UtcSeconds) -> Result<SeenList, String> {
    let list = List::parse(der, &ListLimits::default()).map_err(|e| e.to_string())?;
    let issuer = Certificate::parse(issuer).map_err(|e| e.to_string())?;
    if list.issuer_name_der != issuer.tbs.subject.der() {
        return Err("the list names another issuer".to_owned());
    }
    if !issuer.tbs.key_usage().map_err(|e| e.to_string())?.is_none_or(|usage| usage.crl_sign()) {
        return Err("its issuer may not sign lists".to_owned());
    }
    list.verify(&Provider, issuer.tbs.spki).map_err(|_| "its signature does not fit")?;
    list.check_entries().map_err(|e| e.to_string())?;
    if at < list.this_update || at > list.next_update {
        return Err(format!("it is in force from {} to {} only", list.this_update.0, list.next_update.0));
    }
    let mut entries = HashMap::new();
    for entry in list.entries() {
        let entry = entry.map_err(|e| e.to_string())?;
        let reason = match entry.listed {
            Listed::Revoked(reason) => Some(reason),
            Listed::RemovedFromList => None,
        };
        entries.insert(entry.serial, (reason, entry.invalidity));
    }
    let (number, base, this_update) = (list.number, list.base, list.this_update);
    Ok(SeenList { number, base, idp: list.idp, this_update, entries })
}
