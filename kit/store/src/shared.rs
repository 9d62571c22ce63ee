//! What the threads behind a store and its handle tell each other.

use crate::StoreError;
use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

/// Shared by all threads of one store.
#[derive(Default)]
pub(crate) struct Shared {
    /// Counts calls of `jump_ids`: ids taken before the last one are not handed out any more.
    jumps: AtomicU64,
    failing: AtomicBool,
    /// Why the last commit failed; `None` once one succeeds.
    last_commit: Mutex<Option<StoreError>>,
    /// Held by the writer whose turn it is among those that keep contradicting each other.
    turn: Mutex<()>,
}

impl Shared {
    pub(crate) fn jump(&self) -> u64 {
        self.jumps.load(Ordering::Acquire)
    }

    pub(crate) fn count_jump(&self) {
        self.jumps.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn last_commit(&self) -> Option<StoreError> {
        self.last_commit.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a turn among the writers that have contradicted others more than once: of those, one runs at a time.
    /// Asked for between transactions alone, so that nobody waits here who holds a lock of the database.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Called after each commit: one look at a flag while all is well.
    pub(crate) fn commit_succeeded(&self) {
        if self.failing.load(Ordering::Relaxed) && self.failing.swap(false, Ordering::AcqRel) {
            *self.last_commit.lock().unwrap_or_else(PoisonError::into_inner) = None;
            tracing::info!("commits succeed again");
        }
    }

    /// Called after each commit that failed; only the first of a row is an event for the log.
    pub(crate) fn commit_failed(&self, error: &StoreError) {
        *self.last_commit.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
        if !self.failing.swap(true, Ordering::AcqRel) {
            tracing::error!(%error, "a commit failed; it will be told when commits succeed again");
        }
    }
}

/// Threads to wait for when the store is closed.
#[derive(Default)]
pub(crate) struct Threads(Mutex<Vec<JoinHandle<()>>>);

impl Threads {
    pub(crate) fn start(&self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        let thread = thread.map_err(|e| StoreError::Io(format!("no thread {name}: {e}")))?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    pub(crate) fn take(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
