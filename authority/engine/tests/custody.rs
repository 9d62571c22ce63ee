//! Kept keys and the feed over the engine's front, on both databases (K8, K15, K16).

use authority_engine::{
    custody,
    testing::{COMPONENTS, Follows, House, Plan},
};
use authority_front::{
    CustodyId, FeedKind, Front, Issued, KeyOrder, Kind, MadeKey, Order, PackOrder, Refusal, RequestedName,
    Revocation,
};
use core_words::{Actor, CertRef, OperatorId, ProfileId, RevocationReason, UtcMicros};
use core_x509::{key::KeyKind, request::CertRequest, tlv::Limits};
use kit_clock::{Clock, ManualClock};
use kit_store::{Db, StoreError, params, testing};
use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::Arc,
};
use zeroize::Zeroizing;

const NOON: UtcMicros = UtcMicros(1_790_000_000_000_000);
const DAY: i64 = 86_400 * 1_000_000;

struct Town {
    house: House,
    clock: ManualClock,
    folder: PathBuf,
    db: Db,
}

fn operator(name: &str) -> OperatorId {
    OperatorId::new(name).expect("a name")
}

fn plan(clock: &ManualClock) -> Plan {
    let shared: kit_clock::SharedClock = Arc::new(clock.clone());
    Plan { clock: shared.clone(), steady: Arc::new(Follows(shared)), ..Plan::default() }
}

impl Town {
    async fn new(db: Db) -> Self {
        let clock = ManualClock::at(NOON);
        let folder = tempfile::tempdir().expect("a folder").keep();
        let house = House::new(db.clone(), &folder, plan(&clock)).await;
        Self { house, clock, folder, db }
    }

    fn key_order(&self, key: &str) -> KeyOrder {
        KeyOrder {
            orderer: "claims".into(),
            key: key.into(),
            operator: operator("operator"),
            actor: Actor::staff(7),
            profile: ProfileId::new("tls-server").expect("a name"),
            until: self.clock.now().plus_micros(30 * DAY),
        }
    }

    async fn make(&self, key: &str) -> MadeKey {
        self.house.engine.make_key(self.key_order(key)).await.expect("a key")
    }

    fn order(&self, made: &MadeKey, host: &str) -> Order {
        let name =
            RequestedName { subject: vec![("CN".into(), host.into())], dns_names: Some(vec![host.into()]) };
        Order { name: Some(name), key: Some(host.into()), ..self.house.order(made.request.clone()) }
    }

    async fn issue(&self, made: &MadeKey, host: &str) -> Issued {
        self.house.engine.order(self.order(made, host)).await.expect("issued")
    }

    async fn pack(&self, made: &MadeKey, cert: &CertRef, password: &str) -> Result<Vec<u8>, Refusal> {
        self.house.engine.pack(pack_order(made.custody, cert, password)).await.map(|file| file.to_vec())
    }

    async fn erase(&self, custody: CustodyId, operator_: &str) -> Result<bool, Refusal> {
        let (actor, why) = (Actor::staff(7), "handed over".to_owned());
        self.house.engine.erase_key(custody, actor, operator(operator_), why).await
    }

    async fn count(&self, sql: &'static str) -> i64 {
        self.db.read(move |tx| tx.query_one(sql, params![])?.get(0)).await.expect("a count")
    }

    /// How often the ledger tells of each kind of act upon keys: made, packed, erased.
    async fn told(&self) -> [usize; 3] {
        let bodies: Vec<Vec<u8>> = self
            .db
            .read(|tx| {
                tx.query("SELECT body FROM ledger_entry", params![])?.iter().map(|r| r.get(0)).collect()
            })
            .await
            .expect("entries");
        let kinds: Vec<String> =
            bodies.iter().map(|b| kit_ledger::Body::decode(b).expect("an entry").kind).collect();
        ["key.made", "key.packed", "key.erased"].map(|kind| kinds.iter().filter(|k| *k == kind).count())
    }

    /// Numbers the feed as the sequencer does after the commit.
    async fn number_feed(&self) {
        let number = |tx: &mut kit_store::Tx| -> Result<(), StoreError> {
            let mut seq = authority_journal::feed::head(tx)?;
            for row in tx.query("SELECT id FROM ca_feed WHERE seq IS NULL ORDER BY at_us, id", params![])? {
                seq += 1;
                tx.execute("UPDATE ca_feed SET seq = $1 WHERE id = $2", params![seq, row.get::<i64>(0)?])?;
            }
            Ok(())
        };
        self.db.write(number).await.expect("it numbers");
    }
}

fn pack_order(custody: CustodyId, cert: &CertRef, password: &str) -> PackOrder {
    PackOrder {
        custody,
        cert: cert.clone(),
        password: Zeroizing::new(password.to_owned()),
        friendly_name: "電子請求 1234567890".into(),
        actor: Actor::staff(7),
        operator: operator("operator"),
    }
}

fn on_both(test: impl AsyncFn(Town)) {
    testing::both_with(COMPONENTS, async |db| test(Town::new(db).await).await);
}

fn openssl(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is installed: cargo xtask setup");
    child.stdin.take().expect("piped").write_all(input).expect("openssl reads");
    child.wait_with_output().expect("openssl ends")
}

#[test]
fn k16_a_key_is_made_once_for_an_idempotency_key() {
    on_both(async |town| {
        let first = town.make("one").await;
        assert!(!first.repeated);
        let request = CertRequest::parse(&first.request, &Limits::DEFAULT).expect("well formed");
        assert_eq!(request.key.kind, KeyKind::Rsa { bits: 2048 });
        // A repeat may come later and so name another end; the first one stands.
        town.clock.advance_seconds(60);
        let again = town.make("one").await;
        assert_eq!(again, MadeKey { repeated: true, ..first.clone() });
        let other = KeyOrder { operator: operator("another"), ..town.key_order("one") };
        let refusal = town.house.engine.make_key(other).await.expect_err("another request");
        assert_eq!(refusal.code, "authority.idempotency_conflict");
        // By another orderer the same name is another key.
        let other = KeyOrder { orderer: "ra".into(), ..town.key_order("one") };
        let other = town.house.engine.make_key(other).await.expect("a key");
        assert_ne!((other.custody, &other.request), (first.custody, &first.request));
        let (a, b) = tokio::join!(town.make("two"), town.make("two"));
        assert_eq!((a.custody, &a.request), (b.custody, &b.request));
        assert!(a.repeated ^ b.repeated, "one was first");
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_custody").await, 3);
        assert_eq!(town.told().await, [3, 0, 0]);
    });
}

#[test]
fn k16_what_is_no_key_order_is_refused() {
    on_both(async |town| {
        let order = town.key_order("one");
        let now = town.clock.now();
        let profile = ProfileId::new("nothing").expect("a name");
        for (order, code) in [
            (KeyOrder { key: String::new(), ..order.clone() }, "authority.idempotency_key_form"),
            (KeyOrder { key: "a b".into(), ..order.clone() }, "authority.idempotency_key_form"),
            (KeyOrder { until: now, ..order.clone() }, "authority.custody_until"),
            (KeyOrder { until: now.plus_micros(400 * DAY + 1), ..order.clone() }, "authority.custody_until"),
            (KeyOrder { profile, ..order.clone() }, "authority.custody_profile"),
        ] {
            assert_eq!(town.house.engine.make_key(order).await.expect_err(code).code, code);
        }
        town.house.ctx.signers.store().lock();
        let refusal = town.house.engine.make_key(order).await.expect_err("locked");
        assert_eq!((refusal.code, refusal.kind), ("authority.keys_locked", Kind::Unavailable));
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_custody").await, 0);
    });
}

/// OpenSSL is the judge: the file opens, the key is that of the certificate, and the certificate leads to the root.
#[test]
fn k16_the_file_opens_in_openssl_and_its_key_is_that_of_its_certificate() {
    on_both(async |town| {
        let made = town.make("one").await;
        let issued = town.issue(&made, "a.example.com").await;
        for password in ["correct horse battery", "割符のことば・２０２６"] {
            let file = town.pack(&made, &issued.cert, password).await.expect("a file");
            let pass = format!("pass:{password}");
            let key = openssl(&["pkcs12", "-nodes", "-nocerts", "-passin", &pass], &file);
            assert!(key.status.success(), "{}", String::from_utf8_lossy(&key.stderr));
            let public = openssl(&["pkey", "-pubout"], &key.stdout).stdout;
            let leaf = openssl(&["pkcs12", "-clcerts", "-nokeys", "-passin", &pass], &file).stdout;
            assert_eq!(openssl(&["x509", "-pubkey", "-noout"], &leaf).stdout, public);
            assert!(!public.is_empty());
            assert_eq!(openssl(&["x509", "-outform", "DER"], &leaf).stdout, issued.der);
            let root = openssl(&["pkcs12", "-cacerts", "-nokeys", "-passin", &pass], &file).stdout;
            let chain = town.house.engine.chain(&town.house.authority).await.expect("a chain");
            assert_eq!(chain, [openssl(&["x509", "-outform", "DER"], &root).stdout]);
            let path = town.folder.join("root.pem");
            std::fs::write(&path, &root).expect("it writes");
            let at = NOON.whole_seconds().plus(60).0.to_string();
            let path = path.to_str().expect("a path");
            let verified = openssl(&["verify", "-attime", &at, "-CAfile", path], &leaf);
            assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
        }
        assert_eq!(town.told().await, [1, 2, 0]);
        assert!(!format!("{:?}", pack_order(made.custody, &issued.cert, "a secret word")).contains("secret"));
    });
}

#[test]
fn k16_a_file_is_refused_to_others_and_for_other_certificates() {
    on_both(async |town| {
        let (made, other) = (town.make("one").await, town.make("two").await);
        let issued = town.issue(&made, "a.example.com").await;
        let good = || pack_order(made.custody, &issued.cert, "long enough");
        let unknown = CertRef {
            authority: core_words::AuthorityId::new("nobody").expect("a name"),
            ..issued.cert.clone()
        };
        for (order, code) in [
            (PackOrder { operator: operator("another"), ..good() }, "authority.custody_unknown"),
            (PackOrder { custody: CustodyId(i64::MAX), ..good() }, "authority.custody_unknown"),
            (PackOrder { custody: other.custody, ..good() }, "authority.custody_mismatch"),
            (PackOrder { cert: unknown, ..good() }, "authority.certificate_unknown"),
            (PackOrder { password: Zeroizing::new("short 7".into()), ..good() }, "authority.pack_password"),
            (PackOrder { password: Zeroizing::new("a".repeat(129)), ..good() }, "authority.pack_password"),
            (
                PackOrder { password: Zeroizing::new("line\nbreak".into()), ..good() },
                "authority.pack_password",
            ),
            (PackOrder { friendly_name: String::new(), ..good() }, "authority.pack_name"),
            (PackOrder { friendly_name: "😀".into(), ..good() }, "authority.pack_name"),
        ] {
            assert_eq!(town.house.engine.pack(order).await.expect_err(code).code, code);
        }
        // Whoever has the database in his hands and puts a key under another operator has a key that does not open.
        town.db
            .write(|tx| tx.execute("UPDATE ca_custody SET operator = 'another'", params![]))
            .await
            .expect("it writes");
        let stolen = PackOrder { operator: operator("another"), ..good() };
        assert_eq!(town.house.engine.pack(stolen).await.expect_err("tampered").code, "authority.internal");
        assert_eq!(town.told().await, [2, 0, 0]);
    });
}

#[test]
fn k16_an_erased_key_is_gone_for_good() {
    on_both(async |town| {
        let made = town.make("one").await;
        let issued = town.issue(&made, "a.example.com").await;
        assert_eq!(
            town.erase(made.custody, "another").await.expect_err("not theirs").code,
            "authority.custody_unknown"
        );
        assert!(town.erase(made.custody, "operator").await.expect("erased"));
        assert!(!town.erase(made.custody, "operator").await.expect("already"));
        let refusal = town.pack(&made, &issued.cert, "long enough").await.expect_err("gone");
        assert_eq!((refusal.code, refusal.kind), ("authority.key_erased", Kind::Conflict));
        let refusal = town.house.engine.make_key(town.key_order("one")).await.expect_err("gone");
        assert_eq!(refusal.code, "authority.key_erased");
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_custody WHERE sealed IS NOT NULL").await, 0);
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_custody WHERE request IS NOT NULL").await, 0);
        assert_eq!(town.told().await, [1, 0, 1]);
        let long =
            town.house.engine.erase_key(made.custody, Actor::system(), operator("operator"), "a".repeat(201));
        assert_eq!(long.await.expect_err("too long").code, "authority.custody_why");
    });
}

/// The end of custody is exact to the microsecond, for whoever asks as for the sweep.
#[test]
fn k16_a_key_whose_time_is_over_is_erased_by_itself() {
    on_both(async |town| {
        let made = town.make("one").await;
        let issued = town.issue(&made, "a.example.com").await;
        town.clock.advance_micros(30 * DAY - 1);
        assert_eq!(custody::sweep(&town.house.ctx).await, Ok(0));
        town.pack(&made, &issued.cert, "long enough").await.expect("the last microsecond");
        town.clock.advance_micros(1);
        let refusal = town.pack(&made, &issued.cert, "long enough").await.expect_err("over, swept or not");
        assert_eq!(refusal.code, "authority.key_erased");
        let refusal = town.house.engine.make_key(town.key_order("one")).await.expect_err("over");
        assert_eq!(refusal.code, "authority.key_erased");
        assert_eq!(custody::sweep(&town.house.ctx).await, Ok(1));
        assert_eq!(custody::sweep(&town.house.ctx).await, Ok(0));
        assert_eq!(town.count("SELECT COUNT(*) FROM ca_custody WHERE sealed IS NOT NULL").await, 0);
        assert_eq!(town.told().await, [1, 1, 1]);
    });
}

/// K8, C: whoever follows the feed sees what has its number, once and in order, with the key of its order.
#[test]
fn k8_the_feed_tells_in_order_what_has_a_number() {
    on_both(async |town| {
        let made = town.make("one").await;
        let issued = town.issue(&made, "a.example.com").await;
        assert_eq!(town.house.engine.feed(0, 10).await, Ok(vec![]), "nothing has a number yet");
        town.number_feed().await;
        town.clock.advance_seconds(1);
        let revocation = Revocation {
            cert: issued.cert.clone(),
            reason: Some(RevocationReason::Superseded),
            invalidity: None,
            operator: operator("operator"),
            actor: Actor::staff(7),
        };
        town.house.engine.revoke(revocation).await.expect("revoked");
        town.number_feed().await;
        let all = town.house.engine.feed(0, 10).await.expect("entries");
        let told: Vec<_> = all.iter().map(|e| (e.seq, e.kind)).collect();
        assert_eq!(told, [(1, FeedKind::Issued), (2, FeedKind::Revoked)]);
        for entry in &all {
            assert_eq!(entry.orderer.as_deref(), Some("desk"));
            assert_eq!(entry.order_key.as_deref(), Some("a.example.com"));
            assert_eq!((entry.order_id, entry.cert.as_ref()), (Some(issued.order_id), Some(&issued.cert)));
        }
        assert_eq!(town.house.engine.feed(0, 1).await.expect("entries"), all[..1]);
        assert_eq!(town.house.engine.feed(1, 10).await.expect("entries"), all[1..]);
        assert_eq!(town.house.engine.feed(2, u32::MAX).await, Ok(vec![]));
    });
}
