//! A card of the test's own in vpcd, seen through pcscd as any program sees it (J16).
//!
//! `cargo xtask test` starts pcscd for it and says in `WARIFU_TEST_CARDS` at which two ports the driver waits for cards,
//! and to libpcsclite, in its own variable, where the service is.
#![cfg(feature = "pcsc")]

use core_card::{Chip, Mute};
use kit_reader::{
    Reader, ReaderError,
    pcsc::{self, Limits},
    vpcd::{Pauses, Place, Plugged, plug},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

const LONG: Duration = Duration::from_secs(60);
const ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];
const SELECT: [u8; 15] =
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
/// Answered `9000` when the application is selected.
const IS_SELECTED: [u8; 4] = [0x00, 0x01, 0x00, 0x00];
const FALL_SILENT: [u8; 4] = [0x00, 0xFF, 0x00, 0x00];

/// A card that can be selected, forgets it at each reset, and repeats what it does not know.
#[derive(Default)]
struct Small {
    on: bool,
    selected: bool,
    /// How often it was switched on or reset.
    resets: Arc<AtomicU32>,
}

impl Chip for Small {
    fn atr(&self) -> &[u8] {
        &ATR
    }

    fn power_on(&mut self) {
        (self.on, self.selected) = (true, false);
        self.resets.fetch_add(1, Ordering::SeqCst);
    }

    fn power_off(&mut self) {
        (self.on, self.selected) = (false, false);
    }

    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
        if !self.on || command == FALL_SILENT {
            self.on = false;
            return Err(Mute);
        }
        if command == SELECT {
            self.selected = true;
            return Ok(vec![0x90, 0x00]);
        }
        if command == IS_SELECTED {
            return Ok(if self.selected { vec![0x90, 0x00] } else { vec![0x69, 0x85] });
        }
        Ok([command, &[0x90, 0x00]].concat())
    }
}

/// The two readers, for one test at a time.
struct Stack {
    ports: [u16; 2],
    names: Vec<String>,
    _alone: MutexGuard<'static, ()>,
}

impl Stack {
    fn get() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let told =
            std::env::var("WARIFU_TEST_CARDS").expect("WARIFU_TEST_CARDS is not set: run `cargo xtask test`");
        let mut ports = told.split(',').map(|port| port.parse().expect("a port"));
        let ports = [ports.next().expect("a port"), ports.next().expect("two ports")];
        let stack = Self { ports, names: pcsc::list().expect("pcscd answers"), _alone: alone };
        for n in 0..2 {
            // What another test has pulled may not have been missed yet.
            stack.reader(n).wait_for_removal(LONG).expect("an empty reader");
        }
        stack
    }

    fn reader(&self, n: usize) -> Box<dyn Reader> {
        let limits = Limits { connect: LONG, answer: LONG };
        pcsc::open(Some(&self.names[n]), limits).expect("the reader is there")
    }

    fn plug(&self, n: usize, card: Small) -> Plugged {
        let driver = SocketAddr::from(([127, 0, 0, 1], self.ports[n]));
        let plugged = plug(Box::new(card), driver, Pauses { before: Duration::ZERO, ..Pauses::default() })
            .expect("a thread");
        assert!(plugged.wait_until(Place::Seen, LONG));
        self.reader(n).wait_for_card(LONG).expect("pcscd sees the card");
        plugged
    }
}

#[test]
fn j16_a_card_in_vpcd_is_spoken_to_through_pcscd() {
    let stack = Stack::get();
    let reader = stack.reader(0);
    assert_eq!(reader.name(), stack.names[0]);
    assert_eq!(reader.connect().unwrap_err(), ReaderError::NoCard(stack.names[0].clone()));
    assert_eq!(reader.wait_for_card(Duration::ZERO), Err(ReaderError::TimedOut));
    let _card = stack.plug(0, Small::default());
    let mut session = reader.connect().unwrap();
    assert_eq!(session.atr(), ATR);
    assert_eq!(session.transmit(&IS_SELECTED).unwrap(), [0x69, 0x85]);
    assert_eq!(session.transmit(&SELECT).unwrap(), [0x90, 0x00]);
    assert_eq!(session.transmit(&IS_SELECTED).unwrap(), [0x90, 0x00]);
    // Extended length, there and back.
    let long = [&[0x00, 0xDB, 0x3F, 0xFF, 0x00, 0x10, 0x00][..], &[7; 4096]].concat();
    assert_eq!(session.transmit(&long).unwrap(), [&long[..], &[0x90, 0x00]].concat());
    session.reset().unwrap();
    assert_eq!(session.atr(), ATR);
    assert_eq!(session.transmit(&IS_SELECTED).unwrap(), [0x69, 0x85], "a reset forgets");
    assert!(session.transmit(&SELECT).is_ok());
    drop(session);
    let mut session = reader.connect().unwrap();
    assert_eq!(session.transmit(&IS_SELECTED).unwrap(), [0x69, 0x85], "the end of a session forgets");
}

#[test]
fn j16_a_card_in_use_is_busy_and_free_again_afterwards() {
    let stack = Stack::get();
    let _card = stack.plug(0, Small::default());
    let reader = stack.reader(0);
    let mut session = reader.connect().unwrap();
    assert!(session.transmit(&SELECT).is_ok());
    let hurried = Limits { connect: Duration::from_millis(300), answer: LONG };
    let hurried = pcsc::open(Some(reader.name()), hurried).unwrap();
    assert_eq!(hurried.connect().unwrap_err(), ReaderError::Busy(stack.names[0].clone()));
    assert_eq!(session.transmit(&IS_SELECTED).unwrap(), [0x90, 0x00], "who was refused disturbs nobody");
    drop(session);
    let patient = pcsc::open(Some(reader.name()), Limits { connect: LONG, answer: LONG }).unwrap();
    let mut session = patient.connect().unwrap();
    assert_eq!(session.transmit(&IS_SELECTED).unwrap(), [0x69, 0x85]);
}

#[test]
fn j16_a_card_that_is_pulled_ends_its_session_and_can_come_back() {
    let stack = Stack::get();
    let reader = stack.reader(1);
    for _ in 0..2 {
        let card = stack.plug(1, Small::default());
        let mut session = reader.connect().unwrap();
        assert!(session.transmit(&SELECT).is_ok());
        assert!(card.stop().is_some());
        assert_eq!(session.transmit(&IS_SELECTED), Err(ReaderError::Taken));
        assert_eq!(session.transmit(&IS_SELECTED), Err(ReaderError::Taken));
        reader.wait_for_removal(LONG).unwrap();
        assert_eq!(reader.connect().unwrap_err(), ReaderError::NoCard(stack.names[1].clone()));
    }
}

#[test]
fn j16_a_card_that_falls_silent_in_mid_command_is_seen_to_leave_and_come_back() {
    let stack = Stack::get();
    let small = Small::default();
    let resets = Arc::clone(&small.resets);
    let _card = stack.plug(0, small);
    let reader = stack.reader(0);
    let mut session = reader.connect().unwrap();
    assert!(session.transmit(&SELECT).is_ok());
    let before = resets.load(Ordering::SeqCst);
    assert_eq!(session.transmit(&FALL_SILENT), Err(ReaderError::Taken));
    reader.wait_for_removal(LONG).unwrap();
    reader.wait_for_card(LONG).unwrap();
    let mut session = reader.connect().unwrap();
    assert_eq!(session.transmit(&IS_SELECTED).unwrap(), [0x69, 0x85]);
    assert!(resets.load(Ordering::SeqCst) > before);
}

#[test]
fn j16_of_several_readers_one_must_be_named() {
    let stack = Stack::get();
    let limits = Limits::default();
    assert_eq!(stack.names.len(), 2);
    let several = ReaderError::Several { there: stack.names.clone() };
    assert_eq!(pcsc::open(None, limits).err(), Some(several));
    let unknown = ReaderError::NoSuchReader { wanted: "none such".into(), there: stack.names.clone() };
    assert_eq!(pcsc::open(Some("none such"), limits).err(), Some(unknown));
    assert_eq!(pcsc::open(Some("1"), limits).unwrap().name(), stack.names[1]);
    let _first = stack.plug(0, Small::default());
    let _second = stack.plug(1, Small::default());
    let mut sessions = [0, 1].map(|n| stack.reader(n).connect().unwrap());
    assert!(sessions[0].transmit(&SELECT).is_ok());
    assert_eq!(sessions[1].transmit(&IS_SELECTED).unwrap(), [0x69, 0x85], "two cards are two");
    assert_eq!(pcsc::wait_for_change(&stack.names, Duration::ZERO), Err(ReaderError::TimedOut));
    assert_eq!(pcsc::wait_for_change(&[], LONG).unwrap(), stack.names);
}
