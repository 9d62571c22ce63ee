//! Certificates and lists: profiles, plans, lints, templates, encoders.
//!
//! ```text
//! PKCS#10 ─ request ─┐
//! order ─────────────┼─ plan ─→ Plan ─ lint ─→ Linted ─ (record, sign) ─ assemble ─→ certificate
//! profile, issuer ───┘                                                  compare_signed ─→ proof
//! ```
//!
//! Everything is pure: time, serial numbers, hashes and verification of signatures come in as arguments. What
//! was checked is a type that only the check can make ([`request::VerifiedRequest`], [`profile::Profile`],
//! [`lint::Linted`], [`assemble::AsPlanned`]), and the next step asks for it.

pub mod assemble;
pub mod certificate;
pub mod crl;
pub mod explain;
pub mod general_name;
pub mod issuer;
pub mod jpki;
pub mod key;
pub mod lint;
pub mod name;
pub mod oid;
pub mod plan;
pub mod profile;
pub mod request;
pub mod time;
pub mod tlv;
