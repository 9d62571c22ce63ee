//! PEM, PKCS#8 and SubjectPublicKeyInfo, in and out.
//!
//! Octets in, octets out. What a key is worth, and whether a signature fits, others say.

mod family;
pub mod pkcs8;
pub mod spki;
mod tlv;

pub use family::KeyFamily;
