//! The key-pair generator's session, under the external-authentication key: PINs, and key pairs (J4).

use super::message::ecdsa_der;
use super::{HostError, Role, Rooted, ok};
use crate::{
    Transmit,
    apdu::Le,
    files::File,
    pin::{PinKind, PinText},
    protocol::{self, KeyName},
    report, tlv,
};
use core_crypto::{Pair, SigAlg};
use core_pack::{KeyFamily, spki::PublicKey};

/// The external-authentication key, 外部認証鍵.
pub struct Device;

impl Role for Device {
    const KEY: KeyName = KeyName::Device;
}

/// Octets that a new key signs to show that it is sound.
const PAIR_CHALLENGE: usize = 32;

impl<T: Transmit> Rooted<'_, T, Device> {
    /// Sets the PIN of a place: the first, or another after the old one was verified in this session.
    ///
    /// # Errors
    /// [`HostError::Refused`] with `6982` when the place has a PIN that was not given.
    pub fn set_pin(&mut self, place: PinKind, pin: &PinText) -> Result<(), HostError<T::Error>> {
        self.terminal().select_file(File::Pin(place))?;
        self.done("CHANGE REFERENCE DATA", [0x24, 0x01, 0x80], pin.as_bytes())
    }

    /// Sends a private key to lie ready on the card, wrapped for this card and session under the storage key derived
    /// from that of all cards; `6982` when the PIN of the place was neither set nor verified in this session.
    ///
    /// # Errors
    /// [`HostError`].
    pub(crate) fn import(
        &mut self,
        place: PinKind,
        pair: &dyn Pair,
        storage_of_all: &[u8; 32],
    ) -> Result<(), HostError<T::Error>> {
        let (tools, reference) = (self.tools(), place.reference());
        let storage = KeyName::Storage.of_card(tools, storage_of_all, self.card_id());
        let transport = self.handshake().transport_key(tools, &storage, reference);
        let pkcs8 = pair.to_pkcs8().map_err(|_| HostError::Tools)?;
        let mut nonce = [0; protocol::NONCE];
        tools.fill(&mut nonce);
        let wrapped = protocol::wrap_private_key(tools, &transport, reference, &nonce, &pkcs8);
        let place = tlv::object(0xB6, &[&tlv::object(0x83, &[&[reference]])]);
        let data = tlv::object(0x4D, &[&place, &tlv::object(0x5F48, &[&wrapped])]);
        self.done("PUT DATA", [0xDB, 0x3F, 0xFF], &data)
    }

    /// Has the card make a key pair itself, which never leaves it; the public half is a DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`HostError::Refused`] with `6A81` on cards that do not.
    pub fn make_on_card(&mut self, place: PinKind) -> Result<Vec<u8>, HostError<T::Error>> {
        const ASKED: &str = "GENERATE ASYMMETRIC KEY PAIR";
        let data = tlv::object(0xAC, &[&tlv::object(0x83, &[&[place.reference()]])]);
        let template = self.ask(ASKED, [0x47, 0x80, 0x00], &data, true)?;
        report::spki_of_object(&template).map_err(|_| HostError::Malformed(ASKED))
    }

    /// The public key that lies ready, or else the one in force: a DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn read_public_key(&mut self, place: PinKind) -> Result<Vec<u8>, HostError<T::Error>> {
        self.terminal().read_public_key(place)
    }

    /// Has the key that lies ready sign what nobody could know before, and checks it with the public key.
    ///
    /// # Errors
    /// [`HostError::PairUnsound`].
    pub fn prove_pair(&mut self, place: PinKind, spki: &[u8]) -> Result<(), HostError<T::Error>> {
        let mut challenge = [0; PAIR_CHALLENGE];
        self.tools().fill(&mut challenge);
        let reference = place.reference();
        let signature = self.ask("INTERNAL AUTHENTICATE", [0x88, 0x00, reference], &challenge, true)?;
        let message = protocol::pair_message(self.card_id(), reference, &challenge);
        let family = PublicKey::parse(spki).map_err(|_| HostError::PairUnsound)?.family;
        let (alg, signature) = match family {
            KeyFamily::Rsa => (SigAlg::RsaSha256, signature.to_vec()),
            KeyFamily::P384 => (SigAlg::EcdsaSha384, ecdsa_der(&signature).ok_or(HostError::PairUnsound)?),
            _ => return Err(HostError::PairUnsound),
        };
        self.tools().verify(alg, spki, &message, &signature).map_err(|_| HostError::PairUnsound)
    }
}

impl<T: Transmit> super::Terminal<T> {
    /// 「公開鍵読込」: the public key that lies ready, or else the one in force, as a DER SubjectPublicKeyInfo (J6).
    ///
    /// # Errors
    /// [`HostError`].
    pub fn read_public_key(&mut self, place: PinKind) -> Result<Vec<u8>, HostError<T::Error>> {
        const ASKED: &str = "GENERATE ASYMMETRIC KEY PAIR";
        let data = tlv::object(0xAC, &[&tlv::object(0x83, &[&[place.reference()]])]);
        let template = ok(self.ask([0x00, 0x47, 0x81, 0x00], &data, Some(Le::Short))?, ASKED)?;
        report::spki_of_object(&template).map_err(|_| HostError::Malformed(ASKED))
    }
}
