//! One card, open.

use super::{
    DeviceKey,
    error::{FileError, What},
    format::{self, CARD_NUMBER, MAX_FILE},
    place::{self, Over, Step},
};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The file of a virtual card (J16), open in this process alone until it is dropped.
#[derive(Debug)]
pub struct CardFile {
    path: PathBuf,
    number: [u8; CARD_NUMBER],
    key: DeviceKey,
    _lock: place::Lock,
}

impl CardFile {
    /// Makes the file of a new card with this number and state.
    ///
    /// # Errors
    /// [`What::Exists`], [`What::InUse`], [`What::TooLarge`], [`What::NotPlain`], [`What::Io`].
    pub fn create(
        path: &Path,
        key: &DeviceKey,
        number: [u8; CARD_NUMBER],
        state: &[u8],
    ) -> Result<Self, FileError> {
        let card = Self { path: path.to_owned(), number, key: key.clone(), _lock: locked(path)? };
        card.write(state, Over::Nothing, &mut |_| {})?;
        Ok(card)
    }

    /// Opens a card: the file, and the state in it.
    ///
    /// # Errors
    /// [`What::Missing`], [`What::InUse`], [`What::Foreign`], [`What::Version`], [`What::Truncated`],
    /// [`What::Sealed`], [`What::TooLarge`], [`What::NotPlain`], [`What::Io`].
    pub fn open(path: &Path, key: &DeviceKey) -> Result<(Self, Zeroizing<Vec<u8>>), FileError> {
        // Before the lock, so that a name that was mistyped leaves no lock behind.
        Self::number_of(path)?;
        let lock = locked(path)?;
        let (file, _) = place::read(path, MAX_FILE).map_err(|what| what.at(path))?;
        let closed = format::read(&file).map_err(|what| what.at(path))?;
        let state = closed.open(key.octets()).map_err(|what| what.at(path))?;
        let card = Self { path: path.to_owned(), number: closed.number, key: key.clone(), _lock: lock };
        Ok((card, state))
    }

    /// The number of the card at `path`, without its key and while another process has it. Nothing vouches for it
    /// before the card is opened.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for [`What::InUse`] and [`What::Sealed`].
    pub fn number_of(path: &Path) -> Result<[u8; CARD_NUMBER], FileError> {
        let (file, _) = place::read(path, MAX_FILE).map_err(|what| what.at(path))?;
        format::read(&file).map(|closed| closed.number).map_err(|what| what.at(path))
    }

    /// The card's number.
    pub fn number(&self) -> &[u8; CARD_NUMBER] {
        &self.number
    }

    /// Where the card is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the state, wholly or not at all; durable when this returns.
    ///
    /// # Errors
    /// [`What::TooLarge`], [`What::Io`]. The file has then the state before or this one, and the card must fall silent
    /// until it is opened again.
    pub fn replace(&mut self, state: &[u8]) -> Result<(), FileError> {
        self.replace_in_steps(state, &mut |_| {})
    }

    pub(super) fn replace_in_steps(
        &mut self,
        state: &[u8],
        after: &mut dyn FnMut(Step),
    ) -> Result<(), FileError> {
        self.write(state, Over::Any, after)
    }

    fn write(&self, state: &[u8], over: Over, after: &mut dyn FnMut(Step)) -> Result<(), FileError> {
        // The lock is ours, and so is the name of the draft.
        let draft = place::beside(&self.path, ".new");
        let file =
            format::write(self.key.octets(), &self.number, state).map_err(|what| what.at(&self.path))?;
        place::write(&self.path, &draft, &file, over, after)
    }
}

/// Takes the lock beside the card; the message names the card.
fn locked(path: &Path) -> Result<place::Lock, FileError> {
    place::lock(&place::beside(path, ".lock")).map_err(|error| match error.what {
        What::InUse => What::InUse.at(path),
        _ => error,
    })
}
