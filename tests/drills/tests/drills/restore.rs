//! Restore: what was said before the loss is never contradicted (K14).

use crate::town::Town;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use tests_drills::{AUTHORITIES, Client, Depth, Drill, House, Load, Luck, Memory, order};

/// A town that was backed up, and its newest checkpoint before that.
async fn backed_up() -> (Town, String) {
    let mut town = Town::new().await;
    let (mut server, client) = town.serve().await;
    let load = town.load(&client);
    assert!(load.answered(150, &mut server).await, "the server lives");
    load.end().await;
    town.check(&client, Depth::All).await;
    server.stop();
    let before = town.memory().log.newest().expect("checked").to_owned();
    tokio::task::block_in_place(|| {
        town.house.run(&["admin", "backup", "backup"]);
        town.house.run(&["admin", "verify-backup", "backup"]);
    });
    (town, before)
}

/// What came after the backup and will be lost, as its clients remember it, and the newest checkpoint of all.
async fn afterwards(town: &mut Town) -> (Memory, String) {
    let (mut server, client) = town.serve().await;
    let memory = Memory::of(&client).await;
    let load = Load::begin(&client, &memory, &mut town.luck);
    assert!(load.answered(150, &mut server).await, "the server lives");
    load.end().await;
    server.kill();
    // The ledger is read without a server as well.
    let mut memory =
        std::sync::Arc::into_inner(memory).expect("the load has ended").into_inner().expect("whole");
    tokio::task::block_in_place(|| {
        for authority in AUTHORITIES {
            town.house.run(&["ca", "publish", authority.id]);
        }
        memory.log.compare(&town.house);
    });
    let newest = memory.log.newest().expect("compared").to_owned();
    (memory, newest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_house_contradicts_nothing_that_was_said_before_the_loss() {
    let (mut town, before) = backed_up().await;
    let (gone, after) = afterwards(&mut town).await;
    let backup = town.house.path("backup").display().to_string();
    let mut house = House::bare(None);
    fs::write(house.path("before"), &before).expect("written");
    fs::write(house.path("after"), &after).expect("written");
    tokio::task::block_in_place(|| {
        // Looked at first: nothing is written.
        house.run(&["admin", "restore", &backup]);
        assert!(!house.path("data").exists(), "a dry run wrote something");
        // A newer checkpoint shows that entries are lost; somebody must accept that.
        let newer = ["admin", "restore", &backup, "--perform", "--checkpoint", "after"];
        house.refuses(&newer, 2, "restore.entries_lost");
        house.run(&[&newer[..], &["--accept-loss"]].concat());
        // Never into a place that holds something.
        house.refuses(&["admin", "restore", &backup, "--perform"], 1, "restore.occupied");
    });
    house.take_token(&town.house);
    let old = std::mem::replace(&mut town.house, house);

    // Everything from before the backup is there; lists and ledger go on from what was seen.
    let (server, client) = town.serve().await;
    lists_have_jumped(&town, &client, &gone).await;
    town.check(&client, Depth::All).await;
    let mut issued = Vec::new();
    for _ in 0..50 {
        let answer = order(&client, &town.memory, false, 1, &mut town.luck).await.expect("an answer");
        issued.push(answer.json()["serial"].as_str().expect("issued").to_owned());
    }
    // `town.memory` compares with what it knows itself; here is what the lost half knew.
    assert!(issued.iter().all(|serial| gone.kept().iter().all(|kept| kept.serial != *serial)));
    town.check(&client, Depth::All).await;
    server.stop();

    // The loss itself cannot be hidden: the newer checkpoint contradicts the ledger for ever.
    tokio::task::block_in_place(|| {
        town.house.run(&["ledger", "verify", "export", "--checkpoint", "before"]);
        town.house.refuses(
            &["ledger", "verify", "export", "--checkpoint", "after"],
            1,
            "ledger.does_not_verify",
        );
    });
    drop(old);
}

/// Numbers that were given out between the backup and the loss are not given out again.
async fn lists_have_jumped(town: &Town, client: &Client, gone: &Memory) {
    for authority in AUTHORITIES {
        tokio::task::block_in_place(|| town.house.run(&["ca", "publish", authority.id]));
        for path in authority.lists() {
            let answer = client.get(&path).await.expect("an answer");
            let (now, then) = (number(&answer.body), gone.lists.highest(&path));
            assert!(now > then, "{path} has number {now} after the restore, and had {then} before the loss");
        }
    }
}

fn number(list: &[u8]) -> u128 {
    use core_x509::crl::{List, ListLimits};
    List::parse(list, &ListLimits::default()).expect("it is a list").number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_tampered_with_is_refused_whatever_was_changed() {
    let (town, _) = backed_up().await;
    let backup = town.house.path("backup");
    let key = fs::read_to_string(town.house.path("export/key")).expect("exported");
    let key = key.trim();
    let dir = backup.display().to_string();
    let mut luck = Luck::from_seed(Luck::seed());
    let target = House::bare(None);
    tokio::task::block_in_place(|| {
        town.house.run(&["admin", "verify-backup", &dir, "--key", key]);
        let files = files(&backup);
        assert!(files.len() > 20, "{files:?}");
        for (file, good) in &files {
            let mut bad = good.clone();
            match bad.len() {
                0 => bad.push(0),
                len => bad[luck.index(len)] ^= 1 << luck.below(8),
            }
            fs::write(file, &bad).expect("written");
            let shown = file.display();
            for args in [
                ["admin", "verify-backup", &dir, "--key", key].as_slice(),
                &["admin", "restore", &dir, "--key", key, "--perform"],
            ] {
                let out = target.command(args).output().expect("the binary can be started");
                let code = out.status.code();
                assert!(code == Some(1) || code == Some(2), "{shown} was changed: {:?} {code:?}", args[1]);
            }
            assert!(!target.path("data").exists(), "{shown} was changed, and something was restored");
            fs::write(file, good).expect("written");
        }
        // A file that is missing, and a house that is another.
        let (file, good) = files.iter().next_back().expect("there are files");
        fs::remove_file(file).expect("removed");
        let missing = target.command(&["admin", "verify-backup", &dir]).output().expect("started");
        assert!(!missing.status.success());
        fs::write(file, good).expect("written");
        let other = House::found(None);
        other.run(&["ledger", "export", "export"]);
        let of_other = fs::read_to_string(other.path("export/key")).expect("exported");
        let args = ["admin", "restore", &dir, "--key", of_other.trim(), "--perform"];
        target.refuses(&args, 2, "backup.not_genuine");
        // And as it was, it is good.
        target.run(&["admin", "restore", &dir, "--key", key, "--perform"]);
    });
}

/// Every file of a backup, and what is in it.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).expect("a file"));
        }
    }
    found
}

/// A restore that was killed is never taken for one: nothing starts on it, and a new one begins anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_that_was_killed_is_not_served_from() {
    let (town, _) = backed_up().await;
    let backup = town.house.path("backup").display().to_string();
    let args = ["admin", "restore", &backup, "--perform"];
    let mut unfinished = 0;
    for passage in 1.. {
        let mut house = House::bare(None);
        house.take_token(&town.house);
        if !house.dies(&args, &Drill::at("store.before_commit", passage)) {
            break;
        }
        let mut server = house.start(&Drill::none());
        let (listens, said) = (server.listens().await, server.log());
        assert!(!listens, "a server started on half of a backup, killed at commit {passage}:\n{said}");
        assert_eq!(server.ended().and_then(|status| status.code()), Some(2), "{said}");
        unfinished += u32::from(said.contains("[restore.unfinished]"));
        fs::remove_dir_all(house.path("data")).expect("emptied");
        if passage % 8 == 1 {
            restores_and_serves(house, &args, &town).await;
        }
    }
    assert!(unfinished > 5, "only {unfinished} kills came while rows were written");
}

async fn restores_and_serves(house: House, args: &[&str], town: &Town) {
    house.run(args);
    let mut server = house.start(&Drill::none());
    assert!(server.listens().await, "{}", server.log());
    let client = Client::of(&house, &server);
    client.is_ready().await;
    // A memory of its own: what this house says from now on is not what the next one will say.
    let memory = Memory::of(&client).await;
    let kept = town.memory().kept()[0].clone();
    let shown = client.get(&format!("{}.cer", kept.path())).await.expect("an answer");
    assert!(shown.body == kept.der, "what was in the backup is not served");
    let mut luck = Luck::from_seed(1);
    let answer = order(&client, &memory, true, 1, &mut luck).await.expect("an answer");
    assert!(answer.is_good(), "{}", answer.text());
    server.stop();
}
