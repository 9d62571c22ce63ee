//! Answers on both databases (K16).

use super::*;
use kit_keys::Provider;
use kit_store::{Component, Db, testing::both_with};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

const START: UtcMicros = UtcMicros(1_790_000_000_000_000);
const TABLES: &[Component] = &[crate::COMPONENT];

fn request(account: i64, key: &str, said: &str) -> Once {
    let mut headers = HeaderMap::new();
    headers.insert(IDEMPOTENCY_KEY, key.parse().expect("a header"));
    Once::of(&headers, "claims", AccountId(account), "POST /x", &said, &Provider)
        .expect("a good key")
        .expect("a key")
}

/// Carries a request out in `db`; each time it is, `done` counts one more.
async fn ask(
    db: &Db,
    request: Option<&Once>,
    at: UtcMicros,
    done: &Arc<AtomicU32>,
) -> Result<Reply, NotOnce> {
    let (request, done) = (request.cloned(), done.clone());
    db.write(move |tx| {
        once(tx, request.as_ref(), at, |_| {
            let count = done.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(Answer { status: 201, version: Some(i64::from(count)), body: format!("{{\"n\":{count}}}") })
        })
    })
    .await
}

#[test]
fn k16_a_repeat_is_answered_and_not_carried_out() {
    both_with(TABLES, async |db| {
        let done = Arc::new(AtomicU32::new(0));
        let first = ask(&db, Some(&request(1, "k", "a")), START, &done).await.expect("carried out");
        let second = ask(&db, Some(&request(1, "k", "a")), START, &done).await.expect("answered");
        assert_eq!((first.again, second.again), (false, true));
        assert_eq!(first.answer, second.answer);
        let response = second.into_response();
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()[header::ETAG], "\"1\"");
        assert_eq!(response.headers()[REPLAYED], "true");

        let other = ask(&db, Some(&request(1, "k", "b")), START, &done).await;
        assert!(matches!(other, Err(NotOnce::OtherRequest)), "{other:?}");
        assert_eq!(done.load(Ordering::SeqCst), 1);
        // Another account's key, another key, and no key are requests of their own.
        for request in [Some(request(2, "k", "a")), Some(request(1, "K", "a")), None, None] {
            assert!(!ask(&db, request.as_ref(), START, &done).await.expect("carried out").again);
        }
        assert_eq!(done.load(Ordering::SeqCst), 5);
    });
}

#[test]
fn k16_of_many_at_once_one_is_carried_out() {
    both_with(TABLES, async |db| {
        let once = request(1, "k", "a");
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let (db, once) = (db.clone(), once.clone());
                // Each would give an answer of its own.
                tokio::spawn(
                    async move { ask(&db, Some(&once), START, &Arc::new(AtomicU32::new(n * 10))).await },
                )
            })
            .collect();
        let mut replies = Vec::new();
        for task in tasks {
            replies.push(task.await.expect("no panic").expect("answered"));
        }
        assert_eq!(replies.iter().filter(|reply| !reply.again).count(), 1);
        assert!(replies.iter().all(|reply| reply.answer == replies[0].answer));
    });
}

#[test]
fn k16_a_refusal_is_not_kept() {
    both_with(TABLES, async |db| {
        let asked = request(1, "k", "a");
        let refused = asked.clone();
        let refused = db
            .write(move |tx| {
                once(tx, Some(&refused), START, |_| {
                    Err(NotOnce::Store(StoreError::Constraint("refused by the desk".into())))
                })
            })
            .await;
        assert!(refused.is_err());
        let done = Arc::new(AtomicU32::new(0));
        assert!(!ask(&db, Some(&asked), START, &done).await.expect("carried out").again);
    });
}

#[test]
fn answers_are_swept_after_48_hours() {
    both_with(TABLES, async |db| {
        let done = Arc::new(AtomicU32::new(0));
        for (key, at) in [("old", START), ("young", START.plus_micros(1))] {
            ask(&db, Some(&request(1, key, "a")), at, &done).await.expect("carried out");
        }
        let end = START.plus_seconds(KEPT);
        for (at, swept) in [(end, 0), (end.plus_micros(1), 1), (end.plus_micros(1), 0)] {
            assert_eq!(db.write(move |tx| sweep(tx, at)).await.expect("swept"), swept);
        }
        assert!(ask(&db, Some(&request(1, "young", "a")), end, &done).await.expect("answered").again);
        assert!(!ask(&db, Some(&request(1, "old", "a")), end, &done).await.expect("carried out").again);
    });
}

#[test]
fn keys_are_visible_ascii() {
    let of = |values: &[&[u8]]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_bytes(value).expect("a header"));
        }
        Once::of(&headers, "claims", AccountId(1), "POST /x", &"", &Provider)
    };
    assert_eq!(of(&[]), Ok(None));
    assert!(of(&[&[b'a'; KEY_CHARS]]).is_ok());
    for bad in [&b""[..], &[b'a'; KEY_CHARS + 1], b"a b", "あ".as_bytes(), b"\xff"] {
        assert_eq!(of(&[bad]).expect_err("unfit").code, "api.bad_idempotency_key");
    }
    assert!(of(&[b"a", b"a"]).is_err());
}
