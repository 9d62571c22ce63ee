//! The driver's side is played by the test, as vpcd 3.3 does it.

use super::*;
use crate::testing::{ATR, Echo, FALL_SILENT, NO_STATUS, TIMES_ON};
use std::{
    io::{Read, Write},
    net::TcpListener,
};

const COMMAND: [u8; 4] = [0x00, 0x01, 0x02, 0x03];
const LONG: Duration = Duration::from_secs(60);
const QUICK: Pauses = Pauses {
    before: Duration::ZERO,
    retry: Duration::from_millis(5),
    away: Duration::from_millis(5),
    write: LONG,
};

struct Driver(TcpListener);

impl Driver {
    fn new() -> Self {
        Self(TcpListener::bind(("127.0.0.1", 0)).unwrap())
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    fn card(&self) -> Slot {
        let slot = self.0.accept().unwrap().0;
        slot.set_read_timeout(Some(LONG)).unwrap();
        Slot(slot)
    }
}

struct Slot(TcpStream);

impl Slot {
    fn say(&mut self, octets: &[u8]) {
        self.0.write_all(&frame::write(octets).unwrap()).unwrap();
    }

    fn ask(&mut self, octets: &[u8]) -> Vec<u8> {
        self.say(octets);
        let mut length = [0; 2];
        self.0.read_exact(&mut length).unwrap();
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut answer).unwrap();
        answer
    }

    /// Whether the card has left the slot, and left nothing behind.
    fn is_empty(&mut self) -> bool {
        let mut rest = Vec::new();
        // Closed with octets unread, a connection ends by a reset.
        let _ = self.0.read_to_end(&mut rest);
        rest.is_empty()
    }
}

fn plugged(driver: &Driver) -> Plugged {
    plug(Box::new(Echo::default()), driver.address(), QUICK).unwrap()
}

#[test]
fn j16_a_card_in_vpcd_answers_atr_and_commands_and_nothing_else() {
    let driver = Driver::new();
    let plugged = plugged(&driver);
    let mut slot = driver.card();
    assert!(plugged.wait_until(Place::Connected, LONG));
    assert_eq!(slot.ask(&[4]), ATR);
    assert!(plugged.wait_until(Place::Seen, LONG));
    slot.say(&[1]);
    assert_eq!(slot.ask(&COMMAND), [0x00, 0x01, 0x02, 0x03, 0x90, 0x00]);
    slot.say(&[2]);
    assert_eq!(slot.ask(&TIMES_ON), [2, 0x90, 0x00]);
    slot.say(&[0]);
    slot.say(&[1]);
    assert_eq!(slot.ask(&TIMES_ON), [3, 0x90, 0x00]);
    assert_eq!(slot.ask(&NO_STATUS), [0x6F, 0x00]);
    let longest = vec![7; frame::MAX_COMMAND];
    assert_eq!(slot.ask(&longest), [&longest[..], &[0x90, 0x00]].concat());
    assert_eq!(slot.ask(&vec![7; 65_535]), [0x67, 0x00]);
    let chip = plugged.stop().unwrap();
    assert_eq!(chip.atr(), ATR);
    assert!(slot.is_empty());
}

#[test]
fn j16_a_card_that_falls_silent_leaves_the_slot_and_comes_back() {
    let driver = Driver::new();
    let plugged = plugged(&driver);
    let mut slot = driver.card();
    slot.say(&[1]);
    slot.say(&FALL_SILENT);
    assert!(slot.is_empty());
    let mut slot = driver.card();
    // Nobody has switched it on: a command finds it silent.
    slot.say(&COMMAND);
    assert!(slot.is_empty());
    let mut slot = driver.card();
    slot.say(&[1]);
    assert_eq!(slot.ask(&TIMES_ON), [2, 0x90, 0x00]);
    drop(plugged);
    assert!(slot.is_empty());
}

#[test]
fn j16_the_card_finds_a_pcscd_that_went_and_came_back() {
    let driver = Driver::new();
    let address = driver.address();
    let plugged = plugged(&driver);
    let mut slot = driver.card();
    slot.say(&[1]);
    assert_eq!(slot.ask(&TIMES_ON), [1, 0x90, 0x00]);
    // The listener first: the card must find nobody.
    drop(driver);
    drop(slot);
    assert!(plugged.wait_until_apart(LONG));
    // A child that another test is just starting has the old listener for a moment longer.
    let bound =
        (0..2_000).find_map(|_| TcpListener::bind(address).inspect_err(|_| thread::sleep(QUICK.retry)).ok());
    let driver = Driver(bound.expect("the port is free again"));
    let mut slot = driver.card();
    assert_eq!(slot.ask(&[4]), ATR);
    slot.say(&[1]);
    assert_eq!(slot.ask(&TIMES_ON), [2, 0x90, 0x00]);
}

#[test]
fn j16_what_is_no_frame_ends_the_connection_and_not_the_card() {
    let driver = Driver::new();
    let _plugged = plugged(&driver);
    for nonsense in [&[0, 0][..], &[0, 1, 9]] {
        let mut slot = driver.card();
        slot.0.write_all(nonsense).unwrap();
        assert!(slot.is_empty());
    }
    assert_eq!(driver.card().ask(&[4]), ATR);
}

#[test]
fn j16_a_card_is_stopped_while_there_is_no_driver_and_in_the_middle_of_a_frame() {
    let driver = Driver::new();
    let address = driver.address();
    drop(driver);
    let nowhere = plug(Box::new(Echo::default()), address, Pauses { retry: LONG, ..QUICK }).unwrap();
    assert!(nowhere.stop().is_some());

    let driver = Driver::new();
    let plugged = plugged(&driver);
    let mut slot = driver.card();
    slot.0.write_all(&[0, 5, 1]).unwrap();
    assert!(plugged.wait_until(Place::Connected, LONG));
    assert!(plugged.stop().is_some());
    assert!(slot.is_empty());
}
