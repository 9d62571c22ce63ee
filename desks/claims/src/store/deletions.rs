//! Deletions as they are asked for and how far they are (C13).

use core_words::{CaseNumber, OperatorId, UtcMicros};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// A deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Its id: never shown.
    pub id: i64,
    /// Its number, which is that of its archive.
    pub number: String,
    /// On whose behalf.
    pub operator: OperatorId,
    /// When it was asked for.
    pub asked: UtcMicros,
    /// By whose account.
    pub account: Option<i64>,
    /// What ended before this was chosen.
    pub before: UtcMicros,
    /// How far it is.
    pub stage: Stage,
    /// How many cases it has chosen.
    pub chosen: u64,
    /// How many of them are deleted.
    pub deleted: u64,
    /// The archive, once it is there.
    pub archive: Option<Archive>,
    /// When it was done.
    pub done: Option<UtcMicros>,
}

/// How far a deletion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Cases are chosen.
    Choosing,
    /// The archive is written.
    Archiving,
    /// Cases are deleted.
    Deleting,
    /// Nothing is left to do.
    Done,
}

/// An archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Archive {
    /// The SHA-256 of the file; it stands in the ledger as well.
    pub sha256: [u8; 32],
    /// How long it is.
    pub octets: u64,
}

impl Stage {
    const ALL: [(Self, i16); 4] =
        [(Self::Choosing, 1), (Self::Archiving, 2), (Self::Deleting, 3), (Self::Done, 4)];

    fn code(self) -> i16 {
        Self::ALL.iter().find(|(stage, _)| *stage == self).map_or(0, |(_, code)| *code)
    }
}

const COLUMNS: &str = "id, number, operator_id, asked_us, account, before_us, stage, chosen, deleted, sha256, octets, \
                       done_us";

/// Begins a deletion; false when another one is under way.
pub(crate) fn begin(
    tx: &mut Tx,
    id: i64,
    number: CaseNumber,
    scope: &Scope,
    account: Option<i64>,
    (before, now): (UtcMicros, UtcMicros),
) -> Result<bool, StoreError> {
    let new = tx.execute(
        "INSERT INTO claims_deletion (id, number, operator_id, asked_us, account, before_us, stage, chosen, deleted) \
         VALUES ($1, $2, $3, $4, $5, $6, 1, 0, 0) ON CONFLICT DO NOTHING",
        params![id, number.to_string(), scope.operator().as_str(), now, account, before],
    )?;
    Ok(new == 1)
}

/// The deletion of this id.
pub(crate) fn load(tx: &mut Tx, id: i64) -> Result<Option<Deletion>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM claims_deletion WHERE id = $1");
    tx.query_opt(&sql, params![id])?.as_ref().map(parse).transpose()
}

/// The deletion of this number, if it is of this operator.
pub(crate) fn by_number(
    tx: &mut Tx,
    scope: &Scope,
    number: CaseNumber,
) -> Result<Option<Deletion>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM claims_deletion WHERE number = $1 AND operator_id = $2");
    let values = params![number.to_string(), scope.operator().as_str()];
    tx.query_opt(&sql, values)?.as_ref().map(parse).transpose()
}

/// The youngest deletions of an operator.
pub(crate) fn latest(tx: &mut Tx, scope: &Scope, most: u32) -> Result<Vec<Deletion>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM claims_deletion WHERE operator_id = $1 ORDER BY asked_us DESC, id DESC LIMIT {most}"
    );
    tx.query(&sql, params![scope.operator().as_str()])?.iter().map(parse).collect()
}

/// Notes that so many more were chosen, and goes on to the archive when these were all.
pub(crate) fn chose(tx: &mut Tx, id: i64, more: u32, all: bool) -> Result<(), StoreError> {
    let stage = if all { Stage::Archiving } else { Stage::Choosing };
    tx.execute(
        "UPDATE claims_deletion SET chosen = chosen + $1, stage = $2 WHERE id = $3 AND stage = 1",
        params![i64::from(more), stage.code(), id],
    )?;
    Ok(())
}

/// Notes the archive; false when it was noted before.
pub(crate) fn archived(tx: &mut Tx, id: i64, archive: &Archive) -> Result<bool, StoreError> {
    let octets = i64::try_from(archive.octets).unwrap_or(i64::MAX);
    let noted = tx.execute(
        "UPDATE claims_deletion SET stage = 3, sha256 = $1, octets = $2 WHERE id = $3 AND stage = 2",
        params![&archive.sha256, octets, id],
    )?;
    Ok(noted == 1)
}

/// Notes that so many more were deleted.
pub(crate) fn deleted(tx: &mut Tx, id: i64, more: u32) -> Result<(), StoreError> {
    let sql = "UPDATE claims_deletion SET deleted = deleted + $1 WHERE id = $2";
    tx.execute(sql, params![i64::from(more), id]).map(drop)
}

/// Notes the end.
pub(crate) fn end(tx: &mut Tx, id: i64, now: UtcMicros) -> Result<(), StoreError> {
    let sql = "UPDATE claims_deletion SET stage = 4, done_us = $1 WHERE id = $2 AND done_us IS NULL";
    tx.execute(sql, params![now, id]).map(drop)
}

fn parse(row: &Row) -> Result<Deletion, StoreError> {
    let id: i64 = row.get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("claims_deletion {id}: {column}"));
    let operator: String = row.get(2)?;
    let stage: i16 = row.get(6)?;
    let archive = match (row.get::<Option<Vec<u8>>>(9)?, row.get::<Option<i64>>(10)?) {
        (Some(sha256), Some(octets)) => Some(Archive {
            sha256: sha256.try_into().map_err(|_| corrupt("sha256"))?,
            octets: octets.unsigned_abs(),
        }),
        _ => None,
    };
    Ok(Deletion {
        id,
        number: row.get(1)?,
        operator: OperatorId::new(&operator).map_err(|_| corrupt("operator_id"))?,
        asked: row.get(3)?,
        account: row.get(4)?,
        before: row.get(5)?,
        stage: Stage::ALL
            .into_iter()
            .find(|(_, code)| *code == stage)
            .map(|(stage, _)| stage)
            .ok_or_else(|| corrupt("stage"))?,
        chosen: row.get::<i64>(7)?.unsigned_abs(),
        deleted: row.get::<i64>(8)?.unsigned_abs(),
        archive,
        done: row.get(11)?,
    })
}
