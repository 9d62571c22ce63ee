//! For tests: dice that fall the same way each time.

use crate::Provider;
use core_crypto::{Dice, Digest};
use std::sync::Mutex;

/// Dice that fall the same way for the same seed, in the order they are asked. Never for real keys.
pub struct SeededDice {
    seed: u64,
    throws: Mutex<u64>,
}

impl SeededDice {
    /// Dice for this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, throws: Mutex::new(0) }
    }
}

impl Dice for SeededDice {
    fn fill(&self, out: &mut [u8]) {
        let mut throws = self.throws.lock().expect("no one panics while holding it");
        for chunk in out.chunks_mut(32) {
            *throws += 1;
            let mut block = [0; 16];
            block[..8].copy_from_slice(&self.seed.to_be_bytes());
            block[8..].copy_from_slice(&throws.to_be_bytes());
            chunk.copy_from_slice(&Provider.sha256(&block)[..chunk.len()]);
        }
    }
}
