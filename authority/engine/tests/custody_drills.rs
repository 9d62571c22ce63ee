//! A key made and erased by a process that is killed in between: one key, told once, and no key that nobody knows of (K16).
//!
//! The test starts itself again as another process, which is killed (SIGKILL) at a fault point; then it looks
//! at what is there and finishes.

use authority_engine::testing::{COMPONENTS, House, Plan};
use authority_front::{Front, KeyOrder};
use core_words::{Actor, OperatorId, ProfileId, UtcMicros};
use kit_clock::SystemClock;
use kit_store::{
    Db, params,
    testing::{Place, both_places, options},
};
use std::{
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Name the database and the folder to the process that is going to be killed.
const DATABASE: &str = "WARIFU_TEST_CUSTODY_ON";
const FOLDER: &str = "WARIFU_TEST_CUSTODY_IN";
const SIGKILL: i32 = 9;

fn order() -> KeyOrder {
    let now: UtcMicros = SystemClock::shared().now();
    KeyOrder {
        orderer: "claims".into(),
        key: "one".into(),
        operator: OperatorId::new("operator").expect("a name"),
        actor: Actor::staff(7),
        profile: ProfileId::new("tls-server").expect("a name"),
        until: now.plus_seconds(86_400),
    }
}

async fn erase(house: &House, custody: authority_front::CustodyId) -> bool {
    let operator = OperatorId::new("operator").expect("a name");
    house.engine.erase_key(custody, Actor::staff(7), operator, "handed over".into()).await.expect("an answer")
}

/// Makes a key and erases it, on the database it is told of. Not a test of its own.
#[test]
#[ignore = "started by the tests below, in a process that is killed"]
fn victim() {
    let url = std::env::var(DATABASE).expect("started by a drill");
    let folder = PathBuf::from(std::env::var(FOLDER).expect("started by a drill"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&url, options()).await.expect("it opens");
        let house = House::again(db, &folder, &Plan::default()).await;
        let made = house.engine.make_key(order()).await.expect("a key");
        erase(&house, made.custody).await;
    });
}

fn kill_at(place: &Place, folder: &Path, point: &str) {
    let me = std::env::current_exe().expect("this test");
    let output = Command::new(me)
        .args(["--exact", "victim", "--ignored", "--test-threads=1"])
        .env(DATABASE, place.url())
        .env(FOLDER, folder)
        .env("WARIFU_DRILL", point)
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.signal(), Some(SIGKILL), "{point} is not passed: {said}");
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read(move |tx| tx.query_one(sql, params![])?.get(0)).await.expect("a count")
}

async fn told(db: &Db) -> Vec<String> {
    let bodies: Vec<Vec<u8>> = db
        .read(|tx| tx.query("SELECT body FROM ledger_entry", params![])?.iter().map(|r| r.get(0)).collect())
        .await
        .expect("entries");
    let mut kinds: Vec<_> =
        bodies.iter().map(|b| kit_ledger::Body::decode(b).expect("an entry").kind).collect();
    kinds.retain(|kind| kind.starts_with("key."));
    kinds.sort();
    kinds
}

/// Kills at `point`, and hands what is there to `check`.
fn drill(point: &str, check: impl AsyncFn(&House, &Db)) {
    both_places(async |place: &Place| {
        let folder = tempfile::tempdir().expect("a folder");
        let db = place.open().await;
        db.migrate(COMPONENTS).await.expect("the migrations run");
        House::new(db.clone(), folder.path(), Plan::default()).await;
        db.close().await;
        kill_at(place, folder.path(), point);
        let db = place.open().await;
        let house = House::again(db.clone(), folder.path(), &Plan::default()).await;
        check(&house, &db).await;
        assert_eq!(count(&db, "SELECT COUNT(*) FROM ca_custody").await, 1);
        assert_eq!(count(&db, "SELECT COUNT(*) FROM ca_custody WHERE sealed IS NOT NULL").await, 0);
        assert_eq!(told(&db).await, ["key.erased", "key.made"]);
        db.close().await;
    });
}

#[test]
fn drill_killed_before_the_key_was_recorded_there_is_none_and_the_repeat_makes_one() {
    drill("custody.made", async |house, db| {
        assert_eq!(count(db, "SELECT COUNT(*) FROM ca_custody").await, 0);
        let made = house.engine.make_key(order()).await.expect("a key");
        assert!(!made.repeated);
        assert!(erase(house, made.custody).await);
    });
}

#[test]
fn drill_killed_before_the_answer_the_repeat_gets_the_key_that_was_made() {
    drill("custody.recorded", async |house, db| {
        let id = count(db, "SELECT id FROM ca_custody WHERE sealed IS NOT NULL").await;
        let made = house.engine.make_key(order()).await.expect("the key");
        assert_eq!((made.custody.0, made.repeated), (id, true));
        assert!(erase(house, made.custody).await);
    });
}

#[test]
fn drill_killed_after_the_erasure_the_key_stays_gone() {
    drill("custody.erased", async |house, db| {
        let id = count(db, "SELECT id FROM ca_custody").await;
        let refusal = house.engine.make_key(order()).await.expect_err("gone");
        assert_eq!(refusal.code, "authority.key_erased");
        assert!(!erase(house, authority_front::CustodyId(id)).await, "it was erased before the kill");
    });
}
