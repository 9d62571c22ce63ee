//! The process is killed between claiming a job and settling it.

use crate::support::*;
use kit_clock::{ManualClock, SystemClock};
use kit_jobs::{NewJob, Worker, given_up};
use kit_keys::testing::SeededDice;
use kit_store::{
    Db, Dialect,
    testing::{Place, both_places, options},
};
use std::{process::Command, sync::Arc};

const CHILD_DATABASE: &str = "JOBS_CRASH_DATABASE";

/// Not a test of its own: the process that is killed.
#[test]
fn child() {
    let Ok(url) = std::env::var(CHILD_DATABASE) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let db = Db::open(&url, options()).await.expect("it opens");
        let worker = Worker::builder(db, SystemClock::shared(), Arc::new(SeededDice::new(1)));
        let worker = worker.handler(Inside::new("order")).build().expect("good");
        worker.run_until_idle().await.expect("ran");
    });
}

fn killed_at(place: &Place, point: &str) {
    let status = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "crash::child", "--test-threads=1"])
        .env(CHILD_DATABASE, place.url())
        .env("WARIFU_DRILL", point)
        .output()
        .expect("the child runs")
        .status;
    assert!(!status.success(), "{point} was not passed");
}

#[test]
fn k10_a_crash_while_a_job_runs_loses_and_doubles_nothing() {
    both_places(async |place| {
        let mut expected = Vec::new();
        for point in ["jobs.claimed", "jobs.ran"] {
            let db = place.open().await;
            db.migrate(TABLES).await.expect("the migrations run");
            for number in 0..3u8 {
                let id = queue(&db, NewJob::new("order", 1, [number]), START).await.id();
                expected.push((id.0, 1));
            }
            db.close().await;
            killed_at(place, point);

            let db = place.open().await;
            // By the real clock, which the child went by, and after its lease.
            let now = kit_clock::Clock::now(&SystemClock).plus_seconds(31);
            let worker =
                builder(&db, &ManualClock::at(now)).handler(Inside::new("order")).build().expect("good");
            worker.run_until_idle().await.expect("ran");
            expected.sort_unstable();
            assert_eq!(effects(&db).await, expected, "{point}");
            db.close().await;
        }
    });
}

#[test]
fn k10_the_only_process_on_a_file_does_not_wait_for_leases_of_a_dead_one() {
    both_places(async |place| {
        let db = place.open().await;
        db.migrate(TABLES).await.expect("the migrations run");
        let id = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        db.close().await;
        killed_at(place, "jobs.claimed");
        let db = place.open().await;
        let worker = Worker::builder(db.clone(), SystemClock::shared(), Arc::new(SeededDice::new(1)));
        let worker = worker.handler(Inside::new("order")).build().expect("good");
        let done = worker.run_until_idle().await.expect("ran").done;
        assert_eq!(done, u64::from(place.dialect() == Dialect::Sqlite));
        let effects = effects(&db).await;
        assert_eq!(effects.contains(&(id.0, 1)), place.dialect() == Dialect::Sqlite);
        db.close().await;
    });
}

#[test]
fn k10_a_job_that_kills_its_worker_each_time_is_given_up() {
    both_places(async |place| {
        let db = place.open().await;
        db.migrate(TABLES).await.expect("the migrations run");
        let id = queue(&db, NewJob::new("order", 1, *b""), START).await.id();
        db.close().await;
        let clock = ManualClock::at(kit_clock::Clock::now(&SystemClock));
        for attempt in 1..=2u16 {
            killed_at(place, "jobs.claimed");
            clock.advance_days(1);
            let db = place.open().await;
            assert_eq!(look(&db, id).await.map(|(state, attempts, _)| (state, attempts)), Some((2, attempt)));
            let mut handler = Inside::new("order");
            handler.policy.max_attempts = 2;
            // Takes the job back, and does not run it: nothing is due for a kind with another handler.
            handler.policy.at_once = 1;
            let worker = builder(&db, &clock).handler(handler).build().expect("good");
            if attempt == 2 {
                worker.run_until_idle().await.expect("ran");
                let list = db.read(|tx| given_up(tx, None, 10)).await.expect("read");
                assert_eq!(list.len(), 1);
                assert_eq!(list[0].last_error, "the worker ended or stalled while it ran the job");
                assert!(effects(&db).await.is_empty());
            } else {
                let released = "UPDATE job SET state = 1, lease_us = NULL, lease_token = NULL";
                db.write(move |tx| tx.execute(released, kit_store::params![])).await.expect("released");
            }
            db.close().await;
        }
    });
}
