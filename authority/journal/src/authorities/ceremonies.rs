//! Key ceremonies (`ca_ceremony`): one row per ceremony file, begun before the first key is made and
//! finished when the record is signed. A row without a signature is a ceremony under way.

use super::broken;
use core_words::UtcMicros;
use kit_store::{Row, StoreError, Tx, params};

/// One ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyRow {
    /// Its id.
    pub id: i64,
    /// SHA-256 of the octets of the ceremony file.
    pub file_hash: [u8; 32],
    /// JSON: while under way what was fixed at the beginning, afterwards the record that was signed.
    pub record: String,
    /// The signature over the octets of `record`; `None` while the ceremony is under way.
    pub signature: Option<Vec<u8>>,
    /// When it began.
    pub held: UtcMicros,
}

const COLUMNS: &str = "id, file_hash, record, signature, held_us";

/// Begins a ceremony. Fails as unique when one with this file was begun before.
pub fn begin_ceremony(
    tx: &mut Tx,
    id: i64,
    file_hash: &[u8; 32],
    record: &str,
    now: UtcMicros,
) -> Result<(), StoreError> {
    tx.execute(
        &format!("INSERT INTO ca_ceremony ({COLUMNS}) VALUES ($1, $2, $3, NULL, $4)"),
        params![id, file_hash, record, now],
    )?;
    Ok(())
}

/// The ceremony held with this file.
pub fn ceremony(tx: &mut Tx, file_hash: &[u8; 32]) -> Result<Option<CeremonyRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_ceremony WHERE file_hash = $1");
    tx.query_opt(&sql, params![file_hash])?.as_ref().map(parse).transpose()
}

/// Every ceremony, oldest first.
pub fn ceremonies(tx: &mut Tx) -> Result<Vec<CeremonyRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_ceremony ORDER BY held_us, id");
    tx.query(&sql, params![])?.iter().map(parse).collect()
}

/// Finishes a ceremony under way. False: it was finished before, and nothing changed.
pub fn finish_ceremony(tx: &mut Tx, id: i64, record: &str, signature: &[u8]) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE ca_ceremony SET record = $2, signature = $3 WHERE id = $1 AND signature IS NULL",
        params![id, record, signature],
    )?;
    Ok(changed == 1)
}

fn parse(row: &Row) -> Result<CeremonyRow, StoreError> {
    let (id, hash): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
    Ok(CeremonyRow {
        id,
        file_hash: hash.try_into().map_err(|h: Vec<u8>| {
            broken("ca_ceremony", "file_hash", &id.to_string(), format!("{} octets", h.len()))
        })?,
        record: row.get(2)?,
        signature: row.get(3)?,
        held: row.get(4)?,
    })
}
