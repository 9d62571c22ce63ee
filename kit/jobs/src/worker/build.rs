//! How a worker is put together.

use super::{Inner, Worker};
use crate::{Handler, Schedule, handler::Runs};
use core_crypto::Dice;
use kit_clock::SharedClock;
use kit_store::{Db, Dialect};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How a worker goes about its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The longest wait between two looks at the queue. Jobs queued by this process are seen at once.
    pub poll: Duration,
    /// How often leases that ran out are looked for, clocks mended, old jobs forgotten.
    pub tend_every: Duration,
    /// How long running jobs may go on after the worker was told to stop.
    pub grace: Duration,
    /// How long a done job is kept, and with it the memory of its key.
    pub keep_done: Duration,
    /// Whether no other process works on this database: then leases left over from a crash are laid open at the
    /// start. True on SQLite, whose file has one owner.
    pub sole: bool,
}

/// Why a worker cannot be put together: a mistake in the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadWorker {
    /// Two handlers for one kind.
    #[error("two handlers for jobs of kind {0}")]
    TwoHandlers(&'static str),
    /// Two schedules of one name.
    #[error("two schedules are called {0}")]
    TwoSchedules(&'static str),
    /// A schedule whose jobs nobody runs.
    #[error("schedule {name} is for jobs of kind {kind}, which has no handler here")]
    NoHandler {
        /// The schedule.
        name: &'static str,
        /// Its kind.
        kind: &'static str,
    },
}

/// Collects handlers and schedules.
pub struct WorkerBuilder {
    db: Db,
    clock: SharedClock,
    dice: Arc<dyn Dice>,
    handlers: Vec<Arc<dyn Runs>>,
    schedules: Vec<Schedule>,
    options: Options,
}

impl WorkerBuilder {
    pub(super) fn new(db: Db, clock: SharedClock, dice: Arc<dyn Dice>) -> Self {
        let options = Options {
            poll: Duration::from_millis(500),
            tend_every: Duration::from_secs(5),
            grace: Duration::from_secs(20),
            keep_done: Duration::from_secs(30 * 86_400),
            sole: db.dialect() == Dialect::Sqlite,
        };
        Self { db, clock, dice, handlers: Vec::new(), schedules: Vec::new(), options }
    }

    /// Adds the handler of one kind.
    #[must_use]
    pub fn handler(mut self, handler: impl Handler) -> Self {
        self.handlers.push(Arc::new(handler));
        self
    }

    /// Adds a schedule.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedules.push(schedule);
        self
    }

    /// Changes the options.
    #[must_use]
    pub fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// The worker.
    ///
    /// # Errors
    /// Every [`BadWorker`].
    pub fn build(self) -> Result<Worker, BadWorker> {
        let mut handlers = BTreeMap::new();
        for handler in self.handlers {
            let kind = handler.kind();
            if handlers.insert(kind, handler).is_some() {
                return Err(BadWorker::TwoHandlers(kind));
            }
        }
        for (place, schedule) in self.schedules.iter().enumerate() {
            if !handlers.contains_key(schedule.kind) {
                return Err(BadWorker::NoHandler { name: schedule.name, kind: schedule.kind });
            }
            if self.schedules[..place].iter().any(|earlier| earlier.name == schedule.name) {
                return Err(BadWorker::TwoSchedules(schedule.name));
            }
        }
        Ok(Worker(Arc::new(Inner {
            db: self.db,
            clock: self.clock,
            dice: self.dice,
            handlers,
            schedules: self.schedules,
            options: self.options,
            running: Default::default(),
            claiming: Default::default(),
        })))
    }
}
