//! A reader and its slot in this process: for virtual cards, and for tests of everything that speaks to cards.

use crate::{Reader, ReaderError, Session};
use core_card::{Chip, Transmit};
use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A virtual reader. Clones are the same reader.
#[derive(Clone)]
pub struct VirtualReader(Arc<Inner>);

struct Inner {
    name: String,
    slot: Mutex<Slot>,
    changed: Condvar,
}

/// What is in the slot.
#[derive(Default)]
struct Slot {
    card: Card,
    /// Counts cards put in: a session belongs to one of them.
    insertion: u64,
    /// Whether a session has the card.
    in_session: bool,
}

#[derive(Default)]
enum Card {
    #[default]
    None,
    In(Box<dyn Chip>),
    /// In, and carrying out a command.
    Working,
    /// Taken out while it carries out a command; its answer reaches nobody.
    TakenAtWork,
    /// Taken out, and waiting for whoever called [`VirtualReader::remove`].
    Out(Box<dyn Chip>),
}

/// There is a card in the slot already; the other one comes back.
pub struct Occupied(pub Box<dyn Chip>);

impl std::fmt::Debug for Occupied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Occupied")
    }
}

impl std::fmt::Debug for VirtualReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualReader").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl VirtualReader {
    /// An empty reader.
    pub fn new(name: impl Into<String>) -> Self {
        let (slot, changed) = (Mutex::default(), Condvar::new());
        Self(Arc::new(Inner { name: name.into(), slot, changed }))
    }

    /// A reader with a card in it.
    pub fn with_card(name: impl Into<String>, chip: Box<dyn Chip>) -> Self {
        let reader = Self::new(name);
        let mut slot = reader.0.lock();
        slot.card = Card::In(chip);
        slot.insertion = 1;
        drop(slot);
        reader
    }

    /// Puts a card in, switched off.
    ///
    /// # Errors
    /// [`Occupied`].
    pub fn insert(&self, mut chip: Box<dyn Chip>) -> Result<(), Occupied> {
        let mut slot = self.0.lock();
        if !matches!(slot.card, Card::None) {
            return Err(Occupied(chip));
        }
        chip.power_off();
        slot.card = Card::In(chip);
        slot.insertion += 1;
        self.0.changed.notify_all();
        Ok(())
    }

    /// Pulls the card, also in the middle of a command: the card loses its power and the answer is lost. Returns at
    /// once, as whoever pulls a card does; [`remove`](Self::remove) gives it into the hand.
    pub fn pull(&self) {
        let mut slot = self.0.lock();
        slot.card = match std::mem::take(&mut slot.card) {
            Card::In(mut chip) => {
                chip.power_off();
                Card::Out(chip)
            }
            Card::Working => Card::TakenAtWork,
            gone => gone,
        };
        slot.in_session = false;
        self.0.changed.notify_all();
    }

    /// Takes the card out, and waits for a command under way; nothing when there is none.
    pub fn remove(&self) -> Option<Box<dyn Chip>> {
        self.pull();
        let at_work = |slot: &mut Slot| matches!(slot.card, Card::TakenAtWork);
        let mut slot =
            self.0.changed.wait_while(self.0.lock(), at_work).unwrap_or_else(PoisonError::into_inner);
        match std::mem::take(&mut slot.card) {
            Card::Out(chip) => Some(chip),
            there => {
                slot.card = there;
                None
            }
        }
    }

    fn wait(&self, timeout: Duration, wanted: impl Fn(&Slot) -> bool) -> Result<(), ReaderError> {
        let waited = self.0.changed.wait_timeout_while(self.0.lock(), timeout, |slot| !wanted(slot));
        let timed_out = waited.unwrap_or_else(PoisonError::into_inner).1.timed_out();
        if timed_out { Err(ReaderError::TimedOut) } else { Ok(()) }
    }
}

impl Inner {
    /// The slot. A card that panicked leaves it [`Card::Working`], which no lock can make worse.
    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    fn has_card(&self) -> bool {
        matches!(self.card, Card::In(_) | Card::Working)
    }
}

impl Reader for VirtualReader {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn connect(&self) -> Result<Box<dyn Session>, ReaderError> {
        let mut slot = self.0.lock();
        if slot.in_session {
            return Err(ReaderError::Busy(self.0.name.clone()));
        }
        let Card::In(chip) = &mut slot.card else { return Err(ReaderError::NoCard(self.0.name.clone())) };
        chip.power_on();
        let atr = chip.atr().to_vec();
        slot.in_session = true;
        Ok(Box::new(VirtualSession { reader: Arc::clone(&self.0), insertion: slot.insertion, atr }))
    }

    fn wait_for_card(&self, timeout: Duration) -> Result<(), ReaderError> {
        self.wait(timeout, Slot::has_card)
    }

    fn wait_for_removal(&self, timeout: Duration) -> Result<(), ReaderError> {
        self.wait(timeout, |slot| !slot.has_card())
    }
}

struct VirtualSession {
    reader: Arc<Inner>,
    insertion: u64,
    atr: Vec<u8>,
}

impl std::fmt::Debug for VirtualSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualSession").field("reader", &self.reader.name).finish_non_exhaustive()
    }
}

impl VirtualSession {
    /// The slot, while it is ours.
    fn slot(&self) -> Result<MutexGuard<'_, Slot>, ReaderError> {
        let slot = self.reader.lock();
        if slot.insertion == self.insertion && slot.in_session { Ok(slot) } else { Err(ReaderError::Taken) }
    }
}

impl Transmit for VirtualSession {
    type Error = ReaderError;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        let mut slot = self.slot()?;
        let mut chip = match std::mem::replace(&mut slot.card, Card::Working) {
            Card::In(chip) => chip,
            other => {
                slot.card = other;
                return Err(ReaderError::Taken);
            }
        };
        // Whoever pulls the card must not wait for its answer.
        drop(slot);
        let answer = chip.answer(command);
        let mut slot = self.reader.lock();
        if matches!(slot.card, Card::TakenAtWork) {
            chip.power_off();
            slot.card = Card::Out(chip);
            self.reader.changed.notify_all();
            return Err(ReaderError::Taken);
        }
        slot.card = Card::In(chip);
        match answer {
            Ok(octets) if octets.len() < 2 => Err(ReaderError::Malformed("no status word")),
            Ok(octets) => Ok(octets),
            Err(core_card::Mute) => {
                slot.in_session = false;
                Err(ReaderError::Taken)
            }
        }
    }
}

impl Session for VirtualSession {
    fn atr(&self) -> &[u8] {
        &self.atr
    }

    fn reset(&mut self) -> Result<(), ReaderError> {
        match &mut self.slot()?.card {
            Card::In(chip) => {
                chip.power_on();
                Ok(())
            }
            _ => Err(ReaderError::Taken),
        }
    }
}

impl Drop for VirtualSession {
    fn drop(&mut self) {
        if let Ok(mut slot) = self.slot() {
            slot.in_session = false;
            if let Card::In(chip) = &mut slot.card {
                chip.power_off();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Event, Logged};
    use crate::testing::{ATR, Echo, FALL_SILENT, NO_STATUS, TIMES_ON};
    use core_card::Mute;
    use std::sync::mpsc;

    const COMMAND: [u8; 4] = [0x00, 0x01, 0x02, 0x03];
    const NOW: Duration = Duration::ZERO;
    const LONG: Duration = Duration::from_secs(60);

    fn reader() -> VirtualReader {
        VirtualReader::with_card("virtual", Box::new(Echo::default()))
    }

    #[test]
    fn j16_a_session_has_the_card_for_itself() {
        let reader = reader();
        assert_eq!(reader.name(), "virtual");
        let mut session = reader.connect().unwrap();
        assert_eq!(session.atr(), ATR);
        assert_eq!(session.transmit(&COMMAND).unwrap(), [0x00, 0x01, 0x02, 0x03, 0x90, 0x00]);
        assert_eq!(reader.connect().unwrap_err(), ReaderError::Busy("virtual".into()));
        session.reset().unwrap();
        assert_eq!(session.transmit(&TIMES_ON).unwrap(), [2, 0x90, 0x00]);
        drop(session);
        let card = reader.remove().unwrap();
        reader.insert(card).unwrap();
        let mut again = reader.connect().unwrap();
        assert_eq!(again.transmit(&TIMES_ON).unwrap(), [3, 0x90, 0x00]);
    }

    #[test]
    fn j16_a_card_that_was_taken_out_ends_its_session_also_when_it_comes_back() {
        let reader = reader();
        let mut session = reader.connect().unwrap();
        let card = reader.remove().unwrap();
        assert!(reader.remove().is_none());
        assert_eq!(session.transmit(&COMMAND), Err(ReaderError::Taken));
        assert_eq!(reader.connect().unwrap_err(), ReaderError::NoCard("virtual".into()));
        reader.insert(card).unwrap();
        let mut next = reader.connect().unwrap();
        assert_eq!(session.transmit(&COMMAND), Err(ReaderError::Taken));
        assert_eq!(session.reset(), Err(ReaderError::Taken));
        // The end of the old session is not the end of the new one.
        drop(session);
        assert!(next.transmit(&COMMAND).is_ok());
        assert!(reader.insert(Box::new(Echo::default())).is_err(), "two cards in one slot");
    }

    #[test]
    fn j16_a_session_leaves_the_card_switched_off() {
        let (lines, seen) = mpsc::channel();
        let log = Box::new(move |event: Event, _: &str| lines.send(event).unwrap());
        let reader = VirtualReader::with_card("virtual", Box::new(Logged::new(Echo::default(), log)));
        drop(reader.connect().unwrap());
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), [Event::On, Event::Off]);
        let session = reader.connect().unwrap();
        reader.pull();
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), [Event::On, Event::Off]);
        drop(session);
        assert_eq!(seen.try_iter().count(), 0, "a card that is not there was switched off");
    }

    /// Pulls itself out while it carries a command out.
    struct Pulled(VirtualReader, Echo);

    impl Chip for Pulled {
        fn atr(&self) -> &[u8] {
            self.1.atr()
        }
        fn power_on(&mut self) {
            self.1.power_on();
        }
        fn power_off(&mut self) {
            self.1.power_off();
        }
        fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute> {
            self.0.pull();
            self.1.answer(command)
        }
    }

    #[test]
    fn j16_a_card_pulled_in_mid_command_is_taken_and_its_answer_lost() {
        let reader = VirtualReader::new("virtual");
        reader.insert(Box::new(Pulled(reader.clone(), Echo::default()))).unwrap();
        let mut session = reader.connect().unwrap();
        assert_eq!(session.transmit(&COMMAND), Err(ReaderError::Taken));
        assert_eq!(session.transmit(&COMMAND), Err(ReaderError::Taken));
        assert!(reader.wait_for_removal(NOW).is_ok());
        assert!(reader.remove().is_some());
    }

    #[test]
    fn j16_a_card_that_falls_silent_ends_its_session_and_comes_back_when_switched_on() {
        let reader = reader();
        let mut session = reader.connect().unwrap();
        assert_eq!(session.transmit(&NO_STATUS), Err(ReaderError::Malformed("no status word")));
        assert_eq!(session.transmit(&FALL_SILENT), Err(ReaderError::Taken));
        assert_eq!(session.transmit(&COMMAND), Err(ReaderError::Taken));
        assert!(reader.connect().unwrap().transmit(&COMMAND).is_ok());
    }

    #[test]
    fn j16_waiting_ends_when_the_card_comes_goes_or_the_time_is_over() {
        let reader = VirtualReader::new("virtual");
        assert_eq!(reader.wait_for_card(NOW), Err(ReaderError::TimedOut));
        assert_eq!(reader.wait_for_removal(NOW), Ok(()));
        std::thread::scope(|threads| {
            let waiting = threads.spawn(|| reader.wait_for_card(LONG));
            reader.insert(Box::new(Echo::default())).unwrap();
            assert_eq!(waiting.join().unwrap(), Ok(()));
        });
        assert_eq!(reader.wait_for_removal(NOW), Err(ReaderError::TimedOut));
        std::thread::scope(|threads| {
            let waiting = threads.spawn(|| reader.wait_for_removal(LONG));
            reader.remove().unwrap();
            assert_eq!(waiting.join().unwrap(), Ok(()));
        });
    }
}
