//! Moves the write-ahead log into the database file without holding the writer up.
//!
//! A thread with a connection of its own copies the bulk (PASSIVE takes no lock the writer needs). What came in
//! meanwhile is little; the writer copies that itself between two groups, and the log begins anew.

use super::error::store_error;
use crate::StoreError;
use rusqlite::Connection;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

/// The log is moved once it has this many pages of 4 KiB, 64 MiB in all: each time the writer's cache begins anew.
const PAGES_TO_MOVE: u32 = 16_384;
/// The writer does the rest once it is at most this many pages, or after so many passes.
const PAGES_FOR_WRITER: u32 = 1_024;
const PASSES: usize = 4;
/// How long the writer waits for readers of the old log; if they stay longer, the log grows on until the next time.
const WAIT_FOR_READERS: Duration = Duration::from_millis(5);

/// The writer's end.
pub(super) struct Checkpoints {
    shared: Arc<Shared>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The pages in the log when the last attempt to begin it anew failed.
    tried_at: u32,
}

#[derive(Default)]
struct Shared {
    /// Pages in the log, as the writer's last commit saw it.
    pages: AtomicU32,
    /// The thread has copied the bulk.
    bulk_done: AtomicBool,
    running: AtomicBool,
}

impl Checkpoints {
    /// Starts the thread and takes over SQLite's own checkpoints on the writer's connection.
    pub(super) fn start(path: &Path, writer: &mut Connection) -> Result<Self, StoreError> {
        let open = |e| store_error(e, "open");
        let shared = Arc::new(Shared::default());
        let seen = shared.clone();
        writer
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
                seen.pages.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
                Ok(())
            }))
            .map_err(open)?;
        let db = Connection::open(path).map_err(open)?;
        db.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;").map_err(open)?;
        let (wake, woken) = sync_channel(1);
        let mover = Mover { db, shared: shared.clone() };
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || mover.run(&woken))
            .map_err(|e| StoreError::Io(format!("no thread for checkpoints: {e}")))?;
        Ok(Self { shared, wake: Some(wake), thread: Some(thread), tried_at: 0 })
    }

    /// Called by the writer between two groups: cheap unless the log is long.
    pub(super) fn tend(&mut self, writer: &Connection) {
        let pages = self.shared.pages.load(Ordering::Relaxed);
        if pages < self.tried_at {
            self.tried_at = 0;
        }
        if self.shared.bulk_done.swap(false, Ordering::Acquire) {
            self.tried_at = pages;
            if begin_anew(writer) {
                self.tried_at = 0;
                self.shared.pages.store(0, Ordering::Relaxed);
            }
            self.shared.running.store(false, Ordering::Release);
        } else if pages > self.tried_at + PAGES_TO_MOVE && !self.shared.running.swap(true, Ordering::AcqRel) {
            // A full channel means that the thread is awake already.
            let _ = self.wake.as_ref().map(|wake| wake.try_send(()));
        }
    }

    /// Ends the thread and empties the log. Called when the store is closed.
    pub(super) fn finish(mut self, writer: &Connection) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = writer.busy_timeout(Duration::from_millis(100));
        if let Err(error) = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())) {
            // The log stays and is read at the next open; nothing is lost.
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
    }
}

/// Copies what is left and lets the log begin anew; false when readers of the old one prevent it.
fn begin_anew(writer: &Connection) -> bool {
    let _ = writer.busy_timeout(WAIT_FOR_READERS);
    let result = writer.query_row("PRAGMA wal_checkpoint(RESTART)", (), |row| row.get::<_, i64>(0));
    let _ = writer.busy_timeout(super::writer::BUSY);
    match result {
        Ok(busy) => busy == 0,
        Err(error) => {
            tracing::warn!(%error, "the write-ahead log could not be moved into the database; it will be tried again");
            false
        }
    }
}

/// The thread that copies the bulk.
struct Mover {
    db: Connection,
    shared: Arc<Shared>,
}

impl Mover {
    fn run(self, woken: &Receiver<()>) {
        while woken.recv().is_ok() {
            for _ in 0..PASSES {
                let moved =
                    self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| row.get::<_, i64>(2));
                match moved {
                    Ok(moved) => {
                        let pages = i64::from(self.shared.pages.load(Ordering::Relaxed));
                        if pages - moved <= i64::from(PAGES_FOR_WRITER) {
                            break;
                        }
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a checkpoint failed; it will be tried again");
                        break;
                    }
                }
            }
            self.shared.bulk_done.store(true, Ordering::Release);
        }
    }
}
