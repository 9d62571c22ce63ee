//! The password before the key: a new one typed twice, or the old one at a renewal.

use super::{Erased, Generator, Menu, PinSet, Torn, Trusted};
use crate::{
    Transmit,
    host::{Caution, Device, HostError, Rooted},
    pin::{PinKind, PinText},
    report::Kind,
};
use std::collections::VecDeque;

/// Something on the menu was chosen; the password of one place is asked for.
pub struct MenuChosen<'g, T> {
    pub(super) generator: &'g Generator,
    pub(super) session: Rooted<'g, T, Device>,
    pub(super) kind: Kind,
    pub(super) menu: Menu,
    /// What is still to be done, the place at hand first, and what its password is.
    pub(super) ahead: VecDeque<(PinKind, Wants)>,
    pub(super) done: Erased,
}

/// What has to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// A new password, twice.
    New,
    /// The password that is set.
    Old,
}

/// What was typed does not do. It can be typed again unless it is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// The two are not the same.
    #[error("the two passwords are not the same")]
    Differ,
    /// It is not the one that is set.
    #[error("the password is wrong; {left} tries are left")]
    Wrong {
        /// Tries that are left.
        left: u8,
    },
    /// One try is left, and it was not said that it may be used.
    #[error("only one try is left")]
    LastTry,
    /// The counter has to unblock it.
    #[error("the password is blocked")]
    Blocked,
    /// It is for the other place: other characters, other length.
    #[error("this password is for the other certificate")]
    OtherPlace,
    /// The other kind of password is asked for now.
    #[error("another password is asked for")]
    NotAsked,
}

/// What comes of typing a password.
pub type Typed<'g, T, N> =
    Result<N, Result<(Box<MenuChosen<'g, T>>, PasswordFault), Torn<<T as Transmit>::Error>>>;

impl<'g, T: Transmit> MenuChosen<'g, T> {
    pub(super) fn new(trusted: Trusted<'g, T>, menu: Menu, places: &[PinKind]) -> Self {
        let set =
            |kind: PinKind| trusted.report.places.iter().any(|place| place.place == kind && place.pin_set);
        let ahead =
            places.iter().map(|place| (*place, if set(*place) { Wants::Old } else { Wants::New })).collect();
        Self {
            generator: trusted.generator,
            kind: trusted.report.kind,
            session: trusted.session,
            menu,
            ahead,
            done: Erased::default(),
        }
    }

    /// The place at hand.
    pub fn place(&self) -> PinKind {
        self.at_hand().0
    }

    /// What has to be typed.
    pub fn wants(&self) -> Wants {
        self.at_hand().1
    }

    /// What was chosen.
    pub fn menu(&self) -> Menu {
        self.menu
    }

    fn at_hand(&self) -> (PinKind, Wants) {
        *self.ahead.front().expect("this state is made for a place, and never without one")
    }

    /// A new password, typed twice.
    ///
    /// # Errors
    /// A [`PasswordFault`] with the state as it was, or [`Torn`].
    pub fn new_password(mut self, pin: &PinText, again: &PinText) -> Typed<'g, T, PinSet<'g, T>> {
        let (place, wants) = self.at_hand();
        let fault = match () {
            () if wants != Wants::New => Some(PasswordFault::NotAsked),
            () if pin.kind() != place => Some(PasswordFault::OtherPlace),
            () if !bool::from(pin.is(again.as_bytes())) => Some(PasswordFault::Differ),
            () => None,
        };
        if let Some(fault) = fault {
            return Err(Ok((Box::new(self), fault)));
        }
        match self.session.set_pin(place, pin) {
            Ok(()) => Ok(PinSet { chosen: self }),
            Err(error) => Err(Err(self.torn(error))),
        }
    }

    /// The password that is set. When another is to take its place, a new one is asked for then.
    ///
    /// # Errors
    /// A [`PasswordFault`] with the state as it was, or [`Torn`].
    pub fn old_password(
        mut self,
        pin: &PinText,
        caution: Caution,
    ) -> Typed<'g, T, Result<PinSet<'g, T>, Self>> {
        let (place, wants) = self.at_hand();
        let fault = match () {
            () if wants != Wants::Old => Some(PasswordFault::NotAsked),
            () if pin.kind() != place => Some(PasswordFault::OtherPlace),
            () => match self.session.terminal().verify(place, pin, caution) {
                Ok(_) => None,
                Err(HostError::WrongPin { left }) => Some(PasswordFault::Wrong { left }),
                Err(HostError::LastTry) => Some(PasswordFault::LastTry),
                Err(HostError::Blocked) => Some(PasswordFault::Blocked),
                Err(error) => return Err(Err(self.torn(error))),
            },
        };
        if let Some(fault) = fault {
            return Err(Ok((Box::new(self), fault)));
        }
        if self.menu == Menu::ChangePassword {
            if let Some(front) = self.ahead.front_mut() {
                front.1 = Wants::New;
            }
            return Ok(Err(self));
        }
        Ok(Ok(PinSet { chosen: self }))
    }

    /// The card is taken out.
    pub fn take_out(self) -> Erased {
        self.done
    }

    pub(super) fn torn(self, error: HostError<T::Error>) -> Torn<T::Error> {
        Torn { error, erased: self.done }
    }
}
