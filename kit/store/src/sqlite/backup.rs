//! A consistent copy of a database in use.

use super::{error::store_error, owner::private, reader::open_read_only};
use crate::StoreError;
use rusqlite::{Connection, backup::Backup};
use std::{fs, fs::File, path::Path};

/// Copies the database at `from` to the new file `to`, as of one moment. Blocks; readers and the writer go on.
///
/// The copy is written under another name, synced, and renamed: `to` exists only whole.
pub(crate) fn copy_to(from: &Path, to: &Path) -> Result<(), StoreError> {
    let io = |e: std::io::Error| StoreError::Io(format!("{}: {e}", to.display()));
    if to.exists() {
        return Err(StoreError::Io(format!("{} exists already", to.display())));
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    if partial.exists() {
        fs::remove_file(partial).map_err(io)?;
    }
    let copied = copy(from, partial).and_then(|()| {
        File::open(partial).and_then(|file| file.sync_all()).map_err(io)?;
        fs::rename(partial, to).map_err(io)?;
        crate::blobs::sync_parent(to)
    });
    if copied.is_err() {
        // The copy is of no use; that it failed is what the caller must hear.
        let _ = fs::remove_file(partial);
    }
    copied
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let failed = |e| store_error(e, "backup");
    let source = open_read_only(from)?;
    // An open read transaction fixes the moment: the backup need not start over when the writer commits.
    source.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1;").map_err(failed)?;
    private(to).map_err(|e| StoreError::Io(format!("{}: {e}", to.display())))?;
    let mut target = Connection::open(to).map_err(failed)?;
    {
        let backup = Backup::new(&source, &mut target).map_err(failed)?;
        backup.step(-1).map_err(failed)?;
    }
    // The copy is one file, without a log of its own beside it.
    target.query_row("PRAGMA journal_mode = DELETE", (), |_| Ok(())).map_err(failed)?;
    target.close().map_err(|(_, e)| failed(e))
}
