//! Several sequencers, several writers, at once.

use crate::support::*;
use kit_clock::{ManualClock, SystemClock};
use kit_keys::Provider;
use kit_ledger::{Find, Numbered, Sequencer, checkpoints, entries, prove, prove_growth};
use kit_store::{StoreError, params, testing::both_with};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

const WRITERS: u64 = 4;
const ACTS_EACH: u64 = 600;

/// The lease is nothing to rely on: here it never holds, and all sequencers work at the same time.
#[test]
fn k08_sequencers_that_all_believe_to_lead_make_one_log() {
    both_with(TABLES, async |db| {
        let (stop, stopped) = watch::channel(false);
        let sequencers: Vec<_> = (0..3)
            .map(|_| {
                let sequencer = builder(&db, &ManualClock::at(START), &TestSigner::new(1))
                    .numbered(Numbered::new("feed", "at_us"))
                    .options(|options| {
                        options.lease = Duration::ZERO;
                        options.poll = Duration::from_millis(1);
                        options.sign_every = Duration::ZERO;
                    })
                    .build(&Provider)
                    .expect("good");
                let stopped = stopped.clone();
                tokio::spawn(async move { sequencer.run(stopped).await })
            })
            .collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let db = db.clone();
                tokio::spawn(async move {
                    for chunk in 0..ACTS_EACH / 20 {
                        append_acts(&db, writer * ACTS_EACH + chunk * 20, 20).await;
                        let feed = db.write(|tx| -> Result<u64, StoreError> {
                            let id = tx.next_id()?;
                            tx.execute("INSERT INTO feed (id, at_us) VALUES ($1, $2)", params![id, START])
                        });
                        feed.await.expect("written");
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.expect("it wrote");
        }
        stop.send(true).expect("they run");
        for sequencer in sequencers {
            sequencer.await.expect("it ends");
        }
        let last = builder(&db, &ManualClock::at(START.plus_seconds(1)), &TestSigner::new(1));
        let last = last.numbered(Numbered::new("feed", "at_us")).build(&Provider).expect("good");
        last.run_until_idle().await.expect("numbered");

        let all = db.read(|tx| entries(tx, 0, 100_000)).await.expect("read");
        assert_eq!(all.len() as u64, WRITERS * ACTS_EACH);
        assert!(all.iter().enumerate().all(|(place, entry)| entry.index == Some(place as u64)));
        let feed =
            db.read(|tx| tx.query("SELECT seq FROM feed ORDER BY seq", params![])).await.expect("read");
        let feed: Vec<i64> = feed.iter().map(|row| row.get(0).expect("a number")).collect();
        assert_eq!(feed, (1..=(WRITERS * ACTS_EACH / 20) as i64).collect::<Vec<_>>());
        let signed = db.read(|tx| checkpoints(tx, 0, 100_000)).await.expect("read");
        for pair in signed.windows(2) {
            let (old, new) = (pair[0].size, pair[1].size);
            let growth = db.read(move |tx| prove_growth(tx, &Provider, old, new)).await.expect("proved");
            growth.verify(&key(1), &Provider, &Provider).expect("each extends the one before");
        }
        let end = all.len() as u64 - 1;
        let receipt = db.read(move |tx| prove(tx, &Provider, Find::Index(end))).await.expect("proved");
        receipt.verify(&key(1), &Provider, &Provider).expect("it verifies");
    });
}

#[test]
fn k08_a_silent_leader_is_followed_by_another() {
    both_with(TABLES, async |db| {
        let clock = ManualClock::at(START);
        let other = |clock: &ManualClock| -> Sequencer {
            builder(&db, clock, &TestSigner::new(1)).build(&Provider).expect("good")
        };
        let (first, second) = (other(&clock), other(&clock));
        append_acts(&db, 0, 1).await;
        first.run_until_idle().await.expect("numbered");
        append_acts(&db, 1, 1).await;
        second.run_until_idle().await.expect("it waits");
        assert_eq!(db.read(kit_ledger::lag).await.expect("read").unnumbered, 1);
        clock.advance_seconds(5);
        second.run_until_idle().await.expect("numbered");
        assert_eq!(db.read(kit_ledger::lag).await.expect("read").unnumbered, 0);
        // The first one learns that it was followed.
        append_acts(&db, 2, 1).await;
        first.run_until_idle().await.expect("it waits");
        assert_eq!(db.read(kit_ledger::lag).await.expect("read").unnumbered, 1);
        // A lease from before the clock was set back is not waited for.
        clock.advance_days(-30);
        first.run_until_idle().await.expect("numbered");
        assert_eq!(db.read(kit_ledger::lag).await.expect("read").unnumbered, 0);
    });
}

#[test]
fn k08_a_running_sequencer_keeps_up_with_one_second() {
    both_with(TABLES, async |db| {
        let signer = TestSigner::new(1);
        let sequencer = Sequencer::builder(
            db.clone(),
            SystemClock::shared(),
            Arc::new(Provider),
            Arc::new(Provider),
            signer,
        )
        .build(&Provider)
        .expect("good");
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { sequencer.run(stopped).await });
        for chunk in 0..30 {
            append_acts(&db, chunk * 100, 100).await;
        }
        // The last checkpoint comes at most one interval after the one before it.
        let caught_up = async {
            loop {
                let lag = db.read(kit_ledger::lag).await.expect("read");
                if lag.unnumbered == 0 && lag.unsigned == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), caught_up).await.expect("it catches up");
        stop.send(true).expect("it runs");
        running.await.expect("it ends");
    });
}
