//! SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), read strictly and without copying.
//!
//! Only the encoding is judged: one AlgorithmIdentifier per family, the right length, an uncompressed
//! point. Whether a point lies on its curve, and whether a key is strong enough, others say.

use crate::{KeyFamily, tlv};

/// A public key inside its SubjectPublicKeyInfo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey<'a> {
    /// What it is.
    pub family: KeyFamily,
    /// The content of the BIT STRING: an RSAPublicKey, an uncompressed point, or the raw key.
    pub octets: &'a [u8],
}

/// The numbers of an RSA public key, big-endian, without leading zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaNumbers<'a> {
    /// The modulus n.
    pub modulus: &'a [u8],
    /// The public exponent e.
    pub exponent: &'a [u8],
}

/// Why octets are no public key of a family known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPublicKey {
    /// Not a DER SubjectPublicKeyInfo, or more than one.
    #[error("this is not a DER SubjectPublicKeyInfo")]
    Form,
    /// Another algorithm, curve, or other parameters than the RFC of the algorithm demands.
    #[error("the key's algorithm or its parameters are not supported")]
    Algorithm,
    /// The key is not of the length or form of its algorithm.
    #[error("the key is not of the form of its algorithm")]
    Key,
}

impl<'a> PublicKey<'a> {
    /// Reads a DER SubjectPublicKeyInfo that fills `der` to its end.
    ///
    /// # Errors
    /// [`BadPublicKey`] says what was wrong. Points are refused unless uncompressed (RFC 5480 §2.2).
    pub fn parse(der: &'a [u8]) -> Result<Self, BadPublicKey> {
        let content = tlv::only(tlv::SEQUENCE, der).ok_or(BadPublicKey::Form)?;
        let identifier = tlv::take(tlv::SEQUENCE, content).ok_or(BadPublicKey::Form)?;
        let bits = tlv::only(tlv::BIT_STRING, identifier.rest).ok_or(BadPublicKey::Form)?;
        let family = KeyFamily::from_identifier_der(identifier.whole).ok_or(BadPublicKey::Algorithm)?;
        let Some((0, octets)) = bits.split_first() else {
            return Err(BadPublicKey::Form);
        };
        let key = Self { family, octets };
        let fits = match family.public_len() {
            Some(len) => octets.len() == len && (!family.is_ec() || octets[0] == 4),
            None => key.rsa().is_some(),
        };
        if fits { Ok(key) } else { Err(BadPublicKey::Key) }
    }

    /// The numbers of an RSA key (RSAPublicKey, RFC 8017 §A.1.1); `None` for every other family.
    pub fn rsa(&self) -> Option<RsaNumbers<'a>> {
        if self.family != KeyFamily::Rsa {
            return None;
        }
        let numbers = tlv::only(tlv::SEQUENCE, self.octets)?;
        let n = tlv::take(tlv::INTEGER, numbers)?;
        let e = tlv::only(tlv::INTEGER, n.rest)?;
        Some(RsaNumbers { modulus: tlv::positive(n.content)?, exponent: tlv::positive(e)? })
    }

    /// The SubjectPublicKeyInfo again.
    pub fn to_der(&self) -> Vec<u8> {
        let mut bits = Vec::with_capacity(self.octets.len() + 5);
        tlv::put(&mut bits, tlv::BIT_STRING, &[&[0], self.octets]);
        let mut der = Vec::with_capacity(bits.len() + 32);
        tlv::put(&mut der, tlv::SEQUENCE, &[self.family.identifier_der(), &bits]);
        der
    }
}

impl RsaNumbers<'_> {
    /// The size of the modulus in bits.
    pub fn bits(&self) -> usize {
        self.modulus.len() * 8 - self.modulus.first().map_or(0, |first| first.leading_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ed25519() -> Vec<u8> {
        PublicKey { family: KeyFamily::Ed25519, octets: &[9; 32] }.to_der()
    }

    #[test]
    fn every_family_round_trips() {
        for family in KeyFamily::ALL {
            let octets = match family.public_len() {
                Some(len) => vec![4; len],
                None => b"\x30\x08\x02\x02\x00\xc5\x02\x02\x01\x01".to_vec(),
            };
            let key = PublicKey { family, octets: &octets };
            let der = key.to_der();
            assert_eq!(PublicKey::parse(&der), Ok(key));
            for end in 0..der.len() {
                assert!(PublicKey::parse(&der[..end]).is_err(), "{family:?} cut at {end}");
            }
        }
    }

    #[test]
    fn the_rfc_8410_example_is_read() {
        // RFC 8410 §10.1.
        let der = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00\x19\xbf\x44\x09\x69\x84\xcd\xfe\x85\x41\
            \xba\xc1\x67\xdc\x3b\x96\xc8\x50\x86\xaa\x30\xb6\xb6\xcb\x0c\x5c\x38\xad\x70\x31\x66\xe1";
        let key = PublicKey::parse(der).expect("an Ed25519 key");
        assert_eq!(key.family, KeyFamily::Ed25519);
        assert_eq!(key.to_der(), der);
    }

    #[test]
    fn compressed_points_short_keys_and_tails_are_refused() {
        let mut compressed = [2; 65];
        compressed[0] = 2;
        let der = PublicKey { family: KeyFamily::P256, octets: &compressed }.to_der();
        assert_eq!(PublicKey::parse(&der), Err(BadPublicKey::Key));
        let der = PublicKey { family: KeyFamily::P256, octets: &compressed[..33] }.to_der();
        assert_eq!(PublicKey::parse(&der), Err(BadPublicKey::Key));

        let mut tail = ed25519();
        tail.push(0);
        assert_eq!(PublicKey::parse(&tail), Err(BadPublicKey::Form));

        let mut unused_bits = ed25519();
        unused_bits[11] = 1;
        assert_eq!(PublicKey::parse(&unused_bits), Err(BadPublicKey::Form));
    }

    #[test]
    fn rsa_numbers_are_positive_and_minimal() {
        for bad in [
            &b"\x30\x07\x02\x01\xc5\x02\x02\x01\x01"[..], // negative modulus
            b"\x30\x08\x02\x02\x00\x45\x02\x02\x01\x01",  // superfluous zero
            b"\x30\x07\x02\x02\x00\xc5\x02\x01\x00",      // exponent zero
            b"\x30\x0b\x02\x02\x00\xc5\x02\x02\x01\x01\x02\x01\x01", // a third number
        ] {
            let der = PublicKey { family: KeyFamily::Rsa, octets: bad }.to_der();
            assert_eq!(PublicKey::parse(&der), Err(BadPublicKey::Key), "{bad:02x?}");
        }
        let key = PublicKey { family: KeyFamily::Rsa, octets: b"\x30\x08\x02\x02\x00\xc5\x02\x02\x01\x01" };
        assert_eq!(key.rsa().map(|r| r.bits()), Some(8));
    }
}
