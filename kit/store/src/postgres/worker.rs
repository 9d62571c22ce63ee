//! A worker thread: takes one closure after another, runs it in a transaction, and again when that may help.

use super::{conn::Conn, target::Target};
use crate::{
    StoreError, Tx, Value,
    allowance::Limit,
    ids::{self, IdBlock, Ids},
    queue::{Isolation, Job, Queue},
    shared::Shared,
    tx::{Backend, Lost},
};
use std::{sync::Arc, time::Duration};

/// How often a transaction that contradicted another is run again.
const RETRIES: u32 = 60;
/// After so many contradictions a writer waits for its turn: those that want the same row then come one after the
/// other, instead of all at once and all but one in vain.
const ALONE_AFTER: u32 = 2;

/// One worker thread's belongings.
pub(super) struct Worker {
    target: Target,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    limit: Limit,
    /// Tells workers apart, so that two which collided do not wait equally long.
    number: usize,
}

/// What is to be done with a closure that has run.
enum Verdict {
    /// Its caller is told its result.
    Answer,
    /// It runs again.
    Again,
}

/// How often one closure was run again, and why.
#[derive(Default)]
struct Again {
    conflicts: u32,
    reconnected: bool,
}

impl Worker {
    pub(super) fn new(
        target: Target,
        queue: Arc<Queue>,
        shared: Arc<Shared>,
        limit: Limit,
        number: usize,
    ) -> Self {
        Self { target, queue, shared, limit, number }
    }

    /// Serves the queue until it is closed and empty.
    pub(super) fn run(self) {
        let mut tx = match Conn::new(self.target.clone(), self.limit.wall) {
            Ok(conn) => Tx::new(Backend::Postgres(Box::new(conn)), Ids::new()),
            Err(error) => {
                while let Some(job) = self.queue.pop() {
                    job.fail(error.clone());
                }
                return;
            }
        };
        while let Some(job) = self.queue.pop() {
            if !job.abandoned() {
                self.serve(&mut tx, job);
            }
        }
    }

    fn serve(&self, tx: &mut Tx, mut job: Box<dyn Job>) {
        let mut again = Again::default();
        let mut turn = None;
        loop {
            if again.conflicts >= ALONE_AFTER && turn.is_none() {
                turn = Some(self.shared.turn());
            }
            if let Err(error) = self.prepare(tx, job.as_ref()) {
                return job.fail(error);
            }
            let limit = job.limit().unwrap_or(self.limit);
            let (begin, writable) = match job.isolation() {
                Isolation::Serializable => ("BEGIN ISOLATION LEVEL SERIALIZABLE", true),
                Isolation::Committed => ("BEGIN ISOLATION LEVEL READ COMMITTED", true),
                Isolation::Snapshot => ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", false),
            };
            conn(tx).begin(begin, limit.wall);
            tx.begin_logical(writable, limit);
            let good = job.run(tx);
            let failure = tx.end_logical();
            match self.conclude(tx, job.as_mut(), good, failure, &mut again) {
                Verdict::Answer => {
                    job.answer();
                    // A reader's transaction is still open; its caller need not wait for the end.
                    return conn(tx).rollback();
                }
                Verdict::Again => {}
            }
        }
    }

    /// A connection, and for writers enough ids.
    fn prepare(&self, tx: &mut Tx, job: &dyn Job) -> Result<(), StoreError> {
        conn(tx).ready()?;
        let jump = self.shared.jump();
        // A migration needs none, and the table they come from may not be there yet.
        let needs_ids = job.isolation() != Isolation::Snapshot && job.limit().is_none();
        if needs_ids && tx.state.ids.low(jump) {
            // A failure shows again when a closure asks for an id that is not there.
            let _ = self.refill(tx, jump);
        }
        Ok(())
    }

    /// Commits or rolls back, and decides whether the closure runs again.
    fn conclude(
        &self,
        tx: &mut Tx,
        job: &mut dyn Job,
        good: bool,
        mut failure: Option<StoreError>,
        again: &mut Again,
    ) -> Verdict {
        let writes = job.isolation() != Isolation::Snapshot;
        if good && failure.is_none() {
            if !writes {
                return Verdict::Answer;
            }
            match self.commit(tx) {
                Ok(()) => return Verdict::Answer,
                Err(error) => failure = Some(error),
            }
        }
        conn(tx).rollback();
        match tx.state.lost {
            _ if !writes => {}
            Some(Lost::Conflict) if again.conflicts < RETRIES => {
                again.conflicts += 1;
                self.wait_after_conflict(again.conflicts);
                return Verdict::Again;
            }
            // Nothing was committed, so that once more on a new connection is safe.
            Some(Lost::Connection) if !again.reconnected => {
                again.reconnected = true;
                return Verdict::Again;
            }
            Some(Lost::IdsUsedUp) => match self.refill(tx, self.shared.jump()) {
                Ok(()) => return Verdict::Again,
                Err(error) => failure = Some(error),
            },
            _ => {}
        }
        if let (true, Some(error)) = (good, failure) {
            job.spoil(error);
        }
        Verdict::Answer
    }

    fn commit(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if !conn(tx).is_open() {
            return Ok(());
        }
        kit_drill::point("store.before_commit");
        let result = conn(tx).commit();
        match &result {
            Ok(()) => {
                kit_drill::point("store.after_commit");
                self.shared.commit_succeeded();
            }
            Err(StoreError::Conflict) => tx.state.lost = Some(Lost::Conflict),
            // The transaction refused itself, as a deferred constraint does: the store is well.
            Err(error) if !error.is_transient() => {}
            Err(error) => self.shared.commit_failed(error),
        }
        result
    }

    /// Takes a block of ids in a transaction of its own. Must be called outside of one.
    fn refill(&self, tx: &mut Tx, jump: u64) -> Result<(), StoreError> {
        let count = tx.state.ids.wanted();
        let rows = conn(tx).query(ids::TAKE, &[Value::Int(count)])?;
        let row = rows.first().ok_or_else(|| StoreError::Corrupt("store_id is empty".to_owned()))?;
        let block = IdBlock { first: row.get(0)?, count };
        tx.refill_ids(block, jump);
        Ok(())
    }

    /// Longer each time at first, and differently long for each worker: two that collided must not collide again. Never
    /// long: others pass whoever sleeps while it has its turn.
    fn wait_after_conflict(&self, conflicts: u32) {
        let number = u32::try_from(self.number % 16).unwrap_or(0);
        std::thread::sleep(
            Duration::from_micros(300) * (1 << conflicts.min(3)) + Duration::from_micros(700) * number,
        );
    }
}

fn conn(tx: &mut Tx) -> &mut Conn {
    match &mut tx.backend {
        Backend::Postgres(conn) => conn,
        Backend::Sqlite(_) => unreachable!("a worker makes its own transaction"),
    }
}
