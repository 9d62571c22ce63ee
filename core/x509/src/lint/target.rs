//! What lints look at: the octets, read anew and once, with the profile and the issuer they must keep.

use crate::certificate::{
    AccessDescription, AuthorityKeyId, BasicConstraints, DistributionPoint, KeyUsage, NameConstraints,
    PolicyConstraints, PolicyInformation, Tbs,
};
use crate::general_name::GeneralName;
use crate::issuer::IssuerInfo;
use crate::key::{KeyFault, SubjectKey};
use crate::name::Attribute;
use crate::oid::{self, Oid};
use crate::profile::{Kind, Profile};
use crate::tlv::{Limits, TlvError};
use core_crypto::Digest;

/// What one lint says: nothing, or what is wrong.
pub(super) type Verdict = Result<(), String>;

/// The octets and their surroundings. An extension that is not there, or not readable, reads as empty; that
/// it is not readable is a finding of its own.
pub(super) struct Target<'a> {
    pub(super) tbs: Tbs<'a>,
    pub(super) profile: &'a Profile,
    pub(super) issuer: &'a IssuerInfo,
    pub(super) digest: &'a dyn Digest,
    pub(super) key: Result<SubjectKey<'a>, KeyFault>,
    /// Whether the plan vouches that this key is strong, so that it need not be found out again.
    pub(super) key_is_strong: bool,
    pub(super) subject: Vec<Attribute<'a>>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) basic: Option<BasicConstraints>,
    pub(super) subject_key_id: Option<&'a [u8]>,
    pub(super) authority_key_id: Option<AuthorityKeyId<'a>>,
    pub(super) alt_names: Vec<GeneralName<'a>>,
    pub(super) issuer_alt_names: Vec<GeneralName<'a>>,
    pub(super) purposes: Vec<&'a [u8]>,
    pub(super) policies: Vec<PolicyInformation<'a>>,
    pub(super) policy_mappings: Vec<(Oid, Oid)>,
    pub(super) policy_constraints: Option<PolicyConstraints>,
    pub(super) inhibit_any_policy: Option<u32>,
    pub(super) name_constraints: Option<NameConstraints<'a>>,
    pub(super) lists: Vec<DistributionPoint<'a>>,
    pub(super) delta_lists: Vec<DistributionPoint<'a>>,
    pub(super) access: Vec<AccessDescription<'a>>,
    /// Extensions that could not be read, and why.
    pub(super) unreadable: Vec<(&'static str, TlvError)>,
}

impl<'a> Target<'a> {
    pub(super) fn read(
        tbs: &'a [u8],
        profile: &'a Profile,
        issuer: &'a IssuerInfo,
        digest: &'a dyn Digest,
        key_is_strong: bool,
    ) -> Result<Self, TlvError> {
        let tbs = Tbs::parse(tbs, &Limits::DEFAULT)?;
        let mut unreadable = Vec::new();
        let mut errors = Errors(&mut unreadable);
        Ok(Self {
            key: SubjectKey::parse(tbs.spki),
            key_is_strong,
            subject: tbs.subject.attributes().collect(),
            key_usage: errors.or_empty("keyUsage", tbs.key_usage()),
            basic: errors.or_empty("basicConstraints", tbs.basic_constraints()),
            subject_key_id: errors.or_empty("subjectKeyIdentifier", tbs.subject_key_id()),
            authority_key_id: errors.or_empty("authorityKeyIdentifier", tbs.authority_key_id()),
            alt_names: errors.or_empty("subjectAltName", tbs.subject_alt_names()),
            issuer_alt_names: errors.or_empty("issuerAltName", tbs.issuer_alt_names()),
            purposes: errors.or_empty("extKeyUsage", tbs.ext_key_usage()),
            policies: errors.or_empty("certificatePolicies", tbs.policies()),
            policy_mappings: errors.or_empty("policyMappings", tbs.policy_mappings()),
            policy_constraints: errors.or_empty("policyConstraints", tbs.policy_constraints()),
            inhibit_any_policy: errors.or_empty("inhibitAnyPolicy", tbs.inhibit_any_policy()),
            name_constraints: errors
                .or_empty("nameConstraints", tbs.name_constraints().map(NameConstraints::parse).transpose()),
            lists: errors
                .or_empty("cRLDistributionPoints", tbs.distribution_points(&oid::CRL_DISTRIBUTION_POINTS)),
            delta_lists: errors.or_empty("freshestCRL", tbs.distribution_points(&oid::FRESHEST_CRL)),
            access: errors.or_empty("authorityInfoAccess", tbs.authority_info_access()),
            tbs,
            profile,
            issuer,
            digest,
            unreadable,
        })
    }

    /// Whether the certificate says of its subject that it is an authority.
    pub(super) fn is_authority(&self) -> bool {
        self.basic.is_some_and(|basic| basic.ca)
    }

    /// Whether issuer and subject are one and the same key.
    pub(super) fn is_root(&self) -> bool {
        self.profile.kind == Kind::Root
    }

    /// Whether the extension is there, and critical.
    pub(super) fn criticality(&self, oid: &Oid) -> Option<bool> {
        self.tbs.extension(oid).map(|e| e.critical)
    }

    /// The dNSNames.
    pub(super) fn dns_names(&self) -> impl Iterator<Item = &'a str> {
        self.alt_names
            .iter()
            .filter_map(|name| if let GeneralName::Dns(text) = name { Some(*text) } else { None })
    }
}

struct Errors<'e>(&'e mut Vec<(&'static str, TlvError)>);

impl Errors<'_> {
    fn or_empty<T: Default>(&mut self, name: &'static str, read: Result<T, TlvError>) -> T {
        read.unwrap_or_else(|error| {
            self.0.push((name, error));
            T::default()
        })
    }
}

/// A verdict from a condition: what is said is only put together where the condition does not hold.
pub(super) fn holds(condition: bool, message: impl FnOnce() -> String) -> Verdict {
    if condition { Ok(()) } else { Err(message()) }
}

/// As [`holds`], with a message that needs no values.
pub(super) fn must(condition: bool, message: &str) -> Verdict {
    holds(condition, || message.to_owned())
}
