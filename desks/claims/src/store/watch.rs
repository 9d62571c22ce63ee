//! What waits for somebody, beside the statuses: counted by indexes alone.

use crate::{status::Standing, store::runs::RunId};
use core_words::UtcMicros;
use kit_desk::Status;
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// How many there are, and the time that matters of the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub count: u64,
    /// Since when the first waits, or until when it can be undone; `None` when there are none.
    pub first: Option<UtcMicros>,
}

/// What waits for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    /// Transfers of which nobody knows whose they are, since the day of the oldest: clerks.
    pub unmatched: Count,
    /// Jobs that were given up, since when: clerks and managers.
    pub given_up: Count,
    /// Acts that a manager can still undo; the first is over then.
    pub undoable: Count,
    /// Certificates that nobody downloaded yet and that can be, since when: applicants.
    pub unfetched: Count,
    /// Fees that were to be paid by now, the first since then: agents.
    pub overdue: Count,
    /// Lines that a run could not carry out, since when the first of these runs is over: clerks. Of the last fortnight
    /// alone: nobody says that they are dealt with.
    pub refused: Count,
    /// The run that they are of, where there is one run alone.
    pub refused_run: Option<RunId>,
}

/// For so long the lines that a run refused are told of: 14 days from its beginning.
const REFUSED_MICROS: i64 = 14 * 86_400 * 1_000_000;

/// Which applicants are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// To download what was issued.
    Download,
    /// To pay what is due.
    Payment,
}

/// A case that waits for its applicant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// Its number.
    pub number: String,
    /// The number of its holder.
    pub holder_number: String,
    /// What the holder was called.
    pub holder_name: String,
    /// Where it stands.
    pub standing: Standing,
    /// Since when it waits: its issue, or the day until which was to be paid.
    pub since: UtcMicros,
}

/// What waits for whom at `now`; jobs are counted elsewhere.
pub(crate) fn tasks(tx: &mut Tx, scope: &Scope, now: UtcMicros) -> Result<Tasks, StoreError> {
    let (refused, refused_run) = refused(tx, scope, now)?;
    let operator = scope.operator().as_str();
    let mut count = |sql: &str, until: UtcMicros| -> Result<Count, StoreError> {
        let row = tx.query_one(sql, params![operator, until])?;
        Ok(Count { count: row.get::<i64>(0)?.unsigned_abs(), first: row.get(1)? })
    };
    Ok(Tasks {
        unmatched: count(
            "SELECT count(*), min(day_us) FROM claims_deposit \
             WHERE operator_id = $1 AND holder IS NULL AND day_us <= $2",
            now,
        )?,
        given_up: Count::default(),
        undoable: count(
            "SELECT count(*), min(takes_us) FROM claims_case \
             WHERE operator_id = $1 AND takes_us IS NOT NULL AND takes_us > $2",
            now,
        )?,
        unfetched: count(
            "SELECT count(*), min(issued_us) FROM claims_case \
             WHERE operator_id = $1 AND status = 5 AND fetched_us IS NULL AND key_erased_us IS NULL \
             AND issued_us <= $2",
            now,
        )?,
        overdue: count(
            "SELECT count(*), min(due_us) FROM claims_case WHERE operator_id = $1 AND status = 2 AND due_us < $2",
            now,
        )?,
        refused,
        refused_run,
    })
}

/// The refused lines of runs that are over and not old, and which run, if it is one.
fn refused(tx: &mut Tx, scope: &Scope, now: UtcMicros) -> Result<(Count, Option<RunId>), StoreError> {
    let row = tx.query_one(
        "SELECT CAST(COALESCE(sum(refused), 0) AS BIGINT), min(finished_us), count(*), min(id) FROM claims_run \
         WHERE operator_id = $1 AND created_us > $2 AND finished_us IS NOT NULL AND refused > 0",
        params![scope.operator().as_str(), now.plus_micros(-REFUSED_MICROS)],
    )?;
    let count = Count { count: row.get::<i64>(0)?.unsigned_abs(), first: row.get(1)? };
    let only = row.get::<Option<i64>>(3)?.map(RunId);
    Ok((count, only.filter(|_| matches!(row.get::<i64>(2), Ok(1)))))
}

/// The cases that wait for their applicants, those that wait longest first; at most `most`.
pub(crate) fn waiters(
    tx: &mut Tx,
    scope: &Scope,
    waits: Waits,
    now: UtcMicros,
    most: u32,
) -> Result<Vec<Waiter>, StoreError> {
    let sql = match waits {
        Waits::Download => {
            "SELECT number, holder_number, holder_name, status, issued_us FROM claims_case \
             WHERE operator_id = $1 AND status = 5 AND fetched_us IS NULL AND key_erased_us IS NULL \
             AND issued_us <= $2 ORDER BY issued_us, id LIMIT $3"
        }
        Waits::Payment => {
            "SELECT number, holder_number, holder_name, status, due_us FROM claims_case \
             WHERE operator_id = $1 AND status = 2 AND due_us < $2 ORDER BY due_us, id LIMIT $3"
        }
    };
    let waiter = |row: &Row| -> Result<Waiter, StoreError> {
        let (number, code): (String, i16) = (row.get(0)?, row.get(3)?);
        let standing = Standing::of_code(code)
            .ok_or_else(|| StoreError::Corrupt(format!("claims_case {number}: status {code}")))?;
        Ok(Waiter {
            number,
            holder_number: row.get(1)?,
            holder_name: row.get(2)?,
            standing,
            since: row.get(4)?,
        })
    };
    tx.query(sql, params![scope.operator().as_str(), now, most])?.iter().map(waiter).collect()
}
