//! Issuing over the engine's front, on both databases (K3, K4, K8).

use authority_engine::testing::{COMPONENTS, Follows, House, Plan};
use authority_front::{CertificateState, Front, Issued, Kind, Order, Refusal, Revocation};
use authority_journal::{codes::AuthorityState, orders};
use core_crypto::{Digest, Verify};
use core_words::{Actor, CertRef, OperatorId, ProfileId, RevocationReason, UtcMicros};
use core_x509::certificate::Certificate;
use kit_clock::{Clock, ManualClock};
use kit_keys::Provider;
use kit_store::{Db, StoreError, params, testing};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use std::{path::PathBuf, sync::Arc};

const NOON: UtcMicros = UtcMicros(1_790_000_000_000_000);

struct Town {
    house: House,
    clock: ManualClock,
    folder: PathBuf,
    db: Db,
}

impl Town {
    async fn new(db: Db) -> Self {
        let clock = ManualClock::at(NOON);
        let folder = tempfile::tempdir().expect("a folder").keep();
        let house = House::new(db.clone(), &folder, plan(&clock)).await;
        Self { house, clock, folder, db }
    }

    /// Another process over the same store.
    async fn again(&self) -> House {
        House::again(self.db.clone(), &self.folder, &plan(&self.clock)).await
    }

    async fn issue(&self, order: Order) -> Result<Issued, Refusal> {
        self.house.engine.order(order).await
    }

    async fn revoke(
        &self,
        cert: &CertRef,
        reason: Option<RevocationReason>,
    ) -> Result<CertificateState, Refusal> {
        let revocation = Revocation {
            cert: cert.clone(),
            reason,
            invalidity: None,
            operator: OperatorId::new("operator").expect("a name"),
            actor: Actor::ra("desk"),
        };
        self.house.engine.revoke(revocation).await.map(|r| r.state)
    }

    async fn count(&self, sql: &'static str) -> i64 {
        self.db.read(move |tx| tx.query_one(sql, params![])?.get(0)).await.expect("a count")
    }

    /// The kinds of all entries, sorted: ids of concurrent connections say nothing about order.
    async fn kinds(&self) -> Vec<String> {
        let bodies: Vec<Vec<u8>> = self
            .db
            .read(|tx| {
                tx.query("SELECT body FROM ledger_entry", params![])?.iter().map(|r| r.get(0)).collect()
            })
            .await
            .expect("entries");
        let mut kinds: Vec<_> =
            bodies.iter().map(|b| kit_ledger::Body::decode(b).expect("an entry").kind).collect();
        kinds.sort();
        kinds
    }
}

fn plan(clock: &ManualClock) -> Plan {
    let shared: kit_clock::SharedClock = Arc::new(clock.clone());
    Plan { clock: shared.clone(), steady: Arc::new(Follows(shared)), ..Plan::default() }
}

fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key")
}

fn request_by(key: &KeyPair, host: &str) -> Vec<u8> {
    let mut params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, host);
    params.serialize_request(key).expect("a request").der().to_vec()
}

fn request(host: &str) -> Vec<u8> {
    request_by(&key(), host)
}

fn on_both<F: Future<Output = ()>>(test: impl Fn(Town) -> F) {
    testing::both_with(COMPONENTS, |db| async { test(Town::new(db).await).await });
}

#[test]
fn k3_a_certificate_is_issued_verifies_and_is_in_the_ledger() {
    on_both(|town| async move {
        let issued = town.issue(town.house.order(request("a.example.com"))).await.expect("issued");
        let certificate = Certificate::parse(&issued.der).expect("a certificate");
        assert_eq!(certificate.tbs.serial, issued.cert.serial.der_content());
        let authority = town.house.authority.clone();
        let generation = town
            .db
            .read(move |tx| authority_journal::authorities::active_generation(tx, &authority))
            .await
            .expect("a generation")
            .expect("the root");
        Provider
            .verify(generation.sig_alg, &generation.spki, certificate.tbs.der, certificate.signature)
            .expect("signed by the root");
        assert_eq!(town.kinds().await, ["certificate.issued", "certificate.recorded"]);
        let view = town.house.engine.certificate(&issued.cert).await.expect("found").expect("issued");
        assert_eq!((view.der, view.state), (issued.der, CertificateState::Good));
    });
}

/// Incident: one serial in two certificates after a retry. The same key gives the same certificate, octet by octet, and
/// one answer alone says that it is new: also when the second finds the record before it is published, and finishes it.
#[test]
fn incident_one_serial_in_two_certificates_after_a_retry() {
    const ROUNDS: i64 = 20;
    on_both(|town| async move {
        for round in 0..ROUNDS {
            let mut order = town.house.order(request(&format!("retry-{round}.example.com")));
            order.key = Some(format!("order-{round}"));
            let (first, second) = tokio::join!(town.issue(order.clone()), town.issue(order.clone()));
            let (first, second) = (first.expect("issued"), second.expect("answered"));
            let third = town.issue(order).await.expect("answered again");
            assert_eq!((&first.der, &first.der), (&second.der, &third.der));
            assert!(third.repeated && (first.repeated ^ second.repeated), "round {round}");
        }
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_certificate").await, ROUNDS);
    });
}

/// The same incident over a crash: what was recorded is finished once, by whoever comes first.
#[test]
fn incident_one_serial_in_two_certificates_after_a_crash_and_a_retry() {
    on_both(|town| async move {
        let mut order = town.house.order(request("crash.example.com"));
        order.key = Some("order-1".into());
        let issued = town.issue(order.clone()).await.expect("issued");
        // The state a crash leaves between record and publication: no signature, no feed entry.
        town.db
            .write(|tx| {
                tx.execute(
                    "UPDATE ca_certificate SET signature = NULL, issued_us = NULL, ledger_entry = NULL",
                    params![],
                )?;
                tx.execute("DELETE FROM ca_feed", params![]).map(drop)
            })
            .await
            .map_err(|e: StoreError| e)
            .expect("changed");
        assert!(
            town.house.engine.certificate(&issued.cert).await.expect("looked").is_none(),
            "not yet published"
        );
        let other = town.again().await;
        let (retried, recovered) =
            tokio::join!(other.engine.order(order.clone()), town.house.engine.recover(true));
        let retried = retried.expect("finished");
        assert!(recovered.expect("recovered").abandoned == 0);
        let view = town.house.engine.certificate(&issued.cert).await.expect("looked").expect("published");
        assert_eq!((retried.cert, &retried.der), (issued.cert, &view.der));
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_feed").await, 1);
        assert_eq!(town.issue(order).await.expect("the same").der, view.der);
    });
}

#[test]
fn k3_a_key_of_another_request_is_a_conflict() {
    on_both(|town| async move {
        let mut order = town.house.order(request("a.example.com"));
        order.key = Some("order-1".into());
        town.issue(order.clone()).await.expect("issued");
        order.request = request("b.example.com");
        let refusal = town.issue(order.clone()).await.expect_err("refused");
        assert_eq!((refusal.code, refusal.kind), ("authority.idempotency_conflict", Kind::Conflict));
        // Another orderer has keys of its own.
        order.orderer = "other".into();
        town.issue(order).await.expect("issued");
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_certificate").await, 2);
    });
}

#[test]
fn k3_a_key_in_use_by_another_subject_is_refused_and_the_ledger_tells() {
    on_both(|town| async move {
        let key = key();
        town.issue(town.house.order(request_by(&key, "a.example.com"))).await.expect("issued");
        town.issue(town.house.order(request_by(&key, "a.example.com")))
            .await
            .expect("renewed by the same subject");
        let before = town.count("SELECT COUNT(*) FROM ca_certificate").await;
        let refusal =
            town.issue(town.house.order(request_by(&key, "b.example.com"))).await.expect_err("refused");
        assert_eq!(refusal.code, "authority.key_reused");
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_certificate").await, before);
        assert_eq!(town.kinds().await.last().map(String::as_str), Some("order.refused"));
        let preflight =
            town.house.engine.preflight(&town.house.order(request_by(&key, "b.example.com"))).await;
        assert_eq!(preflight.expect_err("refused").code, "authority.key_reused");
    });
}

#[test]
fn k3_the_key_of_a_certificate_revoked_for_compromise_is_refused_for_ever() {
    on_both(|town| async move {
        let key = key();
        let issued = town.issue(town.house.order(request_by(&key, "a.example.com"))).await.expect("issued");
        town.revoke(&issued.cert, Some(RevocationReason::KeyCompromise)).await.expect("revoked");
        let refusal =
            town.issue(town.house.order(request_by(&key, "a.example.com"))).await.expect_err("refused");
        assert_eq!(refusal.code, "authority.key_compromised");
    });
}

/// Two operators order with one key for two subjects at once: one wins.
#[test]
fn k3_two_subjects_race_for_one_key_and_one_wins() {
    on_both(|town| async move {
        let key = key();
        let orders: Vec<_> = (0..16)
            .map(|i| town.issue(town.house.order(request_by(&key, &format!("h{i}.example.com")))))
            .collect();
        let mut tasks = Vec::new();
        for order in orders {
            tasks.push(order.await);
        }
        assert_eq!(tasks.iter().filter(|t| t.is_ok()).count(), 1);
        assert!(tasks.iter().filter_map(|t| t.as_ref().err()).all(|r| r.code == "authority.key_reused"));
    });
}

#[test]
fn k3_wrong_proof_of_possession_unknown_profile_and_nonsense_change_nothing() {
    on_both(|town| async move {
        let mut forged = request("a.example.com");
        let last = forged.len() - 1;
        forged[last] ^= 1;
        let truncated = request("a.example.com")[..100].to_vec();
        let mut unknown = town.house.order(request("a.example.com"));
        unknown.profile = ProfileId::new("claims-provider").expect("a name");
        for (order, code) in [
            (town.house.order(forged), "authority.request_signature"),
            (town.house.order(truncated), "authority.request_malformed"),
            (town.house.order(Vec::new()), "authority.request_malformed"),
            (unknown, "authority.profile_unknown"),
        ] {
            let refusal = town.issue(order).await.expect_err("refused");
            assert_eq!(refusal.code, code);
            assert!(!refusal.message.ja.is_empty() && !refusal.next.ja.is_empty());
        }
        for table in [
            "SELECT COUNT(*) FROM ca_certificate",
            "SELECT COUNT(*) FROM ca_order",
            "SELECT COUNT(*) FROM ca_key",
        ] {
            assert_eq!(town.count(table).await, 0, "{table}");
        }
        assert_eq!(town.kinds().await, ["order.refused"; 4]);
    });
}

#[test]
fn k4_revoke_hold_release_and_revoke_again() {
    on_both(|town| async move {
        let issued = town.issue(town.house.order(request("a.example.com"))).await.expect("issued");
        let cert = &issued.cert;
        town.clock.advance_seconds(60);
        let held_at = town.clock.now();
        assert_eq!(
            town.revoke(cert, Some(RevocationReason::CertificateHold)).await,
            Ok(CertificateState::Held { since: held_at })
        );
        town.clock.advance_seconds(60);
        assert_eq!(town.revoke(cert, None).await, Ok(CertificateState::Good));
        let refusal = town.revoke(cert, None).await.expect_err("not held");
        assert_eq!(refusal.code, "authority.not_held");
        let at = town.clock.now();
        let state = town.revoke(cert, Some(RevocationReason::Superseded)).await.expect("revoked");
        assert_eq!(
            state,
            CertificateState::Revoked { at, reason: RevocationReason::Superseded, invalidity: None }
        );
        assert_eq!(town.revoke(cert, Some(RevocationReason::Superseded)).await, Ok(state));
        let refusal = town.revoke(cert, Some(RevocationReason::KeyCompromise)).await.expect_err("for good");
        assert_eq!(refusal.code, "authority.already_revoked");
        let changes: Vec<_> = town
            .kinds()
            .await
            .into_iter()
            .filter(|k| !k.contains("issued") && !k.contains("recorded"))
            .collect();
        assert_eq!(
            changes,
            [
                "certificate.held",
                "certificate.released",
                "certificate.revoked",
                "order.refused",
                "order.refused"
            ]
        );
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_feed WHERE kind IN (3, 4, 5)").await, 3);
    });
}

#[test]
fn k4_two_operators_revoke_at_once_and_one_reason_stands() {
    on_both(|town| async move {
        let issued = town.issue(town.house.order(request("a.example.com"))).await.expect("issued");
        let (a, b) = tokio::join!(
            town.revoke(&issued.cert, Some(RevocationReason::Superseded)),
            town.revoke(&issued.cert, Some(RevocationReason::CessationOfOperation)),
        );
        assert!(a.is_ok() ^ b.is_ok());
        assert_eq!(a.err().or(b.err()).expect("one lost").code, "authority.already_revoked");
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_revocation").await, 1);
    });
}

#[test]
fn k4_what_was_never_issued_cannot_be_revoked() {
    on_both(|town| async move {
        let issued = town.issue(town.house.order(request("a.example.com"))).await.expect("issued");
        let mut serial = *issued.cert.serial.octets();
        serial[19] ^= 1;
        let cert = CertRef {
            serial: core_words::Serial::from_magnitude(&serial).expect("a serial"),
            ..issued.cert.clone()
        };
        let refusal = town.revoke(&cert, Some(RevocationReason::KeyCompromise)).await.expect_err("unknown");
        assert_eq!((refusal.code, refusal.kind), ("authority.certificate_unknown", Kind::NotFound));
    });
}

#[test]
fn k15_locked_keys_refuse_before_anything_is_recorded() {
    on_both(|town| async move {
        town.house.ctx.signers.store().lock();
        let refusal = town.issue(town.house.order(request("a.example.com"))).await.expect_err("locked");
        assert_eq!((refusal.code, refusal.kind), ("authority.keys_locked", Kind::Unavailable));
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_order").await, 0);
        // Unlocked again, all goes on without hands.
        let again = town.again().await;
        again.engine.order(again.order(request("a.example.com"))).await.expect("issued");
    });
}

#[test]
fn k3_a_clock_set_back_or_forward_refuses_and_recovers() {
    on_both(|town| async move {
        town.issue(town.house.order(request("a.example.com"))).await.expect("issued");
        town.clock.advance_seconds(-3600);
        let refusal = town.issue(town.house.order(request("b.example.com"))).await.expect_err("clock");
        assert_eq!(refusal.code, "authority.clock_untrusted");
        // A new process knows from the records that the clock is behind.
        let again = town.again().await;
        let refusal = again.engine.order(again.order(request("b.example.com"))).await.expect_err("clock");
        assert_eq!(refusal.code, "authority.clock_untrusted");
        town.clock.advance_seconds(3601);
        town.issue(town.house.order(request("b.example.com"))).await.expect("issued again");
    });
}

#[test]
fn k1_a_suspended_authority_issues_nothing_and_revokes_on() {
    on_both(|town| async move {
        let issued = town.issue(town.house.order(request("a.example.com"))).await.expect("issued");
        let authority = town.house.authority.clone();
        town.db
            .write(move |tx| {
                use authority_journal::authorities::set_state;
                set_state(tx, &authority, AuthorityState::Active, AuthorityState::Suspended)
            })
            .await
            .map_err(|e: StoreError| e)
            .expect("suspended");
        // What the engine remembers of the authority is old, and the record's own transaction knows better.
        let refusal = town.issue(town.house.order(request("b.example.com"))).await.expect_err("suspended");
        assert_eq!(refusal.code, "authority.suspended");
        town.revoke(&issued.cert, Some(RevocationReason::CessationOfOperation)).await.expect("revoked");
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_certificate").await, 1);
    });
}

#[test]
fn k3_many_orders_at_once_each_stands_or_falls_alone_and_no_serial_comes_twice() {
    on_both(|town| async move {
        let orders: Vec<_> = (0..600)
            .map(|i| {
                let mut der = request(&format!("h{i}.example.com"));
                if i % 100 == 7 {
                    let last = der.len() - 1;
                    der[last] ^= 1;
                }
                town.house.order(der)
            })
            .collect();
        let answers = town.house.engine.order_many(orders).await;
        assert_eq!(answers.len(), 600);
        for (i, answer) in answers.iter().enumerate() {
            match answer {
                Ok(issued) => {
                    let certificate = Certificate::parse(&issued.der).expect("a certificate");
                    assert!(
                        certificate.tbs.subject.to_string().contains(&format!("h{i}.example.com")),
                        "in order"
                    );
                }
                Err(refusal) => assert_eq!((i % 100, refusal.code), (7, "authority.request_signature")),
            }
        }
        assert_eq!(town.count("SELECT COUNT(DISTINCT serial) FROM ca_certificate").await, 594);
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_certificate WHERE signature IS NULL").await, 0);
    });
}

/// K3: the octets that were recorded are the octets that were signed.
#[test]
fn k3_the_journal_holds_exactly_what_was_signed() {
    on_both(|town| async move {
        let issued = town.issue(town.house.order(request("a.example.com"))).await.expect("issued");
        let stored =
            town.db.read(move |tx| orders::by_id(tx, issued.order_id)).await.expect("read").expect("stored");
        let certificate = Certificate::parse(&issued.der).expect("a certificate");
        assert_eq!(certificate.tbs.der, stored.tbs);
        assert_eq!(stored.spki_sha256, Provider.sha256(certificate.tbs.spki));
    });
}
