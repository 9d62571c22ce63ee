//! Whatever is planned is read back; whatever comes, no reader panics.

use crate::helpers::*;
use core_crypto::SigAlg;
use core_words::{RevocationReason, Serial, UtcSeconds};
use core_x509::crl::{Covers, EntryPlan, Idp, List, ListLimits, ListPlan, Listed, PointName, push_entry};
use proptest::prelude::*;

/// 1950 to 9999.
fn time() -> impl Strategy<Value = UtcSeconds> {
    (-631_152_000i64..253_402_300_799).prop_map(UtcSeconds)
}

fn any_serial() -> impl Strategy<Value = Serial> {
    any::<[u8; 20]>().prop_filter_map("zero", Serial::from_random)
}

type Planned = (Serial, UtcSeconds, Listed, Option<UtcSeconds>);

fn any_entry() -> impl Strategy<Value = Planned> {
    let listed = prop::sample::select(RevocationReason::ALL.map(Listed::Revoked).to_vec());
    (any_serial(), time(), listed, prop::option::of(time()))
}

fn point_name() -> impl Strategy<Value = PointName> {
    prop_oneof!["[!-~]{1,200}".prop_map(PointName::Uri), Just(PointName::Directory(issuer()))]
}

fn any_idp() -> impl Strategy<Value = Idp> {
    let covers =
        prop::sample::select(vec![Covers::All, Covers::UserCerts, Covers::CaCerts, Covers::AttributeCerts]);
    (prop::collection::vec(point_name(), 0..5), covers)
        .prop_map(|(names, covers)| Idp { names, covers })
        .prop_filter("says nothing", |idp| !idp.names.is_empty() || idp.covers != Covers::All)
}

fn any_plan() -> impl Strategy<Value = ListPlan> {
    let alg = prop::sample::select(vec![
        SigAlg::EcdsaSha256,
        SigAlg::EcdsaSha384,
        SigAlg::Ed25519,
        SigAlg::MlDsa44,
    ]);
    let number = (any::<u128>(), any::<Option<u128>>()).prop_map(|(a, b)| match b {
        Some(b) if b < a => (a, Some(b)),
        _ => (a, None),
    });
    let key_id = prop::collection::vec(any::<u8>(), 1..64);
    (
        alg,
        time(),
        1i64..1_000_000_000,
        number,
        prop::option::of(any_idp()),
        key_id,
        prop::option::of("[!-~]{1,99}"),
    )
        .prop_map(|(sig_alg, this_update, after, (number, base), idp, aki, freshest)| ListPlan {
            issuer_name_der: issuer(),
            sig_alg,
            this_update: UtcSeconds(this_update.0.min(250_000_000_000)),
            next_update: UtcSeconds(this_update.0.min(250_000_000_000)).plus(after),
            number,
            base,
            idp,
            aki,
            freshest: freshest.filter(|_| base.is_none()),
        })
}

fn encode(entries: &[Planned]) -> Vec<u8> {
    let mut out = Vec::new();
    for (serial, revoked, listed, invalidity) in entries {
        let plan = EntryPlan { serial, revoked: *revoked, listed: *listed, invalidity: *invalidity };
        push_entry(&mut out, &plan).expect("times within range");
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_plan_is_read_back(plan in any_plan(), entries in prop::collection::vec(any_entry(), 0..40)) {
        let der = signed(&plan, &encode(&entries));
        let list = List::parse(&der, &ListLimits::default()).expect("a list of ours");
        prop_assert_eq!((list.this_update, list.next_update), (plan.this_update, plan.next_update));
        prop_assert_eq!((list.number, list.base, list.sig_alg), (plan.number, plan.base, plan.sig_alg));
        prop_assert_eq!((list.aki, &list.idp), (&plan.aki[..], &plan.idp));
        let back: Vec<Planned> = list
            .entries()
            .map(|e| e.map(|e| (e.serial, e.revoked, e.listed, e.invalidity)))
            .collect::<Result<_, _>>()
            .expect("entries of ours");
        prop_assert_eq!(back, entries);
        prop_assert_eq!(list.verify(&kit_keys::Provider, key_for(plan.sig_alg).public_spki()), Ok(()));
    }

    /// One flipped octet anywhere is either not a list, or another list whose signature does not fit.
    #[test]
    fn no_altered_octet_goes_unnoticed(at in any::<prop::sample::Index>(), flip in 1u8..) {
        let plan = full_plan(SigAlg::EcdsaSha256);
        let key = key_for(plan.sig_alg);
        let mut der = signed(&plan, &entries(false));
        let at = at.index(der.len());
        der[at] ^= flip;
        if let Ok(list) = List::parse(&der, &ListLimits::default()) {
            let _ = list.check_entries();
            prop_assert!(list.verify(&kit_keys::Provider, key.public_spki()).is_err());
        }
    }
}

proptest! {
    #[test]
    fn nothing_makes_the_reader_panic(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(list) = List::parse(&octets, &ListLimits::default()) {
            let _ = list.check_entries();
        }
    }

    /// Octets that begin as a list begins reach deeper.
    #[test]
    fn nothing_near_a_list_makes_the_reader_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        static LIST: std::sync::LazyLock<Vec<u8>> =
            std::sync::LazyLock::new(|| signed(&full_plan(SigAlg::EcdsaSha256), &entries(false)));
        let mut der = LIST.clone();
        for (at, octet) in edits {
            let at = at.index(der.len());
            der[at] = octet;
        }
        if let Some(cut) = cut {
            der.truncate(cut.index(LIST.len()));
        }
        if let Ok(list) = List::parse(&der, &ListLimits::default()) {
            let _ = list.check_entries();
            list.entries().for_each(drop);
        }
    }
}
