//! The schema and the program must fit, on both databases.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Component, Migration, MigrationError, Standing, StoreError, migrations, params, testing};

const fn step(number: u32, sql: &'static str) -> Migration {
    Migration { number, name: "step", sql }
}

const FIRST: Migration = step(1, "CREATE TABLE part_a (id BIGINT NOT NULL PRIMARY KEY, octets BYTEA);");
const SECOND: Migration =
    step(2, "ALTER TABLE part_a ADD COLUMN note TEXT; CREATE INDEX part_i ON part_a (note);");

fn part(migrations: &'static [Migration]) -> Component {
    Component { name: "part", migrations }
}

fn misfit(result: Result<(), StoreError>) -> MigrationError {
    match result {
        Err(StoreError::Migration(error)) => (*error).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_migration_runs_once() {
    testing::both_places(async |place| {
        let db = place.open().await;
        db.migrate(&[part(&[FIRST])]).await.unwrap();
        db.migrate(&[part(&[FIRST])]).await.unwrap();
        db.close().await;
        let db = place.open().await;
        db.migrate(&[part(&[FIRST, SECOND])]).await.unwrap();
        db.write(|tx| tx.execute("INSERT INTO part_a (id, note) VALUES (1, 'x')", params![])).await.unwrap();
        // Another component neither sees nor disturbs it.
        const OTHER: &[Migration] = &[step(7, "CREATE TABLE other_a (id BIGINT);")];
        let other = Component { name: "other", migrations: OTHER };
        db.migrate(&[other]).await.unwrap();
        db.migrate(&[part(&[FIRST, SECOND]), other]).await.unwrap();
        db.close().await;
    });
}

#[test]
fn an_altered_migration_is_refused() {
    testing::both_with(&[part(&[FIRST])], async |db| {
        let altered = step(1, "CREATE TABLE part_a (id BIGINT NOT NULL PRIMARY KEY, octets BYTEA); ");
        let list: &'static [Migration] = vec![altered, SECOND].leak();
        let error = misfit(db.migrate(&[part(list)]).await);
        assert_eq!(error, MigrationError::Altered { component: "part".to_owned(), number: 1 });
        let states = db.migration_states(&[part(list)]).await.unwrap();
        let standing: Vec<_> = states.iter().map(|s| (s.number, s.standing)).collect();
        assert_eq!(standing, [(1, Standing::Altered), (2, Standing::Pending)]);
    });
}

#[test]
fn an_unknown_migration_is_refused() {
    testing::both_with(&[part(&[FIRST, SECOND])], async |db| {
        let error = misfit(db.migrate(&[part(&[FIRST])]).await);
        assert_eq!(error, MigrationError::Unknown { component: "part".to_owned(), number: 2 });
        let states = db.migration_states(&[part(&[FIRST])]).await.unwrap();
        let standing: Vec<_> = states.iter().map(|s| (s.number, s.standing)).collect();
        assert_eq!(standing, [(1, Standing::Applied), (2, Standing::Unknown)]);
    });
}

#[test]
fn a_list_out_of_order_is_refused() {
    testing::both_with(&[], async |db| {
        assert_eq!(db.migration_states(&[part(&[FIRST])]).await.unwrap()[0].standing, Standing::Pending);
        let order = |number| MigrationError::OutOfOrder { component: "part".to_owned(), number };
        assert_eq!(misfit(db.migrate(&[part(&[SECOND, FIRST])]).await), order(1));
        assert_eq!(misfit(db.migrate(&[part(&[FIRST]), part(&[])]).await), order(0));
        let late: &'static [Migration] = vec![FIRST, step(3, "CREATE TABLE part_c (id BIGINT);")].leak();
        db.migrate(&[part(late)]).await.unwrap();
        let between: &'static [Migration] = vec![FIRST, SECOND, late[1]].leak();
        assert_eq!(misfit(db.migrate(&[part(between)]).await), order(2));
    });
}

#[test]
fn a_migration_that_fails_leaves_nothing() {
    testing::both_with(&[], async |db| {
        let bad: &'static [Migration] =
            vec![FIRST, step(2, "CREATE TABLE part_b (id BIGINT); SELEC 1;")].leak();
        let error = misfit(db.migrate(&[part(bad)]).await);
        assert!(matches!(error, MigrationError::Failed { number: 2, .. }), "{error:?}");
        assert_eq!(db.migration_states(&[part(&[FIRST])]).await.unwrap()[0].standing, Standing::Pending);
        db.migrate(&[part(&[FIRST, SECOND])]).await.unwrap();
    });
}

#[test]
fn many_may_migrate_at_once() {
    testing::both_places(async |place| {
        // On PostgreSQL every process has a handle of its own; a SQLite file has one owner.
        let own = place.dialect() == kit_store::Dialect::Postgres;
        let first = place.open().await;
        let mut tasks = Vec::new();
        for _ in 0..5 {
            let db = if own { place.open().await } else { first.clone() };
            tasks.push(tokio::spawn(async move {
                let result = db.migrate(&[part(&[FIRST, SECOND])]).await;
                if own {
                    db.close().await;
                }
                result
            }));
        }
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let count =
            first.read(|tx| tx.query_one("SELECT COUNT(*) FROM store_migration", params![])?.get::<i64>(0));
        assert_eq!(count.await.unwrap_or_else(|e: StoreError| panic!("{e}")), 2);
        first.close().await;
    });
}

#[test]
fn files_become_migrations() {
    const FILES: &[Migration] = migrations!("migrations/0001_first.sql", "migrations/0012_second_step.sql");
    let named: Vec<_> = FILES.iter().map(|m| (m.number, m.name)).collect();
    assert_eq!(named, [(1, "first"), (12, "second_step")]);
    testing::both_with(&[Component { name: "file", migrations: FILES }], async |db| {
        let row = db.write(|tx| {
            tx.execute("INSERT INTO file_fork (id, dialect) VALUES (1, 'x')", params![])?;
            tx.query_one("SELECT dialect FROM file_fork", params![])
        });
        assert_eq!(row.await.unwrap_or_else(|e: StoreError| panic!("{e}")).get::<&str>(0).unwrap(), "x");
    });
}

#[test]
fn tables_hold_to_their_types() {
    testing::both_with(&[part(&[FIRST])], async |db| {
        let wrong = "INSERT INTO part_a (id, octets) VALUES (1, CAST('text' AS TEXT))";
        db.write(move |tx| tx.execute(wrong, params![])).await.unwrap_err();
    });
}
