//! How fast the sequencer is. Not a proof but a measurement: run by hand, with `--ignored --nocapture`.

use crate::support::*;
use kit_clock::SystemClock;
use kit_keys::Provider;
use kit_ledger::{Sequencer, lag};
use kit_store::testing::both_with;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// 17,000 acts a second for ten seconds, in batches as the engine appends them; then how long the rest takes.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "its result is what it prints")]
fn k08_rate() {
    both_with(TABLES, async |db| {
        let (digest, clock) = (Arc::new(Provider), SystemClock::shared());
        let built = Sequencer::builder(db.clone(), clock, digest.clone(), digest, TestSigner::new(1));
        let sequencer = built.build(&Provider).expect("good");

        let begin = Instant::now();
        for batch in 0..100 {
            append_acts(&db, batch * 1000, 1000).await;
        }
        let appended = begin.elapsed();
        let (begin, before) = (Instant::now(), cpu());
        sequencer.run_until_idle().await.expect("numbered");
        println!("{:?}: 100,000 acts appended in {appended:?}", db.dialect());
        println!("  numbered, hashed, signed in {:?}, {} ms of CPU here", begin.elapsed(), cpu() - before);

        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { sequencer.run(stopped).await });
        let (begin, mut most) = (Instant::now(), 0);
        for batch in 0..340u64 {
            append_acts(&db, 100_000 + batch * 500, 500).await;
            most = most.max(db.read(lag).await.expect("read").unnumbered);
            let due = Duration::from_secs_f64((batch + 1) as f64 * 500.0 / 17_000.0);
            tokio::time::sleep(due.saturating_sub(begin.elapsed())).await;
        }
        let took = begin.elapsed();
        while db.read(lag).await.expect("read").unsigned > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        println!(
            "  170,000 more in {took:?}; at most {most} unnumbered; all signed {:?} later",
            begin.elapsed() - took
        );
        stop.send(true).expect("it runs");
        running.await.expect("it ends");
    });
}

/// CPU time of this process in milliseconds, where the system tells.
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10
}
