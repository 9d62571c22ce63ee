//! PKCS#8 private keys (RFC 5958), wrapped and unwrapped without interpreting the key itself.

use crate::{KeyFamily, tlv};
use zeroize::Zeroizing;

/// The largest PKCS#8 document read, in octets: an RSA-4096 key needs 2,375, an ML-DSA-87 key in both forms 4,970.
pub const MAX_LEN: usize = 8 * 1024;

/// A private key with its PKCS#8 wrapping taken off. It borrows the secret; it never prints it.
#[derive(Clone, Copy)]
pub struct PrivateKey<'a> {
    /// What it is.
    pub family: KeyFamily,
    /// The content of the privateKey OCTET STRING: RSAPrivateKey (RFC 8017), ECPrivateKey (RFC 5915),
    /// CurvePrivateKey (RFC 8410) or the ML-DSA choice (RFC 9881 §6).
    pub inner: &'a [u8],
}

/// Why octets are no private key known here. Says nothing about their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPrivateKey {
    /// Not one DER OneAsymmetricKey, or longer than [`MAX_LEN`].
    #[error("this is not an unencrypted DER PKCS#8 private key")]
    Form,
    /// Another algorithm or curve, or other parameters than its RFC demands.
    #[error("the private key's algorithm or its parameters are not supported")]
    Algorithm,
}

impl std::fmt::Debug for PrivateKey<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateKey").field("family", &self.family).finish_non_exhaustive()
    }
}

impl<'a> PrivateKey<'a> {
    /// Takes the wrapping off. Attributes and a public key (version 2) may follow and are passed over.
    ///
    /// # Errors
    /// [`BadPrivateKey`] says what was wrong.
    pub fn unwrap(der: &'a [u8]) -> Result<Self, BadPrivateKey> {
        if der.len() > MAX_LEN {
            return Err(BadPrivateKey::Form);
        }
        let content = tlv::only(tlv::SEQUENCE, der).ok_or(BadPrivateKey::Form)?;
        let version = tlv::take(tlv::INTEGER, content).ok_or(BadPrivateKey::Form)?;
        if !matches!(version.content, [0] | [1]) {
            return Err(BadPrivateKey::Form);
        }
        let identifier = tlv::take(tlv::SEQUENCE, version.rest).ok_or(BadPrivateKey::Form)?;
        let inner = tlv::take(tlv::OCTET_STRING, identifier.rest).ok_or(BadPrivateKey::Form)?;
        let mut rest = inner.rest;
        for optional in [ATTRIBUTES, PUBLIC_KEY] {
            if let Some(found) = tlv::take(optional, rest) {
                rest = found.rest;
            }
        }
        if !rest.is_empty() {
            return Err(BadPrivateKey::Form);
        }
        let family = KeyFamily::from_identifier_der(identifier.whole).ok_or(BadPrivateKey::Algorithm)?;
        Ok(Self { family, inner: inner.content })
    }

    /// Wraps the key as a version 1 PrivateKeyInfo without attributes, which every tool reads.
    pub fn wrap(&self) -> Zeroizing<Vec<u8>> {
        let mut octets = Zeroizing::new(Vec::with_capacity(self.inner.len() + 5));
        tlv::put(&mut octets, tlv::OCTET_STRING, &[self.inner]);
        let mut der = Zeroizing::new(Vec::with_capacity(octets.len() + 32));
        tlv::put(&mut der, tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 0], self.family.identifier_der(), &octets]);
        der
    }
}

/// `[0] Attributes`, implicit SET.
const ATTRIBUTES: u8 = 0xa0;
/// `[1] PublicKey`, implicit BIT STRING.
const PUBLIC_KEY: u8 = 0x81;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_keys_come_back() {
        for family in KeyFamily::ALL {
            let key = PrivateKey { family, inner: &[4, 2, 7, 7] };
            let der = key.wrap();
            let back = PrivateKey::unwrap(&der).expect("what was wrapped");
            assert_eq!((back.family, back.inner), (family, key.inner));
            for end in 0..der.len() {
                assert!(PrivateKey::unwrap(&der[..end]).is_err(), "cut at {end}");
            }
        }
    }

    #[test]
    fn a_public_key_and_attributes_may_follow_and_nothing_else() {
        let key = PrivateKey { family: KeyFamily::Ed25519, inner: &[4, 2, 7, 7] }.wrap();
        let with = |version: u8, tail: &[u8]| {
            let mut content = key[2..].to_vec();
            content[2] = version;
            content.extend_from_slice(tail);
            let mut der = Vec::new();
            tlv::put(&mut der, tlv::SEQUENCE, &[&content]);
            PrivateKey::unwrap(&der).map(|k| k.inner.to_vec())
        };
        assert!(with(1, &[0xa0, 0, 0x81, 2, 0, 9]).is_ok());
        assert!(with(1, &[0x81, 2, 0, 9]).is_ok());
        assert_eq!(with(1, &[0x05, 0]), Err(BadPrivateKey::Form));
        assert_eq!(with(2, &[]), Err(BadPrivateKey::Form));
    }

    #[test]
    fn a_key_never_shows_in_debug_output() {
        let key = PrivateKey { family: KeyFamily::Ed25519, inner: &[0xab; 34] };
        assert_eq!(format!("{key:?}"), "PrivateKey { family: Ed25519, .. }");
    }

    #[test]
    fn more_than_the_limit_is_refused_unread() {
        let key = PrivateKey { family: KeyFamily::Rsa, inner: &[0; MAX_LEN] }.wrap();
        assert_eq!(PrivateKey::unwrap(&key).err(), Some(BadPrivateKey::Form));
    }
}
