//! Key handles of authorities.

use kit_keys::{KeyError, Provider, SealedStore, Signer};
use std::sync::Arc;

/// Opens the keys of authorities. Clones share the sealed store.
#[derive(Clone)]
pub struct Signers {
    store: SealedStore,
    provider: Arc<Provider>,
}

impl Signers {
    /// Opens keys from `store`.
    pub fn new(store: SealedStore, provider: Arc<Provider>) -> Self {
        Self { store, provider }
    }

    /// The sealed store itself: ceremonies seal new keys into it.
    pub fn store(&self) -> &SealedStore {
        &self.store
    }

    /// Hashes, verification and dice.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The key with this id.
    ///
    /// # Errors
    /// [`KeyError::Locked`] while the store is locked, and whatever the store finds wrong with the key.
    pub async fn open(&self, key_id: i64) -> Result<Arc<dyn Signer>, KeyError> {
        self.store.open(key_id).await
    }
}
