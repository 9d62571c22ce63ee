//! The sequencer is killed between any two of its deeds; what is left is gone on with.

use crate::support::*;
use kit_keys::Provider;
use kit_ledger::{Find, checkpoints, entries, prove};
use kit_store::{
    Db,
    testing::{both_places, options},
};
use std::process::Command;

const CHILD_DATABASE: &str = "LEDGER_CRASH_DATABASE";
const ACTS: u64 = 3000;

/// Not a test of its own: the process that is killed. Appends, numbers, signs, twice over.
#[test]
fn child() {
    let Ok(url) = std::env::var(CHILD_DATABASE) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let db = Db::open(&url, options()).await.expect("it opens");
        let sequencer = sequencer(&db);
        for round in 0..2 {
            append_acts(&db, round * ACTS, ACTS).await;
            sequencer.run_until_idle().await.expect("numbered");
        }
    });
}

#[test]
fn k08_a_crash_between_any_two_deeds_of_the_sequencer_loses_and_doubles_nothing() {
    both_places(async |place| {
        let db = place.open().await;
        db.migrate(TABLES).await.expect("the migrations run");
        db.close().await;
        let mut known = Vec::new();
        // The first and a later passage of each point: within a run of chunks, and between two checkpoints.
        for point in [
            "sequencer.numbered",
            "sequencer.numbered:2",
            "sequencer.numbered:5",
            "sequencer.tiles_written",
            "sequencer.tiles_written:2",
            "sequencer.checkpoint_signed",
            "sequencer.checkpoint_signed:2",
        ] {
            let status = Command::new(std::env::current_exe().expect("this test"))
                .args(["--exact", "crash::child", "--test-threads=1"])
                .env(CHILD_DATABASE, place.url())
                .env("WARIFU_DRILL", point)
                .output()
                .expect("the child runs")
                .status;
            assert!(!status.success(), "{point} was not passed");

            let db = place.open().await;
            let signed_before = db.read(|tx| checkpoints(tx, 0, 1000)).await.expect("read");
            sequencer(&db).run_until_idle().await.expect("gone on with");
            let all = db.read(|tx| entries(tx, 0, 1_000_000)).await.expect("read");
            assert!(all.len() > known.len(), "{point}");
            assert!(
                all.iter().enumerate().all(|(place, entry)| entry.index == Some(place as u64)),
                "{point}"
            );
            assert_eq!(all[..known.len()], known, "{point}: what was signed has not changed");
            let signed = db.read(|tx| checkpoints(tx, 0, 1000)).await.expect("read");
            assert_eq!(signed[..signed_before.len()], signed_before, "{point}");
            assert_eq!(signed.last().map(|c| c.size), Some(all.len() as u64), "{point}");
            for pair in signed.windows(2) {
                let (old, new) = (pair[0].size, pair[1].size);
                let growth = db.read(move |tx| kit_ledger::prove_growth(tx, &Provider, old, new)).await;
                growth
                    .expect("proved")
                    .verify(&key(1), &Provider, &Provider)
                    .expect("each extends the one before");
            }
            let last = all.len() as u64 - 1;
            let receipt = db.read(move |tx| prove(tx, &Provider, Find::Index(last))).await.expect("proved");
            receipt.verify(&key(1), &Provider, &Provider).expect("it verifies");
            known = all;
            db.close().await;
        }
    });
}
