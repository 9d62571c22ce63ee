//! The files of a copy of the log, read with limits.

use super::VerifyError;
use crate::{
    VerifierKey,
    layout::{CHECKPOINT_FILE, KEY_FILE, MAX_ENTRY_IN_BUNDLE, Tile, TileKind, decode_hashes, split_bundle},
    merkle::{Hash, TILE_WIDTH, hashes_at, leaf_hash},
};
use core_crypto::Digest;
use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

/// Names of strangers that are reported at most.
const MAX_STRANGERS: usize = 100;
/// The longest file with a key.
const MAX_KEY: usize = 1024;

/// A folder with a log.
pub(super) struct Log {
    dir: PathBuf,
}

/// A file of tiles, read.
pub(super) struct TileFile {
    pub(super) name: String,
    pub(super) octets: Vec<u8>,
}

/// A file of hashes, read and split.
pub(super) struct HashFile {
    pub(super) name: String,
    pub(super) hashes: Vec<Hash>,
}

impl Log {
    pub(super) fn open(dir: &Path) -> Result<Self, VerifyError> {
        let candidates = [dir.to_owned(), dir.join("ledger")];
        let found = candidates.into_iter().find(|dir| dir.join(CHECKPOINT_FILE).is_file());
        found.map(|dir| Self { dir }).ok_or_else(|| VerifyError::NoLog { dir: dir.display().to_string() })
    }

    /// The key to check with: the expected one, which the log's own file must not contradict, or that file's.
    pub(super) fn key(
        &self,
        digest: &dyn Digest,
        expected: Option<&VerifierKey>,
    ) -> Result<VerifierKey, VerifyError> {
        let file = || KEY_FILE.to_owned();
        if let Some(expected) = expected.filter(|_| !self.dir.join(KEY_FILE).is_file()) {
            return Ok(expected.clone());
        }
        let text = String::from_utf8_lossy(&self.read(KEY_FILE, MAX_KEY)?).into_owned();
        let found =
            VerifierKey::parse(digest, &text).map_err(|reason| VerifyError::Key { file: file(), reason })?;
        match expected {
            Some(expected) if *expected != found => Err(VerifyError::OtherKey {
                file: file(),
                found: found.to_string(),
                expected: expected.to_string(),
            }),
            _ => Ok(found),
        }
    }

    /// A file by its name in the log; no more than `limit` octets are read.
    pub(super) fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>, VerifyError> {
        let failed = |reason| VerifyError::Read { file: name.to_owned(), reason };
        let file = std::fs::File::open(self.dir.join(name)).map_err(failed)?;
        let mut octets = Vec::new();
        file.take(limit as u64 + 1).read_to_end(&mut octets).map_err(failed)?;
        if octets.len() > limit {
            return Err(VerifyError::TooLarge { file: name.to_owned(), limit });
        }
        Ok(octets)
    }

    /// A file of tiles. Where a partial one is gone because it has become full, the full one serves: C2SP
    /// allows a log to delete it.
    pub(super) fn tile(&self, tile: Tile) -> Result<TileFile, VerifyError> {
        let full = Tile { width: TILE_WIDTH as u16, ..tile };
        let there = |tile: &Tile| self.dir.join(tile.path()).is_file();
        let used = if !there(&tile) && there(&full) { full } else { tile };
        let name = used.path();
        let each = match used.kind {
            TileKind::Entries => 2 + MAX_ENTRY_IN_BUNDLE,
            TileKind::Hashes(_) => 32,
        };
        let mut octets = self.read(&name, each * usize::from(used.width))?;
        if used.width != tile.width {
            octets.truncate(beginning(&octets, tile));
        }
        Ok(TileFile { name, octets })
    }

    /// A file of hashes, of the length that its name says.
    pub(super) fn hashes(&self, tile: Tile) -> Result<HashFile, VerifyError> {
        let TileFile { name, octets } = self.tile(tile)?;
        match decode_hashes(&octets, tile.width) {
            Some(hashes) => Ok(HashFile { name, hashes }),
            None => Err(VerifyError::TileLength {
                file: name,
                found: octets.len(),
                expected: 32 * usize::from(tile.width),
            }),
        }
    }

    /// Names of files that a log of `size` entries does not have. Partial tiles of earlier sizes belong to it,
    /// provided that they are beginnings of what is there now.
    pub(super) fn strangers(&self, size: u64, digest: &dyn Digest) -> Result<Vec<String>, VerifyError> {
        let mut strangers = Vec::new();
        let mut folders = vec![self.dir.clone()];
        while let Some(folder) = folders.pop() {
            let failed = |reason| VerifyError::Read { file: folder.display().to_string(), reason };
            for entry in std::fs::read_dir(&folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                if entry.file_type().map_err(failed)?.is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let path = entry.path();
                let name = path.strip_prefix(&self.dir).unwrap_or(&path).to_string_lossy().into_owned();
                if strangers.len() < MAX_STRANGERS && !self.belongs(&name, size, digest)? {
                    strangers.push(name);
                }
            }
        }
        strangers.sort();
        Ok(strangers)
    }

    fn belongs(&self, name: &str, size: u64, digest: &dyn Digest) -> Result<bool, VerifyError> {
        if [CHECKPOINT_FILE, KEY_FILE].contains(&name) {
            return Ok(true);
        }
        let Some(tile) = Tile::parse(name) else { return Ok(false) };
        let level = match tile.kind {
            TileKind::Entries => 0,
            TileKind::Hashes(level) => u32::from(level),
        };
        let count = hashes_at(size, level);
        let first = tile.index.saturating_mul(TILE_WIDTH as u64);
        let width = count.saturating_sub(first).min(TILE_WIDTH as u64) as u16;
        if width < tile.width {
            return Ok(false);
        }
        if width == tile.width {
            return Ok(true);
        }
        // Left over from an earlier size: it must say the same as its successor, which was checked.
        let hashes = match tile.kind {
            TileKind::Hashes(_) => self.hashes(tile)?.hashes,
            TileKind::Entries => {
                let bundle = self.tile(tile)?;
                let entries = bundle.entries(tile.width)?;
                entries.into_iter().map(|entry| leaf_hash(digest, entry)).collect()
            }
        };
        let now = self.hashes(Tile { kind: TileKind::Hashes(level as u8), index: tile.index, width })?;
        HashFile { name: name.to_owned(), hashes: now.hashes[..hashes.len()].to_vec() }.must_hold(&hashes)?;
        Ok(true)
    }
}

impl TileFile {
    /// The entries of a bundle.
    pub(super) fn entries(&self, width: u16) -> Result<Vec<&[u8]>, VerifyError> {
        split_bundle(&self.octets, width)
            .map_err(|reason| VerifyError::Bundle { file: self.name.clone(), reason })
    }
}

impl HashFile {
    /// The file must hold exactly these hashes.
    pub(super) fn must_hold(&self, expected: &[Hash]) -> Result<(), VerifyError> {
        let different = self.hashes.iter().zip(expected).position(|(found, expected)| found != expected);
        match different {
            Some(place) => Err(VerifyError::Tile { file: self.name.clone(), place }),
            None => Ok(()),
        }
    }
}

/// How many octets of a full file the first `tile.width` hashes or entries take.
fn beginning(octets: &[u8], tile: Tile) -> usize {
    if let TileKind::Hashes(_) = tile.kind {
        return 32 * usize::from(tile.width);
    }
    let mut end: usize = 0;
    for _ in 0..tile.width {
        let Some(length) = octets.get(end..).and_then(|rest| rest.first_chunk::<2>()) else { break };
        end += 2 + usize::from(u16::from_be_bytes(*length));
    }
    end
}
