//! The extensions of RFC 5280 §4.2 that the house reads, each as its ASN.1 says.

use super::{Extension, Tbs};
use crate::general_name::GeneralName;
use crate::oid::{self, Oid};
use crate::tlv::{self, Limits, Reader, TlvError, TlvFault};

/// keyUsage (RFC 5280 §4.2.1.3): bit 0 is digitalSignature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyUsage(pub u16);

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is an authority.
    pub ca: bool,
    /// Most authorities below it, self-issued ones not counted.
    pub path_len: Option<u8>,
}

/// authorityKeyIdentifier (RFC 5280 §4.2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyId<'a> {
    /// The issuer's key identifier.
    pub key_id: Option<&'a [u8]>,
    /// Who issued the issuer's certificate.
    pub issuer: Vec<GeneralName<'a>>,
    /// The serial number of the issuer's certificate, content octets.
    pub serial: Option<&'a [u8]>,
}

/// One accessDescription (RFC 5280 §4.2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessDescription<'a> {
    /// The content octets of the access method.
    pub method: &'a [u8],
    /// Where.
    pub location: GeneralName<'a>,
}

/// One DistributionPoint (RFC 5280 §4.2.1.13).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistributionPoint<'a> {
    /// fullName.
    pub full_name: Vec<GeneralName<'a>>,
    /// Whether nameRelativeToCRLIssuer, reasons or cRLIssuer is there.
    pub other_parts: bool,
}

/// One PolicyInformation (RFC 5280 §4.2.1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInformation<'a> {
    /// The content octets of the policy identifier.
    pub policy: &'a [u8],
    /// Its qualifiers.
    pub qualifiers: Vec<Qualifier<'a>>,
}

/// One policy qualifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier<'a> {
    /// id-qt-cps: the address of the practice statement.
    Cps(&'a [u8]),
    /// id-qt-unotice with an explicitText: its tag and octets.
    Notice {
        /// The string type.
        tag: u8,
        /// The octets.
        text: &'a [u8],
    },
    /// Anything else.
    Other,
}

/// policyConstraints (RFC 5280 §4.2.1.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// requireExplicitPolicy.
    pub require_explicit: Option<u32>,
    /// inhibitPolicyMapping.
    pub inhibit_mapping: Option<u32>,
}

macro_rules! bits {
    ($($(#[$doc:meta])* $name:ident, $constant:ident, $text:literal, $bit:literal;)*) => {
        impl KeyUsage {
            $(
                $(#[$doc])*
                pub const $constant: Self = Self(1 << $bit);
                $(#[$doc])*
                pub fn $name(self) -> bool {
                    self.0 & 1 << $bit != 0
                }
            )*
            /// Every bit with the name that RFC 5280 gives it.
            pub const NAMES: &[(&'static str, Self)] = &[$(($text, Self::$constant)),*];
        }
    };
}

bits! {
    /// digitalSignature.
    digital_signature, DIGITAL_SIGNATURE, "digitalSignature", 0;
    /// nonRepudiation, lately contentCommitment.
    non_repudiation, NON_REPUDIATION, "nonRepudiation", 1;
    /// keyEncipherment.
    key_encipherment, KEY_ENCIPHERMENT, "keyEncipherment", 2;
    /// dataEncipherment.
    data_encipherment, DATA_ENCIPHERMENT, "dataEncipherment", 3;
    /// keyAgreement.
    key_agreement, KEY_AGREEMENT, "keyAgreement", 4;
    /// keyCertSign.
    key_cert_sign, KEY_CERT_SIGN, "keyCertSign", 5;
    /// cRLSign.
    crl_sign, CRL_SIGN, "cRLSign", 6;
    /// encipherOnly.
    encipher_only, ENCIPHER_ONLY, "encipherOnly", 7;
    /// decipherOnly.
    decipher_only, DECIPHER_ONLY, "decipherOnly", 8;
}

impl KeyUsage {
    /// The bits of both.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any bit of `other` is set here.
    pub const fn any_of(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The names of the bits that are set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().filter(move |(_, bit)| self.any_of(*bit)).map(|(name, _)| *name)
    }

    /// The DER of the named bit list: trailing zero bits are not written (X.690 §11.2.2).
    pub fn to_der(self) -> Vec<u8> {
        let [first, second] = [self.0 as u8, (self.0 >> 8) as u8].map(u8::reverse_bits);
        match (first, second) {
            (0, 0) => vec![tlv::BIT_STRING, 1, 0],
            (_, 0) => vec![tlv::BIT_STRING, 2, first.trailing_zeros() as u8, first],
            _ => vec![tlv::BIT_STRING, 3, second.trailing_zeros() as u8, first, second],
        }
    }

    fn read(value: &[u8]) -> Result<Self, TlvError> {
        let element = Reader::only(value, tlv::BIT_STRING, 5)?;
        let bits = element.bits()?;
        let usage = match *bits.octets {
            [] => Self(0),
            [first] => Self(u16::from(first.reverse_bits())),
            [first, second] => Self(u16::from(first.reverse_bits()) | u16::from(second.reverse_bits()) << 8),
            _ => return Err(element.error(TlvFault::Value)),
        };
        if usage.0 > 0x1ff {
            return Err(element.error(TlvFault::Value));
        }
        // Trailing zero bits: another encoding of the same list, which DER does not have.
        if usage.to_der() == value { Ok(usage) } else { Err(element.error(TlvFault::BitString)) }
    }
}

/// The one element that fills an extension's value. The limits of the certificate bound it already.
fn whole<'a>(extension: &Extension<'a>, tag: u8) -> Result<tlv::Tlv<'a>, TlvError> {
    Reader::only(extension.value, tag, usize::MAX)
}

/// Reads a SEQUENCE OF of at least one element, each with `one`.
fn sequence_of<'a, T>(
    list: &tlv::Tlv<'a>,
    one: impl Fn(&mut Reader<'a>) -> Result<T, TlvError>,
) -> Result<Vec<T>, TlvError> {
    let mut members = list.reader();
    if members.is_empty() {
        return Err(list.error(TlvFault::Value));
    }
    let mut out = Vec::new();
    while !members.is_empty() {
        out.push(one(&mut members)?);
    }
    Ok(out)
}

/// Reads GeneralNames whose tag is [n] IMPLICIT or SEQUENCE.
pub(crate) fn read_general_names<'a>(
    list: &tlv::Tlv<'a>,
    limits: &Limits,
) -> Result<Vec<GeneralName<'a>>, TlvError> {
    let names = sequence_of(list, |members| GeneralName::read(members, limits))?;
    if names.len() > limits.general_names {
        return Err(list.error(TlvFault::TooMuch));
    }
    Ok(names)
}

impl<'a> Tbs<'a> {
    /// keyUsage.
    pub fn key_usage(&self) -> Result<Option<KeyUsage>, TlvError> {
        self.extension(&oid::KEY_USAGE).map(|e| KeyUsage::read(e.value)).transpose()
    }

    /// basicConstraints.
    pub fn basic_constraints(&self) -> Result<Option<BasicConstraints>, TlvError> {
        let Some(extension) = self.extension(&oid::BASIC_CONSTRAINTS) else {
            return Ok(None);
        };
        let mut parts = whole(extension, tlv::SEQUENCE)?.reader();
        let ca = parts.default_false()?;
        let path_len = match parts.optional(tlv::INTEGER)? {
            Some(element) => {
                Some(u8::try_from(element.small()?).map_err(|_| element.error(TlvFault::Integer))?)
            }
            None => None,
        };
        parts.finish()?;
        Ok(Some(BasicConstraints { ca, path_len }))
    }

    /// subjectKeyIdentifier.
    pub fn subject_key_id(&self) -> Result<Option<&'a [u8]>, TlvError> {
        self.extension(&oid::SUBJECT_KEY_ID)
            .map(|e| whole(e, tlv::OCTET_STRING).map(|id| id.content))
            .transpose()
    }

    /// authorityKeyIdentifier.
    pub fn authority_key_id(&self) -> Result<Option<AuthorityKeyId<'a>>, TlvError> {
        let Some(extension) = self.extension(&oid::AUTHORITY_KEY_ID) else {
            return Ok(None);
        };
        let mut parts = whole(extension, tlv::SEQUENCE)?.reader();
        let key_id = parts.optional(tlv::context(0))?.map(|id| id.content);
        let issuer = match parts.optional(tlv::context_constructed(1))? {
            Some(names) => read_general_names(&names, &Limits::DEFAULT)?,
            None => Vec::new(),
        };
        let serial = parts.optional(tlv::context(2))?.map(|serial| serial.content);
        parts.finish()?;
        Ok(Some(AuthorityKeyId { key_id, issuer, serial }))
    }

    /// subjectAltName.
    pub fn subject_alt_names(&self) -> Result<Vec<GeneralName<'a>>, TlvError> {
        self.alt_names(&oid::SUBJECT_ALT_NAME)
    }

    /// issuerAltName.
    pub fn issuer_alt_names(&self) -> Result<Vec<GeneralName<'a>>, TlvError> {
        self.alt_names(&oid::ISSUER_ALT_NAME)
    }

    fn alt_names(&self, which: &Oid) -> Result<Vec<GeneralName<'a>>, TlvError> {
        match self.extension(which) {
            Some(e) => read_general_names(&whole(e, tlv::SEQUENCE)?, &Limits::DEFAULT),
            None => Ok(Vec::new()),
        }
    }

    /// extKeyUsage: the content octets of each purpose.
    pub fn ext_key_usage(&self) -> Result<Vec<&'a [u8]>, TlvError> {
        match self.extension(&oid::EXT_KEY_USAGE) {
            Some(e) => sequence_of(&whole(e, tlv::SEQUENCE)?, |r| r.expect(tlv::OID)?.oid()),
            None => Ok(Vec::new()),
        }
    }

    /// certificatePolicies.
    pub fn policies(&self) -> Result<Vec<PolicyInformation<'a>>, TlvError> {
        match self.extension(&oid::CERTIFICATE_POLICIES) {
            Some(e) => sequence_of(&whole(e, tlv::SEQUENCE)?, read_policy),
            None => Ok(Vec::new()),
        }
    }

    /// policyMappings: pairs of the issuer's and the subject's policy.
    pub fn policy_mappings(&self) -> Result<Vec<(Oid, Oid)>, TlvError> {
        match self.extension(&oid::POLICY_MAPPINGS) {
            Some(e) => sequence_of(&whole(e, tlv::SEQUENCE)?, |r| {
                let mut pair = r.enter(tlv::SEQUENCE)?;
                let both = (Oid::read(&mut pair)?, Oid::read(&mut pair)?);
                pair.finish().map(|()| both)
            }),
            None => Ok(Vec::new()),
        }
    }

    /// policyConstraints.
    pub fn policy_constraints(&self) -> Result<Option<PolicyConstraints>, TlvError> {
        let Some(extension) = self.extension(&oid::POLICY_CONSTRAINTS) else {
            return Ok(None);
        };
        let mut parts = whole(extension, tlv::SEQUENCE)?.reader();
        let mut skip =
            |n| parts.optional(tlv::context(n)).and_then(|e| e.map(|e| implicit_small(&e)).transpose());
        let (require_explicit, inhibit_mapping) = (skip(0)?, skip(1)?);
        parts.finish()?;
        Ok(Some(PolicyConstraints { require_explicit, inhibit_mapping }))
    }

    /// inhibitAnyPolicy.
    pub fn inhibit_any_policy(&self) -> Result<Option<u32>, TlvError> {
        self.extension(&oid::INHIBIT_ANY_POLICY).map(|e| whole(e, tlv::INTEGER)?.small()).transpose()
    }

    /// cRLDistributionPoints, or freshestCRL by its identifier: both have the same form.
    pub fn distribution_points(&self, which: &Oid) -> Result<Vec<DistributionPoint<'a>>, TlvError> {
        match self.extension(which) {
            Some(e) => sequence_of(&whole(e, tlv::SEQUENCE)?, read_point),
            None => Ok(Vec::new()),
        }
    }

    /// authorityInfoAccess.
    pub fn authority_info_access(&self) -> Result<Vec<AccessDescription<'a>>, TlvError> {
        match self.extension(&oid::AUTHORITY_INFO_ACCESS) {
            Some(e) => sequence_of(&whole(e, tlv::SEQUENCE)?, |r| {
                let mut parts = r.enter(tlv::SEQUENCE)?;
                let method = parts.expect(tlv::OID)?.oid()?;
                let location = GeneralName::read(&mut parts, &Limits::DEFAULT)?;
                parts.finish().map(|()| AccessDescription { method, location })
            }),
            None => Ok(Vec::new()),
        }
    }

    /// The octets of nameConstraints.
    pub fn name_constraints(&self) -> Option<&'a [u8]> {
        self.extension(&oid::NAME_CONSTRAINTS).map(|e| e.value)
    }
}

fn implicit_small(element: &tlv::Tlv<'_>) -> Result<u32, TlvError> {
    tlv::Tlv { tag: tlv::INTEGER, ..*element }.small()
}

fn read_point<'a>(members: &mut Reader<'a>) -> Result<DistributionPoint<'a>, TlvError> {
    let mut parts = members.enter(tlv::SEQUENCE)?;
    let mut point = DistributionPoint::default();
    if let Some(name) = parts.optional(tlv::context_constructed(0))? {
        let mut choice = name.reader();
        match choice.next()? {
            full if full.tag == tlv::context_constructed(0) => {
                point.full_name = read_general_names(&full, &Limits::DEFAULT)?;
            }
            relative if relative.tag == tlv::context_constructed(1) => point.other_parts = true,
            other => return Err(other.error(TlvFault::Value)),
        }
        choice.finish()?;
    }
    for tag in [tlv::context(1), tlv::context_constructed(2)] {
        point.other_parts |= parts.optional(tag)?.is_some();
    }
    parts.finish()?;
    Ok(point)
}

fn read_policy<'a>(members: &mut Reader<'a>) -> Result<PolicyInformation<'a>, TlvError> {
    let mut parts = members.enter(tlv::SEQUENCE)?;
    let policy = parts.expect(tlv::OID)?.oid()?;
    let qualifiers = match parts.optional(tlv::SEQUENCE)? {
        Some(list) => sequence_of(&list, read_qualifier)?,
        None => Vec::new(),
    };
    parts.finish()?;
    Ok(PolicyInformation { policy, qualifiers })
}

fn read_qualifier<'a>(members: &mut Reader<'a>) -> Result<Qualifier<'a>, TlvError> {
    let mut parts = members.enter(tlv::SEQUENCE)?;
    let id = parts.expect(tlv::OID)?.oid()?;
    let value = parts.next()?;
    parts.finish()?;
    if id == oid::QT_CPS.content() && value.tag == tlv::IA5_STRING {
        return Ok(Qualifier::Cps(value.content));
    }
    if id == oid::QT_USER_NOTICE.content() && value.tag == tlv::SEQUENCE {
        let mut notice = value.reader();
        if let (Ok(text), true) = (notice.next(), notice.is_empty())
            && text.tag != tlv::SEQUENCE
        {
            return Ok(Qualifier::Notice { tag: text.tag, text: text.content });
        }
    }
    Ok(Qualifier::Other)
}
