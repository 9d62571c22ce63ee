//! What every reader can do.

use crate::ReaderError;
use core_card::Transmit;
use std::time::Duration;

/// A card reader (J16), real or not.
pub trait Reader: Send {
    /// The name under which it is chosen.
    fn name(&self) -> &str;

    /// Switches the card on and takes it for this session alone: a transaction, in which no other program reaches it.
    ///
    /// # Errors
    /// [`ReaderError::NoCard`], [`ReaderError::Busy`] when another program does not let go of the card, and whatever
    /// becomes of a reader.
    fn connect(&self) -> Result<Box<dyn Session>, ReaderError>;

    /// Waits until there is a card in the reader; returns at once when there is one.
    ///
    /// # Errors
    /// [`ReaderError::TimedOut`] when there was none in time; [`ReaderError::NoSuchReader`] when the reader went.
    fn wait_for_card(&self, timeout: Duration) -> Result<(), ReaderError>;

    /// Waits until there is no card in the reader; returns at once when there is none.
    ///
    /// # Errors
    /// [`ReaderError::TimedOut`] when it was not taken out in time; [`ReaderError::NoSuchReader`] when the reader went.
    fn wait_for_removal(&self, timeout: Duration) -> Result<(), ReaderError>;
}

/// One card, switched on and taken by us alone until this is dropped.
///
/// After [`ReaderError::Taken`] the session is over: another card, or the same one again, is another session.
pub trait Session: Transmit<Error = ReaderError> + Send + std::fmt::Debug {
    /// The card's answer to reset (ISO 7816-3), at most 33 octets.
    fn atr(&self) -> &[u8];

    /// Resets the card: what was verified or agreed before is forgotten, and the session goes on.
    ///
    /// # Errors
    /// As [`Transmit::transmit`].
    fn reset(&mut self) -> Result<(), ReaderError>;
}
