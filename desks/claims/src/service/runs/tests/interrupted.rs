//! K10: runs whose chunks take too long, and runs that are stopped half-way, on both databases.

use super::*;
use kit_store::{
    Component, migrations,
    testing::{both_places, options},
};
use std::time::Duration;

/// A database that is too slow for chunks of more than ten lines: the statement that counts them does not end.
const SLOW: Component = Component { name: "slow", migrations: migrations!("slow/0001_slow.sql") };

#[test]
fn k10_a_chunk_that_takes_too_long_is_tried_again_with_half_of_its_lines() {
    both_places(async |place| {
        let limit = Duration::from_secs(1);
        let db = place.open_with(kit_store::Options { tx_limit: limit, ..options() }).await;
        db.migrate(&[TABLES, &[SLOW]].concat()).await.expect("the migrations run");
        let house = House::on(&db).await;
        let lines = applications(&house, 57).await;
        let id = start(&house, Work::Issue, "a", &lines).await.expect("started");
        // In one go: no waiting for the job to be tried again.
        work(&house).await;
        assert_eq!(stands(&house, id).await, (RunState::Done, 57, 57, 0));
        assert_eq!(standings(&house).await, [(Standing::IssueRequested, 57)]);
        assert_eq!(count(&db, "SELECT count(*) FROM desk_event").await, 57);
        // 50, 25 and 12 were too many.
        let sizes = db.read(|tx| {
            let rows = tx.query("SELECT lines FROM slow_chunk ORDER BY done", params![])?;
            rows.iter().map(|row| row.get::<i64>(0)).collect::<Result<Vec<_>, StoreError>>()
        });
        assert_eq!(sizes.await.expect("read"), [6, 6, 6, 6, 6, 6, 6, 6, 6, 3]);
        db.close().await;
    });
}

#[test]
fn k10_a_run_that_is_stopped_half_way_keeps_what_was_done_and_goes_no_further() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let mut lines = applications(&house, 120).await;
        // Here the second chunk halts, to be tried again later.
        let good = std::mem::replace(&mut lines[70].payload, b"nonsense".to_vec());
        let id = start(&house, Work::Issue, "a", &lines).await.expect("started");
        work(&house).await;
        assert_eq!(stands(&house, id).await, (RunState::Running, 120, 50, 0));
        house.claims.stop_run(scope(), id, doer(Hat::Manager, 9)).await.expect("stopped");
        let mended = db.write(move |tx| {
            let values = params![&good[..], id.0];
            tx.execute("UPDATE claims_run_line SET payload = $1 WHERE run = $2 AND n = 71", values)
        });
        assert_eq!(mended.await.map_err(|error: StoreError| error).expect("mended"), 1);
        house.clock.advance_seconds(60);
        work(&house).await;
        assert_eq!(stands(&house, id).await, (RunState::Stopped, 120, 50, 0));
        let left = [(Standing::Applied, 70), (Standing::IssueRequested, 50)];
        assert_eq!(standings(&house).await, left);
        let rest = house.claims.run_lines(scope(), id, false, 50).await.expect("read");
        assert!(rest.len() == 70 && rest.iter().all(|line| line.ended.state == LineState::Waiting));
        let jobs = count(&db, "SELECT count(*) FROM job WHERE kind = 'claims.run' AND state <> 3").await;
        assert_eq!(jobs, 0, "its job is over too");
    });
}
