//! Certificate policies and the constraints of authorities.

use super::target::{Target, Verdict, must};
use crate::certificate::{DistributionPoint, NameConstraints, Qualifier};
use crate::general_name::GeneralName;
use crate::oid;
use crate::profile::{Constraints, Subtrees};
use crate::tlv;

/// The profile: the policies with their qualifiers, in their order.
pub(super) fn policies(t: &Target<'_>) -> Verdict {
    let wanted = t.profile.policies.as_ref().map_or(&[][..], |(policies, _)| policies);
    let same = t.policies.len() == wanted.len()
        && t.policies.iter().zip(wanted).all(|(found, wanted)| {
            let cps = wanted.cps.iter().map(|url| Qualifier::Cps(url.as_bytes()));
            let notice = wanted
                .notice
                .iter()
                .map(|text| Qualifier::Notice { tag: tlv::UTF8_STRING, text: text.as_bytes() });
            found.policy == wanted.oid.content() && found.qualifiers.iter().copied().eq(cps.chain(notice))
        });
    must(same, "certificatePolicies is not that of the profile")
}

/// RFC 5280 §4.2.1.4: a policy identifier MUST NOT appear more than once.
pub(super) fn once(t: &Target<'_>) -> Verdict {
    let twice =
        t.policies.iter().enumerate().any(|(i, p)| t.policies[..i].iter().any(|q| q.policy == p.policy));
    must(!twice, "a policy stands there twice")
}

/// RFC 5280 §4.2.1.4: explicitText has at most 200 characters, in UTF8String, none of them a control character.
pub(super) fn notices(t: &Target<'_>) -> Verdict {
    let bad = t.policies.iter().flat_map(|p| &p.qualifiers).any(|qualifier| match qualifier {
        Qualifier::Notice { tag, text } => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            *tag != tlv::UTF8_STRING
                || !(1..=200).contains(&text.chars().count())
                || text.chars().any(char::is_control)
        }
        Qualifier::Cps(_) => false,
        Qualifier::Other => true,
    });
    must(!bad, "a policy qualifier is no CPS address and no notice of 1 to 200 characters in UTF8String")
}

/// RFC 5280 §4.2.1.5: anyPolicy MUST NOT be mapped.
pub(super) fn no_any_mapping(t: &Target<'_>) -> Verdict {
    let any =
        |(issuer, subject): &(oid::Oid, oid::Oid)| *issuer == oid::ANY_POLICY || *subject == oid::ANY_POLICY;
    must(!t.policy_mappings.iter().any(any), "anyPolicy is mapped")
}

/// RFC 5280 §4.2.1.11: policyConstraints MUST NOT be empty.
pub(super) fn constraints_not_empty(t: &Target<'_>) -> Verdict {
    let empty = |c: crate::certificate::PolicyConstraints| {
        c.require_explicit.is_none() && c.inhibit_mapping.is_none()
    };
    must(!t.policy_constraints.is_some_and(empty), "policyConstraints is empty")
}

/// The profile: policy mappings, policy constraints and inhibitAnyPolicy.
pub(super) fn policy_rules(t: &Target<'_>) -> Verdict {
    must(
        t.policy_mappings == t.profile.policy_mappings
            && t.policy_constraints == t.profile.policy_constraints
            && t.inhibit_any_policy == t.profile.inhibit_any_policy,
        "mappings or constraints of policies are not those of the profile",
    )
}

/// RFC 5280 §4.2.1.5, .10, .11, .14: these stand in authorities' certificates only.
pub(super) fn only_authorities(t: &Target<'_>) -> Verdict {
    let there = t.tbs.extension(&oid::POLICY_MAPPINGS).is_some()
        || t.tbs.extension(&oid::NAME_CONSTRAINTS).is_some()
        || t.tbs.extension(&oid::POLICY_CONSTRAINTS).is_some()
        || t.tbs.extension(&oid::INHIBIT_ANY_POLICY).is_some();
    must(t.is_authority() || !there, "constraints of authorities in the certificate of somebody else")
}

/// The profile: the name constraints.
pub(super) fn name_constraints(t: &Target<'_>) -> Verdict {
    let same = match (&t.name_constraints, &t.profile.name_constraints) {
        (None, None) => true,
        (Some(found), Some(wanted)) => same_constraints(found, wanted),
        _ => false,
    };
    must(same, "nameConstraints is not that of the profile")
}

fn same_constraints(found: &NameConstraints<'_>, wanted: &Constraints) -> bool {
    let same = |found: &[GeneralName<'_>], wanted: &Subtrees| {
        let bases = wanted.dns.iter().map(|text| GeneralName::Dns(text));
        let bases = bases.chain(wanted.email.iter().map(|text| GeneralName::Email(text)));
        let bases = bases.chain(wanted.uri.iter().map(|text| GeneralName::Uri(text)));
        let bases = bases.chain(wanted.ip.iter().map(|octets| GeneralName::Ip(octets)));
        let bases = bases.chain(wanted.directory.iter().map(|name| GeneralName::Directory(name.as_ref())));
        found.iter().copied().eq(bases)
    };
    same(&found.permitted, &wanted.permitted) && same(&found.excluded, &wanted.excluded)
}

/// RFC 5280 §4.2.1.10, §6.1.3 (b), (c): what the issuer's own name constraints allow. Self-issued certificates
/// are exempt unless they end the path.
pub(super) fn within_issuers_constraints(t: &Target<'_>) -> Verdict {
    let Some(value) = &t.issuer.name_constraints else { return Ok(()) };
    let constraints = NameConstraints::parse(value)
        .map_err(|error| format!("the issuer's own name constraints are not readable: {error}"))?;
    if t.tbs.issuer == t.tbs.subject && t.is_authority() {
        return Ok(());
    }
    let subject = (!t.tbs.subject.is_empty()).then_some(GeneralName::Directory(t.tbs.subject));
    let outside = subject.iter().chain(&t.alt_names).find(|name| !constraints.allow(name));
    match outside {
        Some(name) => Err(format!("{name} is outside the issuer's name constraints")),
        None => Ok(()),
    }
}

/// RFC 5280 §4.2.1.13, §4.2.1.15: each point gives the address of a whole list, or its name in the directory, and it
/// is the profile's.
pub(super) fn lists(t: &Target<'_>) -> Verdict {
    use crate::profile::ListRule;
    let urls = &t.issuer.urls;
    let fits = match (t.profile.crl, only_name(&t.lists)) {
        (ListRule::None, _) => t.lists.is_empty(),
        (ListRule::Full, Some(GeneralName::Uri(url))) => urls.full_crl.as_deref() == Some(url),
        (ListRule::Partitioned, Some(GeneralName::Uri(url))) => {
            is_partition(url, urls.partition_crl.as_deref())
        }
        (ListRule::IssuerName, Some(GeneralName::Directory(name))) => name.der() == t.issuer.name_der,
        (ListRule::Directory, Some(GeneralName::Directory(name))) => {
            let (values, rules) = (&t.profile.values, &t.profile.subject);
            t.profile.crl_directory.as_ref().is_some_and(|rule| rule.made(&name, values, rules, &t.subject))
        }
        _ => false,
    };
    let delta_fits = if t.profile.freshest {
        matches!(only_name(&t.delta_lists), Some(GeneralName::Uri(url)) if urls.delta_crl.as_deref() == Some(url))
    } else {
        t.delta_lists.is_empty()
    };
    must(fits && delta_fits, "the addresses of lists are not those of profile and issuer")
}

/// The name of a single point that has one and nothing else.
fn only_name<'a>(points: &[DistributionPoint<'a>]) -> Option<GeneralName<'a>> {
    match points {
        [point] if !point.other_parts => match point.full_name.as_slice() {
            [name] => Some(*name),
            _ => None,
        },
        _ => None,
    }
}

fn is_partition(url: &str, template: Option<&str>) -> bool {
    let number = template
        .and_then(|t| t.split_once("{n}"))
        .and_then(|(head, tail)| url.strip_prefix(head)?.strip_suffix(tail));
    number.is_some_and(|n| n.parse::<u32>().is_ok_and(|value| value.to_string() == n))
}

/// RFC 5280 §4.2.2.1: the issuer's certificate and responder, as profile and issuer say.
pub(super) fn access(t: &Target<'_>) -> Verdict {
    let urls = &t.issuer.urls;
    let ocsp = t.profile.ocsp_address(urls).map(|url| (oid::AD_OCSP, url));
    let issuers = urls.ca_issuers.as_deref().filter(|_| t.profile.access.ca_issuers);
    let wanted: Vec<_> = ocsp.into_iter().chain(issuers.map(|url| (oid::AD_CA_ISSUERS, url))).collect();
    let same = t.access.len() == wanted.len()
        && t.access.iter().zip(&wanted).all(|(found, (method, url))| {
            found.method == method.content() && found.location == GeneralName::Uri(url)
        });
    must(same, "authorityInfoAccess is not that of profile and issuer")
}
