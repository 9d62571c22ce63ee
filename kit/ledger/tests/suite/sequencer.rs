//! Numbering, growing, signing; what the sequencer refuses to sign.

use crate::support::*;
use kit_clock::ManualClock;
use kit_keys::Provider;
use kit_ledger::{
    Find, LedgerError, Numbered, checkpoints, entries, lag, latest_checkpoint, numbering_lag, prove,
};
use kit_store::{Db, StoreError, params, testing::both_with};
use std::{sync::atomic::Ordering, time::Duration};
use tokio::sync::watch;

const FEED_TABLE: Numbered = Numbered::new("feed", "at_us");

async fn write_feed(db: &Db, times: &[i64]) {
    let times = times.to_vec();
    db.write(move |tx| -> Result<(), StoreError> {
        for time in &times {
            let id = tx.next_id()?;
            tx.execute("INSERT INTO feed (id, at_us) VALUES ($1, $2)", params![id, *time])?;
        }
        Ok(())
    })
    .await
    .expect("written");
}

async fn tamper(db: &Db, sql: &'static str) {
    db.write(move |tx| tx.execute(sql, params![])).await.expect("tampered");
}

#[test]
fn k08_numbers_have_no_gap_and_never_change() {
    both_with(TABLES, async |db| {
        let (clock, signer) = (ManualClock::at(START), TestSigner::new(1));
        let sequencer = builder(&db, &clock, &signer).numbered(FEED_TABLE).build(&Provider).expect("good");
        let mut known = Vec::new();
        for round in 0..4 {
            append_acts(&db, known.len() as u64, 2500).await;
            write_feed(&db, &[30, 10, 20]).await;
            sequencer.run_until_idle().await.expect("numbered");
            let all = db.read(|tx| entries(tx, 0, 1_000_000)).await.expect("read");
            assert_eq!(all.len(), (round + 1) * 2500);
            assert!(all.iter().enumerate().all(|(place, entry)| entry.index == Some(place as u64)));
            assert_eq!(all[..known.len()], known);
            known = all;
        }
        // Rows that waited together are numbered by time; what came later has greater numbers; it begins at 1.
        let rows = db
            .read(|tx| tx.query("SELECT seq, at_us FROM feed ORDER BY seq", params![]))
            .await
            .expect("read");
        let rows: Vec<(i64, i64)> =
            rows.iter().map(|r| (r.get(0).expect("seq"), r.get(1).expect("time"))).collect();
        let expected: Vec<(i64, i64)> = (1..=12).zip([10, 20, 30].into_iter().cycle()).collect();
        assert_eq!(rows, expected);
    });
}

#[test]
fn k08_a_checkpoint_is_signed_at_most_every_interval_and_the_clock_may_jump() {
    both_with(TABLES, async |db| {
        let (clock, signer) = (ManualClock::at(START), TestSigner::new(1));
        let sequencer = builder(&db, &clock, &signer)
            .options(|options| {
                options.poll = Duration::from_millis(1);
                options.sign_every = Duration::from_secs(60);
            })
            .build(&Provider)
            .expect("good");
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { sequencer.run(stopped).await });
        let covered = async |size: u64| {
            loop {
                let lag = db.read(lag).await.expect("read");
                if lag.unnumbered == 0 && lag.unsigned == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let latest = db.read(latest_checkpoint).await.expect("read").expect("signed");
            assert_eq!(latest.size, size);
        };
        append_acts(&db, 0, 1).await;
        covered(1).await;
        // Within the interval entries are numbered, and not signed.
        append_acts(&db, 1, 1).await;
        while db.read(lag).await.expect("read").unnumbered > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(db.read(latest_checkpoint).await.expect("read").expect("signed").size, 1);
        clock.advance_seconds(60);
        covered(2).await;
        // A clock set back by a year delays nothing.
        clock.advance_days(-365);
        append_acts(&db, 2, 1).await;
        covered(3).await;
        stop.send(true).expect("it runs");
        running.await.expect("it ends");
        assert_eq!(signer.signed.load(Ordering::Relaxed), 3);
        let stored = db.read(|tx| checkpoints(tx, 0, 10)).await.expect("read");
        assert_eq!(stored.iter().map(|c| c.size).collect::<Vec<_>>(), [1, 2, 3]);
    });
}

#[test]
fn k08_k14_lag_tells_what_waits() {
    both_with(TABLES, async |db| {
        let empty = db.read(lag).await.expect("read");
        assert_eq!(
            (empty.unnumbered, empty.oldest, empty.unsigned, empty.last_checkpoint),
            (0, None, 0, None)
        );
        append_acts(&db, 0, 5).await;
        append_acts(&db, 5, 5).await;
        let behind = db.read(lag).await.expect("read");
        assert_eq!((behind.unnumbered, behind.oldest), (10, Some(START)));
        write_feed(&db, &[7, 5]).await;
        let feed = db.read(|tx| numbering_lag(tx, &FEED_TABLE)).await.expect("read");
        assert_eq!(feed, (2, Some(core_words::UtcMicros(5))));
        sequencer(&db).run_until_idle().await.expect("numbered");
        let done = db.read(lag).await.expect("read");
        assert_eq!((done.unnumbered, done.oldest, done.unsigned), (0, None, 0));
        assert_eq!(done.last_checkpoint, Some(START));
    });
}

#[test]
fn k08_nothing_is_signed_over_a_tree_that_was_tampered_with() {
    // Tiles at the right edge, the size of the tree, a checkpoint: each contradicts what was signed.
    for sql in [
        "UPDATE ledger_tile SET width = 256, hashes = (SELECT t.hashes FROM ledger_tile t WHERE t.level = 0 AND t.idx = 0) \
         WHERE level = 0 AND idx = 2",
        "UPDATE ledger_tile SET width = 256, hashes = (SELECT t.hashes FROM ledger_tile t WHERE t.level = 0 AND t.idx = 0) \
         WHERE level = 1",
        "DELETE FROM ledger_tile WHERE level = 1",
        "UPDATE ledger_tree SET size = 512",
        "UPDATE ledger_tree SET size = 0",
        "UPDATE ledger_checkpoint SET root = (SELECT c.root FROM ledger_checkpoint c WHERE c.size = 5) WHERE size = 600",
    ] {
        both_with(TABLES, async |db| {
            append_acts(&db, 0, 5).await;
            sequencer(&db).run_until_idle().await.expect("numbered");
            append_acts(&db, 5, 595).await;
            sequencer(&db).run_until_idle().await.expect("numbered");
            tamper(&db, sql).await;
            append_acts(&db, 600, 1).await;
            let refused = sequencer(&db).run_until_idle().await.expect_err("it must not sign");
            let told = matches!(refused, LedgerError::Forked { size: 600 } | LedgerError::Missing(_));
            assert!(told, "{sql}: {refused}");
            let latest = db.read(latest_checkpoint).await.expect("read").expect("signed");
            assert_eq!(latest.size, 600, "{sql}");
        });
    }
}

#[test]
fn k08_a_missing_entry_stops_the_log_instead_of_being_skipped() {
    both_with(TABLES, async |db| {
        let (clock, signer) = (ManualClock::at(START), TestSigner::new(1));
        let sequencer = builder(&db, &clock, &signer).build(&Provider).expect("good");
        append_acts(&db, 0, 4).await;
        sequencer.run_until_idle().await.expect("numbered");
        append_acts(&db, 4, 4).await;
        tamper(&db, "UPDATE ledger_sequence SET next = 5 WHERE name = 'ledger_entry'").await;
        let refused = sequencer.run_until_idle().await.expect_err("entry 4 is nowhere");
        assert!(matches!(&refused, LedgerError::Missing(what) if what == "entry 4"), "{refused}");
    });
}

#[test]
fn k08_another_key_goes_on_where_the_first_one_stopped() {
    both_with(TABLES, async |db| {
        append_acts(&db, 0, 3).await;
        sequencer(&db).run_until_idle().await.expect("numbered");
        append_acts(&db, 3, 3).await;
        let second =
            builder(&db, &ManualClock::at(START), &TestSigner::new(2)).build(&Provider).expect("good");
        // The first one's lease has not run out.
        second.run_until_idle().await.expect("it waits");
        assert_eq!(db.read(latest_checkpoint).await.expect("read").expect("signed").size, 3);
        let later = ManualClock::at(START.plus_seconds(5));
        let second = builder(&db, &later, &TestSigner::new(2)).build(&Provider).expect("good");
        second.run_until_idle().await.expect("numbered");
        let all = db.read(|tx| checkpoints(tx, 0, 10)).await.expect("read");
        let keys: Vec<&str> = all.iter().map(|c| c.verifier.as_str()).collect();
        assert_eq!(keys, [key(1).to_string(), key(2).to_string()]);
        let receipt = db.read(|tx| prove(tx, &Provider, Find::Index(0))).await.expect("proved");
        receipt.verify(&key(2), &Provider, &Provider).expect("under the new key");
    });
}

#[test]
fn k08_numbering_goes_on_while_the_key_is_locked() {
    both_with(TABLES, async |db| {
        let (clock, signer) = (ManualClock::at(START), TestSigner::new(1));
        let sequencer = builder(&db, &clock, &signer).numbered(FEED_TABLE).build(&Provider).expect("good");
        signer.locked.store(true, Ordering::Relaxed);
        for round in 1..=2 {
            append_acts(&db, 10 * round, 10).await;
            write_feed(&db, &[1, 2, 3]).await;
            let refused = sequencer.run_until_idle().await.expect_err("it is locked");
            assert!(matches!(refused, LedgerError::Signer(_)), "{refused}");
            let behind = db.read(lag).await.expect("read");
            assert_eq!((behind.unnumbered, behind.unsigned), (0, 10 * round));
            assert_eq!(db.read(|tx| numbering_lag(tx, &FEED_TABLE)).await.expect("read").0, 0);
        }
        signer.locked.store(false, Ordering::Relaxed);
        sequencer.run_until_idle().await.expect("signed");
        assert_eq!(db.read(lag).await.expect("read").unsigned, 0);
    });
}

#[test]
fn k08_a_checkpoint_that_its_own_key_does_not_open_is_not_published() {
    both_with(TABLES, async |db| {
        let (clock, signer) = (ManualClock::at(START), TestSigner::new(1));
        let sequencer = builder(&db, &clock, &signer).build(&Provider).expect("good");
        append_acts(&db, 0, 10).await;
        signer.spoils.store(true, Ordering::Relaxed);
        let refused = sequencer.run_until_idle().await.expect_err("spoiled");
        assert!(matches!(refused, LedgerError::SignedBadly(_)), "{refused}");
        assert_eq!(db.read(latest_checkpoint).await.expect("read"), None);
    });
}
