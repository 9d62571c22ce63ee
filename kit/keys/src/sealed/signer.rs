//! A handle to a sealed key: it signs while the store is unlocked.

use crate::{BoxFuture, KeyError, SignInput, Signer, SoftKey};
use core_crypto::SigAlg;
use std::sync::{PoisonError, RwLock};

/// Holds the open key while the store is unlocked, and nothing while it is locked.
pub(super) struct SealedSigner {
    alg: SigAlg,
    spki: Box<[u8]>,
    slot: RwLock<Option<SoftKey>>,
}

impl SealedSigner {
    pub(super) fn new(key: SoftKey) -> Self {
        Self { alg: key.alg(), spki: key.public_spki().into(), slot: RwLock::new(Some(key)) }
    }

    /// Puts the key back after a lock. It must be the same key: handles promise one public half.
    pub(super) fn refill(&self, key: SoftKey) {
        if key.public_spki() == &*self.spki {
            *self.slot.write().unwrap_or_else(PoisonError::into_inner) = Some(key);
        }
    }

    /// Forgets the key. It is wiped as soon as signatures under way are done.
    pub(super) fn empty(&self) {
        *self.slot.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Signer for SealedSigner {
    fn alg(&self) -> SigAlg {
        self.alg
    }

    fn public_spki(&self) -> &[u8] {
        &self.spki
    }

    fn sign<'a>(&'a self, input: SignInput<'a>) -> BoxFuture<'a, Result<Vec<u8>, KeyError>> {
        Box::pin(async move {
            let key = self.as_software().ok_or(KeyError::Locked)?;
            Signer::sign(&key, input).await
        })
    }

    fn as_software(&self) -> Option<SoftKey> {
        self.slot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
