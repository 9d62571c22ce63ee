//! The SQL of table `job`: each change of state is one compare-and-set.

use crate::{
    JobError, JobId, Payload,
    state::{Event, JobState},
};
use core_words::UtcMicros;
use kit_store::{Row, StoreError, Tx, params};
use std::time::Duration;

/// The longest error text that is kept, in characters.
const MAX_ERROR: usize = 500;
/// Clocks of two machines may differ by this much without being taken for one that was set back.
pub(crate) const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

/// The right to a job's effect: valid as long as the row bears this token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) id: JobId,
    pub(crate) token: i64,
}

/// A job as its worker got it.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) attempt: u16,
    pub(crate) payload: Payload,
    pub(crate) progress: Option<Vec<u8>>,
    pub(crate) created: UtcMicros,
}

/// A time after `now`.
pub(crate) fn until(now: UtcMicros, lease: Duration) -> UtcMicros {
    now.plus_micros(micros(lease))
}

pub(crate) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// When the first waiting job of each kind is due; result `i` belongs to kind `i`.
pub(crate) fn next_due(tx: &mut Tx, kinds: &[&str]) -> Result<Vec<Option<UtcMicros>>, StoreError> {
    let sql = "SELECT due_us FROM job WHERE state = 1 AND kind = $1 ORDER BY due_us LIMIT 1";
    kinds.iter().map(|kind| tx.query_opt(sql, params![*kind])?.map(|row| row.get(0)).transpose()).collect()
}

/// Takes up to `limit` due jobs of a kind: those to be run at once first, in the order of their queueing, then
/// the longest due.
pub(crate) fn claim(
    tx: &mut Tx,
    kind: &str,
    limit: usize,
    now: UtcMicros,
    lease: Duration,
) -> Result<Vec<(Claim, Claimed)>, StoreError> {
    let (from, to) = Event::Claim.step();
    let token = tx.next_id()?;
    let rows = tx.query(
        // The indexes are partial: the number of the state must stand in the text for them to be used. The
        // choice is materialized: as a plain subquery PostgreSQL may evaluate it again for each row, and then
        // the limit is none.
        "WITH chosen AS MATERIALIZED (
             SELECT id FROM job WHERE state = 1 AND kind = $1 AND due_us <= $2
             ORDER BY due_us, created_us, id LIMIT $3
             -- only: postgres
             FOR UPDATE SKIP LOCKED
             -- end
         )
         UPDATE job SET state = $4, attempts = attempts + 1, lease_token = $5, lease_us = $6, delayed_us = NULL
         FROM chosen WHERE job.id = chosen.id AND state = $7
         RETURNING job.id, attempts, version, payload, progress, created_us",
        params![kind, now, limit as u32, to.code(), token, until(now, lease), from.code()],
    )?;
    rows.iter().map(|row| parse(row, token)).collect()
}

fn parse(row: &Row, token: i64) -> Result<(Claim, Claimed), StoreError> {
    let claim = Claim { id: JobId(row.get(0)?), token };
    let payload = Payload { version: row.get(2)?, octets: row.get(3)? };
    Ok((claim, Claimed { attempt: row.get(1)?, payload, progress: row.get(4)?, created: row.get(5)? }))
}

/// Done. [`JobError::Lost`] when the claim no longer holds.
pub(crate) fn finish(tx: &mut Tx, claim: &Claim, now: UtcMicros) -> Result<(), JobError> {
    let (from, to) = Event::Finish.step();
    let changed = tx.execute(
        "UPDATE job SET state = $1, ended_us = $2, progress = NULL, last_error = NULL, lease_token = NULL, \
         lease_us = NULL WHERE id = $3 AND state = $4 AND lease_token = $5",
        params![to.code(), now, claim.id.0, from.code(), claim.token],
    )?;
    held(changed)
}

/// Keeps the progress of a chunk.
pub(crate) fn save_progress(
    tx: &mut Tx,
    claim: &Claim,
    progress: &[u8],
    lease_until: UtcMicros,
) -> Result<(), JobError> {
    let changed = tx.execute(
        "UPDATE job SET progress = $1, attempts = 1, lease_us = $2 WHERE id = $3 AND state = $4 AND lease_token = $5",
        params![progress, lease_until, claim.id.0, JobState::Running.code(), claim.token],
    )?;
    held(changed)
}

/// Renews the lease.
pub(crate) fn renew(tx: &mut Tx, claim: &Claim, lease_until: UtcMicros) -> Result<(), JobError> {
    let changed = tx.execute(
        "UPDATE job SET lease_us = $1 WHERE id = $2 AND state = $3 AND lease_token = $4",
        params![lease_until, claim.id.0, JobState::Running.code(), claim.token],
    )?;
    held(changed)
}

/// Failed: waits for `delay`. The number of runs is in the row already.
pub(crate) fn fail(
    tx: &mut Tx,
    claim: &Claim,
    error: &str,
    now: UtcMicros,
    delay: Duration,
) -> Result<(), JobError> {
    let (from, to) = Event::Fail.step();
    let changed = tx.execute(
        "UPDATE job SET state = $1, due_us = $2, delayed_us = $3, last_error = $4, lease_token = NULL, \
         lease_us = NULL WHERE id = $5 AND state = $6 AND lease_token = $7",
        params![to.code(), until(now, delay), now, short(error), claim.id.0, from.code(), claim.token],
    )?;
    held(changed)
}

/// Failed for good.
pub(crate) fn give_up(tx: &mut Tx, claim: &Claim, error: &str, now: UtcMicros) -> Result<(), JobError> {
    let (from, to) = Event::GiveUp.step();
    let changed = tx.execute(
        "UPDATE job SET state = $1, ended_us = $2, last_error = $3, lease_token = NULL, lease_us = NULL \
         WHERE id = $4 AND state = $5 AND lease_token = $6",
        params![to.code(), now, short(error), claim.id.0, from.code(), claim.token],
    )?;
    held(changed)
}

/// Given back unfinished by a worker that stops: due at once, and the run does not count.
pub(crate) fn give_back(tx: &mut Tx, claim: &Claim) -> Result<(), JobError> {
    let (from, to) = Event::Release.step();
    let changed = tx.execute(
        "UPDATE job SET state = $1, due_us = 0, attempts = attempts - 1, lease_token = NULL, lease_us = NULL \
         WHERE id = $2 AND state = $3 AND lease_token = $4",
        params![to.code(), claim.id.0, from.code(), claim.token],
    )?;
    held(changed)
}

/// A running job whose lease ran out.
#[derive(Clone, Debug)]
pub(crate) struct Stale {
    pub(crate) claim: Claim,
    pub(crate) kind: String,
    pub(crate) attempts: u16,
}

/// Running jobs whose lease ran out before `now`, at most 100.
pub(crate) fn stale(tx: &mut Tx, now: UtcMicros) -> Result<Vec<Stale>, StoreError> {
    let rows = tx.query(
        "SELECT id, lease_token, kind, attempts FROM job WHERE state = 2 AND lease_us <= $1 ORDER BY lease_us LIMIT 100",
        params![now],
    )?;
    rows.iter()
        .map(|row| {
            let claim = Claim { id: JobId(row.get(0)?), token: row.get(1)? };
            Ok(Stale { claim, kind: row.get(2)?, attempts: row.get(3)? })
        })
        .collect()
}

/// Takes a job away from a worker that is silent: due at once. The run counts, so that a job which kills its
/// worker each time is given up in the end.
pub(crate) fn release(tx: &mut Tx, stale: &Stale) -> Result<(), JobError> {
    let (from, to) = Event::Release.step();
    let changed = tx.execute(
        "UPDATE job SET state = $1, due_us = 0, last_error = $2, lease_token = NULL, lease_us = NULL \
         WHERE id = $3 AND state = $4 AND lease_token = $5",
        params![to.code(), SILENT, stale.claim.id.0, from.code(), stale.claim.token],
    )?;
    held(changed)
}

/// What stands as the error of a job whose worker went silent.
pub(crate) const SILENT: &str = "the worker ended or stalled while it ran the job";

/// Lays every lease open that is not this process's own: for the only process on a database, at its start.
pub(crate) fn release_all(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.execute("UPDATE job SET lease_us = 0 WHERE state = 2", params![])
}

/// Mends what a clock that was set back would make wait: delays begin anew, leases are cut to `longest_lease`.
pub(crate) fn mend_clock(tx: &mut Tx, now: UtcMicros, longest_lease: Duration) -> Result<u64, StoreError> {
    let late = until(now, CLOCK_TOLERANCE);
    let delays = tx.execute(
        "UPDATE job SET due_us = due_us - delayed_us + $1, delayed_us = $1 \
         WHERE state = 1 AND delayed_us IS NOT NULL AND delayed_us > $2",
        params![now, late],
    )?;
    let lease = until(now, longest_lease);
    let leases = tx.execute(
        "UPDATE job SET lease_us = $1 WHERE state = 2 AND lease_us > $2",
        params![lease, until(lease, CLOCK_TOLERANCE)],
    )?;
    Ok(delays + leases)
}

/// Forgets up to 1,000 jobs that were done before `before`, and with them their keys.
pub(crate) fn purge(tx: &mut Tx, before: UtcMicros) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 3 AND ended_us < $1 ORDER BY ended_us LIMIT 1000)",
        params![before],
    )
}

fn held(changed: u64) -> Result<(), JobError> {
    if changed == 1 { Ok(()) } else { Err(JobError::Lost) }
}

fn short(error: &str) -> String {
    // PostgreSQL keeps no U+0000 in a text.
    error.chars().filter(|c| *c != '\0').take(MAX_ERROR).collect()
}
