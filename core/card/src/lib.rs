//! The JPKI card (J16), the terminal's side of it, and the key-pair generator (J4).
//!
//! ```text
//! command octets ─→ chip: Card (state, PINs, keys) ─→ response octets      ┐ one process, or a
//!                      │ writes whole states          ▲                    ├ reader between them
//!                      ▼ Memory                       │ Transmit           ┘
//!                                    host: Terminal, personalisation ← generator, counter, command line
//! ```
//!
//! Everything is pure: what the card keeps goes through [`memory::Memory`], random octets and cryptography come in
//! as [`core_crypto::CardTools`], and time plays no part. `docs/procedures/CARD.md` describes each command.

pub mod apdu;
pub mod certificate;
mod chip;
pub mod files;
pub mod generator;
pub mod host;
pub mod memory;
pub mod pin;
pub mod protocol;
pub mod report;
pub mod state;
pub mod status;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tlv;
pub mod token;
mod transmit;

pub use chip::{ATR, Card};
pub use transmit::{Chip, Mute, Transmit};
