//! What openssl, pkilint, pyca/cryptography and an independent Merkle verifier say about the demo's artifacts.
//!
//! Each judge is also shown something wrong, and must refuse it.

mod api;
mod certificates;
mod kinds;
mod ledger;
mod links;
mod lists;
mod pkilint;
