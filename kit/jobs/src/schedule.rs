//! Schedules: jobs that come round, durably, without double firing and without piling up.

use crate::{
    Payload,
    state::{Event, JobState},
};
use core_words::UtcMicros;
use kit_clock::Clock;
use kit_store::{StoreError, Tx, params};

/// A job that comes round every so often.
///
/// Whatever was missed while nothing ran, or when the clock was set forward, is made up for by one run. A run
/// that is late does not pile up a second one behind it; one that was given up is tried again when it comes
/// round. What is due at a share of some life ("at half of the remaining time") is a short interval whose
/// handler looks whether it is time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name, unique in the installation: `ledger.sweep`.
    pub name: &'static str,
    /// The kind of job.
    pub kind: &'static str,
    /// What the handler is told each time.
    pub payload: Payload,
    /// How often, in seconds; at least 1. A changed interval takes effect when the worker starts.
    pub every_seconds: u32,
    /// When for the first time; read only when the schedule is new to the database.
    pub first: First,
}

/// When a schedule fires for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// As soon as a worker knows it.
    AtOnce,
    /// After one interval.
    AfterInterval,
    /// At this time.
    At(UtcMicros),
}

impl Schedule {
    fn every_us(&self) -> i64 {
        i64::from(self.every_seconds.max(1)) * 1_000_000
    }
}

/// Makes a schedule known to the database, or takes up a changed interval.
pub(crate) fn register(tx: &mut Tx, schedule: &Schedule, now: UtcMicros) -> Result<(), StoreError> {
    let every = schedule.every_us();
    let first = match schedule.first {
        First::AtOnce => now,
        First::AfterInterval => now.plus_micros(every),
        First::At(time) => time,
    };
    tx.execute(
        "INSERT INTO job_schedule (name, kind, every_us, next_due_us) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        params![schedule.name, schedule.kind, every, first],
    )?;
    // A shorter interval takes effect now and not only after the longer one has run out.
    tx.execute(
        "UPDATE job_schedule SET every_us = $1, kind = $2, \
         next_due_us = CASE WHEN fired_us IS NOT NULL AND next_due_us > $3 THEN $3 ELSE next_due_us END \
         WHERE name = $4 AND (every_us <> $1 OR kind <> $2)",
        params![every, schedule.kind, now.plus_micros(every), schedule.name],
    )?;
    Ok(())
}

/// What of a schedule's row decides whether it fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) due: UtcMicros,
    pub(crate) fired: Option<UtcMicros>,
}

/// What is to happen to a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tick {
    /// Not yet.
    Wait,
    /// Fire, and be due again then.
    Fire { again: UtcMicros },
    /// The clock was set back: be due then, so that nothing waits longer than one interval.
    Mend { again: UtcMicros },
}

/// Decides; pure.
pub(crate) fn tick(schedule: &Schedule, next: Next, now: UtcMicros) -> Tick {
    let every = schedule.every_us();
    let wait = next.due.since(now);
    if wait <= 0 {
        // Stays on its grid: the next time after now. However many were missed, this is one firing.
        let missed = wait.saturating_neg() / every;
        return Tick::Fire { again: next.due.plus_micros(every.saturating_mul(missed.saturating_add(1))) };
    }
    if next.fired.is_some() && wait > every {
        return Tick::Mend { again: now.plus_micros(every) };
    }
    Tick::Wait
}

/// Looks at one schedule and fires it when it is due; true when a job is waiting for it.
///
/// The clock is asked after the row was read: to a time from before another worker's firing, the row would look as if
/// the clock had been set back, and the schedule would fire twice.
pub(crate) fn fire_if_due(tx: &mut Tx, schedule: &Schedule, clock: &dyn Clock) -> Result<bool, StoreError> {
    let Some(row) = tx.query_opt(
        "SELECT next_due_us, fired_us FROM job_schedule WHERE name = $1",
        params![schedule.name],
    )?
    else {
        return Ok(false);
    };
    let next = Next { due: row.get(0)?, fired: row.get(1)? };
    let now = clock.now();
    let again = match tick(schedule, next, now) {
        Tick::Wait => return Ok(false),
        Tick::Mend { again } => {
            tx.execute(
                "UPDATE job_schedule SET next_due_us = $1 WHERE name = $2 AND next_due_us = $3",
                params![again, schedule.name, next.due],
            )?;
            return Ok(false);
        }
        Tick::Fire { again } => again,
    };
    // Of two workers that saw it due, one moves it on; the other changes no row and queues nothing.
    let moved = tx.execute(
        "UPDATE job_schedule SET next_due_us = $1, fired_us = $2 WHERE name = $3 AND next_due_us = $4",
        params![again, now, schedule.name, next.due],
    )?;
    if moved == 0 {
        return Ok(false);
    }
    queue(tx, schedule, now)?;
    Ok(true)
}

/// Queues the schedule's job, unless one is waiting or running; one that was given up waits again.
fn queue(tx: &mut Tx, schedule: &Schedule, now: UtcMicros) -> Result<(), StoreError> {
    let (given_up, waiting) = Event::Rerun.step();
    let id = tx.next_id()?;
    tx.execute(
        "INSERT INTO job (id, kind, schedule, version, payload, state, attempts, due_us, created_us) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7) \
         ON CONFLICT (schedule) WHERE schedule IS NOT NULL AND state <> 3 \
         DO UPDATE SET state = $6, attempts = 0, due_us = 0, delayed_us = NULL, ended_us = NULL, \
             version = $4, payload = $5 \
         WHERE job.state = $8",
        params![
            id,
            schedule.kind,
            schedule.name,
            schedule.payload.version,
            &schedule.payload.octets,
            waiting.code(),
            now,
            given_up.code(),
        ],
    )?;
    debug_assert_eq!(waiting, JobState::Waiting);
    Ok(())
}

/// When the first of the registered schedules is due, as far as the database knows them.
pub(crate) fn read(tx: &mut Tx) -> Result<Vec<(String, Next)>, StoreError> {
    let rows = tx.query("SELECT name, next_due_us, fired_us FROM job_schedule ORDER BY name", params![])?;
    rows.iter().map(|row| Ok((row.get(0)?, Next { due: row.get(1)?, fired: row.get(2)? }))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hourly() -> Schedule {
        Schedule {
            name: "test.hourly",
            kind: "test",
            payload: Payload { version: 1, octets: Vec::new() },
            every_seconds: 3600,
            first: First::AtOnce,
        }
    }

    fn at(seconds: i64) -> UtcMicros {
        UtcMicros(seconds * 1_000_000)
    }

    #[test]
    fn k10_what_was_missed_is_one_firing_and_the_grid_stays() {
        let fired = |due, now| tick(&hourly(), Next { due: at(due), fired: Some(at(due - 3600)) }, at(now));
        assert_eq!(fired(7200, 7199), Tick::Wait);
        assert_eq!(fired(7200, 7200), Tick::Fire { again: at(10_800) });
        assert_eq!(fired(7200, 10_799), Tick::Fire { again: at(10_800) });
        // A clock set forward by ten years: one firing, and the next one within the hour.
        let now = 7200 + 10 * 365 * 86_400 + 5;
        let Tick::Fire { again } = fired(7200, now) else { panic!("it fires") };
        assert_eq!(again, at(7200 + 10 * 365 * 86_400 + 3600));
    }

    #[test]
    fn k10_a_clock_set_back_delays_by_one_interval_at_most() {
        let next = Next { due: at(7200), fired: Some(at(3600)) };
        assert_eq!(tick(&hourly(), next, at(3600)), Tick::Wait);
        assert_eq!(tick(&hourly(), next, at(3599)), Tick::Mend { again: at(3599 + 3600) });
        assert_eq!(tick(&hourly(), next, at(-1_000_000)), Tick::Mend { again: at(-1_000_000 + 3600) });
        // One that has never fired waits for its day, however the clock is moved.
        let new = Next { due: at(1_000_000), fired: None };
        assert_eq!(tick(&hourly(), new, at(0)), Tick::Wait);
    }
}
