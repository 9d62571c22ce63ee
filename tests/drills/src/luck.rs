//! Chance that can be had again: everything a drill chooses comes from one printed seed.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A source of choices, after Steele, Lea and Flood's SplitMix64.
#[derive(Clone, Debug)]
pub struct Luck(u64);

impl Luck {
    /// The choices of a seed.
    pub fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// The seed of this run: `WARIFU_DRILL_SEED`, else a new one.
    ///
    /// # Panics
    /// When the variable is no number.
    pub fn seed() -> u64 {
        match std::env::var("WARIFU_DRILL_SEED") {
            Ok(text) => text.parse().expect("WARIFU_DRILL_SEED is a number"),
            Err(_) => RandomState::new().build_hasher().finish(),
        }
    }

    /// Choices of its own for somebody who works at the same time.
    pub fn split(&mut self) -> Self {
        Self(self.next())
    }

    /// A number below `most`, which is not 0.
    pub fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// An index into something of this length.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// One of these, which are not none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
