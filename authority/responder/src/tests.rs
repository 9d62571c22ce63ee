//! The repository as its clients see it.

use crate::Repository;
use authority_journal::{
    authorities::{self, Authority, Generation, ListSchedule},
    codes::{AuthorityKind, AuthorityState, GenerationState, PublishedKind},
    lists::{self, NewList, Publication, Scope, Written},
    published::{self, Published},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use core_crypto::{Digest, SigAlg};
use core_words::{AuthorityId, OperatorId, UtcMicros, UtcSeconds};
use kit_clock::{Clock, ManualClock};
use kit_keys::Provider;
use kit_store::{
    Db, StoreError,
    blobs::{BlobStore, DirectoryBlobs},
    testing::both_with,
};
use std::sync::Arc;
use tower::ServiceExt;

/// 2026-11-20T10:00:00Z.
const START: i64 = 1_795_168_800;
const DAY: i64 = 86_400;

struct Shop {
    db: Db,
    clock: ManualClock,
    blobs: Arc<DirectoryBlobs>,
    router: Router,
    _directory: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }
}

impl Shop {
    /// `claims-ca`, one partition, with a certificate, a link certificate and no list yet.
    async fn new(db: Db) -> Self {
        Self::with(db, |repository| repository).await
    }

    async fn with(db: Db, change: impl FnOnce(Repository) -> Repository) -> Self {
        let clock = ManualClock::at(UtcSeconds(START).micros());
        let directory = tempfile::tempdir().expect("a directory");
        let blobs = Arc::new(DirectoryBlobs::open(directory.path()).expect("it opens"));
        db.write(|tx| -> Result<(), StoreError> {
            authorities::insert(tx, &authority())?;
            authorities::insert_generation(tx, &generation())?;
            let link = Published {
                id: 9,
                authority: id(),
                name: "old-with-new-2".into(),
                kind: PublishedKind::OldWithNew,
                certificate: b"the old key under the new".to_vec(),
                created: UtcSeconds(START).micros(),
            };
            published::insert(tx, &link)
        })
        .await
        .expect("rows go in");
        let repository =
            Repository::new(db.clone(), blobs.clone(), Arc::new(clock.clone()), Arc::new(Provider));
        let router = Router::new().nest("/pki", change(repository).router());
        Self { db, clock, blobs, router, _directory: directory }
    }

    /// Publishes octets as a list, as the engine would.
    async fn publish(&self, partition: u16, content: &[u8]) -> String {
        let (now, sha256, octets) = (self.clock.now(), Provider.sha256(content), content.len() as i64);
        let blobs = self.blobs.clone();
        let content = content.to_vec();
        let publish = move |tx: &mut kit_store::Tx| -> Result<String, StoreError> {
            let new = NewList {
                scope: Scope { authority: id(), generation: 1, partition },
                base: None,
                this_update: now,
                next_update: now.plus_seconds(DAY),
                created: now,
            };
            let list = lists::number(tx, &new)?;
            let name = list.blob.clone().expect("it has a file");
            blobs.put(&name, &content)?;
            let written = Written { feed_seq: 0, entries: 3, octets, sha256 };
            assert_eq!(lists::publish(tx, &list, &written)?, Publication::Current);
            Ok(name)
        };
        self.db.write(publish).await.expect("it is published")
    }

    async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/pki{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
        Answer { status, headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }
}

fn id() -> AuthorityId {
    AuthorityId::new("claims-ca").expect("a name")
}

fn authority() -> Authority {
    Authority {
        id: id(),
        operator: OperatorId::new("federation").expect("a name"),
        kind: AuthorityKind::Issuing,
        parent: None,
        state: AuthorityState::Active,
        active_generation: 1,
        partitions: 1,
        base_url: "http://pki.example.jp/pki".into(),
        profiles: Vec::new(),
        schedule: ListSchedule {
            full_every_s: DAY / 2,
            full_life_s: DAY,
            delta_every_s: 0,
            delta_life_s: 0,
            soon_s: 60,
        },
        created: UtcSeconds(START).micros(),
    }
}

fn generation() -> Generation {
    Generation {
        authority: id(),
        generation: 1,
        state: GenerationState::Active,
        key_id: 7,
        sig_alg: SigAlg::EcdsaSha256,
        spki: vec![1],
        key_identifier: vec![2; 20],
        certificate: b"the certificate".to_vec(),
        not_before: UtcSeconds(START),
        not_after: UtcSeconds(START + DAY),
        created: UtcSeconds(START).micros(),
    }
}

/// Content that tells each of its places apart, and is longer than one piece of a stream.
fn long() -> Vec<u8> {
    (0..700_000u32).flat_map(|n| n.to_be_bytes()).collect()
}

/// K1: certificates of authorities, as DER and as text, link certificates beside them.
#[test]
fn k1_certificates_are_served() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        let der = shop.get("/ca/claims-ca/1.cer").await;
        assert_eq!((der.status, der.body.as_slice()), (StatusCode::OK, &b"the certificate"[..]));
        assert_eq!(der.header("content-type"), "application/pkix-cert");
        assert_eq!(der.header("content-length"), "15");
        assert_eq!(der.header("last-modified"), "Fri, 20 Nov 2026 10:00:00 GMT");
        assert_eq!(der.header("cache-control"), "public, max-age=86400, must-revalidate");
        let pem = shop.get("/ca/claims-ca/1.pem").await;
        assert_eq!(pem.header("content-type"), "application/x-pem-file");
        assert!(pem.text().starts_with("-----BEGIN CERTIFICATE-----\n"), "{}", pem.text());
        let link = shop.get("/ca/claims-ca/old-with-new-2.cer").await;
        assert_eq!(link.body, b"the old key under the new");
        let again =
            shop.ask(Method::GET, "/ca/claims-ca/1.cer", &[("if-none-match", der.header("etag"))]).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    });
}

/// K4: the list under one address is always the current one, with what caches and clients need.
#[test]
fn k4_lists_are_served_whole_and_in_parts() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        let content = long();
        shop.publish(0, &content).await;
        let path = "/crl/claims-ca/1.crl";
        let whole = shop.get(path).await;
        assert_eq!(whole.status, StatusCode::OK);
        assert!(whole.body == content);
        let sha256: String = Provider.sha256(&content).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(whole.header("etag"), format!("\"{sha256}\""));
        assert_eq!(whole.header("content-type"), "application/pkix-crl");
        assert_eq!(whole.header("content-length"), content.len().to_string());
        assert_eq!(whole.header("accept-ranges"), "bytes");
        assert_eq!(whole.header("last-modified"), "Fri, 20 Nov 2026 10:00:00 GMT");
        assert_eq!(whole.header("expires"), "Sat, 21 Nov 2026 10:00:00 GMT");
        assert_eq!(whole.header("cache-control"), "public, max-age=3600, must-revalidate");

        let head = shop.ask(Method::HEAD, path, &[]).await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
        for name in ["etag", "content-length", "content-type", "last-modified", "expires"] {
            assert_eq!(head.header(name), whole.header(name), "{name}");
        }

        let part = shop.ask(Method::GET, path, &[("range", "bytes=100000-399999")]).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
        assert!(part.body == content[100_000..400_000]);
        assert_eq!(part.header("content-range"), format!("bytes 100000-399999/{}", content.len()));
        assert_eq!(part.header("content-length"), "300000");
        let beyond = shop.ask(Method::GET, path, &[("range", "bytes=9999999-")]).await;
        assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(beyond.header("content-range"), format!("bytes */{}", content.len()));
        assert!(beyond.body.is_empty());

        let tag = whole.header("etag").to_owned();
        let same = shop.ask(Method::GET, path, &[("if-none-match", &tag)]).await;
        assert_eq!((same.status, same.header("etag")), (StatusCode::NOT_MODIFIED, tag.as_str()));
        // A new list: from the next request on, and what was known before is not it any more.
        shop.clock.advance_seconds(60);
        shop.publish(0, b"the next list").await;
        let next = shop.ask(Method::GET, path, &[("if-none-match", &tag)]).await;
        assert_eq!((next.status, next.text()), (StatusCode::OK, "the next list"));
        let resumed = shop.ask(Method::GET, path, &[("range", "bytes=5-"), ("if-range", &tag)]).await;
        assert_eq!((resumed.status, resumed.text()), (StatusCode::OK, "the next list"));
    });
}

/// K4: partitions have addresses of their own; an expired list is still served, and nobody may keep it.
#[test]
fn k4_partitions_and_expired_lists() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        shop.publish(1, b"partition").await;
        assert_eq!(shop.get("/crl/claims-ca/1-p1.crl").await.text(), "partition");
        shop.clock.advance_seconds(2 * DAY);
        let late = shop.get("/crl/claims-ca/1-p1.crl").await;
        assert_eq!((late.status, late.header("cache-control")), (StatusCode::OK, "no-cache"));
    });
}

/// Whatever is not there is answered in plain text, in both languages, and nothing outside is reached.
#[test]
fn what_is_not_there_is_not_found() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        for path in [
            "/ca/claims-ca/2.cer",
            "/ca/claims-ca/01.cer",
            "/ca/claims-ca/1",
            "/ca/claims-ca/1.der",
            "/ca/other-ca/1.cer",
            "/ca/Claims%20CA/1.cer",
            "/ca/claims-ca/..%2f..%2fwarifu.db",
            "/crl/claims-ca/1.crl",
            "/crl/claims-ca/1-p2.crl",
            "/crl/claims-ca/1-delta.crl",
            "/crl/claims-ca/..%2F1.crl",
            "/crl/%00/1.crl",
        ] {
            let answer = shop.get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8", "{path}");
            assert!(answer.text().starts_with("お探しのファイルはありません"), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        let written = shop.ask(Method::PUT, "/ca/claims-ca/1.cer", &[]).await;
        assert_eq!(written.status, StatusCode::METHOD_NOT_ALLOWED);
    });
}

/// A list whose file is gone is a fault of ours and said so; the next list mends it.
#[test]
fn a_lost_file_is_unavailable_and_not_missing() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        let name = shop.publish(0, b"a list").await;
        shop.blobs.put(&name, b"longer than it was").expect("it is written");
        assert_eq!(shop.get("/crl/claims-ca/1.crl").await.status, StatusCode::SERVICE_UNAVAILABLE);
        shop.blobs.delete(&name).expect("it is deleted");
        let lost = shop.get("/crl/claims-ca/1.crl").await;
        assert_eq!((lost.status, lost.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
        shop.publish(0, b"the next").await;
        assert_eq!(shop.get("/crl/claims-ca/1.crl").await.text(), "the next");
    });
}

/// K4, V17: lists that are not for everybody are refused, with the reason, and are not in the index.
#[test]
fn k4_v17_lists_of_some_authorities_are_not_open() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::with(db, |repository| repository.with_open(Arc::new(|_| false))).await;
        shop.publish(0, b"for verifiers").await;
        let refused = shop.get("/crl/claims-ca/1.crl").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text().contains("署名検証者"), "{}", refused.text());
        assert_eq!(shop.get("/ca/claims-ca/1.cer").await.status, StatusCode::OK);
        assert!(!shop.get("/ca/index.json").await.text().contains(".crl"));
    });
}

/// The index: a page, Japanese first, and the same as JSON.
#[test]
fn k1_k4_the_index_names_everything() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        shop.publish(0, b"a list").await;
        let page = shop.get("/ca/").await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        for part in [
            "<html lang=\"ja\">",
            "<h1>認証局の証明書と失効リスト</h1>",
            "href=\"claims-ca/1.cer\"",
            "href=\"claims-ca/old-with-new-2.pem\"",
            "href=\"../crl/claims-ca/1.crl\"",
            "<time>2026-11-20T10:00:00Z</time>",
        ] {
            assert!(page.text().contains(part), "{part} is not in {}", page.text());
        }
        let json = shop.ask(Method::GET, "/ca/", &[("accept", "application/json")]).await;
        assert_eq!(json.header("content-type"), "application/json");
        assert_eq!(json.body, shop.get("/ca/index.json").await.body);
        let json: serde_json::Value = serde_json::from_slice(&json.body).expect("JSON");
        let authority = &json["authorities"][0];
        assert_eq!((&authority["authority"], &authority["kind"]), (&"claims-ca".into(), &"issuing".into()));
        assert_eq!(authority["certificates"].as_array().map(Vec::len), Some(2));
        let list = &authority["lists"][0];
        assert_eq!((&list["path"], &list["number"]), (&"../crl/claims-ca/1.crl".into(), &1.into()));
        assert_eq!(list["next_update"], "2026-11-21T10:00:00Z");
        let moved = shop.get("/ca").await;
        assert_eq!((moved.status, moved.header("location")), (StatusCode::PERMANENT_REDIRECT, "ca/"));
    });
}

/// The database does not answer: said so, and not "there is no such file".
#[test]
fn a_database_that_is_gone_is_not_a_missing_file() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        shop.publish(0, b"a list").await;
        shop.db.close().await;
        for path in ["/crl/claims-ca/1.crl", "/ca/claims-ca/1.cer", "/ca/"] {
            assert_eq!(shop.get(path).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
    });
}

/// Times before the first second of 1970 do not come up, and break nothing.
#[test]
fn k4_a_clock_at_zero_breaks_nothing() {
    both_with(&[authority_journal::COMPONENT], async |db| {
        let shop = Shop::new(db).await;
        shop.clock.set(UtcMicros(-1));
        shop.publish(0, b"a list").await;
        assert_eq!(shop.get("/crl/claims-ca/1.crl").await.status, StatusCode::OK);
    });
}
