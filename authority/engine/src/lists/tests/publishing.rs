//! What lists say and how they become current.

use super::*;
use core_x509::crl::{Idp, PointName};
use kit_store::testing::both_with;

/// K4: full, delta and partitioned lists, each with what RFC 5280 wants of it.
#[test]
fn k4_full_delta_and_partitioned_lists() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.revoke([1, 2]).await;
        house.change(3, RevocationState::Held).await;
        house.number_feed().await;

        let full = house.publish(0, ListKind::Full).await;
        assert_eq!(full.numbers(), [1, 2, 3]);
        assert_eq!(full.entries[&1], Listed::Revoked(RevocationReason::KeyCompromise));
        assert_eq!(full.entries[&3], Listed::Revoked(RevocationReason::CertificateHold));
        assert_eq!((full.number, full.base, full.idp), (1, None, None));
        assert_eq!(full.freshest, [PointName::Uri("http://pki.example.jp/crl/claims-ca/1-delta.crl".into())]);
        assert_eq!((full.this_update, full.next_update), (UtcSeconds(START), UtcSeconds(START + 4 * DAY)));

        house.clock.advance_seconds(60);
        house.revoke([4]).await;
        house.change(3, RevocationState::Released).await;
        let delta = house.publish(0, ListKind::Delta).await;
        assert_eq!((delta.number, delta.base), (2, Some(1)));
        assert_eq!(delta.numbers(), [3, 4]);
        assert_eq!(delta.entries[&3], Listed::RemovedFromList);
        assert!(delta.freshest.is_empty() && delta.idp.is_none());

        for (partition, expected) in [(1, vec![2, 4]), (2, vec![1])] {
            let list = house.publish(partition, ListKind::Full).await;
            assert_eq!(list.numbers(), expected);
            let name = format!("http://pki.example.jp/crl/claims-ca/1-p{partition}.crl");
            assert_eq!(list.idp, Some(Idp { names: vec![PointName::Uri(name)], covers: crl::Covers::All }));
            assert!(list.freshest.is_empty());
        }
    });
}

/// K1: every algorithm of an authority signs lists.
#[test]
fn k1_every_algorithm_signs_lists() {
    for alg in KeyAlg::ALL {
        let place = kit_store::testing::Place::sqlite();
        runtime().block_on(async {
            let db = place.open().await;
            db.migrate(&COMPONENTS).await.expect("migrations run");
            let house = House::with(&db, alg, 0, schedule()).await;
            house.revoke([1]).await;
            assert_eq!(house.publish(0, ListKind::Full).await.numbers(), [1], "{}", alg.name());
            db.close().await;
        });
    }
}

/// K4, K8: publication moves the feed and is in the ledger with number and digest, in the same transaction.
#[test]
fn k4_k8_publication_is_in_feed_and_ledger() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.publish(0, ListKind::Full).await;
        let list = house.current(0, ListKind::Full).await.expect("it is current");
        house.number_feed().await;
        let entries = db.read(|tx| feed::read(tx, 0, 10)).await.expect("it reads");
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].kind, entries[0].number), (FeedKind::ListPublished, Some(1)));
        let bodies = db
            .read(|tx| {
                let rows = tx.query("SELECT body FROM ledger_entry ORDER BY id", params![])?;
                rows.iter().map(|row| row.get::<Vec<u8>>(0)).collect::<Result<Vec<_>, StoreError>>()
            })
            .await
            .expect("it reads");
        let body = kit_ledger::Body::decode(bodies.last().expect("an entry")).expect("a body");
        assert_eq!((body.kind.as_str(), body.subject.as_str()), ("list.published", "list:claims-ca/1#1"));
        assert_eq!(body.object, list.sha256);
    });
}

/// A list that lost the race is given up; what is current stays, and the number is not used again.
#[test]
fn k4_a_list_that_comes_too_late_is_given_up() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let (scope, now) = (house.scope(0), house.clock.now());
        let late = db
            .write(move |tx| {
                let issuer = number::issuer(tx, &scope, ListKind::Full)?;
                number::number(tx, &issuer, &scope, ListKind::Full, now)
            })
            .await
            .expect("number 1");
        house.publish(0, ListKind::Full).await;
        let written = Written { feed_seq: 0, entries: 0, octets: 1, sha256: [0; 32] };
        let again = late.list.clone();
        let first = db.write(move |tx| lists::publish(tx, &late.list, &written)).await.expect("it answers");
        let second = db.write(move |tx| lists::publish(tx, &again, &written)).await.expect("it answers");
        assert_eq!((first, second), (Publication::Superseded, Publication::NotWaiting));
        let current = house.current(0, ListKind::Full).await.expect("there is one");
        assert_eq!((current.number, current.state), (2, ListState::Published));
        assert_eq!(house.publish(0, ListKind::Full).await.number, 3);
    });
}

/// A full list that took long may come out after a delta with a higher number, and nothing is forgotten by it.
#[test]
fn k4_a_slow_full_list_is_not_starved_by_deltas() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.publish(0, ListKind::Full).await;
        let (scope, now) = (house.scope(0), house.clock.now());
        let slow = db
            .write(move |tx| {
                let issuer = number::issuer(tx, &scope, ListKind::Full)?;
                number::number(tx, &issuer, &scope, ListKind::Full, now)
            })
            .await
            .expect("number 2");
        house.revoke([1]).await;
        assert_eq!(house.publish(0, ListKind::Delta).await.number, 3);
        let written = Written { feed_seq: 0, entries: 0, octets: 1, sha256: [0; 32] };
        let slow = db.write(move |tx| lists::publish(tx, &slow.list, &written)).await.expect("it answers");
        assert_eq!(slow, Publication::Current);
        let delta = house.current(0, ListKind::Delta).await.expect("still there");
        assert_eq!((delta.number, delta.base), (3, Some(1)));
    });
}

/// The key store is locked: refused clearly, no number is spent, and all is well once it is open again.
#[test]
fn k15_a_locked_key_costs_no_number() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.ctx.signers.store().lock();
        let refused = publish(&house.ctx, &house.scope(0), ListKind::Full).await;
        assert!(
            matches!(refused, Err(ListError::Key { source: kit_keys::KeyError::Locked, .. })),
            "{refused:?}"
        );
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_list").await, 0);
        let passphrase = Passphrase::new("ひらけごま".to_owned()).expect("not empty");
        house.ctx.signers.store().unlock(&passphrase).await.expect("it opens");
        assert_eq!(house.publish(0, ListKind::Full).await.number, 1);
    });
}

/// What does not exist has no lists, and a delta needs a base.
#[test]
fn k4_only_scopes_that_exist_have_lists() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        let refused = publish(&house.ctx, &house.scope(0), ListKind::Delta).await;
        assert!(matches!(refused, Err(ListError::NoBase(_))));
        let beyond = Scope { generation: 2, ..house.scope(0) };
        for (scope, kind) in
            [(house.scope(3), ListKind::Full), (house.scope(1), ListKind::Delta), (beyond, ListKind::Full)]
        {
            let refused = publish(&house.ctx, &scope, kind).await;
            assert!(matches!(refused, Err(ListError::NoSuchScope(_))), "{scope}");
        }
        assert_eq!(house.count("SELECT COUNT(*) FROM ca_list").await, 0);
    });
}

/// A scope of the same name as in certificates: both are made from the same address.
#[test]
fn k4_distribution_points_are_those_of_certificates() {
    let id = AuthorityId::new("claims-ca").expect("a name");
    let authority = row(&id, 2, schedule(), UtcMicros(0));
    let urls = crate::urls::of(&authority, 3);
    let scope = |partition| Scope { authority: id.clone(), generation: 3, partition };
    let ours = |partition, kind| lists::ListName::of(&scope(partition), kind).url(&authority.base_url, &id);
    assert_eq!(urls.full_crl, Some(ours(0, ListKind::Full)));
    assert_eq!(urls.delta_crl, Some(ours(0, ListKind::Delta)));
    assert_eq!(urls.partition_crl.map(|url| url.replace("{n}", "2")), Some(ours(2, ListKind::Full)));
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads start")
}
