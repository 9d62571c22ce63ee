//! What every caller relies on, on both databases.

use kit_store::{Component, Migration, StoreError, params, testing};

const NOTES: Component = Component {
    name: "note",
    migrations: &[Migration {
        number: 1,
        name: "note",
        sql: "CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, body TEXT, octets BYTEA, kind SMALLINT);",
    }],
};

#[test]
fn what_is_written_is_read() {
    testing::both_with(&[NOTES], async |db| {
        let id = db
            .write(|tx| {
                let id = tx.next_id()?;
                tx.execute("INSERT INTO note (id, body) VALUES ($1, $2)", params![id, "割符"])?;
                Ok::<_, StoreError>(id)
            })
            .await
            .unwrap();
        let body: String = db
            .read(move |tx| tx.query_one("SELECT body FROM note WHERE id = $1", params![id])?.get(0))
            .await
            .unwrap();
        assert_eq!(body, "割符");
    });
}
