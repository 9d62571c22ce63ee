//! Looking entries up: those of an operator, by time, kind, actor and case (K8).
//!
//! ```text
//!  append ──→ ledger_entry           every entry
//!          └→ ledger_lookup          those that were listed for their operator: Entry::list_for
//!  list_old ─→ ledger_lookup         those that are older than this table, once, at a start
//! ```
//! The order is that of time, and of ids at the same time: ids of several connections are not in the order of time.

use crate::{
    Entry, EntryId,
    query::{StoredEntry, parse_entry},
};
use core_words::{OperatorId, UtcMicros};
use kit_store::{Db, Row, StoreError, Tx, Value, params, row};

/// Entries read in one transaction of [`list_old`]: some 10 ms.
const CHUNK: u32 = 1000;

/// What is looked for among the entries of an operator. Everything that is said must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lookup<'a> {
    /// Of one of these kinds; of any, when there are none.
    pub kinds: &'a [&'a str],
    /// By this actor, as the ledger names them.
    pub actor: Option<&'a str>,
    /// About the case of this number.
    pub case: Option<&'a str>,
    /// Not before this time.
    pub from: Option<UtcMicros>,
    /// Before this time.
    pub before: Option<UtcMicros>,
    /// In which order.
    pub order: Order,
}

/// In which order entries come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The last that happened first.
    #[default]
    NewestFirst,
    /// As it happened.
    OldestFirst,
}

/// The place of an entry in both orders: where the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it was appended.
    pub at: UtcMicros,
    /// Its number in the database.
    pub id: EntryId,
}

/// An entry that was looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands in the order.
    pub place: Place,
    /// The entry.
    pub entry: StoredEntry,
}

/// The entries of `operator` that are looked for, after `after` in their order, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn lookup(
    tx: &mut Tx,
    operator: &OperatorId,
    wanted: &Lookup<'_>,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let (sql, values) = statement(operator, wanted, after, limit);
    tx.query(&sql, &values)?.iter().map(found).collect()
}

/// The entry of this number, if it was listed for `operator`.
///
/// # Errors
/// Those of the store.
pub fn listed(tx: &mut Tx, operator: &OperatorId, id: EntryId) -> Result<Option<Found>, StoreError> {
    let row = tx.query_opt(
        "SELECT e.id, e.seq, e.body, l.at_us FROM ledger_lookup l JOIN ledger_entry e ON e.id = l.entry_id \
         WHERE l.entry_id = $1 AND l.operator = $2",
        params![id.0, operator.as_str()],
    )?;
    row.as_ref().map(found).transpose()
}

/// Lists the entries that were appended before there was this table, of the kinds that begin with one of `beginnings`.
/// Begun once, it goes on from where it was cut off; done, it does nothing. How many were listed now.
///
/// # Errors
/// Those of the store, [`StoreError::Corrupt`] for an entry that the ledger did not write.
pub async fn list_old(db: &Db, beginnings: &'static [&'static str]) -> Result<u64, StoreError> {
    let mut listed = 0;
    while let Some(now) = db.write(move |tx| list_chunk(tx, beginnings)).await? {
        listed += now;
    }
    Ok(listed)
}

/// The row of an entry that is listed.
pub(crate) fn row_of(id: i64, entry: &Entry, now: UtcMicros) -> Option<[Value<'_>; 6]> {
    let operator = entry.operator.as_ref().filter(|_| entry.listed)?;
    Some(row![id, operator.as_str(), now, entry.kind, entry.actor.as_str(), entry.case.as_deref()])
}

/// The statement that adds one.
pub(crate) const INSERT: &str = "INSERT INTO ledger_lookup (entry_id, operator, at_us, kind, actor, case_no) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT DO NOTHING";

/// The next old entries; `None` when there are none left.
fn list_chunk(tx: &mut Tx, beginnings: &[&str]) -> Result<Option<u64>, StoreError> {
    // Writing the row locks it: of two that start at once the second waits here, and goes on behind the first.
    let todo = tx.query_opt(
        "UPDATE ledger_lookup_todo SET after_id = after_id WHERE id = 1 RETURNING after_id",
        params![],
    )?;
    let Some(todo) = todo else { return Ok(None) };
    let old = tx.query(
        "SELECT id, seq, body FROM ledger_entry WHERE id > $1 ORDER BY id LIMIT $2",
        params![todo.get::<i64>(0)?, CHUNK],
    )?;
    let Some(last) = old.last() else {
        tx.execute("DELETE FROM ledger_lookup_todo WHERE id = 1", params![])?;
        return Ok(None);
    };
    let last: i64 = last.get(0)?;
    let mut rows = Vec::new();
    for row in &old {
        let entry = parse_entry(row)?;
        let body = entry.body()?;
        let ours = beginnings.iter().any(|beginning| body.kind.starts_with(beginning));
        if let (true, Some(operator)) = (ours, body.operator) {
            rows.push(row![entry.id.0, operator, body.time, body.kind, body.actor, body.case]);
        }
    }
    let listed = tx.insert_many(INSERT, &rows)?;
    tx.execute("UPDATE ledger_lookup_todo SET after_id = $1 WHERE id = 1", params![last])?;
    Ok(Some(listed))
}

/// One search for each kind, each by the index that has its order, and the first of them all: however rare a kind is, no
/// entries of other kinds are gone through for it.
fn statement<'a>(
    operator: &'a OperatorId,
    wanted: &Lookup<'a>,
    after: Option<Place>,
    limit: u32,
) -> (String, Vec<Value<'a>>) {
    let (direction, beyond) = match wanted.order {
        Order::NewestFirst => ("DESC", "<"),
        Order::OldestFirst => ("ASC", ">"),
    };
    let mut values: Vec<Value<'a>> = vec![operator.as_str().into()];
    let mut conditions = vec!["operator = $1".to_owned()];
    let mut and = |condition: &str, value: Value<'a>| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(actor) = wanted.actor {
        and("actor = ?", actor.into());
    }
    if let Some(case) = wanted.case {
        and("case_no = ?", case.into());
    }
    if let Some(from) = wanted.from {
        and("at_us >= ?", from.into());
    }
    if let Some(before) = wanted.before {
        and("at_us < ?", before.into());
    }
    if let Some(Place { at, id }) = after {
        values.extend([at.into(), id.0.into()]);
        let (at, id) = (values.len() - 1, values.len());
        conditions.push(format!("(at_us, entry_id) {beyond} (${at}, ${id})"));
    }
    let search = |kind: &str| {
        format!(
            "SELECT at_us, entry_id FROM ledger_lookup WHERE {}{kind} \
             ORDER BY at_us {direction}, entry_id {direction} LIMIT {limit}",
            conditions.join(" AND ")
        )
    };
    let searches = match wanted.kinds {
        [] => search(""),
        kinds => {
            let first = values.len() + 1;
            values.extend(kinds.iter().map(|kind| Value::from(*kind)));
            let of = |(n, _)| {
                format!("SELECT * FROM ({}) AS k{n}", search(&format!(" AND kind = ${}", first + n)))
            };
            kinds.iter().enumerate().map(of).collect::<Vec<_>>().join(" UNION ALL ")
        }
    };
    let sql = format!(
        "SELECT e.id, e.seq, e.body, l.at_us FROM ({searches}) AS l JOIN ledger_entry e ON e.id = l.entry_id \
         ORDER BY l.at_us {direction}, l.entry_id {direction} LIMIT {limit}"
    );
    (sql, values)
}

fn found(row: &Row) -> Result<Found, StoreError> {
    let entry = parse_entry(row)?;
    Ok(Found { place: Place { at: row.get(3)?, id: entry.id }, entry })
}
