//! One object, handed in as people have it: DER, PEM, or base64 without its armour.

use crate::{
    pem::{self, BadPem},
    tlv,
};
use std::borrow::Cow;

/// What is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// A PKCS#10 certificate request.
    Request,
    /// A certificate.
    Certificate,
    /// A certificate revocation list.
    List,
    /// A SubjectPublicKeyInfo.
    PublicKey,
    /// Something in CMS: an enveloped notice.
    Cms,
}

impl Object {
    /// Labels that mean this object; the first is the one of RFC 7468, the others are seen in the wild.
    fn labels(self) -> &'static [&'static str] {
        match self {
            Self::Request => &[pem::label::REQUEST, "NEW CERTIFICATE REQUEST"],
            Self::Certificate => &[pem::label::CERTIFICATE, "X509 CERTIFICATE", "X.509 CERTIFICATE"],
            Self::List => &[pem::label::LIST, "CRL"],
            Self::PublicKey => &[pem::label::PUBLIC_KEY],
            Self::Cms => &[pem::label::CMS, "PKCS7"],
        }
    }
}

/// Why the input is not the one object that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTheObject {
    /// Longer than allowed.
    #[error("the input is longer than {0} octets")]
    TooLong(usize),
    /// Neither a DER SEQUENCE nor PEM nor base64 of a DER SEQUENCE.
    #[error("the input is neither DER nor PEM")]
    Form,
    /// PEM that cannot be read.
    #[error(transparent)]
    Pem(#[from] BadPem),
    /// A PEM block of another kind.
    #[error("the PEM block is a {found}, not a {wanted}")]
    Label {
        /// What it says it is.
        found: String,
        /// What it should say.
        wanted: &'static str,
    },
    /// More than one PEM block.
    #[error("there are {0} PEM blocks where one is expected")]
    Several(usize),
    /// A private key is among the blocks. Whoever sent it must regard that key as known to others.
    #[error("the input contains a private key, which must never be sent to anyone")]
    PrivateKey,
}

/// Finds the DER of the one expected object. DER is passed through without copying.
///
/// Says nothing about the object beyond its outermost SEQUENCE filling the octets. `max` limits the input in octets.
///
/// # Errors
/// [`NotTheObject`].
pub fn der(input: &[u8], expected: Object, max: usize) -> Result<Cow<'_, [u8]>, NotTheObject> {
    if input.len() > max {
        return Err(NotTheObject::TooLong(max));
    }
    if tlv::only(tlv::SEQUENCE, input).is_some() {
        return Ok(Cow::Borrowed(input));
    }
    let text = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    if text.windows(11).any(|w| w == b"-----BEGIN ") {
        return from_pem(text, expected, max).map(Cow::Owned);
    }
    let bare: Vec<u8> = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    let der = pem::base64(&bare).filter(|der| tlv::only(tlv::SEQUENCE, der).is_some());
    der.map(|der| Cow::Owned(der.to_vec())).ok_or(NotTheObject::Form)
}

fn from_pem(text: &[u8], expected: Object, max: usize) -> Result<Vec<u8>, NotTheObject> {
    let blocks = pem::decode(text, &pem::Limits { text: max, ..pem::Limits::default() })?;
    if blocks.iter().any(|b| b.label.ends_with("PRIVATE KEY")) {
        return Err(NotTheObject::PrivateKey);
    }
    let [block] = &blocks[..] else {
        return Err(NotTheObject::Several(blocks.len()));
    };
    if !expected.labels().contains(&block.label.as_str()) {
        let found = block.label.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(40).collect();
        return Err(NotTheObject::Label { found, wanted: expected.labels()[0] });
    }
    tlv::only(tlv::SEQUENCE, &block.der).ok_or(NotTheObject::Form)?;
    Ok(block.der.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DER: &[u8] = &[0x30, 3, 2, 1, 5];
    const MAX: usize = 10_000;

    #[test]
    fn der_pem_and_bare_base64_lead_to_the_same_octets() {
        let pem = pem::encode(pem::label::REQUEST, DER);
        let with_bom = format!("\u{feff}{}", *pem);
        let new = pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
        for input in [DER, pem.as_bytes(), with_bom.as_bytes(), new.as_bytes(), b"MAMC AQU=\r\n"] {
            assert_eq!(der(input, Object::Request, MAX).as_deref(), Ok(DER));
        }
        assert!(matches!(der(DER, Object::Request, MAX), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn c07_cms_is_read_under_its_label_of_today_and_of_old() {
        for label in ["CMS", "PKCS7"] {
            let pem = pem::encode(label, DER);
            assert_eq!(der(pem.as_bytes(), Object::Cms, MAX).as_deref(), Ok(DER), "{label}");
        }
        let other = pem::encode(pem::label::CERTIFICATE, DER);
        assert!(matches!(der(other.as_bytes(), Object::Cms, MAX), Err(NotTheObject::Label { .. })));
    }

    #[test]
    fn a_private_key_sent_along_is_noticed() {
        let both =
            format!("{}{}", *pem::encode("RSA PRIVATE KEY", DER), *pem::encode(pem::label::REQUEST, DER));
        assert_eq!(der(both.as_bytes(), Object::Request, MAX), Err(NotTheObject::PrivateKey));
    }

    #[test]
    fn other_objects_are_refused() {
        let certificate = pem::encode(pem::label::CERTIFICATE, DER);
        assert_eq!(
            der(certificate.as_bytes(), Object::Request, MAX),
            Err(NotTheObject::Label { found: "CERTIFICATE".into(), wanted: "CERTIFICATE REQUEST" })
        );
        let two = certificate.repeat(2);
        assert_eq!(der(two.as_bytes(), Object::Certificate, MAX), Err(NotTheObject::Several(2)));
        assert_eq!(der(b"-----BEGIN ", Object::Certificate, MAX), Err(NotTheObject::Several(0)));
        for junk in [&b""[..], b"hello", b"\x30\x05\x02\x01\x05", b"AAAA", &[0xff; 50]] {
            assert_eq!(der(junk, Object::Request, MAX), Err(NotTheObject::Form), "{junk:?}");
        }
        let no_der = pem::encode(pem::label::CERTIFICATE, b"hello");
        assert_eq!(der(no_der.as_bytes(), Object::Certificate, MAX), Err(NotTheObject::Form));
        assert_eq!(der(DER, Object::Request, 4), Err(NotTheObject::TooLong(4)));
    }
}
