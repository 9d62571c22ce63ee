//! The right edge of a growing tree, kept as the partial tiles that C2SP tlog-tiles defines.

use super::{Hash, empty_root, root_of};
use core_crypto::Digest;

/// Rows of the tree in one tile.
pub const TILE_HEIGHT: u32 = 8;
/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 1 << TILE_HEIGHT;

/// A tile that has just become full: it will never change again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileOut {
    /// 0 for tiles of leaf hashes; each level above holds the roots of full tiles below.
    pub level: u8,
    /// The tile's number within its level.
    pub index: u64,
    /// Its 256 hashes.
    pub hashes: Vec<Hash>,
}

/// All that must be known of a tree in order to grow it and to state its root: at most 255 hashes per level,
/// whatever its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// One partial tile per level, level 0 first, each of 0 to 255 hashes.
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The edge of the tree without entries.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Takes up a tree of `size` entries from its partial tiles, level 0 first (a level without one is empty).
    ///
    /// `None` when the widths are not those which a tree of this size has.
    pub fn resume(size: u64, levels: Vec<Vec<Hash>>) -> Option<Self> {
        let fits =
            levels.iter().enumerate().all(|(level, row)| row.len() == partial_width(size, level as u32));
        let whole = hashes_at(size, levels.len() as u32) == 0;
        (fits && whole).then_some(Self { size, levels })
    }

    /// How many entries the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The partial tiles that are not empty, as (level, index, hashes).
    pub fn partial_tiles(&self) -> impl Iterator<Item = (u8, u64, &[Hash])> {
        self.levels
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.is_empty())
            .map(|(level, row)| (level as u8, hashes_at(self.size, level as u32 + 1), row.as_slice()))
    }

    /// Appends the hash of one entry; each tile that it fills goes to `full`.
    pub fn push(&mut self, digest: &dyn Digest, leaf: Hash, full: &mut Vec<TileOut>) {
        let index = self.size;
        self.size += 1;
        let mut carry = Some(leaf);
        let mut level = 0;
        while let Some(hash) = carry.take() {
            if self.levels.len() == level {
                self.levels.push(Vec::with_capacity(TILE_WIDTH));
            }
            let row = &mut self.levels[level];
            row.push(hash);
            if row.len() == TILE_WIDTH {
                let hashes = std::mem::replace(row, Vec::with_capacity(TILE_WIDTH));
                carry = root_of(digest, &hashes);
                full.push(TileOut { level: level as u8, index: hashes_at(index, level as u32 + 1), hashes });
            }
            level += 1;
        }
    }

    /// The root of the tree as it stands.
    pub fn root(&self, digest: &dyn Digest) -> Hash {
        // From the leaves up: what is ragged below is the last, smaller subtree of the level above.
        let mut ragged: Option<Hash> = None;
        for row in &self.levels {
            let mut row = row.clone();
            row.extend(ragged);
            ragged = root_of(digest, &row);
        }
        ragged.unwrap_or_else(|| empty_root(digest))
    }
}

/// Hashes in the partial tile at `level` of a tree of `size` entries: floor(size / 256^level) mod 256.
pub(crate) fn partial_width(size: u64, level: u32) -> usize {
    (hashes_at(size, level) % TILE_WIDTH as u64) as usize
}

/// Complete hashes at tile level `level` of a tree of `size` entries: floor(size / 256^level). Also the number
/// of full tiles one level below.
pub(crate) fn hashes_at(size: u64, level: u32) -> u64 {
    size.checked_shr(TILE_HEIGHT * level).unwrap_or(0)
}
