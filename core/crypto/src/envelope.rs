//! Ports for envelopes: what it takes to encrypt octets to somebody's public key, and to open them again.
//!
//! The keys that travel here are AES-256 keys. Everything that is decrypted comes back in memory that is wiped.

use crate::{Dice, HashAlg};
use zeroize::Zeroizing;

/// An AES-256 key, wiped when dropped.
pub type AesKey = Zeroizing<[u8; 32]>;

/// What was encrypted does not open with this key. Why is never said: whoever can ask often, and is told whether a
/// padding fits, learns the text without the key (Bleichenbacher 1998, Manger 2001, Vaudenay 2002).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not open with this key")]
pub struct DoesNotOpen;

/// A key that cannot be used for what was asked: of another kind, malformed, too weak, or a point off its curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be used for this")]
pub struct UnfitKey;

/// What comes of agreeing with somebody by a key pair that is used once.
pub struct Agreed {
    /// The public half of that key pair: an uncompressed point (SEC 1 §2.3.3).
    pub point: Vec<u8>,
    /// The secret in common: the x coordinate, as long as the field. A key must be derived from it.
    pub secret: Zeroizing<Vec<u8>>,
}

/// Encrypts with symmetric keys.
pub trait Cipher: Send + Sync {
    /// AES-256-CBC with the padding of RFC 5652 §6.3: the result is 1 to 16 octets longer than `plain`.
    ///
    /// CBC keeps a secret and guards nothing: an altered text may decrypt to another one.
    fn aes256_cbc_encrypt(&self, key: &[u8; 32], iv: &[u8; 16], plain: &[u8]) -> Vec<u8>;
    /// The same backwards.
    ///
    /// # Errors
    /// [`DoesNotOpen`] when length or padding do not fit.
    fn aes256_cbc_decrypt(
        &self,
        key: &[u8; 32],
        iv: &[u8; 16],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen>;
    /// Wraps `key` under `wrapping` (RFC 3394).
    fn aes256_wrap(&self, wrapping: &[u8; 32], key: &[u8; 32]) -> [u8; 40];
    /// The same backwards; what was wrapped is guarded against alteration.
    ///
    /// # Errors
    /// [`DoesNotOpen`] for anything that was not wrapped under this key, of whatever length.
    fn aes256_unwrap(&self, wrapping: &[u8; 32], wrapped: &[u8]) -> Result<AesKey, DoesNotOpen>;
}

/// Sends a symmetric key to the holder of an RSA key: RSAES-OAEP (RFC 8017 §7.1) with an empty label, MGF1 with the
/// same hash.
pub trait KeyTransport: Send + Sync {
    /// Encrypts `key` to the public key in `spki` (a DER SubjectPublicKeyInfo). The seed of the padding is drawn
    /// where the implementation draws it: no library takes it from outside.
    ///
    /// # Errors
    /// [`UnfitKey`], also for `HashAlg::Sha1`.
    fn oaep_encrypt(&self, hash: HashAlg, spki: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, UnfitKey>;
    /// Decrypts with the private key in `pkcs8` (DER, not encrypted).
    ///
    /// # Errors
    /// [`DoesNotOpen`] for everything, an unfit key included.
    fn oaep_decrypt(&self, hash: HashAlg, pkcs8: &[u8], sealed: &[u8]) -> Result<AesKey, DoesNotOpen>;
}

/// Agrees on a secret: elliptic curve Diffie-Hellman with cofactor 1 (SP 800-56A §5.7.1.2), on P-256 and P-384.
pub trait KeyAgreement: Send + Sync {
    /// Makes a key pair on the curve of the public key in `spki`, its private half thrown with `dice`, agrees with
    /// that key, and forgets the private half.
    ///
    /// # Errors
    /// [`UnfitKey`].
    fn agree_once(&self, spki: &[u8], dice: &dyn Dice) -> Result<Agreed, UnfitKey>;
    /// The other side: agrees by the private key in `pkcs8` with an uncompressed point.
    ///
    /// # Errors
    /// [`DoesNotOpen`] for everything: another kind of key, a point of another curve or none.
    fn agree(&self, pkcs8: &[u8], point: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen>;
}

/// Tells which public key belongs to a private one.
pub trait PublicHalf: Send + Sync {
    /// The DER SubjectPublicKeyInfo of the private key in `pkcs8`.
    ///
    /// # Errors
    /// [`UnfitKey`] when it is none of a kind in [`KeyAlg`](crate::KeyAlg).
    fn public_half(&self, pkcs8: &[u8]) -> Result<Vec<u8>, UnfitKey>;
}
