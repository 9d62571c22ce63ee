//! The port through which checkpoints are signed.

use std::pin::Pin;

/// A signature under way.
pub type Signing<'a> = Pin<Box<dyn Future<Output = Result<[u8; 64], SignFailed>> + Send + 'a>>;

/// The key of the ledger could not be used: locked, or its device is away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint could not be signed: {0}")]
pub struct SignFailed(pub String);

/// Signs checkpoints with an Ed25519 key of its own, wherever that key is (K15).
pub trait CheckpointSigner: Send + Sync {
    /// The first line of each checkpoint: the installation's name. Never changes.
    fn origin(&self) -> &str;

    /// The name in the signature line; by C2SP it should be the origin.
    fn key_name(&self) -> &str {
        self.origin()
    }

    /// The public half, 32 octets as in RFC 8032.
    fn public_key(&self) -> [u8; 32];

    /// Signs the text of a checkpoint.
    fn sign<'a>(&'a self, text: &'a [u8]) -> Signing<'a>;
}
