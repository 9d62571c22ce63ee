//! How commands reach a card, and how a reader sees one.

/// The card does not answer any more: it lost its power, was taken out, or its memory failed.
///
/// It comes back when it is switched on again, in the state that was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the card does not answer")]
pub struct Mute;

/// A card as a reader sees it.
pub trait Chip: Send {
    /// Answer to reset (ISO 7816-3), at most 33 octets.
    fn atr(&self) -> &[u8];
    /// Switches on, or resets: what was verified or agreed before is forgotten.
    fn power_on(&mut self);
    /// Switches off; [`answer`](Self::answer) is [`Mute`] until the card is on again.
    fn power_off(&mut self);
    /// Carries a command APDU out. The answer is a response APDU: data and the two octets of the status word.
    ///
    /// # Errors
    /// [`Mute`], from which only [`power_on`](Self::power_on) leads back.
    fn answer(&mut self, command: &[u8]) -> Result<Vec<u8>, Mute>;
}

/// Something that carries commands to a card and brings its answers back: a reader, or the card itself.
pub trait Transmit {
    /// Why an answer did not come.
    type Error: std::error::Error + Send + Sync + 'static;
    /// Carries one command APDU there and its response APDU back, at least the two octets of the status word.
    ///
    /// # Errors
    /// When there is no answer: the card was taken out, the reader failed or took too long.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Self::Error>;
}

impl<T: Transmit + ?Sized> Transmit for &mut T {
    type Error = T::Error;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, T::Error> {
        (**self).transmit(command)
    }
}

impl<T: Transmit + ?Sized> Transmit for Box<T> {
    type Error = T::Error;

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, T::Error> {
        (**self).transmit(command)
    }
}
