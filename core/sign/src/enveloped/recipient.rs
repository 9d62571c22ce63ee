//! Whom an envelope is for.

use super::MAX_LEN;
use super::asn1::IssuerAndSerial;
use core_pack::{KeyFamily, spki::PublicKey};
use core_x509::certificate::{Certificate, KeyUsage};
use der::asn1::AnyRef;
use der::{Decode, Encode, Tag};

/// A certificate to whose holder something can be encrypted: checked once, here.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub(super) address: Address,
    pub(super) way: Way,
}

/// Why nothing can be encrypted to a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not one DER certificate.
    #[error("this is not a certificate that can be read")]
    Certificate,
    /// A key that signs and cannot decrypt (Ed25519, ML-DSA), or one of a kind not known here.
    #[error("nothing can be encrypted to a key of this kind; RSA, P-256 and P-384 keys can decrypt")]
    KeyKind,
    /// The certificate says what its key is for, and this is not among it (RFC 5280 §4.2.1.3).
    #[error("the certificate's keyUsage does not allow {0}")]
    KeyUsage(&'static str),
    /// An RSA key that is too small or too large, or has an unsound exponent; a point off its curve.
    #[error("the certificate's public key is not sound")]
    UnfitKey,
    /// The envelope would be longer than [`MAX_LEN`].
    #[error("the content is too long: an envelope has at most {MAX_LEN} octets")]
    TooLong,
}

/// How a kind of key gets the content's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// RSA-OAEP.
    Transport,
    /// ECDH on P-256.
    AgreementP256,
    /// ECDH on P-384.
    AgreementP384,
}

/// What names a certificate in an envelope, and its key.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// The issuer's name, DER.
    issuer: Vec<u8>,
    /// The serial number, content octets.
    serial: Vec<u8>,
    /// The SubjectPublicKeyInfo, DER.
    pub(super) spki: Vec<u8>,
}

impl Recipient {
    /// Reads a DER certificate and checks that its key can decrypt and may.
    ///
    /// A certificate without keyUsage allows everything. Whether it is valid today is not asked: without a clock it
    /// cannot be.
    ///
    /// # Errors
    /// [`SealError`], except `TooLong`.
    pub fn of_certificate(der: &[u8]) -> Result<Self, SealError> {
        let certificate = Certificate::parse(der).map_err(|_| SealError::Certificate)?;
        let address = Address::of(&certificate);
        let key = PublicKey::parse(&address.spki).map_err(|_| SealError::KeyKind)?;
        let way = way_of(key.family).ok_or(SealError::KeyKind)?;
        let usage = certificate.tbs.key_usage().map_err(|_| SealError::Certificate)?;
        let (may, name): (fn(KeyUsage) -> bool, _) = match way {
            Way::Transport => (KeyUsage::key_encipherment, "keyEncipherment"),
            Way::AgreementP256 | Way::AgreementP384 => (KeyUsage::key_agreement, "keyAgreement"),
        };
        if usage.is_some_and(|usage| !may(usage)) {
            return Err(SealError::KeyUsage(name));
        }
        Ok(Self { address, way })
    }
}

impl Address {
    pub(super) fn of(certificate: &Certificate<'_>) -> Self {
        Self {
            issuer: certificate.tbs.issuer.der().to_vec(),
            serial: certificate.tbs.serial.to_vec(),
            spki: certificate.tbs.spki.to_vec(),
        }
    }

    /// As it stands in an envelope.
    pub(super) fn named(&self) -> der::Result<IssuerAndSerial<'_>> {
        Ok(IssuerAndSerial {
            issuer: AnyRef::from_der(&self.issuer)?,
            serial: AnyRef::new(Tag::Integer, &self.serial)?,
        })
    }

    /// Whether this is who is named, octet by octet.
    pub(super) fn is(&self, named: &IssuerAndSerial<'_>) -> bool {
        named.serial.header().tag() == Tag::Integer
            && named.serial.value() == self.serial
            && named.issuer.to_der().is_ok_and(|issuer| issuer == self.issuer)
    }
}

fn way_of(family: KeyFamily) -> Option<Way> {
    match family {
        KeyFamily::Rsa => Some(Way::Transport),
        KeyFamily::P256 => Some(Way::AgreementP256),
        KeyFamily::P384 => Some(Way::AgreementP384),
        KeyFamily::Ed25519 | KeyFamily::MlDsa44 | KeyFamily::MlDsa65 | KeyFamily::MlDsa87 => None,
    }
}
