//! SIGKILL in the middle of a backup: what is unfinished is never taken for one (K14).

use crate::{
    points::{By, points},
    town::Town,
};
use std::fs;
use tests_drills::{Depth, Drill, House};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_killed_at_every_point_is_whole_or_refused() {
    let mut town = Town::new().await;
    let (mut server, client) = town.serve().await;
    let load = town.load(&client);
    load.answered(60, &mut server).await;
    // The server works on while backups are taken, and killed.
    for point in points(|by| by == By::Backup) {
        let name = point.replace('.', "-");
        let house = &town.house;
        tokio::task::block_in_place(|| {
            assert!(house.dies(&["admin", "backup", &name], &Drill::at(point, 1)), "{point} was not passed");
            let whole = house.path(&name).join("manifest.json").exists();
            assert_eq!(whole, point == "backup.manifest_written", "{point}");
            match whole {
                true => drop(house.run(&["admin", "verify-backup", &name])),
                false => unfinished_is_refused(house, &name),
            }
            // What is there is never written over, and a new one is taken at once.
            house.refuses(&["admin", "backup", &name], 1, "backup.not_empty");
            let again = format!("{name}-again");
            house.run(&["admin", "backup", &again]);
            house.run(&["admin", "verify-backup", &again]);
        });
    }
    load.end().await;
    town.check(&client, Depth::All).await;
    server.stop();
}

fn unfinished_is_refused(house: &House, name: &str) {
    house.refuses(&["admin", "verify-backup", name], 1, "backup.no_manifest");
    let target = House::bare(None);
    let backup = house.path(name).display().to_string();
    target.refuses(&["admin", "restore", &backup, "--perform"], 1, "backup.no_manifest");
    assert!(!target.path("data").exists(), "something was restored of a backup that is none");
    // Not even with the manifest of another one.
    let other = format!("{name}-other");
    house.run(&["admin", "backup", &other]);
    for file in ["manifest.json", "manifest.sig"] {
        fs::copy(house.path(&other).join(file), house.path(name).join(file)).expect("copied");
    }
    house.refuses(&["admin", "verify-backup", name], 1, "backup.damaged");
}
