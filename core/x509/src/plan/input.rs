//! What is asked for.

use crate::certificate::Certificate;
use crate::issuer::BadIssuer;
use crate::key::{KeyFault, SubjectKey};
use crate::name::Name;
use crate::oid::Oid;
use crate::request::VerifiedRequest;
use crate::time::Period;
use crate::tlv::{TlvError, TlvFault};
use core_crypto::Digest;
use core_words::{Serial, UtcSeconds};
use std::net::IpAddr;

/// One certificate that is asked for.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The key, and why it is believed that it belongs to the subject.
    pub key: KeyProof<'a>,
    /// Attributes of the subject that the order gives.
    pub subject: &'a [SubjectValue<'a>],
    /// Alternative names that the order gives.
    pub alt_names: &'a [AltName],
    /// The serial number.
    pub serial: Serial,
    /// The present.
    pub now: UtcSeconds,
    /// The validity wished for.
    pub validity: ValidityWish,
    /// The partition of the list in which a revocation would appear, where the profile has partitions.
    pub partition: Option<u32>,
    /// Hashes keys.
    pub digest: &'a dyn Digest,
}

/// Why a key is believed to be the subject's.
#[derive(Clone, Copy, Debug)]
pub enum KeyProof<'a> {
    /// A request signed with it.
    Request(VerifiedRequest<'a>),
    /// The house made it: in a ceremony, or for a subscriber who cannot.
    OwnKey(OwnKey<'a>),
    /// A foreign authority's certificate that an operator has verified. Subject and key are taken from it.
    ForeignCa(ForeignCa<'a>),
}

/// How long a subject key identifier may be, octets: a hash, of whatever kind.
pub(crate) const KEY_ID_OCTETS: std::ops::RangeInclusive<usize> = 1..=64;

/// A key that the house made itself.
#[derive(Clone, Copy, Debug)]
pub struct OwnKey<'a>(SubjectKey<'a>);

/// A foreign authority whose certificate an operator has verified.
#[derive(Clone, Copy, Debug)]
pub struct ForeignCa<'a> {
    certificate: &'a Certificate<'a>,
    key: SubjectKey<'a>,
    key_id: Option<&'a [u8]>,
}

/// One attribute of the subject as an order gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectValue<'a> {
    /// The `key` of a subject rule, or the short name of its attribute.
    pub key: &'a str,
    /// Its text.
    pub value: &'a str,
}

/// One alternative name as an order gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AltName {
    /// dNSName; capital letters become small ones.
    Dns(String),
    /// rfc822Name.
    Email(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// iPAddress.
    Ip(IpAddr),
    /// directoryName.
    Directory(Name),
    /// otherName with a UTF8String.
    Other {
        /// Its type.
        oid: Oid,
        /// Its text.
        text: String,
    },
}

/// The validity wished for; by default, what the profile says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ValidityWish {
    /// The first second, where it is not now.
    pub not_before: Option<UtcSeconds>,
    /// The end.
    pub end: EndWish,
}

/// The end wished for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EndWish {
    /// After the period of the profile.
    #[default]
    Profile,
    /// After this period, ending as the profile's certificates end.
    After(Period),
    /// With this second.
    At(UtcSeconds),
}

impl<'a> OwnKey<'a> {
    /// Vouches that the house made the key in this SubjectPublicKeyInfo and holds its private half.
    ///
    /// # Errors
    /// [`KeyFault`] when it is not readable.
    pub fn made_here(spki: &'a [u8]) -> Result<Self, KeyFault> {
        SubjectKey::parse(spki).map(Self)
    }
}

impl<'a> ForeignCa<'a> {
    /// Vouches that an operator has verified this certificate with the foreign authority.
    ///
    /// # Errors
    /// [`BadIssuer`] when it is not that of an authority, or its key is not readable.
    pub fn verified_by_operator(certificate: &'a Certificate<'a>) -> Result<Self, BadIssuer> {
        let ca = certificate.tbs.basic_constraints()?.is_some_and(|basic| basic.ca);
        if !ca || certificate.tbs.subject.is_empty() {
            return Err(BadIssuer::NoAuthority);
        }
        let key_id = certificate.tbs.subject_key_id()?;
        if key_id.is_some_and(|id| !KEY_ID_OCTETS.contains(&id.len())) {
            return Err(BadIssuer::Malformed(TlvError { at: 0, fault: TlvFault::Value }));
        }
        Ok(Self { certificate, key: SubjectKey::parse(certificate.tbs.spki)?, key_id })
    }

    /// The certificate.
    pub fn certificate(&self) -> &'a Certificate<'a> {
        self.certificate
    }
}

impl<'a> KeyProof<'a> {
    /// The key.
    pub fn key(&self) -> SubjectKey<'a> {
        match self {
            Self::Request(verified) => verified.request().key,
            Self::OwnKey(OwnKey(key)) => *key,
            Self::ForeignCa(foreign) => foreign.key,
        }
    }

    /// The identifier that the key has already: certificates under a foreign authority's key name it by that one,
    /// however it was made, and paths over the cross certificate are found by it (RFC 5280 §4.2.1.2).
    pub(super) fn given_key_id(&self) -> Option<&'a [u8]> {
        match self {
            Self::ForeignCa(foreign) => foreign.key_id,
            Self::Request(_) | Self::OwnKey(_) => None,
        }
    }
}

impl<'a> SubjectValue<'a> {
    /// A value under its key.
    pub fn new(key: &'a str, value: &'a str) -> Self {
        Self { key, value }
    }
}
