//! The traits a caller hands in.

use crate::{HashAlg, SigAlg};

/// A hash value of up to 64 octets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HashOut {
    octets: [u8; 64],
    len: usize,
}

impl HashOut {
    /// Wraps the octets of a hash value.
    ///
    /// # Panics
    /// When there are more than 64; no [`HashAlg`] makes more.
    pub fn new(value: &[u8]) -> Self {
        let mut octets = [0; 64];
        octets[..value.len()].copy_from_slice(value);
        Self { octets, len: value.len() }
    }
}

impl AsRef<[u8]> for HashOut {
    fn as_ref(&self) -> &[u8] {
        &self.octets[..self.len]
    }
}

impl std::fmt::Debug for HashOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_ref().iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

/// Hashes.
pub trait Digest: Send + Sync {
    /// The hash of `data`.
    fn hash(&self, alg: HashAlg, data: &[u8]) -> HashOut;
    /// Starts a hash that is fed in pieces.
    fn start(&self, alg: HashAlg) -> Box<dyn Running>;

    /// SHA-256 of `data` as an array: the hash of records, keys and the ledger.
    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(self.hash(HashAlg::Sha256, data).as_ref());
        out
    }
}

/// A hash under way.
pub trait Running: Send {
    /// Takes in more octets.
    fn update(&mut self, data: &[u8]);
    /// Ends the hash.
    fn finish(self: Box<Self>) -> HashOut;
}

/// The signature does not fit the key and the message; no more is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit the key and the message")]
pub struct BadSignature;

/// Checks signatures.
pub trait Verify: Send + Sync {
    /// Checks `signature` over `message` with the public key in `spki` (a DER SubjectPublicKeyInfo).
    ///
    /// # Errors
    /// [`BadSignature`] for anything but a signature that verifies, an unfit key included.
    fn verify(&self, alg: SigAlg, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), BadSignature>;
}

/// Random octets. Tests hand in a deterministic one.
pub trait Dice: Send + Sync {
    /// Fills `out` with random octets of cryptographic quality.
    fn fill(&self, out: &mut [u8]);
}

/// Hashes passwords of people: slow on purpose, salted, and never led back.
///
/// A hash takes tens of milliseconds and megabytes of memory. Callers run it on threads made for waiting, only so
/// many at once, and never inside a transaction.
pub trait PasswordHash: Send + Sync {
    /// The hash of `password`, as a PHC string that carries algorithm, cost and a salt drawn from `dice`.
    fn hash(&self, password: &[u8], dice: &dyn Dice) -> String;
    /// Whether `password` leads to `phc`, in a time that does not depend on how nearly. `false` also for a text that
    /// is no PHC string of this algorithm, or whose cost is beyond what is worth paying.
    fn verify(&self, password: &[u8], phc: &str) -> bool;
}
