//! One process owns a database file.
//!
//! Two programs that write to one file would hand out the same ids and wait for each other's locks. The owner holds a
//! lock on a file beside the database; the kernel lets go of it when the process ends, however it ends.

use crate::StoreError;
use rustix::fs::{FlockOperation, flock};
use std::{
    fs::File,
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Opens a file for reading and writing that nobody but this user may read, creating it where needed.
///
/// SQLite gives its log the rights that the database file has.
pub(super) fn private(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// The right to write to a database file, until dropped.
pub(super) struct Owner {
    lock: File,
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Not left to the closing: a child that another thread is just starting has the handle until its exec.
        let _ = flock(&self.lock, FlockOperation::Unlock);
    }
}

impl Owner {
    /// Claims the database file at `path`.
    ///
    /// # Errors
    /// [`StoreError::Busy`] naming the process that owns it.
    pub(super) fn claim(path: &Path) -> Result<Self, StoreError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let io = |e: io::Error| StoreError::Io(format!("{}: {e}", name.display()));
        let mut lock = private(Path::new(&name)).map_err(io)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut owner = String::new();
                // Who it is makes the message better; that it is, is certain.
                let _ = Read::by_ref(&mut lock).take(32).read_to_string(&mut owner);
                let who = if owner.trim().is_empty() { String::new() } else { format!(" {}", owner.trim()) };
                return Err(StoreError::Busy(format!("{} is owned by process{who}", path.display())));
            }
            Err(e) => return Err(io(e.into())),
        }
        lock.set_len(0).map_err(io)?;
        // Only for the message above: a full disk must not keep the owner out.
        let _ = writeln!(lock, "{}", std::process::id());
        Ok(Self { lock })
    }
}
