//! A clock that is set forward or back neither stalls the queue nor lets it storm.

use crate::support::*;
use kit_clock::ManualClock;
use kit_jobs::{First, JobError, NewJob, Payload, Ran, Schedule, When};
use kit_store::testing::both_with;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::sync::Semaphore;

const YEAR: i64 = 365;

fn every_minute() -> Schedule {
    Schedule {
        name: "look",
        kind: "look",
        payload: Payload { version: 1, octets: Vec::new() },
        every_seconds: 60,
        first: First::AtOnce,
    }
}

#[test]
fn k10_a_clock_set_back_stalls_nothing() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let flaky = Outside::new("flaky", |seen| async move {
            if seen.attempt < 3 { Err(JobError::Retry("not yet".into())) } else { Ok(()) }
        });
        let look = Inside::new("look");
        let looks = look.runs.clone();
        let worker = builder(&db, &clock)
            .handler(flaky.policy(|p| p.first_delay = Duration::from_secs(100)))
            .handler(look)
            .handler(Inside::new("mail"))
            .schedule(every_minute())
            .build()
            .expect("good");
        queue(&db, NewJob::new("flaky", 1, *b""), START).await;
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 1, failed: 1, given_up: 0 });
        // Queued "at once" and "in ten seconds" by the old clock, which is then set back by a year.
        queue(&db, NewJob::new("mail", 1, *b""), START).await;
        queue(&db, NewJob::new("mail", 1, *b"").due(When::After(10)), START).await;
        clock.advance_days(-YEAR);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 1, "what was to run at once does");
        clock.advance_seconds(10);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 1, "a delay begins anew");
        clock.advance_seconds(50);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 1, "the schedule waits one interval");
        assert_eq!(looks.load(Ordering::SeqCst), 2);
        clock.advance_seconds(40);
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 0, failed: 1, given_up: 0 });
        clock.advance_seconds(200);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 2, "the retry and the schedule");
    });
}

#[test]
fn k10_a_clock_set_back_does_not_bring_forward_what_has_a_date() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let handler = Inside::new("notice");
        let runs = handler.runs.clone();
        let worker = builder(&db, &clock).handler(handler).build().expect("good");
        let date = START.plus_seconds(30 * 86_400);
        queue(&db, NewJob::new("notice", 1, *b"").due(When::At(date)), START).await;
        clock.advance_days(-YEAR);
        worker.run_until_idle().await.expect("ran");
        clock.advance_days(YEAR + 29);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(runs.load(Ordering::SeqCst), 0);
        clock.advance_days(1);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn k10_a_clock_set_forward_starts_no_storm() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let look = Inside::new("look");
        let looks = look.runs.clone();
        let flaky = Outside::new("flaky", |_| async { Err(JobError::Retry("no".into())) });
        let tries = flaky.runs();
        let worker =
            builder(&db, &clock).handler(look).handler(flaky).schedule(every_minute()).build().expect("good");
        queue(&db, NewJob::new("flaky", 1, *b""), START).await;
        worker.run_until_idle().await.expect("ran");
        clock.advance_days(10 * YEAR);
        worker.run_until_idle().await.expect("ran");
        worker.run_until_idle().await.expect("ran");
        assert_eq!((looks.load(Ordering::SeqCst), tries.load(Ordering::SeqCst)), (2, 2), "each once");
        // And back again: what was put off by the false clock goes on.
        clock.advance_days(-10 * YEAR);
        worker.run_until_idle().await.expect("ran");
        clock.advance_seconds(60);
        worker.run_until_idle().await.expect("ran");
        assert_eq!((looks.load(Ordering::SeqCst), tries.load(Ordering::SeqCst)), (3, 3));
    });
}

#[test]
fn k10_a_job_that_runs_is_not_begun_a_second_time_here_because_the_clock_jumped() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let gate = Arc::new(Semaphore::new(0));
        let slow = Inside { before: Some(gate.clone()), ..Inside::new("order") };
        let runs = slow.runs.clone();
        let worker = builder(&db, &clock).handler(slow).build().expect("good");
        let id = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        let running = tokio::spawn({
            let worker = worker.clone();
            async move { worker.run_until_idle().await }
        });
        while runs.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        clock.advance_days(YEAR);
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran::default());
        gate.add_permits(1);
        assert_eq!(running.await.expect("it ends").expect("ran").done, 1);
        assert_eq!((runs.load(Ordering::SeqCst), effects(&db).await), (1, vec![(id.0, 1)]));
    });
}

#[test]
fn k10_a_lease_from_before_the_clock_was_set_back_runs_out_after_its_length() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        // A process claims a job, and dies.
        let gate = Arc::new(Semaphore::new(0));
        let dead = Inside { before: Some(gate.clone()), ..Inside::new("order") };
        let begun = dead.runs.clone();
        let dead = builder(&db, &clock).handler(dead).build().expect("good");
        let id = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        let dying = tokio::spawn(async move { dead.run_until_idle().await });
        while begun.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        dying.abort();
        let _ = dying.await;

        clock.advance_days(-YEAR);
        let worker = builder(&db, &clock).handler(Inside::new("order")).build().expect("good");
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran::default());
        clock.advance_seconds(30);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 1);
        assert_eq!(effects(&db).await, [(id.0, 1)]);
    });
}
