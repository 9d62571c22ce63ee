//! Where a card keeps its state, and a memory for tests that loses its power.

use crate::state::State;
use std::sync::{Arc, Mutex, MutexGuard};
use zeroize::Zeroizing;

/// The power went, or the memory failed, while a state was written. Whether the write took effect is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the card lost its power, or its memory failed")]
pub struct PowerLost;

/// Keeps the state of one card.
pub trait Memory: Send {
    /// Keeps this state in the place of the one before, wholly or not at all, and lasting as soon as it returns.
    ///
    /// # Errors
    /// [`PowerLost`]: either the one before or this one is kept.
    fn write(&mut self, state: &State) -> Result<(), PowerLost>;
}

impl<M: Memory + ?Sized> Memory for Box<M> {
    fn write(&mut self, state: &State) -> Result<(), PowerLost> {
        (**self).write(state)
    }
}

/// When a [`TestMemory`] loses its power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Before the write with this number takes effect, from 0.
    Before(usize),
    /// After it took effect, but before the card hears of it.
    After(usize),
}

/// A memory in RAM that outlives the card, counts its writes and loses its power when it is told to. For tests.
#[derive(Clone, Default)]
pub struct TestMemory {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    kept: Zeroizing<Vec<u8>>,
    writes: usize,
    loss: Option<Loss>,
}

impl TestMemory {
    /// A memory that keeps this state.
    pub fn new(state: &State) -> Self {
        let memory = Self::default();
        memory.inside().kept = state.encode();
        memory
    }

    /// Loses the power once, at a write counted from now.
    pub fn lose(&self, loss: Loss) {
        let mut inside = self.inside();
        (inside.writes, inside.loss) = (0, Some(loss));
    }

    /// Whether the loss that was ordered is still to come; it is cancelled.
    pub fn cancel_loss(&self) -> bool {
        self.inside().loss.take().is_some()
    }

    /// How many writes there were since the last loss was ordered, or ever.
    pub fn writes(&self) -> usize {
        self.inside().writes
    }

    /// What is kept.
    ///
    /// # Panics
    /// When nothing was ever kept.
    pub fn kept(&self) -> State {
        State::decode(&self.inside().kept).expect("only states that were encoded are kept")
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Memory for TestMemory {
    fn write(&mut self, state: &State) -> Result<(), PowerLost> {
        let mut inside = self.inside();
        let now = inside.writes;
        inside.writes += 1;
        let loss =
            inside.loss.take_if(|loss| matches!(loss, Loss::Before(at) | Loss::After(at) if *at == now));
        if loss != Some(Loss::Before(now)) {
            inside.kept = state.encode();
        }
        if loss.is_some() { Err(PowerLost) } else { Ok(()) }
    }
}
