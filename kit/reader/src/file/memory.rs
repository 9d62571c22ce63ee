//! The file as the memory of a card.

use super::{CardFile, FileError};
use core_card::{
    memory::{Memory, PowerLost},
    state::State,
};
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps each state of a card in its file, durable before the card goes on.
pub struct FileMemory {
    file: CardFile,
    failure: Failure,
}

/// Why a [`FileMemory`] could not keep a state: the card itself only falls silent, as without power. Clones are the
/// same.
#[derive(Clone, Debug, Default)]
pub struct Failure(Arc<Mutex<Option<FileError>>>);

impl Failure {
    /// The last one that nobody was told of yet.
    pub fn take(&self) -> Option<FileError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl FileMemory {
    /// A memory in this file.
    pub fn new(file: CardFile) -> Self {
        Self { file, failure: Failure::default() }
    }

    /// Where to ask why the card fell silent.
    pub fn failure(&self) -> Failure {
        self.failure.clone()
    }
}

impl Memory for FileMemory {
    /// A disk that fails is a card that loses its power.
    fn write(&mut self, state: &State) -> Result<(), PowerLost> {
        self.file.replace(&state.encode()).map_err(|error| {
            *self.failure.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            PowerLost
        })
    }
}
