//! What a handler is given: the job, and the two ways of committing an effect exactly once.

use crate::{
    Enqueued, JobError, JobId, NewJob, Payload, enqueue,
    table::{self, Claim, Claimed},
};
use core_words::UtcMicros;
use kit_clock::SharedClock;
use kit_store::{Db, StoreError, Tx};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// One run of one job, under a lease. Cheap to clone, so that the closure of a transaction can own one.
#[derive(Clone)]
pub struct JobCtx(Arc<Inner>);

struct Inner {
    db: Db,
    clock: SharedClock,
    lease: Duration,
    claim: Claim,
    job: Claimed,
    /// Set when `finish` ran; if its transaction is then rolled back, the lease runs out and the job runs again.
    finished: AtomicBool,
}

impl JobCtx {
    pub(crate) fn new(db: Db, clock: SharedClock, lease: Duration, claim: Claim, job: Claimed) -> Self {
        Self(Arc::new(Inner { db, clock, lease, claim, job, finished: AtomicBool::new(false) }))
    }

    /// The job's number: the same in every run, and so the key for whatever it orders elsewhere.
    pub fn id(&self) -> JobId {
        self.0.claim.id
    }

    /// Which run this is, the first being 1. Starts again after [`save_progress`](Self::save_progress).
    pub fn attempt(&self) -> u16 {
        self.0.job.attempt
    }

    /// What was queued.
    pub fn payload(&self) -> &Payload {
        &self.0.job.payload
    }

    /// What the last committed [`save_progress`](Self::save_progress) of an earlier run left.
    pub fn progress(&self) -> Option<&[u8]> {
        self.0.job.progress.as_deref()
    }

    /// When the job was queued.
    pub fn created(&self) -> UtcMicros {
        self.0.job.created
    }

    /// Now.
    pub fn now(&self) -> UtcMicros {
        self.0.clock.now()
    }

    /// The database of the queue.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Marks the job as done, in the transaction of its effect: both are committed, or neither.
    ///
    /// # Errors
    /// [`JobError::Lost`] when another worker has taken the job over: pass it on, so that `tx` is rolled back.
    /// Otherwise those of the store.
    pub fn finish(&self, tx: &mut Tx) -> Result<(), JobError> {
        table::finish(tx, &self.0.claim, self.0.clock.now())?;
        self.0.finished.store(true, Ordering::Release);
        Ok(())
    }

    /// Commits one chunk of a long job: keeps `progress` for a later run, renews the lease and forgives earlier
    /// failures, in the transaction of the chunk's effect.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn save_progress(&self, tx: &mut Tx, progress: &[u8]) -> Result<(), JobError> {
        table::save_progress(tx, &self.0.claim, progress, self.lease_until())
    }

    /// Queues a further job in the transaction of an effect.
    ///
    /// # Errors
    /// Those of the store.
    pub fn enqueue(&self, tx: &mut Tx, job: &NewJob) -> Result<Enqueued, StoreError> {
        enqueue(tx, job, self.0.clock.now())
    }

    /// Whether `finish` was called.
    pub(crate) fn is_finished(&self) -> bool {
        self.0.finished.load(Ordering::Acquire)
    }

    pub(crate) fn claim(&self) -> Claim {
        self.0.claim
    }

    /// Until when the lease holds if it is renewed now.
    pub(crate) fn lease_until(&self) -> UtcMicros {
        table::until(self.0.clock.now(), self.0.lease)
    }
}
