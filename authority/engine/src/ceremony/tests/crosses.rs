use super::*;
use core_crypto::KeyAlg;
use core_words::Serial;
use kit_keys::{SignInput, SoftKey, testing::key};
use kit_store::testing::both_with;

/// A foreign authority's certificate, as another house's software might make it.
fn foreign(subject: &SoftKey, issuer: Option<(&SoftKey, &[u8])>, ca: bool) -> Vec<u8> {
    let set = set_with(if ca { "foreign-root" } else { "foreign-end" }, ca);
    let text = set.iter().next().expect("one profile").profile.clone();
    let values =
        [("C", "JP"), ("O", "Partner"), ("CN", if issuer.is_some() { "Partner CA" } else { "Partner Root" })]
            .map(|(k, v)| core_x509::plan::SubjectValue::new(k, v));
    let name = core_x509::plan::subject_name(&text, &values).expect("a name");
    let (signer, issuer_name) = match issuer {
        None => (subject, name.der().to_vec()),
        Some((signer, der)) => {
            (signer, Certificate::parse(der).expect("readable").tbs.subject.der().to_vec())
        }
    };
    let info = issuer::self_signed(
        &id("partner"),
        1,
        &issuer_name,
        signer.public_spki(),
        signer.alg(),
        core_x509::issuer::Urls::default(),
        &Provider,
    )
    .expect("an issuer");
    let input = core_x509::plan::Input {
        key: rehearsal::own_key("partner", subject.public_spki()).expect("a key"),
        subject: &values,
        alt_names: &[],
        serial: Serial::from_magnitude(&[1]).expect("positive"),
        now: START,
        validity: core_x509::plan::ValidityWish::default(),
        partition: None,
        digest: &Provider,
    };
    let plan = core_x509::plan::plan(&text, &info, &input).expect("a plan");
    let signature = signer.sign_now(SignInput::Message(plan.tbs())).expect("signed");
    core_x509::assemble::assemble(plan.tbs(), signer.alg(), &signature)
}

/// A set of one profile: a root's, or one that certifies no authority.
fn set_with(id: &str, root: bool) -> ProfileSet {
    let base = if root { "root-ca" } else { "ocsp-signer" };
    let text = core_x509::profile::Builtin::find(base).expect("built in").text;
    let text = text.replace(&format!("id = \"{base}\""), &format!("id = \"{id}\""));
    let mut set = ProfileSet::default();
    set.add(&text, &Provider).expect("a good profile");
    set
}

fn request<'a>(name: &str, presented: Presented<'a>) -> CrossRequest<'a> {
    CrossRequest {
        authority: id("root"),
        name: id(name),
        presented,
        profile: profile("cross-ca"),
        valid: None,
    }
}

impl House {
    async fn cross(&self, request: &CrossRequest<'_>) -> Result<Crossed, CeremonyError> {
        cross_certify(&self.ctx, &self.profiles, request, &actor()).await
    }
}

#[test]
fn k1_a_foreign_root_is_certified_recorded_and_published() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let theirs = key(KeyAlg::Rsa2048, 1);
        let der = foreign(&theirs, None, true);
        let presented = Presented::Certificate { der: &der, issuer: None };
        let crossed = house.cross(&request("partner", presented)).await.expect("certified");
        assert!(issued_by(&crossed.der, &house.authority("root").await.1.certificate));
        let read = Certificate::parse(&crossed.der).expect("readable");
        assert_eq!(read.tbs.spki, theirs.public_spki());
        assert_eq!(read.tbs.subject.to_string(), "CN=Partner Root,O=Partner,C=JP");
        assert_eq!(read.tbs.basic_constraints().expect("readable").expect("there").path_len, Some(0));
        let found = house
            .read(|tx| Ok(authority_journal::published::get(tx, &id("root"), "cross-partner")?))
            .await
            .expect("published");
        assert_eq!(found.certificate, crossed.der);
        // It is an ordinary certificate of its issuer: found by its serial number, so that it can be revoked.
        let cert = crossed.cert.clone();
        let order = house.read(move |tx| Ok(orders::by_serial(tx, &cert.authority, &cert.serial)?)).await;
        assert_eq!(order.map(|o| o.id), Some(found.id));

        let again = house.cross(&request("partner", presented)).await.expect("the same");
        assert_eq!((again.repeated, again.der), (true, crossed.der));
        let other =
            CrossRequest { valid: Some(core_x509::time::Period::Years(1)), ..request("partner", presented) };
        let refused = house.cross(&other).await.expect_err("asked for differently");
        assert!(matches!(refused, CeremonyError::Different(_)), "{refused}");
    });
}

#[test]
fn k1_a_foreign_authority_below_another_is_proven_by_its_issuer() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let (root, other, ca) = (key(KeyAlg::P256, 1), key(KeyAlg::P256, 2), key(KeyAlg::P256, 3));
        let root_der = foreign(&root, None, true);
        let ca_der = subordinate(&ca, &root, &root_der);
        let presented = Presented::Certificate { der: &ca_der, issuer: Some(&root_der) };
        house.cross(&request("sub", presented)).await.expect("certified");

        let refused = |r: Result<Crossed, CeremonyError>| match r {
            Err(CeremonyError::Foreign(why)) => why,
            other => panic!("{other:?}"),
        };
        let alone = Presented::Certificate { der: &ca_der, issuer: None };
        assert_eq!(refused(house.cross(&request("a", alone)).await), ForeignRefused::IssuerNeeded);
        // The same name, another key.
        let imposter = foreign(&other, None, true);
        let presented = Presented::Certificate { der: &ca_der, issuer: Some(&imposter) };
        assert_eq!(refused(house.cross(&request("b", presented)).await), ForeignRefused::Signature);
        let presented = Presented::Certificate { der: &ca_der, issuer: Some(&ca_der) };
        assert_eq!(refused(house.cross(&request("c", presented)).await), ForeignRefused::OtherIssuer);
        assert_eq!(house.count("ca_published").await, 1);
    });
}

#[test]
fn k1_whoever_trusts_us_reaches_a_partners_certificates() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let theirs = key(KeyAlg::P256, 1);
        let root = foreign(&theirs, None, true);
        let end_entity = foreign(&key(KeyAlg::P256, 2), Some((&theirs, &root)), false);
        let crossed =
            house.cross(&request("partner", Presented::Certificate { der: &root, issuer: None })).await;
        let directory = tempfile::tempdir().expect("a directory");
        let file = |name: &str, der: &[u8]| pem(directory.path(), name, der);
        let ours = file("ours.pem", &house.authority("root").await.1.certificate);
        let cross = file("cross.pem", &crossed.expect("certified").der);
        let leaf = file("leaf.pem", &end_entity);
        let at = START.plus(60).0.to_string();
        let (good, text) =
            openssl(&["verify", "-attime", &at, "-CAfile", &ours, "-untrusted", &cross, &leaf]);
        assert!(good, "{text}");
        assert!(!openssl(&["verify", "-attime", &at, "-CAfile", &ours, &leaf]).0);
    });
}

/// An authority certified by a foreign root.
fn subordinate(subject: &SoftKey, root: &SoftKey, root_der: &[u8]) -> Vec<u8> {
    let text = core_x509::profile::Builtin::find("issuing-ca").expect("built in").text;
    let text = text
        .replace("crl_distribution_points = \"full\"\n", "")
        .replace("authority_info_access = { ca_issuers = true, ocsp = true }\n", "");
    let mut set = ProfileSet::default();
    let name = set.add(&text, &Provider).expect("a good profile");
    let urls = core_x509::issuer::Urls::default();
    let info =
        issuer::certified(&id("partner"), 1, root_der, root.alg(), urls, &Provider).expect("an issuer");
    let values = [("C", "JP"), ("O", "Partner"), ("CN", "Partner CA")]
        .map(|(k, v)| core_x509::plan::SubjectValue::new(k, v));
    let input = core_x509::plan::Input {
        key: rehearsal::own_key("partner", subject.public_spki()).expect("a key"),
        subject: &values,
        alt_names: &[],
        serial: Serial::from_magnitude(&[2]).expect("positive"),
        now: START,
        validity: core_x509::plan::ValidityWish::default(),
        partition: None,
        digest: &Provider,
    };
    let plan = core_x509::plan::plan(&set.get(&name).expect("there").profile, &info, &input).expect("a plan");
    let signature = root.sign_now(SignInput::Message(plan.tbs())).expect("signed");
    core_x509::assemble::assemble(plan.tbs(), root.alg(), &signature)
}

#[test]
fn k1_bad_foreign_certificates_are_refused_and_nothing_changes() {
    let good = foreign(&key(KeyAlg::P256, 1), None, true);
    let check_at = |der: &[u8], now| {
        check_foreign(Presented::Certificate { der, issuer: None }, now, &Provider, &Provider).map(|_| ())
    };
    assert_eq!(check_at(&good, START), Ok(()));
    assert_eq!(check_at(&good, START.plus(-86_400)), Err(ForeignRefused::NotValid));
    assert_eq!(check_at(&good, START.plus(40 * 366 * 86_400)), Err(ForeignRefused::NotValid));
    let mut broken = good.clone();
    *broken.last_mut().expect("not empty") ^= 1;
    assert!(matches!(check_at(&broken, START), Err(ForeignRefused::Signature)));
    for cut in 0..good.len() {
        assert!(matches!(check_at(&good[..cut], START), Err(ForeignRefused::Malformed(_))), "{cut}");
    }
    let root = key(KeyAlg::P256, 1);
    let end_entity = foreign(&key(KeyAlg::P256, 2), Some((&root, &good)), false);
    assert_eq!(check_at(&end_entity, START), Err(ForeignRefused::NoAuthority));
}

#[test]
fn k1_a_foreign_request_is_certified_under_a_subordinate_profile() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let directory = tempfile::tempdir().expect("a directory");
        let path = |name: &str| directory.path().join(name).to_str().expect("a plain path").to_owned();
        let (csr, secret) = (path("ca.csr"), path("ca.key"));
        let (good, text) = openssl(&[
            "req",
            "-new",
            "-newkey",
            "rsa:3072",
            "-nodes",
            "-keyout",
            &secret,
            "-outform",
            "DER",
            "-out",
            &csr,
            "-subj",
            "/C=JP/O=Partner/CN=Partner CA",
            "-sha256",
        ]);
        assert!(good, "{text}");
        let der = std::fs::read(&csr).expect("it reads");
        let asked =
            CrossRequest { profile: profile("issuing-ca"), ..request("partner", Presented::Request(&der)) };
        let crossed = house.cross(&asked).await.expect("certified");
        let read = Certificate::parse(&crossed.der).expect("readable");
        assert_eq!(read.tbs.subject.to_string(), "CN=Partner CA,O=Partner,C=JP");

        // A request does not go with a profile that takes its name from a certificate.
        let wrong = house.cross(&request("x", Presented::Request(&der))).await.expect_err("another kind");
        assert!(matches!(wrong, CeremonyError::WrongProfile(_)), "{wrong}");
        let mut forged = der.clone();
        *forged.last_mut().expect("not empty") ^= 1;
        let asked =
            CrossRequest { profile: profile("issuing-ca"), ..request("y", Presented::Request(&forged)) };
        let refused = house.cross(&asked).await.expect_err("no proof of possession");
        assert!(matches!(refused, CeremonyError::Foreign(ForeignRefused::Request(_))), "{refused}");
    });
}

#[test]
fn k1_cross_certificates_come_from_authorities_that_issue() {
    both_with(&COMPONENTS, async |db| {
        let house = House::new(&db).await;
        house.hold(FILE).await;
        let der = foreign(&key(KeyAlg::P256, 1), None, true);
        let asked = request("partner", Presented::Certificate { der: &der, issuer: None });
        change_state(&house.ctx, &id("root"), StateChange::Suspend, &actor()).await.expect("allowed");
        let refused = house.cross(&asked).await.expect_err("suspended");
        assert!(matches!(refused, CeremonyError::WrongState(..)), "{refused}");
        // An authority with a path length of 0 certifies no other.
        let below = CrossRequest { authority: id("ca"), ..asked };
        assert!(matches!(house.cross(&below).await, Err(CeremonyError::Plan { .. })));
    });
}
