//! Why the terminal did not get what it asked a card for.

use crate::status::Sw;

/// What was asked of the card, for messages: the name of the command in ISO/IEC 7816.
pub type Asked = &'static str;

/// Why the terminal did not get what it asked a card for. `E` is the reader's error.
#[derive(Debug, thiserror::Error)]
pub enum HostError<E: std::error::Error + 'static> {
    /// The reader has no answer.
    #[error(transparent)]
    Link(E),
    /// There is no JPKI application on the card.
    #[error("there is no JPKI application on this card")]
    NotJpki,
    /// The card was ended by its issuer.
    #[error("the card was ended by its issuer")]
    Terminated,
    /// The PIN is wrong.
    #[error("the PIN is wrong; {left} tries are left")]
    WrongPin {
        /// Tries that are left.
        left: u8,
    },
    /// The PIN is blocked.
    #[error("the PIN is blocked")]
    Blocked,
    /// One more wrong PIN would block it, and nobody said that this is wanted. Nothing was sent.
    #[error("only one try is left")]
    LastTry,
    /// It is readable after its PIN alone.
    #[error("this is readable after the PIN alone")]
    NeedsPin,
    /// The device did not prove itself: the keys of card and device are not of one kin.
    #[error("the card does not know this device's key; {left} tries are left")]
    DeviceUnknown {
        /// Tries that are left.
        left: u8,
    },
    /// The keys of devices are not on the card: the counter has not loaded them, or the card is in use already.
    #[error("the card was not prepared for a device")]
    NotPrepared,
    /// The key is of another kin than the card's, as its check value tells. Nothing was sent that costs a try.
    #[error("the card knows another key")]
    OtherKey,
    /// The card did not prove itself. It must not be given anything.
    #[error("the card did not prove that it is genuine")]
    CardUnproven,
    /// An answer on the sealed channel does not open: somebody stands between.
    #[error("an answer on the sealed channel does not open")]
    Channel,
    /// The card refused.
    #[error("{asked}: {sw}")]
    Refused {
        /// What was asked.
        asked: Asked,
        /// What it said.
        sw: Sw,
    },
    /// The answer is not of the form that it must have.
    #[error("{0}: the answer is malformed")]
    Malformed(Asked),
    /// The new key did not sign as its public half says.
    #[error("the key pair on the card is not sound")]
    PairUnsound,
    /// Cryptography failed in the terminal itself.
    #[error("the terminal could not make or seal a key")]
    Tools,
}
