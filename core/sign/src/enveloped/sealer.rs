//! Sealing as a port: what a desk is handed that sends secrets to certificates and does nothing else with keys.

use super::{Crypto, Recipient, SealError, seal};
use core_crypto::{Cipher, Dice, Digest, KeyAgreement, KeyTransport, PublicHalf};

/// Seals envelopes. Every provider of the cryptography that they need is one.
pub trait Sealer: Send + Sync {
    /// Encrypts `content` to the holder of a certificate: see [`seal`].
    ///
    /// # Errors
    /// [`SealError::UnfitKey`], [`SealError::TooLong`].
    fn seal(&self, content: &[u8], recipient: &Recipient) -> Result<Vec<u8>, SealError>;
}

impl<P> Sealer for P
where
    P: Digest + Cipher + KeyTransport + KeyAgreement + PublicHalf + Dice,
{
    fn seal(&self, content: &[u8], recipient: &Recipient) -> Result<Vec<u8>, SealError> {
        seal(content, recipient, &Crypto::of(self))
    }
}
