//! Finding an entry by what it says, when the time it was appended is known.

use crate::{Body, LedgerError, Numbered};
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params};

/// How far apart in time neighbours in the log may be out of order, in microseconds: an entry is numbered within
/// moments of its commit, and the commit follows the time it bears within the limit of a transaction.
const DISORDER: i64 = 5_000_000;
/// Entries looked at before the search is given up.
const MOST: u32 = 100_000;

/// The index of the first entry that was appended within `slack` microseconds of `at` and of which `is_it` says so;
/// `None` when there is none, or none that has a number yet.
///
/// The log is nearly in the order of time, so the neighbourhood is found by halving: the cost grows with the
/// logarithm of the log, and with what was appended within some seconds.
///
/// # Errors
/// Those of the store.
pub fn find_at(
    tx: &mut Tx,
    at: UtcMicros,
    slack: i64,
    is_it: impl Fn(&Body) -> bool,
) -> Result<Option<u64>, LedgerError> {
    let first = first_since(tx, at.plus_micros(-slack - DISORDER))?;
    let (mut found, mut seen) = (None, 0);
    let until = at.plus_micros(slack + DISORDER);
    // The bounds on the time stand outside the index, so rows are read in the order of the log and filtered.
    let sql = "SELECT seq, at_us, body FROM ledger_entry WHERE seq >= $1 ORDER BY seq LIMIT $2";
    tx.for_each(sql, params![first, MOST], |row| {
        use std::ops::ControlFlow::{Break, Continue};
        seen += 1;
        let time: UtcMicros = row.get(1)?;
        if time > until {
            return Ok(Break(()));
        }
        if time.since(at).abs() > slack {
            return Ok(Continue(()));
        }
        let index: i64 = row.get(0)?;
        let octets: &[u8] = row.get(2)?;
        let body = Body::decode(octets)
            .map_err(|e| StoreError::Corrupt(format!("ledger_entry.body at index {index}: {e}")))?;
        if is_it(&body) {
            found = Some(index.unsigned_abs());
            return Ok(Break(()));
        }
        Ok::<_, StoreError>(Continue(()))
    })?;
    Ok(found)
}

/// An index at or before the first entry that is not older than `time`.
fn first_since(tx: &mut Tx, time: UtcMicros) -> Result<i64, StoreError> {
    let row =
        tx.query_opt("SELECT next FROM ledger_sequence WHERE name = $1", params![Numbered::LEDGER.table()])?;
    let (mut low, mut high) = (0, row.map(|row| row.get::<i64>(0)).transpose()?.unwrap_or(0));
    while low < high {
        let middle = low + (high - low) / 2;
        let row = tx.query_one("SELECT at_us FROM ledger_entry WHERE seq = $1", params![middle])?;
        if row.get::<UtcMicros>(0)? < time { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entry;
    use core_words::Actor;

    #[test]
    fn k08_an_entry_is_found_by_its_time_and_what_it_says() {
        kit_store::testing::both_with(&[crate::COMPONENT], |db| async move {
            // One entry a second, with two neighbours out of order.
            db.write(|tx| {
                for seq in 0..1_000i64 {
                    let at = UtcMicros(if seq == 500 { 499_900_000 } else { seq * 1_000_000 });
                    let body =
                        Entry::new("test.happened", Actor::system(), format!("thing:{seq}")).body(at, None);
                    let body = body.expect("a short body");
                    tx.execute(
                        "INSERT INTO ledger_entry (id, seq, at_us, body) VALUES ($1, $2, $3, $4)",
                        params![seq + 1, seq, at, body],
                    )?;
                }
                let sql = "INSERT INTO ledger_sequence (name, next) VALUES ('ledger_entry', 1000)";
                tx.execute(sql, params![]).map(drop)
            })
            .await
            .expect("written");
            for (at, thing, wanted) in [
                (0, "thing:0", Some(0)),
                (999_000_000, "thing:999", Some(999)),
                (499_900_000, "thing:500", Some(500)),
                (700_000_000, "thing:701", Some(701)),
                (700_000_000, "thing:703", None),
                (5_000_000_000, "thing:5000", None),
            ] {
                let found =
                    db.read(move |tx| find_at(tx, UtcMicros(at), 2_000_000, |b| b.subject == thing)).await;
                assert_eq!(found.expect("read"), wanted, "{thing}");
            }
        });
    }
}
