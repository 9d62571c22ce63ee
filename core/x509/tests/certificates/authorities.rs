//! Authorities: roots, what is below them, link certificates and cross certificates (K1).

use crate::support::*;
use core_crypto::KeyAlg;
use core_words::AuthorityId;
use core_x509::certificate::Certificate;
use core_x509::explain::Explain;
use core_x509::issuer::{BadIssuer, IssuerInfo};
use core_x509::lint::lint_tbs;
use core_x509::plan::{
    EndWish, ForeignCa, KeyProof, Plan, PlanRefused, SubjectValue, ValidityWish, subject_name,
};
use kit_keys::testing::key;
use kit_keys::{Provider, SoftKey};

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
        id.clone(),
        1,
        name.der(),
        root_key.public_spki(),
        root_key.alg(),
        urls(),
        &Provider,
    )
    .expect("an issuer");
    let order = Order { subject: values.into(), ..Order::default() };
    let plan = plan_own(&profile, &before, root_key.public_spki(), &order).expect("a plan");
    let root_der = sign(plan, &profile, &before, &root_key);
    let read = Certificate::parse(&root_der).expect("a certificate");
    let root =
        IssuerInfo::from_certificate(id, 1, &read, root_key.alg(), urls(), &Provider).expect("an issuer");
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
        let ca =
            plan_own(&profile, &house.root, below.public_spki(), &usual_order(&profile)).expect("a plan");
        let der = sign(ca, &profile, &house.root, &house.root_key);
        let read = Certificate::parse(&der).expect("a certificate");
        let id = AuthorityId::new("issuing").expect("a name");
        let issuing =
            IssuerInfo::from_certificate(id, 1, &read, below.alg(), urls(), &Provider).expect("an issuer");
        assert_eq!(issuing.path_len, Some(0));
        // Below path length 0 there is no authority; end entities are fine.
        let refused =
            plan_own(&profile, &issuing, key(KeyAlg::P384, 2).public_spki(), &usual_order(&profile));
        assert_eq!(refused.expect_err("refused").code(), "authority.issuer_unfit");
        let provider = builtin("claims-provider");
        let request = csr(&key(KeyAlg::Rsa2048, 1), &[], &[]);
        sign(
            plan(&provider, &issuing, &request, &usual_order(&provider)).expect("a plan"),
            &provider,
            &issuing,
            &below,
        );
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
        let plan =
            plan_own(&profile, &signing.root, certified.root_key.public_spki(), &order).expect("a plan");
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
fn cross_certificates_bear_the_key_identifier_that_the_foreign_authority_chose() {
    let (ours, theirs) = (house(KeyAlg::P256, 0, "連合会"), house(KeyAlg::P256, 1, "Partner"));
    // Their certificates say in authorityKeyIdentifier what their root says of itself, and that is no SHA-1 of ours.
    let chosen = [0xa5; 20];
    let text = theirs.root.key_id.as_slice();
    let at = theirs.root_der.windows(20).position(|octets| octets == text).expect("the identifier");
    let mut der = theirs.root_der.clone();
    der[at..at + 20].copy_from_slice(&chosen);
    let foreign = Certificate::parse(&der).expect("a certificate");
    let proof = ForeignCa::verified_by_operator(&foreign).expect("an authority");
    let profile = builtin("cross-ca");
    let plan = template(&profile, &ours.root).plan(&Order::default().input(KeyProof::ForeignCa(proof)));
    let plan = plan.expect("a plan");
    assert_eq!(plan.key_id(), chosen);
    let again = Plan::from_recorded(plan.tbs(), &profile, &ours.root, &Provider).expect("readable");
    assert_eq!(again.key_id(), chosen);
    let der = sign(plan, &profile, &ours.root, &ours.root_key);
    let read = Certificate::parse(&der).expect("a certificate");
    assert_eq!(read.tbs.subject_key_id(), Ok(Some(&chosen[..])));
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
    assert_eq!(read.tbs.subject_key_id(), foreign.tbs.subject_key_id());
    assert_eq!(read.tbs.policy_mappings().expect("readable").len(), 1);
    let info = IssuerInfo::from_certificate(
        AuthorityId::new("partner").expect("a name"),
        1,
        &read,
        theirs.root_key.alg(),
        urls(),
        &Provider,
    )
    .expect("an issuer");
    assert!(info.name_constraints.is_some());

    // What that authority then certifies is held against these constraints.
    let tls = builtin("tls-server");
    let spki = key(KeyAlg::P256, 1);
    for (name, ok) in
        [("www.partner.example.jp", true), ("www.example.jp", false), ("x.secret.partner.example.jp", false)]
    {
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
    let refused =
        plan_own(&profile_text_with_any, &ours.root, spki.public_spki(), &order).expect_err("refused");
    assert_eq!(refused, PlanRefused::Proof);
    let leaf =
        plan_own(&tls, &ours.root, spki.public_spki(), &Order::dns(&["a.example.jp"])).expect("a plan");
    let leaf = sign(leaf, &tls, &ours.root, &ours.root_key);
    let leaf = Certificate::parse(&leaf).expect("a certificate");
    assert_eq!(ForeignCa::verified_by_operator(&leaf).err(), Some(BadIssuer::NoAuthority));
    let end_entity = builtin("claims-provider");
    let template = crate::support::template(&end_entity, &ours.root);
    let refused = template.plan(&usual_order(&end_entity).input(KeyProof::ForeignCa(proof)));
    assert_eq!(refused.expect_err("refused"), PlanRefused::Proof);
}
