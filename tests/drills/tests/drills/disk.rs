//! A full disk: refused clearly, readiness says which, and nothing but space is needed to go on (K14).

use crate::town::Town;
use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};
use tests_drills::{Client, Depth, Drill, House, order, until};

/// Says to the tests below that the process may mount what it likes: nobody else sees it.
const OWN_MOUNTS: &str = "WARIFU_DRILL_OWN_MOUNTS";

/// Runs the tests of this file that need a small disk: in a process with mounts of its own, as root or, where the
/// kernel lets them, as anybody.
#[test]
fn small_disks_that_fill_up() {
    let small = |args: &[&str]| -> Command {
        let mut command = Command::new("unshare");
        command.args(args).arg("--mount");
        command
    };
    let ways: [&[&str]; 2] = [&[], &["--map-root-user"]];
    let works = |way: &&&[&str]| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs"];
        let tried = small(way).args(mount).arg(folder.path()).output();
        tried.is_ok_and(|out| out.status.success())
    };
    let Some(way) = ways.iter().find(works) else {
        println!("this machine lets nobody mount a small disk; a store of limited size stands for it");
        return;
    };
    let test = std::env::current_exe().expect("a test knows where it lies");
    let mut command = small(way);
    command.arg(test).args(["--ignored", "--nocapture", "--test-threads=1", "on_a_small_disk"]);
    // Where disks were mounted nothing can be removed from inside: the houses stand in a folder of this process.
    let street = tempfile::tempdir().expect("a directory");
    let out =
        command.env(OWN_MOUNTS, "1").env("TMPDIR", street.path()).output().expect("unshare can be started");
    let (said, complained) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{said}\n{complained}");
    assert!(said.contains("2 passed"), "{said}");
}

/// A disk of this many MiB under `data/` of a house; gone with the process.
fn small_disk(house: &House, mib: u32) {
    let data = house.path("data");
    fs::create_dir(&data).expect("the folder takes folders");
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", &format!("size={mib}m,mode=0700"), "tmpfs"]).arg(&data);
    assert!(mount.status().expect("there is mount").success());
}

async fn town_on(mib: u32, limits: &str) -> Town {
    assert!(std::env::var_os(OWN_MOUNTS).is_some(), "small_disks_that_fill_up runs this");
    let mut house = House::with(None, limits);
    small_disk(&house, mib);
    house.hold_ceremony();
    house.register();
    Town::over(house, None).await
}

/// What fills a disk until it is dropped.
struct Ballast(PathBuf);

impl Ballast {
    /// Fills the disk under `folder` but for so many octets.
    fn filling(folder: &Path, but: u64) -> Self {
        let path = folder.join("ballast");
        let mut file = File::create(&path).expect("a file can be made");
        let piece = vec![0x5a; 64 << 10];
        let full = loop {
            if let Err(error) = file.write_all(&piece) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
        let filled = file.metadata().expect("the file is there").len();
        file.set_len(filled.saturating_sub(but)).expect("the file can be cut");
        Self(path)
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        // A file that is gone already is what we want.
        let _ = fs::remove_file(&self.0);
    }
}

/// Orders until one is refused; its status and code.
async fn refused(town: &mut Town, client: &Client) -> (u16, String) {
    until("an order is refused", async || {
        let answer = order(client, &town.memory, true, 1, &mut town.luck).await.expect("the server answers");
        (!answer.is_good()).then(|| (answer.status, answer.code()))
    })
    .await
}

#[ignore = "small_disks_that_fill_up runs it where it may mount"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_passes_by_itself_on_a_small_disk() {
    let mut town = town_on(96, "").await;
    let data = town.house.path("data");
    let (mut server, client) = town.serve().await;
    let load = town.load(&client);
    assert!(load.answered(60, &mut server).await, "the server lives");
    let ballast = Ballast::filling(&data, 0);
    assert_eq!(refused(&mut town, &client).await, (503, "authority.storage_full".to_owned()));
    let seen = client.part_is("database", "failed").await;
    assert_eq!(seen.status, 503);
    assert!(seen.text().contains("no space left"), "{}", seen.text());
    drop(ballast);
    client.is_ready().await;
    load.end().await;
    town.check(&client, Depth::All).await;

    // Killed on a full disk, it comes back when there is space; before, it says what is missing.
    let load = town.load(&client);
    let ballast = Ballast::filling(&data, 0);
    assert_eq!(refused(&mut town, &client).await.0, 503);
    server.kill();
    load.end().await;
    let mut server = town.house.start(&Drill::none());
    if server.listens().await {
        let client = Client::of(&town.house, &server);
        client.part_is("database", "failed").await;
        assert_eq!(refused(&mut town, &client).await, (503, "authority.storage_full".to_owned()));
        drop(ballast);
        client.is_ready().await;
        town.check(&client, Depth::All).await;
        server.stop();
    } else {
        let (ended, log) = (server.ended().and_then(|status| status.code()), server.log());
        assert_eq!(ended, Some(4), "{log}");
        assert!(log.contains("[store.full]"), "{log}");
        drop(ballast);
    }
    town.restart_and_check(Depth::All).await;
}

#[ignore = "small_disks_that_fill_up runs it where it may mount"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nearly_full_disk_stops_issuing_and_not_revoking_on_a_small_disk() {
    let mut town = town_on(96, "free_disk_mib = 32\n").await;
    let data = town.house.path("data");
    let (server, client) = town.serve().await;
    let issued = order(&client, &town.memory, true, 2, &mut town.luck).await.expect("an answer");
    assert_eq!(issued.status, 200, "{}", issued.text());
    let ballast = Ballast::filling(&data, 16 << 20);
    assert_eq!(client.part_is("disk", "failed").await.status, 503);
    assert_eq!(refused(&mut town, &client).await, (503, "server.disk_low".to_owned()));
    let kept = town.memory().doubt(0, "superseded");
    let path = format!("/api/v1/authorities/{}/revocations", kept.authority);
    let revoked = client.post(&path, &kept.turn("superseded"), None).await.expect("an answer");
    assert_eq!(revoked.status, 200, "{}", revoked.text());
    town.memory().turned(0, &revoked);
    drop(ballast);
    client.is_ready().await;
    town.check(&client, Depth::All).await;
    server.stop();
}

/// Where nobody may mount: an engine over a store that must not grow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_may_not_grow_refuses_orders_clearly_and_goes_on_once_it_may() {
    use authority_engine::testing::{COMPONENTS, House as Engine, Plan};
    use authority_front::{Front, Kind};
    use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
    use kit_store::{Options, StoreError, params, testing};

    let place = testing::Place::sqlite();
    let folder = tempfile::tempdir().expect("a folder can be made");
    let db = place.open_with(Options { max_file_octets: Some(2 << 20), ..testing::options() }).await;
    db.migrate(COMPONENTS).await.expect("the migrations run");
    let house = Engine::new(db.clone(), folder.path(), Plan::default()).await;
    // Something that can be thrown away later.
    let ballast = |tx: &mut kit_store::Tx| {
        let sql = "INSERT INTO ca_profile (hash, id, body, seen_us) VALUES ($1, 'ballast', $2, 0)";
        tx.execute(sql, params![&[0u8; 32], "x".repeat(256 << 10)]).map(drop)
    };
    db.write(ballast).await.map_err(|e: StoreError| e).expect("there is room");
    let request = BASE64.decode(tests_drills::request(0)).expect("it is base64");
    let mut issued = Vec::new();
    let refusal = loop {
        match house.engine.order(house.order(request.clone())).await {
            Ok(certificate) => issued.push(certificate),
            Err(refusal) => break refusal,
        }
    };
    assert_eq!((refusal.code, refusal.kind), ("authority.storage_full", Kind::Unavailable));
    assert!(!issued.is_empty(), "none was issued before");
    let room = "DELETE FROM ca_profile WHERE id = 'ballast'";
    db.write(move |tx| tx.execute(room, params![])).await.map_err(|e: StoreError| e).expect("thrown away");
    house.engine.order(house.order(request)).await.expect("there is room again");
    for certificate in issued {
        let view = house.engine.certificate(&certificate.cert).await.expect("looked").expect("acknowledged");
        assert_eq!(view.der, certificate.der);
    }
    db.close().await;
}
