//! What is asked of the ledger's tables: entries, details, checkpoints, lag (K8, K14).

use crate::{Body, EntryId, LedgerError, Numbered, merkle::Hash};
use core_words::UtcMicros;
use kit_store::{Row, StoreError, Tx, params};

/// An entry as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number in the database.
    pub id: EntryId,
    /// Its place in the log; `None` until the sequencer has come by.
    pub index: Option<u64>,
    /// Its octets in the log.
    pub octets: Vec<u8>,
}

impl StoredEntry {
    /// What it says.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the row does not hold what the ledger writes.
    pub fn body(&self) -> Result<Body, StoreError> {
        Body::decode(&self.octets)
            .map_err(|e| StoreError::Corrupt(format!("ledger_entry.body of {}: {e}", self.id.0)))
    }
}

/// One entry by its number in the database.
///
/// # Errors
/// Those of the store.
pub fn entry(tx: &mut Tx, id: EntryId) -> Result<Option<StoredEntry>, StoreError> {
    let row = tx.query_opt("SELECT id, seq, body FROM ledger_entry WHERE id = $1", params![id.0])?;
    row.as_ref().map(parse_entry).transpose()
}

/// Entries in the order of the log, from index `first` on; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn entries(tx: &mut Tx, first: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
    let rows = tx.query(
        "SELECT id, seq, body FROM ledger_entry WHERE seq >= $1 ORDER BY seq LIMIT $2",
        params![first as i64, limit],
    )?;
    rows.iter().map(parse_entry).collect()
}

/// By its index.
pub(crate) fn entry_at(tx: &mut Tx, index: u64) -> Result<Option<StoredEntry>, StoreError> {
    let row = tx.query_opt("SELECT id, seq, body FROM ledger_entry WHERE seq = $1", params![index as i64])?;
    row.as_ref().map(parse_entry).transpose()
}

pub(crate) fn parse_entry(row: &Row) -> Result<StoredEntry, StoreError> {
    let index = row.get::<Option<i64>>(1)?.map(|index| index as u64);
    Ok(StoredEntry { id: EntryId(row.get(0)?), index, octets: row.get(2)? })
}

/// What an entry commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// The salt of the commitment.
    pub salt: [u8; 32],
    /// What the appender gave.
    pub octets: Vec<u8>,
}

/// The details of an entry; `None` when there were none, or when they were erased.
///
/// # Errors
/// Those of the store.
pub fn details(tx: &mut Tx, id: EntryId) -> Result<Option<Details>, StoreError> {
    let row = tx.query_opt("SELECT salt, details FROM ledger_details WHERE entry_id = $1", params![id.0])?;
    row.map(|row| Ok(Details { salt: row.get(0)?, octets: row.get(1)? })).transpose()
}

/// A checkpoint as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// How many entries it covers.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
    /// The public key that opens it, as [`VerifierKey`](crate::VerifierKey) writes it.
    pub verifier: String,
    /// When it was signed.
    pub signed: UtcMicros,
}

const CHECKPOINT: &str = "SELECT size, root, note, verifier, signed_us FROM ledger_checkpoint";

/// The newest checkpoint; `None` as long as nothing was signed.
///
/// # Errors
/// Those of the store.
pub fn latest_checkpoint(tx: &mut Tx) -> Result<Option<StoredCheckpoint>, StoreError> {
    let row = tx.query_opt(&format!("{CHECKPOINT} ORDER BY size DESC LIMIT 1"), params![])?;
    row.as_ref().map(parse_checkpoint).transpose()
}

/// The checkpoint of this size.
///
/// # Errors
/// Those of the store.
pub fn checkpoint_at(tx: &mut Tx, size: u64) -> Result<Option<StoredCheckpoint>, StoreError> {
    let row = tx.query_opt(&format!("{CHECKPOINT} WHERE size = $1"), params![size as i64])?;
    row.as_ref().map(parse_checkpoint).transpose()
}

/// Checkpoints in ascending size, those greater than `after`; at most `limit`. Every one ever signed is here.
///
/// # Errors
/// Those of the store.
pub fn checkpoints(tx: &mut Tx, after: u64, limit: u32) -> Result<Vec<StoredCheckpoint>, StoreError> {
    let sql = format!("{CHECKPOINT} WHERE size > $1 ORDER BY size LIMIT $2");
    tx.query(&sql, params![after as i64, limit])?.iter().map(parse_checkpoint).collect()
}

fn parse_checkpoint(row: &Row) -> Result<StoredCheckpoint, StoreError> {
    Ok(StoredCheckpoint {
        size: row.get::<i64>(0)? as u64,
        root: row.get(1)?,
        note: row.get(2)?,
        verifier: row.get(3)?,
        signed: row.get(4)?,
    })
}

/// How far the log is behind what was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// Entries without an index.
    pub unnumbered: u64,
    /// When the oldest of them was appended; `None` when there are none.
    pub oldest: Option<UtcMicros>,
    /// Entries with an index that no checkpoint covers.
    pub unsigned: u64,
    /// When the newest checkpoint was signed; `None` when there is none.
    pub last_checkpoint: Option<UtcMicros>,
}

/// How far the log is behind. Target: the oldest unnumbered entry is less than a second old.
///
/// # Errors
/// Those of the store.
pub fn lag(tx: &mut Tx) -> Result<Lag, LedgerError> {
    let (unnumbered, oldest) = numbering_lag(tx, &Numbered::LEDGER)?;
    let row =
        tx.query_opt("SELECT next FROM ledger_sequence WHERE name = $1", params![Numbered::LEDGER.table()])?;
    let numbered = row.map(|row| row.get::<i64>(0)).transpose()?.unwrap_or(0) as u64;
    let latest = latest_checkpoint(tx)?;
    let covered = latest.as_ref().map_or(0, |checkpoint| checkpoint.size);
    Ok(Lag {
        unnumbered,
        oldest,
        unsigned: numbered.saturating_sub(covered),
        last_checkpoint: latest.map(|checkpoint| checkpoint.signed),
    })
}

/// How many rows of a numbered table have no number, and when the oldest of them was written.
///
/// # Errors
/// Those of the store.
pub fn numbering_lag(tx: &mut Tx, numbered: &Numbered) -> Result<(u64, Option<UtcMicros>), StoreError> {
    let (table, time) = (numbered.table(), numbered.time());
    let sql = format!("SELECT COUNT(*), MIN({time}) FROM {table} WHERE seq IS NULL");
    let row = tx.query_one(&sql, params![])?;
    Ok((row.get::<i64>(0)? as u64, row.get(1)?))
}
