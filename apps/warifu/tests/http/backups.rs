//! Backup while serving, verification, restore into the other place (K14).

use crate::{
    csr,
    house::{House, ORDERS, config, order},
};
use kit_clock::{Clock, SystemClock};
use kit_store::{Db, blobs::BlobStore, blobs::DirectoryBlobs, testing};
use reqwest::{Method, StatusCode};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;
use warifu::{
    backup::{self, BackupError, Chosen, Looked, Source, Target},
    commands::serve::Server,
    fail::{Exit, Fail},
    installation::{COMPONENTS, Installation, Opening},
};

async fn back_up(house: &House) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a directory");
    let dir = place.path().join("backup");
    let installation = house.installation();
    let source = Source {
        db: installation.db.clone(),
        blobs: installation.blobs.clone(),
        installation: "test.example/warifu".into(),
    };
    let signer = installation.ledger_key_made().await.expect("made");
    backup::take(&source, &dir, &signer, SystemClock.now()).await.expect("taken");
    (place, dir)
}

async fn restore(
    dir: &Path,
    looked: &Looked,
    db: &Db,
    blobs: &Path,
) -> Result<backup::Restored, BackupError> {
    let blobs: Arc<dyn BlobStore> = Arc::new(DirectoryBlobs::open(blobs).expect("a directory"));
    let target = Target { db: db.clone(), blobs };
    let scratch = tempfile::tempdir().expect("a directory");
    let chosen = Chosen { dir, looked, kept: None, lost: 0 };
    backup::restore(&target, &chosen, COMPONENTS, SystemClock.now(), scratch.path()).await
}

#[tokio::test]
async fn k14_a_backup_verifies_and_a_damaged_one_does_not() {
    let house = House::start().await;
    house.issue("a.example.jp").await;
    house.ledger().await;
    let (place, dir) = back_up(&house).await;
    let looked = backup::look(&dir, None).await.expect("whole");
    backup::trial(&dir, &looked, COMPONENTS, place.path()).await.expect("it can be restored");
    assert_eq!(fs::read_dir(place.path()).expect("there").count(), 1, "the trial left something behind");

    // One bit of one file.
    let file = dir.join("tables/ca_certificate.rows");
    let good = fs::read(&file).expect("there");
    let mut bad = good.clone();
    bad[100] ^= 1;
    fs::write(&file, &bad).expect("written");
    assert!(matches!(backup::look(&dir, None).await, Err(BackupError::Damaged { .. })));
    fs::write(&file, &good).expect("written");
    // A manifest somebody changed to fit.
    let manifest = dir.join("manifest.json");
    let text = fs::read_to_string(&manifest).expect("there");
    fs::write(&manifest, text.replace("test.example", "best.example")).expect("written");
    assert!(matches!(backup::look(&dir, None).await, Err(BackupError::Signature(_))));
    // A file that is missing.
    fs::write(&manifest, &text).expect("written");
    fs::remove_file(&file).expect("removed");
    assert!(matches!(backup::look(&dir, None).await, Err(BackupError::Damaged { .. })));
    // Without a manifest it is not a backup.
    fs::remove_file(&manifest).expect("removed");
    let error = backup::look(&dir, None).await.expect_err("no backup");
    assert_eq!(Fail::from(error).code, "backup.no_manifest");
}

#[tokio::test]
async fn k14_a_directory_that_is_not_empty_is_not_overwritten() {
    let house = House::start().await;
    let (_place, dir) = back_up(&house).await;
    let installation = house.installation();
    let source = Source {
        db: installation.db.clone(),
        blobs: installation.blobs.clone(),
        installation: "test.example/warifu".into(),
    };
    let signer = installation.ledger_key_made().await.expect("made");
    let again = backup::take(&source, &dir, &signer, SystemClock.now()).await;
    assert!(matches!(again, Err(BackupError::NotEmpty(_))));
}

/// Restore: serials not reused, list numbers monotone, ledger head consistent with the old one; into either database.
#[test]
fn k14_a_backup_restores_into_either_database_and_serves_on() {
    testing::both_places(async |place: &testing::Place| {
        let mut house = House::start().await;
        let before = house
            .send(
                Method::POST,
                ORDERS,
                Some(&order(&csr::fresh("a.example.jp"))),
                &[("Idempotency-Key", "k")],
            )
            .await;
        let before = before.json();
        let (serial, number) = (
            before["serial"].as_str().expect("a serial").to_owned(),
            list_number(&house.installation().db).await,
        );
        house.revoke(&serial, "superseded").await;
        house.ledger().await;
        let (_backup, dir) = back_up(&house).await;
        // What came after the backup is lost, and must not be contradicted: more lists, more serials.
        house.issue("b.example.jp").await;
        let token = house.token.clone();
        house.end().await;

        let looked = backup::look(&dir, None).await.expect("whole");
        let elsewhere = tempfile::tempdir().expect("a directory");
        let db = place.open().await;
        let restored = restore(&dir, &looked, &db, &elsewhere.path().join("blobs")).await.expect("restored");
        assert!(restored.rows > 20 && restored.blobs > 0 && restored.list_numbers_skipped >= 1_000);
        assert!(list_number(&db).await >= number + 1_000);
        // A second restore into the same place is refused.
        assert!(matches!(
            restore(&dir, &looked, &db, &elsewhere.path().join("b2")).await,
            Err(BackupError::Occupied(_))
        ));
        db.close().await;

        let mut config = config(elsewhere.path(), "");
        config.store.url = place.url().to_owned();
        config.store.file = None;
        config.blobs.dir = elsewhere.path().join("blobs");
        let installation = Arc::new(Installation::open(config, Opening::default()).await.expect("opened"));
        let head =
            installation.db.read(kit_ledger::latest_checkpoint).await.expect("read").expect("a checkpoint");
        assert_eq!(Some(head.size), looked.manifest.ledger.as_ref().map(|l| l.size));
        let server = Server::start_on(installation).await.expect("started");
        let mut house = House::of(server, elsewhere, token);
        let shown = house.get(&format!("{ORDERS}/{serial}")).await.json();
        assert_eq!(shown["status"]["state"], "revoked");
        let issued = house.issue("c.example.jp").await;
        assert_ne!(issued["serial"], before["serial"]);
        // The log goes on from its old head.
        house.ledger().await;
        let grown = house
            .installation()
            .db
            .read(move |tx| {
                let latest = kit_ledger::latest_checkpoint(tx)?.expect("a checkpoint");
                kit_ledger::prove_growth(tx, &kit_keys::Provider, head.size, latest.size)
            })
            .await
            .expect("proven");
        let key = house.installation().ledger_key_made().await.expect("made").verifier().expect("a key");
        grown.verify(&key, &kit_keys::Provider, &kit_keys::Provider).expect("consistent");
        house.end().await;
    });
}

async fn list_number(db: &Db) -> i64 {
    db.read(|tx| tx.query_one("SELECT MAX(last_number) FROM ca_list_series", &[])?.get(0))
        .await
        .expect("a number")
}

#[tokio::test]
async fn k14_a_server_does_not_start_on_half_of_a_backup() {
    let mut house = House::start().await;
    let config = house.installation().config.clone();
    house
        .installation()
        .db
        .write(|tx| tx.execute("INSERT INTO app_restore (id, under_way, at_us) VALUES (1, 1, 0)", &[]))
        .await
        .expect("written");
    house.end().await;
    let refused = Installation::open(config, Opening::default()).await.err().expect("refused");
    assert_eq!((refused.exit, refused.code.as_str()), (Exit::NeedsPerson, "restore.unfinished"));
    let _ = StatusCode::OK;
}
