//! Handlers that leave countable traces, and short ways to build workers.

use core_words::UtcMicros;
use kit_clock::{ManualClock, SharedClock};
use kit_jobs::{
    COMPONENT, Enqueued, Handler, JobCtx, JobError, JobId, NewJob, Policy, Worker, WorkerBuilder, enqueue,
};
use kit_keys::testing::SeededDice;
use kit_store::{Component, Db, Migration, StoreError, Tx, params};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub(crate) const START: UtcMicros = UtcMicros(1_790_000_000_000_000);

/// One row per effect, so that a doubled one can be counted.
pub(crate) const EFFECT: Component = Component {
    name: "effect",
    migrations: &[Migration {
        number: 1,
        name: "effect",
        sql: "CREATE TABLE effect (id BIGINT NOT NULL PRIMARY KEY, job BIGINT NOT NULL, note TEXT NOT NULL);",
    }],
};

pub(crate) const TABLES: &[Component] = &[COMPONENT, kit_ledger::COMPONENT, EFFECT];

type Run = dyn Fn(Arc<Seen>) -> Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>> + Send + Sync;

/// What a test's closure is given of a run.
pub(crate) struct Seen {
    pub(crate) db: Db,
    pub(crate) attempt: u16,
    pub(crate) payload: Vec<u8>,
}

/// Runs a closure; its `Ok` alone makes the job done.
pub(crate) struct Outside {
    pub(crate) kind: &'static str,
    pub(crate) policy: Policy,
    pub(crate) runs: Arc<AtomicU64>,
    pub(crate) run: Arc<Run>,
}

impl Outside {
    pub(crate) fn new<F, Fut>(kind: &'static str, run: F) -> Self
    where
        F: Fn(Arc<Seen>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let run: Arc<Run> = Arc::new(move |seen| Box::pin(run(seen)));
        Self { kind, policy: Policy::default(), runs: Arc::default(), run }
    }

    pub(crate) fn policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.policy);
        self
    }

    pub(crate) fn runs(&self) -> Arc<AtomicU64> {
        self.runs.clone()
    }
}

impl Handler for Outside {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let (db, attempt, payload) = (ctx.db().clone(), ctx.attempt(), ctx.payload().octets.clone());
        (self.run)(Arc::new(Seen { db, attempt, payload })).await
    }

    fn policy(&self) -> Policy {
        self.policy
    }
}

/// Has one effect in the database, together with `finish`; waits at two gates before and after when told to.
pub(crate) struct Inside {
    pub(crate) kind: &'static str,
    pub(crate) policy: Policy,
    pub(crate) runs: Arc<AtomicU64>,
    pub(crate) before: Option<Arc<tokio::sync::Semaphore>>,
}

impl Inside {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self { kind, policy: Policy::default(), runs: Arc::default(), before: None }
    }
}

impl Handler for Inside {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.before {
            gate.acquire().await.map_err(|_| JobError::Retry("the gate is closed".into()))?.forget();
        }
        let (id, claim) = (ctx.id(), ctx.clone());
        ctx.db()
            .write(move |tx| {
                effect(tx, id, "done")?;
                claim.finish(tx)
            })
            .await
    }

    fn policy(&self) -> Policy {
        self.policy
    }
}

pub(crate) fn effect(tx: &mut Tx, job: JobId, note: &str) -> Result<(), StoreError> {
    let id = tx.next_id()?;
    tx.execute("INSERT INTO effect (id, job, note) VALUES ($1, $2, $3)", params![id, job.0, note])?;
    Ok(())
}

/// How many effects each job had, by number.
pub(crate) async fn effects(db: &Db) -> Vec<(i64, i64)> {
    let rows = db
        .read(|tx| tx.query("SELECT job, COUNT(*) FROM effect GROUP BY job ORDER BY job", params![]))
        .await
        .expect("read");
    rows.iter().map(|row| (row.get(0).expect("job"), row.get(1).expect("count"))).collect()
}

pub(crate) async fn queue(db: &Db, job: NewJob, now: UtcMicros) -> Enqueued {
    db.write(move |tx| enqueue(tx, &job, now)).await.expect("queued")
}

/// (state, attempts, last error) of a job; `None` when there is none.
pub(crate) async fn look(db: &Db, id: JobId) -> Option<(i16, u16, Option<String>)> {
    let row = db
        .read(move |tx| {
            tx.query_opt("SELECT state, attempts, last_error FROM job WHERE id = $1", params![id.0])
        })
        .await
        .expect("read")?;
    Some((row.get(0).expect("state"), row.get(1).expect("attempts"), row.get(2).expect("error")))
}

pub(crate) fn builder(db: &Db, clock: &ManualClock) -> WorkerBuilder {
    builder_on(db, Arc::new(clock.clone()))
}

pub(crate) fn builder_on(db: &Db, clock: SharedClock) -> WorkerBuilder {
    Worker::builder(db.clone(), clock, Arc::new(SeededDice::new(1))).options(|options| {
        options.poll = Duration::from_millis(5);
        options.tend_every = Duration::from_millis(5);
        options.sole = false;
    })
}
