//! Octets encrypted to a certificate: CMS EnvelopedData (RFC 5652 §6).
//!
//! ```text
//! ContentInfo ─ EnvelopedData ─┬─ the content under a fresh AES-256 key, CBC (RFC 3565)
//!                              └─ that key, for one certificate, named by issuer and serial number
//!                                   RSA       RSAES-OAEP, SHA-256, MGF1 with SHA-256 (RFC 3560, RFC 4055)
//!                                   P-256     one-time ECDH, X9.63 KDF with SHA-256, AES-256 key wrap (RFC 5753)
//!                                   P-384     the same with SHA-384
//! ```
//!
//! This is what `openssl cms -decrypt` and every mail program since about 2010 opens. [`open`] also reads the hashes
//! up to SHA-512 with either kind of key, so that a notice written by other software of today opens too. It refuses,
//! and says so, what is no longer good enough: OAEP with SHA-1, RSA with PKCS#1 v1.5 padding, a key derived with
//! SHA-1. Encodings other than DER (the indefinite lengths of BER) are not read.
//!
//! # What this does not do
//!
//! The envelope keeps a secret; it does not say who wrote it, and **CBC does not guard the text**. Whoever alters a
//! file under way cannot read it, yet a flipped bit in the initialisation vector flips that bit of the first block
//! unnoticed, and one in the text turns a block into noise and flips a bit in the next. Where a text must be known to
//! be ours, take its hash from the ledger or from a signature around it, never from the fact that it opened. The key
//! itself is guarded, by OAEP and by the key wrap: nothing opens with another one.
//!
//! A file that fails always fails in the same way, whatever part did not fit ([`OpenError::DoesNotOpen`]), so that
//! asking often teaches nothing.

mod asn1;
mod open;
mod recipient;
mod seal;
mod sealer;
#[cfg(test)]
mod tests;

pub use open::{OpenError, Unsupported, open};
pub use recipient::{Recipient, SealError};
pub use seal::seal;
pub use sealer::Sealer;

use core_crypto::{Cipher, Dice, Digest, HashAlg, KeyAgreement, KeyTransport, PublicHalf};
use zeroize::Zeroizing;

/// Most octets of an envelope, in DER: a notice is a page of text.
pub const MAX_LEN: usize = 1 << 20;
/// Most recipients of an envelope that is opened. We write to one.
pub const MAX_RECIPIENTS: usize = 100;

/// The cryptography that envelopes need.
#[derive(Clone, Copy)]
pub struct Crypto<'a> {
    /// For deriving keys.
    pub digest: &'a dyn Digest,
    /// For content and wrapped keys.
    pub cipher: &'a dyn Cipher,
    /// For RSA keys.
    pub transport: &'a dyn KeyTransport,
    /// For EC keys.
    pub agreement: &'a dyn KeyAgreement,
    /// For telling whether key and certificate belong together.
    pub public_half: &'a dyn PublicHalf,
    /// For keys and initialisation vectors.
    pub dice: &'a dyn Dice,
}

impl<'a> Crypto<'a> {
    /// Everything from one provider.
    pub fn of<P>(provider: &'a P) -> Self
    where
        P: Digest + Cipher + KeyTransport + KeyAgreement + PublicHalf + Dice,
    {
        Self {
            digest: provider,
            cipher: provider,
            transport: provider,
            agreement: provider,
            public_half: provider,
            dice: provider,
        }
    }

    /// The same with other dice.
    #[must_use]
    pub fn with_dice(self, dice: &'a dyn Dice) -> Self {
        Self { dice, ..self }
    }

    /// The key that wraps the content's key: the first 32 octets of the X9.63 KDF over `secret` (RFC 5753 §7.2,
    /// SEC 1 §3.6.1). One round makes them all, since no hash used here is shorter.
    fn wrapping_key(&self, hash: HashAlg, secret: &[u8], shared_info: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut input = Zeroizing::new(Vec::with_capacity(secret.len() + 4 + shared_info.len()));
        input.extend_from_slice(secret);
        input.extend_from_slice(&1u32.to_be_bytes());
        input.extend_from_slice(shared_info);
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&self.digest.hash(hash, &input).as_ref()[..32]);
        key
    }
}
