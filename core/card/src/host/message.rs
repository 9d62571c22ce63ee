//! Signatures over whole messages, in the form that certificates and CMS know.

use super::{HostError, Terminal, Verified};
use crate::Transmit;
use core_crypto::{Digest, HashAlg};
use core_pack::{KeyFamily, put_der};

/// DigestInfo of a SHA-256 (RFC 8017 §9.2, note 1), up to the hash.
const SHA256_INFO: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

impl<T: Transmit> Terminal<T> {
    /// Signs a message with the key that belongs to the PIN: sha256WithRSAEncryption, or ecdsa-with-SHA384 as a DER
    /// SEQUENCE of r and s. `family` is that of the certificate's key.
    ///
    /// # Errors
    /// [`HostError`]; [`HostError::Malformed`] for keys that cards do not have.
    pub fn sign_message(
        &mut self,
        verified: &Verified,
        family: KeyFamily,
        digest: &dyn Digest,
        message: &[u8],
    ) -> Result<Vec<u8>, HostError<T::Error>> {
        let malformed = || HostError::Malformed("COMPUTE DIGITAL SIGNATURE");
        match family {
            KeyFamily::Rsa => {
                let hash = digest.hash(HashAlg::Sha256, message);
                self.sign(verified, &[SHA256_INFO, hash.as_ref()].concat())
            }
            KeyFamily::P384 => {
                let signature = self.sign(verified, digest.hash(HashAlg::Sha384, message).as_ref())?;
                ecdsa_der(&signature).ok_or_else(malformed)
            }
            _ => Err(malformed()),
        }
    }
}

/// r and s of equal length as the SEQUENCE of two INTEGERs (RFC 3279 §2.2.3).
pub(super) fn ecdsa_der(signature: &[u8]) -> Option<Vec<u8>> {
    if signature.is_empty() || !signature.len().is_multiple_of(2) {
        return None;
    }
    let (r, s) = signature.split_at(signature.len() / 2);
    let mut numbers = Vec::with_capacity(signature.len() + 8);
    put_unsigned(&mut numbers, r);
    put_unsigned(&mut numbers, s);
    let mut der = Vec::with_capacity(numbers.len() + 4);
    put_der(&mut der, 0x30, &[&numbers]);
    Some(der)
}

/// A DER INTEGER of big-endian octets without a sign.
fn put_unsigned(out: &mut Vec<u8>, octets: &[u8]) {
    let start = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len());
    let octets = &octets[start..];
    let sign: &[u8] = if octets.first().is_none_or(|first| first & 0x80 != 0) { &[0] } else { &[] };
    put_der(out, 0x02, &[sign, octets]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j16_r_and_s_become_der_without_zeros_in_front_and_with_a_sign_where_it_must_be() {
        assert_eq!(ecdsa_der(&[0, 5, 0x80, 0]).as_deref(), Some(&[0x30, 8, 2, 1, 5, 2, 3, 0, 0x80, 0][..]));
        assert_eq!(ecdsa_der(&[0, 0]).as_deref(), Some(&[0x30, 6, 2, 1, 0, 2, 1, 0][..]));
        assert_eq!(ecdsa_der(&[1]), None);
        assert_eq!(ecdsa_der(&[]), None);
    }
}
