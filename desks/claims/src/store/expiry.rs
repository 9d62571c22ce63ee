//! Certificates that end soon, and the notices given of them (C12).

use crate::words::HolderNumber;
use core_words::{UtcMicros, UtcSeconds};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// A certificate that ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiring {
    /// The id of its case.
    pub id: i64,
    /// The number of its case.
    pub number: String,
    /// The number of its holder.
    pub holder_number: HolderNumber,
    /// What the holder was called at the application.
    pub holder_name: String,
    /// Its last second, inclusive.
    pub last: UtcSeconds,
    /// How many days ahead the latest notice was given; `None` before the first.
    pub told: Option<u16>,
    /// When that was.
    pub told_at: Option<UtcMicros>,
}

/// From where a walk goes on: the end and the id of the last one.
pub(crate) type Place = (UtcSeconds, i64);

/// Issued certificates of an operator ($1) that end between $2 and $3 and are not renewed.
///
/// Renewed is one whose holder has another issued certificate that ends later. An agent has several beside each other as
/// it pays for them: there the other must have been applied for as the renewal of this one.
///
/// One whose key was erased before anybody fetched it is in nobody's hands: it need not be renewed, and renews nothing.
const ENDING: &str = "c.operator_id = $1 AND c.status = 5 AND c.not_after_s >= $2 AND c.not_after_s <= $3 \
     AND (c.key_erased_us IS NULL OR c.fetched_us IS NOT NULL) \
     AND NOT EXISTS (SELECT 1 FROM claims_case n WHERE n.holder = c.holder AND n.status = 5 \
     AND (n.key_erased_us IS NULL OR n.fetched_us IS NOT NULL) AND n.not_after_s > c.not_after_s AND (c.due_us IS NULL OR n.renews = c.number))";

const COLUMNS: &str = "c.id, c.number, c.holder_number, c.holder_name, c.not_after_s, \
     (SELECT min(e.days) FROM claims_expiry_notice e WHERE e.case_id = c.id), \
     (SELECT max(e.at_us) FROM claims_expiry_notice e WHERE e.case_id = c.id)";

/// The next certificates that end from `from` to `to`, the first to end first, after `after`.
pub(crate) fn walk(
    tx: &mut Tx,
    scope: &Scope,
    (from, to): (UtcSeconds, UtcSeconds),
    after: Option<Place>,
    most: u32,
) -> Result<Vec<Expiring>, StoreError> {
    let (last, id) = after.unwrap_or((UtcSeconds(i64::MIN), 0));
    // The first condition alone lets the index be entered at the place.
    let sql = format!(
        "SELECT {COLUMNS} FROM claims_case c WHERE {ENDING} AND c.not_after_s >= $4 \
         AND (c.not_after_s > $4 OR c.id > $5) ORDER BY c.not_after_s, c.id LIMIT {most}"
    );
    let values = params![scope.operator().as_str(), from.0, to.0, last.0, id];
    tx.query(&sql, values)?.iter().map(parse).collect()
}

/// `most` of them after the first `skipped`.
pub(crate) fn page(
    tx: &mut Tx,
    scope: &Scope,
    (from, to): (UtcSeconds, UtcSeconds),
    most: u32,
    skipped: u64,
) -> Result<Vec<Expiring>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM claims_case c WHERE {ENDING} ORDER BY c.not_after_s, c.id \
         LIMIT {most} OFFSET {skipped}"
    );
    tx.query(&sql, params![scope.operator().as_str(), from.0, to.0])?.iter().map(parse).collect()
}

/// How many there are.
pub(crate) fn count(
    tx: &mut Tx,
    scope: &Scope,
    (from, to): (UtcSeconds, UtcSeconds),
) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM claims_case c WHERE {ENDING}");
    let row = tx.query_one(&sql, params![scope.operator().as_str(), from.0, to.0])?;
    Ok(row.get::<i64>(0)?.unsigned_abs())
}

/// Notes that a notice is given; false when it was given before.
pub(crate) fn note(tx: &mut Tx, case: i64, days: u16, now: UtcMicros) -> Result<bool, StoreError> {
    let new = tx.execute(
        "INSERT INTO claims_expiry_notice (case_id, days, at_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        params![case, i64::from(days), now],
    )?;
    Ok(new == 1)
}

/// Forgets the notices of a case that is deleted.
pub(crate) fn forget(tx: &mut Tx, case: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM claims_expiry_notice WHERE case_id = $1", params![case]).map(drop)
}

fn parse(row: &Row) -> Result<Expiring, StoreError> {
    let id: i64 = row.get(0)?;
    let number: String = row.get(2)?;
    let corrupt = || StoreError::Corrupt(format!("claims_case {id}: holder_number"));
    Ok(Expiring {
        id,
        number: row.get(1)?,
        holder_number: HolderNumber::new(&number).ok_or_else(corrupt)?,
        holder_name: row.get(3)?,
        last: UtcSeconds(row.get(4)?),
        told: row.get::<Option<i64>>(5)?.map(|told| days(id, told)).transpose()?,
        told_at: row.get(6)?,
    })
}

fn days(case: i64, days: i64) -> Result<u16, StoreError> {
    u16::try_from(days).map_err(|_| StoreError::Corrupt(format!("claims_expiry_notice {case}: days")))
}

#[cfg(test)]
mod tests;
