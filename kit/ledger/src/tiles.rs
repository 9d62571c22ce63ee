//! Tiles in the database: read by the sequencer, by proofs, and by whoever serves the log over HTTP.

use crate::{
    LedgerError,
    layout::{Tile, TileKind, decode_hashes, push_entry},
    merkle::{Edge, Hash, Nodes, TILE_HEIGHT, TILE_WIDTH, hashes_at, partial_width, root_of},
    query,
};
use core_crypto::Digest;
use kit_store::{StoreError, Tx, params};
use std::{
    collections::{BTreeMap, btree_map},
    ops::ControlFlow,
};

/// One file of the log as C2SP tlog-tiles lays it out; `None` for what the newest checkpoint does not cover.
///
/// # Errors
/// Those of the store; [`LedgerError::Missing`] when the database lacks what a checkpoint covers.
pub fn read_tile(tx: &mut Tx, tile: Tile) -> Result<Option<Vec<u8>>, LedgerError> {
    let Some(covered) = query::latest_checkpoint(tx)?.map(|checkpoint| checkpoint.size) else {
        return Ok(None);
    };
    let level = match tile.kind {
        TileKind::Entries => 0,
        TileKind::Hashes(level) => u32::from(level),
    };
    let end =
        tile.index.checked_mul(TILE_WIDTH as u64).and_then(|first| first.checked_add(u64::from(tile.width)));
    if end.is_none_or(|end| end > hashes_at(covered, level)) {
        return Ok(None);
    }
    match tile.kind {
        TileKind::Entries => read_bundle(tx, tile.index, tile.width).map(Some),
        TileKind::Hashes(level) => {
            let hashes = load(tx, level, tile.index)?;
            let part =
                hashes.get(..usize::from(tile.width)).ok_or_else(|| LedgerError::Missing(tile.path()))?;
            Ok(Some(part.as_flattened().to_vec()))
        }
    }
}

/// The entry bundle `index` with its first `width` entries.
pub(crate) fn read_bundle(tx: &mut Tx, index: u64, width: u16) -> Result<Vec<u8>, LedgerError> {
    let mut bundle = Vec::with_capacity(usize::from(width) * 256);
    let first = index * TILE_WIDTH as u64;
    for_each_entry(tx, first, first + u64::from(width), |_, body| push_entry(&mut bundle, body))?;
    Ok(bundle)
}

/// Hands over the entries `first .. end` in their order. Fails unless all of them are there.
pub(crate) fn for_each_entry(
    tx: &mut Tx,
    first: u64,
    end: u64,
    mut each: impl FnMut(u64, &[u8]),
) -> Result<(), LedgerError> {
    let mut next = first;
    tx.for_each(
        "SELECT seq, body FROM ledger_entry WHERE seq >= $1 AND seq < $2 ORDER BY seq",
        params![first as i64, end as i64],
        |row| -> Result<ControlFlow<()>, LedgerError> {
            if row.get::<i64>(0)? as u64 != next {
                return Ok(ControlFlow::Break(()));
            }
            each(next, row.get(1)?);
            next += 1;
            Ok(ControlFlow::Continue(()))
        },
    )?;
    if next == end { Ok(()) } else { Err(LedgerError::Missing(format!("entry {next}"))) }
}

/// All hashes that the database has of a tile; none when there is no such tile.
fn load(tx: &mut Tx, level: u8, index: u64) -> Result<Vec<Hash>, LedgerError> {
    let sql = "SELECT width, hashes FROM ledger_tile WHERE level = $1 AND idx = $2";
    let Some(row) = tx.query_opt(sql, params![level, index as i64])? else { return Ok(Vec::new()) };
    let damaged = || LedgerError::Missing(format!("hash tile {index} of level {level}"));
    decode_hashes(row.get(1)?, row.get(0)?).ok_or_else(damaged)
}

/// The edge of the tree that the stored tiles make.
pub(crate) fn load_edge(tx: &mut Tx) -> Result<Edge, LedgerError> {
    let row = tx.query_opt("SELECT size FROM ledger_tree WHERE id = 1", params![])?;
    let size = row.map(|row| row.get::<i64>(0)).transpose()?.unwrap_or(0) as u64;
    let mut levels = Vec::new();
    for level in (0u8..).take_while(|level| hashes_at(size, u32::from(*level)) > 0) {
        let width = partial_width(size, u32::from(level));
        let mut row = match width {
            0 => Vec::new(),
            _ => load(tx, level, hashes_at(size, u32::from(level) + 1))?,
        };
        row.truncate(width);
        levels.push(row);
    }
    Edge::resume(size, levels)
        .ok_or_else(|| LedgerError::Missing(format!("the right edge of the tree of {size}")))
}

/// Keeps the tiles that a piece of growth filled, and the partial ones as they are now.
pub(crate) fn save<'t>(
    tx: &mut Tx,
    tiles: impl Iterator<Item = (u8, u64, &'t [Hash])>,
) -> Result<(), StoreError> {
    let rows: Vec<_> = tiles
        .map(|(level, index, hashes)| {
            kit_store::row![level, index as i64, hashes.len() as u32, hashes.as_flattened().to_vec()]
        })
        .collect();
    // A tile only ever grows; the same tile written again by a sequencer that crashed in between is the same.
    tx.update_many(
        "INSERT INTO ledger_tile (level, idx, width, hashes) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (level, idx) DO UPDATE SET width = excluded.width, hashes = excluded.hashes \
         WHERE excluded.width > ledger_tile.width",
        &rows,
    )?;
    Ok(())
}

/// Hashes of complete subtrees, out of the tiles in the database. Keeps what it read.
pub(crate) struct TableNodes<'a> {
    tx: &'a mut Tx,
    digest: &'a dyn Digest,
    read: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<'a> TableNodes<'a> {
    pub(crate) fn new(tx: &'a mut Tx, digest: &'a dyn Digest) -> Self {
        Self { tx, digest, read: BTreeMap::new() }
    }
}

impl Nodes for TableNodes<'_> {
    type Error = LedgerError;

    fn node(&mut self, level: u32, index: u64) -> Result<Hash, LedgerError> {
        let place = NodePlace::of(level, index);
        let hashes = match self.read.entry((place.tile_level, place.tile)) {
            btree_map::Entry::Occupied(known) => known.into_mut(),
            btree_map::Entry::Vacant(new) => new.insert(load(self.tx, place.tile_level, place.tile)?),
        };
        place.take(self.digest, hashes).ok_or_else(|| {
            LedgerError::Missing(format!("hash tile {} of level {}", place.tile, place.tile_level))
        })
    }
}

/// Where in the tiles a node of the tree lies: 2^(level mod 8) hashes of one tile, to be hashed together.
struct NodePlace {
    tile_level: u8,
    tile: u64,
    from: usize,
    count: usize,
}

impl NodePlace {
    fn of(level: u32, index: u64) -> Self {
        let within = level % TILE_HEIGHT;
        let first = index << within;
        Self {
            tile_level: (level / TILE_HEIGHT) as u8,
            tile: first >> TILE_HEIGHT,
            from: (first % TILE_WIDTH as u64) as usize,
            count: 1 << within,
        }
    }

    fn take(&self, digest: &dyn Digest, tile: &[Hash]) -> Option<Hash> {
        root_of(digest, tile.get(self.from..self.from + self.count)?)
    }
}
