//! What can go wrong with a key. No variant carries a secret.

use core_crypto::KeyAlg;

/// Why a key could not be made, read, kept or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The octets are no private key of a supported form.
    #[error("this is not a private key that can be used here: {0}")]
    Malformed(&'static str),
    /// An input of a form that the key cannot sign.
    #[error("a key of kind {} signs {}", .alg.name(), .wants)]
    WrongInput {
        /// The kind of the key.
        alg: KeyAlg,
        /// What it signs, in words.
        wants: &'static str,
    },
    /// The cryptographic library refused; it does not say why.
    #[error("the cryptographic library failed while {0}")]
    Failed(&'static str),
}
