//! Two workers, one job: one effect.

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
fn k10_two_workers_on_one_job_have_exactly_one_effect() {
    both_with(TABLES, async |db| {
        // Two machines, each with its clock. The first claims and is then held up, so long that its lease
        // runs out by the second one's clock.
        let (clock, late) = (ManualClock::at(START), ManualClock::at(START.plus_seconds(3600)));
        let gate = Arc::new(Semaphore::new(0));
        let slow = Inside { before: Some(gate.clone()), ..Inside::new("order") };
        let (slow_runs, quick) = (slow.runs.clone(), Inside::new("order"));
        let quick_runs = quick.runs.clone();
        let first = builder(&db, &clock).handler(slow).build().expect("good");
        let second = builder(&db, &late).handler(quick).build().expect("good");
        let id = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        let held = tokio::spawn(async move { first.run_until_idle().await });
        while slow_runs.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(second.run_until_idle().await.expect("ran"), Ran { done: 1, failed: 0, given_up: 0 });
        assert_eq!(effects(&db).await, [(id.0, 1)]);
        // Now the first one goes on: its effect must not happen, and it must not disturb what is done.
        gate.add_permits(1);
        assert_eq!(held.await.expect("it ends").expect("ran"), Ran::default());
        assert_eq!((slow_runs.load(Ordering::SeqCst), quick_runs.load(Ordering::SeqCst)), (1, 1));
        assert_eq!(effects(&db).await, [(id.0, 1)]);
        assert_eq!(look(&db, id).await, Some((3, 2, None)));
    });
}

#[test]
fn k10_many_workers_share_a_queue_without_loss_and_without_doubling() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let (stop, stopped) = watch::channel(false);
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let worker = builder(&db, &clock).handler(Inside::new("order")).build().expect("good");
                let stopped = stopped.clone();
                tokio::spawn(async move { worker.run(stopped).await })
            })
            .collect();
        let mut ids = Vec::new();
        for number in 0..200u8 {
            ids.push(queue(&db, NewJob::new("order", 1, [number]), START).await.id().0);
        }
        ids.sort_unstable();
        while effects(&db).await.len() < ids.len() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stop.send(true).expect("they run");
        for worker in workers {
            worker.await.expect("it ends");
        }
        let expected: Vec<(i64, i64)> = ids.into_iter().map(|id| (id, 1)).collect();
        assert_eq!(effects(&db).await, expected);
    });
}

#[test]
fn k10_a_lease_is_renewed_as_long_as_the_job_runs() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let gate = Arc::new(Semaphore::new(0));
        let mut slow = Inside { before: Some(gate.clone()), ..Inside::new("order") };
        slow.policy.lease = Duration::from_millis(30);
        let (runs, mut quick) = (slow.runs.clone(), Inside::new("order"));
        quick.policy.lease = slow.policy.lease;
        let quick_runs = quick.runs.clone();
        let first = builder(&db, &clock).handler(slow).build().expect("good");
        let second = builder(&db, &clock).handler(quick).build().expect("good");
        let id = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        let held = tokio::spawn(async move { first.run_until_idle().await });
        while runs.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        // The clock goes on by less than a lease at a time, and each time the lease goes on with it.
        for _ in 0..5 {
            clock.advance_micros(20_000);
            let target = START.plus_micros(30_000).0;
            let renewed = async || -> i64 {
                let row = db.read(move |tx| {
                    tx.query_one("SELECT lease_us FROM job WHERE id = $1", kit_store::params![id.0])
                });
                row.await.expect("read").get(0).expect("a lease")
            };
            while renewed().await < target + (kit_clock::Clock::now(&clock).0 - START.0) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            assert_eq!(second.run_until_idle().await.expect("ran"), Ran::default());
        }
        gate.add_permits(1);
        assert_eq!(held.await.expect("it ends").expect("ran").done, 1);
        assert_eq!((quick_runs.load(Ordering::SeqCst), effects(&db).await), (0, vec![(id.0, 1)]));
    });
}
