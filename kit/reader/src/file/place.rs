//! How files of cards and of their keys are opened, locked and replaced. No link is followed at the last step.

use super::error::{FileError, What};
use rustix::{fs::OFlags, io::Errno};
use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Who made the file, and nobody else, reads and writes it.
const PRIVATE: u32 = 0o600;

/// The steps of a write, in their order: a test ends the process after each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Begun,
    DraftMade,
    HalfWritten,
    Written,
    Synced,
    Renamed,
    FolderSynced,
}

impl What {
    fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::AlreadyExists => Self::Exists,
            io::ErrorKind::IsADirectory => Self::NotPlain,
            // O_NOFOLLOW at a link.
            _ if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => Self::NotPlain,
            _ => Self::Io(error),
        }
    }
}

/// Opens a plain file. Never waits, as opening a pipe would.
fn open(path: &Path, options: &mut OpenOptions) -> Result<File, What> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).expect("flags of open(2) are an int");
    let file = options.mode(PRIVATE).custom_flags(flags).open(path).map_err(What::of)?;
    if file.metadata().map_err(What::Io)?.is_file() { Ok(file) } else { Err(What::NotPlain) }
}

/// What is in a plain file of at most `most` octets, and its permissions.
pub(super) fn read(path: &Path, most: usize) -> Result<(Zeroizing<Vec<u8>>, u32), What> {
    let file = open(path, OpenOptions::new().read(true))?;
    let mode = file.metadata().map_err(What::Io)?.mode();
    // One more than allowed shows that there is too much. The room is there from the start: a vector that grows leaves
    // copies of its octets behind.
    let mut octets = Zeroizing::new(Vec::with_capacity(most + 2));
    file.take(most as u64 + 1).read_to_end(&mut octets).map_err(What::Io)?;
    if octets.len() > most { Err(What::TooLarge) } else { Ok((octets, mode)) }
}

/// `path` with something behind its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(ending);
    path.with_file_name(name)
}

/// A lock, held until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Not left to the closing: a child that another thread is just starting has the handle until its exec.
        let _ = self.0.unlock();
    }
}

/// Locks the file at `path`, made where needed. The file stays: who removed it would pull it away from under a lock that
/// somebody else has just taken.
pub(super) fn lock(path: &Path) -> Result<Lock, FileError> {
    let file = open(path, OpenOptions::new().write(true).create(true).truncate(false))
        .map_err(|what| what.at(path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(What::InUse.at(path)),
        Err(TryLockError::Error(e)) => Err(What::Io(e).at(path)),
    }
}

/// The folder of `path`.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whoever takes the place: over what is there, or only where nothing is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Any,
    Nothing,
}

/// Writes `octets` into the file at `path`, wholly or not at all, durable when this returns. `draft` is the name that
/// it has in between; only one process at a time may use it.
pub(super) fn write(
    path: &Path,
    draft: &Path,
    octets: &[u8],
    over: Over,
    after: &mut dyn FnMut(Step),
) -> Result<(), FileError> {
    let io = |error| What::Io(error).at(draft);
    // Nothing is looked for here: what is missing is the folder.
    let at_draft = |what| match what {
        What::Missing => io(io::ErrorKind::NotFound.into()),
        what => what.at(draft),
    };
    after(Step::Begun);
    // What a process left that was killed half-way.
    match std::fs::remove_file(draft) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(at_draft(What::of(e))),
        _ => {}
    }
    let mut file = open(draft, OpenOptions::new().write(true).create_new(true)).map_err(at_draft)?;
    after(Step::DraftMade);
    let (first, second) = octets.split_at(octets.len() / 2);
    file.write_all(first).map_err(io)?;
    after(Step::HalfWritten);
    file.write_all(second).map_err(io)?;
    after(Step::Written);
    file.sync_all().map_err(io)?;
    after(Step::Synced);
    match over {
        Over::Any => std::fs::rename(draft, path).map_err(|e| What::of(e).at(path))?,
        Over::Nothing => {
            // A rename would replace what is there; a second name never does.
            let linked = std::fs::hard_link(draft, path).map_err(|e| What::of(e).at(path));
            let _ = std::fs::remove_file(draft);
            linked?;
        }
    }
    after(Step::Renamed);
    let folder = folder(path);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| What::Io(e).at(folder))?;
    after(Step::FolderSynced);
    Ok(())
}
