//! Certificates from request and profile to signature, against rules, strangers and arbitrary octets.

mod arbitrary;
mod authorities;
mod differential;
mod jpki;
mod keys;
mod lints;
mod names;
mod plans;
mod profiles;
mod requests;
mod support;
mod validity;
