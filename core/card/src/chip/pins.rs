//! VERIFY and CHANGE REFERENCE DATA (CARD.md, section 2; J11).

use super::{Answer, Halt, Inner, Outcome, slot, table::Request};
use crate::{
    files::File,
    pin::{PinKind, PinText},
    state::Pin,
    status::Sw,
};

impl Inner {
    /// The place whose PIN file P2 means.
    pub(super) fn pin_of(&mut self, p2: u8) -> Result<PinKind, Sw> {
        match self.file_of(p2)? {
            File::Pin(place) => Ok(place),
            _ => Err(Sw::NO_CURRENT_FILE),
        }
    }

    /// Says in all places that the PIN was shown, or not.
    pub(super) fn mark(&mut self, place: PinKind, shown: bool) {
        self.ram.verified[slot(place)] = shown;
        if let Some(session) = &mut self.ram.session {
            session.shown[slot(place)] = shown;
        }
    }
}

/// VERIFY; without data the tries that are left. A place without PIN answers as one that is blocked.
pub(super) fn verify(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if command.p1 != 0 {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let kind = chip.pin_of(command.p2)?;
    let tries = chip.place(kind)?.pin.as_ref().map_or(0, |pin| pin.tries);
    if command.data.is_empty() {
        return Err(Halt::Sw(Sw::tries(tries)));
    }
    if tries == 0 {
        return Err(Halt::Sw(Sw::BLOCKED));
    }
    chip.mark(kind, false);
    // The try is gone before anything is compared: whoever cuts the power on seeing a wrong one has lost it.
    set_tries(chip, kind, tries - 1)?;
    let right = chip.place(kind)?.pin.as_ref().is_some_and(|pin| pin.text.is(&command.data).into());
    if !right {
        return Err(Halt::Sw(Sw::tries(tries - 1)));
    }
    set_tries(chip, kind, kind.tries())?;
    chip.mark(kind, true);
    Ok(Answer::DONE)
}

fn set_tries(chip: &mut Inner, kind: PinKind, tries: u8) -> Result<(), Halt> {
    if let Some(pin) = &mut chip.place_mut(kind)?.pin {
        pin.tries = tries;
    }
    Ok(chip.keep()?)
}

/// CHANGE REFERENCE DATA by the holder, who has shown the old PIN.
pub(super) fn change(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if command.p1 != 0x01 {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let kind = chip.pin_of(command.p2)?;
    if !chip.ram.verified[slot(kind)] {
        return Err(Halt::Sw(Sw::SECURITY));
    }
    set_text(chip, kind, &command.data)
}

/// Sets a PIN, with all tries, in one write.
pub(super) fn set_text(chip: &mut Inner, kind: PinKind, text: &[u8]) -> Outcome {
    let text = PinText::new(kind, text).map_err(|_| Sw::DATA)?;
    chip.place_mut(kind)?.pin = Some(Pin::new(text));
    chip.keep()?;
    Ok(Answer::DONE)
}
