//! Lists come out right with every algorithm, at every boundary, in pieces of every size.

use crate::helpers::*;
use core_crypto::{Digest, SigAlg};
use core_words::{RevocationReason, UtcSeconds};
use core_x509::crl::{
    Covers, EntryPlan, Idp, List, ListHead, ListLimits, ListPlan, ListRefused, ListWriter, Listed,
    MAX_MESSAGE, PointName, SignPass, ToSign, WriteError, entry, push_entry,
};
use kit_keys::Provider;

fn parse(der: &[u8]) -> List<'_> {
    List::parse(der, &ListLimits::default()).expect("a list of ours")
}

#[test]
fn every_algorithm_signs_a_list_that_verifies() {
    for alg in SigAlg::ALL.into_iter().filter(|a| !matches!(a, SigAlg::RsaSha384 | SigAlg::RsaSha512)) {
        let der = signed(&full_plan(alg), &entries(false));
        let list = parse(&der);
        assert_eq!(list.verify(&Provider, key_for(alg).public_spki()), Ok(()), "{alg:?}");
        assert_eq!(list.check_entries(), Ok(81));
    }
}

#[test]
fn everything_planned_is_read_back() {
    let plan = full_plan(SigAlg::EcdsaSha256);
    let der = signed(&plan, &entries(false));
    let list = parse(&der);
    assert_eq!(list.issuer_name_der, plan.issuer_name_der);
    assert_eq!((list.this_update, list.next_update), (plan.this_update, plan.next_update));
    assert_eq!((list.number, list.base), (plan.number, None));
    assert_eq!((list.aki, &list.idp), (&plan.aki[..], &plan.idp));
    assert_eq!(list.freshest, [PointName::Uri("http://ca.example/crl/1-delta.crl".into())]);

    let delta = ListPlan { base: Some(1_200), freshest: None, ..plan };
    let der = signed(&delta, &entries(true));
    assert_eq!(parse(&der).base, Some(1_200));
    assert_eq!(parse(&der).check_entries(), Ok(90));
}

#[test]
fn a_list_covers_what_its_point_says() {
    for covers in [Covers::All, Covers::UserCerts, Covers::CaCerts, Covers::AttributeCerts] {
        for names in [vec![], vec![PointName::Directory(issuer())]] {
            let idp = Idp { names, covers };
            if idp.names.is_empty() && covers == Covers::All {
                continue;
            }
            let plan = ListPlan { idp: Some(idp.clone()), ..plan(SigAlg::EcdsaSha256) };
            assert_eq!(parse(&signed(&plan, &[])).idp, Some(idp));
        }
    }
}

/// RFC 5280 §5.1.2.6: when there are no revoked certificates, the list must be absent.
#[test]
fn incident_empty_revoked_certificates_is_left_out() {
    let der = signed(&plan(SigAlg::EcdsaSha256), &[]);
    assert_eq!(parse(&der).check_entries(), Ok(0));
    let tail = parse(&der).tbs;
    // Two UTCTimes, then [0] extensions at once.
    let times = tail.windows(2).rposition(|w| w == [0x17, 13]).expect("the next update");
    assert_eq!(tail[times + 15], 0xa0);
}

/// RFC 5280 §5.1.2.4, §5.3.2: UTCTime through 2049, then GeneralizedTime; an invalidity date is always the latter.
#[test]
fn times_change_form_with_the_year_2050() {
    let hex = |plan: &EntryPlan<'_>| entry(plan).expect("an entry");
    let serial = serial(5);
    let at = |revoked, invalidity| EntryPlan {
        serial: &serial,
        revoked: UtcSeconds(revoked),
        listed: Listed::Revoked(RevocationReason::Unspecified),
        invalidity,
    };
    assert_eq!(hex(&at(2_524_607_999, None)), b"\x30\x12\x02\x01\x05\x17\x0d491231235959Z");
    assert_eq!(hex(&at(2_524_608_000, None)), b"\x30\x14\x02\x01\x05\x18\x0f20500101000000Z");
    assert_eq!(
        hex(&at(0, Some(UtcSeconds(1_700_000_000)))),
        b"\x30\x2e\x02\x01\x05\x17\x0d700101000000Z\x30\x1a\x30\x18\x06\x03\x55\x1d\x18\x04\x11\x18\x0f20231114221320Z"
    );
    let mut out = vec![1, 2, 3];
    let refused = push_entry(&mut out, &at(-631_152_001, None));
    assert_eq!((refused, out.len()), (Err(ListRefused::Time(UtcSeconds(-631_152_001))), 3));
    let refused = push_entry(&mut out, &at(0, Some(UtcSeconds(i64::MAX))));
    assert_eq!((refused, out.len()), (Err(ListRefused::Time(UtcSeconds(i64::MAX))), 3));
}

/// RFC 5280 §5.3.1: an unspecified reason is said by saying nothing; the largest entry fits one-octet lengths.
#[test]
fn reasons_stand_in_an_extension_unless_unspecified() {
    let serial = core_words::Serial::from_random([0xff; 20]).expect("not zero");
    let of = |listed| {
        entry(&EntryPlan {
            serial: &serial,
            revoked: UtcSeconds(2_600_000_000),
            listed,
            invalidity: Some(NOW),
        })
        .expect("an entry")
    };
    assert_eq!(of(Listed::Revoked(RevocationReason::Unspecified)).len(), 69);
    let held = of(Listed::Revoked(RevocationReason::CertificateHold));
    assert_eq!(held.len(), 81);
    assert!(held.windows(12).any(|w| w == b"\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x06"));
    assert!(of(Listed::RemovedFromList).windows(3).any(|w| w == b"\x0a\x01\x08"));
}

/// How the entries are cut into pieces leaves no trace.
#[test]
fn pieces_of_any_size_make_the_same_list() {
    let entries = entries(false).repeat(9);
    let plan = plan(SigAlg::RsaSha256);
    let whole = signed(&plan, &entries);
    let head = ListHead::new(&plan, entries.len() as u64).expect("a head");
    for size in [1, 97, 4_096, entries.len()] {
        let mut pass = SignPass::begin(&head, &Provider).expect("a hash");
        entries.chunks(size).for_each(|piece| pass.push_encoded(piece).expect("room"));
        let signature = sign(&key_for(plan.sig_alg), &pass.finish().expect("all entries"));
        let mut writer = ListWriter::begin(Vec::new(), &head, &signature, &Provider).expect("memory");
        entries.chunks(size).for_each(|piece| writer.push_encoded(piece).expect("room"));
        let written = writer.finish().expect("a list");
        assert_eq!(written.octets, whole.len() as u64);
        assert_eq!(written.sha256, Provider.sha256(&whole));
        assert!(written.out == whole, "pieces of {size}");
    }
}

/// ECDSA signatures vary in length, and with them, at a boundary, the header before the list.
#[test]
fn the_outer_header_fits_signatures_of_any_length() {
    let plan = plan(SigAlg::EcdsaSha256);
    let fixed = ListHead::new(&plan, 200).expect("a head").tbs_octets() - 200;
    for boundary in [0x100u64, 0x1_0000, 0x100_0000] {
        for below in 0..120 {
            let Some(octets) = (boundary - below).checked_sub(fixed + 20) else { continue };
            let head = ListHead::new(&plan, octets).expect("a head");
            for signature in [8, 70, 71, 72, 104] {
                let outer = head.outer(signature);
                let rest = head.tbs_octets() + head.tail(&vec![0x77; signature]).len() as u64;
                let (count, len) = outer[1..].split_first().expect("a length");
                let said = len.iter().fold(0, |len, octet| len << 8 | u64::from(*octet));
                let said = if *count < 0x80 { u64::from(*count) } else { said };
                assert_eq!(said, rest, "{boundary:#x} - {below}, {signature}");
                assert!(rest < 0x80 || (usize::from(count & 0x7f) == len.len() && len[0] != 0));
            }
        }
    }
}

#[test]
fn entries_must_be_as_long_as_announced() {
    let head = ListHead::new(&plan(SigAlg::RsaSha256), 9).expect("a head");
    let pass = || SignPass::begin(&head, &Provider).expect("a hash");
    let writer = || ListWriter::begin(Vec::new(), &head, &[1; 256], &Provider).expect("memory");
    let more = Err(WriteError::Length { announced: 9, pushed: 10 }.to_string());
    assert_eq!(pass().push_encoded(&[0; 10]).map_err(|e| e.to_string()), more);
    assert_eq!(writer().push_encoded(&[0; 10]).map_err(|e| e.to_string()), more);
    let (mut pass, mut writer) = (pass(), writer());
    pass.push_encoded(&[0; 8]).expect("room");
    writer.push_encoded(&[0; 8]).expect("room");
    assert!(matches!(pass.finish(), Err(WriteError::Length { announced: 9, pushed: 8 })));
    assert!(matches!(writer.finish(), Err(WriteError::Length { announced: 9, pushed: 8 })));
}

#[test]
fn a_full_disk_is_told() {
    let head = ListHead::new(&plan(SigAlg::RsaSha256), 0).expect("a head");
    let mut room = [0; 300];
    let writer = ListWriter::begin(&mut room[..], &head, &[1; 256], &Provider).expect("room for the head");
    assert!(matches!(writer.finish().map(drop), Err(WriteError::Io(_))));
}

/// Ed25519 and ML-DSA need the whole message; too long a list is refused before its entries are read.
#[test]
fn whole_messages_have_a_limit_and_hashes_have_none() {
    let begin = |alg| {
        let head = ListHead::new(&plan(alg), MAX_MESSAGE).expect("a head");
        SignPass::begin(&head, &Provider).map(drop)
    };
    assert!(matches!(begin(SigAlg::Ed25519), Err(WriteError::MessageTooLong(_))));
    assert!(matches!(begin(SigAlg::MlDsa65), Err(WriteError::MessageTooLong(_))));
    assert!(begin(SigAlg::RsaSha256).is_ok());

    let head = ListHead::new(&plan(SigAlg::Ed25519), 3).expect("a head");
    let mut pass = SignPass::begin(&head, &Provider).expect("a short list");
    pass.push_encoded(&[1, 2, 3]).expect("room");
    let ToSign::Message(message) = pass.finish().expect("all entries") else { panic!("not a message") };
    assert_eq!(message, [head.prefix(), &[1, 2, 3], head.suffix()].concat());
}
