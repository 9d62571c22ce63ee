//! Queueing a job, in the transaction of the act that wants it.

use crate::{JobId, state::JobState};
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params, row};

/// What a handler needs to know: small, ids rather than data, no personal data, versioned by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The version of the form of `octets`; a handler reads every version that may still lie in a queue.
    pub version: u16,
    /// The form is the kind's own affair.
    pub octets: Vec<u8>,
}

/// From when on a job may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once, whatever the clock says.
    Now,
    /// After this many seconds. Moves along when the clock is set back.
    After(u32),
    /// At this time of the clock. Waits for it even when the clock is set back.
    At(UtcMicros),
}

/// A job to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Which [`Handler`](crate::Handler) runs it.
    pub kind: &'static str,
    /// What makes it one and the same: a second job of this kind with this key is not queued, also when the
    /// first is done. `None`: every call queues a job.
    pub key: Option<String>,
    /// What the handler is told.
    pub payload: Payload,
    /// From when on it may run.
    pub when: When,
}

impl NewJob {
    /// A job to be run at once, without a key.
    pub fn new(kind: &'static str, version: u16, payload: impl Into<Vec<u8>>) -> Self {
        Self { kind, key: None, payload: Payload { version, octets: payload.into() }, when: When::Now }
    }

    /// The same job with a key.
    pub fn keyed(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// The same job at another time.
    pub fn due(self, when: When) -> Self {
        Self { when, ..self }
    }
}

/// What became of a job that was to be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It will run when this transaction commits.
    New(JobId),
    /// There was one of this kind and key already: this one.
    Already(JobId),
}

impl Enqueued {
    /// The job that stands for this kind and key.
    pub fn id(self) -> JobId {
        match self {
            Self::New(id) | Self::Already(id) => id,
        }
    }
}

/// Queues a job. It is there when `tx` commits, and was never there when it does not.
///
/// # Errors
/// Those of the store.
pub fn enqueue(tx: &mut Tx, job: &NewJob, now: UtcMicros) -> Result<Enqueued, StoreError> {
    let queued = enqueue_many(tx, std::slice::from_ref(job), now)?;
    Ok(queued[0])
}

/// Queues several jobs with one batch statement; result `i` tells of job `i`.
///
/// # Errors
/// Those of the store.
pub fn enqueue_many(tx: &mut Tx, jobs: &[NewJob], now: UtcMicros) -> Result<Vec<Enqueued>, StoreError> {
    let mut rows = Vec::with_capacity(jobs.len());
    let mut ids = Vec::with_capacity(jobs.len());
    for job in jobs {
        let id = tx.next_id()?;
        let (due, delayed) = match job.when {
            // The clock may be set back before a worker sees it: "at once" must not depend on it.
            When::Now => (UtcMicros(0), None),
            When::After(seconds) => (now.plus_seconds(i64::from(seconds)), Some(now)),
            When::At(time) => (time, None),
        };
        rows.push(row![
            id,
            job.kind,
            job.key.as_deref(),
            job.payload.version,
            &job.payload.octets,
            JobState::Waiting.code(),
            due,
            delayed,
            now,
        ]);
        ids.push(JobId(id));
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let inserted = tx.query_many(
        "INSERT INTO job (id, kind, dedupe, version, payload, state, attempts, due_us, delayed_us, created_us) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id",
        &rows,
    )?;
    crate::worker::ring();
    let mut queued = Vec::with_capacity(jobs.len());
    for ((job, id), inserted) in jobs.iter().zip(ids).zip(inserted) {
        queued.push(match &job.key {
            Some(key) if inserted.is_empty() => {
                let found = tx.query_one(
                    "SELECT id FROM job WHERE kind = $1 AND dedupe = $2",
                    params![job.kind, key],
                )?;
                Enqueued::Already(JobId(found.get(0)?))
            }
            _ => Enqueued::New(id),
        });
    }
    Ok(queued)
}
