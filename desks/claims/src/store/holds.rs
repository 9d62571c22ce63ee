//! What holds a case: a row beside each, without whose consent the database deletes none (C13).

use crate::{case::Case, status::Standing};
use core_words::{CaseNumber, OperatorId, UtcMicros};
use kit_desk::Status;
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// A case that may be deleted: its certificate was revoked or has ended, long enough ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removable {
    /// The number of the case.
    pub number: String,
    /// 5 or 8.
    pub standing: Standing,
    /// The number of its holder.
    pub holder_number: String,
    /// What the holder was called.
    pub holder_name: String,
    /// When the certificate was revoked, or the first moment after its end.
    pub ended: UtcMicros,
}

/// A case that a deletion has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) case: i64,
    /// The version of the case when it was chosen.
    pub(crate) version: i64,
}

/// When the certificate of a case came to its end, or will; `None` for a case that is not deleted from where it stands:
/// before issue, while it is being revoked, and after a rejection.
pub(crate) fn ended(case: &Case, now: UtcMicros) -> Option<UtcMicros> {
    match case {
        // The last second is one of its life.
        Case::Issued(holding) => Some(holding.certificate.not_after.micros().plus_seconds(1)),
        Case::Revoked { .. } => Some(now),
        _ => None,
    }
}

/// Holds a new case.
pub(crate) fn hold(
    tx: &mut Tx,
    id: i64,
    number: &str,
    operator: &OperatorId,
    ended: Option<UtcMicros>,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO claims_hold (case_id, number, operator_id, held, ended_us) VALUES ($1, $2, $3, $1, $4)",
        params![id, number, operator.as_str(), ended],
    )?;
    Ok(())
}

/// Notes the end of a case as it stands now; one that was chosen for deletion is chosen no more.
pub(crate) fn note(tx: &mut Tx, id: i64, ended: Option<UtcMicros>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE claims_hold SET ended_us = $1, deletion = NULL, version = NULL WHERE case_id = $2 AND held = $2",
        params![ended, id],
    )?;
    Ok(())
}

/// What may go: held, ended before $2, chosen by no deletion, with no key kept.
const FREE: &str = "claims_hold h JOIN claims_case c ON c.id = h.held WHERE h.operator_id = $1 \
     AND h.held IS NOT NULL AND h.ended_us < $2 AND h.deletion IS NULL AND c.status IN (5, 8) AND c.custody IS NULL";

/// How many may go that have ended, and that were revoked.
pub(crate) fn counts(tx: &mut Tx, scope: &Scope, before: UtcMicros) -> Result<(u64, u64), StoreError> {
    let sql = format!("SELECT c.status, count(*) FROM {FREE} GROUP BY c.status");
    let (mut ended, mut revoked) = (0, 0);
    for row in &tx.query(&sql, params![scope.operator().as_str(), before])? {
        let (status, count): (i16, i64) = (row.get(0)?, row.get(1)?);
        match Standing::of_code(status) {
            Some(Standing::Revoked) => revoked = count.unsigned_abs(),
            _ => ended = count.unsigned_abs(),
        }
    }
    Ok((ended, revoked))
}

/// `most` of them after the first `skipped`, what ended first first.
pub(crate) fn page(
    tx: &mut Tx,
    scope: &Scope,
    before: UtcMicros,
    most: u32,
    skipped: u64,
) -> Result<Vec<Removable>, StoreError> {
    let sql = format!(
        "SELECT c.number, c.status, c.holder_number, c.holder_name, h.ended_us FROM {FREE} \
         ORDER BY h.ended_us, h.case_id LIMIT {most} OFFSET {skipped}"
    );
    tx.query(&sql, params![scope.operator().as_str(), before])?.iter().map(parse).collect()
}

/// Lets a deletion choose the next `most`; how many there were.
pub(crate) fn choose(
    tx: &mut Tx,
    scope: &Scope,
    before: UtcMicros,
    deletion: i64,
    most: u32,
) -> Result<u32, StoreError> {
    let sql = format!("SELECT c.id, c.version FROM {FREE} ORDER BY h.ended_us, h.case_id LIMIT {most}");
    let mut chosen = 0;
    for row in &tx.query(&sql, params![scope.operator().as_str(), before])? {
        let (case, version): (i64, i64) = (row.get(0)?, row.get(1)?);
        let sql = "UPDATE claims_hold SET deletion = $1, version = $2 \
                   WHERE case_id = $3 AND held = $3 AND deletion IS NULL";
        chosen += u32::from(tx.execute(sql, params![deletion, version, case])? == 1);
    }
    Ok(chosen)
}

/// The next that a deletion has chosen and that are still held, after the case `after`.
pub(crate) fn chosen(tx: &mut Tx, deletion: i64, after: i64, most: u32) -> Result<Vec<Chosen>, StoreError> {
    let sql = format!(
        "SELECT case_id, version FROM claims_hold WHERE deletion = $1 AND held IS NOT NULL AND case_id > $2 \
         ORDER BY case_id LIMIT {most}"
    );
    let rows = tx.query(&sql, params![deletion, after])?;
    rows.iter().map(|row| Ok(Chosen { case: row.get(0)?, version: row.get(1)? })).collect()
}

/// Deletes the row of a case and lets go of it before; false when the case is not as it was when it was chosen. A
/// certificate that has not ended stops here: the database refuses.
pub(crate) fn delete(tx: &mut Tx, of: Chosen, deletion: i64, now: UtcMicros) -> Result<bool, StoreError> {
    let let_go = tx.execute(
        "UPDATE claims_hold SET held = NULL, deleted_us = $1 WHERE case_id = $2 AND held = $2 AND deletion = $3 \
         AND version = $4 AND EXISTS (SELECT 1 FROM claims_case c WHERE c.id = $2 AND c.version = $4 \
         AND c.status IN (5, 8))",
        params![now, of.case, deletion, of.version],
    )?;
    if let_go == 0 {
        return Ok(false);
    }
    let gone = tx.execute(
        "DELETE FROM claims_case WHERE id = $1 AND version = $2 AND status IN (5, 8)",
        params![of.case, of.version],
    )?;
    match gone {
        1 => Ok(true),
        _ => Err(StoreError::Corrupt(format!("claims_hold {}: it held no such case", of.case))),
    }
}

/// A case that was chosen and is not as it was: it stays.
pub(crate) fn spare(tx: &mut Tx, case: i64, deletion: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE claims_hold SET deletion = NULL, version = NULL WHERE case_id = $1 AND held = $1 AND deletion = $2",
        params![case, deletion],
    )?;
    Ok(())
}

/// When a case of this number was deleted, and the number of the deletion whose archive has it.
pub(crate) fn gone(
    tx: &mut Tx,
    scope: &Scope,
    number: CaseNumber,
) -> Result<Option<(UtcMicros, String)>, StoreError> {
    let row = tx.query_opt(
        "SELECT h.deleted_us, d.number FROM claims_hold h JOIN claims_deletion d ON d.id = h.deletion \
         WHERE h.number = $1 AND h.operator_id = $2 AND h.held IS NULL",
        params![number.to_string(), scope.operator().as_str()],
    )?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

fn parse(row: &Row) -> Result<Removable, StoreError> {
    let number: String = row.get(0)?;
    let status: i16 = row.get(1)?;
    let standing = Standing::of_code(status)
        .ok_or_else(|| StoreError::Corrupt(format!("claims_case {number}: status {status}")))?;
    let (holder_number, holder_name, ended) = (row.get(2)?, row.get(3)?, row.get(4)?);
    Ok(Removable { number, standing, holder_number, holder_name, ended })
}

#[cfg(test)]
mod tests;
