//! Kept keys under a real hierarchy: root, issuing authority, rollover.

use super::*;
use crate::{Engine, Profiles};
use authority_front::{CustodyId, Front, Issued, KeyOrder, Order, PackOrder, RequestedName, Revocation};
use authority_journal::lists::{ListKind, Scope};
use core_words::{OperatorId, RevocationReason};
use core_x509::profile::{BUILTIN, Profile};
use kit_store::testing::both_with;

impl House {
    fn engine(&self) -> Engine {
        let profiles: Profiles = BUILTIN
            .iter()
            .map(|b| Profile::parse(b.text, &Provider).expect("built-in profiles are right"))
            .map(|p| (p.id().clone(), Arc::new(p)))
            .collect();
        Engine::start(Arc::new(self.ctx.clone()), profiles)
    }
}

fn operator() -> OperatorId {
    OperatorId::new("federation").expect("a name")
}

/// A key made for a provider, and the certificate issued for it.
async fn provider(house: &House, engine: &Engine, number: &str) -> (CustodyId, Issued) {
    let made = engine
        .make_key(KeyOrder {
            orderer: "claims".into(),
            key: number.into(),
            operator: operator(),
            actor: actor(),
            profile: profile("claims-provider"),
            until: house.clock.now().plus_seconds(86_400),
        })
        .await
        .expect("a key");
    let order = Order {
        orderer: "claims".into(),
        key: Some(number.into()),
        operator: operator(),
        actor: actor(),
        authority: id("ca"),
        profile: profile("claims-provider"),
        request: made.request,
        name: Some(RequestedName {
            subject: vec![("provider_number".into(), number.into())],
            dns_names: None,
        }),
        validity: None,
        subject_ref: None,
    };
    (made.custody, engine.order(order).await.expect("issued"))
}

async fn publish(house: &House, generation: u16) -> i64 {
    let scope = Scope { authority: id("ca"), generation, partition: 0 };
    let ctx = Arc::new(house.ctx.clone());
    crate::lists::publish(&ctx, &scope, ListKind::Full).await.expect("a list").list().number
}

#[test]
fn k16_a_chain_leads_from_the_issuer_to_the_root_that_signed_it() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let engine = house.engine();
        let (ca, root) = (house.generation("ca", 1).await, house.generation("root", 1).await);
        let old = [ca.certificate, root.certificate];
        assert_eq!(engine.chain(&id("ca")).await.expect("a chain"), old);
        assert_eq!(engine.chain(&id("root")).await.expect("a chain"), old[1..]);
        assert_eq!(engine.chain(&id("nobody")).await.expect_err("unknown").code, "authority.unknown");
        let (custody, issued) = provider(&house, &engine, "1234567890").await;

        // The root has a new key now, and the issuing authority is still below the old one.
        house.clock.advance_seconds(3_600);
        let request = |authority| RolloverRequest {
            authority: id(authority),
            from: 1,
            key: None,
            profile: None,
            valid: None,
            link_profile: profile("link"),
            participants: Vec::new(),
        };
        rollover(&house.ctx, &house.profiles, &request("root"), &actor()).await.expect("it rolls");
        assert_eq!(engine.chain(&id("ca")).await.expect("a chain"), old);
        rollover(&house.ctx, &house.profiles, &request("ca"), &actor()).await.expect("it rolls");
        let (ca, root) = (house.generation("ca", 2).await, house.generation("root", 2).await);
        assert_eq!(engine.chain(&id("ca")).await.expect("a chain"), [ca.certificate, root.certificate]);

        // What was issued before keeps the chain it was issued under: OpenSSL is the judge.
        let file = engine
            .pack(PackOrder {
                custody,
                cert: issued.cert.clone(),
                password: zeroize::Zeroizing::new("割符のことば・２０２６".into()),
                friendly_name: "事業所 1234567890".into(),
                actor: actor(),
                operator: operator(),
            })
            .await
            .expect("a file");
        let directory = tempfile::tempdir().expect("a directory");
        let path = |name: &str| directory.path().join(name).to_str().expect("a plain path").to_owned();
        std::fs::write(path("file.p12"), &*file).expect("it writes");
        for (kind, out) in [("-clcerts", "leaf.pem"), ("-cacerts", "above.pem")] {
            let arguments = ["pkcs12", kind, "-nokeys", "-passin", "pass:割符のことば・２０２６"];
            let (done, said) =
                openssl(&[&arguments[..], &["-in", &path("file.p12"), "-out", &path(out)]].concat());
            assert!(done, "{said}");
        }
        let above = std::fs::read_to_string(path("above.pem")).expect("it reads");
        assert_eq!(above.matches("BEGIN CERTIFICATE").count(), 2);
        let at = house.clock.now().whole_seconds().0.to_string();
        let root = pem(directory.path(), "root.pem", &old[1]);
        let (good, said) = openssl(&[
            "verify",
            "-attime",
            &at,
            "-CAfile",
            &root,
            "-untrusted",
            &path("above.pem"),
            &path("leaf.pem"),
        ]);
        assert!(good, "{said}");
    });
}

/// Each generation numbers its lists on its own: asked by number, the list that names the certificate answers.
#[test]
fn k4_of_two_lists_with_one_number_the_one_that_names_the_certificate_answers() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let engine = house.engine();
        let (_, old) = provider(&house, &engine, "1234567890").await;
        house.clock.advance_seconds(60);
        let request = RolloverRequest {
            authority: id("ca"),
            from: 1,
            key: None,
            profile: None,
            valid: None,
            link_profile: profile("link"),
            participants: Vec::new(),
        };
        rollover(&house.ctx, &house.profiles, &request, &actor()).await.expect("it rolls");
        engine.forget(&id("ca"));
        let (_, new) = provider(&house, &engine, "1234567891").await;
        assert_eq!((old.generation, new.generation), (1, 2));
        let numbers = [publish(&house, 1).await, publish(&house, 2).await];
        let number = numbers[0];
        assert_eq!(numbers, [number; 2], "else there is nothing to tell apart");
        let both = [old.cert.serial, new.cert.serial];
        let before = engine.listed(&id("ca"), number, &both).await.expect("read").expect("a list");
        assert_eq!(before.listed, [false, false]);
        for cert in [&old.cert, &new.cert] {
            let revocation = Revocation {
                cert: cert.clone(),
                reason: Some(RevocationReason::Superseded),
                invalidity: None,
                operator: operator(),
                actor: actor(),
            };
            house.clock.advance_seconds(60);
            engine.revoke(revocation).await.expect("revoked");
        }
        let number = publish(&house, 1).await;
        let answer = engine.listed(&id("ca"), number, &both).await.expect("read").expect("a list");
        assert_eq!(
            (answer.number, answer.listed),
            (number, vec![true, false]),
            "only generation 1 has this number"
        );
        assert_eq!(publish(&house, 2).await, number);
        let answer = engine.listed(&id("ca"), number, &both).await.expect("read").expect("a list");
        assert_eq!(answer.listed, [false, true], "the later generation names one of them");
        let answer = engine.listed(&id("ca"), number, &both[..1]).await.expect("read").expect("a list");
        assert_eq!(answer.listed, [true], "asked for the rest, the other list answers");
    });
}
