//! A ceremony and a rollover, killed at every step and finished by the next run.
//!
//! The test starts itself again as another process, which is killed (SIGKILL) at a fault point; then it looks
//! at what is there and finishes.

use super::*;
use kit_store::testing::{Place, both_places};
use std::os::unix::process::ExitStatusExt;

/// Names the database to the process that is going to be killed.
const VICTIM: &str = "WARIFU_TEST_CEREMONY_ON";
const SIGKILL: i32 = 9;

/// Holds a ceremony and rolls its root over, on the database it is told of. Not a test of its own.
#[test]
#[ignore = "started by the tests below, in a process that is killed"]
fn victim() {
    let url = std::env::var(VICTIM).expect("started by a drill");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&url, kit_store::testing::options()).await.expect("it opens");
        everything(&House::new(&db).await).await;
        db.close().await;
    });
}

async fn everything(house: &House) {
    house.hold(FILE).await;
    let request = RolloverRequest {
        authority: id("root"),
        from: 1,
        key: None,
        profile: None,
        valid: None,
        link_profile: profile("link"),
        participants: Vec::new(),
    };
    rollover(&house.ctx, &house.profiles, &request, &actor()).await.expect("it rolls");
}

/// Runs the victim; whether it was killed at the point.
fn killed_at(place: &Place, point: &str, passage: u32) -> bool {
    let me = std::env::current_exe().expect("this test");
    let output = Command::new(me)
        .args(["--exact", "ceremony::tests::drills::victim", "--ignored", "--test-threads=1"])
        .env(VICTIM, place.url())
        .env("WARIFU_DRILL", format!("{point}:{passage}"))
        .output()
        .expect("it starts");
    let killed = output.status.signal() == Some(SIGKILL);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(killed || output.status.success(), "{point}:{passage}: {said}");
    killed
}

/// Each authority, key and certificate once, everything signed, both records there.
async fn all_is_there_once(db: &Db) {
    let house = House::new(db).await;
    everything(&house).await;
    for (table, rows) in [
        ("ca_authority", 2),
        ("ca_generation", 3),
        ("ca_certificate", 6),
        ("keys_sealed", 5),
        ("ca_key", 4),
        ("ca_published", 2),
        ("ca_ceremony", 2),
        ("ca_certificate WHERE signature IS NULL", 0),
        ("ca_ceremony WHERE signature IS NULL", 0),
    ] {
        assert_eq!(house.count(table).await, rows, "{table}");
    }
    assert_eq!(records(&house.ctx).await.expect("they read").len(), 2);
    let (_, ca) = house.authority("ca").await;
    assert!(issued_by(&ca.certificate, &house.generation("root", 1).await.certificate));
    let mut told = house.ledger().await;
    told.sort();
    told.dedup();
    assert!(
        KINDS.iter().map(|(kind, _)| *kind).take(5).all(|kind| told.iter().any(|t| t == kind)),
        "{told:?}"
    );
}

fn drill(point: &str, passages: &[u32]) {
    both_places(async |place: &Place| {
        for passage in passages {
            let fresh = Place::fresh(place.dialect()).expect("as the other");
            let db = fresh.open().await;
            db.migrate(&COMPONENTS).await.expect("the migrations run");
            db.close().await;
            assert!(killed_at(&fresh, point, *passage), "{point} is not passed {passage} times");
            let db = fresh.open().await;
            all_is_there_once(&db).await;
            db.close().await;
        }
    });
}

/// Four keys: root, authority, signer, the new root.
#[test]
fn drill_killed_after_each_key_was_sealed() {
    drill("ceremony.key_sealed", &[1, 2, 3, 4]);
}

/// Six certificates: three of the ceremony, the new root, two links.
#[test]
fn drill_killed_after_each_certificate_was_stored() {
    drill("ceremony.certificate_stored", &[1, 2, 3, 4, 5, 6]);
}

/// And after every commit there is, whatever it was for.
#[test]
fn drill_killed_after_each_commit() {
    both_places(async |place: &Place| {
        for passage in 1.. {
            let fresh = Place::fresh(place.dialect()).expect("as the other");
            let db = fresh.open().await;
            db.migrate(&COMPONENTS).await.expect("the migrations run");
            db.close().await;
            let killed = killed_at(&fresh, "store.after_commit", passage);
            let db = fresh.open().await;
            all_is_there_once(&db).await;
            db.close().await;
            if !killed {
                // Two beginnings, six certificates with two commits each, a switch, two ends.
                assert!(passage > 17, "only {passage} commits");
                return;
            }
        }
    });
}
