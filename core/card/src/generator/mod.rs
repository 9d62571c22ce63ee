//! The key-pair generator (鍵ペア生成装置, J4): a device that the applicant works alone.
//!
//! ```text
//! Generator (idle) ─ seat → CardSeated ─ trust → Trusted ─ choose → MenuChosen ─ password → PinSet
//!                                                                       ▲                      │ begin
//!                                                          next place   │      Work (elsewhere) ┤
//!                      Erased ← next ─────────────────── Stored ← store ─ Generated ← generated ┘
//!        from everywhere: take_out → Erased
//! ```
//!
//! Each state is a type, and only the step before leads to it: nobody stores a key that no password guards, and no key
//! outlives its storing. A new private key ([`FreshPair`]) has no way out but into the card that is seated. Whatever
//! goes wrong on the way to the card ends in [`Erased`] too; what a person mistypes leaves the state as it is.

mod fresh;
mod password;
mod stored;

pub use fresh::{FreshPair, Work};
pub use password::{MenuChosen, PasswordFault, Typed, Wants};
pub use stored::{After, Erased, Generated, Generating, Next, PinSet, Stored};

use crate::{
    Transmit,
    host::{Device, HostError, Rooted, Terminal},
    pin::PinKind,
    protocol::Key,
    report::{Life, Report},
};
use core_crypto::CardTools;
use std::sync::Arc;

/// The device, idle: its two keys of all cards, and its cryptography.
pub struct Generator {
    device_of_all: Key,
    storage_of_all: Key,
    tools: Arc<dyn CardTools>,
}

/// Where key pairs are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Making {
    /// In the device, which sends them to the card and erases its copy: the design of 2003.
    #[default]
    InDevice,
    /// On the card itself, where its profile allows it.
    OnCard,
}

/// What the holder came for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Key pairs (鍵ペア生成).
    MakeKeys(Making),
    /// Another password (パスワード変更).
    ChangePassword,
}

/// A card lies in the device.
pub struct CardSeated<'g, T> {
    generator: &'g Generator,
    terminal: Terminal<T>,
}

/// Card and device have proven themselves to each other; the menu is shown.
pub struct Trusted<'g, T> {
    generator: &'g Generator,
    session: Rooted<'g, T, Device>,
    report: Report,
}

/// Something between device and card went wrong; nothing of the holder is in the device any more.
#[derive(Debug)]
pub struct Torn<E: std::error::Error + 'static> {
    /// What went wrong.
    pub error: HostError<E>,
    /// What was done before.
    pub erased: Erased,
}

/// Why something on the menu cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MenuFault {
    /// The counter did not load the keys of this device onto the card.
    #[error("the card was not prepared at the counter")]
    NotPrepared,
    /// No place was named, one twice, or one that the card does not have.
    #[error("the card has no such place")]
    Places,
    /// There is no password yet that could be changed.
    #[error("no password was set yet")]
    NoPassword,
}

impl Generator {
    /// A device with its keys.
    pub fn new(device_of_all: Key, storage_of_all: Key, tools: Arc<dyn CardTools>) -> Self {
        Self { device_of_all, storage_of_all, tools }
    }

    /// A card is put in.
    ///
    /// # Errors
    /// [`Torn`]: there is no JPKI application on it, or it is taken out.
    pub fn seat<T: Transmit>(&self, link: T) -> Result<CardSeated<'_, T>, Torn<T::Error>> {
        let terminal = Terminal::open(link).map_err(torn)?;
        Ok(CardSeated { generator: self, terminal })
    }
}

impl<'g, T: Transmit> CardSeated<'g, T> {
    /// The device proves itself to the card and the card to the device; nobody has to do anything for it.
    ///
    /// # Errors
    /// [`Torn`] with [`HostError::DeviceUnknown`] or [`HostError::CardUnproven`].
    pub fn trust(self) -> Result<Trusted<'g, T>, Torn<T::Error>> {
        let generator = self.generator;
        let mut session =
            self.terminal.prove::<Device>(&generator.device_of_all, &*generator.tools).map_err(torn)?;
        let report = session.terminal().report().map_err(torn)?;
        Ok(Trusted { generator, session, report })
    }

    /// The card is taken out.
    pub fn take_out(self) -> Erased {
        Erased::default()
    }
}

impl<'g, T: Transmit> Trusted<'g, T> {
    /// What the card tells of itself; the menu is drawn from it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// One thing on the menu is chosen, for `places` one after the other: two certificates mean two passwords and two
    /// key pairs in one sitting.
    ///
    /// # Errors
    /// [`MenuFault`], with the state as it was.
    pub fn choose(self, menu: Menu, places: &[PinKind]) -> Result<MenuChosen<'g, T>, (Box<Self>, MenuFault)> {
        let of = |kind: &PinKind| self.report.places.iter().find(|place| place.place == *kind);
        let twice = places.iter().enumerate().any(|(at, place)| places[..at].contains(place));
        let fault = if places.is_empty() || twice || places.iter().any(|place| of(place).is_none()) {
            Some(MenuFault::Places)
        } else if matches!(menu, Menu::MakeKeys(_)) && self.report.life != Life::KeysLoaded {
            Some(MenuFault::NotPrepared)
        } else if menu == Menu::ChangePassword
            && !places.iter().all(|place| of(place).is_some_and(|place| place.pin_set))
        {
            Some(MenuFault::NoPassword)
        } else {
            None
        };
        match fault {
            Some(fault) => Err((Box::new(self), fault)),
            None => Ok(MenuChosen::new(self, menu, places)),
        }
    }

    /// The card is taken out.
    pub fn take_out(self) -> Erased {
        Erased::default()
    }
}

fn torn<E: std::error::Error + 'static>(error: HostError<E>) -> Torn<E> {
    Torn { error, erased: Erased::default() }
}
