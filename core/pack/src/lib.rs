//! PEM, PKCS#8 and SubjectPublicKeyInfo, in and out; PKCS#12, in.
//!
//! * [`pem`]: textual armour, many blocks, labels checked.
//! * [`sniff`]: one request, certificate or list as people hand it in: DER, PEM or base64.
//! * [`spki`]: public keys, read strictly and without copying.
//! * [`pkcs8`]: private keys with their wrapping on and off.
//! * [`pkcs12`]: what lies in a file of key and certificates, layer by layer; others take the encryption off.
//!
//! Octets in, octets out. What a key is worth, and whether a signature fits, others say.

mod family;
pub mod pem;
pub mod pkcs12;
pub mod pkcs8;
pub mod sniff;
pub mod spki;
mod tlv;

pub use family::KeyFamily;
pub use tlv::put as put_der;
