//! The file of a virtual card: its whole state, sealed under a key of the machine (J16).
//!
//! ```text
//! magic 16 │ version 1 │ card number 16 │ length 4 │ nonce 12 │ AES-256-GCM of the state, tag 16
//! └───────── readable without the key, additional data ───────┘
//! ```
//!
//! The key has nothing to do with PINs: a card whose PIN is blocked is read and written as any other, and a PIN of four
//! digits protects nothing that can be copied. What is protected is the file away from its machine. Who has both, or
//! puts an old copy of the file in its place, has the card as it was: a virtual card is no tamper-resistant one.
//!
//! A write is whole or was not: a draft is written, synced and renamed over the file, and the folder is synced before
//! anybody is told. Only one process has a card open: it holds a lock beside the file.

mod card;
mod device;
mod error;
mod format;
mod memory;
mod place;
mod reader;
#[cfg(test)]
mod tests;

pub use card::CardFile;
pub use device::{DEVICE_KEY, DeviceKey};
pub use error::{FileError, What};
pub use format::{CARD_NUMBER, MAX_FILE, MAX_STATE};
pub use memory::{Failure, FileMemory};
pub use reader::FileReader;
