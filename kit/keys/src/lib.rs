//! The only crate that names a cryptographic library: provider, sealed keys, signers.
