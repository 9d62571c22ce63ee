//! Failing: again later, given up, run again by hand; long jobs in chunks.

use crate::support::*;
use core_words::{Actor, OperatorId};
use kit_clock::ManualClock;
use kit_jobs::{Handler, JobCtx, JobError, JobId, NewJob, Policy, Presser, Ran, Rerun, given_up, rerun};
use kit_keys::Provider;
use kit_store::{params, testing::both_with};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

#[test]
fn k10_a_job_that_fails_comes_back_later_and_later_until_it_is_given_up() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let handler = Outside::new("flaky", |seen| async move {
            Err(JobError::Retry(format!("no answer on attempt {}", seen.attempt)))
        })
        .policy(|p| {
            (p.max_attempts, p.first_delay, p.longest_delay) =
                (5, Duration::from_secs(10), Duration::from_secs(35))
        });
        let runs = handler.runs();
        let worker = builder(&db, &clock).handler(handler).build().expect("good");
        let id = queue(&db, NewJob::new("flaky", 1, *b"").keyed("k"), START).await.id();
        // Waits of 10, 20, 35, 35 seconds, of which the dice leave at least half.
        for (attempt, wait) in [(1, 10), (2, 20), (3, 35), (4, 35)] {
            assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 0, failed: 1, given_up: 0 });
            assert_eq!(runs.load(Ordering::SeqCst), attempt);
            let error = format!("no answer on attempt {attempt}");
            assert_eq!(look(&db, id).await, Some((1, attempt as u16, Some(error))));
            clock.advance_micros(wait * 500_000 - 1);
            assert_eq!(
                worker.run_until_idle().await.expect("ran"),
                Ran::default(),
                "too early after {attempt}"
            );
            clock.advance_micros(wait * 500_000 + 1);
        }
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 0, failed: 0, given_up: 1 });
        clock.advance_days(100);
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran::default());

        let list = db.read(|tx| given_up(tx, None, 10)).await.expect("read");
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].id, list[0].kind.as_str(), list[0].key.as_deref()), (id, "flaky", Some("k")));
        assert_eq!((list[0].attempts, list[0].last_error.as_str()), (5, "no answer on attempt 5"));
        assert_eq!(db.read(move |tx| given_up(tx, Some(id), 10)).await.expect("read"), []);
    });
}

#[test]
fn k10_a_job_that_was_given_up_is_run_again_by_hand_and_the_ledger_says_who() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let repaired = Arc::new(AtomicU64::new(0));
        let state = repaired.clone();
        let handler = Outside::new("linkage", move |_| {
            let good = state.load(Ordering::SeqCst) == 1;
            async move { if good { Ok(()) } else { Err(JobError::GiveUp("the other side says no".into())) } }
        });
        let runs = handler.runs();
        let worker = builder(&db, &clock).handler(handler).build().expect("good");
        let id = queue(&db, NewJob::new("linkage", 1, *b""), START).await.id();
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 0, failed: 0, given_up: 1 });

        let press = async |id: JobId| {
            let by = Presser {
                operator: Some(OperatorId::new("tokyo").expect("a name")),
                case: Some("C-2026-0001234-5".into()),
                ..Actor::cli("hanako").into()
            };
            db.write(move |tx| rerun(tx, id, &by, START, &Provider, &Provider)).await.expect("pressed")
        };
        repaired.store(1, Ordering::SeqCst);
        assert_eq!(press(id).await, Rerun::Queued);
        assert_eq!(press(id).await, Rerun::NotGivenUp);
        assert_eq!(press(JobId(i64::MAX)).await, Rerun::Unknown);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 1);
        assert_eq!((runs.load(Ordering::SeqCst), press(id).await), (2, Rerun::NotGivenUp));

        let rows = db.read(|tx| tx.query("SELECT body FROM ledger_entry", params![])).await.expect("read");
        assert_eq!(rows.len(), 1);
        let body = kit_ledger::Body::decode(rows[0].get(0).expect("octets")).expect("a body");
        assert_eq!((body.kind.as_str(), body.actor.as_str()), ("job.rerun", "cli:hanako"));
        assert_eq!(body.subject, id.to_string());
        // Whose job it was, and which case it was about: the people of the operator find it.
        assert_eq!(
            (body.operator.as_deref(), body.case.as_deref()),
            (Some("tokyo"), Some("C-2026-0001234-5"))
        );
        let tokyo = OperatorId::new("tokyo").expect("a name");
        let about = kit_ledger::Lookup { case: Some("C-2026-0001234-5"), ..Default::default() };
        let found = db.read(move |tx| kit_ledger::lookup(tx, &tokyo, &about, None, 9)).await.expect("read");
        assert_eq!(found.len(), 1);
    });
}

#[test]
fn k10_a_panic_is_a_failure_of_that_job_alone() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let handler = Outside::new("wild", |seen| async move {
            assert!(seen.attempt > 1, "a bug shows on attempt {}", seen.attempt);
            Ok(())
        });
        let worker =
            builder(&db, &clock).handler(handler).handler(Inside::new("tame")).build().expect("good");
        let wild = queue(&db, NewJob::new("wild", 1, *b""), START).await.id();
        let tame = queue(&db, NewJob::new("tame", 1, *b""), START).await.id();
        assert_eq!(worker.run_until_idle().await.expect("ran"), Ran { done: 1, failed: 1, given_up: 0 });
        let error = "the handler panicked: a bug shows on attempt 1".to_owned();
        assert_eq!(look(&db, wild).await, Some((1, 1, Some(error))));
        assert_eq!(effects(&db).await, [(tame.0, 1)]);
        clock.advance_seconds(2);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 1);
    });
}

/// A mass job: commits ten chunks of its own, and stumbles once in the middle.
struct Mass {
    stumbled: AtomicU64,
    attempts: Arc<std::sync::Mutex<Vec<(u16, u8)>>>,
}

impl Handler for Mass {
    fn kind(&self) -> &'static str {
        "mass"
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let from = ctx.progress().map_or(0, |progress| progress[0]);
        self.attempts.lock().expect("not poisoned").push((ctx.attempt(), from));
        for chunk in from..10 {
            if chunk == 6 && self.stumbled.fetch_add(1, Ordering::SeqCst) == 0 {
                return Err(JobError::Retry("the network".into()));
            }
            let (id, claim) = (ctx.id(), ctx.clone());
            ctx.db()
                .write(move |tx| {
                    effect(tx, id, &format!("chunk {chunk}"))?;
                    if chunk == 9 { claim.finish(tx) } else { claim.save_progress(tx, &[chunk + 1]) }
                })
                .await?;
        }
        Ok(())
    }

    fn policy(&self) -> Policy {
        Policy { max_attempts: 2, ..Policy::default() }
    }
}

#[test]
fn k10_a_long_job_goes_on_from_its_last_chunk() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let attempts = Arc::default();
        let mass = Mass { stumbled: AtomicU64::new(0), attempts: Arc::clone(&attempts) };
        let worker = builder(&db, &clock).handler(mass).build().expect("good");
        let id = queue(&db, NewJob::new("mass", 1, *b""), START).await.id();
        assert_eq!(worker.run_until_idle().await.expect("ran").failed, 1);
        clock.advance_seconds(2);
        assert_eq!(worker.run_until_idle().await.expect("ran").done, 1);
        assert_eq!(effects(&db).await, [(id.0, 10)]);
        assert_eq!(*attempts.lock().expect("not poisoned"), [(1, 0), (2, 6)]);
        assert_eq!(look(&db, id).await.map(|(state, ..)| state), Some(3));
    });
}
