//! Migrations: each component brings its own, numbered, and what ran is recorded with its SHA-256.
//!
//! A program refuses a database whose past it does not know: a migration that was altered after it ran, or one
//! that this program does not have. All pending ones run in one transaction under one lock, in the order in which the
//! components are given.

use crate::{Dialect, StoreError, Tx, params, sql};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One part of the product that owns tables. Its tables carry its prefix.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    /// Its name, never changed.
    pub name: &'static str,
    /// Its migrations, numbers ascending.
    pub migrations: &'static [Migration],
}

/// One step of a component's schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// From 1; ascending within the component.
    pub number: u32,
    /// What it does, as in the name of its file.
    pub name: &'static str,
    /// The text, in the common dialect: see [`Db::migrate`](crate::Db::migrate).
    pub sql: &'static str,
}

impl Migration {
    /// The migration in the file `path`, whose name is `NNNN_what_it_does.sql`. Used by [`migrations!`](crate::migrations).
    ///
    /// # Panics
    /// At compile time, when the file is not named so.
    #[must_use]
    pub const fn from_file(path: &'static str, sql: &'static str) -> Self {
        let octets = path.as_bytes();
        let mut start = octets.len();
        while start > 0 && octets[start - 1] != b'/' {
            start -= 1;
        }
        let (_, file) = octets.split_at(start);
        assert!(file.len() > 9 && file[4] == b'_', "the file must be named NNNN_what_it_does.sql");
        let mut number = 0;
        let mut at = 0;
        while at < 4 {
            assert!(file[at].is_ascii_digit(), "the file must be named NNNN_what_it_does.sql");
            number = number * 10 + (file[at] - b'0') as u32;
            at += 1;
        }
        let (_, name) = path.split_at(start + 5);
        let (name, suffix) = name.split_at(name.len() - 4);
        let suffix = suffix.as_bytes();
        assert!(suffix[0] == b'.' && suffix[1] == b's' && suffix[2] == b'q' && suffix[3] == b'l');
        Self { number, name, sql }
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.sql.as_bytes()).into()
    }
}

/// The migrations in files, paths relative to the file this stands in:
/// `migrations!("../migrations/0001_first.sql", "../migrations/0002_second.sql")`.
#[macro_export]
macro_rules! migrations {
    ($($path:literal),* $(,)?) => {
        &[$($crate::Migration::from_file($path, include_str!($path))),*]
    };
}

/// How one migration stands in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// The component.
    pub component: String,
    /// The number.
    pub number: u32,
    /// How it stands.
    pub standing: Standing,
}

/// How a migration stands in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It ran, with the text the program has.
    Applied,
    /// It has not run.
    Pending,
    /// It ran with another text than the program has.
    Altered,
    /// It ran, and the program does not have it.
    Unknown,
}

/// Why the schema in the database and the migrations in the program do not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    /// It ran with another text.
    #[error(
        "migration {component} {number} was altered after it ran; restore its text and add a new one instead"
    )]
    Altered {
        /// The component.
        component: String,
        /// The number.
        number: u32,
    },
    /// The database is ahead of the program.
    #[error(
        "the database has migration {component} {number}, which this program does not know: run a newer one"
    )]
    Unknown {
        /// The component.
        component: String,
        /// The number.
        number: u32,
    },
    /// The program's own list is wrong: numbers do not ascend, or a component stands in it twice, or a new
    /// migration has a lower number than one that ran.
    #[error("migration {component} {number} is out of order")]
    OutOfOrder {
        /// The component.
        component: String,
        /// The number.
        number: u32,
    },
    /// The database refused the text of a migration.
    #[error("migration {component} {number} failed: {detail}")]
    Failed {
        /// The component.
        component: String,
        /// The number.
        number: u32,
        /// What the database said.
        detail: String,
    },
}

const LOG: &str = "CREATE TABLE IF NOT EXISTS store_migration (
    component TEXT   NOT NULL,
    number    BIGINT NOT NULL,
    name      TEXT   NOT NULL,
    sha256    BYTEA  NOT NULL,
    PRIMARY KEY (component, number)
)";

/// Refuses a list that no database could satisfy.
pub(crate) fn check(components: &[Component]) -> Result<(), MigrationError> {
    for (at, component) in components.iter().enumerate() {
        let wrong = |number| Err(MigrationError::OutOfOrder { component: component.name.to_owned(), number });
        if components[..at].iter().any(|earlier| earlier.name == component.name) {
            return wrong(0);
        }
        if let Some(pair) = component.migrations.windows(2).find(|pair| pair[0].number >= pair[1].number) {
            return wrong(pair[1].number);
        }
    }
    Ok(())
}

/// Runs what is pending, inside a transaction that holds the lock on migrations.
pub(crate) fn run(tx: &mut Tx, components: &[Component]) -> Result<(), StoreError> {
    tx.batch(&sql::migration_for(tx.dialect(), LOG))?;
    for component in components {
        let done = recorded(tx, component.name)?;
        refuse_misfits(component, &done)?;
        let last = done.keys().next_back().copied().unwrap_or(0);
        for migration in component.migrations.iter().filter(|m| !done.contains_key(&m.number)) {
            if migration.number < last {
                return Err(out_of_order(component, migration));
            }
            apply(tx, component, migration)?;
        }
    }
    Ok(())
}

/// How the migrations stand, without changing anything.
pub(crate) fn states(tx: &mut Tx, components: &[Component]) -> Result<Vec<MigrationState>, StoreError> {
    let exists = tx.query_opt(
        "SELECT 1\n\
         -- only: sqlite\n\
         FROM sqlite_schema WHERE name = 'store_migration'\n\
         -- only: postgres\n\
         WHERE to_regclass('store_migration') IS NOT NULL\n\
         -- end",
        params![],
    )?;
    let mut states = Vec::new();
    for component in components {
        let mut done = if exists.is_some() { recorded(tx, component.name)? } else { BTreeMap::new() };
        for migration in component.migrations {
            let standing = match done.remove(&migration.number) {
                None => Standing::Pending,
                Some(hash) if hash == migration.hash() => Standing::Applied,
                Some(_) => Standing::Altered,
            };
            let component = component.name.to_owned();
            states.push(MigrationState { component, number: migration.number, standing });
        }
        states.extend(done.into_keys().map(|number| MigrationState {
            component: component.name.to_owned(),
            number,
            standing: Standing::Unknown,
        }));
    }
    Ok(states)
}

fn recorded(tx: &mut Tx, component: &str) -> Result<BTreeMap<u32, Vec<u8>>, StoreError> {
    let rows =
        tx.query("SELECT number, sha256 FROM store_migration WHERE component = $1", params![component])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn refuse_misfits(component: &Component, done: &BTreeMap<u32, Vec<u8>>) -> Result<(), MigrationError> {
    for (&number, hash) in done {
        let name = component.name.to_owned();
        match component.migrations.iter().find(|m| m.number == number) {
            None => return Err(MigrationError::Unknown { component: name, number }),
            Some(m) if m.hash() != **hash => return Err(MigrationError::Altered { component: name, number }),
            Some(_) => {}
        }
    }
    Ok(())
}

fn apply(tx: &mut Tx, component: &Component, migration: &Migration) -> Result<(), StoreError> {
    let text = sql::migration_for(tx.dialect(), migration.sql);
    tx.batch(&text).map_err(|error| match error {
        StoreError::Full(_) | StoreError::Unavailable(_) | StoreError::Io(_) => error,
        other => MigrationError::Failed {
            component: component.name.to_owned(),
            number: migration.number,
            detail: other.to_string(),
        }
        .into(),
    })?;
    tx.execute(
        "INSERT INTO store_migration (component, number, name, sha256) VALUES ($1, $2, $3, $4)",
        params![component.name, migration.number, migration.name, &migration.hash()],
    )?;
    Ok(())
}

fn out_of_order(component: &Component, migration: &Migration) -> StoreError {
    MigrationError::OutOfOrder { component: component.name.to_owned(), number: migration.number }.into()
}

/// The lock that only one migration holds, where the database does not serialise writers by itself.
pub(crate) fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.dialect() == Dialect::Postgres {
        // Held until the transaction ends. The number says "warifu" in ASCII.
        tx.query("SELECT pg_advisory_xact_lock(131260415043189)", params![])?;
    }
    Ok(())
}
