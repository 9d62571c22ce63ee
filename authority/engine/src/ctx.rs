//! What every part of the engine is handed.

use authority_signer::Signers;
use core_words::UtcMicros;
use kit_clock::Watch;
use kit_keys::Provider;
use kit_ledger::Entry;
use kit_store::{Db, StoreError, Tx, blobs::BlobStore};
use std::sync::Arc;

/// The engine's surroundings: store, time, randomness, keys, blobs.
#[derive(Clone)]
pub struct Ctx {
    /// Where everything durable lies.
    pub db: Db,
    /// The time, watched.
    pub watch: Watch,
    /// Hashes, verification, dice.
    pub provider: Arc<Provider>,
    /// The keys of authorities.
    pub signers: Signers,
    /// Where lists lie.
    pub blobs: Arc<dyn BlobStore>,
}

impl Ctx {
    /// Appends acts to the ledger at `now`.
    pub(crate) fn ledger_append(
        &self,
        tx: &mut Tx,
        entries: &[Entry],
        now: UtcMicros,
    ) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        kit_ledger::append_many(tx, entries, now, &*self.provider, &*self.provider).map(drop)
    }
}
