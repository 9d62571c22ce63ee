//! The queue between async callers and the threads that own the connections.

use crate::{StoreError, Tx, allowance::Limit};
use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// One closure that waits for a connection, and the caller that waits for its result.
pub(crate) trait Job: Send {
    /// Whether the caller went away before the closure ran.
    fn abandoned(&self) -> bool;
    /// How isolated it must run on PostgreSQL.
    fn isolation(&self) -> Isolation;
    /// How long it may take, when not as long as the others.
    fn limit(&self) -> Option<Limit>;
    /// Runs the closure; true when it ended with `Ok`. A panic inside is an error of this job alone.
    /// May be called again: the last result counts.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Puts an error in the place of what the closure returned.
    fn spoil(&mut self, error: StoreError);
    /// Gives the caller what the closure returned.
    fn answer(self: Box<Self>);
    /// Gives the caller an error instead.
    fn fail(self: Box<Self>, error: StoreError);
}

/// How a transaction is isolated on PostgreSQL. On SQLite all writes are serial and all reads snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// SERIALIZABLE, run again on conflict.
    Serializable,
    /// READ COMMITTED.
    Committed,
    /// REPEATABLE READ READ ONLY.
    Snapshot,
}

/// What comes back: the closure's own result, or why there is none.
pub(crate) type Answer<R> = Result<R, StoreError>;

/// A closure and where its result goes. `C` runs it; for reads it can do so once.
pub(crate) struct Work<C, R> {
    call: C,
    isolation: Isolation,
    limit: Option<Limit>,
    result: Option<Answer<R>>,
    reply: oneshot::Sender<Answer<R>>,
}

impl<C, T, E> Work<C, Result<T, E>> {
    pub(crate) fn new(
        isolation: Isolation,
        limit: Option<Limit>,
        call: C,
    ) -> (Box<Self>, oneshot::Receiver<Answer<Result<T, E>>>) {
        let (reply, receiver) = oneshot::channel();
        (Box::new(Self { call, isolation, limit, result: None, reply }), receiver)
    }
}

impl<C, T, E> Job for Work<C, Result<T, E>>
where
    C: FnMut(&mut Tx) -> Result<T, E> + Send,
    T: Send,
    E: Send,
{
    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn isolation(&self) -> Isolation {
        self.isolation
    }

    fn limit(&self) -> Option<Limit> {
        self.limit
    }

    fn run(&mut self, tx: &mut Tx) -> bool {
        // The closure owns what it captured and the transaction is rolled back: nothing half-done is seen again.
        let ran = crate::nested::inside(|| catch_unwind(AssertUnwindSafe(|| (self.call)(tx))));
        let result = ran.map_err(|panic| StoreError::Panicked(panic_text(panic.as_ref())));
        let good = matches!(result, Ok(Ok(_)));
        self.result = Some(result);
        good
    }

    fn spoil(&mut self, error: StoreError) {
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        // A caller that went away does not want the result; its transaction stands.
        let _ = self.reply.send(self.result.unwrap_or(Err(StoreError::Closed)));
    }

    fn fail(self: Box<Self>, error: StoreError) {
        let _ = self.reply.send(Err(error));
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a text").to_owned()
}

/// Jobs in order of arrival. Many threads push and pop; popping waits.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
    sleeping: usize,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No user code runs under the lock, so a poisoned state is a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job; a closed queue refuses it.
    pub(crate) fn push(&self, job: Box<dyn Job>) {
        let mut state = self.lock();
        if state.closed {
            drop(state);
            return job.fail(StoreError::Closed);
        }
        state.jobs.push_back(job);
        let wake = state.sleeping > 0;
        drop(state);
        if wake {
            self.arrived.notify_one();
        }
    }

    /// The next job, waited for; `None` once the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<Box<dyn Job>> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state.sleeping += 1;
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleeping -= 1;
        }
    }

    /// Moves all waiting jobs into `into`, which must be empty, without waiting for any.
    pub(crate) fn take_all(&self, into: &mut VecDeque<Box<dyn Job>>) {
        debug_assert!(into.is_empty());
        std::mem::swap(&mut self.lock().jobs, into);
    }

    /// Refuses further jobs; those already waiting are still done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }
}
