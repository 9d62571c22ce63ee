//! From the password to the key on the card, and to nothing left behind.

use super::{FreshPair, Making, Menu, MenuChosen, Torn, Work};
use crate::{Transmit, host::HostError, pin::PinKind};
use std::sync::Arc;

/// The password is set or given; the key may be made.
pub struct PinSet<'g, T> {
    pub(super) chosen: MenuChosen<'g, T>,
}

/// The key is being made elsewhere.
pub struct Generating<'g, T> {
    chosen: MenuChosen<'g, T>,
}

/// The key is made, and not yet on the card.
pub struct Generated<'g, T> {
    chosen: MenuChosen<'g, T>,
    pair: FreshPair,
}

/// The key is on the card and nowhere else.
pub struct Stored<'g, T> {
    chosen: MenuChosen<'g, T>,
}

/// Nothing of the holder is in the device. What was done is known: it is public.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Public keys that now lie ready on the card, DER SubjectPublicKeyInfo.
    pub keys: Vec<(PinKind, Vec<u8>)>,
    /// Places whose password was changed.
    pub passwords: Vec<PinKind>,
}

/// Where it goes on.
pub enum Next<'g, T> {
    /// With the next place.
    Place(MenuChosen<'g, T>),
    /// The card may be taken out.
    Done(Erased),
}

/// What comes after the password.
pub enum After<'g, T> {
    /// A key, made in the device.
    Make(Generating<'g, T>, Work),
    /// It is done for this place: the key was made on the card, or there was none to make.
    Stored(Stored<'g, T>),
}

impl<'g, T: Transmit> PinSet<'g, T> {
    /// The place at hand.
    pub fn place(&self) -> PinKind {
        self.chosen.place()
    }

    /// Goes on to what was chosen.
    ///
    /// # Errors
    /// [`Torn`], where the card has to make a key.
    pub fn begin(self) -> Result<After<'g, T>, Torn<T::Error>> {
        let mut chosen = self.chosen;
        let place = chosen.place();
        match chosen.menu {
            Menu::ChangePassword => {
                chosen.done.passwords.push(place);
                Ok(After::Stored(Stored { chosen }))
            }
            Menu::MakeKeys(Making::InDevice) => {
                let work = Work::new(chosen.kind.key_alg(), Arc::clone(&chosen.generator.tools));
                Ok(After::Make(Generating { chosen }, work))
            }
            Menu::MakeKeys(Making::OnCard) => {
                let made = chosen.session.make_on_card(place).and_then(|spki| {
                    chosen.session.prove_pair(place, &spki)?;
                    Ok(spki)
                });
                match made {
                    Ok(spki) => {
                        chosen.done.keys.push((place, spki));
                        Ok(After::Stored(Stored { chosen }))
                    }
                    Err(error) => Err(chosen.torn(error)),
                }
            }
        }
    }

    /// The card is taken out.
    pub fn take_out(self) -> Erased {
        self.chosen.done
    }
}

impl<'g, T: Transmit> Generating<'g, T> {
    /// The work is done; `None` says that it failed.
    ///
    /// # Errors
    /// [`Torn`] when no key came of it.
    pub fn generated(self, pair: Option<FreshPair>) -> Result<Generated<'g, T>, Torn<T::Error>> {
        match pair {
            Some(pair) => Ok(Generated { chosen: self.chosen, pair }),
            None => Err(self.chosen.torn(HostError::Tools)),
        }
    }

    /// The card is taken out. The key that is being made is dropped by whoever makes it.
    pub fn take_out(self) -> Erased {
        self.chosen.done
    }
}

impl<'g, T: Transmit> Generated<'g, T> {
    /// Sends the key into the card, wrapped, has the card show that it is sound, and erases it here.
    ///
    /// # Errors
    /// [`Torn`]; the key is erased then too.
    pub fn store(self) -> Result<Stored<'g, T>, Torn<T::Error>> {
        let Self { mut chosen, pair } = self;
        let place = chosen.place();
        match pair.store(&mut chosen.session, place, &chosen.generator.storage_of_all) {
            Ok(spki) => {
                chosen.done.keys.push((place, spki));
                Ok(Stored { chosen })
            }
            Err(error) => Err(chosen.torn(error)),
        }
    }

    /// The card is taken out.
    pub fn take_out(self) -> Erased {
        self.chosen.done
    }
}

impl<'g, T: Transmit> Stored<'g, T> {
    /// What was done until now.
    pub fn done(&self) -> &Erased {
        &self.chosen.done
    }

    /// Goes on with the next place, or ends.
    pub fn next(mut self) -> Next<'g, T> {
        self.chosen.ahead.pop_front();
        if self.chosen.ahead.is_empty() { Next::Done(self.chosen.done) } else { Next::Place(self.chosen) }
    }

    /// The card is taken out.
    pub fn take_out(self) -> Erased {
        self.chosen.done
    }
}
