//! What a card keeps without power: number, keys, PINs, certificates, tries (CARD.md, section 3; J3, J16).
//!
//! A state is written as a whole, so no half of a change is ever kept ([`crate::memory::Memory`]). It holds every secret
//! of the card, hence it is wiped when dropped and has no `Debug`.

mod form;

pub(crate) use form::MAX_KEY;
pub use form::{BadState, MAX_STATE, VERSION};

use crate::{
    pin::{PinKind, PinText},
    protocol::{CARD_ID, Key, Origin, check_value},
    report::{Kind, Life, PlaceReport, Report},
};
use core_crypto::Mac;
use zeroize::Zeroizing;

/// Wrong proofs in a row until a symmetric key is blocked (CARD.md, section 3).
pub const KEY_TRIES: u8 = 10;

/// Which places a card has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Signing and authentication.
    Both,
    /// Signing alone, as in 2003.
    SigningOnly,
}

/// How a card's maker makes it.
pub struct Making {
    /// The card's number.
    pub card_id: [u8; CARD_ID],
    /// Its kind of keys.
    pub kind: Kind,
    /// Its places.
    pub layout: Layout,
    /// Whether it may make keys itself.
    pub makes_keys: bool,
    /// The issuer's key of this card ([`crate::protocol::KeyName::of_card`]).
    pub issuer_key: Key,
}

/// The non-volatile state of a card.
#[derive(Clone)]
pub struct State {
    pub(crate) card_id: [u8; CARD_ID],
    pub(crate) kind: Kind,
    pub(crate) layout: Layout,
    pub(crate) makes_keys: bool,
    /// What is gone once the card is terminated.
    pub(crate) content: Option<Content>,
}

/// What a card has until it is terminated.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) issuer: Proof,
    pub(crate) device: Option<DeviceKeys>,
    /// In the order of [`Layout::places`].
    pub(crate) places: Vec<Place>,
}

/// A symmetric key by which somebody proves themselves, with its tries.
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) key: Key,
    pub(crate) tries: u8,
}

impl Proof {
    pub(crate) fn new(key: Key) -> Self {
        Self { key, tries: KEY_TRIES }
    }
}

/// The keys that are loaded at the counter for one visit to the generator.
#[derive(Clone)]
pub(crate) struct DeviceKeys {
    pub(crate) device: Proof,
    pub(crate) storage: Key,
}

/// One place of a key pair and its certificate.
#[derive(Clone, Default)]
pub(crate) struct Place {
    pub(crate) pin: Option<Pin>,
    /// The key in force, with its certificate: the only one that signs for the holder.
    pub(crate) in_force: Option<InForce>,
    /// The key laid ready, with its certificate as soon as that is there.
    pub(crate) staged: Option<Staged>,
    pub(crate) ca_certificate: Option<Vec<u8>>,
}

#[derive(Clone)]
pub(crate) struct Pin {
    pub(crate) text: PinText,
    pub(crate) tries: u8,
}

impl Pin {
    pub(crate) fn new(text: PinText) -> Self {
        let tries = text.kind().tries();
        Self { text, tries }
    }
}

#[derive(Clone)]
pub(crate) struct InForce {
    pub(crate) key: HeldKey,
    pub(crate) certificate: Vec<u8>,
}

#[derive(Clone)]
pub(crate) struct Staged {
    pub(crate) key: HeldKey,
    pub(crate) certificate: Option<Vec<u8>>,
}

/// A private key as it is kept.
#[derive(Clone)]
pub(crate) struct HeldKey {
    pub(crate) pkcs8: Zeroizing<Vec<u8>>,
    pub(crate) spki: Vec<u8>,
    pub(crate) origin: Origin,
}

impl Place {
    /// The staged key, or else the one in force.
    pub(crate) fn newest_key(&self) -> Option<&HeldKey> {
        self.staged.as_ref().map(|s| &s.key).or(self.in_force.as_ref().map(|f| &f.key))
    }

    fn report(&self, place: PinKind) -> PlaceReport {
        PlaceReport {
            place,
            pin_set: self.pin.is_some(),
            staged: self.staged.is_some(),
            certificate_laid: self.staged.as_ref().is_some_and(|staged| staged.certificate.is_some()),
            in_force: self.in_force.is_some(),
            on_card: self.newest_key().is_some_and(|key| key.origin == Origin::OnCard),
            tries_left: self.pin.as_ref().map_or(0, |pin| pin.tries),
        }
    }
}

impl State {
    /// A card as its maker hands it over: the issuer's key and nothing else.
    pub fn new(making: Making) -> Self {
        let Making { card_id, kind, layout, makes_keys, issuer_key } = making;
        let places = layout.places().iter().map(|_| Place::default()).collect();
        let content = Content { issuer: Proof::new(issuer_key), device: None, places };
        Self { card_id, kind, layout, makes_keys, content: Some(content) }
    }

    /// The card's number.
    pub fn card_id(&self) -> [u8; CARD_ID] {
        self.card_id
    }

    /// Its kind of keys.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its places.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Whether it may make keys itself.
    pub fn makes_keys(&self) -> bool {
        self.makes_keys
    }

    /// Where it stands in its life. Nothing keeps this apart from what it follows from, so the two never differ.
    pub fn life(&self) -> Life {
        match &self.content {
            None => Life::Terminated,
            Some(content) if content.device.is_some() => Life::KeysLoaded,
            Some(content) if content.places.iter().all(|place| place.in_force.is_some()) => Life::Operational,
            Some(_) => Life::Installed,
        }
    }

    /// What the card says of itself (GET DATA `01 01`).
    pub fn report(&self, mac: &dyn Mac) -> Report {
        let content = self.content.as_ref();
        let places = content.map_or(&[][..], |content| &content.places);
        let device = content.and_then(|content| content.device.as_ref());
        Report {
            life: self.life(),
            kind: self.kind,
            check_values: device
                .map(|keys| [&keys.device.key, &keys.storage].map(|key| check_value(mac, key))),
            issuer_check: content.map(|content| check_value(mac, &content.issuer.key)),
            places: self
                .layout
                .places()
                .iter()
                .zip(places)
                .map(|(kind, place)| place.report(*kind))
                .collect(),
        }
    }

    /// Where this place lies among the places; `None` when the card does not have it.
    pub(crate) fn index_of(&self, place: PinKind) -> Option<usize> {
        self.layout.places().iter().position(|kind| *kind == place)
    }

    /// The place, if the card has it and was not terminated.
    pub(crate) fn place(&self, place: PinKind) -> Option<&Place> {
        self.content.as_ref()?.places.get(self.index_of(place)?)
    }

    /// The same, to be changed.
    pub(crate) fn place_mut(&mut self, place: PinKind) -> Option<&mut Place> {
        let index = self.index_of(place)?;
        self.content.as_mut()?.places.get_mut(index)
    }
}
