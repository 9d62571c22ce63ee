//! What the reader does not take for a list.

use crate::helpers::*;
use core_crypto::{BadSignature, SigAlg};
use core_words::RevocationReason;
use core_x509::{
    crl::{BadList, EntryPlan, List, ListLimits, Listed, entry},
    tlv::{self, TlvFault},
};
use kit_keys::Provider;

fn parse(der: &[u8]) -> Result<List<'_>, BadList> {
    List::parse(der, &ListLimits::default())
}

/// Reads a list, entries and all.
fn check(der: &[u8]) -> Result<u64, BadList> {
    parse(der)?.check_entries()
}

fn fault(result: Result<u64, BadList>) -> Option<TlvFault> {
    match result {
        Err(BadList::Der(error)) => Some(error.fault),
        _ => None,
    }
}

/// The parts of a to-be-signed list that a test may replace.
struct Parts {
    version: Vec<u8>,
    inner: &'static [u8],
    outer: &'static [u8],
    issuer: Vec<u8>,
    times: Vec<u8>,
    entries: Option<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
}

const THIS: &[u8] = b"\x17\x0d260331230000Z";
const NEXT: &[u8] = b"\x17\x0d260402230000Z";

fn extension(oid: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    tlv::tlv(0x30, &[&[6, 3, 0x55, 0x1d, oid], flag, &tlv::tlv(4, &[value])])
}

fn number(n: u8) -> Vec<u8> {
    extension(20, false, &[2, 1, n])
}

fn aki() -> Vec<u8> {
    extension(35, false, &[0x30, 3, 0x80, 1, 9])
}

impl Parts {
    fn new() -> Self {
        Self {
            version: vec![2, 1, 1],
            inner: SigAlg::EcdsaSha256.identifier_der(),
            outer: SigAlg::EcdsaSha256.identifier_der(),
            issuer: issuer(),
            times: [THIS, NEXT].concat(),
            entries: Some(entry(&ENTRY).expect("an entry")),
            extensions: vec![aki(), number(9)],
        }
    }

    fn der(&self) -> Vec<u8> {
        let entries = self.entries.as_ref().map(|e| tlv::tlv(0x30, &[e])).unwrap_or_default();
        let extensions = tlv::tlv(0xa0, &[&tlv::tlv_of(0x30, &self.extensions)]);
        let tbs =
            tlv::tlv(0x30, &[&self.version, self.inner, &self.issuer, &self.times, &entries, &extensions]);
        tlv::tlv(0x30, &[&tbs, self.outer, &tlv::tlv(3, &[&[0; 70]])])
    }
}

static SERIAL: std::sync::LazyLock<core_words::Serial> = std::sync::LazyLock::new(|| serial(5));
static ENTRY: std::sync::LazyLock<EntryPlan<'static>> = std::sync::LazyLock::new(|| EntryPlan {
    serial: &SERIAL,
    revoked: NOW,
    listed: Listed::Revoked(RevocationReason::KeyCompromise),
    invalidity: None,
});

fn with(change: impl FnOnce(&mut Parts)) -> Result<u64, BadList> {
    let mut parts = Parts::new();
    change(&mut parts);
    check(&parts.der())
}

/// Replaces the entries by one with this content.
fn with_entry(content: &[&[u8]]) -> Result<u64, BadList> {
    let entry = tlv::tlv(0x30, content);
    with(|p| p.entries = Some(entry))
}

#[test]
fn the_parts_of_these_tests_are_a_list_when_nothing_is_changed() {
    assert_eq!(with(|_| {}), Ok(1));
    assert_eq!(with(|p| p.entries = None), Ok(0));
}

/// A certificate was once listed twice, with two dates; half of the verifiers took the first, half the last.
#[test]
fn incident_one_serial_twice_in_a_crl() {
    let once = entry(&ENTRY).expect("an entry");
    let others = entries(false);
    let twice = [&once[..], &others, &once].concat();
    let der = signed(&plan(SigAlg::EcdsaSha256), &twice);
    // serial 1 is among the others, 5 is not.
    assert_eq!(check(&der), Err(BadList::SerialTwice(serial(5))));
    let der = signed(&plan(SigAlg::EcdsaSha256), &[&once[..], &others].concat());
    assert_eq!(check(&der), Ok(82));
}

#[test]
fn altered_lists_do_not_verify() {
    let key = key_for(SigAlg::EcdsaSha256);
    let mut der = signed(&plan(SigAlg::EcdsaSha256), &entries(false));
    assert_eq!(parse(&der).expect("a list").verify(&Provider, key.public_spki()), Ok(()));
    let at = der.windows(2).position(|w| w == [0x17, 13]).expect("a time") + 5;
    der[at] = if der[at] == b'1' { b'2' } else { b'1' };
    let list = parse(&der).expect("still a list");
    assert_eq!(list.verify(&Provider, key.public_spki()), Err(BadSignature));
}

#[test]
fn the_frame_is_exact() {
    assert_eq!(with(|p| p.version = vec![2, 1, 0]), Err(BadList::Algorithm));
    assert!(with(|p| p.version = vec![]).is_err());
    assert_eq!(with(|p| p.inner = SigAlg::EcdsaSha384.identifier_der()), Err(BadList::Algorithm));
    let unknown: &[u8] = b"\x30\x03\x06\x01\x2a";
    assert_eq!(with(|p| (p.inner, p.outer) = (unknown, unknown)), Err(BadList::Algorithm));
    assert_eq!(fault(with(|p| p.issuer = vec![0x30, 0])), Some(TlvFault::Value));
    let mut tail = Parts::new().der();
    tail.push(0);
    assert_eq!(fault(check(&tail)), Some(TlvFault::Trailing));
    for end in 0..tail.len() - 1 {
        assert!(check(&tail[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn times_have_one_form_and_one_order() {
    let times = |a: &[u8], b: &[u8]| {
        let both = [a, b].concat();
        with(|p| p.times = both)
    };
    assert!(matches!(times(NEXT, THIS), Err(BadList::Time { .. })));
    assert!(matches!(times(THIS, THIS), Err(BadList::Time { .. })));
    assert!(
        matches!(times(THIS, b"\x18\x0f20260402230000Z"), Err(BadList::Time { .. })),
        "GeneralizedTime before 2050"
    );
    assert_eq!(times(THIS, b"\x18\x0f20500402230000Z"), Ok(1));
    assert_eq!(fault(times(THIS, b"\x18\x1120500402230000.5Z")), Some(TlvFault::Time));
    assert!(times(THIS, b"").is_err(), "RFC 5280 §5.1.2.5: nextUpdate must be there");
}

#[test]
fn revoked_certificates_are_absent_or_some() {
    assert!(matches!(with(|p| p.entries = Some(vec![])), Err(BadList::EmptyEntries { .. })));
}

#[test]
fn extensions_are_known_single_and_flagged_right() {
    let extra = |extension: Vec<u8>| with(|p| p.extensions.push(extension));
    assert!(matches!(extra(aki()), Err(BadList::RepeatedExtension { .. })));
    assert!(matches!(extra(extension(99, true, &[5, 0])), Err(BadList::UnknownCritical { .. })));
    assert_eq!(extra(extension(99, false, &[5, 0])), Ok(1));
    assert_eq!(with(|p| p.extensions = vec![aki()]), Err(BadList::Missing("cRLNumber")));
    assert_eq!(with(|p| p.extensions = vec![number(1)]), Err(BadList::Missing("authorityKeyIdentifier")));
    let flagged =
        |wrong: Vec<u8>| matches!(with(|p| p.extensions[1] = wrong), Err(BadList::Criticality { .. }));
    assert!(flagged(extension(20, true, &[2, 1, 9])));
    assert!(matches!(extra(extension(27, false, &[2, 1, 3])), Err(BadList::Criticality { .. })));
    assert!(matches!(
        extra(extension(28, false, &[0x30, 3, 0x81, 1, 0xff])),
        Err(BadList::Criticality { .. })
    ));
    assert_eq!(
        fault(extra(tlv::tlv(0x30, &[&[6, 3, 0x55, 0x1d, 99, 1, 1, 0, 4, 0]]))),
        Some(TlvFault::Boolean)
    );
    assert!(with(|p| p.extensions = vec![]).is_err());

    let many = (100..120).map(|oid| extension(oid, false, &[5, 0])).collect::<Vec<_>>();
    assert_eq!(fault(with(|p| p.extensions.extend_from_slice(&many))), Some(TlvFault::TooMuch));
}

#[test]
fn numbers_are_small_and_not_negative() {
    let numbered = |value: &[u8]| with(|p| p.extensions[1] = extension(20, false, value));
    assert!(matches!(numbered(&[2, 1, 0x80]), Err(BadList::Extension { .. })));
    assert_eq!(fault(numbered(&[2, 2, 0, 1])), Some(TlvFault::Integer));
    let widest = [&[2, 17, 0][..], &[0xff; 16]].concat();
    assert_eq!(numbered(&widest), Ok(1));
    let wider = [&[2, 17, 1][..], &[0; 16]].concat();
    assert!(matches!(numbered(&wider), Err(BadList::Extension { .. })));
}

#[test]
fn deltas_build_on_an_earlier_list_and_point_nowhere() {
    let delta = |base: u8| with(|p| p.extensions.push(extension(27, true, &[2, 1, base])));
    assert_eq!(delta(8), Ok(1));
    assert_eq!(delta(9), Err(BadList::Delta));
    let point = [0x30, 9, 0x30, 7, 0xa0, 5, 0xa0, 3, 0x86, 1, b'a'];
    assert_eq!(with(|p| p.extensions.push(extension(46, false, &point))), Ok(1));
    let both = with(|p| {
        p.extensions.extend([extension(27, true, &[2, 1, 8]), extension(46, false, &point)]);
    });
    assert_eq!(both, Err(BadList::Delta));
}

#[test]
fn distribution_points_of_other_kinds_are_refused() {
    let idp = |value: &[u8]| {
        let whole = tlv::tlv(0x30, &[value]);
        with(|p| p.extensions.push(extension(28, true, &whole)))
    };
    assert_eq!(idp(&[0x81, 1, 0xff]), Ok(1));
    for unfit in [
        &[][..],                            // says nothing
        &[0x81, 1, 0],                      // FALSE is the default and left out
        &[0x81, 1, 0xff, 0x82, 1, 0xff],    // users' and authorities' only: nobody's
        &[0x83, 2, 0, 0x80],                // by reason
        &[0x81, 1, 0xff, 0x84, 1, 0xff],    // indirect
        &[0xa0, 5, 0xa0, 3, 0x82, 1, b'a'], // a DNS name
        &[0xa0, 5, 0xa0, 3, 0x86, 1, 0xc3], // not ASCII
        &[0xa0, 4, 0xa0, 2, 0x86, 0],       // empty
    ] {
        assert!(matches!(idp(unfit), Err(BadList::Extension { .. })), "{unfit:02x?}");
    }
    assert!(idp(&[0xa0, 2, 0xa1, 0]).is_err(), "relative to the issuer");
    assert!(idp(&[0xa0, 2, 0xa0, 0]).is_err(), "no name");
    let many = tlv::tlv(0xa0, &[&tlv::tlv(0xa0, &[&[0x86, 1, b'a'].repeat(17)])]);
    assert!(matches!(idp(&many), Err(BadList::Extension { .. })));
}

#[test]
fn entries_are_exact() {
    let date: &[u8] = b"\x17\x0d260331230000Z";
    assert_eq!(with_entry(&[&[2, 1, 5], date]), Ok(1));
    for bad in [&[2, 1, 0][..], &[2, 1, 0x80], &[&[2, 21, 1][..], &[0; 20]].concat()] {
        assert!(matches!(with_entry(&[bad, date]), Err(BadList::Serial { .. })), "{bad:02x?}");
    }
    assert_eq!(fault(with_entry(&[&[2, 2, 0, 5], date])), Some(TlvFault::Integer));
    assert!(matches!(with_entry(&[&[2, 1, 5], b"\x18\x0f20260331230000Z"]), Err(BadList::Time { .. })));
    assert!(with_entry(&[&[2, 1, 5], date, &[0x30, 0]]).is_err(), "extensions, but none");
    assert!(with_entry(&[&[2, 1, 5], date, &[5, 0]]).is_err());

    let extended = |extension: Vec<u8>| with_entry(&[&[2, 1, 5], date, &tlv::tlv(0x30, &[&extension])]);
    let reason = |code| extension(21, false, &[0x0a, 1, code]);
    assert_eq!(extended(reason(1)), Ok(1));
    for bad in [0, 7, 11, 0x80] {
        assert!(matches!(extended(reason(bad)), Err(BadList::Reason { .. })), "{bad}");
    }
    assert!(matches!(extended(reason(8)), Err(BadList::RemovedInFullList { .. })));
    assert!(matches!(extended(extension(21, true, &[0x0a, 1, 1])), Err(BadList::Criticality { .. })));
    assert!(matches!(extended(extension(29, true, &[0x30, 0])), Err(BadList::UnknownCritical { .. })));
    assert!(extended(extension(24, false, date)).is_err(), "an invalidity date is a GeneralizedTime");
    assert_eq!(extended(extension(24, false, b"\x18\x0f20260331230000Z")), Ok(1));
    assert!(matches!(extended([reason(1), reason(1)].concat()), Err(BadList::RepeatedExtension { .. })));
    let many = (100..109).flat_map(|oid| extension(oid, false, &[5, 0])).collect();
    assert_eq!(fault(extended(many)), Some(TlvFault::TooMuch));
}

#[test]
fn lists_longer_than_the_limit_are_not_read() {
    let der = Parts::new().der();
    let limits = |octets| ListLimits { octets, ..ListLimits::default() };
    assert!(List::parse(&der, &limits(der.len())).is_ok());
    let refused = List::parse(&der, &limits(der.len() - 1)).map(|_| 0);
    assert_eq!(fault(refused), Some(TlvFault::TooMuch));
}
