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

#[cfg(test)]
mod tests {
    use super::*;
    use core_crypto::Digest;
    use kit_keys::Provider;

    const RSA: &[u8] = include_bytes!("../../../tests/fuzz/seeds/certificate/rsa-leaf.der");
    const P384: &[u8] = include_bytes!("../../../tests/fuzz/seeds/certificate/p256-cross.der");

    /// The hashes are openssl's: `x509 -pubkey`, `pkey -pubin -outform DER`, SHA-256.
    #[test]
    fn j16_the_public_key_of_real_certificates_is_found() {
        for (certificate, expected) in [
            (RSA, "0fc278fff90a7bf906a54e3ede5ff70a509ff8954e1e68a238582f52494ccd2c"),
            (P384, "8c069c2c00175199a00a5ff54d018c2d3ae4bb82b91f71cfa312d333330f0561"),
        ] {
            let hash = Provider.sha256(public_key(certificate).expect("a certificate"));
            assert_eq!(hash.map(|octet| format!("{octet:02x}")).concat(), expected);
        }
    }

    #[test]
    fn j16_what_software_could_not_read_from_its_file_is_no_certificate() {
        for end in 0..RSA.len() {
            assert_eq!(public_key(&RSA[..end]), None, "cut at {end}");
        }
        assert_eq!(public_key(&[RSA, &[0]].concat()), None, "one octet more");
        let tbs = [&[0xA0, 3, 0x02, 1, 2, 0x02, 1, 1][..], &[0x30, 0].repeat(4), &[0x30, 1, 7]].concat();
        let with = |filling: usize| {
            let tbs = tlv::object(SEQUENCE, &[&tbs, &tlv::object(0x81, &[&vec![0; filling]])]);
            tlv::object(SEQUENCE, &[&tbs, &[0x30, 0], &tlv::object(0x03, &[&[0; 9]])])
        };
        assert_eq!(public_key(&with(300)), Some(&[0x30, 1, 7][..]));
        assert_eq!(public_key(&with(150)), None, "its length stands in one octet: 30 81");
        assert_eq!(public_key(&with(CERTIFICATE_SIZE)), None, "longer than its file");
    }
}
