//! Growing the tree: numbered entries become leaf hashes, leaf hashes become tiles.

use super::{Known, Sequencer};
use crate::{
    LedgerError,
    merkle::{Edge, Hash, leaf_hash, root_at},
    query,
    tiles::{self, TableNodes},
};
use kit_drill::point;
use kit_store::{Tx, params};
use std::sync::Arc;

/// Entries that enter the tree in one transaction: 16 full tiles, some 10 ms.
const PIECE: u64 = 4096;
/// Pieces before numbering gets its turn.
const PIECES_PER_ROUND: usize = 4;

impl Sequencer {
    /// Reads the stored tree, and makes sure that it still contains the tree that was signed last.
    pub(super) async fn load(&self) -> Result<Known, LedgerError> {
        let digest = self.0.digest.clone();
        let read = move |tx: &mut Tx| -> Result<Known, LedgerError> {
            let edge = tiles::load_edge(tx)?;
            let last = query::latest_checkpoint(tx)?;
            if let Some(last) = &last {
                let forked = LedgerError::Forked { size: last.size };
                if last.size > edge.size() {
                    return Err(forked);
                }
                if root_at(&*digest, &mut TableNodes::new(tx, &*digest), last.size)? != last.root {
                    return Err(forked);
                }
            }
            Ok(Known { edge, last })
        };
        self.0.db.read(read).await
    }

    /// Takes some of the numbered entries into the tree. True when there may be more.
    pub(super) async fn grow(&self, known: &mut Known) -> Result<bool, LedgerError> {
        for _ in 0..PIECES_PER_ROUND {
            let (digest, size) = (self.0.digest.clone(), known.edge.size());
            let leaves = self.0.db.read(move |tx| leaf_hashes(tx, &*digest, size)).await?;
            if leaves.is_empty() {
                return Ok(false);
            }
            let last = (leaves.len() as u64) < PIECE;
            known.edge = self.write_piece(&known.edge, leaves).await?;
            point("sequencer.tiles_written");
            if last {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn write_piece(&self, edge: &Edge, leaves: Vec<Hash>) -> Result<Edge, LedgerError> {
        let (old, mut edge, mut full) = (edge.size(), edge.clone(), Vec::new());
        for leaf in leaves {
            edge.push(&*self.0.digest, leaf, &mut full);
        }
        let piece = Arc::new((edge, full));
        let write = move |tx: &mut Tx| -> Result<Edge, LedgerError> {
            let (edge, full) = &*piece;
            tx.execute("INSERT INTO ledger_tree (id, size) VALUES (1, 0) ON CONFLICT DO NOTHING", params![])?;
            let moved = tx.execute(
                "UPDATE ledger_tree SET size = $1 WHERE id = 1 AND size = $2",
                params![edge.size() as i64, old as i64],
            )?;
            if moved == 0 {
                // Another sequencer was here. What it wrote is the same; begin again from there.
                return tiles::load_edge(tx);
            }
            let full = full.iter().map(|tile| (tile.level, tile.index, tile.hashes.as_slice()));
            tiles::save(tx, full.chain(edge.partial_tiles()))?;
            Ok(edge.clone())
        };
        self.0.db.write_grouped(write).await
    }
}

/// The leaf hashes of the numbered entries from index `first` on, at most [`PIECE`].
fn leaf_hashes(tx: &mut Tx, digest: &dyn core_crypto::Digest, first: u64) -> Result<Vec<Hash>, LedgerError> {
    let row = tx.query_opt(
        "SELECT next FROM ledger_sequence WHERE name = $1",
        params![super::Numbered::LEDGER.table()],
    )?;
    let end = row.map(|row| row.get::<i64>(0)).transpose()?.unwrap_or(0) as u64;
    let end = end.min(first + PIECE).max(first);
    let mut leaves = Vec::with_capacity((end - first) as usize);
    tiles::for_each_entry(tx, first, end, |_, body| leaves.push(leaf_hash(digest, body)))?;
    Ok(leaves)
}
