//! The file as the memory of a card.

use super::CardFile;
use core_card::{
    memory::{Memory, PowerLost},
    state::State,
};

/// Keeps each state of a card in its file, durable before the card goes on.
pub struct FileMemory(CardFile);

impl FileMemory {
    /// A memory in this file.
    pub fn new(file: CardFile) -> Self {
        Self(file)
    }
}

impl Memory for FileMemory {
    /// A disk that fails is a card that loses its power.
    fn write(&mut self, state: &State) -> Result<(), PowerLost> {
        self.0.replace(&state.encode()).map_err(|_| PowerLost)
    }
}
