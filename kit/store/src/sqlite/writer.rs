//! The writer thread: many logical transactions in one physical one.
//!
//! Each closure runs in a savepoint of its own. The physical transaction is committed, with one fsync, when the queue
//! is empty, after 2 ms, or after 512 closures, and only then are their callers answered. While the
//! disk syncs, the next group gathers in the queue: the busier the store, the larger the groups.

use super::{
    checkpoint::Checkpoints,
    conn::{Opened, conn},
    error::store_error,
    owner::{Owner, private},
};
use crate::{
    Dialect, Options, StoreError, Tx,
    allowance::Limit,
    ids::{self, IdBlock, Ids},
    queue::{Job, Queue},
    shared::Shared,
    sql,
    tx::{Backend, Lost},
};
use rusqlite::{Connection, OpenFlags};
use std::{
    collections::VecDeque,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// How long a group may gather closures.
const GROUP_TIME: Duration = Duration::from_millis(2);
/// How many closures a group may hold.
const GROUP_SIZE: usize = 512;
/// How long the writer waits for a lock that something outside this process holds, such as a `sqlite3` shell.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Everything the writer thread needs, before it runs.
pub(super) struct Opening {
    db: Opened,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    checkpoints: Checkpoints,
    limit: Limit,
    owner: Owner,
}

/// The writer thread's belongings.
struct Writer {
    tx: Tx,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    checkpoints: Checkpoints,
    limit: Limit,
    /// Closures taken from the queue and not yet run.
    waiting: VecDeque<Box<dyn Job>>,
    /// Closures of the open group that ended well.
    group: Vec<Box<dyn Job>>,
}

/// What became of one closure.
enum Ran {
    /// It waits for the commit.
    Grouped,
    /// It failed and was told so; the group goes on.
    Failed,
    /// It must run again with more ids.
    NeedsIds,
    /// The physical transaction is gone.
    GroupLost(StoreError),
}

impl Opening {
    /// Opens the file, which `owner` has the right to write. Blocks.
    pub(super) fn new(
        path: &Path,
        options: &Options,
        queue: Arc<Queue>,
        shared: Arc<Shared>,
        owner: Owner,
    ) -> Result<Self, StoreError> {
        let mut db = connect(path, options)?;
        let checkpoints = Checkpoints::start(path, &mut db)?;
        let schema = sql::migration_for(Dialect::Sqlite, ids::SCHEMA);
        db.execute_batch(&schema).map_err(|e| store_error(e, ids::SCHEMA))?;
        Ok(Self {
            db: Opened::new(db)?,
            queue,
            shared,
            checkpoints,
            limit: Limit::alone(options.tx_limit),
            owner,
        })
    }

    /// Serves the queue until it is closed and empty.
    pub(super) fn run(self) {
        let writer = Writer {
            tx: Tx::new(Backend::Sqlite(self.db.settle(512)), Ids::new()),
            queue: self.queue,
            shared: self.shared,
            checkpoints: self.checkpoints,
            limit: self.limit,
            waiting: VecDeque::new(),
            group: Vec::with_capacity(GROUP_SIZE),
        };
        writer.run();
        // Only now that the connection is closed may another process have the file.
        drop(self.owner);
    }
}

/// A connection that writes.
fn connect(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    let failed = |e| store_error(e, "open");
    private(path).map_err(|e| StoreError::Io(format!("{}: {e}", path.display())))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(failed)?;
    db.busy_timeout(BUSY).map_err(failed)?;
    // FULL: a commit that was acknowledged survives a loss of power. The log is cut back to 64 MiB after it grew.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;
         PRAGMA trusted_schema = OFF;",
    )
    .map_err(failed)?;
    if let Some(octets) = options.max_file_octets {
        let page: u32 = db.query_row("PRAGMA page_size", (), |row| row.get(0)).map_err(failed)?;
        db.query_row(
            &format!("PRAGMA max_page_count = {}", octets.div_ceil(u64::from(page)).max(1)),
            (),
            |_| Ok(()),
        )
        .map_err(failed)?;
    }
    Ok(db)
}

impl Writer {
    fn run(mut self) {
        while let Some(first) = self.waiting.pop_front().or_else(|| self.queue.pop()) {
            self.serve_group(first);
            self.checkpoints.tend(&conn(&self.tx).db);
        }
        self.checkpoints.finish(&conn(&self.tx).db);
    }

    fn serve_group(&mut self, first: Box<dyn Job>) {
        let jump = self.shared.jump();
        if self.tx.state.ids.low(jump) {
            // A failure shows again when a closure asks for an id that is not there, and reaches its caller then.
            let _ = self.refill(jump);
        }
        if let Err(error) = self.control("BEGIN IMMEDIATE") {
            self.shared.commit_failed(&error);
            return first.fail(error);
        }
        let began = Instant::now();
        let mut next = Some(first);
        while let Some(mut job) = next {
            if !job.abandoned() {
                match self.run_one(job.as_mut()) {
                    Ran::Grouped => self.group.push(job),
                    Ran::Failed => job.answer(),
                    Ran::NeedsIds => {
                        self.commit();
                        return match self.refill(self.shared.jump()) {
                            Ok(()) => self.waiting.push_front(job),
                            Err(error) => job.fail(error),
                        };
                    }
                    Ran::GroupLost(error) => {
                        job.answer();
                        return self.group_lost(error);
                    }
                }
            }
            if self.group.len() >= GROUP_SIZE || began.elapsed() >= GROUP_TIME {
                break;
            }
            if self.waiting.is_empty() {
                self.queue.take_all(&mut self.waiting);
            }
            next = self.waiting.pop_front();
        }
        self.commit();
    }

    fn run_one(&mut self, job: &mut dyn Job) -> Ran {
        // The first of a group needs no savepoint: when it fails, the physical transaction is rolled back.
        let first = self.group.is_empty();
        if !first && let Err(error) = self.control("SAVEPOINT logical") {
            job.spoil(error.clone());
            return Ran::GroupLost(error);
        }
        self.tx.begin_logical(true, job.limit().unwrap_or(self.limit));
        let good = job.run(&mut self.tx);
        let failure = self.tx.end_logical();
        if good && failure.is_none() {
            if !first && let Err(error) = self.control("RELEASE logical") {
                job.spoil(error.clone());
                return Ran::GroupLost(error);
            }
            return Ran::Grouped;
        }
        if let (true, Some(error)) = (good, &failure) {
            job.spoil(error.clone());
        }
        if self.control_lost() {
            return Ran::GroupLost(failure.unwrap_or(StoreError::Closed));
        }
        let undone = if first {
            self.control("ROLLBACK").and_then(|()| self.control("BEGIN IMMEDIATE"))
        } else {
            self.control("ROLLBACK TO logical").and_then(|()| self.control("RELEASE logical"))
        };
        match undone {
            Err(error) => Ran::GroupLost(error),
            Ok(()) if self.tx.state.lost == Some(Lost::IdsUsedUp) => Ran::NeedsIds,
            Ok(()) => Ran::Failed,
        }
    }

    /// Makes the group durable and answers its callers.
    fn commit(&mut self) {
        if self.group.is_empty() {
            let _ = self.control("ROLLBACK");
            return;
        }
        kit_drill::point("store.before_commit");
        match self.control("COMMIT") {
            Ok(()) => {
                kit_drill::point("store.after_commit");
                self.shared.commit_succeeded();
                self.group.drain(..).for_each(Job::answer);
            }
            Err(error) => {
                let _ = self.control("ROLLBACK");
                self.fail_group(&error);
            }
        }
    }

    /// SQLite rolled the physical transaction back, and with it closures that had done nothing wrong.
    fn group_lost(&mut self, error: StoreError) {
        if !self.control_lost() {
            let _ = self.control("ROLLBACK");
        }
        if matches!(error, StoreError::TooLong { .. }) {
            // Interrupting the long one took the others down. They run again, in their order, before any later one.
            for job in self.group.drain(..).rev() {
                self.waiting.push_front(job);
            }
        } else {
            self.fail_group(&error);
        }
    }

    fn fail_group(&mut self, error: &StoreError) {
        self.shared.commit_failed(error);
        self.group.drain(..).for_each(|job| job.fail(error.clone()));
    }

    /// Takes a block of ids in a physical transaction of its own. Must be called outside of one.
    fn refill(&mut self, jump: u64) -> Result<(), StoreError> {
        let count = self.tx.state.ids.wanted();
        let Backend::Sqlite(conn) = &mut self.tx.backend else { return Err(StoreError::Closed) };
        let rows = conn.query(ids::TAKE, &[crate::Value::Int(count)], 2)?;
        let row = rows.first().ok_or_else(|| StoreError::Corrupt("store_id is empty".to_owned()))?;
        let block = IdBlock { first: row.get(0)?, count };
        self.tx.refill_ids(block, jump);
        Ok(())
    }

    fn control(&self, text: &'static str) -> Result<(), StoreError> {
        conn(&self.tx).control(text)
    }

    fn control_lost(&self) -> bool {
        conn(&self.tx).rolled_back()
    }
}
