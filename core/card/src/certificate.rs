//! The one thing that a card asks of a certificate: whose public key it is for (RFC 5280 §4.1).

use crate::{files::CERTIFICATE_SIZE, tlv};

const SEQUENCE: u32 = 0x30;
const INTEGER: u32 = 0x02;
const VERSION: u32 = 0xA0;

/// The DER SubjectPublicKeyInfo in a DER certificate.
///
/// `None` for anything else, also when it is longer than its file or does not begin with `30 82`: software reads the
/// four octets `30 82 hi lo` to learn the length.
pub fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    if certificate.len() > CERTIFICATE_SIZE || !certificate.starts_with(&[0x30, 0x82]) {
        return None;
    }
    let [whole] = tlv::exactly(certificate, [SEQUENCE]).ok()?;
    // tbsCertificate, signatureAlgorithm, signatureValue.
    let [tbs, ..] = tlv::exactly(whole, [SEQUENCE, SEQUENCE, 0x03]).ok()?;
    let mut rest = tbs;
    // version, serialNumber, signature, issuer, validity, subject.
    for expected in [VERSION, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
        let (object, after) = tlv::take(rest).ok()?;
        if object.tag != expected {
            return None;
        }
        rest = after;
    }
    let (key, after) = tlv::take(rest).ok()?;
    (key.tag == SEQUENCE).then(|| &rest[..rest.len() - after.len()])
}
