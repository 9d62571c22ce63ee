//! One connection to SQLite, with its prepared statements.

use super::error::store_error;
use crate::{
    Dialect, Row, RowRef, StoreError, Tx, Value,
    allowance::{Allowance, Watched},
    row::{Cell, Head, RefRepr, Stored},
    sql,
    text_map::TextMap,
    tx::Backend,
};
use rusqlite::{Connection, params_from_iter, types::ToSqlOutput, types::ValueRef};
use std::{cell::OnceCell, ops::ControlFlow, rc::Rc, sync::Arc};

/// How many virtual machine steps SQLite runs between looks at the allowance: well under a millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// A connection that belongs to one thread.
pub(crate) struct Conn {
    pub(super) db: Connection,
    known: TextMap<Rc<Known>>,
    watched: Arc<Watched>,
}

/// A statement that was seen before.
struct Known {
    /// The text for SQLite.
    text: String,
    head: OnceCell<Arc<Head>>,
}

/// A connection that may still travel to the thread it will belong to.
pub(super) struct Opened {
    pub(super) db: Connection,
    watched: Arc<Watched>,
}

impl Opened {
    pub(super) fn new(mut db: Connection) -> Result<Self, StoreError> {
        let watched = Arc::new(Watched::new());
        let seen = watched.clone();
        db.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || seen.used_up()))
            .map_err(|e| store_error(e, "open"))?;
        Ok(Self { db, watched })
    }

    /// The connection in its thread, which keeps this many statements prepared.
    pub(super) fn settle(self, statements: usize) -> Conn {
        self.db.set_prepared_statement_cache_capacity(statements);
        Conn { db: self.db, known: TextMap::default(), watched: self.watched }
    }
}

impl Conn {
    /// What the closure that runs may take; a statement under way is interrupted when it is used up.
    pub(crate) fn watch(&self, allowance: Option<&Allowance>) {
        self.watched.set(allowance);
    }

    /// Whether SQLite rolled the whole physical transaction back by itself, as it does on some errors.
    pub(crate) fn rolled_back(&self) -> bool {
        self.db.is_autocommit()
    }

    /// BEGIN, COMMIT, SAVEPOINT and the like.
    pub(crate) fn control(&self, text: &'static str) -> Result<(), StoreError> {
        let run = || self.db.prepare_cached(text)?.raw_execute();
        run().map(|_| ()).map_err(|e| store_error(e, text))
    }

    /// Several statements, of a migration.
    pub(crate) fn batch(&self, text: &str) -> Result<(), StoreError> {
        self.db.execute_batch(text).map_err(|e| store_error(e, text))
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let known = self.known(sql);
        check(params)?;
        let run = || execute(&mut *self.db.prepare_cached(&known.text)?, params);
        run().map_err(|e| store_error(e, sql))
    }

    /// Runs the statement for each row; the sum of the rows changed, and each number to `each`.
    pub(crate) fn execute_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
        mut each: impl FnMut(u64),
    ) -> Result<u64, StoreError> {
        let known = self.known(sql);
        let mut sum = 0;
        let mut statement = self.db.prepare_cached(&known.text).map_err(|e| store_error(e, sql))?;
        for row in rows {
            check(row.as_ref())?;
            let count = execute(&mut statement, row.as_ref()).map_err(|e| store_error(e, sql))?;
            sum += count;
            each(count);
        }
        Ok(sum)
    }

    /// The rows of the statement, `limit` at most.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let known = self.known(sql);
        check(params)?;
        let run = || collect(&mut *self.db.prepare_cached(&known.text)?, &known, sql, params, limit);
        run().map_err(|e| store_error(e, sql))
    }

    /// Runs the statement for each row; number `i` of the result holds its rows for `rows[i]`.
    pub(crate) fn query_many<'v, R: AsRef<[Value<'v>]>>(
        &mut self,
        sql: &str,
        rows: &[R],
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let known = self.known(sql);
        let mut statement = self.db.prepare_cached(&known.text).map_err(|e| store_error(e, sql))?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            check(row.as_ref())?;
            let rows = collect(&mut statement, &known, sql, row.as_ref(), usize::MAX);
            found.push(rows.map_err(|e| store_error(e, sql))?);
        }
        Ok(found)
    }

    pub(crate) fn for_each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        each: &mut dyn FnMut(RowRef<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let known = self.known(sql);
        check(params)?;
        let mut run = || {
            let mut statement = self.db.prepare_cached(&known.text)?;
            let mut rows = statement.query(params_from_iter(params))?;
            while let Some(row) = rows.next()? {
                if each(RowRef { repr: RefRepr::Sqlite(row), sql }).is_break() {
                    break;
                }
            }
            Ok(())
        };
        run().map_err(|e| store_error(e, sql))
    }

    fn known(&mut self, sql: &str) -> Rc<Known> {
        self.known.get_or_insert(sql, || {
            let text = sql::query_for(Dialect::Sqlite, sql).into_owned();
            // Once per connection: whoever wants to know what is asked of the database turns this on.
            tracing::trace!(target: "kit_store::statements", sql = %text, "a new statement");
            Rc::new(Known { text, head: OnceCell::new() })
        })
    }
}

/// The connection of a transaction that a thread of this module made.
pub(super) fn conn(tx: &Tx) -> &Conn {
    match &tx.backend {
        Backend::Sqlite(conn) => conn,
        Backend::Postgres(_) => unreachable!("a thread of this module makes its own transaction"),
    }
}

fn execute(statement: &mut rusqlite::Statement<'_>, params: &[Value<'_>]) -> rusqlite::Result<u64> {
    if statement.column_count() == 0 {
        return Ok(statement.execute(params_from_iter(params))? as u64);
    }
    // With RETURNING: the rows are of no interest here, but the statement must run to its end.
    let mut rows = statement.query(params_from_iter(params))?;
    let mut count = 0;
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// The rows of a statement, `limit` at most.
fn collect(
    statement: &mut rusqlite::Statement<'_>,
    known: &Known,
    sql: &str,
    params: &[Value<'_>],
    limit: usize,
) -> rusqlite::Result<Vec<Row>> {
    let head = known.head.get_or_init(|| head(sql, statement));
    let mut found = Vec::new();
    let mut rows = statement.query(params_from_iter(params))?;
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let cells = (0..head.columns.len()).map(|at| Ok(stored(row.get_ref(at)?)));
        found.push(Row::from_sqlite(head.clone(), cells.collect::<rusqlite::Result<_>>()?));
    }
    Ok(found)
}

fn head(sql: &str, statement: &rusqlite::Statement<'_>) -> Arc<Head> {
    Arc::new(Head { sql: sql.into(), columns: statement.column_names().map(str::to_owned).collect() })
}

/// Refuses what PostgreSQL could not keep, so that both databases hold the same.
fn check(params: &[Value<'_>]) -> Result<(), StoreError> {
    let bad = |value: &Value<'_>| matches!(value, Value::Text(text) if text.as_bytes().contains(&0));
    if params.iter().any(bad) {
        return Err(StoreError::Constraint("a text holds U+0000".to_owned()));
    }
    Ok(())
}

/// A column of the row under the cursor.
pub(crate) fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Int(value),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map_or(Cell::Other("a text that is not UTF-8"), Cell::Text)
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes),
        ValueRef::Real(_) => Cell::Other("a floating-point number"),
    }
}

fn stored(value: ValueRef<'_>) -> Stored {
    match cell(value) {
        Cell::Null => Stored::Null,
        Cell::Int(value) => Stored::Int(value),
        Cell::Text(text) => Stored::Text(text.into()),
        Cell::Bytes(bytes) => Stored::Bytes(bytes.into()),
        Cell::Other(name) => Stored::Other(name),
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
