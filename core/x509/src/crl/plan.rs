//! What a list says besides its entries.

use super::ListRefused;
use crate::tlv;
use core_crypto::SigAlg;
use core_words::UtcSeconds;

/// Everything in a list but its entries and its signature.
#[derive(Clone, Debug)]
pub struct ListPlan {
    /// The issuer's Name, DER, exactly as in its certificate.
    pub issuer_name_der: Vec<u8>,
    /// How the list will be signed.
    pub sig_alg: SigAlg,
    /// When the list was made.
    pub this_update: UtcSeconds,
    /// When the next one comes at the latest.
    pub next_update: UtcSeconds,
    /// cRLNumber: strictly increasing within a series; full and delta lists of a scope share it (RFC 5280 §5.2.3).
    pub number: u128,
    /// For a delta list, the cRLNumber of the full list it builds on (RFC 5280 §5.2.4).
    pub base: Option<u128>,
    /// What part of all certificates the list covers; `None`: all of them (RFC 5280 §5.2.5).
    pub idp: Option<Idp>,
    /// The issuer's subject key identifier (RFC 5280 §5.2.1).
    pub aki: Vec<u8>,
    /// Where the delta lists to this full list are (RFC 5280 §5.2.6).
    pub freshest: Option<String>,
}

/// issuingDistributionPoint (RFC 5280 §5.2.5). Lists by reason and indirect lists are not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idp {
    /// The names of the point, the same as in the certificates' cRLDistributionPoints.
    pub names: Vec<PointName>,
    /// Whose certificates the list covers.
    pub covers: Covers,
}

/// The name of a distribution point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointName {
    /// `http://…`, ASCII.
    Uri(String),
    /// A Name, DER: the lists of the public personal authentication are named so.
    Directory(Vec<u8>),
}

/// Whose certificates a list covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// Everybody's.
    All,
    /// End entities' only: onlyContainsUserCerts.
    UserCerts,
    /// Authorities' only, an ARL: onlyContainsCACerts.
    CaCerts,
    /// Attribute certificates only: onlyContainsAttributeCerts.
    AttributeCerts,
}

impl ListPlan {
    /// Checks what RFC 5280 demands of these values together. Times are checked when they are encoded.
    pub(super) fn check(&self) -> Result<(), ListRefused> {
        if !is_sequence(&self.issuer_name_der) {
            return Err(ListRefused::Issuer);
        }
        if self.next_update <= self.this_update {
            return Err(ListRefused::NextUpdate);
        }
        if !(1..=64).contains(&self.aki.len()) {
            return Err(ListRefused::KeyId);
        }
        if let Some(base) = self.base {
            if base >= self.number {
                return Err(ListRefused::Base { number: self.number, base });
            }
            if self.freshest.is_some() {
                return Err(ListRefused::FreshestInDelta);
            }
        }
        if let Some(uri) = &self.freshest {
            check_uri(uri)?;
        }
        self.idp.as_ref().map_or(Ok(()), Idp::check)
    }
}

impl Idp {
    fn check(&self) -> Result<(), ListRefused> {
        if self.names.is_empty() && self.covers == Covers::All {
            return Err(ListRefused::EmptyIdp);
        }
        self.names.iter().try_for_each(|name| match name {
            PointName::Uri(uri) => check_uri(uri),
            PointName::Directory(der) if is_sequence(der) => Ok(()),
            PointName::Directory(_) => Err(ListRefused::PointName("a directory name".into())),
        })
    }
}

fn check_uri(uri: &str) -> Result<(), ListRefused> {
    let plain = !uri.is_empty() && uri.bytes().all(|b| b.is_ascii_graphic());
    if plain { Ok(()) } else { Err(ListRefused::PointName(uri.chars().take(80).collect())) }
}

/// Whether this is one DER SEQUENCE with something in it.
fn is_sequence(der: &[u8]) -> bool {
    tlv::Reader::only(der, tlv::SEQUENCE, usize::MAX).is_ok_and(|name| !name.content.is_empty())
}
