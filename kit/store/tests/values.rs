//! Values in, values out, on both databases: types, parameters, rows, batches.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Component, Db, Migration, StoreError, params, row, testing};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::ops::ControlFlow;

const VALUES: Component = Component {
    name: "value",
    migrations: &[Migration {
        number: 1,
        name: "value",
        sql: "CREATE TABLE value_all (id BIGINT NOT NULL PRIMARY KEY, big BIGINT, small SMALLINT, body TEXT, octets BYTEA);
              CREATE TABLE value_a (key TEXT NOT NULL PRIMARY KEY, uses BIGINT NOT NULL);
              CREATE TABLE value_b (key TEXT NOT NULL PRIMARY KEY, uses BIGINT NOT NULL);",
    }],
};

const INSERT: &str = "INSERT INTO value_all (id, big, small, body, octets) VALUES ($1, $2, $3, $4, $5)";

type Line = (i64, Option<i64>, Option<i16>, Option<String>, Option<Vec<u8>>);

async fn all(db: &Db) -> Vec<Line> {
    let read = db.read(|tx| {
        let rows = tx.query("SELECT id, big, small, body, octets FROM value_all ORDER BY id", params![])?;
        rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))).collect()
    });
    read.await.unwrap_or_else(|e: StoreError| panic!("{e}"))
}

fn samples<S: Strategy>(strategy: S, number: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    let mut draw = || strategy.new_tree(&mut runner).expect("the strategy yields").current();
    std::iter::repeat_with(&mut draw).take(number).collect()
}

#[test]
fn every_value_comes_back() {
    let text = "[^\\x00]{0,20}";
    let line =
        (any::<Option<i64>>(), any::<Option<i16>>(), proptest::option::of(text), any::<Option<Vec<u8>>>());
    let mut lines: Vec<Line> = samples(line, 200)
        .into_iter()
        .zip(10..)
        .map(|((big, small, body, octets), id)| (id, big, small, body, octets))
        .collect();
    lines.insert(0, (1, Some(i64::MIN), Some(i16::MIN), Some(String::new()), Some(Vec::new())));
    lines.insert(
        1,
        (2, Some(i64::MAX), Some(i16::MAX), Some("氏名 '; -- $1 ?1".to_owned()), Some(vec![0; 3])),
    );
    lines.insert(2, (3, None, None, None, None));
    testing::both_with(&[VALUES], async |db| {
        // By single statements and in a batch: the same must come back.
        let given = lines.clone();
        db.write(move |tx| {
            for (id, big, small, body, octets) in &given {
                tx.execute(INSERT, params![*id, *big, *small, body, octets])?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        assert_eq!(all(&db).await, lines);
        let given = lines.clone();
        db.write(move |tx| {
            tx.execute("DELETE FROM value_all", params![])?;
            let rows: Vec<_> = given.iter().map(|(id, a, b, c, d)| row![*id, *a, *b, c, d]).collect();
            tx.insert_many(INSERT, &rows)
        })
        .await
        .unwrap();
        assert_eq!(all(&db).await, lines);
    });
}

#[test]
fn parameters_go_by_their_number() {
    testing::both_with(&[VALUES], async |db| {
        let sql = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT), '$1'";
        let row = db.read(move |tx| tx.query_one(sql, params!["one", "two"])).await;
        let row = row.unwrap_or_else(|e: StoreError| panic!("{e}"));
        let got: [&str; 4] = std::array::from_fn(|at| row.get(at).unwrap());
        assert_eq!(got, ["two", "one", "two", "$1"]);
    });
}

#[test]
fn texts_are_in_the_order_of_their_octets() {
    testing::both_with(&[VALUES], async |db| {
        let keys = ["a", "B", "_", "あ", "Ab", "aB", "-", "ア", "亜", "b", "é", "z"];
        let sorted = db.write(move |tx| {
            tx.insert_many("INSERT INTO value_a (key, uses) VALUES ($1, 1)", &keys.map(|key| row![key]))?;
            let rows = tx.query("SELECT key FROM value_a WHERE key >= $1 ORDER BY key", params!["A"])?;
            rows.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()
        });
        let sorted = sorted.await.unwrap_or_else(|e: StoreError| panic!("{e}"));
        let mut expected: Vec<_> = keys.into_iter().filter(|key| *key >= "A").collect();
        expected.sort_unstable();
        assert_eq!(sorted, expected);
    });
}

#[test]
fn results_of_functions_are_whole_numbers() {
    testing::both_with(&[VALUES], async |db| {
        db.write(|tx| {
            tx.insert_many(
                INSERT,
                &[row![1, i64::MAX - 1, 2, "a", None::<&[u8]>], row![2, 1, 3, "b", &[1u8, 2]]],
            )?;
            let row = tx.query_one(
                "SELECT COUNT(*), SUM(small), MAX(big), COALESCE(SUM(big), 0), MIN(small), \
                        EXISTS (SELECT 1 FROM value_all WHERE id = 2) FROM value_all",
                params![],
            )?;
            assert_eq!(row.get::<i64>(0)?, 2);
            assert_eq!(row.get::<i64>(1)?, 5);
            assert_eq!(row.get::<i64>(2)?, i64::MAX - 1);
            assert_eq!(row.get::<i64>(3)?, i64::MAX);
            assert_eq!(row.get::<i16>(4)?, 2);
            assert!(row.get::<bool>(5)?);
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn a_text_with_nul_is_refused_by_both() {
    testing::both_with(&[VALUES], async |db| {
        let one = db.write(|tx| tx.execute(INSERT, params![1, 1, 1, "a\0b", b""])).await.unwrap_err();
        assert!(matches!(one, StoreError::Constraint(_)), "{one:?}");
        let many = db.write(|tx| tx.insert_many(INSERT, &[row![1, 1, 1, "a\0b", b""]])).await.unwrap_err();
        assert!(matches!(many, StoreError::Constraint(_)), "{many:?}");
    });
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    testing::both_with(&[VALUES], async |db| {
        for value in [params!["text"], params![b"octets"]] {
            let value = value[0].clone();
            let sql = "INSERT INTO value_all (id, small) VALUES (1, $1)";
            db.write(move |tx| tx.execute(sql, std::slice::from_ref(&value))).await.unwrap_err();
        }
        assert_eq!(all(&db).await, []);
    });
}

#[test]
fn a_row_that_does_not_parse_names_its_place() {
    testing::both_with(&[VALUES], async |db| {
        let read = db.write(|tx| {
            tx.execute(INSERT, params![1, 70_000, 3, "abc", None::<&[u8]>])?;
            tx.query_one("SELECT big, small, body, octets AS proof FROM value_all", params![])
        });
        let row = read.await.unwrap_or_else(|e: StoreError| panic!("{e}"));
        let text = |error: Option<StoreError>| error.expect("it does not parse").to_string();
        let small = text(row.get::<i16>(0).err());
        assert_eq!(
            small,
            "value_all.big (column 0 of the result) holds an integer, expected an integer of 16 bits"
        );
        let flag = text(row.get::<bool>(1).err());
        assert_eq!(flag, "value_all.small (column 1 of the result) holds an integer, expected 0 or 1");
        let body = text(row.get::<[u8; 3]>(2).err());
        assert!(body.starts_with("value_all.body") && !body.contains("abc"), "{body}");
        assert!(
            text(row.get::<Vec<u8>>(3).err()).contains("value_all.proof (column 3 of the result) holds NULL")
        );
        assert!(text(row.get::<i64>(4).err()).contains("no such column"));
        assert_eq!(row.get::<Option<&[u8]>>(3).unwrap(), None);
    });
}

#[test]
fn one_row_means_one_row() {
    testing::both_with(&[VALUES], async |db| {
        db.write(|tx| {
            let ids = "SELECT id FROM value_all";
            assert!(tx.query_opt(ids, params![])?.is_none());
            let none = tx.attempt(|tx| tx.query_one(ids, params![]));
            assert!(matches!(none, Err(StoreError::RowCount { found: "none", .. })));
            tx.insert_many("INSERT INTO value_all (id) VALUES ($1)", &[row![1], row![2]])?;
            let more = tx.attempt(|tx| tx.query_one(ids, params![]));
            assert!(matches!(more, Err(StoreError::RowCount { found: "more", .. })));
            let more = tx.attempt(|tx| tx.query_opt(ids, params![]));
            assert!(matches!(more, Err(StoreError::RowCount { found: "more", .. })));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn rows_stream_until_a_break() {
    testing::both_with(&[VALUES], async |db| {
        db.write(|tx| {
            let rows: Vec<_> =
                (0..10_000).map(|id: i64| row![id, id * 2, None::<i64>, "x", &[7u8]]).collect();
            tx.insert_many(INSERT, &rows)
        })
        .await
        .unwrap();
        let (sum, seen) = db
            .read(|tx| {
                let (mut sum, mut seen) = (0, 0);
                let sql = "SELECT id, body, octets FROM value_all ORDER BY id";
                tx.for_each(sql, params![], |row| {
                    sum += row.get::<i64>(0)?;
                    assert_eq!((row.get::<&str>(1)?, row.get::<&[u8]>(2)?), ("x", &[7u8][..]));
                    Ok::<_, StoreError>(ControlFlow::Continue(()))
                })?;
                tx.for_each(sql, params![], |_| {
                    seen += 1;
                    Ok::<_, StoreError>(if seen == 10 {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    })
                })?;
                // The transaction goes on after a break, and after a refusal of the caller's own.
                let own = tx.for_each(sql, params![], |_| Err::<ControlFlow<()>, _>(StoreError::Nested));
                assert!(matches!(own, Err(StoreError::Nested)));
                assert_eq!(tx.query_one("SELECT COUNT(*) FROM value_all", params![])?.get::<i64>(0)?, 10_000);
                Ok::<_, StoreError>((sum, seen))
            })
            .await
            .unwrap();
        assert_eq!((sum, seen), (9_999 * 10_000 / 2, 10));
    });
}

#[test]
fn a_batch_does_what_a_loop_does() {
    // Few keys, so that rows of one batch meet each other and what is stored.
    let batches = samples(proptest::collection::vec((0u8..12, 1i64..5), 0..40), 30);
    testing::both_with(&[VALUES], async |db| {
        for batch in batches.clone() {
            db.write(move |tx| {
                let keys: Vec<(String, i64)> = batch.iter().map(|(key, n)| (format!("k{key}"), *n)).collect();
                let rows: Vec<_> = keys.iter().map(|(key, n)| row![key, *n]).collect();
                let skip = |table| {
                    format!("INSERT INTO {table} (key, uses) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING")
                };
                let add = |table| {
                    format!(
                        "INSERT INTO {table} (key, uses) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE \
                         SET uses = {table}.uses + excluded.uses WHERE {table}.uses < 60 RETURNING uses"
                    )
                };
                let guard =
                    |table| format!("UPDATE {table} SET uses = uses - $2 WHERE key = $1 AND uses > 8");
                let looped = |tx: &mut kit_store::Tx, sql: String| {
                    rows.iter().map(|row| tx.execute(&sql, row)).collect::<Result<Vec<u64>, _>>()
                };
                let inserted = looped(tx, skip("value_a"))?.iter().sum::<u64>();
                assert_eq!(tx.insert_many(&skip("value_b"), &rows)?, inserted);
                let one_by_one = rows.iter().map(|row| tx.query(&add("value_a"), row));
                let one_by_one: Vec<_> = one_by_one.collect::<Result<_, _>>()?;
                let at_once = tx.query_many(&add("value_b"), &rows)?;
                let uses = |rows: &Vec<kit_store::Row>| {
                    rows.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>().unwrap()
                };
                assert_eq!(
                    at_once.iter().map(uses).collect::<Vec<_>>(),
                    one_by_one.iter().map(uses).collect::<Vec<_>>()
                );
                assert_eq!(looped(tx, guard("value_a"))?, tx.execute_many(&guard("value_b"), &rows)?);
                let differ =
                    "SELECT COUNT(*) FROM value_a a JOIN value_b b ON a.key = b.key WHERE a.uses <> b.uses";
                assert_eq!(tx.query_one(differ, params![])?.get::<i64>(0)?, 0);
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        }
    });
}

#[test]
fn a_batch_fails_as_a_whole() {
    testing::both_with(&[VALUES], async |db| {
        let rows = || (0..1_500).map(|id: i64| row![if id == 1_234 { 7 } else { id }]).collect::<Vec<_>>();
        let insert = "INSERT INTO value_all (id) VALUES ($1)";
        let error = db.write(move |tx| tx.insert_many(insert, &rows())).await.unwrap_err();
        assert!(error.is_unique_on("value_all", "id"), "{error:?}");
        let error = db.write(move |tx| tx.execute_many(insert, &rows())).await.unwrap_err();
        assert!(error.is_unique_on("value_all", "id"), "{error:?}");
        let error =
            db.write(move |tx| tx.insert_many(insert, &[&row![1][..], &row![2, 3][..]])).await.unwrap_err();
        assert!(matches!(error, StoreError::Sql(_)), "{error:?}");
        assert_eq!(all(&db).await, []);
        assert_eq!(
            db.write(move |tx| tx.insert_many(insert, &Vec::<[kit_store::Value<'_>; 1]>::new()))
                .await
                .unwrap(),
            0
        );
    });
}
