//! Durable jobs: outbox, worker, schedules, retry or give up (K10).
//!
//! A job is queued in the transaction of the act that wants it ([`enqueue`]) and run by a [`Worker`], at
//! least once. Its effect happens exactly once when the [`Handler`] calls [`JobCtx::finish`] in the
//! transaction of that effect: a worker whose lease was lost cannot commit there any more.
//!
//! ```text
//!            enqueue            claim                 finish, or Ok returned
//!   (nothing) ────→ waiting ─────────→ running ─────────────────────────────→ done
//!                    ↑  ↑                 │
//!              rerun │  └── failed, again ┤  lease ran out: waiting again
//!                    │                    │
//!                 given up ←──────────────┘ failed too often, or for good
//! ```
//! The same, as data: [`TRANSITIONS`]. Every change is a compare-and-set on the state it leaves.

mod ctx;
mod enqueue;
mod handler;
mod queries;
mod rerun;
mod schedule;
mod state;
mod table;
mod worker;

pub use ctx::JobCtx;
pub use enqueue::{Enqueued, NewJob, Payload, When, enqueue, enqueue_many};
pub use handler::{Handler, JobError, Policy};
pub use queries::{
    Gauge, GivenUp, ScheduleState, find_given_up, gauges, given_up, given_up_counts, given_up_of, schedules,
};
pub use rerun::{Presser, RERUN_KIND, Rerun, rerun};
pub use schedule::{First, Schedule};
pub use state::{Event, JobState, TRANSITIONS};
pub use worker::{BadWorker, Options, Ran, Worker, WorkerBuilder};

use kit_store::{Component, migrations};

/// The tables of this crate, for `Db::migrate`.
pub const COMPONENT: Component =
    Component { name: "jobs", migrations: migrations!("../migrations/0001_jobs.sql") };

/// The number of a job. Stable over all its runs, so it may serve as the key of what the job orders elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub i64);

impl std::fmt::Display for JobId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "job:{}", self.0)
    }
}
