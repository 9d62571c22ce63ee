//! Checking a copy of the log from its files alone: no database, no network, no trust but in one public key.

mod error;
mod files;

pub use error::VerifyError;

use crate::{
    Body, Checkpoint, VerifierKey,
    layout::{CHECKPOINT_FILE, Tile, TileKind},
    merkle::{Edge, TILE_WIDTH, TileOut, leaf_hash},
};
use core_crypto::{Digest, Verify};
use core_words::UtcMicros;
use files::Log;
use std::path::Path;

/// What a checked copy of the log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Whose log it is, how many entries it has, and the root over them, which the key has signed.
    pub checkpoint: Checkpoint,
    /// The key that signed.
    pub key: VerifierKey,
    /// Whether the caller knew that key. Otherwise it was read from the copy itself, and the signature proves
    /// only that the copy fits its own key.
    pub key_was_expected: bool,
    /// The time in the first entry, and in the last one; `None` for a log without entries.
    pub times: Option<(UtcMicros, UtcMicros)>,
    /// The size of the old checkpoint of which the log was proved to be an extension.
    pub extends: Option<u64>,
    /// Files of entries and of hashes that were checked.
    pub files: u64,
    /// Names of files that do not belong to the log at this size: the first hundred.
    pub strangers: Vec<String>,
}

/// Checks a copy of the log in `dir`, where [`export`](crate::export) wrote it (or in `dir/ledger`).
///
/// Checked are the signature under the checkpoint, every entry (that it is in the one form the ledger writes),
/// every hash tile, and that the root over all entries is the signed one. With `expected_key` only that key is
/// accepted. With `old_checkpoint`, a signed note kept from earlier, the log must contain that tree unchanged.
/// Files are read one at a time; memory does not grow with the log.
///
/// # Errors
/// The first thing found wrong, with the file and, where there is one, the index of the entry.
pub fn verify_dir(
    dir: &Path,
    expected_key: Option<&VerifierKey>,
    old_checkpoint: Option<&[u8]>,
    digest: &dyn Digest,
    verify: &dyn Verify,
) -> Result<Report, VerifyError> {
    let log = Log::open(dir)?;
    let key = log.key(digest, expected_key)?;
    let note = log.read(CHECKPOINT_FILE, crate::note::MAX_NOTE)?;
    let head = Checkpoint::open(&note, &key, verify)
        .map_err(|reason| VerifyError::Checkpoint { file: CHECKPOINT_FILE.to_owned(), reason })?;
    let old = old_checkpoint.map(|old| open_old(old, &head, &key, verify)).transpose()?;

    let mut check = Check { log: &log, digest, old, edge: Edge::empty(), times: None, files: 0 };
    for index in 0..head.size.div_ceil(TILE_WIDTH as u64) {
        check.bundle(index, head.size)?;
    }
    check.partial_tiles()?;
    if check.edge.root(digest) != head.root {
        return Err(VerifyError::Root { size: head.size });
    }
    let (times, checked) = (check.times, check.files);
    Ok(Report {
        strangers: log.strangers(head.size, digest)?,
        checkpoint: head,
        key,
        key_was_expected: expected_key.is_some(),
        times,
        extends: check.old.map(|old| old.size),
        files: checked,
    })
}

fn open_old(
    note: &[u8],
    head: &Checkpoint,
    key: &VerifierKey,
    verify: &dyn Verify,
) -> Result<Checkpoint, VerifyError> {
    let old = Checkpoint::open(note, key, verify).map_err(VerifyError::OldCheckpoint)?;
    if old.origin != head.origin {
        return Err(VerifyError::OldOrigin { old: old.origin, new: head.origin.clone() });
    }
    if old.size > head.size {
        return Err(VerifyError::Shrunk { old: old.size, new: head.size });
    }
    Ok(old)
}

/// A check under way: the tree as far as it was built from the entries.
struct Check<'a> {
    log: &'a Log,
    digest: &'a dyn Digest,
    old: Option<Checkpoint>,
    edge: Edge,
    times: Option<(UtcMicros, UtcMicros)>,
    files: u64,
}

impl Check<'_> {
    /// Takes in one bundle of entries, and compares the tiles that become full with it.
    fn bundle(&mut self, index: u64, size: u64) -> Result<(), VerifyError> {
        self.agrees_with_old()?;
        let first = index * TILE_WIDTH as u64;
        let width = (size - first).min(TILE_WIDTH as u64) as u16;
        let bundle = self.log.tile(Tile { kind: TileKind::Entries, index, width })?;
        let entries = bundle.entries(width)?;
        let leaves = self.log.hashes(Tile { kind: TileKind::Hashes(0), index, width })?;
        self.files += 2;
        let mut full = Vec::new();
        for (place, entry) in entries.into_iter().enumerate() {
            let index = first + place as u64;
            let body = Body::decode(entry).map_err(|reason| VerifyError::Entry {
                file: bundle.name.clone(),
                index,
                reason,
            })?;
            let leaf = leaf_hash(self.digest, entry);
            if leaves.hashes[place] != leaf {
                return Err(VerifyError::Leaf {
                    entries: bundle.name.clone(),
                    tile: leaves.name.clone(),
                    index,
                });
            }
            self.times = Some((self.times.map_or(body.time, |(first, _)| first), body.time));
            self.edge.push(self.digest, leaf, &mut full);
            self.agrees_with_old()?;
        }
        // Level 0 was compared leaf by leaf.
        full.iter().filter(|tile| tile.level > 0).try_for_each(|tile| self.full_tile(tile))
    }

    fn full_tile(&mut self, tile: &TileOut) -> Result<(), VerifyError> {
        let kind = TileKind::Hashes(tile.level);
        let file = self.log.hashes(Tile { kind, index: tile.index, width: TILE_WIDTH as u16 })?;
        self.files += 1;
        file.must_hold(&tile.hashes)
    }

    fn partial_tiles(&mut self) -> Result<(), VerifyError> {
        for (level, index, hashes) in self.edge.partial_tiles().filter(|(level, ..)| *level > 0) {
            let width = hashes.len() as u16;
            self.log.hashes(Tile { kind: TileKind::Hashes(level), index, width })?.must_hold(hashes)?;
            self.files += 1;
        }
        Ok(())
    }

    /// Where the tree has the size of the old checkpoint it must have its root.
    fn agrees_with_old(&self) -> Result<(), VerifyError> {
        match &self.old {
            Some(old) if old.size == self.edge.size() && old.root != self.edge.root(self.digest) => {
                Err(VerifyError::Changed { size: old.size })
            }
            _ => Ok(()),
        }
    }
}
