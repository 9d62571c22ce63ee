//! Schedules: durable, once, never in a pile.

use crate::support::*;
use core_words::UtcMicros;
use kit_clock::{Clock, ManualClock, SharedClock};
use kit_jobs::{First, JobError, Payload, Ran, Schedule, Worker, gauges, schedules};
use kit_store::{Db, testing::both_with};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

fn hourly(first: First) -> Schedule {
    Schedule {
        name: "list.full",
        kind: "list",
        payload: Payload { version: 1, octets: b"full".to_vec() },
        every_seconds: 3600,
        first,
    }
}

/// A worker with this schedule whose runs are counted.
fn counting(db: &Db, clock: SharedClock, runs: &Arc<AtomicU64>, schedule: Schedule) -> Worker {
    let mut handler = Inside::new("list");
    handler.runs = runs.clone();
    // Jumps of the clock must not take a job away from who runs it.
    handler.policy.lease = Duration::from_secs(1_000_000);
    builder_on(db, clock).handler(handler).schedule(schedule).build().expect("good")
}

#[test]
fn k10_a_schedule_fires_at_its_times_and_survives_restarts() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let runs = Arc::new(AtomicU64::new(0));
        // Each look is by a worker that has just been started.
        let look = async |schedule: Schedule| {
            let worker = counting(&db, Arc::new(clock.clone()), &runs, schedule);
            worker.run_until_idle().await.expect("ran");
            runs.load(Ordering::SeqCst)
        };
        assert_eq!(look(hourly(First::AfterInterval)).await, 0);
        clock.advance_seconds(3599);
        assert_eq!(look(hourly(First::AfterInterval)).await, 0);
        clock.advance_seconds(1);
        assert_eq!(look(hourly(First::AfterInterval)).await, 1);
        assert_eq!(look(hourly(First::AfterInterval)).await, 1);
        clock.advance_seconds(3600 + 900);
        assert_eq!(look(hourly(First::AfterInterval)).await, 2);
        // It stays on its grid.
        clock.advance_seconds(2699);
        assert_eq!(look(hourly(First::AfterInterval)).await, 2);
        clock.advance_seconds(1);
        assert_eq!(look(hourly(First::AfterInterval)).await, 3);
        // Ten days of standstill are one firing.
        clock.advance_days(10);
        assert_eq!(look(hourly(First::AfterInterval)).await, 4);
        // A shorter interval takes effect at once.
        let quarterly = || Schedule { every_seconds: 900, ..hourly(First::AfterInterval) };
        assert_eq!(look(quarterly()).await, 4);
        clock.advance_seconds(900);
        assert_eq!(look(quarterly()).await, 5);
        let known = db.read(schedules).await.expect("read");
        assert_eq!((known.len(), known[0].every_us, known[0].name.as_str()), (1, 900_000_000, "list.full"));
    });
}

#[test]
fn k10_two_workers_fire_a_schedule_once() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let runs = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = watch::channel(false);
        let workers: Vec<_> = (0..3)
            .map(|_| {
                let worker = counting(&db, Arc::new(clock.clone()), &runs, hourly(First::AtOnce));
                let stopped = stopped.clone();
                tokio::spawn(async move { worker.run(stopped).await })
            })
            .collect();
        for fired in 1..=20 {
            while (effects(&db).await.len() as u64) < fired {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            clock.advance_seconds(3600);
        }
        while effects(&db).await.len() < 21 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stop.send(true).expect("they run");
        for worker in workers {
            worker.await.expect("it ends");
        }
        assert_eq!(runs.load(Ordering::SeqCst), 21);
        assert!(effects(&db).await.iter().all(|(_, count)| *count == 1));
    });
}

/// Once, after it was asked so many times, it shows what it showed two hours before: as to somebody who asked in time
/// and was held up until the answer was old.
struct HeldUp {
    clock: ManualClock,
    after: AtomicI64,
}

impl Clock for HeldUp {
    fn now(&self) -> UtcMicros {
        let old = self.after.fetch_sub(1, Ordering::SeqCst) == 0;
        self.clock.now().plus_seconds(if old { -7_200 } else { 0 })
    }
}

#[test]
fn k10_a_worker_that_was_held_up_after_it_looked_at_the_clock_fires_nothing_twice() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let runs = Arc::new(AtomicU64::new(0));
        // How often a worker that finds nothing to do asks for the time, and when the schedule is due after it.
        let look = async |after: i64| {
            let held_up = Arc::new(HeldUp { clock: clock.clone(), after: AtomicI64::new(after) });
            let worker = counting(&db, held_up.clone(), &runs, hourly(First::AtOnce));
            worker.run_until_idle().await.expect("ran");
            let known = db.read(schedules).await.expect("read");
            (after - held_up.after.load(Ordering::SeqCst), known[0].next_due)
        };
        look(i64::MAX).await;
        let (asked, due) = look(i64::MAX).await;
        assert!(asked > 0, "a worker looks at the clock");
        for after in 0..asked {
            assert_eq!(look(after).await.1, due, "after {after} looks");
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn k10_what_is_late_does_not_pile_up_and_what_was_given_up_is_tried_again() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let broken = Outside::new("list", |_| async { Err(JobError::GiveUp("the disk is full".into())) });
        let runs = broken.runs();
        let worker =
            builder(&db, &clock).handler(broken).schedule(hourly(First::AtOnce)).build().expect("good");
        for round in 1..=3 {
            assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 0, failed: 0, given_up: 1 });
            assert_eq!(runs.load(Ordering::SeqCst), round);
            let now = START;
            let all = db.read(move |tx| gauges(tx, now)).await.expect("read");
            // One line on the list of what failed, however often it came round.
            assert_eq!((all.len(), all[0].given_up, all[0].waiting), (1, 1, 0));
            clock.advance_seconds(3600);
        }
        // Another process only fires; nobody there runs the jobs.
        let elsewhere = Outside::new("list", |_| async { Err(JobError::Retry("busy".into())) });
        let worker = builder(&db, &clock)
            .handler(elsewhere.policy(|p| p.first_delay = Duration::from_secs(1_000_000)))
            .schedule(hourly(First::AtOnce))
            .build()
            .expect("good");
        for _ in 0..5 {
            worker.run_until_idle().await.expect("ran");
            clock.advance_seconds(3600);
            let all = db.read(|tx| gauges(tx, START)).await.expect("read");
            assert_eq!((all[0].given_up, all[0].waiting), (0, 1));
        }
    });
}

#[test]
fn k10_a_first_time_in_the_future_is_waited_for() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let handler = Inside::new("list");
        let runs = handler.runs.clone();
        let first = First::At(START.plus_seconds(90 * 86_400));
        let worker = builder(&db, &clock).handler(handler).schedule(hourly(first)).build().expect("good");
        clock.advance_days(89);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(runs.load(Ordering::SeqCst), 0);
        clock.advance_days(1);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    });
}
