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

use crate::{
    Options, StoreError,
    db::Access,
    queue::Queue,
    shared::{Shared, Threads},
};
use owner::Owner;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The threads behind a store on SQLite.
pub(crate) struct Sqlite {
    pub(crate) path: PathBuf,
    pub(crate) writes: Arc<Queue>,
    pub(crate) reads: Arc<Queue>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) threads: Threads,
}

impl Sqlite {
    /// Opens the file and starts the threads. Blocks.
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let this = Self {
            path: path.to_owned(),
            writes: Arc::default(),
            reads: Arc::default(),
            shared: Arc::default(),
            threads: Threads::default(),
        };
        let started = this.start(options);
        // Threads that run already must not wait for work that cannot come.
        started.inspect_err(|_| this.close()).map(|()| this)
    }

    fn start(&self, options: &Options) -> Result<(), StoreError> {
        match options.access {
            Access::Own => {
                let owner = Owner::claim(&self.path)?;
                let (queue, shared) = (self.writes.clone(), self.shared.clone());
                let writer = writer::Opening::new(&self.path, options, queue, shared, owner)?;
                self.threads.start("store-writer", move || writer.run())?;
            }
            Access::ReadOnly => self.writes.close(),
        }
        for number in 0..options.readers.max(1) {
            let reader = reader::Reader::open(&self.path, options, self.reads.clone())?;
            self.threads.start(&format!("store-reader-{number}"), move || reader.run())?;
        }
        Ok(())
    }

    /// Lets the threads end once their queues are empty.
    pub(crate) fn close(&self) {
        self.writes.close();
        self.reads.close();
    }
}
