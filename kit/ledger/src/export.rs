//! Writing the log to a directory in the form of C2SP tlog-tiles: a copy that anyone can keep and check.

use crate::{
    LedgerError,
    layout::{CHECKPOINT_FILE, KEY_FILE, Tile, TileKind},
    merkle::{TILE_WIDTH, hashes_at},
    query,
    tiles::{read_bundle, read_tile},
};
use kit_store::{Db, Tx};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// Files read in one transaction and written together: about 1 MiB.
const BATCH: usize = 16;

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Entries in the copy.
    pub size: u64,
    /// Files that were written.
    pub written: u64,
    /// Files that were there already with the same octets, from an earlier export.
    pub unchanged: u64,
}

/// Writes the log, as of its newest checkpoint, to the folder `dir`: `checkpoint`, `key`, `tile/…`.
///
/// Into a folder with an earlier export only what is new or different is written. The checkpoint is replaced
/// last and at once, so that the folder is a whole log at every moment. The log may go on growing meanwhile.
///
/// # Errors
/// [`LedgerError::Unsigned`] when there is no checkpoint yet; those of the store and of the files.
pub async fn export(db: &Db, dir: &Path) -> Result<Exported, LedgerError> {
    let checkpoint = db.read(query::latest_checkpoint).await?.ok_or(LedgerError::Unsigned)?;
    let mut exported = Exported { size: checkpoint.size, written: 0, unchanged: 0 };
    let mut tiles = tiles_of(checkpoint.size);
    loop {
        let batch: Vec<Tile> = tiles.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let files = db.read(move |tx| read(tx, &batch)).await?;
        write(dir, files, &mut exported).await?;
    }
    let head = [(KEY_FILE, format!("{}\n", checkpoint.verifier)), (CHECKPOINT_FILE, checkpoint.note)];
    for (name, text) in head {
        write(dir, vec![(name.to_owned(), text.into_bytes())], &mut exported).await?;
    }
    Ok(exported)
}

/// Every file of tiles that a tree of `size` entries has, entries first, then the levels from below.
pub(crate) fn tiles_of(size: u64) -> impl Iterator<Item = Tile> {
    let levels = (0..=7u8).take_while(move |level| hashes_at(size, u32::from(*level)) > 0);
    let kinds = std::iter::once((TileKind::Entries, size))
        .filter(|(_, entries)| *entries > 0)
        .chain(levels.map(move |level| (TileKind::Hashes(level), hashes_at(size, u32::from(level)))));
    kinds.flat_map(|(kind, count)| {
        let width = TILE_WIDTH as u64;
        (0..count.div_ceil(width)).map(move |index| Tile {
            kind,
            index,
            width: (count - index * width).min(width) as u16,
        })
    })
}

fn read(tx: &mut Tx, batch: &[Tile]) -> Result<Vec<(String, Vec<u8>)>, LedgerError> {
    let mut files = Vec::with_capacity(batch.len());
    for tile in batch {
        let content = match tile.kind {
            TileKind::Entries => read_bundle(tx, tile.index, tile.width)?,
            TileKind::Hashes(_) => read_tile(tx, *tile)?.ok_or_else(|| LedgerError::Missing(tile.path()))?,
        };
        files.push((tile.path(), content));
    }
    Ok(files)
}

/// Writes files on a thread that may wait.
async fn write(
    dir: &Path,
    files: Vec<(String, Vec<u8>)>,
    exported: &mut Exported,
) -> Result<(), LedgerError> {
    let dir = dir.to_owned();
    let all = files.len() as u64;
    let put_all = move || -> Result<u64, LedgerError> {
        let written = files.iter().map(|(name, content)| put(&dir.join(name), content).map(u64::from));
        written.sum()
    };
    let stopped = |error: tokio::task::JoinError| LedgerError::File {
        file: "the export".to_owned(),
        reason: error.to_string(),
    };
    let written = tokio::task::spawn_blocking(put_all).await.map_err(stopped)??;
    let unchanged = all - written;
    exported.written += written;
    exported.unchanged += unchanged;
    Ok(())
}

/// Puts a file in place, whole; false when it is there already.
fn put(file: &Path, content: &[u8]) -> Result<bool, LedgerError> {
    let refused = |error: std::io::Error| LedgerError::File {
        file: file.display().to_string(),
        reason: error.to_string(),
    };
    if std::fs::read(file).is_ok_and(|there| there == content) {
        return Ok(false);
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut draft = file.as_os_str().to_owned();
    draft.push(".tmp");
    let draft = PathBuf::from(draft);
    let mut out = std::fs::File::create(&draft).map_err(refused)?;
    out.write_all(content).and_then(|()| out.sync_all()).map_err(refused)?;
    std::fs::rename(&draft, file).map_err(refused)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k08_a_tree_of_70000_has_the_files_that_tlog_tiles_says() {
        let tiles: Vec<Tile> = tiles_of(70_000).collect();
        let count = |kind, full| tiles.iter().filter(|t| t.kind == kind && t.is_full() == full).count();
        assert_eq!((count(TileKind::Hashes(0), true), count(TileKind::Hashes(0), false)), (273, 1));
        assert_eq!((count(TileKind::Hashes(1), true), count(TileKind::Hashes(1), false)), (1, 1));
        assert_eq!((count(TileKind::Hashes(2), true), count(TileKind::Hashes(2), false)), (0, 1));
        let widths: Vec<u16> = tiles.iter().filter(|t| !t.is_full()).map(|t| t.width).collect();
        assert_eq!(widths, [112, 112, 17, 1]);
        assert_eq!(tiles.len(), 274 * 2 + 2 + 1);
        // "A tree of size 256 will be represented by a full level 0 tile and a partial level 1 tile of width 1."
        let paths: Vec<String> = tiles_of(256).map(|t| t.path()).collect();
        assert_eq!(paths, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(tiles_of(0).count(), 0);
    }
}
