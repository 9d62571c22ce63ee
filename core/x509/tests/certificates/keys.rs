//! Keys of every kind, against the profile.

use crate::support::*;
use core_crypto::KeyAlg;
use core_pack::KeyFamily;
use core_x509::key::{KeyFault, KeyKind, SubjectKey};
use core_x509::plan::PlanRefused;
use kit_keys::testing::key;

#[test]
fn every_kind_is_strong_when_made_properly() {
    for alg in KeyAlg::ALL {
        for number in 0..4 {
            let key = key(alg, number);
            let read = SubjectKey::parse(key.public_spki()).expect("a key");
            assert_eq!(read.kind, KeyKind::from(alg));
            assert_eq!(read.check(), Ok(()));
            assert_eq!(read.kind.to_string(), alg.name());
        }
    }
}

#[test]
fn the_profile_decides_about_kind_and_size() {
    let profile = changed("claims-provider", "\"rsa\", \"p-256\", ", "\"rsa\", ");
    let profile_sizes = changed("claims-provider", "[key]", "[key]\nrsa_bits = { min = 3072, max = 3072 }");
    let order = usual_order(&profile);
    let issuer = issuer(KeyAlg::P384);
    let refused =
        |profile, alg| plan_own(profile, &issuer, key(alg, 1).public_spki(), &order).expect_err("refused");
    assert_eq!(refused(&profile, KeyAlg::P256), PlanRefused::Key(KeyFault::NotAllowed(KeyKind::P256)));
    for (alg, bits) in [(KeyAlg::Rsa2048, 2048), (KeyAlg::Rsa4096, 4096)] {
        let fault = KeyFault::RsaSize { bits, min: 3072, max: 3072 };
        assert_eq!(refused(&profile_sizes, alg), PlanRefused::Key(fault));
    }
    assert!(plan_own(&profile_sizes, &issuer, key(KeyAlg::Rsa3072, 1).public_spki(), &order).is_ok());
}

#[test]
fn a_point_off_its_curve_is_refused() {
    for alg in [KeyAlg::P256, KeyAlg::P384] {
        let mut spki = key(alg, 1).public_spki().to_vec();
        *spki.last_mut().expect("not empty") ^= 1;
        let read = SubjectKey::parse(&spki).expect("readable");
        assert_eq!(read.check(), Err(KeyFault::NotOnCurve));
    }
}

#[test]
fn names_of_families_are_those_of_the_key_kinds() {
    for family in KeyFamily::ALL {
        let name = core_x509::key::family_name(family);
        assert!(name == "rsa" || KeyAlg::from_name(name).is_some(), "{name}");
    }
}
