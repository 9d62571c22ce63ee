//! Signing checkpoints: only of durable trees, only after consistency with the last one was proved.

use super::{Known, Sequencer};
use crate::{
    Checkpoint, LedgerError,
    merkle::{prove_consistency, verify_consistency},
    note,
    query::{self, StoredCheckpoint},
    tiles::TableNodes,
};
use kit_drill::point;
use kit_store::{Tx, params};

impl Sequencer {
    /// Whether the interval since the last checkpoint has passed. A clock that was set back does not delay one.
    pub(super) fn sign_due(&self, known: Option<&Known>) -> bool {
        let Some(last) = known.and_then(|known| known.last.as_ref()) else { return true };
        let since = self.0.clock.now().since(last.signed);
        !(0..self.0.options.sign_every.as_micros() as i64).contains(&since)
    }

    /// Signs the tree as it is known, and stores the checkpoint.
    pub(super) async fn sign(&self, known: &mut Known) -> Result<(), LedgerError> {
        let digest = &*self.0.digest;
        let (size, root) = (known.edge.size(), known.edge.root(digest));
        if let Some(last) = &known.last {
            self.prove_extension(last, size, root).await?;
        }
        let checkpoint = Checkpoint { origin: self.0.signer.origin().to_owned(), size, root };
        let text = checkpoint.text();
        let signature = self.0.signer.sign(text.as_bytes()).await?;
        let note = note::seal(&text, &self.0.key, &signature);
        // What does not open with the key that is published beside it must not be published.
        Checkpoint::open(note.as_bytes(), &self.0.key, &*self.0.verify).map_err(LedgerError::SignedBadly)?;
        point("sequencer.checkpoint_signed");
        let signed = StoredCheckpoint {
            size,
            root,
            note,
            verifier: self.0.key.to_string(),
            signed: self.0.clock.now(),
        };
        let row = signed.clone();
        let stored = self.0.db.write_grouped(move |tx| store(tx, &row)).await?;
        known.last = Some(stored);
        Ok(())
    }

    /// Proves, out of the stored tiles, that the tree to be signed contains the one signed last.
    async fn prove_extension(
        &self,
        last: &StoredCheckpoint,
        size: u64,
        root: [u8; 32],
    ) -> Result<(), LedgerError> {
        let (digest, last) = (self.0.digest.clone(), last.clone());
        let forked = LedgerError::Forked { size: last.size };
        if last.size > size {
            return Err(forked);
        }
        let prove = move |tx: &mut Tx| -> Result<(), LedgerError> {
            let proof = prove_consistency(&*digest, &mut TableNodes::new(tx, &*digest), last.size, size)?;
            verify_consistency(&*digest, last.size, size, &proof, &last.root, &root)
                .map_err(|_| LedgerError::Forked { size: last.size })
        };
        self.0.db.read(prove).await
    }
}

/// Stores a checkpoint; the one stored for its size, which may be another sequencer's, of the same tree.
fn store(tx: &mut Tx, signed: &StoredCheckpoint) -> Result<StoredCheckpoint, LedgerError> {
    tx.execute(
        "INSERT INTO ledger_checkpoint (size, root, note, verifier, signed_us) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING",
        params![
            signed.size as i64,
            &signed.root,
            signed.note.as_str(),
            signed.verifier.as_str(),
            signed.signed
        ],
    )?;
    let stored = query::checkpoint_at(tx, signed.size)?.ok_or(LedgerError::NoCheckpoint(signed.size))?;
    if stored.root == signed.root { Ok(stored) } else { Err(LedgerError::Forked { size: signed.size }) }
}
