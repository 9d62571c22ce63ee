//! Object identifiers: kept as their DER content octets, written and read in dotted form.

use crate::tlv::{self, Reader};
use std::fmt;

/// Longest content kept, in octets. A UUID-based identifier (X.667) takes 20; RFC 5280 sets no bound.
const MAX: usize = 39;

/// An OBJECT IDENTIFIER, small enough to copy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    len: u8,
    octets: [u8; MAX],
}

/// Not an object identifier, or one longer than is kept here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an object identifier like 1.2.392.200149.8.5")]
pub struct BadOid(pub String);

impl Oid {
    /// An identifier known when this is compiled, by its content octets.
    pub(crate) const fn known(content: &[u8]) -> Self {
        let mut octets = [0; MAX];
        let mut i = 0;
        while i < content.len() {
            octets[i] = content[i];
            i += 1;
        }
        Self { len: content.len() as u8, octets }
    }

    /// Reads the content octets of a DER OBJECT IDENTIFIER.
    pub fn from_content(content: &[u8]) -> Option<Self> {
        (content.len() <= MAX && tlv::is_oid(content)).then(|| Self::known(content))
    }

    /// Reads dotted decimal form: `2.5.29.15`.
    ///
    /// # Errors
    /// Anything but two or more decimal arcs without leading zeros that fit the first two arcs' rules
    /// (X.660: the first 0 to 2, the second below 40 unless the first is 2).
    pub fn from_dotted(text: &str) -> Result<Self, BadOid> {
        Self::read_dotted(text).ok_or_else(|| BadOid(text.chars().take(80).collect()))
    }

    fn read_dotted(text: &str) -> Option<Self> {
        let arc = |part: &str| -> Option<u128> {
            let plain = part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            if plain { part.parse().ok() } else { None }
        };
        let mut arcs = text.split('.').map(arc);
        let (root, second) = (arcs.next()??, arcs.next()??);
        if root > 2 || (root < 2 && second >= 40) {
            return None;
        }
        let mut content = Vec::new();
        push_arc(&mut content, second.checked_add(root * 40)?);
        for arc in arcs {
            push_arc(&mut content, arc?);
        }
        Self::from_content(&content)
    }

    /// The content octets of the DER form.
    pub fn content(&self) -> &[u8] {
        &self.octets[..usize::from(self.len)]
    }

    /// The whole DER element.
    pub fn der(&self) -> Vec<u8> {
        tlv::tlv(tlv::OID, &[self.content()])
    }

    /// Takes the next element of `reader`, which must be an identifier that fits here.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, tlv::TlvError> {
        let element = reader.expect(tlv::OID)?;
        Self::from_content(element.oid()?).ok_or(element.error(tlv::TlvFault::Oid))
    }
}

fn push_arc(out: &mut Vec<u8>, arc: u128) {
    let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let more = if group == 0 { 0 } else { 0x80 };
        out.push((arc >> (7 * group)) as u8 & 0x7f | more);
    }
}

impl fmt::Display for Oid {
    /// Dotted decimal form. An arc of more than 128 bits, which nobody assigns, is shown as `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc = Some(0u128);
        let mut first = true;
        for octet in self.content() {
            arc = arc.and_then(|a| a.checked_mul(128)).map(|a| a | u128::from(octet & 0x7f));
            if octet & 0x80 != 0 {
                continue;
            }
            match (first, arc) {
                (true, Some(a)) => {
                    let root = (a / 40).min(2);
                    write!(f, "{root}.{}", a - root * 40)?;
                }
                (true, None) => f.write_str("2.?")?,
                (false, Some(a)) => write!(f, ".{a}")?,
                (false, None) => f.write_str(".?")?,
            }
            (first, arc) = (false, Some(0));
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

macro_rules! known {
    ($($(#[$doc:meta])* $name:ident = $content:literal;)*) => {
        $($(#[$doc])* pub const $name: Oid = Oid::known($content);)*
    };
}

known! {
    /// subjectKeyIdentifier, 2.5.29.14 (RFC 5280 §4.2.1.2).
    SUBJECT_KEY_ID = b"\x55\x1d\x0e";
    /// keyUsage, 2.5.29.15 (RFC 5280 §4.2.1.3).
    KEY_USAGE = b"\x55\x1d\x0f";
    /// subjectAltName, 2.5.29.17 (RFC 5280 §4.2.1.6).
    SUBJECT_ALT_NAME = b"\x55\x1d\x11";
    /// issuerAltName, 2.5.29.18 (RFC 5280 §4.2.1.7).
    ISSUER_ALT_NAME = b"\x55\x1d\x12";
    /// basicConstraints, 2.5.29.19 (RFC 5280 §4.2.1.9).
    BASIC_CONSTRAINTS = b"\x55\x1d\x13";
    /// nameConstraints, 2.5.29.30 (RFC 5280 §4.2.1.10).
    NAME_CONSTRAINTS = b"\x55\x1d\x1e";
    /// cRLDistributionPoints, 2.5.29.31 (RFC 5280 §4.2.1.13).
    CRL_DISTRIBUTION_POINTS = b"\x55\x1d\x1f";
    /// certificatePolicies, 2.5.29.32 (RFC 5280 §4.2.1.4).
    CERTIFICATE_POLICIES = b"\x55\x1d\x20";
    /// anyPolicy, 2.5.29.32.0.
    ANY_POLICY = b"\x55\x1d\x20\x00";
    /// policyMappings, 2.5.29.33 (RFC 5280 §4.2.1.5).
    POLICY_MAPPINGS = b"\x55\x1d\x21";
    /// authorityKeyIdentifier, 2.5.29.35 (RFC 5280 §4.2.1.1).
    AUTHORITY_KEY_ID = b"\x55\x1d\x23";
    /// policyConstraints, 2.5.29.36 (RFC 5280 §4.2.1.11).
    POLICY_CONSTRAINTS = b"\x55\x1d\x24";
    /// extKeyUsage, 2.5.29.37 (RFC 5280 §4.2.1.12).
    EXT_KEY_USAGE = b"\x55\x1d\x25";
    /// anyExtendedKeyUsage, 2.5.29.37.0.
    ANY_EXT_KEY_USAGE = b"\x55\x1d\x25\x00";
    /// freshestCRL, 2.5.29.46 (RFC 5280 §4.2.1.15).
    FRESHEST_CRL = b"\x55\x1d\x2e";
    /// inhibitAnyPolicy, 2.5.29.54 (RFC 5280 §4.2.1.14).
    INHIBIT_ANY_POLICY = b"\x55\x1d\x36";
    /// authorityInfoAccess, 1.3.6.1.5.5.7.1.1 (RFC 5280 §4.2.2.1).
    AUTHORITY_INFO_ACCESS = b"\x2b\x06\x01\x05\x05\x07\x01\x01";
    /// id-pkix-ocsp-nocheck, 1.3.6.1.5.5.7.48.1.5 (RFC 6960 §4.2.2.2.1).
    OCSP_NO_CHECK = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x05";

    /// id-ad-ocsp, 1.3.6.1.5.5.7.48.1.
    AD_OCSP = b"\x2b\x06\x01\x05\x05\x07\x30\x01";
    /// id-ad-caIssuers, 1.3.6.1.5.5.7.48.2.
    AD_CA_ISSUERS = b"\x2b\x06\x01\x05\x05\x07\x30\x02";
    /// id-qt-cps, 1.3.6.1.5.5.7.2.1.
    QT_CPS = b"\x2b\x06\x01\x05\x05\x07\x02\x01";
    /// id-qt-unotice, 1.3.6.1.5.5.7.2.2.
    QT_USER_NOTICE = b"\x2b\x06\x01\x05\x05\x07\x02\x02";

    /// id-kp-serverAuth, 1.3.6.1.5.5.7.3.1.
    KP_SERVER_AUTH = b"\x2b\x06\x01\x05\x05\x07\x03\x01";
    /// id-kp-clientAuth, 1.3.6.1.5.5.7.3.2.
    KP_CLIENT_AUTH = b"\x2b\x06\x01\x05\x05\x07\x03\x02";
    /// id-kp-codeSigning, 1.3.6.1.5.5.7.3.3.
    KP_CODE_SIGNING = b"\x2b\x06\x01\x05\x05\x07\x03\x03";
    /// id-kp-emailProtection, 1.3.6.1.5.5.7.3.4.
    KP_EMAIL_PROTECTION = b"\x2b\x06\x01\x05\x05\x07\x03\x04";
    /// id-kp-timeStamping, 1.3.6.1.5.5.7.3.8.
    KP_TIME_STAMPING = b"\x2b\x06\x01\x05\x05\x07\x03\x08";
    /// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9.
    KP_OCSP_SIGNING = b"\x2b\x06\x01\x05\x05\x07\x03\x09";
    /// id-kp-documentSigning, 1.3.6.1.5.5.7.3.36 (RFC 9336).
    KP_DOCUMENT_SIGNING = b"\x2b\x06\x01\x05\x05\x07\x03\x24";

    /// pkcs-9 extensionRequest, 1.2.840.113549.1.9.14 (RFC 2985 §5.4.2).
    EXTENSION_REQUEST = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_form_leads_back() {
        for text in [
            "2.5.29.15",
            "1.2.392.200149.8.5.1.1.20",
            "0.9.2342.19200300.100.1.25",
            "2.999.1",
            "1.3.6.1.5.5.7.48.1.5",
            "2.25.329800735698586629295641978511506172918",
        ] {
            assert_eq!(Oid::from_dotted(text).expect("an identifier").to_string(), text);
        }
        // The production policy of the public personal authentication, as its certificates carry it.
        let policy = Oid::from_dotted("1.2.392.200149.8.5.1.1.20").expect("an identifier");
        assert_eq!(policy.content(), b"\x2a\x83\x08\x8c\x9b\x55\x08\x05\x01\x01\x14");
    }

    #[test]
    fn other_text_is_refused() {
        for bad in ["", "1", "1.", ".1", "3.1", "1.40", "01.2", "1.02", "1.2.a", "1.2.-3", "1.2.+3", "1..2"] {
            assert!(Oid::from_dotted(bad).is_err(), "{bad}");
        }
        assert!(Oid::from_dotted(&vec!["1"; 60].join(".")).is_err());
    }

    #[test]
    fn the_known_ones_agree_with_an_independent_list() {
        use const_oid::db::{rfc5280, rfc5912, rfc6960};
        for (ours, theirs) in [
            (KEY_USAGE, rfc5280::ID_CE_KEY_USAGE),
            (NAME_CONSTRAINTS, rfc5280::ID_CE_NAME_CONSTRAINTS),
            (POLICY_MAPPINGS, rfc5280::ID_CE_POLICY_MAPPINGS),
            (FRESHEST_CRL, rfc5280::ID_CE_FRESHEST_CRL),
            (INHIBIT_ANY_POLICY, rfc5280::ID_CE_INHIBIT_ANY_POLICY),
            (AUTHORITY_INFO_ACCESS, rfc5280::ID_PE_AUTHORITY_INFO_ACCESS),
            (AD_CA_ISSUERS, rfc5280::ID_AD_CA_ISSUERS),
            (AD_OCSP, rfc5280::ID_AD_OCSP),
            (QT_USER_NOTICE, rfc5280::ID_QT_UNOTICE),
            (KP_TIME_STAMPING, rfc5280::ID_KP_TIME_STAMPING),
            (ANY_EXT_KEY_USAGE, rfc5280::ANY_EXTENDED_KEY_USAGE),
            (OCSP_NO_CHECK, rfc6960::ID_PKIX_OCSP_NOCHECK),
            (EXTENSION_REQUEST, rfc5912::ID_EXTENSION_REQ),
        ] {
            assert_eq!(ours.content(), theirs.as_bytes(), "{theirs}");
        }
    }
}
