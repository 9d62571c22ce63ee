//! What every caller relies on, on both databases: isolation, errors, limits.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Component, Db, Migration, Options, StoreError, Tx, params, testing};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

const NOTES: Component = Component {
    name: "note",
    migrations: &[Migration {
        number: 1,
        name: "note",
        sql: "CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, body TEXT, owner TEXT, slot SMALLINT,
                  UNIQUE (owner, slot));
              CREATE TABLE part (id BIGINT NOT NULL PRIMARY KEY, note BIGINT NOT NULL REFERENCES note (id),
                  kind SMALLINT NOT NULL CHECK (kind > 0));",
    }],
};

fn add(tx: &mut Tx, id: i64, body: &str) -> Result<u64, StoreError> {
    tx.execute("INSERT INTO note (id, body) VALUES ($1, $2)", params![id, body])
}

async fn bodies(db: &Db) -> Vec<(i64, String)> {
    let rows = db.read(|tx| tx.query("SELECT id, body FROM note ORDER BY id", params![])).await;
    let rows: Vec<kit_store::Row> = rows.unwrap_or_else(|e: StoreError| panic!("{e}"));
    rows.iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap())).collect()
}

#[test]
fn what_is_written_is_read() {
    testing::both_with(&[NOTES], async |db| {
        db.write(|tx| add(tx, 1, "割符")).await.unwrap();
        assert_eq!(bodies(&db).await, [(1, "割符".to_owned())]);
    });
}

#[test]
fn a_failure_takes_nobody_along() {
    #[derive(Debug, PartialEq)]
    enum Refusal {
        Odd(i64),
        Store(String),
    }
    impl From<StoreError> for Refusal {
        fn from(error: StoreError) -> Self {
            Self::Store(error.to_string())
        }
    }
    testing::both_with(&[NOTES], async |db| {
        let tasks: Vec<_> = (0..200)
            .map(|id: i64| {
                tokio::spawn(db.write_grouped(move |tx| {
                    add(tx, id, "x")?;
                    if id % 2 == 1 { Err(Refusal::Odd(id)) } else { Ok(id) }
                }))
            })
            .collect();
        for (id, task) in (0..).zip(tasks) {
            let expected = if id % 2 == 1 { Err(Refusal::Odd(id)) } else { Ok(id) };
            assert_eq!(task.await.unwrap(), expected);
        }
        let kept: Vec<i64> = bodies(&db).await.into_iter().map(|(id, _)| id).collect();
        assert_eq!(kept, (0..200).step_by(2).collect::<Vec<i64>>());
    });
}

#[test]
fn the_answer_comes_after_the_commit() {
    testing::both_with(&[NOTES], async |db| {
        // A reader that begins after the answer sees it, whichever thread serves it.
        for id in 0..50 {
            db.write(move |tx| add(tx, id, "x")).await.unwrap();
            assert_eq!(bodies(&db).await.len(), usize::try_from(id).unwrap() + 1);
        }
    });
}

#[test]
fn constraints_are_named_alike() {
    testing::both_with(&[NOTES], async |db| {
        db.write(|tx| {
            add(tx, 1, "x")?;
            tx.execute("UPDATE note SET owner = 'a', slot = 1", params![])
        })
        .await
        .unwrap();
        let error = db.write(|tx| add(tx, 1, "y")).await.unwrap_err();
        assert!(error.is_unique() && error.is_unique_on("note", "id"), "{error}");
        assert!(!error.is_unique_on("part", "id") && !error.is_unique_on("note", "owner"));
        let insert = "INSERT INTO note (id, owner, slot) VALUES ($1, $2, $3)";
        let error = db.write(move |tx| tx.execute(insert, params![2, "a", 1])).await.unwrap_err();
        assert!(error.is_unique_on("note", "slot, owner"), "{error}");
        assert!(!error.to_string().contains("'a'") && !error.to_string().contains("(a"), "{error}");
        let part = "INSERT INTO part (id, note, kind) VALUES ($1, $2, $3)";
        for (note, kind) in [(Some(1), Some(0)), (Some(1), None), (Some(9), Some(1))] {
            let error = db.write(move |tx| tx.execute(part, params![1, note, kind])).await.unwrap_err();
            assert!(matches!(error, StoreError::Constraint(_)), "{error:?}");
        }
    });
}

#[test]
fn a_failed_statement_dooms_its_transaction() {
    testing::both_with(&[NOTES], async |db| {
        let result = db.write(|tx| {
            add(tx, 1, "x")?;
            let swallowed = add(tx, 1, "again").unwrap_err();
            // Every further statement repeats it, and so does the end, although the closure says Ok.
            let repeated = add(tx, 2, "y").unwrap_err();
            assert_eq!(swallowed.to_string(), repeated.to_string());
            Ok::<_, StoreError>(())
        });
        assert!(result.await.unwrap_err().is_unique_on("note", "id"));
        assert_eq!(bodies(&db).await, []);
    });
}

#[test]
fn an_attempt_may_fail_alone() {
    testing::both_with(&[NOTES], async |db| {
        db.write(|tx| {
            add(tx, 1, "kept")?;
            let refused = tx.attempt(|tx| {
                add(tx, 2, "undone")?;
                add(tx, 1, "twice")
            });
            assert!(refused.unwrap_err().is_unique());
            // The closure's own refusal undoes as well, and attempts nest.
            tx.attempt(|tx| {
                add(tx, 3, "kept")?;
                let inner = tx.attempt(|tx| {
                    add(tx, 4, "undone")?;
                    Err::<(), _>(StoreError::Closed)
                });
                assert!(matches!(inner, Err(StoreError::Closed)));
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
        assert_eq!(bodies(&db).await, [(1, "kept".to_owned()), (3, "kept".to_owned())]);
    });
}

#[test]
fn reading_cannot_write() {
    testing::both_with(&[NOTES], async |db| {
        let error = db.read(|tx| add(tx, 1, "x")).await.unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
        let error = db.read(|tx| tx.next_id()).await.unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
        let error = db.read(|tx| tx.execute("DROP TABLE part", params![])).await.unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
        assert_eq!(bodies(&db).await, []);
        db.write(|tx| add(tx, 1, "x")).await.unwrap();
    });
}

#[test]
fn a_read_is_a_snapshot() {
    testing::both_with(&[NOTES], async |db| {
        let (to_writer, from_reader) = std::sync::mpsc::channel();
        let (to_reader, from_writer) = std::sync::mpsc::channel::<()>();
        let reader = tokio::spawn(db.read(move |tx| {
            let count = |tx: &mut Tx| tx.query_one("SELECT COUNT(*) FROM note", params![])?.get::<i64>(0);
            let before = count(tx)?;
            to_writer.send(()).unwrap();
            from_writer.recv().unwrap();
            Ok::<_, StoreError>((before, count(tx)?))
        }));
        tokio::task::spawn_blocking(move || from_reader.recv().unwrap()).await.unwrap();
        db.write(|tx| add(tx, 1, "x")).await.unwrap();
        to_reader.send(()).unwrap();
        assert_eq!(reader.await.unwrap().unwrap(), (0, 0));
        assert_eq!(bodies(&db).await.len(), 1);
    });
}

#[test]
fn a_panic_is_an_error_of_its_caller_alone() {
    testing::both_with(&[NOTES], async |db| {
        let error = db
            .write(|tx| {
                add(tx, 1, "x")?;
                assert!(tx.dialect() as u8 > 99, "a mistake");
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap_err();
        assert!(matches!(&error, StoreError::Panicked(text) if text == "a mistake"), "{error:?}");
        let error = db.read(|_| -> Result<(), StoreError> { panic!("another") }).await.unwrap_err();
        assert!(matches!(error, StoreError::Panicked(_)));
        db.write(|tx| add(tx, 2, "y")).await.unwrap();
        assert_eq!(bodies(&db).await, [(2, "y".to_owned())]);
    });
}

#[test]
#[cfg(debug_assertions)]
fn a_write_inside_a_write_panics() {
    testing::both_with(&[NOTES], async |db| {
        let inner = db.clone();
        let error = db
            .write(move |tx| {
                add(tx, 1, "x")?;
                drop(inner.write(|tx| add(tx, 2, "y")));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap_err();
        assert!(matches!(&error, StoreError::Panicked(text) if text.contains("inside")), "{error:?}");
        assert_eq!(bodies(&db).await, []);
        // The thread is free again.
        db.write(|tx| add(tx, 3, "z")).await.unwrap();
    });
}

const BUSY: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) \
                    INSERT INTO note (id) SELECT MAX(i) FROM n";

#[test]
fn what_takes_too_long_is_rolled_back() {
    testing::both_places(async |place| {
        let options = Options { tx_limit: Duration::from_millis(100), ..testing::options() };
        let db = place.open_with(options).await;
        db.migrate(&[NOTES]).await.unwrap();
        let too_long =
            |error: StoreError| matches!(error, StoreError::TooLong { limit } if limit.as_millis() == 100);
        let began = Instant::now();
        // One statement that would take minutes.
        let error = db
            .write(|tx| {
                add(tx, 1, "x")?;
                tx.execute(BUSY, params![])
            })
            .await
            .unwrap_err();
        assert!(too_long(error));
        // A closure that computes, and then says that all is well.
        let error = db
            .write(|tx| {
                add(tx, 2, "x")?;
                let begun = Instant::now();
                while begun.elapsed() < Duration::from_millis(2_500) {
                    std::hint::black_box(begun);
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap_err();
        assert!(too_long(error));
        assert!(began.elapsed() < Duration::from_secs(60));
        assert_eq!(bodies(&db).await, []);
        db.write(|tx| add(tx, 3, "x")).await.unwrap();
        db.close().await;
    });
}

#[test]
fn a_long_one_does_not_take_its_group_down() {
    testing::both_places(async |place| {
        let options = Options { tx_limit: Duration::from_millis(100), ..testing::options() };
        let db = place.open_with(options).await;
        db.migrate(&[NOTES]).await.unwrap();
        // While the first one holds the writer, the others gather behind it and form one group.
        let tasks: Vec<_> = (1..=20)
            .map(|id: i64| {
                tokio::spawn(db.write(move |tx| {
                    add(tx, id, "x")?;
                    if id == 10 { tx.execute(BUSY, params![]) } else { Ok(1) }
                }))
            })
            .collect();
        for (id, task) in (1..).zip(tasks) {
            assert_eq!(task.await.unwrap().is_err(), id == 10, "{id}");
        }
        assert_eq!(bodies(&db).await.len(), 19);
        db.close().await;
    });
}

#[test]
fn a_caller_that_left_is_not_served() {
    testing::both_places(async |place| {
        // One connection for writing, so that the second closure waits behind the first.
        let db = place.open_with(Options { writers: 1, ..testing::options() }).await;
        db.migrate(&[NOTES]).await.unwrap();
        let (began, has_begun) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let released = std::sync::Mutex::new(released);
        let first = tokio::spawn(db.write(move |tx| {
            began.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            add(tx, 1, "x")
        }));
        tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        let ran = Arc::new(AtomicU32::new(0));
        let seen = ran.clone();
        let mut second = Box::pin(db.write(move |tx| {
            seen.fetch_add(1, Ordering::SeqCst);
            add(tx, 2, "y")
        }));
        // Polled once, it stands in the queue; then its caller goes away.
        assert!(tokio::time::timeout(Duration::ZERO, second.as_mut()).await.is_err());
        drop(second);
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        db.write(|tx| add(tx, 3, "z")).await.unwrap();
        assert_eq!(ran.load(Ordering::SeqCst), 0);
        assert_eq!(bodies(&db).await.len(), 2);
        db.close().await;
    });
}

#[test]
fn a_closed_store_says_so() {
    testing::both_with(&[NOTES], async |db| {
        db.health().await.unwrap();
        db.close().await;
        assert!(matches!(db.write(|tx| add(tx, 1, "x")).await, Err(StoreError::Closed)));
        assert!(matches!(db.health().await, Err(StoreError::Closed)));
        db.close().await;
    });
}

#[test]
fn a_wrong_statement_is_an_error_not_a_panic() {
    testing::both_with(&[NOTES], async |db| {
        for sql in ["SELEC 1", "SELECT nothing FROM note", "SELECT id FROM nowhere"] {
            let error = db.write(move |tx| tx.query(sql, params![])).await.unwrap_err();
            assert!(matches!(error, StoreError::Sql(_)), "{error:?}");
        }
        let error =
            db.write(|tx| tx.query("SELECT id FROM note WHERE id = $1", params![])).await.unwrap_err();
        assert!(matches!(error, StoreError::Sql(_)), "{error:?}");
        db.write(|tx| add(tx, 1, "x")).await.unwrap();
    });
}
