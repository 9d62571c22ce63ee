//! Queueing: with the transaction, once per key, at its time.

use crate::support::*;
use kit_clock::ManualClock;
use kit_jobs::{BadWorker, Enqueued, First, NewJob, Payload, Ran, Schedule, When, enqueue_many, gauges};
use kit_store::{StoreError, testing::both_with};
use std::sync::{Arc, Mutex, atomic::Ordering};

#[test]
fn k10_a_job_is_there_with_its_transaction_or_not_at_all() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let handler = Inside::new("mail");
        let worker = builder(&db, &clock).handler(handler).build().expect("good");
        let kept = queue(&db, NewJob::new("mail", 1, *b"kept"), START).await.id();
        let refused: Result<(), StoreError> = db
            .write(|tx| {
                kit_jobs::enqueue(tx, &NewJob::new("mail", 1, *b"refused"), START)?;
                Err(StoreError::Constraint("the act did not take place".into()))
            })
            .await;
        assert!(refused.is_err());
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 1, failed: 0, given_up: 0 });
        assert_eq!(effects(&db).await, [(kept.0, 1)]);
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran::default());
        assert_eq!(look(&db, kept).await, Some((3, 1, None)));
    });
}

#[test]
fn k10_a_key_stands_for_one_job_also_when_it_is_done() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let worker = builder(&db, &clock)
            .handler(Inside::new("mail"))
            .handler(Inside::new("crl"))
            .build()
            .expect("good");
        let first = queue(&db, NewJob::new("mail", 1, *b"").keyed("case-1"), START).await;
        assert!(matches!(first, Enqueued::New(_)));
        let again = queue(&db, NewJob::new("mail", 1, *b"").keyed("case-1"), START).await;
        assert_eq!(again, Enqueued::Already(first.id()));
        worker.run_until_idle().await.expect("ran");
        let done = queue(&db, NewJob::new("mail", 1, *b"").keyed("case-1"), START).await;
        assert_eq!(done, Enqueued::Already(first.id()));
        // The same key of another kind is another job; so are two jobs without a key.
        assert!(matches!(
            queue(&db, NewJob::new("crl", 1, *b"").keyed("case-1"), START).await,
            Enqueued::New(_)
        ));
        assert!(matches!(queue(&db, NewJob::new("mail", 1, *b""), START).await, Enqueued::New(_)));
        assert!(matches!(queue(&db, NewJob::new("mail", 1, *b""), START).await, Enqueued::New(_)));
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 3);
        // Twice within one batch.
        let both = db
            .write(|tx| {
                let job = NewJob::new("mail", 1, *b"").keyed("case-2");
                enqueue_many(tx, &[job.clone(), NewJob::new("mail", 1, *b""), job], START)
            })
            .await
            .expect("queued");
        assert_eq!(both[2], Enqueued::Already(both[0].id()));
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 2);
    });
}

#[test]
fn k10_jobs_wait_for_their_time_and_keep_their_order() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let order = Arc::new(Mutex::new(Vec::new()));
        let noted = order.clone();
        let handler = Outside::new("step", move |seen| {
            noted.lock().expect("not poisoned").push(seen.payload[0]);
            async { Ok(()) }
        });
        let worker = builder(&db, &clock).handler(handler.policy(|p| p.at_once = 1)).build().expect("good");
        let at = |seconds| When::At(START.plus_seconds(seconds));
        let queued = [(5, at(50)), (4, When::After(40)), (3, at(30)), (1, When::Now), (2, When::Now)];
        for (name, when) in queued {
            let now = START.plus_micros(i64::from(name));
            queue(&db, NewJob::new("step", 1, [name]).due(when), now).await;
        }
        clock.advance_micros(4);
        worker.run_until_idle().await.expect("ran");
        let seen = || order.lock().expect("not poisoned").clone();
        assert_eq!(seen(), [1, 2]);
        clock.advance_seconds(29);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(seen(), [1, 2]);
        clock.advance_seconds(11);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(seen(), [1, 2, 3, 4]);
        clock.advance_days(1);
        worker.run_until_idle().await.expect("ran");
        assert_eq!(seen(), [1, 2, 3, 4, 5]);
    });
}

#[test]
fn k10_what_a_job_queues_runs_too_and_kinds_without_a_handler_wait() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let first = Outside::new("first", |seen| async move {
            seen.db.write(|tx| kit_jobs::enqueue(tx, &NewJob::new("second", 1, *b""), START)).await?;
            Ok(())
        });
        let second = Inside::new("second");
        let runs = second.runs.clone();
        let worker = builder(&db, &clock).handler(first).handler(second).build().expect("good");
        queue(&db, NewJob::new("first", 1, *b""), START).await;
        let foreign = queue(&db, NewJob::new("elsewhere", 1, *b""), START).await.id();
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 2);
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert_eq!(look(&db, foreign).await, Some((1, 0, None)));
    });
}

#[test]
fn k10_k14_gauges_count_by_kind_and_say_how_late() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let give_up = Outside::new("bad", |_| async { Err(kit_jobs::JobError::GiveUp("no".into())) });
        let worker = builder(&db, &clock).handler(give_up).build().expect("good");
        assert!(db.read(|tx| gauges(tx, START)).await.expect("read").is_empty());
        queue(&db, NewJob::new("bad", 1, *b""), START).await;
        worker.run_until_idle().await.expect("ran");
        queue(&db, NewJob::new("mail", 1, *b""), START).await;
        queue(&db, NewJob::new("mail", 1, *b"").due(When::At(START.plus_seconds(5))), START).await;
        queue(&db, NewJob::new("mail", 1, *b"").due(When::After(900)), START).await;
        let now = START.plus_seconds(9);
        let all = db.read(move |tx| gauges(tx, now)).await.expect("read");
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].kind.as_str(), all[0].given_up, all[0].waiting), ("bad", 1, 0));
        assert_eq!((all[1].kind.as_str(), all[1].waiting, all[1].due, all[1].running), ("mail", 3, 2, 0));
        assert_eq!(all[1].oldest_due_age, Some(9_000_000));
        assert_eq!(all[0].oldest_due_age, None);
    });
}

#[test]
fn a_worker_that_is_put_together_wrongly_is_refused() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let schedule = |name| Schedule {
            name,
            kind: "mail",
            payload: Payload { version: 1, octets: Vec::new() },
            every_seconds: 60,
            first: First::AtOnce,
        };
        let two = builder(&db, &clock).handler(Inside::new("mail")).handler(Inside::new("mail")).build();
        assert_eq!(two.err(), Some(BadWorker::TwoHandlers("mail")));
        let none = builder(&db, &clock).schedule(schedule("daily")).build();
        assert_eq!(none.err(), Some(BadWorker::NoHandler { name: "daily", kind: "mail" }));
        let twice = builder(&db, &clock)
            .handler(Inside::new("mail"))
            .schedule(schedule("daily"))
            .schedule(schedule("daily"));
        assert_eq!(twice.build().err(), Some(BadWorker::TwoSchedules("daily")));
    });
}
