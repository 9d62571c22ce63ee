//! The only crate that names a cryptographic library: provider, sealed keys, signers.
//!
//! * [`Provider`] fills in the ports of `core-crypto`: hashes, verification, random octets, what envelopes need.
//! * [`Signer`] is what signs: octets or a hash value in, a signature out, async because the key may sit in a device.
//! * Key pairs as cards use them, keyed hashes and sealed messages are ports of [`Provider`] too (J4, J16).
//! * [`SoftKey`] is a key pair in memory, of each [`KeyAlg`](core_crypto::KeyAlg).
//! * [`SealedStore`] keeps such keys in the database, sealed under a passphrase (K15).
//! * [`pkcs12`] writes a key and its certificates as one file that a subscriber's software opens, and reads such files.
//! * [`Argon2id`] hashes the passwords of people (K9).
//! * [`random_serial`] draws a certificate's serial number (K3).
//!
//! Secrets are wiped when dropped and never appear in `Debug` output (K15).

mod card;
mod envelope;
mod error;
mod password;
pub mod pkcs12;
mod provider;
mod sealed;
mod serial;
mod signer;
mod soft;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod verify;

pub use error::KeyError;
pub use password::Argon2id;
pub use provider::Provider;
pub use sealed::{COMPONENT, KdfCost, KeyInfo, Passphrase, SealedStore};
pub use serial::random_serial;
pub use signer::{BoxFuture, SignInput, Signer};
pub use soft::SoftKey;
