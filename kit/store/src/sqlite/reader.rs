//! Reader threads: each has a read-only connection and runs one closure after another on a snapshot.

use super::{
    conn::{Opened, conn},
    error::store_error,
};
use crate::{
    Options, StoreError, Tx,
    allowance::Limit,
    ids::Ids,
    queue::{Job, Queue},
    tx::Backend,
};
use rusqlite::{Connection, OpenFlags};
use std::{path::Path, sync::Arc, time::Duration};

/// One reader thread's belongings.
pub(super) struct Reader {
    db: Opened,
    queue: Arc<Queue>,
    limit: Limit,
}

impl Reader {
    pub(super) fn open(path: &Path, options: &Options, queue: Arc<Queue>) -> Result<Self, StoreError> {
        let db = Opened::new(open_read_only(path)?)?;
        Ok(Self { db, queue, limit: Limit::plain(options.read_limit) })
    }

    pub(super) fn run(self) {
        let mut tx = Tx::new(Backend::Sqlite(self.db.settle(256)), Ids::new());
        while let Some(job) = self.queue.pop() {
            if !job.abandoned() {
                serve(&mut tx, job, self.limit);
            }
        }
    }
}

fn serve(tx: &mut Tx, mut job: Box<dyn Job>, limit: Limit) {
    if let Err(error) = conn(tx).control("BEGIN") {
        return job.fail(error);
    }
    tx.begin_logical(false, job.limit().unwrap_or(limit));
    let good = job.run(tx);
    if let (true, Some(error)) = (good, tx.end_logical()) {
        job.spoil(error);
    }
    // Some errors end the transaction by themselves, and then there is nothing to end.
    let _ = conn(tx).control("ROLLBACK");
    job.answer();
}

/// A connection that cannot write, whatever it is asked.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|e| store_error(e, "open"))?;
    let set = || {
        db.busy_timeout(Duration::from_secs(5))?;
        db.execute_batch(
            "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;
             PRAGMA trusted_schema = OFF;",
        )
    };
    set().map_err(|e| store_error(e, "open"))?;
    Ok(db)
}
