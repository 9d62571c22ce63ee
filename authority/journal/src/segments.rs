//! List entries at rest (`ca_segment`, the tail of `ca_revocation`): what a list is streamed from (K4).
//!
//! A fresh revocation lies in the *tail*, one row each. Packing moves revocations for good into *segments*, runs
//! of a few thousand encoded entries that never change. A list is the segments of its scope and the tail; with
//! a million revoked that is some five hundred rows to read. Holds stay in the tail, since they may be released.

use crate::codes::RevocationState;
use crate::lists::Scope;
use core_words::{RevocationReason, Serial, UtcMicros, UtcSeconds};
use kit_store::{RowRef, StoreError, Tx, params};
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

/// The columns of a [`Mark`].
pub(crate) const MARK_COLUMNS: &str =
    "serial, partition_no, state, reason, revoked_us, invalidity_us, not_after_us, changed_us";

/// The heads of the segments of a scope in list order, without those settled before `cut_off`: they left the list.
pub fn heads(tx: &mut Tx, scope: &Scope, cut_off: UtcMicros) -> Result<Vec<SegmentHead>, StoreError> {
    let rows = tx.query(&heads_sql(scope), params![scope.authority.as_str(), scope.generation, cut_off])?;
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
    tx.for_each(&tail_sql(scope), params![scope.authority.as_str(), scope.generation], |row| {
        take(parse_mark(&row)?)?;
        Ok(ControlFlow::Continue(()))
    })
}

/// Where the next run of entries to be packed ends: at the serial number of the entry number `most` of one
/// partition that is revoked for good and lies in the tail; after all of them when there are only `enough`; `None`
/// when there are fewer. Looks at no more rows than these numbers say.
///
/// Unlike in a list, partition 0 here means the certificates without a partition.
pub fn run_end(
    tx: &mut Tx,
    scope: &Scope,
    enough: usize,
    most: usize,
) -> Result<Option<[u8; 20]>, StoreError> {
    let mut serial_of = |count: usize| {
        let row = tx.query_opt(
            RUN_END,
            params![
                scope.authority.as_str(),
                scope.generation,
                scope.partition,
                as_count(count.saturating_sub(1))
            ],
        )?;
        row.map(|row| row.get::<[u8; 20]>(0)).transpose()
    };
    match (serial_of(enough)?, serial_of(most)?) {
        (None, _) => Ok(None),
        (Some(_), None) => Ok(Some([0xff; 20])),
        (Some(_), end) => Ok(end),
    }
}

/// Moves the run up to `end` out of the tail into a segment whose body `encode` makes; how many entries it has.
///
/// A segment is settled no earlier than the latest lists on which it could have stood were made: what was revoked while
/// the clock was set back bears an earlier time than they do, and has stood on none of them.
///
/// What the one UPDATE took is what is encoded. So nothing falls between reading and moving, however many are
/// revoked or packed meanwhile, and READ COMMITTED is enough on PostgreSQL. An entry that was added to the run
/// since [`run_end`] comes along.
pub fn pack(
    tx: &mut Tx,
    scope: &Scope,
    end: &[u8; 20],
    encode: impl FnOnce(&[Mark]) -> Result<Vec<u8>, StoreError>,
) -> Result<usize, StoreError> {
    let (id, authority) = (tx.next_id()?, scope.authority.as_str());
    let mut marks = Vec::new();
    tx.for_each(
        &take_run_sql(),
        params![id, authority, scope.generation, scope.partition, end],
        |row| -> Result<_, StoreError> {
            marks.push(parse_mark(&row)?);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    // Somebody else took the whole run meanwhile.
    let Some(settled) = marks.iter().map(Mark::settled).max() else {
        return Ok(0);
    };
    let made: Option<UtcMicros> =
        tx.query_one(MADE, params![authority, scope.generation, scope.partition])?.get(0)?;
    let settled = made.map_or(settled, |made| settled.max(made));
    marks.sort_unstable_by_key(|mark| mark.serial);
    let body = encode(&marks)?;
    tx.execute(
        "INSERT INTO ca_segment (id, authority, generation, partition_no, entries, octets, latest_not_after_us, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            authority,
            scope.generation,
            scope.partition,
            as_count(marks.len()),
            as_count(body.len()),
            settled,
            body.as_slice(),
        ],
    )?;
    Ok(marks.len())
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

// Every statement below finds its rows by an index, however many certificates are revoked: see the test. In partial
// indexes SQLite wants the very terms of the index repeated, hence `state <> 3` beside `state = 1`.

fn heads_sql(scope: &Scope) -> String {
    format!(
        "SELECT id, entries, octets FROM ca_segment \
         WHERE authority = $1 AND generation = $2 AND latest_not_after_us >= $3 {} ORDER BY partition_no, id",
        only(scope)
    )
}

fn tail_sql(scope: &Scope) -> String {
    format!(
        "SELECT {MARK_COLUMNS} FROM ca_revocation WHERE authority = $1 AND generation = $2 \
         AND segment IS NULL AND state <> 3 {}",
        only(scope)
    )
}

const RUN_END: &str = "SELECT serial FROM ca_revocation \
     WHERE authority = $1 AND generation = $2 AND partition_no = $3 \
     AND segment IS NULL AND state <> 3 AND state = 1 ORDER BY serial LIMIT 1 OFFSET $4";

/// When the latest lists of a partition and of all were made, as they say themselves.
const MADE: &str = "SELECT MAX(l.this_update_us) FROM ca_list_series s JOIN ca_list l ON l.authority = s.authority \
     AND l.generation = s.generation AND l.partition_no = s.partition_no \
     AND l.number IN (s.current_full, s.last_number) \
     WHERE s.authority = $1 AND s.generation = $2 AND s.partition_no IN (0, $3)";

fn take_run_sql() -> String {
    format!(
        "UPDATE ca_revocation SET segment = $1 WHERE authority = $2 AND generation = $3 \
         AND partition_no = $4 AND segment IS NULL AND state <> 3 AND state = 1 AND serial <= $5 \
         RETURNING {MARK_COLUMNS}"
    )
}

/// The list of all takes every partition, any other list its own. The number is ours and no outside text.
pub(crate) fn only(scope: &Scope) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use kit_store::testing::Place;

    /// How SQLite would run a statement with `count` parameters.
    fn plan(tx: &mut Tx, sql: &str, count: usize) -> String {
        let params = vec![kit_store::Value::Int(1); count];
        let rows = tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &params).expect("it explains");
        rows.iter().map(|row| row.get::<String>(3).expect("a text") + "\n").collect()
    }

    /// K4: the cost of a revocation, of packing and of a list does not grow with what is stored besides.
    #[test]
    fn k4_no_statement_walks_over_all_revocations() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
        let place = Place::sqlite();
        runtime.block_on(async {
            let db = place.open().await;
            db.migrate(&[crate::COMPONENT]).await.expect("migrations run");
            let authority = core_words::AuthorityId::new("a").expect("a name");
            let scope = |partition| Scope { authority: authority.clone(), generation: 1, partition };
            let statements = [
                (tail_sql(&scope(0)), 2, "ca_revocation_tail"),
                (tail_sql(&scope(3)), 2, "ca_revocation_tail"),
                (RUN_END.to_owned(), 4, "ca_revocation_tail"),
                (take_run_sql(), 5, "ca_revocation_tail"),
                (MADE.to_owned(), 3, "SEARCH l "),
                (heads_sql(&scope(0)), 3, "ca_segment_order"),
                (heads_sql(&scope(3)), 3, "ca_segment_order"),
                (crate::lists::changes_sql(), 3, "SEARCH ca_revocation"),
                (crate::lists::late_sql(&scope(0)), 4, "ca_feed_changes"),
                (crate::lists::late_sql(&scope(3)), 4, "SEARCH r "),
            ];
            db.read(move |tx| {
                for (sql, count, index) in statements {
                    let plan = plan(tx, &sql, count);
                    assert!(plan.contains(index), "{sql}\n{plan}");
                    for table in ["ca_revocation", "ca_segment", "ca_feed", "ca_list"] {
                        assert!(!plan.contains(&format!("SCAN {table}")), "{sql}\n{plan}");
                    }
                }
                Ok::<_, StoreError>(())
            })
            .await
            .expect("it reads");
            db.close().await;
        });
    }
}
