//! Plans: every kind of certificate, every source of names, every refusal.

use crate::support::*;
use core_crypto::KeyAlg;
use core_words::AuthorityId;
use core_x509::certificate::Certificate;
use core_x509::explain::Explain;
use core_x509::general_name::GeneralName;
use core_x509::issuer::{BadIssuer, IssuerInfo};
use core_x509::lint::{lint, lint_tbs};
use core_x509::name::{C, CN, L, Name, O, OU};
use core_x509::oid;
use core_x509::plan::dns::DnsFault;
use core_x509::plan::{
    AltName, EndWish, ForeignCa, KeyProof, NameProblem, Plan, PlanRefused, SubjectValue, ValidityWish,
    subject_name,
};
use core_x509::profile::Profile;
use core_x509::tlv;
use kit_keys::testing::key;
use kit_keys::{Provider, SoftKey};

fn name_problem(result: Result<Plan, PlanRefused>) -> (String, NameProblem) {
    match result.expect_err("must be refused") {
        PlanRefused::Name { name, problem } => (name, problem),
        other => panic!("{other}"),
    }
}

fn subject_of(plan: &Plan) -> String {
    Name::parse(plan.subject_der()).expect("a name").to_string()
}

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
                assert_eq!(read.tbs.subject_key_id(), Ok(Some(&plan.key_id()[..])));
                assert_eq!(read.tbs.der, plan.tbs());
            }
        }
    }
}

#[test]
fn a_provider_certificate_is_what_the_claims_desk_ordered() {
    let profile = builtin("claims-provider");
    let mut order = Order::of(&[("federation", "Osaka Federation"), ("kind", "Care"), ("provider_number", "2712345678")]);
    let request = csr(&key(KeyAlg::Rsa2048, 0), &[(CN, "whatever the client wrote")], &[]);
    let plan = plan(&profile, &issuer(KeyAlg::Rsa3072), &request, &order).expect("a plan");
    assert_eq!(subject_of(&plan), "CN=2712345678,OU=Care,OU=Provider,O=Osaka Federation,C=JP");
    let der = sign(plan, &profile, &issuer(KeyAlg::Rsa3072), &issuer_key(KeyAlg::Rsa3072));
    let read = Certificate::parse(&der).expect("a certificate");
    let usage = read.tbs.key_usage().expect("readable").expect("there");
    assert_eq!(usage.names().collect::<Vec<_>>(), ["digitalSignature", "keyEncipherment"]);
    assert_eq!(read.tbs.basic_constraints(), Ok(None));

    // The attribute's own name works too; values stand in the profile's order whatever order they came in.
    order.subject = [("CN", "2712345678"), ("O", "国保連合会"), ("C", "JP")].map(|(k, v)| SubjectValue::new(k, v)).into();
    let request = csr(&key(KeyAlg::P256, 1), &[], &[]);
    let plan = crate::support::plan(&profile, &issuer(KeyAlg::P256), &request, &order).expect("a plan");
    assert_eq!(subject_of(&plan), "CN=2712345678,OU=Provider,O=国保連合会,C=JP");
    let tbs = core_x509::certificate::Tbs::parse(plan.tbs(), &tlv::Limits::DEFAULT).expect("a TBSCertificate");
    let usage = tbs.key_usage().expect("readable").expect("there");
    assert_eq!(usage.names().collect::<Vec<_>>(), ["digitalSignature", "keyAgreement"]);
    let tags: Vec<_> = tbs.subject.attributes().map(|a| a.tag).collect();
    assert_eq!(tags, [tlv::PRINTABLE_STRING, tlv::UTF8_STRING, tlv::PRINTABLE_STRING, tlv::PRINTABLE_STRING]);
}

#[test]
fn names_outside_the_profile_are_refused_with_their_field() {
    let profile = builtin("claims-provider");
    let spki = key(KeyAlg::P256, 1);
    let try_with = |subject: &[(&str, &str)]| {
        plan_own(&profile, &issuer(KeyAlg::P256), spki.public_spki(), &Order::of(subject))
    };
    let number = ("provider_number", "1312345678");
    let long = "x".repeat(65);
    for (subject, field, problem) in [
        (&[("provider_number", "131234567")][..], "provider_number", NameProblem::Value),
        (&[("CN", "13123４5678")], "provider_number", NameProblem::Value),
        (&[number, ("kind", "Other")], "kind", NameProblem::Value),
        (&[number, ("C", "US")], "C", NameProblem::NoPlace),
        (&[number, ("L", "Tokyo")], "L", NameProblem::NoPlace),
        (&[number, number], "provider_number", NameProblem::NoPlace),
        (&[number, ("federation", &long)], "federation", NameProblem::Length),
        (&[number, ("federation", "")], "federation", NameProblem::Length),
        (&[number, ("federation", "a\u{7}b")], "federation", NameProblem::Character),
    ] {
        let error = try_with(subject).expect_err("must be refused");
        assert_eq!(error.code(), "authority.name_outside_profile");
        assert_eq!(error.field(), Some(field));
        assert_eq!(error, PlanRefused::Name { name: field.into(), problem });
    }
    let error = try_with(&[]).expect_err("the number is missing");
    assert_eq!(error, PlanRefused::Missing { name: "provider_number".into() });
    assert_eq!(error.code(), "authority.name_missing");
    assert_eq!(name_problem(try_with(&[number; 65])).1, NameProblem::TooMany);
}

#[test]
fn the_profile_says_per_attribute_where_names_come_from() {
    let from = |source: &str| {
        changed("claims-provider", "key = \"provider_number\"\n", &format!("key = \"provider_number\"\nfrom = \"{source}\"\n"))
    };
    let issuer = issuer(KeyAlg::P256);
    let key = key(KeyAlg::P256, 1);
    let with_cn = csr(&key, &[(C, "JP"), (OU, "Provider"), (CN, "1312345678")], &[]);
    let empty = csr(&key, &[], &[]);
    let order = usual_order(&from("order"));
    let nothing = Order::default();

    let planned = |profile: &Profile, csr: &[u8], order: &Order<'_>| {
        plan(profile, &issuer, csr, order).map(|plan| subject_of(&plan))
    };
    let wanted = Ok("CN=1312345678,OU=Provider,C=JP".to_owned());
    assert_eq!(planned(&from("request"), &with_cn, &nothing), wanted);
    assert_eq!(planned(&from("either"), &with_cn, &nothing), wanted);
    assert_eq!(planned(&from("either"), &empty, &order), wanted);
    assert_eq!(planned(&from("order"), &empty, &order), wanted);

    let missing = || Err(PlanRefused::Missing { name: "provider_number".into() });
    assert_eq!(planned(&from("request"), &empty, &nothing), missing());
    assert_eq!(planned(&from("order"), &with_cn, &nothing), missing());
    let no_place = PlanRefused::Name { name: "provider_number".into(), problem: NameProblem::NoPlace };
    assert_eq!(planned(&from("request"), &with_cn, &order), Err(no_place));

    // What the request asks for and would not get refuses it, where it is a source of names at all.
    let more = csr(&key, &[(C, "JP"), (L, "Osaka"), (CN, "1312345678")], &[]);
    let other = csr(&key, &[(CN, "9999999999")], &[]);
    let not_granted = |name: &str| Err(PlanRefused::Name { name: name.into(), problem: NameProblem::NotGranted });
    assert_eq!(planned(&from("request"), &more, &nothing), not_granted("L"));
    assert_eq!(planned(&from("either"), &other, &order), not_granted("CN"));
    assert_eq!(planned(&from("order"), &other, &order), wanted, "a request that is no source is not looked at");
    let text = "[key]\n";
    let strict = changed("claims-provider", text, "[request]\nnames = \"check\"\n\n[key]\n");
    assert_eq!(planned(&strict, &other, &order), not_granted("CN"));
}

#[test]
fn repeated_attributes_take_their_places_in_turn() {
    let profile = builtin("issuing-ca");
    let name = |values: &[(&str, &str)]| {
        let values: Vec<_> = values.iter().map(|(k, v)| SubjectValue::new(k, v)).collect();
        subject_name(&profile, &values)
    };
    let units = [("OU", "a"), ("OU", "b"), ("OU", "c"), ("OU", "d")];
    let base = [("C", "JP"), ("O", "X")];
    let three = name(&[&base[..], &units[..3]].concat()).expect("three units");
    assert_eq!(three.to_string(), "OU=c,OU=b,OU=a,O=X,C=JP");
    assert!(name(&[&base[..], &units[..]].concat()).is_err(), "times = 3");
}

#[test]
fn a_tls_server_is_named_by_order_or_request() {
    let profile = builtin("tls-server");
    let issuer = issuer(KeyAlg::P256);
    let requested = include_bytes!("data/openssl-p256-san.der");
    // It asks for a mail address, which no server gets.
    let (name, problem) = name_problem(plan(&profile, &issuer, requested, &Order::default()));
    assert_eq!((name.as_str(), problem), ("IP:192.0.2.7", NameProblem::NotGranted));

    let key = key(KeyAlg::P384, 3);
    let alt = dns_names(&["www.Example.jp", "example.jp", "www.example.jp"]);
    let request = csr(&key, &[(O, "City"), (CN, "www.example.jp")], &[(oid::SUBJECT_ALT_NAME.content(), false, &alt)]);
    let plan_it = |order: &Order<'_>| plan(&profile, &issuer, &request, order);
    let granted = plan_it(&Order::default()).expect("a plan");
    let tbs = core_x509::certificate::Tbs::parse(granted.tbs(), &tlv::Limits::DEFAULT).expect("readable");
    let wanted = [GeneralName::Dns("www.example.jp"), GeneralName::Dns("example.jp")];
    assert_eq!(tbs.subject_alt_names().expect("readable"), wanted, "small letters, each once");
    sign(granted, &profile, &issuer, &issuer_key(KeyAlg::P256));

    // The order counts before the request, which then asks for more than it gets.
    let (name, problem) = name_problem(plan_it(&Order::dns(&["www.example.jp"])));
    assert_eq!((name.as_str(), problem), ("DNS:example.jp", NameProblem::NotGranted));
    let mut order = Order::dns(&["www.example.jp", "example.jp"]);
    order.alt_names.push(AltName::Ip("2001:db8::7".parse().expect("an address")));
    sign(plan_it(&order).expect("a plan"), &profile, &issuer, &issuer_key(KeyAlg::P256));
    // A common name that is none of the DNS names.
    let (name, problem) = name_problem(plan_it(&Order::dns(&["example.jp"])));
    assert_eq!((name.as_str(), problem), ("DNS:www.Example.jp", NameProblem::NotGranted));
    let request = csr(&key, &[(CN, "other.example.jp")], &[]);
    let refused = plan(&profile, &issuer, &request, &Order::dns(&["www.example.jp"]));
    assert_eq!(name_problem(refused), ("CN".into(), NameProblem::NotInSan));
    // No name at all.
    let refused = plan(&profile, &issuer, &csr(&key, &[], &[]), &Order::default());
    assert_eq!(refused, Err(PlanRefused::Missing { name: "subjectAltName".into() }));
}

#[test]
fn an_empty_subject_makes_the_alternative_names_critical() {
    let profile = builtin("tls-server");
    let plan = plan_own(&profile, &issuer(KeyAlg::P256), key(KeyAlg::P256, 1).public_spki(), &Order::dns(&["a.example.jp"]));
    let plan = plan.expect("a plan");
    assert_eq!(plan.subject_der(), [tlv::SEQUENCE, 0]);
    let tbs = core_x509::certificate::Tbs::parse(plan.tbs(), &tlv::Limits::DEFAULT).expect("readable");
    assert!(tbs.extension(&oid::SUBJECT_ALT_NAME).expect("there").critical);
    sign(plan, &profile, &issuer(KeyAlg::P256), &issuer_key(KeyAlg::P256));
}

#[test]
fn alternative_names_keep_syntax_domain_and_number() {
    let all = changed(
        "tls-server",
        "[subject_alt_name.ip]\nfrom = \"order\"",
        "[subject_alt_name.email]\nunder = [\"example.jp\"]\n[subject_alt_name.uri]\nschemes = [\"https\"]",
    );
    let under = changed("tls-server", "wildcard = true", "under = [\"city.example.jp\"]");
    let issuer = issuer(KeyAlg::P256);
    let spki = key(KeyAlg::P256, 1);
    let try_with = |profile: &Profile, names: Vec<AltName>| {
        let order = Order { alt_names: names, ..Order::default() };
        plan_own(profile, &issuer, spki.public_spki(), &order)
    };
    let dns = |name: &str| AltName::Dns(name.into());
    let a = dns("a.example.jp");
    for (name, field, problem) in [
        (dns("a_b.example.jp"), "dNSName", NameProblem::Dns(DnsFault::Character)),
        (dns("*.jp"), "dNSName", NameProblem::Dns(DnsFault::Wildcard)),
        (AltName::Email("a@other.jp".into()), "rfc822Name", NameProblem::Domain),
        (AltName::Email("a b@example.jp".into()), "rfc822Name", NameProblem::Syntax),
        (AltName::Email("example.jp".into()), "rfc822Name", NameProblem::Syntax),
        (AltName::Uri("http://example.jp/".into()), "uniformResourceIdentifier", NameProblem::Domain),
        (AltName::Uri("//example.jp/".into()), "uniformResourceIdentifier", NameProblem::Syntax),
        (AltName::Ip("192.0.2.1".parse().expect("an address")), "iPAddress", NameProblem::NoPlace),
        (AltName::Directory(Name::of(&[(C, "JP")]).expect("a name")), "directoryName", NameProblem::NoPlace),
        (AltName::Other { oid: oid::ANY_POLICY, text: "x".into() }, "2.5.29.32.0", NameProblem::NoPlace),
    ] {
        assert_eq!(name_problem(try_with(&all, vec![a.clone(), name])), (field.into(), problem));
    }
    let good = vec![a, AltName::Email("a.b@Example.jp".into()), AltName::Uri("https://example.jp/x?y=z".into())];
    sign(try_with(&all, good).expect("a plan"), &all, &issuer, &issuer_key(KeyAlg::P256));

    assert!(try_with(&under, vec![dns("city.example.jp"), dns("www.city.example.jp")]).is_ok());
    for outside in ["example.jp", "evilcity.example.jp"] {
        assert_eq!(name_problem(try_with(&under, vec![dns(outside)])).1, NameProblem::Domain);
    }
    assert_eq!(name_problem(try_with(&under, vec![dns("*.city.example.jp")])).1, NameProblem::Dns(DnsFault::Wildcard));

    let many = |n: usize| (0..n).map(|i| dns(&format!("h{i}.example.jp"))).collect::<Vec<_>>();
    let hundred = try_with(&builtin("tls-server"), many(100)).expect("a hundred names");
    sign(hundred, &builtin("tls-server"), &issuer, &issuer_key(KeyAlg::P256));
    assert_eq!(name_problem(try_with(&builtin("tls-server"), many(101))), ("subjectAltName".into(), NameProblem::TooMany));
    assert_eq!(name_problem(try_with(&builtin("claims-provider"), many(1))), ("dNSName".into(), NameProblem::NoPlace));
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
    let wanted = ["2.5.29.15", "2.5.29.17", "2.5.29.32", "1.2.392.100300.1.2.104", "2.5.29.31", "2.5.29.46", "2.5.29.35", "2.5.29.14"];
    assert_eq!(ids, wanted);
    let points = read.tbs.distribution_points(&oid::CRL_DISTRIBUTION_POINTS).expect("readable");
    assert_eq!(points[0].full_name, [GeneralName::Uri("http://repository.example.jp/claims-ca/1/13.crl")]);
    let names = read.tbs.subject_alt_names().expect("readable");
    assert!(matches!(names[0], GeneralName::Directory(_)));
    assert!(matches!(names[1], GeneralName::Other { value, .. } if value.ends_with("花子".as_bytes())));

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
        changed("claims-provider", "[key]\n", &format!("[request]\nunknown_extensions = \"{value}\"\n\n[key]\n"))
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

/// A root and everything below it, as a ceremony plans them (K1).
struct House {
    root_key: SoftKey,
    root: IssuerInfo,
    root_der: Vec<u8>,
}

fn house(alg: KeyAlg, number: u64, name: &str) -> House {
    let profile = builtin("root-ca");
    let root_key = key(alg, number);
    let values = [("C", "JP"), ("O", name), ("OU", "ルート認証局")].map(|(k, v)| SubjectValue::new(k, v));
    let name = subject_name(&profile, &values).expect("a name");
    let id = AuthorityId::new("root").expect("a name");
    let before = IssuerInfo::before_certificate(
        id.clone(), 1, name.der(), root_key.public_spki(), root_key.alg(), urls(), &Provider,
    )
    .expect("an issuer");
    let order = Order { subject: values.into(), ..Order::default() };
    let plan = plan_own(&profile, &before, root_key.public_spki(), &order).expect("a plan");
    let root_der = sign(plan, &profile, &before, &root_key);
    let read = Certificate::parse(&root_der).expect("a certificate");
    let root = IssuerInfo::from_certificate(id, 1, &read, root_key.alg(), urls(), &Provider).expect("an issuer");
    assert_eq!(root.key_id, before.key_id);
    House { root_key, root, root_der }
}

#[test]
fn a_ceremony_makes_a_root_and_what_is_below() {
    for alg in KeyAlg::ALL {
        let house = house(alg, 0, "連合会");
        let read = Certificate::parse(&house.root_der).expect("a certificate");
        assert_eq!(read.tbs.issuer, read.tbs.subject);
        assert_eq!(read.tbs.authority_key_id(), Ok(None));
        assert_eq!(read.tbs.not_after, at(2046, 11, 3, 86_399), "20 years, ending with a day of Japan");

        let profile = builtin("issuing-ca");
        let below = key(KeyAlg::P384, 1);
        let ca = plan_own(&profile, &house.root, below.public_spki(), &usual_order(&profile)).expect("a plan");
        let der = sign(ca, &profile, &house.root, &house.root_key);
        let read = Certificate::parse(&der).expect("a certificate");
        let id = AuthorityId::new("issuing").expect("a name");
        let issuing = IssuerInfo::from_certificate(id, 1, &read, below.alg(), urls(), &Provider).expect("an issuer");
        assert_eq!(issuing.path_len, Some(0));
        // Below path length 0 there is no authority; end entities are fine.
        let refused = plan_own(&profile, &issuing, key(KeyAlg::P384, 2).public_spki(), &usual_order(&profile));
        assert_eq!(refused.expect_err("refused").code(), "authority.issuer_unfit");
        let provider = builtin("claims-provider");
        let request = csr(&key(KeyAlg::Rsa2048, 1), &[], &[]);
        sign(plan(&provider, &issuing, &request, &usual_order(&provider)).expect("a plan"), &provider, &issuing, &below);
    }
}

/// RFC 9810 §4.4: old-with-new and new-with-old.
#[test]
fn link_certificates_join_two_generations() {
    let (old, new) = (house(KeyAlg::Rsa2048, 0, "連合会"), house(KeyAlg::P384, 1, "連合会"));
    assert_eq!(old.root.name_der, new.root.name_der);
    let profile = builtin("link");
    for (signing, certified) in [(&new, &old), (&old, &new)] {
        // From the making of the certified key to the end of the old certificate.
        let validity = ValidityWish {
            not_before: Some(certified.root.not_before),
            end: EndWish::At(old.root.not_after),
        };
        let order = Order { validity, now: Some(at(2035, 4, 1, 0)), ..Order::default() };
        let plan = plan_own(&profile, &signing.root, certified.root_key.public_spki(), &order).expect("a plan");
        let der = sign(plan, &profile, &signing.root, &signing.root_key);
        let read = Certificate::parse(&der).expect("a certificate");
        assert_eq!(read.tbs.issuer, read.tbs.subject);
        assert_eq!(read.tbs.spki, certified.root_key.public_spki());
        assert_eq!(read.tbs.subject_key_id(), Ok(Some(certified.root.key_id.as_slice())));
        let aki = read.tbs.authority_key_id().expect("readable").expect("there");
        assert_eq!(aki.key_id, Some(signing.root.key_id.as_slice()));
        // Not for the signing key itself.
        let refused = plan_own(&profile, &signing.root, signing.root_key.public_spki(), &order);
        assert_eq!(refused.expect_err("refused").code(), "authority.issuer_unfit");
    }
}

#[test]
fn cross_certificates_take_name_and_key_of_the_foreign_authority() {
    let (ours, theirs) = (house(KeyAlg::P384, 0, "連合会"), house(KeyAlg::Rsa2048, 1, "Partner"));
    let foreign = Certificate::parse(&theirs.root_der).expect("a certificate");
    let proof = ForeignCa::verified_by_operator(&foreign).expect("an authority");
    let profile = changed(
        "cross-ca",
        "[certificate_policies]\npolicy = [{ oid = \"2.5.29.32.0\" }]\n",
        r#"
        [certificate_policies]
        policy = [{ oid = "1.2.392.1.1" }]
        [[policy_mapping]]
        issuer = "1.2.392.1.1"
        subject = "1.2.392.2.2"
        [policy_constraints]
        require_explicit = 0
        inhibit_mapping = 0
        [name_constraints.permitted]
        dns = ["partner.example.jp"]
        email = [".partner.example.jp"]
        uri = [".partner.example.jp"]
        ip = ["10.0.0.0/8", "2001:db8::/32"]
        directory = [["C=JP", "O=Partner"]]
        [name_constraints.excluded]
        dns = ["secret.partner.example.jp"]
        "#,
    );
    let profile_text_with_any = builtin("cross-ca");
    let template = template(&profile, &ours.root);
    let order = Order::default();
    let plan = template.plan(&order.input(KeyProof::ForeignCa(proof))).expect("a plan");
    let der = sign(plan, &profile, &ours.root, &ours.root_key);
    let read = Certificate::parse(&der).expect("a certificate");
    assert_eq!(read.tbs.subject, foreign.tbs.subject);
    assert_eq!(read.tbs.spki, foreign.tbs.spki);
    assert_eq!(read.tbs.policy_mappings().expect("readable").len(), 1);
    let info = IssuerInfo::from_certificate(
        AuthorityId::new("partner").expect("a name"), 1, &read, theirs.root_key.alg(), urls(), &Provider,
    )
    .expect("an issuer");
    assert!(info.name_constraints.is_some());

    // What that authority then certifies is held against these constraints.
    let tls = builtin("tls-server");
    let spki = key(KeyAlg::P256, 1);
    for (name, ok) in [("www.partner.example.jp", true), ("www.example.jp", false), ("x.secret.partner.example.jp", false)] {
        let mut order = Order::dns(&[name]);
        order.subject = vec![SubjectValue::new("C", "JP"), SubjectValue::new("O", "partner")];
        let plan = plan_own(&tls, &info, spki.public_spki(), &order).expect("a plan");
        let findings = lint_tbs(plan.tbs(), &tls, &info, &Provider);
        let ids: Vec<_> = findings.iter().map(|f| f.id).collect();
        assert_eq!(ids, if ok { vec![] } else { vec!["within_issuers_name_constraints"] }, "{name}");
    }

    // Its own certificate is no foreign one; a key alone is no proof; a leaf is no authority.
    let own = Certificate::parse(&ours.root_der).expect("a certificate");
    let own = ForeignCa::verified_by_operator(&own).expect("an authority");
    let refused = template.plan(&order.input(KeyProof::ForeignCa(own))).expect_err("refused");
    assert_eq!(refused.code(), "authority.issuer_unfit");
    let refused = plan_own(&profile_text_with_any, &ours.root, spki.public_spki(), &order).expect_err("refused");
    assert_eq!(refused, PlanRefused::Proof);
    let leaf = plan_own(&tls, &ours.root, spki.public_spki(), &Order::dns(&["a.example.jp"])).expect("a plan");
    let leaf = sign(leaf, &tls, &ours.root, &ours.root_key);
    let leaf = Certificate::parse(&leaf).expect("a certificate");
    assert_eq!(ForeignCa::verified_by_operator(&leaf).err(), Some(BadIssuer::NoAuthority));
    let end_entity = builtin("claims-provider");
    let template = crate::support::template(&end_entity, &ours.root);
    let refused = template.plan(&usual_order(&end_entity).input(KeyProof::ForeignCa(proof)));
    assert_eq!(refused.expect_err("refused"), PlanRefused::Proof);
}

#[test]
fn keys_and_names_of_the_issuer_are_nobody_elses() {
    let issuer = issuer(KeyAlg::P256);
    let own = issuer_key(KeyAlg::P256);
    let profile = builtin("claims-provider");
    let refused = plan_own(&profile, &issuer, own.public_spki(), &usual_order(&profile)).expect_err("refused");
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
    let plan = plan_own(&profile, &issuer, key(KeyAlg::P256, 1).public_spki(), &usual_order(&profile)).expect("a plan");
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
        plan_own(&profile, &issuer, key(KeyAlg::P256, number).public_spki(), &usual_order(&profile)).expect("a plan")
    };
    let (plan, other) = (make(1), make(2));
    let der = sign(plan.clone(), &profile, &issuer, &issuer_key(KeyAlg::P256));
    let differs = |der: &[u8], plan: &Plan| compare_signed(der, plan.tbs(), plan.sig_alg()).expect_err("differs");
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
