//! A process that is killed around its commits: who was answered finds everything, who was not finds all or nothing.
//!
//! The test runs itself again as a child that writes and is killed at a fault point of `kit_drill`.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Component, Db, Migration, StoreError, params, testing};
use std::{
    env,
    fs::{File, OpenOptions},
    io::{Read, Write},
    process::Command,
};

const PAIR: Component = Component {
    name: "pair",
    migrations: &[Migration {
        number: 1,
        name: "pair",
        sql: "CREATE TABLE pair_a (id BIGINT NOT NULL PRIMARY KEY);
              CREATE TABLE pair_b (id BIGINT NOT NULL PRIMARY KEY);",
    }],
};

const URL: &str = "WARIFU_TEST_CRASH_URL";
const ANSWERS: &str = "WARIFU_TEST_CRASH_ANSWERS";

/// The child: writes pairs one after another and notes each answer, until it is killed.
#[test]
fn child_that_writes() {
    let (Ok(url), Ok(answers)) = (env::var(URL), env::var(ANSWERS)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut answers = OpenOptions::new().append(true).create(true).open(answers).unwrap();
        let db = Db::open(&url, testing::options()).await.unwrap();
        db.migrate(&[PAIR]).await.unwrap();
        loop {
            let id = db
                .write(|tx| {
                    let id = tx.next_id()?;
                    tx.execute("INSERT INTO pair_a (id) VALUES ($1)", params![id])?;
                    tx.execute("INSERT INTO pair_b (id) VALUES ($1)", params![id])?;
                    Ok::<_, StoreError>(id)
                })
                .await
                .unwrap();
            answers.write_all(&id.to_be_bytes()).unwrap();
        }
    });
}

fn answered(mut file: File) -> Vec<i64> {
    let mut octets = Vec::new();
    file.read_to_end(&mut octets).unwrap();
    let (ids, rest) = octets.as_chunks::<8>();
    assert!(rest.is_empty());
    ids.iter().map(|id| i64::from_be_bytes(*id)).collect()
}

#[test]
fn what_was_answered_survives() {
    let scratch = testing::Place::sqlite();
    let answers = scratch.file().with_file_name("answers");
    testing::both_places(async |place| {
        let _ = std::fs::remove_file(&answers);
        let mut lives = 0;
        for drill in
            ["store.before_commit:7", "store.after_commit:5", "store.before_commit:1", "store.after_commit:9"]
        {
            let child = Command::new(env::current_exe().unwrap())
                .args(["--exact", "child_that_writes"])
                .envs([(URL, place.url()), (ANSWERS, answers.to_str().unwrap()), ("WARIFU_DRILL", drill)])
                .output()
                .unwrap();
            assert!(!child.status.success(), "the child was to be killed at {drill}");
            lives += 1;
            let db = place.open().await;
            let ids = |table: &str| {
                let sql = format!("SELECT id FROM {table} ORDER BY id");
                db.read(move |tx| {
                    let rows = tx.query(&sql, params![])?;
                    rows.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, StoreError>>()
                })
            };
            // A child that was killed before its first commit ever has not made the tables.
            if let (Ok(a), Ok(b)) = (ids("pair_a").await, ids("pair_b").await) {
                assert_eq!(a, b, "half a transaction after {drill}");
                let answered = answered(File::open(&answers).unwrap());
                let missing: Vec<_> = answered.iter().filter(|id| !a.contains(id)).collect();
                assert!(missing.is_empty(), "answered and gone after {drill}: {missing:?}");
                // At most the one that was under way at each death is there unanswered.
                assert!(a.len() <= answered.len() + lives, "{} {}", a.len(), answered.len());
            }
            db.close().await;
        }
        assert!(answered(File::open(&answers).unwrap()).len() > 10);
    });
}
