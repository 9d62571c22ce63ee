//! List entries at rest (`ca_segment`, the tail of `ca_revocation`): what a list is streamed from (K4).
//!
//! A fresh revocation lies in the *tail*, one row each. Packing moves revocations for good into *segments*, runs
//! of a few thousand encoded entries that never change. A list is the segments of its scope and the tail; with
//! a million revoked that is some five hundred rows to read. Holds stay in the tail, since they may be released.

use crate::codes::RevocationState;
use crate::lists::Scope;
use core_words::{RevocationReason, Serial, UtcMicros, UtcSeconds};
use kit_store::{RowRef, StoreError, Tx, params, row};
use std::ops::ControlFlow;

/// What a list says of one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which certificate.
    pub serial: Serial,
    /// Its partition, as it was fixed when it was issued; 0 where the authority has none.
    pub partition: u16,
    /// Revoked, held, or released again.
    pub state: RevocationState,
    /// Why.
    pub reason: RevocationReason,
    /// Since when it is refused.
    pub revoked: UtcMicros,
    /// Since when its key was bad.
    pub invalidity: Option<UtcSeconds>,
    /// The last second of its validity.
    pub not_after: UtcMicros,
    /// When this state was reached.
    pub changed: UtcMicros,
}

impl Mark {
    /// The later of its expiry and its last change: a list after this time has shown the certificate expired.
    pub fn settled(&self) -> UtcMicros {
        self.not_after.max(self.changed)
    }
}

/// A segment without its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHead {
    /// Its id.
    pub id: i64,
    /// How many entries.
    pub entries: i64,
    /// The length of its body in octets.
    pub octets: i64,
}

/// A segment about to be stored.
#[derive(Clone, Debug)]
pub struct NewSegment {
    /// The partition whose certificates it lists, with authority and generation; 0 where there are none.
    pub scope: Scope,
    /// The latest [`Mark::settled`] among its entries.
    pub settled: UtcMicros,
    /// The encoded entries, one after the other.
    pub body: Vec<u8>,
}

/// The columns of a [`Mark`], for a statement that calls `ca_revocation` r.
pub(crate) const MARK_COLUMNS: &str = "r.serial, r.partition_no, r.state, r.reason, r.revoked_us, \
     r.invalidity_us, r.not_after_us, r.changed_us";

/// The heads of the segments of a scope in list order, without those settled before `cut_off`: they left the list.
pub fn heads(tx: &mut Tx, scope: &Scope, cut_off: UtcMicros) -> Result<Vec<SegmentHead>, StoreError> {
    let sql = format!(
        "SELECT id, entries, octets FROM ca_segment \
         WHERE authority = $1 AND generation = $2 AND latest_not_after_us >= $3 {} ORDER BY partition_no, id",
        only(scope)
    );
    let rows = tx.query(&sql, params![scope.authority.as_str(), scope.generation, cut_off])?;
    rows.iter()
        .map(|row| Ok(SegmentHead { id: row.get(0)?, entries: row.get(1)?, octets: row.get(2)? }))
        .collect()
}

/// The body of a segment; `None` when it was deleted.
pub fn body(tx: &mut Tx, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    tx.query_opt("SELECT body FROM ca_segment WHERE id = $1", params![id])?.map(|row| row.get(0)).transpose()
}

/// Hands `take` every revoked or held certificate of a scope that lies in the tail.
pub fn tail<E: From<StoreError>>(
    tx: &mut Tx,
    scope: &Scope,
    mut take: impl FnMut(Mark) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!(
        "SELECT {MARK_COLUMNS} FROM ca_revocation r WHERE r.authority = $1 AND r.generation = $2 \
         AND r.segment IS NULL AND r.state <> 3 {}",
        only(scope)
    );
    tx.for_each(&sql, params![scope.authority.as_str(), scope.generation], |row| {
        take(parse_mark(&row)?)?;
        Ok(ControlFlow::Continue(()))
    })
}

/// Whether at least `count` certificates of one partition are revoked for good and lie in the tail. Looks at that
/// many index entries and no row; partition as in [`packable`].
pub fn has_packable(tx: &mut Tx, scope: &Scope, count: usize) -> Result<bool, StoreError> {
    let found = tx.query_opt(
        "SELECT 1 FROM ca_revocation WHERE authority = $1 AND generation = $2 AND partition_no = $3 \
         AND segment IS NULL AND state <> 3 AND state = 1 LIMIT 1 OFFSET $4",
        params![scope.authority.as_str(), scope.generation, scope.partition, as_count(count.saturating_sub(1))],
    )?;
    Ok(found.is_some())
}

/// At most `limit` certificates of one partition that are revoked for good and lie in the tail.
///
/// Unlike in a list, partition 0 here means the certificates without a partition.
pub fn packable(tx: &mut Tx, scope: &Scope, limit: usize) -> Result<Vec<Mark>, StoreError> {
    let mut found = Vec::new();
    let sql = format!(
        "SELECT {MARK_COLUMNS} FROM ca_revocation r WHERE r.authority = $1 AND r.generation = $2 \
         AND r.partition_no = $3 AND r.segment IS NULL AND r.state <> 3 AND r.state = 1 LIMIT $4"
    );
    tx.for_each(
        &sql,
        params![scope.authority.as_str(), scope.generation, scope.partition, as_count(limit)],
        |row| -> Result<_, StoreError> {
            found.push(parse_mark(&row)?);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(found)
}

/// Stores a segment and moves the rows it was made of out of the tail, all or none.
///
/// # Errors
/// [`StoreError::Conflict`] when a row is no longer as it was read: it was packed by somebody else meanwhile.
pub fn pack(tx: &mut Tx, segment: &NewSegment, marks: &[Mark]) -> Result<i64, StoreError> {
    let (id, scope) = (tx.next_id()?, &segment.scope);
    let authority = scope.authority.as_str();
    tx.execute(
        "INSERT INTO ca_segment (id, authority, generation, partition_no, entries, octets, latest_not_after_us, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            authority,
            scope.generation,
            scope.partition,
            as_count(marks.len()),
            as_count(segment.body.len()),
            segment.settled,
            segment.body.as_slice(),
        ],
    )?;
    let rows: Vec<_> = marks.iter().map(|m| row![authority, m.serial.octets(), id, m.changed]).collect();
    let moved = tx.update_many(
        "UPDATE ca_revocation SET segment = $3 \
         WHERE authority = $1 AND serial = $2 AND changed_us = $4 AND segment IS NULL AND state = 1",
        &rows,
    )?;
    if usize::try_from(moved) == Ok(marks.len()) { Ok(id) } else { Err(StoreError::Conflict) }
}

/// Deletes at most `limit` segments of one partition that were settled before `cut_off`, and says how many.
///
/// The rows of `ca_revocation` stay: what became of a certificate can be asked for ever.
pub fn delete_settled(tx: &mut Tx, scope: &Scope, cut_off: UtcMicros, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM ca_segment WHERE id IN (SELECT id FROM ca_segment WHERE authority = $1 AND generation = $2 \
         AND partition_no = $3 AND latest_not_after_us < $4 ORDER BY id LIMIT $5)",
        params![scope.authority.as_str(), scope.generation, scope.partition, cut_off, limit],
    )
}

/// The list of all takes every partition, any other list its own. The number is ours and no outside text.
fn only(scope: &Scope) -> String {
    if scope.partition == 0 { String::new() } else { format!("AND partition_no = {}", scope.partition) }
}

fn as_count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Reads [`MARK_COLUMNS`].
pub(crate) fn parse_mark(row: &RowRef<'_>) -> Result<Mark, StoreError> {
    let serial: &[u8] = row.get(0)?;
    let broken = |column: &str, why: &dyn std::fmt::Display| {
        let key: String = serial.iter().map(|b| format!("{b:02x}")).collect();
        StoreError::Corrupt(format!("ca_revocation.{column} of {key}: {why}"))
    };
    let reason: u8 = row.get(3)?;
    Ok(Mark {
        serial: Serial::from_magnitude(serial).map_err(|e| broken("serial", &e))?,
        partition: row.get(1)?,
        state: RevocationState::from_code(row.get(2)?).map_err(|e| broken("state", &e))?,
        reason: RevocationReason::from_code(reason)
            .ok_or_else(|| broken("reason", &format_args!("{reason} is not known")))?,
        revoked: row.get(4)?,
        invalidity: row.get::<Option<UtcMicros>>(5)?.map(UtcMicros::whole_seconds),
        not_after: row.get(6)?,
        changed: row.get(7)?,
    })
}
