//! What can go wrong with a key. No variant carries a secret.

use core_crypto::KeyAlg;
use kit_store::StoreError;

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
    /// The sealed keys are locked: nobody has given the passphrase yet, or somebody locked them again.
    #[error("the keys are locked; unlock them with the passphrase")]
    Locked,
    /// Not the passphrase of these keys, or its parameters in the database were altered.
    #[error("this is not the passphrase of these keys")]
    WrongPassphrase,
    /// An empty passphrase.
    #[error("a passphrase must not be empty")]
    EmptyPassphrase,
    /// There is no passphrase yet: the keys of this installation were never set up.
    #[error("no passphrase has been set for the keys of this installation yet")]
    NoPassphrase,
    /// There is a passphrase already, or somebody else has just changed it.
    #[error("the passphrase of these keys has already been set or has just been changed")]
    PassphraseSet,
    /// What is stored was altered or damaged: it does not open under the right passphrase.
    #[error("{0} was altered or damaged and cannot be opened; restore it from a backup")]
    Tampered(String),
    /// There is no such key.
    #[error("there is no key {0}")]
    NoSuchKey(i64),
    /// There is a key of this number already.
    #[error("there is a key {0} already")]
    KeyExists(i64),
    /// A purpose is 1 to 60 printable ASCII characters.
    #[error("a key's purpose is 1 to 60 printable ASCII characters")]
    Purpose,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
