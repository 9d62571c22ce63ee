//! Stopping gracefully, and starting again.

use crate::support::*;
use kit_clock::ManualClock;
use kit_jobs::{NewJob, Ran};
use kit_store::testing::both_with;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::sync::{Semaphore, watch};

#[test]
fn k10_a_worker_that_stops_lets_its_jobs_end_and_begins_no_more() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let gate = Arc::new(Semaphore::new(0));
        let mut slow = Inside { before: Some(gate.clone()), ..Inside::new("order") };
        slow.policy.at_once = 1;
        let runs = slow.runs.clone();
        let worker = builder(&db, &clock).handler(slow).build().expect("good");
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { worker.run(stopped).await });
        let first = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        let second = queue(&db, NewJob::new("order", 1, *b""), START.plus_seconds(1)).await.id();
        while runs.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stop.send(true).expect("it runs");
        gate.add_permits(10);
        running.await.expect("it ends");
        assert_eq!(effects(&db).await, [(first.0, 1)]);
        assert_eq!(look(&db, first).await, Some((3, 1, None)));
        assert_eq!(look(&db, second).await, Some((1, 0, None)));
    });
}

#[test]
fn k10_a_job_that_does_not_end_in_time_is_given_back_at_once() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let stuck = Inside { before: Some(Arc::new(Semaphore::new(0))), ..Inside::new("order") };
        let runs = stuck.runs.clone();
        let grace = Duration::from_millis(20);
        let worker = builder(&db, &clock).handler(stuck).options(|o| o.grace = grace).build().expect("good");
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { worker.run(stopped).await });
        let id = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        while runs.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // The sender that goes away says stop too.
        drop(stop);
        running.await.expect("it ends");
        assert_eq!(look(&db, id).await, Some((1, 0, None)));
        let next = builder(&db, &clock).handler(Inside::new("order")).build().expect("good");
        assert_eq!(next.run_until_idle().await.expect("ran"), Ran { done: 1, failed: 0, given_up: 0 });
        assert_eq!(effects(&db).await, [(id.0, 1)]);
    });
}

#[test]
fn k10_done_jobs_are_forgotten_after_their_time_and_no_others() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let bad = Outside::new("bad", |_| async { Err(kit_jobs::JobError::GiveUp("no".into())) });
        let worker = builder(&db, &clock).handler(Inside::new("order")).handler(bad).build().expect("good");
        let done = queue(&db, NewJob::new("order", 1, *b"").keyed("k"), START).await.id();
        let kept = queue(&db, NewJob::new("bad", 1, *b""), START).await.id();
        worker.run_until_idle().await.expect("ran");
        clock.advance_days(30);
        worker.run_until_idle().await.expect("ran");
        assert!(look(&db, done).await.is_some());
        clock.advance_seconds(1);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(look(&db, done).await, None);
        assert!(look(&db, kept).await.is_some());
    });
}
