//! What migrations fill in for rows that were there before, on both databases.

use crate::COMPONENT;
use kit_store::{Component, Db, Row, StoreError, params, testing::both_places};

/// The tables as they were after this migration.
fn as_of(number: usize) -> Component {
    Component { name: COMPONENT.name, migrations: &COMPONENT.migrations[..number] }
}

async fn rows<T: Send + 'static>(
    db: &Db,
    sql: &'static str,
    parse: impl Fn(&Row) -> Result<T, StoreError> + Send + 'static,
) -> Vec<T> {
    let read = db.read(move |tx| tx.query(sql, params![])?.iter().map(parse).collect::<Result<_, _>>());
    read.await.expect("read")
}

/// Cases: of providers, who agreed to a text, and of an agent, who pays until a day; issued, going, gone, or never issued.
/// The fourth figure is when it was issued.
const CASES: [(i64, i64, Option<&str>, Option<i64>); 8] = [
    // Waits for review; waits for its certificate.
    (1, 1, Some("2"), None),
    (2, 4, Some("2"), None),
    // Issued, and under older terms.
    (3, 5, Some("1"), Some(1_003)),
    // Being revoked, and revoked: they were issued all the same.
    (4, 6, Some("2"), Some(1_004)),
    (5, 8, Some("2"), Some(1_005)),
    // Rejected.
    (6, 10, Some("2"), None),
    // An agent's pay for themselves.
    (7, 5, None, Some(1_007)),
    (8, 2, None, None),
];

async fn as_release_six(db: &Db) {
    db.migrate(&[as_of(6)]).await.expect("the first six run");
    let written = db.write(|tx| {
        for (id, status, agreed, issued) in CASES {
            tx.execute(
                "INSERT INTO claims_case (id, number, operator_id, status, version, changed_us, holder, \
                 holder_number, holder_name, holder_kana, called, lang, email, terms, fee_yen, months, applied_us, \
                 agreed, issued_us, not_after_s) VALUES ($1, $2, 'tokyo', $3, 1, $4, $5, $6, 'さくら', 'サクラ', 0, 1, \
                 'a@example.jp', $7, $8, 36, $9, $10, $11, $12)",
                params![
                    id,
                    format!("C-{id}"),
                    status,
                    2_000 + id,
                    10 + id,
                    format!("131000001{id}"),
                    format!("terms-{id}"),
                    7_000 + id,
                    100 + id,
                    agreed,
                    issued,
                    issued.map(|_| 3_000 + id),
                ],
            )?;
        }
        // Transfers: two of one agent, one that the bank took back, one of another, one of nobody known.
        let deposits = [(1, Some(30), 9_000), (2, Some(30), 500), (3, Some(30), -500), (4, Some(31), 100), (5, None, 7)];
        for (id, holder, amount) in deposits {
            tx.execute(
                "INSERT INTO claims_deposit (id, operator_id, version, holder, day_us, amount_yen, payer, reference, \
                 note, fingerprint, entered_us) VALUES ($1, 'tokyo', 1, $2, 0, $3, '', '', '', $4, 0)",
                params![id, holder, amount, &[u8::try_from(id).unwrap_or(0)][..]],
            )?;
        }
        // A fee that was paid; one entered for an agent without any transfer.
        for (id, holder, amount) in [(1_i64, 30_i64, -7_800_i64), (2, 32, 50)] {
            tx.execute(
                "INSERT INTO claims_account_entry (id, operator_id, holder, kind, amount_yen, note, at_us) \
                 VALUES ($1, 'tokyo', $2, 1, $3, '', 0)",
                params![id, holder, amount],
            )?;
        }
        Ok::<_, StoreError>(())
    });
    written.await.expect("written");
}

#[test]
fn c18_certificates_that_were_issued_before_there_were_months_are_charged_once_and_balances_are_carried_over()
{
    both_places(async |place| {
        let db = place.open().await;
        as_release_six(&db).await;
        db.migrate(&[as_of(7)]).await.expect("the seventh runs");

        let charged = rows(
            &db,
            "SELECT id, case_id, case_number, holder, holder_number, terms, applied_us, amount_yen, at_us \
             FROM claims_offset_entry ORDER BY id",
            |row| {
                let whose = (row.get::<i64>(3)?, row.get::<String>(4)?);
                let what =
                    (row.get::<String>(5)?, row.get::<i64>(6)?, row.get::<i64>(7)?, row.get::<i64>(8)?);
                Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<String>(2)?, whose, what))
            },
        );
        let of = |id: i64| {
            let whose = (10 + id, format!("131000001{id}"));
            (id, id, format!("C-{id}"), whose, (format!("terms-{id}"), 100 + id, 7_000 + id, 1_000 + id))
        };
        assert_eq!(charged.await, [3, 4, 5].map(of), "providers alone, and what was issued");
        // They are charges, of no month as yet; their tax is filled in when their month is closed.
        let open =
            rows(&db, "SELECT operator_id, kind, period, tax_yen, note FROM claims_offset_entry", |row| {
                let empty = row.get::<Option<String>>(2)?.is_none() && row.get::<Option<i64>>(3)?.is_none();
                Ok((row.get::<String>(0)?, row.get::<i64>(1)?, empty, row.get::<String>(4)?))
            });
        assert_eq!(open.await, [(); 3].map(|()| ("tokyo".to_owned(), 1, true, String::new())));

        let balances =
            rows(&db, "SELECT holder, operator_id, balance_yen FROM claims_account ORDER BY 1", |row| {
                Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?))
            });
        let tokyo = || "tokyo".to_owned();
        assert_eq!(balances.await, [(30, tokyo(), 1_200), (31, tokyo(), 100), (32, tokyo(), 50)]);
        db.close().await;
    });
}

#[test]
fn c13_cases_that_were_there_before_are_held_until_their_end() {
    both_places(async |place| {
        let db = place.open().await;
        as_release_six(&db).await;
        db.migrate(&[COMPONENT]).await.expect("the others run");
        let held = rows(&db, "SELECT case_id, number, held, ended_us FROM claims_hold ORDER BY 1", |row| {
            let held = (row.get::<Option<i64>>(2)?, row.get::<Option<i64>>(3)?);
            Ok((row.get::<i64>(0)?, row.get::<String>(1)?, held))
        });
        // The first microsecond after an issued certificate, the moment of a revocation; nothing else ends.
        let ends = |id: i64| match id {
            3 | 7 => Some((3_001 + id) * 1_000_000),
            5 => Some(2_000 + id),
            _ => None,
        };
        let of = |id: i64| (id, format!("C-{id}"), (Some(id), ends(id)));
        assert_eq!(held.await, [1, 2, 3, 4, 5, 6, 7, 8].map(of));
        db.close().await;
    });
}
