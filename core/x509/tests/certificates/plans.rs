//! Plans: every profile, key and issuer; what becomes of requests; what is compared after signing.

use crate::support::*;
use core_crypto::KeyAlg;
use core_x509::certificate::{Certificate, Tbs};
use core_x509::explain::Explain;
use core_x509::general_name::GeneralName;
use core_x509::lint::lint;
use core_x509::name::{C, CN, Name, O};
use core_x509::oid;
use core_x509::plan::dns::DnsFault;
use core_x509::plan::{AltName, NameProblem, Plan, PlanRefused, SubjectValue};
use core_x509::tlv;
use kit_keys::Provider;
use kit_keys::testing::key;

#[test]
fn every_built_in_profile_issues_to_every_kind_of_key_under_every_kind_of_issuer() {
    for id in ["claims-provider", "claims-agent", "tls-server", "ocsp-signer", "tsa-signer", "issuing-ca"] {
        let profile = builtin(id);
        let order = usual_order(&profile);
        for issuer_alg in KeyAlg::ALL {
            let issuer = issuer(issuer_alg);
            for alg in [KeyAlg::Rsa2048, KeyAlg::P256, KeyAlg::P384, KeyAlg::Ed25519, KeyAlg::MlDsa65] {
                let key = key(alg, 2);
                let request = csr(&key, &[], &[]);
                let plan = plan(&profile, &issuer, &request, &order).expect(id);
                assert_eq!(plan.spki_sha256(), &sha256(key.public_spki()));
                assert_eq!(plan.profile_hash(), profile.hash());
                let der = sign(plan.clone(), &profile, &issuer, &issuer_key(issuer_alg));
                let read = Certificate::parse(&der).expect("a certificate");
                assert_eq!(read.tbs.subject_key_id(), Ok(Some(plan.key_id())));
                assert_eq!(read.tbs.der, plan.tbs());
            }
        }
    }
}

#[test]
fn a_provider_certificate_is_what_the_claims_desk_ordered() {
    let profile = builtin("claims-provider");
    let mut order =
        Order::of(&[("federation", "Osaka Federation"), ("kind", "Care"), ("provider_number", "2712345678")]);
    let request = csr(&key(KeyAlg::Rsa2048, 0), &[(CN, "whatever the client wrote")], &[]);
    let plan = plan(&profile, &issuer(KeyAlg::Rsa3072), &request, &order).expect("a plan");
    assert_eq!(subject_of(&plan), "CN=2712345678,OU=Care,OU=Provider,O=Osaka Federation,C=JP");
    let der = sign(plan, &profile, &issuer(KeyAlg::Rsa3072), &issuer_key(KeyAlg::Rsa3072));
    let read = Certificate::parse(&der).expect("a certificate");
    let usage = read.tbs.key_usage().expect("readable").expect("there");
    assert_eq!(usage.names().collect::<Vec<_>>(), ["digitalSignature", "keyEncipherment"]);
    assert_eq!(read.tbs.basic_constraints(), Ok(None));

    // The attribute's own name works too; values stand in the profile's order whatever order they came in.
    order.subject =
        [("CN", "2712345678"), ("O", "国保連合会"), ("C", "JP")].map(|(k, v)| SubjectValue::new(k, v)).into();
    let request = csr(&key(KeyAlg::P256, 1), &[], &[]);
    let plan = crate::support::plan(&profile, &issuer(KeyAlg::P256), &request, &order).expect("a plan");
    assert_eq!(subject_of(&plan), "CN=2712345678,OU=Provider,O=国保連合会,C=JP");
    let tbs = Tbs::parse(plan.tbs(), &tlv::Limits::DEFAULT).expect("a TBSCertificate");
    let usage = tbs.key_usage().expect("readable").expect("there");
    assert_eq!(usage.names().collect::<Vec<_>>(), ["digitalSignature", "keyAgreement"]);
    let tags: Vec<_> = tbs.subject.attributes().map(|a| a.tag).collect();
    assert_eq!(tags, [tlv::PRINTABLE_STRING, tlv::UTF8_STRING, tlv::PRINTABLE_STRING, tlv::PRINTABLE_STRING]);
}

/// Shapes of the signing certificates of public personal authentication: otherNames of UTF8Strings, an
/// order of extensions of its own, policies that are critical, authorityKeyIdentifier in long form.
#[test]
fn other_shapes_can_be_declared() {
    let profile = profile(
        r#"
        id = "counter-signing"
        kind = "end-entity"
        title = { ja = "署名用電子証明書", en = "Signing certificate" }
        crl_distribution_points = "partitioned"
        authority_key_identifier = "full"
        freshest_crl = true
        extension_order = ["key_usage", "subject_alt_name", "certificate_policies", "1.2.392.100300.1.2.104",
            "crl_distribution_points", "freshest_crl", "authority_key_identifier", "subject_key_identifier"]
        extension = [{ oid = "1.2.392.100300.1.2.104", der = "13023237" }]
        [[validity]]
        period = "5 years"
        ends = "day-tokyo"
        [key]
        allow = ["rsa"]
        rsa_bits = { min = 2048, max = 2048 }
        [[subject]]
        attribute = "C"
        fixed = "JP"
        [[subject]]
        attribute = "L"
        string = "utf8"
        times = 2
        [[subject]]
        attribute = "CN"
        string = "utf8"
        pattern = "[0-9]{19}[0-9]{5}[0-9]{3}[A-Z]"
        [subject_alt_name]
        required = true
        directory = true
        [[subject_alt_name.other]]
        oid = "1.2.392.200149.8.5.5.1"
        max_length = 200
        [[subject_alt_name.other]]
        oid = "1.2.392.200149.8.5.5.4"
        pattern = "[0-5][0-9]{8}"
        [key_usage]
        bits = ["digitalSignature", "nonRepudiation"]
        [certificate_policies]
        critical = true
        policy = [{ oid = "1.2.392.200149.8.5.1.0.20", cps = "http://www.example.jp/cps.html", notice = "試験用" }]
        "#,
    );
    let mut issuer = issuer(KeyAlg::Rsa2048);
    issuer.own_certificate = Some(core_x509::issuer::OwnCertificate {
        issuer_der: issuer.name_der.clone(),
        serial: core_words::Serial::from_hex("c139").expect("a serial number"),
    });
    let birth = core_x509::oid::Oid::from_dotted("1.2.392.200149.8.5.5.4").expect("an identifier");
    let person = core_x509::oid::Oid::from_dotted("1.2.392.200149.8.5.5.1").expect("an identifier");
    let mut order =
        Order::of(&[("L", "Tokyo-to"), ("L", "Kiyose-shi"), ("CN", "202510161234560000113221003A")]);
    order.alt_names = vec![
        AltName::Other { oid: birth, text: "319800217".into() },
        AltName::Other { oid: person, text: "番号\u{3000}花子".into() },
        AltName::Directory(Name::of(&[(C, "JP"), (O, "公的")]).expect("a name")),
    ];
    assert_eq!(
        plan_own(&profile, &issuer, key(KeyAlg::Rsa2048, 0).public_spki(), &order),
        Err(PlanRefused::Partition)
    );
    order.partition = Some(13);
    let plan = plan_own(&profile, &issuer, key(KeyAlg::Rsa2048, 0).public_spki(), &order).expect("a plan");
    let der = sign(plan, &profile, &issuer, &issuer_key(KeyAlg::Rsa2048));
    let read = Certificate::parse(&der).expect("a certificate");
    let ids: Vec<_> = read.tbs.extensions.iter().filter_map(|e| e.id()).map(|o| o.to_string()).collect();
    let wanted = [
        "2.5.29.15",
        "2.5.29.17",
        "2.5.29.32",
        "1.2.392.100300.1.2.104",
        "2.5.29.31",
        "2.5.29.46",
        "2.5.29.35",
        "2.5.29.14",
    ];
    assert_eq!(ids, wanted);
    let points = read.tbs.distribution_points(&oid::CRL_DISTRIBUTION_POINTS).expect("readable");
    assert_eq!(points[0].full_name, [GeneralName::Uri("http://repository.example.jp/claims-ca/1/13.crl")]);
    let names = read.tbs.subject_alt_names().expect("readable");
    assert!(matches!(names[0], GeneralName::Directory(_)));
    assert!(matches!(names[1], GeneralName::Other { value, .. } if value.ends_with("花子".as_bytes())));

    let person_name = std::mem::replace(
        &mut order.alt_names[1],
        AltName::Other { oid: person, text: "花子\u{202e}".into() },
    );
    let refused = plan_own(&profile, &issuer, key(KeyAlg::Rsa2048, 0).public_spki(), &order);
    assert_eq!(refused, Err(PlanRefused::Name { name: person.to_string(), problem: NameProblem::Character }));
    order.alt_names[1] = person_name;

    order.alt_names.remove(0);
    let refused = plan_own(&profile, &issuer, key(KeyAlg::Rsa2048, 0).public_spki(), &order);
    assert_eq!(refused, Err(PlanRefused::Missing { name: birth.to_string() }));
}

#[test]
fn requested_extensions_are_ignored_or_refused_as_the_profile_says() {
    let issuer = issuer(KeyAlg::P256);
    let key = key(KeyAlg::P256, 1);
    let strange: &[u8] = &[0x2a, 3, 4];
    let null: &[u8] = &[5, 0];
    let setting = |value: &str| {
        changed(
            "claims-provider",
            "[key]\n",
            &format!("[request]\nunknown_extensions = \"{value}\"\n\n[key]\n"),
        )
    };
    for (profile, critical, ok) in [
        (builtin("claims-provider"), false, true),
        (builtin("claims-provider"), true, false),
        (setting("refuse"), false, false),
        (setting("refuse-critical"), true, false),
        (setting("ignore"), true, true),
    ] {
        let request = csr(&key, &[], &[(strange, critical, null)]);
        let result = plan(&profile, &issuer, &request, &usual_order(&profile));
        if ok {
            sign(result.expect("ignored"), &profile, &issuer, &issuer_key(KeyAlg::P256));
        } else {
            assert_eq!(result, Err(PlanRefused::RequestExtension { oid: "1.2.3.4".into() }));
        }
    }
    // A request cannot make itself an authority, nor choose its usage.
    let profile = builtin("claims-provider");
    let request = csr(
        &key,
        &[],
        &[
            (oid::BASIC_CONSTRAINTS.content(), true, b"\x30\x03\x01\x01\xff"),
            (oid::KEY_USAGE.content(), true, b"\x03\x02\x01\x06"),
        ],
    );
    let der = sign(
        plan(&profile, &issuer, &request, &usual_order(&profile)).expect("a plan"),
        &profile,
        &issuer,
        &issuer_key(KeyAlg::P256),
    );
    let read = Certificate::parse(&der).expect("a certificate");
    assert_eq!(read.tbs.basic_constraints(), Ok(None));
    assert!(!read.tbs.key_usage().expect("readable").expect("there").key_cert_sign());
}

#[test]
fn keys_and_names_of_the_issuer_are_nobody_elses() {
    let issuer = issuer(KeyAlg::P256);
    let own = issuer_key(KeyAlg::P256);
    let profile = builtin("claims-provider");
    let refused =
        plan_own(&profile, &issuer, own.public_spki(), &usual_order(&profile)).expect_err("refused");
    assert_eq!(refused.code(), "authority.issuer_unfit");
    let ca = builtin("issuing-ca");
    let order = Order::of(&[("C", "JP"), ("O", "Federation"), ("CN", "Claims CA")]);
    let refused = plan_own(&ca, &issuer, key(KeyAlg::P256, 1).public_spki(), &order).expect_err("refused");
    assert_eq!(refused.code(), "authority.issuer_unfit");
}

#[test]
fn a_missing_address_is_found_before_anything_is_planned() {
    for (id, what) in [("claims-provider", "the list"), ("issuing-ca", "the list")] {
        let mut issuer = issuer(KeyAlg::P256);
        issuer.urls.full_crl = None;
        let profile = builtin(id);
        let refused = plan_own(&profile, &issuer, key(KeyAlg::P256, 1).public_spki(), &usual_order(&profile));
        assert_eq!(refused, Err(PlanRefused::IssuerUrl(what)));
    }
    // An issuer without a responder is simply not referred to.
    let mut issuer = issuer(KeyAlg::P256);
    issuer.urls.ocsp = None;
    let profile = builtin("claims-provider");
    let plan = plan_own(&profile, &issuer, key(KeyAlg::P256, 1).public_spki(), &usual_order(&profile));
    sign(plan.expect("a plan"), &profile, &issuer, &issuer_key(KeyAlg::P256));
}

/// After a crash the recorded octets are all there is: they lead to the same plan, and are linted again.
#[test]
fn a_plan_is_read_back_from_its_octets() {
    let (profile, issuer) = (builtin("claims-provider"), issuer(KeyAlg::P256));
    let plan = plan_own(&profile, &issuer, key(KeyAlg::P256, 1).public_spki(), &usual_order(&profile))
        .expect("a plan");
    let again = Plan::from_recorded(plan.tbs(), &profile, &issuer, &Provider).expect("the same");
    assert_eq!(again, plan);
    assert!(lint(again, &profile, &issuer, &Provider).is_ok());
    assert!(Plan::from_recorded(&plan.tbs()[1..], &profile, &issuer, &Provider).is_err());
}

#[test]
fn what_was_signed_is_compared_with_the_plan() {
    use core_x509::assemble::{SignedDiffers, assemble, compare_signed};
    let (profile, issuer) = (builtin("claims-provider"), issuer(KeyAlg::P256));
    let make = |number| {
        plan_own(&profile, &issuer, key(KeyAlg::P256, number).public_spki(), &usual_order(&profile))
            .expect("a plan")
    };
    let (plan, other) = (make(1), make(2));
    let der = sign(plan.clone(), &profile, &issuer, &issuer_key(KeyAlg::P256));
    let differs =
        |der: &[u8], plan: &Plan| compare_signed(der, plan.tbs(), plan.sig_alg()).expect_err("differs");
    assert_eq!(differs(&der, &other), SignedDiffers::Octets);
    assert!(matches!(differs(&der[..der.len() - 1], &plan), SignedDiffers::Malformed(_)));
    let wrong = assemble(plan.tbs(), core_crypto::SigAlg::EcdsaSha384, &[0; 70]);
    assert_eq!(differs(&wrong, &plan), SignedDiffers::Algorithm);
    let forged = assemble(plan.tbs(), plan.sig_alg(), &[0; 70]);
    let same = compare_signed(&forged, plan.tbs(), plan.sig_alg()).expect("the octets are the same");
    assert_eq!(same.verify(&Provider, &issuer.spki).err(), Some(SignedDiffers::Signature));
}

#[test]
fn every_refusal_speaks_both_languages() {
    use core_x509::plan::ValidityProblem;
    let name = |problem| PlanRefused::Name { name: "CN".into(), problem };
    let refusals = [
        PlanRefused::Proof,
        name(NameProblem::NoPlace),
        name(NameProblem::Value),
        name(NameProblem::Length),
        name(NameProblem::Character),
        name(NameProblem::Dns(DnsFault::Wildcard)),
        name(NameProblem::Dns(DnsFault::NotQualified)),
        name(NameProblem::Dns(DnsFault::Label)),
        name(NameProblem::Domain),
        name(NameProblem::Syntax),
        name(NameProblem::NotInSan),
        name(NameProblem::NotGranted),
        name(NameProblem::TooMany),
        PlanRefused::Missing { name: "CN".into() },
        PlanRefused::RequestExtension { oid: "1.2.3".into() },
        PlanRefused::Validity(ValidityProblem::TooEarly),
        PlanRefused::Validity(ValidityProblem::TooLate),
        PlanRefused::Validity(ValidityProblem::TooLong),
        PlanRefused::Validity(ValidityProblem::Over),
        PlanRefused::Validity(ValidityProblem::NotDayEnd),
        PlanRefused::Validity(ValidityProblem::Unsayable),
        PlanRefused::IssuerEnds { issuer_ends: now() },
        PlanRefused::Partition,
        PlanRefused::IssuerUrl("the list"),
        PlanRefused::Issuer("the key is the authority's own"),
    ];
    for refusal in refusals {
        let words = refusal.explain();
        assert!(refusal.code().starts_with("authority."));
        assert!(words.ja.ends_with('。') && words.next_ja.ends_with('。'), "{words:?}");
        assert!(words.en.ends_with('.') && words.next_en.ends_with('.'), "{words:?}");
        assert!(words.en.starts_with(|c: char| c.is_uppercase()), "{words:?}");
    }
}

#[test]
fn faults_of_issuers_and_devices_speak_both_languages_too() {
    use core_x509::assemble::SignedDiffers;
    use core_x509::issuer::BadIssuer;
    use core_x509::tlv::{TlvError, TlvFault};
    let malformed = TlvError { at: 3, fault: TlvFault::Length };
    let issuers: [Box<dyn Explain>; 3] = [
        Box::new(BadIssuer::Malformed(malformed)),
        Box::new(BadIssuer::NoAuthority),
        Box::new(BadIssuer::Algorithm),
    ];
    let devices: [Box<dyn Explain>; 4] = [
        Box::new(SignedDiffers::Malformed(malformed)),
        Box::new(SignedDiffers::Octets),
        Box::new(SignedDiffers::Algorithm),
        Box::new(SignedDiffers::Signature),
    ];
    for fault in issuers.iter().chain(&devices) {
        let words = fault.explain();
        assert!(fault.code().starts_with("authority."));
        assert!(words.ja.ends_with('。') && words.next_ja.ends_with('。'), "{words:?}");
        assert!(
            words.en.starts_with(|c: char| c.is_uppercase()) && words.next_en.ends_with('.'),
            "{words:?}"
        );
    }
}
