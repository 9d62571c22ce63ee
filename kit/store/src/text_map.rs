//! A map from texts of SQL, for the look-up that precedes every statement.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Texts put together at run time must not fill the memory; a program has a few hundred.
const MOST: usize = 2_000;

/// A map from text to a small handle.
pub(crate) struct TextMap<V> {
    map: HashMap<Box<str>, V, BuildHasherDefault<Quick>>,
}

impl<V> Default for TextMap<V> {
    fn default() -> Self {
        Self { map: HashMap::default() }
    }
}

impl<V: Clone> TextMap<V> {
    pub(crate) fn get(&self, text: &str) -> Option<V> {
        self.map.get(text).cloned()
    }

    pub(crate) fn insert(&mut self, text: &str, value: V) {
        if self.map.len() >= MOST {
            self.map.clear();
        }
        self.map.insert(text.into(), value);
    }

    pub(crate) fn get_or_insert(&mut self, text: &str, make: impl FnOnce() -> V) -> V {
        if let Some(value) = self.get(text) {
            return value;
        }
        let value = make();
        self.insert(text, value.clone());
        value
    }

    pub(crate) fn clear(&mut self) {
        self.map.clear();
    }
}

/// Hashes eight octets per step. Keys are the program's own texts, so no one can make them collide on purpose.
#[derive(Default)]
struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, octets: &[u8]) {
        let (words, rest) = octets.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        for octet in rest {
            self.add(u64::from(*octet));
        }
    }

    fn finish(&self) -> u64 {
        // The map looks at the highest bits and the lowest; the product has its best ones on top.
        self.0.rotate_left(26)
    }
}
