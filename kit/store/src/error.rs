//! What can go wrong in a store, in words that mean the same on both databases.
//!
//! No error carries a stored value: texts of errors end in logs, and values may be personal data.

use std::{sync::Arc, time::Duration};

/// Why the store did not do what was asked. Cheap to clone: a failed commit is told to every caller in its group.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be reached. Nothing was stored; the same call may succeed later.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The connection broke while the commit was under way: it may be durable and it may not.
    /// Whoever repeats must be idempotent.
    #[error("the connection broke during the commit, whose outcome is unknown: {0}")]
    Undecided(String),
    /// No space is left for the database. Nothing was stored; writing resumes by itself once there is space.
    #[error("the database has no space left: {0}")]
    Full(String),
    /// Someone else holds the database, for instance another `warifu serve` on the same file.
    #[error("the database is in use: {0}")]
    Busy(String),
    /// The transaction used up its limit and was rolled back: see [`Options::tx_limit`](crate::Options::tx_limit).
    #[error("the transaction took longer than its limit of {} ms and was rolled back", .limit.as_millis())]
    TooLong {
        /// The limit that was passed.
        limit: Duration,
    },
    /// Concurrent transactions contradicted each other, also on the last retry.
    #[error("concurrent transactions contradicted each other on every retry")]
    Conflict,
    /// A unique constraint or primary key refused a row. See [`StoreError::is_unique_on`].
    #[error("not unique: {0}")]
    Unique(Arc<UniqueViolation>),
    /// Another constraint refused a row: NOT NULL, CHECK or a foreign key.
    #[error("a constraint refused the row: {0}")]
    Constraint(String),
    /// What is stored makes no sense, or the database file is damaged.
    #[error("the stored data is damaged: {0}")]
    Corrupt(String),
    /// A column did not hold what the code expects.
    #[error(transparent)]
    Row(Arc<RowError>),
    /// One row was expected and a different number came.
    #[error("expected {expected} from {table}, found {found}")]
    RowCount {
        /// The first table of the statement.
        table: String,
        /// How many the caller expects, in words.
        expected: &'static str,
        /// How many came, in words.
        found: &'static str,
    },
    /// A write where only reading is allowed: inside `read`, or on a store opened read-only.
    #[error("a write where only reading is allowed: {0}")]
    ReadOnly(String),
    /// A write was started inside a write. Debug builds panic instead.
    #[error("a transaction was started inside a transaction")]
    Nested,
    /// The closure panicked; its transaction was rolled back.
    #[error("the transaction panicked and was rolled back: {0}")]
    Panicked(String),
    /// The database refused a statement: a mistake in the program.
    #[error("the database refused a statement: {0}")]
    Sql(String),
    /// The schema in the database and the migrations in the program do not fit.
    #[error(transparent)]
    Migration(Arc<crate::MigrationError>),
    /// The text is no URL of a store.
    #[error("not the URL of a store: {0}")]
    Url(String),
    /// The operating system refused an operation on a file.
    #[error("input or output failed: {0}")]
    Io(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether a unique constraint or primary key refused a row.
    pub fn is_unique(&self) -> bool {
        matches!(self, Self::Unique(_))
    }

    /// Whether the unique constraint over exactly these columns of `table` refused a row.
    ///
    /// `columns` is a list with commas, in any order: `is_unique_on("ca_order", "orderer, idempotency_key")`.
    pub fn is_unique_on(&self, table: &str, columns: &str) -> bool {
        let Self::Unique(violation) = self else { return false };
        let mut asked: Vec<&str> = columns.split(',').map(str::trim).collect();
        let mut found: Vec<&str> = violation.columns.iter().map(String::as_str).collect();
        asked.sort_unstable();
        found.sort_unstable();
        violation.table == table && asked == found
    }

    /// Whether the same call may succeed later without anyone changing it or the data.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_)
                | Self::Undecided(_)
                | Self::Full(_)
                | Self::Busy(_)
                | Self::TooLong { .. }
                | Self::Conflict
        )
    }
}

impl From<RowError> for StoreError {
    fn from(error: RowError) -> Self {
        Self::Row(Arc::new(error))
    }
}

impl From<crate::MigrationError> for StoreError {
    fn from(error: crate::MigrationError) -> Self {
        Self::Migration(Arc::new(error))
    }
}

/// Which unique constraint refused a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueViolation {
    /// The table.
    pub table: String,
    /// The columns of the constraint; empty when it is an index over an expression.
    pub columns: Vec<String>,
    /// The constraint's name where the database tells it: PostgreSQL always, SQLite for indexes over expressions.
    pub constraint: Option<String>,
}

impl std::fmt::Display for UniqueViolation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.constraint, self.columns.is_empty()) {
            (Some(name), true) => write!(f, "{} ({name})", self.table),
            _ => write!(f, "{} ({})", self.table, self.columns.join(", ")),
        }
    }
}

/// A column that did not hold what the code expects. Names the place, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}.{column} (column {index} of the result) holds {found}, expected {expected}")]
pub struct RowError {
    /// The first table the statement names.
    pub table: String,
    /// The name of the column in the result.
    pub column: String,
    /// Its place in the result, from 0.
    pub index: usize,
    /// What the code expects.
    pub expected: &'static str,
    /// What was found.
    pub found: &'static str,
}
