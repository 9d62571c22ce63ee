//! No input makes a reader panic, and what is written is read back.

use core_pack::{KeyFamily, pem, pkcs8, sniff, spki};
use proptest::prelude::*;

fn family() -> impl Strategy<Value = KeyFamily> {
    prop::sample::select(&KeyFamily::ALL[..])
}

/// Text that looks like PEM here and there.
fn pem_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"-----BEGIN A-----\n".to_vec()),
        Just(b"-----END A-----\n".to_vec()),
        Just(b"-----BEGIN ".to_vec()),
        Just(b"-----".to_vec()),
        "[A-Za-z0-9+/=\r\n :]{0,80}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..20),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Octets that begin like DER.
fn der_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(vec![0x30]),
        Just(vec![0x30, 0x82]),
        Just(vec![0x02, 1, 0]),
        prop::sample::select(&KeyFamily::ALL[..]).prop_map(|f| f.identifier_der().to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_makes_a_reader_panic(octets in prop_oneof![der_like(), pem_like()]) {
        let _ = pem::decode(&octets, &pem::Limits { text: 500, blocks: 3 });
        let _ = sniff::der(&octets, sniff::Object::Certificate, 500);
        let _ = pkcs8::PrivateKey::unwrap(&octets);
        if let Ok(key) = spki::PublicKey::parse(&octets) {
            prop_assert_eq!(key.to_der(), octets, "one key has one encoding");
        }
    }

    #[test]
    fn pem_round_trip(ders in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 0..5)) {
        let text: String = ders.iter().map(|der| pem::encode(pem::label::CMS, der).to_string()).collect();
        let blocks = pem::decode(text.as_bytes(), &pem::Limits::default()).expect("what was encoded");
        let back: Vec<Vec<u8>> = blocks.iter().map(|b| b.der.to_vec()).collect();
        prop_assert_eq!(back, ders);
    }

    #[test]
    fn pkcs8_round_trip(family in family(), inner in prop::collection::vec(any::<u8>(), 0..600)) {
        let der = pkcs8::PrivateKey { family, inner: &inner }.wrap();
        let back = pkcs8::PrivateKey::unwrap(&der).expect("what was wrapped");
        prop_assert_eq!((back.family, back.inner), (family, &inner[..]));
    }
}
