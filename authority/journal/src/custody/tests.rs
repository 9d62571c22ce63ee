use super::*;
use crate::COMPONENT;
use kit_store::{Db, Dialect, testing};

fn custody(id: i64, key: &str) -> Custody {
    Custody {
        id,
        orderer: "claims".into(),
        key: key.into(),
        operator: OperatorId::new("federation").expect("a name"),
        profile: ProfileId::new("claims-provider").expect("a name"),
        alg: KeyAlg::Rsa2048,
        spki: vec![1, 2, 3],
        kept: Some(Kept { sealed: secret(id), request: vec![4; 900] }),
        until: UtcMicros(1_000),
        created: UtcMicros(10),
    }
}

/// Octets that occur nowhere else in a database.
fn secret(id: i64) -> Vec<u8> {
    (0..1_250i64).map(|i| (i * i * 31 + i * 7 + id * 97) as u8 | 1).collect()
}

async fn put(db: &Db, custody: Custody) -> bool {
    db.write(move |tx| insert(tx, &custody)).await.expect("it writes")
}

#[test]
fn k16_one_key_for_an_idempotency_key() {
    testing::both_with(&[COMPONENT], async |db| {
        assert!(put(&db, custody(1, "a")).await);
        assert!(!put(&db, custody(2, "a")).await, "the key was used");
        assert!(put(&db, Custody { orderer: "ra".into(), ..custody(3, "a") }).await, "by another orderer");
        let found = db.read(|tx| by_key(tx, "claims", "a")).await.expect("it reads");
        assert!(found == Some(custody(1, "a")));
        assert!(db.read(|tx| get(tx, 2)).await.expect("it reads").is_none());
        assert!(db.read(|tx| by_key(tx, "claims", "b")).await.expect("it reads").is_none());
        assert_eq!(format!("{:?}", custody(1, "a")), "Custody { id: 1, kept: true, .. }");
    });
}

#[test]
fn k16_a_key_is_erased_once_and_its_name_stays_used() {
    testing::both_with(&[COMPONENT], async |db| {
        assert!(put(&db, custody(1, "a")).await);
        assert!(put(&db, custody(2, "b")).await);
        assert!(db.write(|tx| erase(tx, 1, UtcMicros(20))).await.expect("it erases"));
        assert!(!db.write(|tx| erase(tx, 1, UtcMicros(21))).await.expect("it reads"));
        assert!(!db.write(|tx| erase(tx, 7, UtcMicros(21))).await.expect("it reads"));
        let row = db.read(|tx| get(tx, 1)).await.expect("it reads").expect("the row stays");
        assert!(row.kept.is_none());
        assert!(!put(&db, custody(3, "a")).await, "no second key under the same name");
        let at: UtcMicros = db
            .read(|tx| tx.query_one("SELECT erased_us FROM ca_custody WHERE id = 1", params![])?.get(0))
            .await
            .expect("it reads");
        assert_eq!(at, UtcMicros(20));
        assert_eq!(db.read(count_kept).await.expect("it reads"), 1);
    });
}

#[test]
fn k16_overdue_is_what_is_kept_and_past_its_time_to_the_microsecond() {
    testing::both_with(&[COMPONENT], async |db| {
        for (id, until) in [(1, 1_000), (2, 999), (3, 1_001), (4, 5)] {
            assert!(put(&db, Custody { until: UtcMicros(until), ..custody(id, &id.to_string()) }).await);
        }
        db.write(|tx| erase(tx, 4, UtcMicros(6))).await.expect("it erases");
        let ids = async |now, limit| -> Vec<i64> {
            let found = db.read(move |tx| overdue(tx, UtcMicros(now), limit)).await.expect("it reads");
            found.iter().map(|c| c.id).collect()
        };
        assert_eq!(ids(998, 9).await, []);
        assert_eq!(ids(999, 9).await, [2]);
        assert_eq!(ids(1_000, 9).await, [2, 1]);
        assert_eq!(ids(2_000, 2).await, [2, 1]);
        assert_eq!(ids(2_000, 9).await, [2, 1, 3]);
    });
}

/// Nothing of the sealed key is left in the file of a SQLite database once it is erased and the log was written back.
#[test]
fn k16_erased_octets_are_gone_from_the_file() {
    testing::both_places(async |place| {
        let db = place.open().await;
        if db.dialect() != Dialect::Sqlite {
            // PostgreSQL frees the old version of a row at its next VACUUM: said in the operator's page.
            db.close().await;
            return;
        }
        db.migrate(&[COMPONENT]).await.expect("the migrations run");
        for id in 1..=40 {
            assert!(put(&db, custody(id, &id.to_string())).await);
        }
        db.close().await;
        let path = place.file().display().to_string();
        let stands = |id: i64| {
            let files = [path.clone(), format!("{path}-wal")];
            let octets: Vec<u8> = files.iter().flat_map(|f| std::fs::read(f).unwrap_or_default()).collect();
            octets.windows(16).any(|window| window == &secret(id)[600..616])
        };
        assert!(stands(17) && stands(18), "else this test finds nothing");
        let db = place.open().await;
        assert!(db.write(|tx| erase(tx, 17, UtcMicros(20))).await.expect("it erases"));
        db.close().await;
        assert!(!stands(17) && stands(18));
    });
}

/// A row that makes no sense is a named error.
#[test]
fn k16_a_row_half_erased_is_corrupt() {
    testing::both_with(&[COMPONENT], async |db| {
        assert!(put(&db, custody(1, "a")).await);
        for sql in ["UPDATE ca_custody SET request = NULL", "UPDATE ca_custody SET request = spki, alg = 99"]
        {
            db.write(move |tx| tx.execute(sql, params![])).await.expect("it writes");
            let read = db.read(|tx| get(tx, 1)).await;
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{sql}");
        }
    });
}
