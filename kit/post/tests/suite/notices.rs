//! The notice board: put up, seen by its recipient alone, read once.

use crate::support::*;
use core_words::{OperatorId, Text};
use kit_post::{MAX_NOTICE, NewNotice, NoticeId, Page, count_unread, mark_read, notices, put_notice};
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
