//! What signs.

use crate::{KeyError, SoftKey};
use core_crypto::{HashOut, SigAlg};
use std::pin::Pin;

/// A future as trait objects return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is to be signed.
#[derive(Clone, Copy)]
pub enum SignInput<'a> {
    /// The message itself. Every algorithm takes it.
    Message(&'a [u8]),
    /// The message's hash, by the algorithm's [`prehash`](SigAlg::prehash). RSA and ECDSA take it;
    /// Ed25519 and ML-DSA sign messages only.
    Digest(HashOut),
}

/// Signs with one private key, wherever that key is.
pub trait Signer: Send + Sync {
    /// The algorithm it signs with.
    fn alg(&self) -> SigAlg;

    /// The public half, a DER SubjectPublicKeyInfo.
    fn public_spki(&self) -> &[u8];

    /// Signs.
    ///
    /// # Errors
    /// [`KeyError::WrongInput`] for a hash where the message is needed or a hash of another length;
    /// [`KeyError::Locked`] when the store it came from was locked; [`KeyError::Failed`] when the library or the
    /// device fails.
    fn sign<'a>(&'a self, input: SignInput<'a>) -> BoxFuture<'a, Result<Vec<u8>, KeyError>>;

    /// The key itself while it lies in memory: whoever keeps threads of their own may sign at once with
    /// [`SoftKey::sign_now`] and save the way through the runtime. Ask anew for each batch and keep it no longer:
    /// a key that somebody holds is not wiped when its store is locked.
    fn as_software(&self) -> Option<SoftKey> {
        None
    }
}
