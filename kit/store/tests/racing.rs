//! Writers that race: whatever they decide on is still true when they commit.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Component, Db, Dialect, Migration, StoreError, params, testing};
use std::sync::{
    Arc, Barrier,
    atomic::{AtomicU32, Ordering},
};

const RACE: Component = Component {
    name: "race",
    migrations: &[Migration {
        number: 1,
        name: "race",
        sql: "CREATE TABLE race_claim (id BIGINT NOT NULL PRIMARY KEY, claimant BIGINT NOT NULL);
              CREATE TABLE race_count (id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
              INSERT INTO race_count (id, value) VALUES (1, 0);",
    }],
};

/// Two handles: two processes on PostgreSQL. A SQLite file has one owner, and its two callers share it.
async fn two(place: &testing::Place) -> [Db; 2] {
    let first = place.open().await;
    first.migrate(&[RACE]).await.unwrap();
    let second = if place.dialect() == Dialect::Postgres { place.open().await } else { first.clone() };
    [first, second]
}

#[test]
fn of_two_who_claim_the_last_place_one_gets_it() {
    testing::both_places(async |place| {
        let handles = two(place).await;
        let really_at_once = place.dialect() == Dialect::Postgres;
        for round in 0..10 {
            let both_looked = Arc::new(Barrier::new(2));
            let runs = Arc::new(AtomicU32::new(0));
            let claim = |db: &Db, claimant: i64| {
                let (both_looked, runs) = (both_looked.clone(), runs.clone());
                let first_run = AtomicU32::new(0);
                tokio::spawn(db.write(move |tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    // No constraint forbids two: only serialisability does.
                    let count = "SELECT COUNT(*) FROM race_claim WHERE id / 100 = $1";
                    let taken = tx.query_one(count, params![round])?.get::<i64>(0)?;
                    if really_at_once && first_run.fetch_add(1, Ordering::SeqCst) == 0 {
                        both_looked.wait();
                    }
                    if taken == 0 {
                        let insert = "INSERT INTO race_claim (id, claimant) VALUES ($1, $2)";
                        tx.execute(insert, params![round * 100 + claimant, claimant])?;
                    }
                    Ok::<_, StoreError>(taken == 0)
                }))
            };
            let (one, other) = (claim(&handles[0], 1), claim(&handles[1], 2));
            let (one, other) = (one.await.unwrap().unwrap(), other.await.unwrap().unwrap());
            assert!(one ^ other, "{one} {other}");
            // The loser ran again, at once perhaps more often than once, and then saw the winner.
            let ran = runs.load(Ordering::SeqCst);
            assert!(if really_at_once { ran >= 3 } else { ran == 2 }, "{ran}");
        }
        handles[0].close().await;
        handles[1].close().await;
    });
}

#[test]
fn no_increment_is_lost() {
    testing::both_places(async |place| {
        let handles = two(place).await;
        let mut tasks = Vec::new();
        for at in 0..60 {
            let db = handles[at % 2].clone();
            tasks.push(tokio::spawn(async move {
                // Two processes whose writers all want one row may collide more often than is tried: who is told
                // so asks again.
                loop {
                    let add = db.write(|tx| {
                        let value = tx.query_one("SELECT value FROM race_count WHERE id = 1", params![])?;
                        let value = value.get::<i64>(0)? + 1;
                        tx.execute("UPDATE race_count SET value = $1 WHERE id = 1", params![value])
                    });
                    match add.await {
                        Ok(_) => break,
                        Err(StoreError::Conflict) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let value =
            handles[0].read(|tx| tx.query_one("SELECT value FROM race_count", params![])?.get::<i64>(0));
        assert_eq!(value.await.unwrap_or_else(|e: StoreError| panic!("{e}")), 60);
        handles[0].close().await;
        handles[1].close().await;
    });
}

#[test]
fn of_many_writers_that_want_one_row_each_gets_it_and_none_is_sent_away() {
    testing::both_places(async |place| {
        let db = place.open().await;
        db.migrate(&[RACE]).await.unwrap();
        let add = |_| {
            tokio::spawn(db.write(|tx| {
                let value = tx.query_one("SELECT value FROM race_count WHERE id = 1", params![])?;
                let value = value.get::<i64>(0)? + 1;
                tx.execute("UPDATE race_count SET value = $1 WHERE id = 1", params![value])
            }))
        };
        for task in (0..200).map(add).collect::<Vec<_>>() {
            task.await.unwrap().unwrap_or_else(|error: StoreError| panic!("{error}"));
        }
        db.close().await;
    });
}

#[test]
fn of_two_guarded_updates_one_changes_the_row() {
    testing::both_places(async |place| {
        let handles = two(place).await;
        for round in 0..20i64 {
            let step = move |db: &Db, by: i64| {
                tokio::spawn(db.write_grouped(move |tx| {
                    let guarded = "UPDATE race_count SET value = value + $2 WHERE id = 1 AND value = $1";
                    tx.execute(guarded, params![round, by])
                }))
            };
            let (one, other) = (step(&handles[0], 1), step(&handles[1], 1));
            let changed = one.await.unwrap().unwrap() + other.await.unwrap().unwrap();
            assert_eq!(changed, 1, "round {round}");
        }
        handles[0].close().await;
        handles[1].close().await;
    });
}
