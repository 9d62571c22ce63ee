//! SIGKILL at every fault point of `kit_drill::POINTS`, and everything is there afterwards.

use crate::town::Town;
use kit_drill::POINTS;
use kit_store::{Db, Dialect, StoreError, params};
use std::time::Instant;
use tests_drills::{AUTHORITIES, Client, Depth, Drill, Memory};

/// Who passes a fault point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// A server under load, at these passages among others.
    Server(&'static [u64]),
    /// A server that packs a long tail of revocations.
    Packing,
    /// `warifu ca ceremony`.
    Ceremony,
    /// `warifu admin backup`.
    Backup,
    /// An engine in a process of its own: `authority/engine/tests/custody_drills.rs`.
    Custody,
    /// A whole town in a process of its own: `tests/walks/tests/walks/kills.rs`.
    Desk,
    /// A town that closes a month of offset fees: `tests/walks/tests/walks/c18_offset.rs`.
    Offset,
}

/// Who passes a point. A new point must be told here: otherwise this fails, and with it the build.
pub(crate) fn by(point: &str) -> By {
    match point {
        // The first passages are those of the start, before anybody could ask for anything.
        "store.before_commit" | "store.after_commit" => By::Server(&[1, 4, 40]),
        "segment.packed" => By::Packing,
        _ => match point.split_once('.').map(|(part, _)| part) {
            Some("engine") => By::Server(&[1, 9]),
            Some("jobs") => By::Server(&[1, 4]),
            Some("list") => By::Server(&[1, 3]),
            Some("sequencer") => By::Server(&[1, 3]),
            Some("ceremony") => By::Ceremony,
            Some("backup") => By::Backup,
            Some("custody") => By::Custody,
            Some("claims" | "post") => By::Desk,
            Some("offset") => By::Offset,
            _ => panic!("nobody has said how {point} is reached"),
        },
    }
}

/// The points that somebody of this kind passes.
pub(crate) fn points(of: impl Fn(By) -> bool) -> impl Iterator<Item = &'static str> {
    POINTS.iter().copied().filter(move |point| of(by(point)))
}

#[test]
fn every_point_has_a_drill() {
    assert_eq!(points(|_| true).count(), POINTS.len());
    for kind in [By::Packing, By::Ceremony, By::Backup, By::Custody, By::Desk, By::Offset] {
        assert!(points(|by| by == kind).count() > 0, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_at_every_point_loses_and_doubles_nothing_on_sqlite() {
    kill_at_every_point(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_at_every_point_loses_and_doubles_nothing_on_postgresql() {
    kill_at_every_point(Dialect::Postgres).await;
}

async fn kill_at_every_point(dialect: Dialect) {
    let Some(mut town) = Town::on(dialect).await else { return };
    for point in points(|by| matches!(by, By::Server(_))) {
        let By::Server(passages) = by(point) else { unreachable!("filtered") };
        for passage in passages {
            let begun = Instant::now();
            town.die_under_load(&Drill::at(point, *passage)).await;
            let died = begun.elapsed();
            town.restart_and_check(Depth::Recent).await;
            println!("{point}:{passage}: died after {died:?}, all is well after {:?}", begun.elapsed());
        }
    }
    town.restart_and_check(Depth::All).await;
    let memory = town.memory();
    println!("{} certificates, {} checkpoints", memory.kept().len(), memory.log.count());
}

/// A tail is packed once it is long: so many revocations of one authority without partitions.
const TAIL: usize = 2_400;
/// Orders in one batch.
const BATCH: usize = 300;
/// Revocations asked for at the same time.
const AT_ONCE: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_while_it_packs_revocations_lists_each_once() {
    let mut town = Town::new().await;
    packing_is_due(&town, NEVER).await;
    let (server, client) = town.serve().await;
    for _ in 0..TAIL / BATCH {
        let answer = tests_drills::order(&client, &town.memory, true, BATCH, &mut town.luck).await;
        assert_eq!(answer.expect("an answer").status, 200);
    }
    revoke_all(&client, &town).await;
    server.stop();
    for point in points(|by| by == By::Packing) {
        packing_is_due(&town, 0).await;
        let mut server = town.house.start(&Drill::at(point, 1));
        server.dies().await;
        assert!(segments(&town).await > 0, "nothing was packed before the kill");
        town.restart_and_check(Depth::Recent).await;
    }
}

async fn revoke_all(client: &Client, town: &Town) {
    use futures_util::{StreamExt, stream};
    let plain = AUTHORITIES[1].id;
    let path = format!("/api/v1/authorities/{plain}/revocations");
    let (path, memory) = (&path, &town.memory);
    let count = town.memory().kept().len();
    stream::iter(0..count)
        .for_each_concurrent(AT_ONCE, async |at| {
            let reason = "superseded";
            let kept = lock(memory).doubt(at, reason);
            let answer = client.post(path, &kept.turn(reason), None).await.expect("an answer");
            lock(memory).turned(at, &answer);
        })
        .await;
}

fn lock(memory: &std::sync::Mutex<Memory>) -> std::sync::MutexGuard<'_, Memory> {
    memory.lock().expect("no panic before")
}

/// In microseconds UTC: the year 2096.
const NEVER: i64 = 4_000_000_000_000_000;

/// Packing comes round every minute: nobody needs to wait for that, and none that is not killed may come before.
async fn packing_is_due(town: &Town, at_us: i64) {
    let db = Db::open(&town.house.database(), kit_store::testing::options()).await.expect("no server runs");
    // One that never fired waits for its day.
    let sql = "UPDATE job_schedule SET next_due_us = $1, fired_us = NULL WHERE name = 'segment.pack'";
    let changed = db.write(move |tx| tx.execute(sql, params![at_us])).await.map_err(|e: StoreError| e);
    assert_eq!(changed.expect("the schedule is there"), 1);
    db.close().await;
}

async fn segments(town: &Town) -> i64 {
    let db = Db::open(&town.house.database(), kit_store::testing::options()).await.expect("no server runs");
    let count = db.read(|tx| tx.query_one("SELECT COUNT(*) FROM ca_segment", params![])?.get(0)).await;
    db.close().await;
    count.map_err(|e: StoreError| e).expect("counted")
}
