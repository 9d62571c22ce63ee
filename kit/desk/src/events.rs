//! What happened to a case: who, when, from which status to which, and the ledger entry that proves it.

use core_words::{Actor, UtcMicros};
use kit_ledger::EntryId;
use kit_store::{StoreError, Tx, params};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The version of the case that it made: 1, 2, 3 …
    pub version: i64,
    /// When.
    pub at: UtcMicros,
    /// The verb, by its slug.
    pub verb: String,
    /// The status before; `None` for the first.
    pub from: Option<i16>,
    /// The status after.
    pub to: i16,
    /// In what capacity it was done, by its slug.
    pub capacity: String,
    /// The account of who did it; `None` for the house itself and for commands.
    pub account: Option<i64>,
    /// Who did it, as the ledger names them.
    pub actor: String,
    /// What was said with it: the reason of a rejection, for the eyes of those who may see the case.
    pub remark: Option<String>,
    /// The entry in the ledger.
    pub entry: EntryId,
}

/// An event to be recorded.
pub(crate) struct NewEvent<'a> {
    pub(crate) desk: &'a str,
    pub(crate) case_id: i64,
    pub(crate) version: i64,
    pub(crate) at: UtcMicros,
    pub(crate) verb: &'a str,
    pub(crate) from: Option<i16>,
    pub(crate) to: i16,
    pub(crate) capacity: &'a str,
    pub(crate) account: Option<i64>,
    pub(crate) actor: &'a Actor,
    pub(crate) remark: Option<&'a str>,
    pub(crate) entry: EntryId,
}

pub(crate) fn record(tx: &mut Tx, event: &NewEvent<'_>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO desk_event (desk, case_id, version, at_us, verb, from_status, to_status, capacity, account, \
         actor, remark, ledger_entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            event.desk,
            event.case_id,
            event.version,
            event.at,
            event.verb,
            event.from,
            event.to,
            event.capacity,
            event.account,
            event.actor.as_str(),
            event.remark,
            event.entry.0,
        ],
    )?;
    Ok(())
}

const COLUMNS: &str =
    "version, at_us, verb, from_status, to_status, capacity, account, actor, remark, ledger_entry";

/// Everything that happened to a case, the first first.
///
/// # Errors
/// Those of the store.
pub fn events(tx: &mut Tx, desk: &str, case_id: i64) -> Result<Vec<Event>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM desk_event WHERE desk = $1 AND case_id = $2 ORDER BY version");
    tx.query(&sql, params![desk, case_id])?.iter().map(event).collect()
}

/// What happened to a case last.
///
/// # Errors
/// Those of the store.
pub fn last_event(tx: &mut Tx, desk: &str, case_id: i64) -> Result<Option<Event>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM desk_event WHERE desk = $1 AND case_id = $2 ORDER BY version DESC LIMIT 1"
    );
    tx.query_opt(&sql, params![desk, case_id])?.as_ref().map(event).transpose()
}

/// Forgets what happened to a case, when the case itself is deleted; how many events there were. The entries of the ledger
/// stay.
///
/// # Errors
/// Those of the store.
pub fn forget(tx: &mut Tx, desk: &str, case_id: i64) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM desk_event WHERE desk = $1 AND case_id = $2", params![desk, case_id])
}

fn event(row: &kit_store::Row) -> Result<Event, StoreError> {
    Ok(Event {
        version: row.get(0)?,
        at: row.get(1)?,
        verb: row.get(2)?,
        from: row.get(3)?,
        to: row.get(4)?,
        capacity: row.get(5)?,
        account: row.get(6)?,
        actor: row.get(7)?,
        remark: row.get(8)?,
        entry: EntryId(row.get(9)?),
    })
}
