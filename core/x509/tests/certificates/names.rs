//! Subject and alternative names: by the profile's rules, from order and request, refused with their field.

use crate::support::*;
use core_crypto::KeyAlg;
use core_x509::certificate::Tbs;
use core_x509::explain::Explain;
use core_x509::general_name::GeneralName;
use core_x509::name::{C, CN, L, Name, O, OU};
use core_x509::oid;
use core_x509::plan::dns::DnsFault;
use core_x509::plan::{AltName, NameProblem, Plan, PlanRefused, SubjectValue, subject_name};
use core_x509::profile::Profile;
use core_x509::tlv;
use kit_keys::testing::key;

fn name_problem(result: Result<Plan, PlanRefused>) -> (String, NameProblem) {
    match result.expect_err("must be refused") {
        PlanRefused::Name { name, problem } => (name, problem),
        other => panic!("{other}"),
    }
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
        changed(
            "claims-provider",
            "key = \"provider_number\"\n",
            &format!("key = \"provider_number\"\nfrom = \"{source}\"\n"),
        )
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
    let not_granted =
        |name: &str| Err(PlanRefused::Name { name: name.into(), problem: NameProblem::NotGranted });
    assert_eq!(planned(&from("request"), &more, &nothing), not_granted("L"));
    assert_eq!(planned(&from("either"), &other, &order), not_granted("CN"));
    assert_eq!(
        planned(&from("order"), &other, &order),
        wanted,
        "a request that is no source is not looked at"
    );
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
    let request =
        csr(&key, &[(O, "City"), (CN, "www.example.jp")], &[(oid::SUBJECT_ALT_NAME.content(), false, &alt)]);
    let plan_it = |order: &Order<'_>| plan(&profile, &issuer, &request, order);
    let granted = plan_it(&Order::default()).expect("a plan");
    let tbs = Tbs::parse(granted.tbs(), &tlv::Limits::DEFAULT).expect("readable");
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
    let plan = plan_own(
        &profile,
        &issuer(KeyAlg::P256),
        key(KeyAlg::P256, 1).public_spki(),
        &Order::dns(&["a.example.jp"]),
    );
    let plan = plan.expect("a plan");
    assert_eq!(plan.subject_der(), [tlv::SEQUENCE, 0]);
    let tbs = Tbs::parse(plan.tbs(), &tlv::Limits::DEFAULT).expect("readable");
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
    let good =
        vec![a, AltName::Email("a.b@Example.jp".into()), AltName::Uri("https://example.jp/x?y=z".into())];
    sign(try_with(&all, good).expect("a plan"), &all, &issuer, &issuer_key(KeyAlg::P256));

    assert!(try_with(&under, vec![dns("city.example.jp"), dns("www.city.example.jp")]).is_ok());
    for outside in ["example.jp", "evilcity.example.jp"] {
        assert_eq!(name_problem(try_with(&under, vec![dns(outside)])).1, NameProblem::Domain);
    }
    assert_eq!(
        name_problem(try_with(&under, vec![dns("*.city.example.jp")])).1,
        NameProblem::Dns(DnsFault::Wildcard)
    );

    let many = |n: usize| (0..n).map(|i| dns(&format!("h{i}.example.jp"))).collect::<Vec<_>>();
    let hundred = try_with(&builtin("tls-server"), many(100)).expect("a hundred names");
    sign(hundred, &builtin("tls-server"), &issuer, &issuer_key(KeyAlg::P256));
    assert_eq!(
        name_problem(try_with(&builtin("tls-server"), many(101))),
        ("subjectAltName".into(), NameProblem::TooMany)
    );
    assert_eq!(
        name_problem(try_with(&builtin("claims-provider"), many(1))),
        ("dNSName".into(), NameProblem::NoPlace)
    );
}
