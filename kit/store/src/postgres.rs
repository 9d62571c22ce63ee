//! PostgreSQL: worker threads, each with a connection of its own, fed by two queues.

mod arrays;
mod conn;
mod error;
mod target;
mod tls;
mod types;
mod worker;

pub(crate) use conn::Conn;

use crate::{
    Options, StoreError,
    allowance::Limit,
    db::Access,
    queue::Queue,
    shared::{Shared, Threads},
};
use std::sync::Arc;
use target::Target;
use worker::Worker;

/// The threads behind a store on PostgreSQL.
pub(crate) struct Postgres {
    pub(crate) writes: Arc<Queue>,
    pub(crate) reads: Arc<Queue>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) threads: Threads,
}

impl Postgres {
    /// Checks that the server answers and starts the threads; each connects when it has work. Blocks.
    pub(crate) fn open(url: &str, options: &Options) -> Result<Self, StoreError> {
        let this = Self {
            writes: Arc::default(),
            reads: Arc::default(),
            shared: Arc::default(),
            threads: Threads::default(),
        };
        let started = this.start(&Target::parse(url)?, options);
        // Threads that run already must not wait for work that cannot come.
        started.inspect_err(|_| this.close()).map(|()| this)
    }

    fn start(&self, target: &Target, options: &Options) -> Result<(), StoreError> {
        Conn::new(target.clone(), options.read_limit)?.ready()?;
        let start = |name: &str, number: usize, queue: &Arc<Queue>, limit: Limit| {
            let worker = Worker::new(target.clone(), queue.clone(), self.shared.clone(), limit, number);
            self.threads.start(&format!("{name}-{number}"), move || worker.run())
        };
        for number in 0..options.readers.max(1) {
            start("store-reader", number, &self.reads, Limit::plain(options.read_limit))?;
        }
        match options.access {
            Access::Own => {
                for number in 0..options.writers.max(1) {
                    start("store-writer", number, &self.writes, Limit::among_others(options.tx_limit))?;
                }
            }
            Access::ReadOnly => self.writes.close(),
        }
        Ok(())
    }

    /// Lets the threads end once their queues are empty.
    pub(crate) fn close(&self) {
        self.writes.close();
        self.reads.close();
    }
}
