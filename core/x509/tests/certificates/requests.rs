//! Requests: strict reading, proof of possession, and those of other people's software.

use crate::support::*;
use core_crypto::{KeyAlg, SigAlg};
use core_x509::certificate::Extension;
use core_x509::explain::Explain;
use core_x509::general_name::GeneralName;
use core_x509::key::{KeyFault, KeyKind};
use core_x509::name::{C, CN, Name};
use core_x509::oid;
use core_x509::request::{CertRequest, RequestRefused};
use core_x509::tlv::{self, Limits, TlvFault};
use kit_keys::Provider;
use kit_keys::testing::key;

fn parse(der: &[u8]) -> Result<CertRequest<'_>, RequestRefused> {
    CertRequest::parse(der, &Limits::DEFAULT)
}

#[test]
fn every_kind_of_key_proves_itself() {
    for alg in KeyAlg::ALL {
        let key = key(alg, 1);
        let der = csr(&key, &[(C, "JP"), (CN, "x")], &[]);
        let request = parse(&der).expect("a request");
        assert_eq!(request.key.kind, KeyKind::from(alg));
        assert_eq!(request.sig_alg, alg.signs_with());
        request.verify(&Provider).expect("proof of possession");

        // One bit of what is signed, of the key's owner, changes everything.
        let mut other = der.clone();
        let at = der.windows(3).position(|w| w == b"\x13\x01x").expect("the CN") + 2;
        other[at] ^= 1;
        let other = parse(&other).expect("a request");
        assert_eq!(other.verify(&Provider).err(), Some(RequestRefused::Signature));
    }
}

#[test]
fn requests_of_openssl_are_read() {
    let request = parse(include_bytes!("data/openssl-p256-san.der")).expect("a request");
    assert_eq!(request.subject.to_string(), "CN=www.example.jp,O=Example City,C=JP");
    assert_eq!(
        request.alt_names,
        [
            GeneralName::Dns("www.example.jp"),
            GeneralName::Dns("example.jp"),
            GeneralName::Ip(&[192, 0, 2, 7]),
            GeneralName::Email("a@example.jp"),
        ]
    );
    let ids: Vec<_> = request.extensions.iter().filter_map(Extension::id).collect();
    assert_eq!(ids, [oid::SUBJECT_ALT_NAME, oid::KEY_USAGE, oid::BASIC_CONSTRAINTS]);
    request.verify(&Provider).expect("proof of possession");

    let request = parse(include_bytes!("data/openssl-rsa-challenge.der")).expect("a request");
    assert!(request.extensions.is_empty());
    request.check_key(&builtin("claims-provider")).expect("a strong key");
    request.verify(&Provider).expect("proof of possession");

    parse(include_bytes!("data/openssl-ed25519.der")).expect("a request").verify(&Provider).expect("proof");
}

#[test]
fn keys_and_signatures_that_are_not_accepted_have_their_own_codes() {
    let refused = |der: &'static [u8]| parse(der).expect_err("must be refused").code();
    assert_eq!(refused(include_bytes!("data/openssl-sha1.der")), "authority.request_signature_algorithm");
    assert_eq!(refused(include_bytes!("data/openssl-secp256k1.der")), "authority.key_kind_refused");
    // Readable, and refused by its size.
    let request = parse(include_bytes!("data/openssl-rsa-1024.der")).expect("a request");
    let fault = request.check_key(&builtin("claims-provider")).expect_err("too small");
    assert_eq!(fault, KeyFault::RsaSize { bits: 1024, min: 2048, max: 4096 });
    assert!(fault.explain().ja.contains("1024"));
    let verified = request.verify(&Provider);
    // Whether the provider verifies such a key at all is its business; a plan refuses it anyway.
    if let Ok(verified) = verified {
        let order = usual_order(&builtin("claims-provider"));
        let input = order.input(core_x509::plan::KeyProof::Request(verified));
        let plan = template(&builtin("claims-provider"), &issuer(KeyAlg::P256)).plan(&input);
        assert_eq!(plan.expect_err("too small").code(), "authority.key_weak");
    }
}

#[test]
fn an_algorithm_of_another_family_is_refused() {
    let key = key(KeyAlg::P256, 1);
    let der = csr(&key, &[(CN, "x")], &[]);
    let alg = SigAlg::EcdsaSha256.identifier_der();
    let at = der.windows(alg.len()).position(|w| w == alg).expect("the identifier");
    let mut other = der.clone();
    other[at..at + alg.len()].copy_from_slice(b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04");
    assert_eq!(parse(&other).err(), Some(RequestRefused::SignatureAlgorithm));
}

#[test]
fn malformed_requests_say_where() {
    let der =
        csr(&key(KeyAlg::Ed25519, 1), &[(CN, "x")], &[(oid::KEY_USAGE.content(), true, b"\x03\x02\x07\x80")]);
    for end in 0..der.len() {
        assert!(matches!(parse(&der[..end]), Err(RequestRefused::Malformed(_))), "cut at {end}");
    }
    let tail = [&der[..], &[0]].concat();
    let error = parse(&tail).expect_err("a tail");
    assert_eq!(error.code(), "authority.request_malformed");
    assert!(
        matches!(error, RequestRefused::Malformed(e) if e.fault == TlvFault::Trailing && e.at == der.len())
    );

    let small = Limits { octets: der.len() - 1, ..Limits::DEFAULT };
    assert!(matches!(
        CertRequest::parse(&der, &small),
        Err(RequestRefused::Malformed(e)) if e.fault == TlvFault::TooMuch
    ));
}

#[test]
fn limits_hold_for_extensions_and_names() {
    let key = key(KeyAlg::Ed25519, 1);
    let limits = Limits { extensions: 2, general_names: 3, ..Limits::DEFAULT };
    let oids: Vec<_> = (0..3u8).map(|n| vec![0x2a, n]).collect();
    let extensions: Vec<(&[u8], bool, &[u8])> =
        oids.iter().map(|o| (o.as_slice(), false, &[5, 0][..])).collect();
    let two = csr(&key, &[(CN, "x")], &extensions[..2]);
    let three = csr(&key, &[(CN, "x")], &extensions);
    assert!(CertRequest::parse(&two, &limits).is_ok());
    assert!(CertRequest::parse(&three, &limits).is_err());
    for (names, ok) in [(&["a.jp", "b.jp", "c.jp"][..], true), (&["a.jp", "b.jp", "c.jp", "d.jp"], false)] {
        let der = csr(&key, &[(CN, "x")], &[(oid::SUBJECT_ALT_NAME.content(), false, &dns_names(names))]);
        assert_eq!(CertRequest::parse(&der, &limits).is_ok(), ok);
    }
}

#[test]
fn doubtful_attributes_are_refused() {
    let key = key(KeyAlg::Ed25519, 1);
    let usage: (&[u8], bool, &[u8]) = (oid::KEY_USAGE.content(), true, b"\x03\x02\x07\x80");
    // The same extension twice.
    assert!(parse(&csr(&key, &[(CN, "x")], &[usage, usage])).is_err());
    // Two extension requests, version 1, and a second value: by hand, as the signature is not looked at.
    let name = Name::of(&[(CN, "x")]).expect("a name");
    let extension = tlv::tlv(tlv::SEQUENCE, &[b"\x06\x03\x55\x1d\x0f", b"\x04\x04\x03\x02\x07\x80"]);
    let list = tlv::tlv(tlv::SEQUENCE, &[&extension]);
    let attribute = |values: &[&[u8]]| {
        tlv::tlv(tlv::SEQUENCE, &[&oid::EXTENSION_REQUEST.der(), &tlv::tlv(tlv::SET, values)])
    };
    let request = |version: u8, attributes: &[&[u8]]| {
        let attributes = tlv::tlv(tlv::context_constructed(0), attributes);
        let info = tlv::tlv(tlv::SEQUENCE, &[&[2, 1, version], name.der(), key.public_spki(), &attributes]);
        core_x509::assemble::assemble(&info, key.alg(), &[0; 64])
    };
    let one = attribute(&[&list]);
    assert!(parse(&request(0, &[&one])).is_ok());
    assert!(parse(&request(0, &[])).is_ok());
    assert!(parse(&request(1, &[&one])).is_err());
    assert!(parse(&request(0, &[&one, &one])).is_err());
    assert!(parse(&request(0, &[&attribute(&[&list, &list])])).is_err());
    assert!(parse(&request(0, &[&attribute(&[])])).is_err());
}

#[test]
fn every_refusal_speaks_both_languages() {
    let faults = [
        KeyFault::Form,
        KeyFault::Unsupported,
        KeyFault::NotAllowed(KeyKind::Ed25519),
        KeyFault::RsaSize { bits: 1024, min: 2048, max: 4096 },
        KeyFault::RsaExponent,
        KeyFault::RsaSmallFactor(3),
        KeyFault::RsaRoca,
        KeyFault::RsaClosePrimes,
        KeyFault::NotOnCurve,
        KeyFault::SmallOrder,
    ];
    let malformed = parse(&[0]).expect_err("malformed");
    let refusals = faults.into_iter().map(RequestRefused::Key).chain([
        malformed,
        RequestRefused::SignatureAlgorithm,
        RequestRefused::Signature,
    ]);
    for refusal in refusals {
        let words = refusal.explain();
        assert!(refusal.code().starts_with("authority."), "{refusal:?}");
        assert!(words.ja.ends_with('。') && words.next_ja.ends_with('。'), "{words:?}");
        assert!(words.en.ends_with('.') && words.next_en.ends_with('.'), "{words:?}");
        assert!(words.en.is_ascii() && !words.en.starts_with(char::is_lowercase), "{words:?}");
    }
}
