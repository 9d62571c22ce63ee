//! A record of what was said to a card and what it answered, for finding faults. PINs are not in it.
//!
//! What a card answers may be personal (certificates are): a log is kept only where somebody asked for it.

use base16ct::upper::encode_string as hex;
use core_card::{Chip, Mute};

/// What one line of a log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The card was switched on or reset.
    On,
    /// The card was switched off.
    Off,
    /// A command APDU went to the card.
    Command,
    /// A response APDU came back.
    Response,
    /// The card fell silent instead of answering.
    Mute,
}

impl Event {
    /// How lines of `apdu.log` begin.
    pub fn mark(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Command => ">",
            Self::Response => "<",
            Self::Mute => "mute",
        }
    }
}

/// Takes one line in: the event, and the octets in hexadecimal with PINs masked ([`shown_command`]); empty where there
/// are none.
pub type Log = Box<dyn FnMut(Event, &str) + Send>;

/// A card whose commands and answers are logged.
pub struct Logged<C> {
    chip: C,
    log: Log,
}

impl<C: Chip> Logged<C> {
    /// Logs what is said to `chip`.
    pub fn new(chip: C, log: Log) -> Self {
        Self { chip, log }
    }

    /// The card, without the log.
    pub fn into_inner(self) -> C {
        self.chip
    }
}

impl<C: Chip> Chip for Logged<C> {
    fn atr(&self) -> &[u8] {
        self.chip.atr()
    }

    fn power_on(&mut self) {
        (self.log)(Event::On, "");
        self.chip.power_on();
    }

    fn power_off(&mut self) {
        (self.log)(Event::Off, "");
        self.chip.power_off();
    }

    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
        (self.log)(Event::Command, &shown_command(command));
        let answer = self.chip.answer(command);
        match &answer {
            Ok(octets) => (self.log)(Event::Response, &hex(octets)),
            Err(Mute) => (self.log)(Event::Mute, ""),
        }
        answer
    }
}

/// A command APDU in hexadecimal. Of VERIFY (20), CHANGE REFERENCE DATA (24) and RESET RETRY COUNTER (2C), whatever
/// their class, only the header and whether there was more: neither the PIN nor its length.
pub fn shown_command(command: &[u8]) -> String {
    const WITH_PINS: [u8; 4] = [0x20, 0x24, 0x2C, 0x32];
    match command {
        [_, ins, _, _, _, ..] if WITH_PINS.contains(ins) => format!("{}**", hex(&command[..4])),
        _ => hex(command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Echo;
    use std::sync::mpsc;

    #[test]
    fn j16_pins_do_not_appear_in_the_log_however_they_are_sent() {
        let pin = b"ABC123XY";
        let secret = hex(pin);
        let with = |head: &[u8]| [head, pin].concat();
        for command in [
            with(&[0x00, 0x20, 0x00, 0x80, 8]),
            with(&[0x10, 0x20, 0x00, 0x9B, 8]),
            with(&[0x00, 0x24, 0x01, 0x80, 8]),
            with(&[0x04, 0x24, 0x01, 0x80, 0, 0, 8]),
            with(&[0x00, 0x2C, 0x02, 0x02, 0, 0, 8]),
            with(&[0x80, 0x32, 0x00, 0x80, 8]),
            with(&[0x00, 0x20, 0x00, 0x80]),
        ] {
            let shown = shown_command(&command);
            assert!(!shown.contains(&secret), "{shown}");
            assert_eq!(shown, format!("{}**", hex(&command[..4])));
        }
        assert_eq!(shown_command(&[0x00, 0x20, 0x00, 0x80]), "00200080");
        assert_eq!(shown_command(&[0x00, 0x24]), "0024");
        assert_eq!(shown_command(&with(&[0x00, 0xA4, 2, 12, 8])), format!("00A4020C08{secret}"));
    }

    #[test]
    fn j16_the_log_has_each_command_and_answer_in_order() {
        let (lines, seen) = mpsc::channel();
        let log = Box::new(move |event: Event, text: &str| {
            lines.send(format!("{} {text}", event.mark())).unwrap();
        });
        let mut card = Logged::new(Echo::default(), log);
        card.power_on();
        card.answer(&[0x00, 0x01, 0x02, 0x03]).unwrap();
        card.power_off();
        assert!(card.answer(&[0x00, 0x01, 0x02, 0x03]).is_err());
        drop(card);
        let lines: Vec<String> = seen.iter().collect();
        assert_eq!(lines, ["on ", "> 00010203", "< 000102039000", "off ", "> 00010203", "mute "]);
    }
}
