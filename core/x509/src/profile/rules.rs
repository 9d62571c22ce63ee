//! The rules of a profile after checking.

use super::pattern::Pattern;
use crate::certificate::KeyUsage;
use crate::name::{AttributeType, Name, StringType};
use crate::oid::{self, Oid};

/// What kind of certificate a profile describes. It decides where subject and key may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A self-signed authority: subject and key are the issuer's own.
    Root,
    /// An authority below another.
    Ca,
    /// A foreign authority: subject and key from its certificate, which an operator has verified.
    Cross,
    /// Old-with-new and new-with-old: the issuer's own name with another of its keys (RFC 9810 §4.4).
    Link,
    /// A delegated OCSP responder (RFC 6960 §4.2.2.2).
    OcspSigner,
    /// A time-stamping authority (RFC 3161 §2.3).
    TimestampSigner,
    /// Anybody else.
    EndEntity,
}

/// Where a value may come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The order.
    #[default]
    Order,
    /// The certification request.
    Request,
    /// The order, or else the request.
    Either,
}

/// One attribute of the subject.
#[derive(Clone, Debug)]
pub struct SubjectRule {
    /// Which attribute.
    pub attribute: AttributeType,
    /// The name under which an order gives its value, besides the attribute's own.
    pub key: String,
    /// Where its value comes from.
    pub from: Source,
    /// Whether a certificate must have it.
    pub required: bool,
    /// How often a certificate may have it, one after another.
    pub times: usize,
    /// What it may say.
    pub value: ValueRule,
    /// Most characters.
    pub max_length: usize,
    /// In which string type; `None` for PrintableString where it suffices, and UTF8String elsewhere.
    pub string: Option<StringType>,
    /// Whether its value must stand among the dNSNames too.
    pub in_san: bool,
}

/// What an attribute may say.
#[derive(Clone, Debug)]
pub enum ValueRule {
    /// Anything of its repertoire and length.
    Any,
    /// This, always, whatever is ordered or requested.
    Fixed(String),
    /// One of these.
    OneOf(Vec<String>),
    /// What the pattern matches from beginning to end.
    Pattern(Pattern),
}

impl ValueRule {
    /// Whether it allows this value.
    pub fn allows(&self, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Fixed(fixed) => fixed == value,
            Self::OneOf(values) => values.iter().any(|v| v == value),
            Self::Pattern(pattern) => pattern.matches(value),
        }
    }
}

/// What is done with what a request asks for beside its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestRule {
    /// Whether a subject or alternative name that the certificate will not have refuses the request.
    pub check_names: bool,
    /// Extensions that the profile does not write.
    pub unknown_extensions: UnknownExtensions,
}

/// What is done with requested extensions that the profile does not write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownExtensions {
    /// A critical one refuses the request; others are ignored.
    #[default]
    RefuseCritical,
    /// Any refuses the request.
    Refuse,
    /// All are ignored.
    Ignore,
}

/// Alternative names.
#[derive(Clone, Debug)]
pub struct SanRule {
    /// Whether a certificate must have at least one.
    pub required: bool,
    /// Whether the extension is critical although the subject is not empty.
    pub critical: bool,
    /// Most names.
    pub max: usize,
    /// dNSName, if allowed.
    pub dns: Option<DnsRule>,
    /// rfc822Name, if allowed.
    pub email: Option<EmailRule>,
    /// uniformResourceIdentifier, if allowed.
    pub uri: Option<UriRule>,
    /// iPAddress, if allowed.
    pub ip: Option<IpRule>,
    /// Where a directoryName comes from, if one is allowed. Orders only: a request cannot ask for one.
    pub directory: bool,
    /// A directoryName that stands first in every certificate.
    pub fixed_directory: Option<Name>,
    /// otherNames that are UTF8Strings, in the order of their encoding. Orders only.
    pub other: Vec<OtherNameRule>,
}

/// dNSName.
#[derive(Clone, Debug)]
pub struct DnsRule {
    /// Where they come from.
    pub from: Source,
    /// Whether the leftmost label may be `*`.
    pub wildcard: bool,
    /// Domains of which every name must be one, or below; empty for any.
    pub under: Vec<String>,
}

/// rfc822Name.
#[derive(Clone, Debug)]
pub struct EmailRule {
    /// Where they come from.
    pub from: Source,
    /// Domains of which every address must be; empty for any.
    pub under: Vec<String>,
}

/// uniformResourceIdentifier.
#[derive(Clone, Debug)]
pub struct UriRule {
    /// Where they come from.
    pub from: Source,
    /// Schemes allowed.
    pub schemes: Vec<String>,
}

/// iPAddress.
#[derive(Clone, Debug)]
pub struct IpRule {
    /// Where they come from.
    pub from: Source,
}

/// One otherName whose value is a UTF8String.
#[derive(Clone, Debug)]
pub struct OtherNameRule {
    /// Its type.
    pub oid: Oid,
    /// Whether a certificate must have it.
    pub required: bool,
    /// What it may say.
    pub value: ValueRule,
    /// Most characters.
    pub max_length: usize,
}

/// keyUsage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageRule {
    /// Bits for every key.
    pub all: KeyUsage,
    /// Further bits for RSA keys.
    pub rsa: KeyUsage,
    /// Further bits for keys on P-256 and P-384.
    pub ec: KeyUsage,
    /// Criticality (RFC 5280 §4.2.1.3: SHOULD be critical).
    pub critical: bool,
}

/// basicConstraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasicRule {
    /// Left out: no authority.
    Absent,
    /// Written, and empty: no authority.
    EndEntity {
        /// Criticality.
        critical: bool,
    },
    /// An authority; always critical (RFC 5280 §4.2.1.9).
    Ca {
        /// The path length constraint.
        path_len: Option<u8>,
    },
}

/// One certificate policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRule {
    /// Its identifier.
    pub oid: Oid,
    /// Where its practice statement is.
    pub cps: Option<String>,
    /// A notice of at most 200 characters.
    pub notice: Option<String>,
}

/// Which list certificates point to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListRule {
    /// No cRLDistributionPoints.
    #[default]
    None,
    /// The authority's full list.
    Full,
    /// The list of the order's partition.
    Partitioned,
    /// The list in the directory at the issuer's own distinguished name.
    IssuerName,
    /// The list in the directory at the name that the profile makes of values of the order.
    Directory,
}

/// authorityInfoAccess.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessRule {
    /// Whether the issuer's certificate is named.
    pub ca_issuers: bool,
    /// Whether the OCSP responder is named, where the issuer has one.
    pub ocsp: bool,
    /// An OCSP responder that is named whatever the issuer has.
    pub ocsp_uri: Option<String>,
}

/// Form of authorityKeyIdentifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AkiForm {
    /// Left out; only roots may (RFC 5280 §4.2.1.1).
    None,
    /// keyIdentifier alone.
    #[default]
    KeyId,
    /// keyIdentifier, and issuer and serial number of the issuer's own certificate.
    Full,
}

/// Name constraints (RFC 5280 §4.2.1.10).
#[derive(Clone, Debug, Default)]
pub struct Constraints {
    /// Names must lie within one of these, of those of their form.
    pub permitted: Subtrees,
    /// Names must lie within none of these.
    pub excluded: Subtrees,
}

/// Bases of subtrees by their form.
#[derive(Clone, Debug, Default)]
pub struct Subtrees {
    /// Domains.
    pub dns: Vec<String>,
    /// Hosts, domains with a leading dot, or addresses.
    pub email: Vec<String>,
    /// Hosts, or domains with a leading dot.
    pub uri: Vec<String>,
    /// Address and mask, 8 or 32 octets.
    pub ip: Vec<Vec<u8>>,
    /// Names that others begin with.
    pub directory: Vec<DirectoryBase>,
}

/// A name that others begin with.
pub type DirectoryBase = Name;

/// An extension whose octets the profile gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticExtension {
    /// Its identifier.
    pub oid: Oid,
    /// Criticality.
    pub critical: bool,
    /// What its OCTET STRING wraps.
    pub value: Vec<u8>,
}

/// An extension that a profile can order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExtensionKind {
    /// authorityKeyIdentifier.
    AuthorityKeyId,
    /// subjectKeyIdentifier.
    SubjectKeyId,
    /// keyUsage.
    KeyUsage,
    /// extKeyUsage.
    ExtKeyUsage,
    /// basicConstraints.
    BasicConstraints,
    /// subjectAltName.
    SubjectAltName,
    /// issuerAltName.
    IssuerAltName,
    /// certificatePolicies.
    Policies,
    /// policyMappings.
    PolicyMappings,
    /// policyConstraints.
    PolicyConstraints,
    /// inhibitAnyPolicy.
    InhibitAnyPolicy,
    /// nameConstraints.
    NameConstraints,
    /// cRLDistributionPoints.
    CrlDistributionPoints,
    /// freshestCRL.
    FreshestCrl,
    /// authorityInfoAccess.
    AuthorityInfoAccess,
    /// id-pkix-ocsp-nocheck.
    OcspNoCheck,
    /// The static extension with this index.
    Static(usize),
}

impl ExtensionKind {
    /// Every kind with its name in profiles, in the order in which they are encoded unless a profile says
    /// otherwise.
    pub(crate) const NAMES: [(&'static str, Self); 16] = [
        ("authority_key_identifier", Self::AuthorityKeyId),
        ("subject_key_identifier", Self::SubjectKeyId),
        ("key_usage", Self::KeyUsage),
        ("extended_key_usage", Self::ExtKeyUsage),
        ("basic_constraints", Self::BasicConstraints),
        ("subject_alt_name", Self::SubjectAltName),
        ("issuer_alt_name", Self::IssuerAltName),
        ("certificate_policies", Self::Policies),
        ("policy_mappings", Self::PolicyMappings),
        ("policy_constraints", Self::PolicyConstraints),
        ("inhibit_any_policy", Self::InhibitAnyPolicy),
        ("name_constraints", Self::NameConstraints),
        ("crl_distribution_points", Self::CrlDistributionPoints),
        ("freshest_crl", Self::FreshestCrl),
        ("authority_info_access", Self::AuthorityInfoAccess),
        ("ocsp_no_check", Self::OcspNoCheck),
    ];

    /// Its identifier; a static one's stands in the profile.
    pub(crate) fn oid(self, statics: &[StaticExtension]) -> &[u8] {
        match self {
            Self::AuthorityKeyId => oid::AUTHORITY_KEY_ID.content(),
            Self::SubjectKeyId => oid::SUBJECT_KEY_ID.content(),
            Self::KeyUsage => oid::KEY_USAGE.content(),
            Self::ExtKeyUsage => oid::EXT_KEY_USAGE.content(),
            Self::BasicConstraints => oid::BASIC_CONSTRAINTS.content(),
            Self::SubjectAltName => oid::SUBJECT_ALT_NAME.content(),
            Self::IssuerAltName => oid::ISSUER_ALT_NAME.content(),
            Self::Policies => oid::CERTIFICATE_POLICIES.content(),
            Self::PolicyMappings => oid::POLICY_MAPPINGS.content(),
            Self::PolicyConstraints => oid::POLICY_CONSTRAINTS.content(),
            Self::InhibitAnyPolicy => oid::INHIBIT_ANY_POLICY.content(),
            Self::NameConstraints => oid::NAME_CONSTRAINTS.content(),
            Self::CrlDistributionPoints => oid::CRL_DISTRIBUTION_POINTS.content(),
            Self::FreshestCrl => oid::FRESHEST_CRL.content(),
            Self::AuthorityInfoAccess => oid::AUTHORITY_INFO_ACCESS.content(),
            Self::OcspNoCheck => oid::OCSP_NO_CHECK.content(),
            Self::Static(i) => statics.get(i).map_or(&[], |e| e.oid.content()),
        }
    }
}
