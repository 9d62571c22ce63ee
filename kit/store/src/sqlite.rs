//! SQLite: one writer thread with group commit, reader threads on WAL snapshots.

mod backup;
mod checkpoint;
mod conn;
mod error;
mod owner;
mod reader;
mod writer;

pub(crate) use backup::copy_to;
pub(crate) use conn::{Conn, cell};

use crate::{Options, StoreError, db::Access, queue::Queue};
use owner::Owner;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

/// The threads behind a store on SQLite.
pub(crate) struct Sqlite {
    pub(crate) path: PathBuf,
    pub(crate) writes: Arc<Queue>,
    pub(crate) reads: Arc<Queue>,
    pub(crate) shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the threads and the handle tell each other.
#[derive(Default)]
pub(crate) struct Shared {
    /// Counts calls of `jump_ids`: ids taken before the last one are not handed out any more.
    pub(crate) jumps: AtomicU64,
    /// Why the last commit failed; `None` once one succeeds.
    last_commit: Mutex<Option<StoreError>>,
}

impl Shared {
    pub(crate) fn jump(&self) -> u64 {
        self.jumps.load(Ordering::Acquire)
    }

    pub(crate) fn last_commit(&self) -> Option<StoreError> {
        self.last_commit.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_last_commit(&self, failure: Option<StoreError>) {
        *self.last_commit.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }
}

impl Sqlite {
    /// Opens the file and starts the threads. Blocks.
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let this = Self {
            path: path.to_owned(),
            writes: Arc::default(),
            reads: Arc::default(),
            shared: Arc::default(),
            threads: Mutex::default(),
        };
        match options.access {
            Access::Own => {
                let owner = Owner::claim(path)?;
                let (queue, shared) = (this.writes.clone(), this.shared.clone());
                let writer = writer::Opening::new(path, options, queue, shared, owner)?;
                this.start("store-writer", move || writer.run())?;
            }
            Access::ReadOnly => this.writes.close(),
        }
        for number in 0..options.readers.max(1) {
            let reader = reader::Reader::open(path, options, this.reads.clone())?;
            this.start(&format!("store-reader-{number}"), move || reader.run())?;
        }
        Ok(this)
    }

    fn start(&self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        let thread = thread.map_err(|e| StoreError::Io(format!("no thread {name}: {e}")))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Lets the threads end once their queues are empty.
    pub(crate) fn close(&self) {
        self.writes.close();
        self.reads.close();
    }

    /// The threads, to wait for.
    pub(crate) fn threads(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
