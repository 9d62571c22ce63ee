//! One connection with the driver, from the card's insertion to its removal.

use super::frame::{self, Message};
use core_card::{Chip, Mute};
use rustix::net::sockopt::set_tcp_quickack;
use std::{
    io::{self, Read, Write},
    net::TcpStream,
};

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// The driver closed it, it broke, or what came was no frame.
    Lost,
    /// The chip fell silent.
    Mute,
}

/// Answers the driver until one of the two ends it; `seen` hears of each time the driver asks for the ATR.
pub(super) fn serve(chip: &mut dyn Chip, connection: TcpStream, seen: impl Fn()) -> Exit {
    let mut connection = Acknowledged(connection);
    while let Ok(Some(message)) = frame::read(&mut connection) {
        let answer = match message {
            Message::PowerOff => {
                chip.power_off();
                continue;
            }
            Message::PowerOn | Message::Reset => {
                chip.power_on();
                continue;
            }
            Message::GetAtr => chip.atr().to_vec(),
            Message::TooLong => vec![0x67, 0x00],
            Message::Command(ref command) => match chip.answer(command) {
                Ok(answer) if answer.len() >= 2 => answer,
                Ok(_) => vec![0x6F, 0x00],
                Err(Mute) => return Exit::Mute,
            },
        };
        let is_atr = matches!(message, Message::GetAtr);
        let Some(octets) = frame::write(&answer) else { return Exit::Lost };
        if connection.0.write_all(&octets).is_err() {
            return Exit::Lost;
        }
        if is_atr {
            seen();
        }
    }
    Exit::Lost
}

/// Acknowledges at once what it reads. The driver sends a control octet and then the next message, which its kernel
/// holds back until we have acknowledged the first: 40 ms, unless we say each time not to wait (tcp(7): TCP_QUICKACK
/// does not last).
struct Acknowledged(TcpStream);

impl Read for Acknowledged {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(into)?;
        // Without it everything works, only slower.
        let _ = set_tcp_quickack(&self.0, true);
        Ok(read)
    }
}
