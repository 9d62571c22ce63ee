//! Cards for tests of this crate.

use core_card::{Chip, Mute};

/// Answers each command with the command and `9000`. The instruction `FF` makes it mute; `09` fails to give a status
/// word; `08` counts how often it was switched on.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    pub(crate) on: bool,
    pub(crate) times_on: u8,
}

pub(crate) const ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];
pub(crate) const FALL_SILENT: [u8; 4] = [0x00, 0xFF, 0, 0];
pub(crate) const NO_STATUS: [u8; 4] = [0x00, 0x09, 0, 0];
pub(crate) const TIMES_ON: [u8; 4] = [0x00, 0x08, 0, 0];

impl Chip for Echo {
    fn atr(&self) -> &[u8] {
        &ATR
    }

    fn power_on(&mut self) {
        self.on = true;
        self.times_on += 1;
    }

    fn power_off(&mut self) {
        self.on = false;
    }

    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
        if !self.on {
            return Err(Mute);
        }
        match command {
            c if *c == FALL_SILENT => {
                self.on = false;
                Err(Mute)
            }
            c if *c == NO_STATUS => Ok(vec![0x90]),
            c if *c == TIMES_ON => Ok(vec![self.times_on, 0x90, 0x00]),
            _ => Ok([command, &[0x90, 0x00]].concat()),
        }
    }
}
