//! A virtual card in its file, in a reader that says why the card fell silent.

use super::Failure;
use crate::{Reader, ReaderError, Session, virt::VirtualReader};
use core_card::{Chip, Transmit};
use std::time::Duration;

/// A reader with one virtual card in it. Where the card's file cannot be written, its errors are
/// [`ReaderError::Unkept`] and not [`ReaderError::Taken`]: nobody took the card out.
#[derive(Debug)]
pub struct FileReader {
    slot: VirtualReader,
    failure: Failure,
}

impl FileReader {
    /// A reader of this name; `failure` is that of the card's memory.
    pub fn new(name: impl Into<String>, chip: Box<dyn Chip>, failure: Failure) -> Self {
        Self { slot: VirtualReader::with_card(name, chip), failure }
    }
}

impl Reader for FileReader {
    fn name(&self) -> &str {
        self.slot.name()
    }

    fn connect(&self) -> Result<Box<dyn Session>, ReaderError> {
        let session = self.slot.connect()?;
        Ok(Box::new(FileSession { session, failure: self.failure.clone() }))
    }

    fn wait_for_card(&self, timeout: Duration) -> Result<(), ReaderError> {
        self.slot.wait_for_card(timeout)
    }

    fn wait_for_removal(&self, timeout: Duration) -> Result<(), ReaderError> {
        self.slot.wait_for_removal(timeout)
    }
}

#[derive(Debug)]
struct FileSession {
    session: Box<dyn Session>,
    failure: Failure,
}

impl FileSession {
    fn explained<T>(&self, answer: Result<T, ReaderError>) -> Result<T, ReaderError> {
        answer.map_err(|error| match (error, self.failure.take()) {
            (ReaderError::Taken, Some(why)) => ReaderError::unkept(&why),
            (error, _) => error,
        })
    }
}

impl Transmit for FileSession {
    type Error = ReaderError;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        let answer = self.session.transmit(command);
        self.explained(answer)
    }
}

impl Session for FileSession {
    fn atr(&self) -> &[u8] {
        self.session.atr()
    }

    fn reset(&mut self) -> Result<(), ReaderError> {
        let answer = self.session.reset();
        self.explained(answer)
    }
}
