//! The verbs of a transaction.
//!
//! A statement that fails dooms its transaction on both databases, as PostgreSQL does by nature: every further
//! statement returns the same error, and an `Ok` from the closure is turned into it. Where a failure is part of the
//! plan, use `ON CONFLICT`, or put the statement into [`Tx::attempt`].

use crate::{
    Dialect, Row, RowRef, StoreError, Value,
    allowance::{Allowance, Limit},
    ids::{IdBlock, Ids},
    postgres, sql, sqlite,
};
use std::{ops::ControlFlow, time::Duration};

/// A transaction under way. Closures given to [`Db::write`](crate::Db::write) and [`Db::read`](crate::Db::read) get one.
pub struct Tx {
    pub(crate) backend: Backend,
    pub(crate) state: State,
}

pub(crate) enum Backend {
    Sqlite(sqlite::Conn),
    Postgres(Box<postgres::Conn>),
}

/// What a transaction knows about itself; set anew at each begin.
pub(crate) struct State {
    /// False inside `read`.
    pub(crate) writable: bool,
    pub(crate) allowance: Allowance,
    /// The first error of a statement, until [`Tx::attempt`] rolls back to before it.
    pub(crate) failure: Option<StoreError>,
    /// The whole transaction must be rolled back, and what is to happen then.
    pub(crate) lost: Option<Lost>,
    pub(crate) ids: Ids,
}

/// Why a transaction cannot be continued after its failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// It was too long, or the database rolled it back.
    Failed,
    /// It contradicts a concurrent one; the same closure may succeed now.
    Conflict,
    /// The connection broke before the commit.
    Connection,
    /// The ids at hand are used up; the same closure will succeed with a larger block.
    IdsUsedUp,
}

impl Tx {
    pub(crate) fn new(backend: Backend, ids: Ids) -> Self {
        let allowance = Allowance::begin(Limit::plain(Duration::ZERO));
        Self { backend, state: State { writable: false, allowance, failure: None, lost: None, ids } }
    }

    pub(crate) fn begin_logical(&mut self, writable: bool, limit: Limit) {
        self.state.writable = writable;
        self.state.allowance = Allowance::begin(limit);
        self.state.failure = None;
        self.state.lost = None;
        self.state.ids.begin();
        if let Backend::Sqlite(conn) = &self.backend {
            conn.watch(Some(&self.state.allowance));
        }
    }

    /// The verdict on a closure that has ended: `None` when nothing stands against a commit.
    pub(crate) fn end_logical(&mut self) -> Option<StoreError> {
        if let Backend::Sqlite(conn) = &self.backend {
            conn.watch(None);
        }
        if self.state.failure.is_none() && self.late() {
            self.fail(StoreError::TooLong { limit: self.state.allowance.limit.own });
        }
        self.state.failure.clone()
    }

    /// Which database this is. Statements should seldom want to know: see the blocks in SQL text.
    pub fn dialect(&self) -> Dialect {
        match self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement; how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        self.ready()?;
        let result = match &mut self.backend {
            Backend::Sqlite(conn) => conn.execute(sql, params),
            Backend::Postgres(conn) => conn.execute(sql, params),
        };
        self.note(result)
    }

    /// Runs a statement; all its rows. For many rows use [`Tx::for_each`].
    pub fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.ready()?;
        let result = match &mut self.backend {
            Backend::Sqlite(conn) => conn.query(sql, params, usize::MAX),
            Backend::Postgres(conn) => conn.query(sql, params),
        };
        self.note(result)
    }

    /// Runs a statement that has one row or none.
    ///
    /// # Errors
    /// [`StoreError::RowCount`] when it has more.
    pub fn query_opt(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        self.ready()?;
        let result = match &mut self.backend {
            // The second row is stepped to: it tells of a statement that is not what its caller thinks,
            // and a statement with RETURNING must run to its end.
            Backend::Sqlite(conn) => conn.query(sql, params, 2),
            Backend::Postgres(conn) => conn.query(sql, params),
        };
        let mut rows = self.note(result)?;
        if rows.len() > 1 {
            return self.note(Err(row_count(sql, "at most one row", "more")));
        }
        Ok(rows.pop())
    }

    /// Runs a statement that has exactly one row.
    ///
    /// # Errors
    /// [`StoreError::RowCount`] when it has none or more.
    pub fn query_one(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Row, StoreError> {
        match self.query_opt(sql, params)? {
            Some(row) => Ok(row),
            None => self.note(Err(row_count(sql, "exactly one row", "none"))),
        }
    }

    /// Runs a statement and hands its rows to `f` one by one, without collecting them, until `f` breaks or fails.
    ///
    /// On PostgreSQL rows are taken from the connection as `f` consumes them. Those after a break are thrown away, but
    /// the server still sends them: a statement that is meant to end early says LIMIT.
    pub fn for_each<E: From<StoreError>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut f: impl FnMut(RowRef<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        self.ready()?;
        // An error of `f` is the caller's own and does not doom the transaction: no statement failed.
        let mut own = None;
        let mut each = |row: RowRef<'_>| match f(row) {
            Ok(flow) => flow,
            Err(error) => {
                own = Some(error);
                ControlFlow::Break(())
            }
        };
        let result = match &mut self.backend {
            Backend::Sqlite(conn) => conn.for_each(sql, params, &mut each),
            Backend::Postgres(conn) => conn.for_each(sql, params, &mut each),
        };
        self.note(result)?;
        own.map_or(Ok(()), Err)
    }

    /// Runs an INSERT for each row of parameters; how many rows were inserted in all.
    ///
    /// The result is that of a loop over [`Tx::execute`], and much faster on PostgreSQL: one round trip, and for
    /// `INSERT INTO t (…) VALUES ($1, …) [ON CONFLICT … DO NOTHING]` one statement over arrays.
    pub fn insert_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<u64, StoreError> {
        self.ready()?;
        let result = match &mut self.backend {
            Backend::Sqlite(conn) => conn.execute_many(sql, rows, |_| ()),
            Backend::Postgres(conn) => conn.insert_many(sql, rows),
        };
        self.note(result)
    }

    /// Runs an UPDATE or DELETE for each row of parameters; how many rows were changed in all.
    ///
    /// The result is that of a loop over [`Tx::execute`]; one round trip on PostgreSQL.
    pub fn update_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<u64, StoreError> {
        Ok(self.execute_many(sql, rows)?.iter().sum())
    }

    /// Runs a statement for each row of parameters; number `i` of the result is how many rows it changed for `rows[i]`.
    pub fn execute_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<Vec<u64>, StoreError> {
        self.ready()?;
        let mut counts = Vec::with_capacity(rows.len());
        let result = match &mut self.backend {
            Backend::Sqlite(conn) => conn.execute_many(sql, rows, |count| counts.push(count)).map(|_| ()),
            Backend::Postgres(conn) => conn.execute_many(sql, rows).map(|all| counts = all),
        };
        self.note(result)?;
        Ok(counts)
    }

    /// Runs a statement with rows, as a SELECT or with RETURNING, for each row of parameters;
    /// number `i` of the result holds the rows for `rows[i]`.
    ///
    /// The result is that of a loop over [`Tx::query`]; one round trip on PostgreSQL. An
    /// `ON CONFLICT … DO UPDATE` may meet the same key twice in one batch, as it may in a loop.
    pub fn query_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        self.ready()?;
        let result = match &mut self.backend {
            Backend::Sqlite(conn) => conn.query_many(sql, rows),
            Backend::Postgres(conn) => conn.query_many(sql, rows),
        };
        self.note(result)
    }

    /// A number that was never handed out before in this installation, above 0, in no particular order.
    ///
    /// Numbers taken by a transaction that fails are not handed out again.
    pub fn next_id(&mut self) -> Result<i64, StoreError> {
        if let (Some(id), true) = (self.state.ids.take(), self.state.failure.is_none()) {
            return Ok(id);
        }
        self.ready()?;
        if !self.state.writable {
            return self.note(Err(StoreError::ReadOnly("an id was asked for".to_owned())));
        }
        self.state.lost = Some(Lost::IdsUsedUp);
        self.note(Err(StoreError::Unavailable("the ids at hand are used up".to_owned())))
    }

    /// Runs a part that may fail without dooming the whole: when `f` or a statement in it fails, what it did is
    /// rolled back and the transaction goes on.
    pub fn attempt<T, E: From<StoreError>>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.ready()?;
        let result = self.backend.savepoint();
        self.note(result)?;
        let result = match (f(self), self.state.failure.clone()) {
            (Ok(_), Some(failure)) => Err(E::from(failure)),
            (result, _) => result,
        };
        if self.state.lost.is_some() {
            return result;
        }
        self.state.failure = None;
        let ended = self.backend.end_savepoint(result.is_ok());
        self.note(ended)?;
        result
    }

    /// Runs the several statements of a migration.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        self.ready()?;
        let result = match &mut self.backend {
            Backend::Sqlite(conn) => conn.batch(text),
            Backend::Postgres(conn) => conn.batch(text),
        };
        self.note(result)
    }

    /// Takes the ids of a new block into use.
    pub(crate) fn refill_ids(&mut self, block: IdBlock, jump: u64) {
        self.state.ids.refill(block, jump);
    }

    /// Refuses to go on in a doomed transaction or past the limit.
    fn ready(&mut self) -> Result<(), StoreError> {
        if let Some(failure) = &self.state.failure {
            return Err(failure.clone());
        }
        if self.late() {
            return Err(self.fail(StoreError::TooLong { limit: self.state.allowance.limit.own }));
        }
        Ok(())
    }

    fn late(&mut self) -> bool {
        if let Backend::Postgres(conn) = &mut self.backend {
            self.state.allowance.extend(conn.time_preparing());
        }
        self.state.allowance.used_up()
    }

    fn fail(&mut self, error: StoreError) -> StoreError {
        if self.state.lost.is_none() {
            self.state.lost = self.backend.lost(&error);
        }
        self.state.failure = Some(error.clone());
        error
    }

    /// Remembers the failure of a statement.
    fn note<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        result.map_err(|error| {
            let error = match error {
                // Only the transaction knows its limit.
                StoreError::TooLong { .. } => StoreError::TooLong { limit: self.state.allowance.limit.own },
                other => other,
            };
            self.fail(error)
        })
    }
}

impl Backend {
    fn savepoint(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(conn) => conn.control("SAVEPOINT attempt"),
            Self::Postgres(conn) => conn.control("SAVEPOINT attempt"),
        }
    }

    fn end_savepoint(&mut self, keep: bool) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(conn) if keep => conn.control("RELEASE attempt"),
            Self::Sqlite(conn) => {
                conn.control("ROLLBACK TO attempt")?;
                conn.control("RELEASE attempt")
            }
            Self::Postgres(conn) if keep => conn.control("RELEASE SAVEPOINT attempt"),
            Self::Postgres(conn) => conn.control("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt"),
        }
    }

    /// Whether an error ends the whole transaction, and how.
    fn lost(&mut self, error: &StoreError) -> Option<Lost> {
        match self {
            _ if matches!(error, StoreError::TooLong { .. }) => Some(Lost::Failed),
            Self::Sqlite(conn) => conn.rolled_back().then_some(Lost::Failed),
            Self::Postgres(conn) => conn.lost(error),
        }
    }
}

fn row_count(sql: &str, expected: &'static str, found: &'static str) -> StoreError {
    StoreError::RowCount { table: sql::first_table(sql).to_owned(), expected, found }
}
