//! Card readers (J16): real ones over PC/SC, virtual ones in this process and over vpcd, and the file that a virtual
//! card lives in.
//!
//! ```text
//! core_card::Terminal ─ Transmit ─→ Session ←─ connect ─ Reader ─┬─ pcsc: a real reader (feature `pcsc`)
//!                                                                └─ virt: a slot in this process ── Chip
//! OpenSC, other programs ─→ pcscd ─→ vpcd ─ TCP ─→ vpcd::Plugged ───────────────────────────────── Chip
//!                                               chip's state ─→ file::CardFile (sealed under file::DeviceKey)
//! ```
//!
//! A [`Session`] has the card for itself from [`Reader::connect`] until it is dropped, and leaves it switched off or
//! reset: what was verified or agreed in it serves nobody else.

mod choose;
mod error;
pub mod file;
pub mod log;
pub mod pcsc;
mod reader;
#[cfg(any(feature = "pcsc", test))]
mod t0;
#[cfg(test)]
mod testing;
pub mod virt;
pub mod vpcd;

pub use choose::choose;
pub use error::ReaderError;
pub use reader::{Reader, Session};
