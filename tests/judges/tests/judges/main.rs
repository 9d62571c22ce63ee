//! What openssl, pkilint, pyca/cryptography and an independent Merkle verifier say about the demo's artifacts; what
//! schemathesis says of the APIs, libqpdf and poppler of a paper.
//!
//! Each judge is also shown something wrong, and must refuse it.

mod api;
mod card;
mod certificates;
mod claims;
mod desk_api;
mod enveloped;
mod kinds;
mod ledger;
mod links;
mod lists;
mod papers;
mod pkilint;
