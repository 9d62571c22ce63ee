//! The extensions of a profile as octets. What every certificate of a profile, an issuer and a family of keys
//! shares is encoded once; [`Part`] marks where certificates differ.

use super::refused::PlanRefused;
use crate::certificate::{PolicyConstraints, push_extension};
use crate::general_name::GeneralName;
use crate::issuer::{IssuerInfo, Urls};
use crate::name::NameRef;
use crate::oid::{self, Oid};
use crate::profile::{
    AkiForm, BasicRule, Constraints, ExtensionKind, ListRule, PolicyRule, Profile, Subtrees,
};
use crate::tlv;
use core_pack::KeyFamily;

/// A piece of the extensions.
pub(super) enum Part {
    /// The same in every certificate.
    Shared(Vec<u8>),
    /// The whole subjectKeyIdentifier extension.
    KeyId,
    /// The whole subjectAltName extension, if the certificate has one.
    AltNames,
    /// The whole cRLDistributionPoints extension with a name made of values of the order.
    ListName,
    /// The whole cRLDistributionPoints extension of a partition, whose number stands between these.
    Partition {
        /// The address before the number.
        head: String,
        /// The address after it.
        tail: String,
    },
}

/// All extensions in the order of the profile, neighbours that are shared joined.
pub(super) fn parts(
    profile: &Profile,
    issuer: &IssuerInfo,
    family: KeyFamily,
) -> Result<Vec<Part>, PlanRefused> {
    let mut parts = Vec::new();
    for kind in &profile.order {
        let part = match kind {
            ExtensionKind::SubjectKeyId => Part::KeyId,
            ExtensionKind::SubjectAltName => Part::AltNames,
            ExtensionKind::CrlDistributionPoints if profile.crl == ListRule::Directory => Part::ListName,
            ExtensionKind::CrlDistributionPoints if profile.crl == ListRule::Partitioned => {
                let url = url(&issuer.urls.partition_crl, "the lists by partition")?;
                let (head, tail) =
                    url.split_once("{n}").ok_or(PlanRefused::IssuerUrl("the lists by partition"))?;
                Part::Partition { head: head.to_owned(), tail: tail.to_owned() }
            }
            _ => {
                let Some((critical, value)) = shared(profile, issuer, family, *kind)? else { continue };
                let mut octets = Vec::new();
                push_extension(&mut octets, kind.oid(&profile.other_extensions), critical, &value);
                Part::Shared(octets)
            }
        };
        match (parts.last_mut(), part) {
            (Some(Part::Shared(before)), Part::Shared(octets)) => before.extend_from_slice(&octets),
            (_, part) => parts.push(part),
        }
    }
    Ok(parts)
}

/// Criticality and value of an extension that is the same in every certificate; `None` where it is left out.
fn shared(
    profile: &Profile,
    issuer: &IssuerInfo,
    family: KeyFamily,
    kind: ExtensionKind,
) -> Result<Option<(bool, Vec<u8>)>, PlanRefused> {
    Ok(Some(match kind {
        ExtensionKind::AuthorityKeyId => (false, authority_key_id(profile.authority_key_id, issuer)?),
        ExtensionKind::KeyUsage => (profile.key_usage.critical, profile.key_usage(family).to_der()),
        ExtensionKind::ExtKeyUsage => match &profile.ext_key_usage {
            Some((purposes, critical)) => {
                (*critical, tlv::tlv_of(tlv::SEQUENCE, purposes.iter().map(Oid::der)))
            }
            None => return Ok(None),
        },
        ExtensionKind::BasicConstraints => match basic_constraints(profile.basic) {
            Some(basic) => basic,
            None => return Ok(None),
        },
        ExtensionKind::Policies => match &profile.policies {
            Some((policies, critical)) => {
                (*critical, tlv::tlv_of(tlv::SEQUENCE, policies.iter().map(policy)))
            }
            None => return Ok(None),
        },
        // Criticality here and below as RFC 5280 §4.2.1.5, .10, .11 and .14 have it.
        ExtensionKind::PolicyMappings => (true, policy_mappings(&profile.policy_mappings)),
        ExtensionKind::PolicyConstraints => {
            (true, policy_constraints(&profile.policy_constraints.unwrap_or_default()))
        }
        ExtensionKind::InhibitAnyPolicy => {
            (true, tlv::tlv(tlv::INTEGER, &[&unsigned(profile.inhibit_any_policy.unwrap_or_default())]))
        }
        ExtensionKind::NameConstraints => match &profile.name_constraints {
            Some(constraints) => (true, name_constraints(constraints)),
            None => return Ok(None),
        },
        ExtensionKind::CrlDistributionPoints if profile.crl == ListRule::IssuerName => {
            (false, distribution_point_by_name(&issuer.name_der))
        }
        ExtensionKind::CrlDistributionPoints => {
            (false, distribution_point(url(&issuer.urls.full_crl, "the list")?))
        }
        // RFC 5280 §4.2.1.7: SHOULD NOT be critical.
        ExtensionKind::IssuerAltName => match &profile.issuer_alt_name {
            Some(name) => (false, tlv::tlv(tlv::SEQUENCE, &[&directory_name(name.der())])),
            None => return Ok(None),
        },
        ExtensionKind::FreshestCrl => {
            (false, distribution_point(url(&issuer.urls.delta_crl, "the delta list")?))
        }
        ExtensionKind::AuthorityInfoAccess => match access(profile, &issuer.urls)? {
            Some(access) => (false, access),
            None => return Ok(None),
        },
        // RFC 6960 §4.2.2.2.1: NULL.
        ExtensionKind::OcspNoCheck => (false, vec![tlv::NULL, 0]),
        ExtensionKind::Static(i) => match profile.other_extensions.get(i) {
            Some(extension) => (extension.critical, extension.value.clone()),
            None => return Ok(None),
        },
        ExtensionKind::SubjectKeyId | ExtensionKind::SubjectAltName => return Ok(None),
    }))
}

fn url<'a>(url: &'a Option<String>, what: &'static str) -> Result<&'a str, PlanRefused> {
    url.as_deref().filter(|url| url.is_ascii() && !url.is_empty()).ok_or(PlanRefused::IssuerUrl(what))
}

fn authority_key_id(form: AkiForm, issuer: &IssuerInfo) -> Result<Vec<u8>, PlanRefused> {
    let key_id = tlv::tlv(tlv::context(0), &[&issuer.key_id]);
    if form != AkiForm::Full {
        return Ok(tlv::tlv(tlv::SEQUENCE, &[&key_id]));
    }
    let own = issuer.own_certificate.as_ref();
    let own = own.ok_or(PlanRefused::Issuer("it has no certificate of its own yet to refer to"))?;
    let name = directory_name(&own.issuer_der);
    let names = tlv::tlv(tlv::context_constructed(1), &[&name]);
    let serial = tlv::tlv(tlv::context(2), &[own.serial.der_content()]);
    Ok(tlv::tlv(tlv::SEQUENCE, &[&key_id, &names, &serial]))
}

fn basic_constraints(rule: BasicRule) -> Option<(bool, Vec<u8>)> {
    match rule {
        BasicRule::Absent => None,
        BasicRule::EndEntity { critical } => Some((critical, tlv::tlv(tlv::SEQUENCE, &[]))),
        BasicRule::Ca { path_len } => {
            let len =
                path_len.map(|n| tlv::tlv(tlv::INTEGER, &[&unsigned(u32::from(n))])).unwrap_or_default();
            Some((true, tlv::tlv(tlv::SEQUENCE, &[&[tlv::BOOLEAN, 1, 0xff], &len])))
        }
    }
}

/// The content octets of a non-negative INTEGER.
fn unsigned(n: u32) -> Vec<u8> {
    let octets = [&[0][..], &n.to_be_bytes()].concat();
    let spare = octets.windows(2).take_while(|pair| pair[0] == 0 && pair[1] & 0x80 == 0).count();
    octets[spare..].to_vec()
}

fn policy(rule: &PolicyRule) -> Vec<u8> {
    let qualifier = |id: &Oid, value: &[u8]| tlv::tlv(tlv::SEQUENCE, &[&id.der(), value]);
    let mut qualifiers = Vec::new();
    if let Some(cps) = &rule.cps {
        qualifiers.push(qualifier(&oid::QT_CPS, &tlv::tlv(tlv::IA5_STRING, &[cps.as_bytes()])));
    }
    if let Some(notice) = &rule.notice {
        let text = tlv::tlv(tlv::UTF8_STRING, &[notice.as_bytes()]);
        qualifiers.push(qualifier(&oid::QT_USER_NOTICE, &tlv::tlv(tlv::SEQUENCE, &[&text])));
    }
    let list = if qualifiers.is_empty() { Vec::new() } else { tlv::tlv_of(tlv::SEQUENCE, qualifiers) };
    tlv::tlv(tlv::SEQUENCE, &[&rule.oid.der(), &list])
}

fn policy_mappings(mappings: &[(Oid, Oid)]) -> Vec<u8> {
    let pairs =
        mappings.iter().map(|(issuer, subject)| tlv::tlv_of(tlv::SEQUENCE, [issuer.der(), subject.der()]));
    tlv::tlv_of(tlv::SEQUENCE, pairs)
}

fn policy_constraints(constraints: &PolicyConstraints) -> Vec<u8> {
    let part =
        |n, value: Option<u32>| value.map(|v| tlv::tlv(tlv::context(n), &[&unsigned(v)])).unwrap_or_default();
    let parts = [part(0, constraints.require_explicit), part(1, constraints.inhibit_mapping)];
    tlv::tlv_of(tlv::SEQUENCE, parts)
}

fn name_constraints(constraints: &Constraints) -> Vec<u8> {
    let trees = |n, trees: &Subtrees| {
        let mut bases = Vec::new();
        let mut add = |name: GeneralName<'_>| {
            // minimum 0 is the default and left out, maximum is never used (RFC 5280 §4.2.1.10).
            tlv::nested(&mut bases, tlv::SEQUENCE, |out| name.push(out));
        };
        trees.dns.iter().for_each(|text| add(GeneralName::Dns(text)));
        trees.email.iter().for_each(|text| add(GeneralName::Email(text)));
        trees.uri.iter().for_each(|text| add(GeneralName::Uri(text)));
        trees.ip.iter().for_each(|octets| add(GeneralName::Ip(octets)));
        trees.directory.iter().for_each(|name| add(GeneralName::Directory(name.as_ref())));
        if bases.is_empty() { bases } else { tlv::tlv(tlv::context_constructed(n), &[&bases]) }
    };
    tlv::tlv_of(tlv::SEQUENCE, [trees(0, &constraints.permitted), trees(1, &constraints.excluded)])
}

/// CRLDistributionPoints with one point of one address.
pub(super) fn distribution_point(url: &str) -> Vec<u8> {
    one_point(&tlv::tlv(tlv::context(6), &[url.as_bytes()]))
}

/// CRLDistributionPoints with one point of one name in the directory.
pub(super) fn distribution_point_by_name(name_der: &[u8]) -> Vec<u8> {
    one_point(&directory_name(name_der))
}

/// The GeneralName directoryName: explicit, since Name is a CHOICE (X.680 §31.2.7).
fn directory_name(name_der: &[u8]) -> Vec<u8> {
    tlv::tlv(tlv::context_constructed(4), &[name_der])
}

fn one_point(general_name: &[u8]) -> Vec<u8> {
    let full = tlv::tlv(tlv::context_constructed(0), &[general_name]);
    let point = tlv::tlv(tlv::context_constructed(0), &[&full]);
    tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::SEQUENCE, &[&point])])
}

fn access(profile: &Profile, urls: &Urls) -> Result<Option<Vec<u8>>, PlanRefused> {
    let description = |method: &Oid, url: &str| {
        tlv::tlv(tlv::SEQUENCE, &[&method.der(), &tlv::tlv(tlv::context(6), &[url.as_bytes()])])
    };
    let mut descriptions = Vec::new();
    if let Some(ocsp) = profile.ocsp_address(urls) {
        descriptions.push(description(&oid::AD_OCSP, ocsp));
    }
    if profile.access.ca_issuers {
        descriptions.push(description(&oid::AD_CA_ISSUERS, url(&urls.ca_issuers, "its own certificate")?));
    }
    Ok((!descriptions.is_empty()).then(|| tlv::tlv_of(tlv::SEQUENCE, descriptions)))
}

/// Whether a name is the empty one.
pub(super) fn is_empty(name_der: &[u8]) -> bool {
    NameRef::parse(name_der, &tlv::Limits::DEFAULT).is_ok_and(|name| name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::Reader;

    #[test]
    fn integers_are_minimal() {
        for n in [0, 1, 127, 128, 255, 256, 0x7fff, 0x8000, u32::MAX] {
            let der = tlv::tlv(tlv::INTEGER, &[&unsigned(n)]);
            assert_eq!(Reader::new(&der).next().expect("an element").small(), Ok(n));
        }
    }
}
