//! Files the store keeps beside the database: lists, documents, exports.

use crate::StoreError;
use std::{
    fs::{self, File},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// The longest name of a blob, in octets.
pub const MAX_NAME: usize = 512;

/// What a blob is called: parts of `A-Z a-z 0-9 . _ -` with slashes between; no part begins with a dot.
///
/// So a name can neither leave the directory nor meet a file that is being written.
fn check_name(name: &str) -> Result<(), StoreError> {
    let part_ok = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    if name.len() <= MAX_NAME && name.split('/').all(part_ok) {
        return Ok(());
    }
    Err(StoreError::Io(format!("not the name of a blob: {name:?}")))
}

/// A store of blobs. All calls block: from async code, call from a blocking thread.
pub trait BlobStore: Send + Sync {
    /// Begins a blob. Nobody sees it under `name` before [`BlobWriter::finish`].
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Full`].
    fn writer(&self, name: &str) -> Result<Box<dyn BlobWriter>, StoreError>;

    /// Opens a blob, or `None` when there is none of this name. A blob that is replaced later stays what it
    /// was for whoever has it open.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    fn open(&self, name: &str) -> Result<Option<Box<dyn Blob>>, StoreError>;

    /// Deletes a blob; false when there was none.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    fn delete(&self, name: &str) -> Result<bool, StoreError>;

    /// The names of all blobs that begin with `prefix`, in order.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError>;

    /// Stores `octets` as one blob, durable when this returns, in the place of any earlier one.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Full`].
    fn put(&self, name: &str, octets: &[u8]) -> Result<(), StoreError> {
        let mut writer = self.writer(name)?;
        writer.write_all(octets).map_err(|e| io_error(name, &e))?;
        writer.finish()
    }

    /// A whole blob in memory, or `None` when there is none; `max` octets at most.
    ///
    /// # Errors
    /// [`StoreError::Io`], also when it is longer than `max`.
    fn get(&self, name: &str, max: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(blob) = self.open(name)? else { return Ok(None) };
        if blob.size() > max {
            return Err(StoreError::Io(format!("{name} is longer than {max} octets")));
        }
        let mut octets = Vec::new();
        blob.take(max).read_to_end(&mut octets).map_err(|e| io_error(name, &e))?;
        Ok(Some(octets))
    }
}

/// A blob being written. Dropped before [`finish`](BlobWriter::finish), it leaves nothing behind.
pub trait BlobWriter: Write + Seek + Send {
    /// Makes the blob durable and visible, in one step.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Full`]; an earlier blob of this name is then untouched.
    fn finish(self: Box<Self>) -> Result<(), StoreError>;
}

/// A blob open for reading.
pub trait Blob: Read + Seek + Send {
    /// Its length in octets.
    fn size(&self) -> u64;
}

/// Blobs as files under one directory.
#[derive(Clone, Debug)]
pub struct DirectoryBlobs {
    root: PathBuf,
}

impl DirectoryBlobs {
    /// Opens the directory, creating it where needed. One process at a time may write to it: what a crash left half
    /// written is removed here.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = root.into();
        fs::create_dir_all(&root).map_err(|e| io_error(&root.display().to_string(), &e))?;
        walk(&root, &mut |path, partial| if partial { fs::remove_file(path) } else { Ok(()) })
            .map_err(|e| io_error(&root.display().to_string(), &e))?;
        Ok(Self { root })
    }

    /// Opens the directory only to read from it, also while another process writes to it.
    #[must_use]
    pub fn for_reading(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The file of a blob, whether it exists or not: for handing to a web server or a tool.
    ///
    /// # Errors
    /// [`StoreError::Io`] when `name` is not the name of a blob.
    pub fn path(&self, name: &str) -> Result<PathBuf, StoreError> {
        check_name(name)?;
        Ok(self.root.join(name))
    }
}

impl BlobStore for DirectoryBlobs {
    fn writer(&self, name: &str) -> Result<Box<dyn BlobWriter>, StoreError> {
        /// Tells apart two writers of one name.
        static SERIAL: AtomicU64 = AtomicU64::new(0);
        let place = self.path(name)?;
        let parent = place.parent().unwrap_or(&self.root);
        make_directories(&self.root, parent).map_err(|e| io_error(name, &e))?;
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let partial = parent.join(format!("{PARTIAL}{}-{serial}", std::process::id()));
        let file = File::create_new(&partial).map_err(|e| io_error(name, &e))?;
        Ok(Box::new(FileWriter { file, partial: Partial(partial), place, name: name.to_owned() }))
    }

    fn open(&self, name: &str) -> Result<Option<Box<dyn Blob>>, StoreError> {
        let open = File::open(self.path(name)?).and_then(|file| Ok((file.metadata()?, file)));
        match open {
            Ok((about, file)) if about.is_file() => Ok(Some(Box::new(FileBlob { file, size: about.len() }))),
            Ok(_) => Ok(None),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(e) => Err(io_error(name, &e)),
        }
    }

    fn delete(&self, name: &str) -> Result<bool, StoreError> {
        let place = self.path(name)?;
        match fs::remove_file(&place) {
            Ok(()) => sync_parent(&place).map(|()| true),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(io_error(name, &e)),
        }
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        let mut found = |path: &Path, partial: bool| {
            // Every file here was named by `check_name`, so its name is text.
            let name = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
            names.extend(name.filter(|name| !partial && name.starts_with(prefix)).map(str::to_owned));
            Ok(())
        };
        walk(&self.root, &mut found).map_err(|e| io_error(prefix, &e))?;
        names.sort_unstable();
        Ok(names)
    }
}

/// How the names of files that are being written begin.
const PARTIAL: &str = ".partial-";

/// Removes the file when dropped; after the rename there is none.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

struct FileWriter {
    file: File,
    partial: Partial,
    place: PathBuf,
    name: String,
}

impl Write for FileWriter {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.file.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for FileWriter {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl BlobWriter for FileWriter {
    fn finish(self: Box<Self>) -> Result<(), StoreError> {
        let move_in = || {
            self.file.sync_all()?;
            fs::rename(&self.partial.0, &self.place)
        };
        move_in().map_err(|e| io_error(&self.name, &e))?;
        sync_parent(&self.place)
    }
}

struct FileBlob {
    file: File,
    size: u64,
}

impl Read for FileBlob {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into)
    }
}

impl Seek for FileBlob {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Blob for FileBlob {
    fn size(&self) -> u64 {
        self.size
    }
}

/// Creates the directories from `root` down to `parent`, each durable in the one above it.
fn make_directories(root: &Path, parent: &Path) -> io::Result<()> {
    if parent == root || parent.is_dir() {
        return Ok(());
    }
    if let Some(above) = parent.parent() {
        make_directories(root, above)?;
    }
    match fs::create_dir(parent) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
        _ => parent.parent().map_or(Ok(()), |above| File::open(above)?.sync_all()),
    }
}

/// Makes the entry of a file in its directory durable.
pub(crate) fn sync_parent(path: &Path) -> Result<(), StoreError> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)
        .and_then(|directory| directory.sync_all())
        .map_err(|e| io_error(&parent.display().to_string(), &e))
}

/// Visits every file below `directory`; `partial` for those being written.
fn walk(directory: &Path, visit: &mut dyn FnMut(&Path, bool) -> io::Result<()>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), visit)?;
        } else {
            let partial = entry.file_name().to_string_lossy().starts_with(PARTIAL);
            visit(&entry.path(), partial)?;
        }
    }
    Ok(())
}

fn io_error(what: &str, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full(format!("{what}: {error}"))
        }
        _ => StoreError::Io(format!("{what}: {error}")),
    }
}
