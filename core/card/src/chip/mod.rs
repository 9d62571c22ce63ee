//! The card itself: octets in, octets out (CARD.md; J4, J16).
//!
//! ```text
//! Card ─ frames: chaining, GET RESPONSE ─ table: which command, may it run ─┬ select, data, pins, sign
//!                                                                           └ session ─┬ issuer
//!                                                                                      └ device
//! ```
//!
//! What a card forgets without power is in `Ram`, what it keeps in [`State`]. A command changes the state in place and
//! then has it kept; when the power goes in between, the card is mute until it is switched on again, and then has the
//! state kept first: what was begun is ended, never undone, so that no try is ever given back.

mod data;
mod device;
mod frames;
mod issuer;
mod pins;
mod select;
mod session;
mod sign;
mod table;

use crate::{
    Chip, Mute,
    files::File,
    memory::{Memory, PowerLost},
    pin::PinKind,
    protocol::CHALLENGE,
    state::{HeldKey, Place, State},
    status::Sw,
};
use core_crypto::{CardTools, Pair};
use frames::Frames;
use session::Session;
use std::sync::Arc;

/// The answer to reset by which software knows cards of this kind.
pub const ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];

/// A card.
pub struct Card {
    chip: Inner,
    /// `None` while it is off.
    frames: Option<Frames>,
}

impl Card {
    /// Puts a card with this state into a reader; `memory` is to keep that state already. It is off.
    pub fn insert(state: State, memory: impl Memory + 'static, tools: Arc<dyn CardTools>) -> Self {
        let chip = Inner { state, memory: Box::new(memory), tools, unkept: false, ram: Ram::default() };
        Self { chip, frames: None }
    }
}

impl Chip for Card {
    fn atr(&self) -> &[u8] {
        &ATR
    }

    /// A card whose power went while it wrote has that state kept first; when its memory still fails, it stays off.
    fn power_on(&mut self) {
        self.power_off();
        if self.chip.unkept && self.chip.keep().is_err() {
            return;
        }
        self.frames = Some(Frames::default());
    }

    fn power_off(&mut self) {
        self.chip.ram = Ram::default();
        self.frames = None;
    }

    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
        let frames = self.frames.as_mut().ok_or(Mute)?;
        frames.answer(&mut self.chip, command).map_err(|PowerLost| {
            self.power_off();
            Mute
        })
    }
}

/// The card without what belongs to frames.
struct Inner {
    state: State,
    memory: Box<dyn Memory>,
    tools: Arc<dyn CardTools>,
    /// Whether `state` may not have been kept.
    unkept: bool,
    ram: Ram,
}

/// What is forgotten without power.
#[derive(Default)]
struct Ram {
    selected: bool,
    file: Option<File>,
    /// By place: its PIN was shown.
    verified: [bool; 2],
    /// For the next command alone.
    challenge: Option<[u8; CHALLENGE]>,
    session: Option<Session>,
    /// By place: key pairs that were needed already, so that a signature costs no more than the signature.
    in_force: [Option<Box<dyn Pair>>; 2],
    staged: [Option<Box<dyn Pair>>; 2],
}

/// What a command has to say.
struct Answer {
    data: Vec<u8>,
    sw: Sw,
}

impl Answer {
    /// Done, nothing to say.
    const DONE: Self = Self { data: Vec::new(), sw: Sw::OK };

    fn of(data: Vec<u8>) -> Self {
        Self { data, sw: Sw::OK }
    }
}

/// Why a command stopped.
enum Halt {
    /// With this status word.
    Sw(Sw),
    /// Without answer.
    PowerLost,
}

impl From<Sw> for Halt {
    fn from(sw: Sw) -> Self {
        Self::Sw(sw)
    }
}

impl From<PowerLost> for Halt {
    fn from(_: PowerLost) -> Self {
        Self::PowerLost
    }
}

type Outcome = Result<Answer, Halt>;

/// Where a place's share of `Ram` lies.
fn slot(place: PinKind) -> usize {
    usize::from(place.reference() - 1)
}

impl Inner {
    /// Has the state kept, after it was changed.
    fn keep(&mut self) -> Result<(), PowerLost> {
        self.unkept = true;
        self.memory.write(&self.state)?;
        self.unkept = false;
        Ok(())
    }

    /// The place with this reference: `6A88` when the card does not have it.
    fn place_of(&self, reference: u8) -> Result<PinKind, Sw> {
        PinKind::from_reference(reference)
            .filter(|place| self.state.index_of(*place).is_some())
            .ok_or(Sw::NO_REFERENCE)
    }

    /// A place that [`place_of`](Self::place_of) or a file led to.
    fn place(&self, place: PinKind) -> Result<&Place, Sw> {
        self.state.place(place).ok_or(Sw::NO_REFERENCE)
    }

    /// The same, to be changed.
    fn place_mut(&mut self, place: PinKind) -> Result<&mut Place, Sw> {
        self.state.place_mut(place).ok_or(Sw::NO_REFERENCE)
    }

    /// The file that P2 means: `80` the selected one, `80` + SFI that one, which is selected then.
    fn file_of(&mut self, p2: u8) -> Result<File, Sw> {
        match (p2 & 0xE0, p2 & 0x1F) {
            (0x80, 0) => self.ram.file.ok_or(Sw::NO_CURRENT_FILE),
            (0x80, sfi) => {
                let file = self.existing(File::from_sfi(sfi))?;
                self.ram.file = Some(file);
                Ok(file)
            }
            _ => Err(Sw::PARAMETERS),
        }
    }

    /// The file, if this card has it.
    fn existing(&self, file: Option<File>) -> Result<File, Sw> {
        file.filter(|file| file.place().is_none_or(|place| self.state.index_of(place).is_some()))
            .ok_or(Sw::NO_FILE)
    }

    /// The key pair in force, ready to sign: `6A88` when there is none.
    fn pair_in_force(&mut self, place: PinKind) -> Result<&dyn Pair, Sw> {
        let held = self.state.place(place).and_then(|place| place.in_force.as_ref()).map(|found| &found.key);
        ready(&*self.tools, held, &mut self.ram.in_force[slot(place)])
    }

    /// The staged key pair, ready to sign: `6A88` when there is none.
    fn staged_pair(&mut self, place: PinKind) -> Result<&dyn Pair, Sw> {
        let held = self.state.place(place).and_then(|place| place.staged.as_ref()).map(|found| &found.key);
        ready(&*self.tools, held, &mut self.ram.staged[slot(place)])
    }
}

/// The key pair of `held` in its `slot`, where it is put when it is needed for the first time.
fn ready<'a>(
    tools: &dyn CardTools,
    held: Option<&HeldKey>,
    slot: &'a mut Option<Box<dyn Pair>>,
) -> Result<&'a dyn Pair, Sw> {
    let held = held.ok_or(Sw::NO_REFERENCE)?;
    if slot.is_none() {
        *slot = Some(tools.load_pair(&held.pkcs8).map_err(|_| Sw::MEMORY)?);
    }
    slot.as_deref().ok_or(Sw::MEMORY)
}
