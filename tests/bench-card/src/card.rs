//! A card in the hands of its holder, the commands that it is sent, and a stub that takes them as well.

use anyhow::{Context as _, Result, ensure};
use core_card::{
    ATR, Card, Chip, Mute,
    apdu::{Command, Le},
    files::AID,
    memory::{Memory, TestMemory},
    pin::PinKind,
    report::Kind,
    state::{Layout, State},
    testing,
};
use core_crypto::{KeyAlg, Pair};
use kit_keys::Provider;
use std::{hint::black_box, sync::Arc};

/// The place that is used: its certificate is read without PIN.
const PLACE: PinKind = PinKind::Authentication;
/// What stands before a SHA-256 in a signature (RFC 8017 §9.2, note 1).
const SHA256: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

/// A key pair of RSA-2048, PKCS#8.
pub(crate) fn key() -> Result<Vec<u8>> {
    let key = kit_keys::testing::key(KeyAlg::Rsa2048, 0);
    Ok(key.to_pkcs8().context("a key that has no PKCS#8")?.to_vec())
}

/// The state of a card with this key in both places.
pub(crate) fn state(key: &[u8]) -> Result<State> {
    Ok(testing::ready(Kind::Rsa2048, Layout::Both, &Provider, &[key, key])?)
}

/// A card that keeps its state here.
pub(crate) fn card(state: State, memory: impl Memory + 'static) -> Card {
    Card::insert(state, memory, Arc::new(Provider))
}

/// A card that keeps its state in RAM.
pub(crate) fn in_ram(state: &State) -> Card {
    card(state.clone(), TestMemory::new(state))
}

/// SELECT of the application.
pub(crate) fn select_application() -> Vec<u8> {
    Command::new(0x00, 0xA4, 0x04, 0x0C).data(&AID).to_bytes().to_vec()
}

/// SELECT of the holder's certificate.
pub(crate) fn select_file() -> Vec<u8> {
    Command::new(0x00, 0xA4, 0x02, 0x0C).data(&PLACE.certificate_file().to_be_bytes()).to_bytes().to_vec()
}

/// READ BINARY of the first 256 octets of the selected file.
pub(crate) fn read() -> Vec<u8> {
    Command::new(0x00, 0xB0, 0x00, 0x00).expecting(Le::Short).to_bytes().to_vec()
}

/// VERIFY with the right PIN.
pub(crate) fn verify() -> Vec<u8> {
    let file = 0x80 | (PLACE.pin_file() & 0x1F) as u8;
    Command::new(0x00, 0x20, 0x00, file).data(testing::pin(PLACE)).to_bytes().to_vec()
}

/// The DigestInfo of some SHA-256.
pub(crate) fn digest_info() -> Vec<u8> {
    [SHA256, &[7; 32]].concat()
}

/// COMPUTE DIGITAL SIGNATURE over these octets, padded as they are.
pub(crate) fn sign(info: &[u8]) -> Vec<u8> {
    let file = 0x80 | (PLACE.key_file() & 0x1F) as u8;
    Command::new(0x80, 0x2A, 0x00, file).data(info).expecting(Le::Short).to_bytes().to_vec()
}

/// The private operation that the card calls, by itself.
pub(crate) fn bare(pair: &dyn Pair, info: &[u8]) -> Result<()> {
    let signature = pair.sign_padded(info)?;
    ensure!(black_box(signature).len() == 256, "a signature of another length");
    Ok(())
}

/// The data of an answer, which must be 9000 and so long.
pub(crate) fn data(answer: &[u8], length: usize) -> Result<&[u8]> {
    match answer.strip_suffix(&[0x90, 0x00]) {
        Some(data) if data.len() == length => Ok(data),
        _ => anyhow::bail!("{} octets were wanted and 9000; the answer was {answer:02X?}", length),
    }
}

/// Has the application selected, the PIN shown and one signature made, so that the key is loaded; it must be this one.
pub(crate) fn warm(signature: &[u8], mut send: impl FnMut(&[u8]) -> Result<Vec<u8>>) -> Result<()> {
    for command in [select_application(), verify()] {
        data(&send(&command)?, 0)?;
    }
    let answer = send(&sign(&digest_info()))?;
    ensure!(data(&answer, 256)? == signature, "the card signs otherwise");
    Ok(())
}

/// Does nothing and gives back as many octets as are asked for: what an exchange costs by itself.
pub(crate) struct Echo;

impl Chip for Echo {
    fn atr(&self) -> &[u8] {
        &ATR
    }

    fn power_on(&mut self) {}

    fn power_off(&mut self) {}

    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
        let wanted = Command::parse(command).ok().and_then(|command| command.le).map_or(0, Le::most);
        let mut answer = vec![0; wanted];
        answer.extend_from_slice(&[0x90, 0x00]);
        Ok(answer)
    }
}
