//! Giving numbers: gap-free, strictly increasing, after commit.

use super::Todo;
use crate::query;
use kit_store::{StoreError, Tx, params};

/// Rows that get their numbers in one transaction: some 10 ms.
pub(super) const CHUNK: u64 = 1000;
/// Chunks of one table before the other tables get their turn.
pub(super) const CHUNKS_PER_ROUND: usize = 8;

/// A table whose rows are numbered after they were committed.
///
/// It must have the columns `id` (BIGINT, primary key), `seq` (BIGINT, unique, NULL when inserted, written by
/// nobody else) and one with the time of the row in microseconds; rows without a number are never deleted.
/// An index over (time, id) `WHERE seq IS NULL` keeps the cost independent of the table's size.
///
/// Rows that wait together are numbered in the order of time and id: an order for readers, not a promise. A
/// cursor over `seq` misses nothing: whatever gets a number later gets a greater one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    table: &'static str,
    time: &'static str,
    first: i64,
}

impl Numbered {
    /// The entries of the ledger, whose number is their index in the tree, from 0.
    pub const LEDGER: Self = Self { table: "ledger_entry", time: "at_us", first: 0 };

    /// Another table, numbered from 1; `time` is its column with the time of the row.
    ///
    /// # Panics
    /// When a name is not of `a-z`, `0-9` and `_`: evaluate it in a constant, and it does not compile.
    pub const fn new(table: &'static str, time: &'static str) -> Self {
        assert!(plain(table) && plain(time), "names of tables and columns are of a-z, 0-9 and _");
        Self { table, time, first: 1 }
    }

    /// The table's name.
    pub fn table(&self) -> &'static str {
        self.table
    }

    /// The column with the time of the row.
    pub(crate) fn time(&self) -> &'static str {
        self.time
    }
}

const fn plain(name: &str) -> bool {
    let name = name.as_bytes();
    let mut at = 0;
    while at < name.len() {
        if !(name[at].is_ascii_lowercase() || name[at].is_ascii_digit() || name[at] == b'_') {
            return false;
        }
        at += 1;
    }
    !name.is_empty()
}

/// What there is to do.
pub(super) fn look(tx: &mut Tx, numbered: &[Numbered]) -> Result<Todo, StoreError> {
    let mut todo = Todo::default();
    for Numbered { table, .. } in numbered {
        let waiting = tx.query_opt(&format!("SELECT 1 FROM {table} WHERE seq IS NULL LIMIT 1"), params![])?;
        todo.unnumbered.push(waiting.is_some());
    }
    let numbered = next(tx, Numbered::LEDGER.table)?.unwrap_or(0);
    let row = tx.query_opt("SELECT size FROM ledger_tree WHERE id = 1", params![])?;
    let size: i64 = row.map(|row| row.get(0)).transpose()?.unwrap_or(0);
    let covered = query::latest_checkpoint(tx)?.map_or(0, |checkpoint| checkpoint.size);
    todo.unhashed = size < numbered;
    todo.unsigned = covered < size as u64;
    Ok(todo)
}

fn next(tx: &mut Tx, table: &str) -> Result<Option<i64>, StoreError> {
    let row = tx.query_opt("SELECT next FROM ledger_sequence WHERE name = $1", params![table])?;
    row.map(|row| row.get(0)).transpose()
}

/// Numbers up to [`CHUNK`] rows; how many.
pub(super) fn number_chunk(tx: &mut Tx, numbered: &Numbered) -> Result<u64, StoreError> {
    let Numbered { table, time, first } = numbered;
    tx.execute(
        "INSERT INTO ledger_sequence (name, next) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        params![*table, *first],
    )?;
    // Writing the row locks it until the commit: of two sequencers the second waits here, and then sees what
    // the first has numbered.
    let row = tx.query_one(
        "UPDATE ledger_sequence SET next = next WHERE name = $1 RETURNING next",
        params![*table],
    )?;
    let next: i64 = row.get(0)?;
    // The limit stands in the text so that the planner knows how few rows these are.
    let count = tx.execute(
        &format!(
            "WITH fresh AS MATERIALIZED (
                 SELECT id, ROW_NUMBER() OVER (ORDER BY {time}, id) - 1 AS place
                 FROM (SELECT id, {time} FROM {table} WHERE seq IS NULL ORDER BY {time}, id LIMIT {CHUNK}) AS waiting
             )
             UPDATE {table} SET seq = $1 + fresh.place FROM fresh WHERE {table}.id = fresh.id"
        ),
        params![next],
    )?;
    if count > 0 {
        tx.execute(
            "UPDATE ledger_sequence SET next = $1 WHERE name = $2",
            params![next + count as i64, *table],
        )?;
    }
    Ok(count)
}
