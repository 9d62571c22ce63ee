//! The notice board: put up, seen by its recipient alone, read once.

use crate::support::*;
use core_words::{OperatorId, Text};
use kit_post::{
    FileName, MAX_NOTICE, MAX_NOTICE_FILE, NewFile, NewNotice, NoticeFile, NoticeId, Page, count_unread,
    fetch_file, mark_read, notice, notices, put_notice, put_notice_with_file, take_down,
};
use kit_store::{Db, StoreError, testing::both_with};

const PROVIDER: &str = "claims.provider:123";

async fn put(db: &Db, body: &str, link: Option<&'static str>, second: i64) -> Result<NoticeId, StoreError> {
    let (operator, body) = (federation(), body.to_owned());
    db.write(move |tx| {
        let notice = NewNotice {
            operator: &operator,
            recipient: PROVIDER,
            subject: Text::new("電子証明書を発行しました", "Your certificate was issued"),
            body: Text::new(body.as_str(), "b"),
            case: Some("C-2026-0001234-5"),
            link,
        };
        put_notice(tx, &notice, START.plus_seconds(second))
    })
    .await
}

#[test]
fn k11_a_notice_hangs_there_for_its_recipient_until_it_is_read() {
    both_with(TABLES, async |db| {
        let old = put(&db, "1 行目\r\n2 行目\0", Some("/claims/cases/1"), 0).await.expect("put up");
        let new = put(&db, "b", None, 1).await.expect("put up");
        let other = OperatorId::new("elsewhere").expect("a name");
        let now = START.plus_seconds(9);
        db.write(move |tx| {
            let us = federation();
            assert_eq!(count_unread(tx, &us, PROVIDER)?, 2);
            assert_eq!(count_unread(tx, &us, "claims.provider:12")?, 0);
            assert_eq!(count_unread(tx, &other, PROVIDER)?, 0);
            assert!(!mark_read(tx, &us, "claims.provider:12", old, now)?);
            assert!(!mark_read(tx, &other, PROVIDER, old, now)?);
            assert!(mark_read(tx, &us, PROVIDER, old, now)?);
            assert!(!mark_read(tx, &us, PROVIDER, old, now.plus_seconds(1))?, "the first reading counts");
            assert_eq!(count_unread(tx, &us, PROVIDER)?, 1);
            let page = notices(tx, &us, PROVIDER, Page::new(1, 1))?;
            assert_eq!((page.total, page.rows[0].id, page.rows[0].read), (2, new, None));
            let page = notices(tx, &us, PROVIDER, Page::new(2, 1))?;
            assert_eq!((page.rows[0].id, page.rows[0].read), (old, Some(now)));
            assert_eq!(page.rows[0].body.ja, "1 行目\n2 行目\u{fffd}");
            assert_eq!(page.rows[0].link.as_deref(), Some("/claims/cases/1"));
            assert_eq!(notices(tx, &other, PROVIDER, Page::first())?.total, 0);
            Ok::<_, StoreError>(())
        })
        .await
        .expect("asked");
    });
}

#[test]
fn k11_a_notice_is_short_and_leads_nowhere_else() {
    both_with(TABLES, async |db| {
        let long = "あ".repeat(MAX_NOTICE + 1);
        for (body, link) in
            [(long.as_str(), None), ("b", Some("https://evil.example/")), ("b", Some("//evil.example"))]
        {
            let put = put(&db, body, link, 0).await;
            assert!(matches!(put, Err(StoreError::Constraint(_))), "{link:?}");
        }
        assert!(put(&db, &long[3..], None, 0).await.is_ok(), "the limit itself is allowed");
    });
}

fn with_file(tx: &mut kit_store::Tx, file: &NewFile<'_>) -> Result<NoticeId, StoreError> {
    with_file_about(tx, file, None)
}

fn with_file_about(
    tx: &mut kit_store::Tx,
    file: &NewFile<'_>,
    case: Option<&str>,
) -> Result<NoticeId, StoreError> {
    let new = NewNotice {
        operator: &federation(),
        recipient: PROVIDER,
        subject: Text::new("新しいパスワード", "A new password"),
        body: Text::new("a", "b"),
        case,
        link: None,
    };
    put_notice_with_file(tx, &new, file, START)
}

#[test]
fn k11_a_file_comes_with_its_notice_to_its_recipient_alone_and_its_fetching_is_on_record() {
    both_with(TABLES, async |db| {
        let plain = put(&db, "b", None, 0).await.expect("put up");
        let other = OperatorId::new("elsewhere").expect("a name");
        let (first, later) = (START.plus_seconds(9), START.plus_seconds(10));
        db.write(move |tx| {
            let us = federation();
            let octets = &[0u8, 255, 7][..];
            let file = NewFile { name: "notice.p7m", media_type: "application/pkcs7-mime", octets };
            let id = with_file(tx, &file)?;
            let told = |fetched| Some(FileName { name: "notice.p7m".into(), fetched });
            assert_eq!(notice(tx, &us, PROVIDER, id)?.map(|notice| notice.file), Some(told(None)));
            assert_eq!(notice(tx, &us, PROVIDER, plain)?.map(|notice| notice.file), Some(None));
            // Nobody else sees it, or leaves a trace.
            for (operator, recipient) in [(&us, "claims.provider:12"), (&other, PROVIDER)] {
                assert_eq!(notice(tx, operator, recipient, id)?, None);
                assert_eq!(fetch_file(tx, operator, recipient, id, first)?, None);
            }
            assert_eq!(count_unread(tx, &us, PROVIDER)?, 2);
            assert_eq!(fetch_file(tx, &us, PROVIDER, plain, first)?, None, "it has none");
            let stored = NoticeFile {
                name: "notice.p7m".into(),
                media_type: "application/pkcs7-mime".into(),
                octets: octets.to_vec(),
            };
            assert_eq!(fetch_file(tx, &us, PROVIDER, id, first)?, Some((stored.clone(), true)));
            assert_eq!(fetch_file(tx, &us, PROVIDER, id, later)?, Some((stored, false)));
            let rows = notices(tx, &us, PROVIDER, Page::first())?.rows;
            let row = rows.iter().find(|row| row.id == id).expect("it hangs there");
            assert_eq!((row.read, &row.file), (Some(first), &told(Some(first))), "the first time counts");
            Ok::<_, StoreError>(())
        })
        .await
        .expect("asked");
    });
}

#[test]
fn k11_a_file_is_small_and_has_a_name_and_a_type() {
    both_with(TABLES, async |db| {
        let octets = vec![7; MAX_NOTICE_FILE + 1];
        let fine = octets[1..].to_vec();
        let put = db.write(move |tx| {
            let file = NewFile { name: "a.p7m", media_type: "application/pkcs7-mime", octets: &fine };
            with_file(tx, &file).map(drop)
        });
        put.await.expect("as large as it may be");
        for (name, media_type, length) in
            [("a.p7m", "a/b", 0), ("a.p7m", "a/b", MAX_NOTICE_FILE + 1), ("a b", "a/b", 1), ("a.p7m", "a", 1)]
        {
            let octets = octets[..length].to_vec();
            let put =
                db.write(move |tx| with_file(tx, &NewFile { name, media_type, octets: &octets }).map(drop));
            let error = put.await.expect_err("refused");
            assert!(matches!(error, StoreError::Constraint(_)), "{name} {media_type} {length}: {error}");
        }
    });
}

#[test]
fn k11_c13_what_was_put_up_about_a_case_is_taken_down_with_its_files_and_nothing_else() {
    both_with(TABLES, async |db| {
        // Two about the case, one with a file; one about another case, with a file; one about none.
        let plain = put(&db, "b", None, 0).await.expect("put up");
        let done = db.write(move |tx| {
            let (us, other) = (federation(), OperatorId::new("elsewhere").expect("a name"));
            let file =
                NewFile { name: "notice.p7m", media_type: "application/pkcs7-mime", octets: b"sealed" };
            let case = "C-2026-0001234-5";
            let filed = with_file_about(tx, &file, Some(case))?;
            let others = with_file_about(tx, &file, Some("C-2026-0000002-5"))?;
            let none = with_file(tx, &file)?;
            for (operator, recipient, case) in [
                (&other, PROVIDER, case),
                (&us, "claims.provider:12", case),
                (&us, PROVIDER, "C-2026-0001234"),
            ] {
                assert_eq!(take_down(tx, operator, recipient, case)?, 0, "{recipient} {case}");
            }
            assert_eq!(take_down(tx, &us, PROVIDER, case)?, 2);
            for gone in [plain, filed] {
                assert_eq!(notice(tx, &us, PROVIDER, gone)?, None);
            }
            assert_eq!(fetch_file(tx, &us, PROVIDER, filed, START)?, None);
            for left in [others, none] {
                assert!(fetch_file(tx, &us, PROVIDER, left, START)?.is_some());
            }
            let files = tx.query_one("SELECT COUNT(*) FROM post_notice_file", &[])?.get::<i64>(0)?;
            assert_eq!((files, take_down(tx, &us, PROVIDER, case)?), (2, 0));
            Ok::<_, StoreError>(())
        });
        done.await.expect("asked");
    });
}
