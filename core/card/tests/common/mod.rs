//! The counter and the generator, as tests play them.

#![allow(dead_code, reason = "each suite uses its share")]

use core_card::{
    Mute,
    apdu::{Command, Le, Response},
    memory::TestMemory,
    pin::PinKind,
    protocol::KeyName,
    report::{Kind, Report},
    state::{Layout, State},
    status::Sw,
    testing::{self, Talk, key},
    tlv,
};
use core_crypto::{KeyAlg, SigAlg, Verify};
use kit_keys::{Provider, testing::key as key_pair};
use std::sync::Arc;

/// One of the two key pairs of a kind that never change, PKCS#8; P-384 has as many as there are numbers.
pub(crate) fn pkcs8(kind: Kind, number: u64) -> Vec<u8> {
    key_pair(kind.key_alg(), number).to_pkcs8().expect("a key").to_vec()
}

/// Its public half.
pub(crate) fn spki(kind: Kind, number: u64) -> Vec<u8> {
    key_pair(kind.key_alg(), number).public_spki().to_vec()
}

/// A card in the hands of its holder: keys 0 and 1.
pub(crate) fn ready(kind: Kind, layout: Layout) -> State {
    testing::ready(kind, layout, &Provider, &[&pkcs8(kind, 0), &pkcs8(kind, 1)]).expect("keys of its kind")
}

/// A card that is on, with its memory.
pub(crate) fn insert(state: &State) -> (Talk, TestMemory) {
    let memory = TestMemory::new(state);
    (Talk::new(state.clone(), memory.clone(), Arc::new(Provider)), memory)
}

pub(crate) fn report(talk: &mut Talk) -> Result<Report, Mute> {
    let answer = talk.send(&Command::new(0x00, 0xCA, 0x01, 0x01).expecting(Le::Short))?;
    Ok(Report::parse(&answer.data).expect("a report"))
}

/// At the counter: the issuer's session.
pub(crate) fn as_issuer(talk: &mut Talk) -> Result<(), Mute> {
    talk.select()?;
    assert_eq!(talk.authenticate(KeyName::Issuer, &key(KeyName::Issuer))?, Sw::OK);
    Ok(())
}

/// In the generator: the device's session.
pub(crate) fn as_device(talk: &mut Talk) -> Result<Sw, Mute> {
    talk.select()?;
    talk.authenticate(KeyName::Device, &key(KeyName::Device))
}

pub(crate) fn load_keys(talk: &mut Talk) -> Result<Sw, Mute> {
    let keys =
        [(0x80, KeyName::Device), (0x81, KeyName::Storage)].map(|(tag, n)| tlv::object(tag, &[&key(n)[..]]));
    Ok(talk.sealed([0x04, 0xDB, 0x3F, 0xFF], &tlv::object(0xA6, &[&keys.concat()]), true)?.sw)
}

pub(crate) fn set_pin(talk: &mut Talk, place: PinKind, text: &[u8]) -> Result<Sw, Mute> {
    talk.select_file(place.pin_file())?;
    Ok(talk.sealed([0x04, 0x24, 0x01, 0x80], text, true)?.sw)
}

/// Imports a key; `long` in one extended command, else in parts.
pub(crate) fn import(talk: &mut Talk, place: PinKind, pkcs8: &[u8], long: bool) -> Result<Sw, Mute> {
    let data = talk.wrapped(place, pkcs8);
    Ok(talk.sealed([0x04, 0xDB, 0x3F, 0xFF], &data, long)?.sw)
}

pub(crate) fn make_key(talk: &mut Talk, reference: u8) -> Result<Response, Mute> {
    talk.sealed([0x04, 0x47, 0x80, 0x00], &[0xAC, 3, 0x83, 1, reference], true)
}

pub(crate) fn public_key(talk: &mut Talk, place: PinKind) -> Result<Response, Mute> {
    let data = [0xAC, 3, 0x83, 1, place.reference()];
    talk.send(&Command::new(0x00, 0x47, 0x81, 0x00).data(&data).expecting(Le::Short))
}

pub(crate) fn store(talk: &mut Talk, file: u16, certificate: &[u8]) -> Result<Sw, Mute> {
    talk.select_file(file)?;
    Ok(talk.sealed([0x04, 0xD6, 0x00, 0x00], certificate, true)?.sw)
}

pub(crate) fn activate(talk: &mut Talk, place: PinKind) -> Result<Sw, Mute> {
    Ok(talk.sealed([0x04, 0x44, 0x00, place.reference()], &[], true)?.sw)
}

/// Signs a message with the key in force and says under which of these public keys it verifies.
pub(crate) fn signs_under(
    talk: &mut Talk,
    kind: Kind,
    place: PinKind,
    keys: &[Vec<u8>],
) -> Result<Option<usize>, Mute> {
    let signature = talk.sign(place, 0x03, b"a message")?;
    assert!(signature.sw.is_ok(), "{:?}", signature.sw);
    Ok(keys.iter().position(|spki| fits(kind, spki, b"a message", &signature.data)))
}

/// Whether a signature as the card gives it verifies.
pub(crate) fn fits(kind: Kind, spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (alg, signature) = match kind {
        Kind::Rsa2048 => (SigAlg::RsaSha256, signature.to_vec()),
        Kind::P384 => (SigAlg::EcdsaSha384, ecdsa_der(signature)),
    };
    Provider.verify(alg, spki, message, &signature).is_ok()
}

/// r and s as DER (RFC 3279 §2.2.3).
fn ecdsa_der(both: &[u8]) -> Vec<u8> {
    let integer = |half: &[u8]| {
        let start = half.iter().position(|octet| *octet != 0).unwrap_or(half.len() - 1);
        let sign: &[u8] = if half[start] & 0x80 != 0 { &[0] } else { &[] };
        tlv::object(0x02, &[sign, &half[start..]])
    };
    let (r, s) = both.split_at(both.len() / 2);
    tlv::object(0x30, &[&integer(r), &integer(s)])
}

pub(crate) const KINDS: [(Kind, KeyAlg); 2] = [(Kind::Rsa2048, KeyAlg::Rsa2048), (Kind::P384, KeyAlg::P384)];
