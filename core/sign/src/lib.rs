//! CMS (RFC 5652): octets in, octets out.
//!
//! * [`enveloped`]: a notice that only the holder of a certificate's key can read (C7).
//!
//! Cryptography and randomness come in as the ports of `core-crypto`; what a certificate is worth today, its validity
//! and revocation, the caller has judged.

pub mod enveloped;
