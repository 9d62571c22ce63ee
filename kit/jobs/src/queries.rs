//! What staff and monitoring ask: what waits, what was given up, when schedules come round (K10, K14).

use crate::{JobId, state::JobState};
use core_words::UtcMicros;
use kit_store::{Row, StoreError, Tx, params};

/// How the jobs of one kind stand. Done jobs are not counted: there are as many as the retention holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// The kind.
    pub kind: String,
    /// Waiting, due or not.
    pub waiting: u64,
    /// Waiting, and due by now.
    pub due: u64,
    /// Running.
    pub running: u64,
    /// Given up.
    pub given_up: u64,
    /// How long the longest due one has been due, in microseconds; `None` when nothing is due.
    pub oldest_due_age: Option<i64>,
}

/// How the jobs of each kind stand at `now`, kinds in alphabetical order.
///
/// # Errors
/// Those of the store.
pub fn gauges(tx: &mut Tx, now: UtcMicros) -> Result<Vec<Gauge>, StoreError> {
    let mut gauges = std::collections::BTreeMap::<String, Gauge>::new();
    // One statement per state: the indexes are partial by state.
    for state in [JobState::Waiting, JobState::Running, JobState::GivenUp] {
        let sql = format!(
            "SELECT kind, COUNT(*), COUNT(CASE WHEN due_us <= $1 THEN 1 END), \
             MIN(CASE WHEN due_us <= $1 THEN CASE WHEN due_us > created_us THEN due_us ELSE created_us END END) \
             FROM job WHERE state = {} GROUP BY kind",
            state.code()
        );
        for row in tx.query(&sql, params![now])? {
            let kind: String = row.get(0)?;
            let count = |index| row.get::<i64>(index).map(i64::unsigned_abs);
            let gauge = gauges.entry(kind.clone()).or_insert(Gauge {
                kind,
                waiting: 0,
                due: 0,
                running: 0,
                given_up: 0,
                oldest_due_age: None,
            });
            match state {
                JobState::Waiting => {
                    gauge.waiting = count(1)?;
                    gauge.due = count(2)?;
                    gauge.oldest_due_age = row.get::<Option<UtcMicros>>(3)?.map(|due| now.since(due).max(0));
                }
                JobState::Running => gauge.running = count(1)?,
                JobState::Done | JobState::GivenUp => gauge.given_up = count(1)?,
            }
        }
    }
    Ok(gauges.into_values().collect())
}

/// A job that failed for good or too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Its number, for [`rerun`](crate::rerun).
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its key, where it has one.
    pub key: Option<String>,
    /// How often it was tried.
    pub attempts: u16,
    /// What the last run said.
    pub last_error: String,
    /// When it was queued.
    pub created: UtcMicros,
    /// When it was given up.
    pub given_up: UtcMicros,
}

/// Jobs that were given up, by number, after `after`; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn given_up(tx: &mut Tx, after: Option<JobId>, limit: u32) -> Result<Vec<GivenUp>, StoreError> {
    let rows = tx.query(
        &format!("{GIVEN_UP} WHERE state = 4 AND id > $1 ORDER BY id LIMIT $2"),
        params![after.map_or(i64::MIN, |id| id.0), limit],
    )?;
    rows.iter().map(parse_given_up).collect()
}

/// How many jobs of each kind were given up, and when the first of them was; kinds in alphabetical order.
///
/// # Errors
/// Those of the store.
pub fn given_up_counts(tx: &mut Tx) -> Result<Vec<(String, u64, UtcMicros)>, StoreError> {
    let rows = tx.query(
        "SELECT kind, COUNT(*), MIN(ended_us) FROM job WHERE state = 4 GROUP BY kind ORDER BY kind",
        params![],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get::<i64>(1)?.unsigned_abs(), row.get(2)?))).collect()
}

/// A job that was given up, by its number; `None` for any other.
///
/// # Errors
/// Those of the store.
pub fn find_given_up(tx: &mut Tx, id: JobId) -> Result<Option<GivenUp>, StoreError> {
    let row = tx.query_opt(&format!("{GIVEN_UP} WHERE state = 4 AND id = $1"), params![id.0])?;
    row.as_ref().map(parse_given_up).transpose()
}

/// Jobs of one kind that were given up, by number; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn given_up_of(tx: &mut Tx, kind: &str, limit: u32) -> Result<Vec<GivenUp>, StoreError> {
    let sql = format!("{GIVEN_UP} WHERE state = 4 AND kind = $1 ORDER BY id LIMIT $2");
    tx.query(&sql, params![kind, limit])?.iter().map(parse_given_up).collect()
}

const GIVEN_UP: &str = "SELECT id, kind, dedupe, attempts, last_error, created_us, ended_us FROM job";

fn parse_given_up(row: &Row) -> Result<GivenUp, StoreError> {
    Ok(GivenUp {
        id: JobId(row.get(0)?),
        kind: row.get(1)?,
        key: row.get(2)?,
        attempts: row.get(3)?,
        last_error: row.get(4)?,
        created: row.get(5)?,
        given_up: row.get(6)?,
    })
}

/// A schedule as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleState {
    /// Its name.
    pub name: String,
    /// The kind of its jobs.
    pub kind: String,
    /// How often, in microseconds.
    pub every_us: i64,
    /// When it fires next.
    pub next_due: UtcMicros,
    /// When it fired last; `None`: not yet.
    pub fired: Option<UtcMicros>,
}

/// Every schedule that was ever registered, by name.
///
/// # Errors
/// Those of the store.
pub fn schedules(tx: &mut Tx) -> Result<Vec<ScheduleState>, StoreError> {
    let rows = tx.query(
        "SELECT name, kind, every_us, next_due_us, fired_us FROM job_schedule ORDER BY name",
        params![],
    )?;
    rows.iter()
        .map(|row| {
            Ok(ScheduleState {
                name: row.get(0)?,
                kind: row.get(1)?,
                every_us: row.get(2)?,
                next_due: row.get(3)?,
                fired: row.get(4)?,
            })
        })
        .collect()
}
