//! Db, Tx, dialects, migrations, row parsing, blobs.
//!
//! One text of SQL runs on SQLite and on PostgreSQL (K13). Callers are async; transactions are synchronous closures
//! that run on threads which own the connections:
//!
//! ```no_run
//! # async fn example() -> Result<(), kit_store::StoreError> {
//! use kit_store::{Db, Options, StoreError, params};
//!
//! let db = Db::open("sqlite:/var/lib/warifu/warifu.db", Options::default()).await?;
//! let id = db
//!     .write(|tx| {
//!         let id = tx.next_id()?;
//!         tx.execute("INSERT INTO note (id, body) VALUES ($1, $2)", params![id, "received"])?;
//!         Ok::<_, StoreError>(id)
//!     })
//!     .await?; // durable from here on
//! let body: String = db
//!     .read(move |tx| tx.query_one("SELECT body FROM note WHERE id = $1", params![id])?.get(0))
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! What a caller can rely on:
//! - everything a closure reads and writes happens in one transaction, serialisable with all others;
//! - `Ok` means durable: SQLite syncs its log at each commit, which many closures share;
//! - an error means that nothing of the closure was stored, [`StoreError::Undecided`] excepted;
//! - a full disk or a lost server is an error of the calls meanwhile, and no one has to mend anything afterwards.

mod allowance;
pub mod blobs;
mod db;
mod error;
mod ids;
mod migrate;
mod nested;
mod postgres;
mod queue;
mod row;
mod shared;
mod sql;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod text_map;
mod tx;
mod url;
mod value;

pub use db::{Access, Db, Options};
pub use error::{RowError, StoreError, UniqueViolation};
pub use migrate::{Component, Migration, MigrationError, MigrationState, Standing};
pub use row::{Cell, FromCell, Row, RowRef};
pub use sql::Dialect;
pub use tx::Tx;
pub use url::DbUrl;
pub use value::Value;
