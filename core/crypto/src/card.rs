//! Ports of cards and of the devices that write them: key pairs, keyed hashes, sealed messages.

use crate::{Dice, Digest, DoesNotOpen, HashAlg, KeyAlg, UnfitKey, Verify};
use zeroize::Zeroizing;

/// Keyed hashes.
pub trait Mac: Send + Sync {
    /// HMAC with SHA-256 (RFC 2104) over `parts`, one after the other.
    fn hmac_sha256(&self, key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]>;
}

/// Seals octets so that they can neither be read nor altered unseen.
pub trait Aead: Send + Sync {
    /// AES-256-GCM (SP 800-38D): the ciphertext and its tag of 16 octets. A nonce must never come twice under a key.
    fn aes256_gcm_seal(&self, key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], plain: &[u8]) -> Vec<u8>;
    /// The same backwards.
    ///
    /// # Errors
    /// [`DoesNotOpen`] for anything that was not sealed so.
    fn aes256_gcm_open(
        &self,
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen>;
}

/// What was given to be signed does not fit the key: too long, or not as long as the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot sign this")]
pub struct UnfitInput;

/// A key pair that is at hand, ready to sign on this thread. The secret is wiped when it is dropped.
pub trait Pair: Send {
    /// Its kind.
    fn key_alg(&self) -> KeyAlg;
    /// The public half, a DER SubjectPublicKeyInfo.
    fn public_spki(&self) -> &[u8];
    /// The private half, PKCS#8 DER. Cards have no command that leads here.
    ///
    /// # Errors
    /// [`UnfitKey`] when the library fails.
    fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, UnfitKey>;
    /// Signs a hash value: RSASSA-PKCS1-v1_5 with its DigestInfo, or ECDSA as `r` and `s`, each as long as the field.
    ///
    /// # Errors
    /// [`UnfitInput`] when the length is not that of the hash, or the key does not go with the hash.
    fn sign_hash(&self, alg: HashAlg, hash: &[u8]) -> Result<Vec<u8>, UnfitInput>;
    /// RSASSA-PSS over a hash value, MGF1 with the same hash, the salt as long as the hash.
    ///
    /// # Errors
    /// [`UnfitInput`], also for keys that are not RSA.
    fn sign_pss(&self, alg: HashAlg, hash: &[u8]) -> Result<Vec<u8>, UnfitInput>;
    /// The private operation of RSA over `input` behind the padding of block type 1 (RFC 8017 §9.2, with `input` in
    /// the place of the DigestInfo): what cards do with whatever they are given.
    ///
    /// # Errors
    /// [`UnfitInput`] when it is longer than the modulus less 11 octets or empty, or for keys that are not RSA.
    fn sign_padded(&self, input: &[u8]) -> Result<Vec<u8>, UnfitInput>;
}

/// Makes key pairs and takes them back.
pub trait Pairs: Send + Sync {
    /// Makes a key pair; RSA-2048 takes from 50 milliseconds to a second.
    ///
    /// # Errors
    /// [`UnfitKey`] for kinds that cards do not have; they have RSA and the NIST curves.
    fn generate_pair(&self, alg: KeyAlg) -> Result<Box<dyn Pair>, UnfitKey>;
    /// Takes a private key in, a PKCS#8 DER.
    ///
    /// # Errors
    /// [`UnfitKey`] when it is malformed, its numbers do not fit each other, or cards do not have its kind.
    fn load_pair(&self, pkcs8: &[u8]) -> Result<Box<dyn Pair>, UnfitKey>;
}

/// Everything that a card, or a device that writes cards, asks for.
pub trait CardTools: Digest + Verify + Dice + Mac + Aead + Pairs {}

impl<T: Digest + Verify + Dice + Mac + Aead + Pairs> CardTools for T {}
