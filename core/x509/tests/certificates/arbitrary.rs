//! Octets that nobody checked: no parser panics, nothing is read that is not all there.

use crate::support::*;
use core_crypto::KeyAlg;
use core_x509::certificate::{Certificate, NameConstraints, Tbs};
use core_x509::key::SubjectKey;
use core_x509::lint::lint_tbs;
use core_x509::name::CN;
use core_x509::oid::{self, Oid};
use core_x509::profile::Profile;
use core_x509::request::CertRequest;
use core_x509::tlv::{Limits, Reader};
use kit_keys::Provider;
use kit_keys::testing::key;
use proptest::prelude::*;
use std::sync::LazyLock;

/// A certificate with most extensions, and a request.
static SAMPLES: LazyLock<[Vec<u8>; 3]> = LazyLock::new(|| {
    let profile = builtin("tls-server");
    let issuer = issuer(KeyAlg::P256);
    let plan = plan_own(&profile, &issuer, key(KeyAlg::P256, 1).public_spki(), &usual_order(&profile));
    let server = sign(plan.expect("a plan"), &profile, &issuer, &issuer_key(KeyAlg::P256));
    let profile = builtin("issuing-ca");
    let plan = plan_own(&profile, &issuer, key(KeyAlg::Rsa2048, 1).public_spki(), &usual_order(&profile));
    let authority = sign(plan.expect("a plan"), &profile, &issuer, &issuer_key(KeyAlg::P256));
    let alt = dns_names(&["a.example.jp"]);
    let request = csr(&key(KeyAlg::P256, 2), &[(CN, "x")], &[(oid::SUBJECT_ALT_NAME.content(), false, &alt)]);
    [server, authority, request]
});

/// Everything that reads outside octets.
fn read_everything(octets: &[u8]) {
    let mut reader = Reader::new(octets);
    while reader.next().is_ok() {}
    let _ = CertRequest::parse(octets, &Limits::DEFAULT);
    let _ = SubjectKey::parse(octets).map(|key| key.check());
    let _ = NameConstraints::parse(octets);
    let _ = Oid::from_content(octets).map(|oid| oid.to_string());
    if let Ok(certificate) = Certificate::parse(octets) {
        read_extensions(&certificate.tbs);
        lint_it(certificate.tbs.der);
    }
    if let Ok(tbs) = Tbs::parse(octets, &Limits::DEFAULT) {
        read_extensions(&tbs);
    }
    lint_it(octets);
}

fn lint_it(tbs: &[u8]) {
    static PROFILE: LazyLock<Profile> = LazyLock::new(|| builtin("tls-server"));
    let _ = lint_tbs(tbs, &PROFILE, &issuer(KeyAlg::Ed25519), &Provider);
}

fn read_extensions(tbs: &Tbs<'_>) {
    let _ = (tbs.key_usage(), tbs.basic_constraints(), tbs.subject_key_id(), tbs.authority_key_id());
    let _ = (tbs.subject_alt_names(), tbs.ext_key_usage(), tbs.policies(), tbs.policy_mappings());
    let _ = (tbs.policy_constraints(), tbs.inhibit_any_policy(), tbs.authority_info_access());
    let _ = (tbs.distribution_points(&oid::CRL_DISTRIBUTION_POINTS), tbs.subject.to_string());
}

#[test]
fn nothing_shorter_than_the_whole_is_read() {
    for sample in &*SAMPLES {
        for end in 0..sample.len() {
            read_everything(&sample[..end]);
            assert!(Certificate::parse(&sample[..end]).is_err());
            assert!(CertRequest::parse(&sample[..end], &Limits::DEFAULT).is_err());
        }
    }
}

#[test]
fn a_certificate_has_its_limits() {
    let limits = Limits { octets: SAMPLES[0].len(), ..Limits::DEFAULT };
    assert!(Certificate::parse_within(&SAMPLES[0], &limits).is_ok());
    let limits = Limits { octets: SAMPLES[0].len() - 1, ..Limits::DEFAULT };
    assert!(Certificate::parse_within(&SAMPLES[0], &limits).is_err());
    let limits = Limits { extensions: 3, ..Limits::DEFAULT };
    assert!(Certificate::parse_within(&SAMPLES[0], &limits).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        read_everything(&octets);
    }

    /// A sample with a few octets changed: near enough to being right to get deep.
    #[test]
    fn damaged_octets_never_panic(
        which in 0..3usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut octets = SAMPLES[which].clone();
        for (at, value) in changes {
            let at = at.index(octets.len());
            octets[at] = value;
        }
        read_everything(&octets);
    }

    /// What the strict reader takes, it takes whole: an element is its tag, its length and its content.
    #[test]
    fn elements_are_whole(octets in prop::collection::vec(any::<u8>(), 0..100)) {
        let mut reader = Reader::new(&octets);
        let mut seen = 0;
        while let Ok(element) = reader.next() {
            prop_assert_eq!(element.at, seen);
            seen += element.whole.len();
            prop_assert_eq!(core_x509::tlv::tlv(element.tag, &[element.content]), element.whole);
        }
        prop_assert!(seen <= octets.len());
    }

    #[test]
    fn profiles_of_arbitrary_text_never_panic(text in "\\PC{0,200}") {
        let _ = Profile::parse(&text, &Provider);
    }
}
