//! Binds a key handle to an authority and a purpose, spends permits.
//!
//! Nothing is signed here without proof: a certificate needs a [`Permit`], which is made from a plan that
//! passed the lints and the id under which exactly these octets were recorded. A permit is spent by value.

mod certificate;
mod keys;

pub use certificate::{Permit, Signed, SignerError};
pub use keys::Signers;
