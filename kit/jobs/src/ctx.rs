//! What a handler is given: the job, and the two ways of committing an effect exactly once.

use crate::{Enqueued, JobError, JobId, NewJob, Payload, enqueue, table};
use core_words::UtcMicros;
use kit_clock::SharedClock;
use kit_store::{Db, StoreError, Tx};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// One run of one job, under a lease.
pub struct JobCtx {
    pub(crate) db: Db,
    pub(crate) clock: SharedClock,
    pub(crate) lease: Duration,
    pub(crate) claim: table::Claim,
    pub(crate) job: table::Claimed,
    /// Set when `finish` ran; if its transaction is then rolled back, the lease runs out and the job runs again.
    pub(crate) finished: AtomicBool,
}

impl JobCtx {
    /// The job's number: the same in every run, and so the key for whatever it orders elsewhere.
    pub fn id(&self) -> JobId {
        self.claim.id
    }

    /// Which run this is, the first being 1. Starts again after [`save_progress`](Self::save_progress).
    pub fn attempt(&self) -> u16 {
        self.job.attempt
    }

    /// What was queued.
    pub fn payload(&self) -> &Payload {
        &self.job.payload
    }

    /// What the last committed [`save_progress`](Self::save_progress) of an earlier run left.
    pub fn progress(&self) -> Option<&[u8]> {
        self.job.progress.as_deref()
    }

    /// When the job was queued.
    pub fn created(&self) -> UtcMicros {
        self.job.created
    }

    /// Now.
    pub fn now(&self) -> UtcMicros {
        self.clock.now()
    }

    /// The database of the queue.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Marks the job as done, in the transaction of its effect: both are committed, or neither.
    ///
    /// # Errors
    /// [`JobError::Lost`] when another worker has taken the job over: pass it on, so that `tx` is rolled back.
    /// Otherwise those of the store.
    pub fn finish(&self, tx: &mut Tx) -> Result<(), JobError> {
        table::finish(tx, &self.claim, self.clock.now())?;
        self.finished.store(true, Ordering::Release);
        Ok(())
    }

    /// Commits one chunk of a long job: keeps `progress` for a later run, renews the lease and forgives earlier
    /// failures, in the transaction of the chunk's effect.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn save_progress(&self, tx: &mut Tx, progress: &[u8]) -> Result<(), JobError> {
        table::save_progress(tx, &self.claim, progress, self.lease_until())
    }

    /// Queues a further job in the transaction of an effect.
    ///
    /// # Errors
    /// Those of the store.
    pub fn enqueue(&self, tx: &mut Tx, job: &NewJob) -> Result<Enqueued, StoreError> {
        enqueue(tx, job, self.clock.now())
    }

    /// Until when the lease holds if it is renewed now.
    pub(crate) fn lease_until(&self) -> UtcMicros {
        table::until(self.clock.now(), self.lease)
    }
}
