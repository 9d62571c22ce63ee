//! What holds for a SQLite file: one owner, readers beside it, a full disk, copies, the log.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Access, Component, Db, Migration, Options, StoreError, Tx, params, row, testing};
use std::{fs, time::Duration};

const BULK: Component = Component {
    name: "bulk",
    migrations: &[Migration {
        number: 1,
        name: "bulk",
        sql: "CREATE TABLE bulk (id BIGINT NOT NULL PRIMARY KEY, octets BYTEA NOT NULL);",
    }],
};

fn add(tx: &mut Tx, first: i64, number: i64) -> Result<u64, StoreError> {
    let octets = [7u8; 3_000];
    let rows: Vec<_> = (first..first + number).map(|id| row![id, &octets]).collect();
    tx.insert_many("INSERT INTO bulk (id, octets) VALUES ($1, $2)", &rows)
}

async fn count(db: &Db) -> i64 {
    let count = db.read(|tx| tx.query_one("SELECT COUNT(*) FROM bulk", params![])?.get(0));
    count.await.unwrap_or_else(|e: StoreError| panic!("{e}"))
}

fn run<F: Future<Output = ()>>(test: impl FnOnce(testing::Place) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a test can start threads").block_on(test(testing::Place::sqlite()));
}

#[test]
fn a_file_has_one_owner() {
    run(async |place| {
        let db = place.open().await;
        let second = Db::open(place.url(), testing::options()).await;
        let Err(StoreError::Busy(text)) = second.map(|_| ()) else { panic!("a second owner") };
        assert!(text.contains(&std::process::id().to_string()), "{text}");
        db.close().await;
        let db = place.open().await;
        db.close().await;
    });
}

#[test]
fn others_may_look_while_it_is_owned_and_after() {
    run(async |place| {
        let look = || Options { access: Access::ReadOnly, ..testing::options() };
        let db = place.open().await;
        db.migrate(&[BULK]).await.unwrap();
        db.write(|tx| add(tx, 0, 5)).await.unwrap();
        let other = place.open_with(look()).await;
        assert_eq!(count(&other).await, 5);
        db.write(|tx| add(tx, 5, 5)).await.unwrap();
        assert_eq!(count(&other).await, 10);
        let refused = other.write(|tx| add(tx, 10, 1)).await;
        assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
        assert!(matches!(other.migrate(&[BULK]).await, Err(StoreError::ReadOnly(_))));
        other.health().await.unwrap();
        db.close().await;
        assert_eq!(count(&other).await, 10);
        other.close().await;
        // With no owner at all.
        let other = place.open_with(look()).await;
        assert_eq!(count(&other).await, 10);
        other.close().await;
        let missing = Db::open(&format!("{}.missing", place.url()), look()).await;
        assert!(matches!(missing.map(|_| ()), Err(StoreError::Unavailable(_))));
    });
}

#[test]
fn a_full_disk_is_an_error_and_passes_by_itself() {
    run(async |place| {
        let limit = Options { max_file_octets: Some(2 << 20), ..testing::options() };
        let db = place.open_with(limit).await;
        db.migrate(&[BULK]).await.unwrap();
        let mut kept = 0;
        let full = loop {
            match db.write(move |tx| add(tx, kept, 50)).await {
                Ok(_) => kept += 50,
                Err(error) => break error,
            }
        };
        assert!(matches!(full, StoreError::Full(_)), "{full:?}");
        assert!(full.is_transient() && kept > 0);
        // Reading goes on, what was acknowledged is there, and nothing of what was refused.
        assert_eq!(count(&db).await, kept);
        let still = db.write(move |tx| add(tx, kept, 50)).await;
        assert!(matches!(still, Err(StoreError::Full(_))), "{still:?}");
        // Space returns; nobody restarts anything.
        db.write(|tx| tx.execute("DELETE FROM bulk WHERE id < 100", params![])).await.unwrap();
        db.write(move |tx| add(tx, kept, 50)).await.unwrap();
        assert_eq!(count(&db).await, kept - 50);
        db.health().await.unwrap();
        db.close().await;
    });
}

#[test]
fn a_full_disk_fails_everyone_it_concerns() {
    run(async |place| {
        let limit = Options { max_file_octets: Some(1 << 20), ..testing::options() };
        let db = place.open_with(limit).await;
        db.migrate(&[BULK]).await.unwrap();
        let tasks: Vec<_> =
            (0..40).map(|at| tokio::spawn(db.write(move |tx| add(tx, at * 20, 20)))).collect();
        let mut stored = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(number) => stored += i64::try_from(number).unwrap(),
                Err(error) => assert!(matches!(error, StoreError::Full(_)), "{error:?}"),
            }
        }
        // Who was told Ok has all rows, who was told an error has none.
        assert_eq!(count(&db).await, stored);
        assert!(stored < 800);
        db.close().await;
    });
}

#[test]
fn a_copy_is_of_one_moment() {
    run(async |place| {
        let db = place.open().await;
        db.migrate(&[BULK]).await.unwrap();
        db.write(|tx| add(tx, 0, 200)).await.unwrap();
        let writer = {
            let db = db.clone();
            tokio::spawn(async move {
                // Each transaction adds two rows: a copy with an odd number would be of no moment at all.
                for at in 100..300 {
                    db.write(move |tx| add(tx, at * 2, 2)).await.unwrap();
                }
            })
        };
        let copies = place.file().with_file_name("copies");
        fs::create_dir(&copies).unwrap();
        for at in 0..5 {
            db.sqlite_backup_to(&copies.join(format!("{at}.db"))).await.unwrap();
        }
        writer.await.unwrap();
        for at in 0..5 {
            let copy = copies.join(format!("{at}.db"));
            let copy = Db::open(&format!("sqlite:{}", copy.display()), testing::options()).await.unwrap();
            let number = count(&copy).await;
            assert!(number >= 200 && number % 2 == 0, "{number}");
            copy.close().await;
        }
        let again = db.sqlite_backup_to(&copies.join("0.db")).await;
        assert!(matches!(again, Err(StoreError::Io(_))), "{again:?}");
        db.close().await;
    });
}

#[test]
fn the_log_does_not_grow_for_ever() {
    run(async |place| {
        let db = place.open().await;
        db.migrate(&[BULK]).await.unwrap();
        let mut log = place.file().into_os_string();
        log.push("-wal");
        // 450 MiB in all through a log that is moved into the file at 64 MiB.
        for at in 0..300 {
            db.write(move |tx| add(tx, at * 500, 500)).await.unwrap();
            assert!(fs::metadata(&log).unwrap().len() < 420 << 20);
        }
        db.close().await;
        // A clean end leaves one file.
        assert!(fs::metadata(&log).map_or(0, |about| about.len()) == 0);
        let db = place.open().await;
        assert_eq!(count(&db).await, 150_000);
        db.close().await;
    });
}

#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    run(async |place| {
        let db = place.open().await;
        db.migrate(&[BULK]).await.unwrap();
        db.sqlite_backup_to(&place.file().with_file_name("copy.db")).await.unwrap();
        let files: Vec<_> =
            fs::read_dir(place.file().parent().unwrap()).unwrap().map(Result::unwrap).collect();
        // The database, its log, the index of the log, the lock and the copy.
        assert_eq!(files.len(), 5);
        for file in files {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
        }
        db.close().await;
    });
}

#[test]
fn what_is_no_database_is_not_touched() {
    run(async |place| {
        let text = "this is a letter, not a database; it is long enough to be looked at".repeat(50);
        fs::write(place.file(), &text).unwrap();
        let opened = Db::open(place.url(), testing::options()).await;
        assert!(matches!(opened.map(|_| ()), Err(StoreError::Corrupt(_))));
        assert_eq!(fs::read_to_string(place.file()).unwrap(), text);
    });
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    run(async |place| {
        let file = place.file().with_file_name("nowhere").join("x.db");
        let opened = Db::open(&format!("sqlite:{}", file.display()), testing::options()).await;
        let Err(error) = opened.map(|_| ()) else { panic!("opened") };
        assert!(error.to_string().contains("nowhere"), "{error}");
    });
}

#[test]
fn health_waits_for_nobody() {
    run(async |place| {
        let db = place.open().await;
        let (began, has_begun) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let released = std::sync::Mutex::new(released);
        let holding = tokio::spawn(db.write(move |_| {
            began.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            Ok::<_, StoreError>(())
        }));
        tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        tokio::time::timeout(Duration::from_secs(20), db.health()).await.unwrap().unwrap();
        release.send(()).unwrap();
        holding.await.unwrap().unwrap();
        db.close().await;
    });
}

/// A child that is just being started has every handle of its parent, until its exec.
#[test]
fn k13_a_file_is_free_at_once_also_while_other_threads_start_processes() {
    run(async |place| {
        let starting = std::thread::spawn(|| {
            for _ in 0..200 {
                assert!(std::process::Command::new("true").status().unwrap().success());
            }
        });
        while !starting.is_finished() {
            place.open().await.close().await;
        }
        starting.join().unwrap();
    });
}
