//! Names and forms of the files of an exported log, after C2SP tlog-tiles.
//!
//! ```text
//! checkpoint                        the newest signed tree head
//! tile/<L>/<N>[.p/<W>]              hashes: level L, tile N, W of 256 hashes when partial
//! tile/entries/<N>[.p/<W>]          entries: each a big-endian u16 length and that many octets
//! ```
//! N is written in groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`.

use crate::merkle::{Hash, TILE_WIDTH};
use std::fmt;

/// The name of the file with the newest checkpoint.
pub const CHECKPOINT_FILE: &str = "checkpoint";
/// The name of the file with the public key, in the textual form of [`VerifierKey`](crate::VerifierKey).
pub const KEY_FILE: &str = "key";
/// The longest entry that the two length octets of an entry bundle can hold.
pub(crate) const MAX_ENTRY_IN_BUNDLE: usize = u16::MAX as usize;

/// One immutable file of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// Whether it holds hashes (and of which level) or entries.
    pub kind: TileKind,
    /// Its number within the level.
    pub index: u64,
    /// How many hashes or entries it holds: 1 to 256.
    pub width: u16,
}

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileKind {
    /// The entries themselves.
    Entries,
    /// Hashes; level 0 has those of the entries, each level above those of full tiles below.
    Hashes(u8),
}

/// An entry bundle that is not what its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBundle {
    /// It ends within an entry.
    #[error("it ends within entry {0}")]
    Truncated(u16),
    /// It has more octets than its entries.
    #[error("{0} octets follow the last entry")]
    Trailing(usize),
}

impl Tile {
    /// The longest name that is looked at: more than the longest one that a tile can have.
    const MAX_PATH: usize = 64;

    /// The file's name relative to the log's folder.
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// Reads a file's name; `None` for every other name, one with superfluous zeros included.
    pub fn parse(path: &str) -> Option<Self> {
        if path.len() > Self::MAX_PATH {
            return None;
        }
        let rest = path.strip_prefix("tile/")?;
        let (kind, rest) = rest.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(plain_number(level).filter(|l| *l <= 63)? as u8),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, plain_number(width).filter(|w| (1..=255).contains(w))? as u16),
            None => (rest, TILE_WIDTH as u16),
        };
        let tile = Self { kind, index: parse_index(index)?, width };
        // One file has one name: leading groups of zeros do not come back the same.
        (tile.path() == path).then_some(tile)
    }

    /// Whether it holds all 256.
    pub fn is_full(&self) -> bool {
        usize::from(self.width) == TILE_WIDTH
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries/")?,
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut left = self.index / 1000;
        while left > 0 {
            groups.push(left % 1000);
            left /= 1000;
        }
        for group in groups[1..].iter().rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// The hashes of a hash tile, or `None` when its length is not that of `width` hashes.
pub(crate) fn decode_hashes(octets: &[u8], width: u16) -> Option<Vec<Hash>> {
    let (hashes, rest) = octets.as_chunks::<32>();
    (rest.is_empty() && hashes.len() == usize::from(width)).then(|| hashes.to_vec())
}

/// Puts an entry into a bundle.
///
/// # Panics
/// When the entry is longer than [`MAX_ENTRY_IN_BUNDLE`]; entries of the ledger are at most 4 KiB.
pub(crate) fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) {
    let length =
        u16::try_from(entry.len()).expect("entries are at most 4 KiB, checked when they are appended");
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
}

/// Takes `width` entries out of a bundle.
///
/// # Errors
/// When the bundle holds fewer or more octets than these entries.
pub fn split_bundle(bundle: &[u8], width: u16) -> Result<Vec<&[u8]>, BadBundle> {
    let mut rest = bundle;
    let mut entries = Vec::with_capacity(usize::from(width));
    for number in 0..width {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(BadBundle::Truncated(number))?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(BadBundle::Truncated(number))?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(BadBundle::Trailing(rest.len())) }
}

/// A decimal number without superfluous zeros.
pub(crate) fn plain_number(text: &str) -> Option<u64> {
    let plain = !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

fn parse_index(text: &str) -> Option<u64> {
    let mut groups = text.split('/').peekable();
    let mut index: u64 = 0;
    while let Some(group) = groups.next() {
        let digits = if groups.peek().is_some() { group.strip_prefix('x')? } else { group };
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    Some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(level: u8, index: u64, width: u16) -> Tile {
        Tile { kind: TileKind::Hashes(level), index, width }
    }

    #[test]
    fn k08_paths_are_those_of_tlog_tiles() {
        for (tile, path) in [
            (hashes(0, 0, 256), "tile/0/000"),
            (hashes(2, 999, 7), "tile/2/999.p/7"),
            (hashes(63, 1000, 256), "tile/63/x001/000"),
            (hashes(0, 1_234_067, 256), "tile/0/x001/x234/067"),
            (
                Tile { kind: TileKind::Entries, index: 1_234_067, width: 255 },
                "tile/entries/x001/x234/067.p/255",
            ),
            (hashes(0, u64::MAX, 1), "tile/0/x018/x446/x744/x073/x709/x551/615.p/1"),
        ] {
            assert_eq!(tile.path(), path);
            assert_eq!(Tile::parse(path), Some(tile));
        }
    }

    #[test]
    fn names_that_are_nearly_right_are_refused() {
        for path in [
            "tile/0/0",
            "tile/0/0000",
            "tile/00/000",
            "tile/64/000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/",
            "tile/entries",
            "tile/-1/000",
            "tile/0/00a",
            "/tile/0/000",
            "tile/0/000/",
            "checkpoint",
            "",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/0/../000",
        ] {
            assert_eq!(Tile::parse(path), None, "{path}");
        }
    }

    #[test]
    fn bundles_lead_back_and_are_exact() {
        let mut bundle = Vec::new();
        let entries: [&[u8]; 3] = [b"", b"a", &[7; 300]];
        for entry in entries {
            push_entry(&mut bundle, entry);
        }
        assert_eq!(split_bundle(&bundle, 3).expect("three entries"), entries);
        assert_eq!(split_bundle(&bundle, 4), Err(BadBundle::Truncated(3)));
        assert_eq!(split_bundle(&bundle, 2), Err(BadBundle::Trailing(302)));
        assert_eq!(split_bundle(&bundle[..bundle.len() - 1], 3), Err(BadBundle::Truncated(2)));
    }
}
