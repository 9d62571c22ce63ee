//! Ports of cryptography: traits and algorithm names, no implementation.
//!
//! Everything pure in the house asks for these as arguments; `kit-keys` fills them in. All ports are
//! synchronous and object-safe. Signing is not here: it may wait for a device, so it is the async
//! `Signer` of `kit-keys`.

mod alg;
mod card;
mod envelope;
mod ports;

pub use alg::{HashAlg, KeyAlg, SigAlg};
pub use card::{Aead, CardTools, Mac, Pair, Pairs, UnfitInput};
pub use envelope::{AesKey, Agreed, Cipher, DoesNotOpen, KeyAgreement, KeyTransport, PublicHalf, UnfitKey};
pub use ports::{BadSignature, Dice, Digest, HashOut, PasswordHash, Running, Verify};
