//! For tests, fuzzing and measurements: cards that are ready, and somebody who talks to them.
//!
//! Nothing here is secret. [`Talk`] holds the keys of the card and speaks without asking whether it should; whoever
//! personalises cards does that elsewhere.

use crate::{
    Card, Chip, Mute,
    apdu::{Command, Le, MAX_SHORT, Response},
    files::AID,
    memory::Memory,
    pin::{PinKind, PinText},
    protocol::{CHALLENGE, Channel, Handshake, Key, KeyName, Origin},
    report::Kind,
    state::{HeldKey, InForce, Layout, Making, Pin, State},
    status::Sw,
};
use core_crypto::{CardTools, UnfitKey};
use core_pack::put_der;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The number of the cards made here.
pub const CARD_ID: [u8; 16] = *b"WARIFU-TEST-CARD";

/// A PIN of its kind: that of the ready cards.
pub fn pin(place: PinKind) -> &'static [u8] {
    match place {
        PinKind::Signing => b"ABC123",
        PinKind::Authentication => b"1234",
    }
}

/// The symmetric key of the cards made here.
pub fn key(name: KeyName) -> Key {
    let octet = match name {
        KeyName::Issuer => 0xA1,
        KeyName::Device => 0xA2,
        KeyName::Storage => 0xA3,
    };
    Zeroizing::new([octet; 32])
}

/// A card as its maker hands it over.
pub fn blank(kind: Kind, layout: Layout, makes_keys: bool) -> State {
    State::new(Making { card_id: CARD_ID, kind, layout, makes_keys, issuer_key: key(KeyName::Issuer) })
}

/// A card in the hands of its holder, with this private key (PKCS#8 DER) in each of its places.
///
/// # Errors
/// [`UnfitKey`] when one of them is no private key.
pub fn ready(kind: Kind, layout: Layout, tools: &dyn CardTools, keys: &[&[u8]]) -> Result<State, UnfitKey> {
    let mut state = blank(kind, layout, true);
    for (place, pkcs8) in layout.places().iter().zip(keys) {
        let pair = tools.load_pair(pkcs8)?;
        let held =
            HeldKey { pkcs8: pair.to_pkcs8()?, spki: pair.public_spki().to_vec(), origin: Origin::Generator };
        let certificate = certificate(pair.public_spki());
        let kept = state.place_mut(*place).ok_or(UnfitKey)?;
        kept.ca_certificate = Some(certificate.clone());
        kept.pin = PinText::new(*place, pin(*place)).ok().map(Pin::new);
        kept.in_force = Some(InForce { key: held, certificate });
    }
    Ok(state)
}

/// Octets in the form of a certificate for this public key. Nobody signed them.
pub fn certificate(spki: &[u8]) -> Vec<u8> {
    let object = |tag, pieces: &[&[u8]]| {
        let mut out = Vec::new();
        put_der(&mut out, tag, pieces);
        out
    };
    let empty = object(0x30, &[]);
    let version = object(0xA0, &[&[0x02, 1, 2]]);
    let serial = object(0x02, &[&[1]]);
    // Names, so that it is longer than 255 octets with any key.
    let subject = object(0x30, &[&object(0x0C, &[&[b'n'; 300]])]);
    let tbs = object(0x30, &[&version, &serial, &empty, &empty, &empty, &subject, spki]);
    object(0x30, &[&tbs, &empty, &object(0x03, &[&[0; 33]])])
}

/// Somebody who talks to a card, holds its keys, and seals and opens what goes to and fro.
pub struct Talk {
    /// The card.
    pub card: Card,
    tools: Arc<dyn CardTools>,
    session: Option<(Handshake, Channel)>,
}

impl Talk {
    /// Puts the card in and switches it on.
    pub fn new(state: State, memory: impl Memory + 'static, tools: Arc<dyn CardTools>) -> Self {
        let mut card = Card::insert(state, memory, tools.clone());
        card.power_on();
        Self { card, tools, session: None }
    }

    /// Sends octets as they are; anything but a response APDU is a panic.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn raw(&mut self, octets: &[u8]) -> Result<Response, Mute> {
        let answer = self.card.answer(octets)?;
        Ok(Response::parse(&answer).expect("a card that answers gives a status word"))
    }

    /// Sends a command and fetches what the answer leaves waiting.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn send(&mut self, command: &Command) -> Result<Response, Mute> {
        let mut response = self.raw(&command.to_bytes())?;
        while response.sw.more_to_come().is_some() {
            let more = self.raw(&[0x00, 0xC0, 0x00, 0x00, 0x00])?;
            response.data.extend_from_slice(&more.data);
            response.sw = more.sw;
        }
        Ok(response)
    }

    /// Selects the application.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn select(&mut self) -> Result<Sw, Mute> {
        self.session = None;
        Ok(self.send(&Command::new(0x00, 0xA4, 0x04, 0x0C).data(&AID))?.sw)
    }

    /// Selects a file.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn select_file(&mut self, file: u16) -> Result<Sw, Mute> {
        Ok(self.send(&Command::new(0x00, 0xA4, 0x02, 0x0C).data(&file.to_be_bytes()))?.sw)
    }

    /// VERIFY on the PIN of this place.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn verify(&mut self, place: PinKind, text: &[u8]) -> Result<Sw, Mute> {
        self.select_file(place.pin_file())?;
        Ok(self.send(&Command::new(0x00, 0x20, 0x00, 0x80).data(text))?.sw)
    }

    /// COMPUTE DIGITAL SIGNATURE with the key of this place.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn sign(&mut self, place: PinKind, form: u8, data: &[u8]) -> Result<Response, Mute> {
        self.select_file(place.key_file())?;
        self.send(&Command::new(0x80, 0x2A, form, 0x80).data(data).expecting(Le::Short))
    }

    /// Authenticates with the key of this name and this value.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn authenticate(&mut self, name: KeyName, key: &[u8; 32]) -> Result<Sw, Mute> {
        let reference = name.reference().expect("the key of an authentication");
        self.session = None;
        let challenge =
            self.send(&Command::new(0x00, 0x84, 0x00, 0x00).expecting(Le::Exactly(CHALLENGE as u16)))?;
        let Ok(of_card) = challenge.data[..].try_into() else { return Ok(challenge.sw) };
        let handshake = Handshake { card_id: CARD_ID, reference, of_card, of_device: [0xD0; CHALLENGE] };
        let proof = handshake.proof_of_device(&*self.tools, key);
        let data = [&handshake.of_device[..], &proof].concat();
        let answer =
            self.send(&Command::new(0x00, 0x82, 0x00, reference).data(&data).expecting(Le::Short))?;
        if answer.sw.is_ok() {
            assert_eq!(answer.data, handshake.proof_of_card(&*self.tools, key), "the card knows the key too");
            self.session = Some((handshake, handshake.channel(&*self.tools, key)));
        }
        Ok(answer.sw)
    }

    /// A command of the session, sealed; its answer, opened. `long` sends it in one extended command, else in parts.
    ///
    /// # Errors
    /// [`Mute`].
    pub fn sealed(&mut self, head: [u8; 4], data: &[u8], long: bool) -> Result<Response, Mute> {
        let [cla, ins, p1, p2] = head;
        let sealed = match &mut self.session {
            Some((_, channel)) => channel.seal_command(&*self.tools, head, data),
            None => data.to_vec(),
        };
        let command = Command::new(cla, ins, p1, p2).data(&sealed).expecting(Le::Short);
        let parts = if long { vec![command] } else { command.in_parts(MAX_SHORT) };
        let mut response = Response { data: Vec::new(), sw: Sw::OK };
        for part in parts {
            response = self.send(&part)?;
        }
        if let Some((_, channel)) = &self.session
            && !response.data.is_empty()
        {
            let open = channel.open_answer(&*self.tools, head, response.sw.0, &response.data);
            response.data = open.expect("the card seals its answers").to_vec();
        }
        Ok(response)
    }

    /// The session's circumstances, for the key that a private key travels under.
    pub fn handshake(&self) -> Option<&Handshake> {
        self.session.as_ref().map(|(handshake, _)| handshake)
    }

    /// Plays a script of any octets: steps of an octet that says what it is, an octet of length, and so much.
    ///
    /// `0` a command as it is, `1` a sealed one (head, data), `2` and `3` authenticate as issuer and as device, `4` a
    /// reset, `5` SELECT of the application, `6` the right PIN, `7` a sealed import of the octets as a key.
    ///
    /// # Panics
    /// When the card gives something that is no response APDU, or an answer that does not open.
    pub fn play(&mut self, script: &[u8]) {
        let mut rest = script;
        while let [what, length, after @ ..] = rest {
            let (octets, after) = after.split_at(usize::from(*length).min(after.len()));
            rest = after;
            if self.step(what & 7, octets).is_err() {
                self.card.power_on();
            }
        }
    }

    fn step(&mut self, what: u8, octets: &[u8]) -> Result<(), Mute> {
        let place = if octets.first().is_some_and(|octet| octet & 1 == 1) {
            PinKind::Signing
        } else {
            PinKind::Authentication
        };
        match what {
            0 => drop(self.raw(octets)?),
            1 => {
                if let Some(([ins, p1, p2], data)) = octets.split_first_chunk() {
                    self.sealed([0x04, *ins, *p1, *p2], data, true)?;
                }
            }
            2 => drop(self.authenticate(KeyName::Issuer, &key(KeyName::Issuer))?),
            3 => drop(self.authenticate(KeyName::Device, &key(KeyName::Device))?),
            4 => {
                self.session = None;
                self.card.power_on();
            }
            5 => drop(self.select()?),
            6 => drop(self.verify(place, pin(place))?),
            _ => {
                let data = self.wrapped(place, octets);
                self.sealed([0x04, 0xDB, 0x3F, 0xFF], &data, false)?;
            }
        }
        Ok(())
    }

    /// The data of an import: this private key for this place, wrapped for this session.
    pub fn wrapped(&self, place: PinKind, pkcs8: &[u8]) -> Vec<u8> {
        let reference = place.reference();
        let wrapped = self.handshake().map_or_else(Vec::new, |handshake| {
            let transport = handshake.transport_key(&*self.tools, &key(KeyName::Storage), reference);
            let mut nonce = [0; crate::protocol::NONCE];
            self.tools.fill(&mut nonce);
            crate::protocol::wrap_private_key(&*self.tools, &transport, reference, &nonce, pkcs8)
        });
        let control = crate::tlv::object(0xB6, &[&[0x83, 1, reference]]);
        crate::tlv::object(0x4D, &[&control, &crate::tlv::object(0x5F48, &[&wrapped])])
    }
}
