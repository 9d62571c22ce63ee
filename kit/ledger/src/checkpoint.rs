//! Checkpoints, after C2SP tlog-checkpoint: origin, size and root of a tree, as the text of a signed note.

use crate::{
    layout::plain_number,
    merkle::Hash,
    note::{self, BadNote, VerifierKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use core_crypto::Verify;

/// The head of a tree. One that came out of [`open`](Self::open) was signed by the key given there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the installation's name.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a checkpoint was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] BadNote),
    /// The text is not that of a checkpoint.
    #[error("the signed text is not a checkpoint: origin, size, root")]
    Form,
}

impl Checkpoint {
    /// The text that is signed: three lines.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root))
    }

    /// Opens a checkpoint that `key` must have signed.
    ///
    /// # Errors
    /// When the note does not open, or its text is no checkpoint.
    pub fn open(note: &[u8], key: &VerifierKey, verify: &dyn Verify) -> Result<Self, BadCheckpoint> {
        Self::parse(note::open(note, key, verify)?).ok_or(BadCheckpoint::Form)
    }

    /// Reads a checkpoint **without any check of its signature**: good for showing, never for believing.
    ///
    /// # Errors
    /// When it is not in the form of one.
    pub fn unverified(note: &[u8]) -> Result<Self, BadCheckpoint> {
        Self::parse(note::unverified_text(note)?).ok_or(BadCheckpoint::Form)
    }

    /// Reads the signed text. Extension lines are allowed and ignored; they must not be empty.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty())?;
        let size = plain_number(lines.next()?)?;
        let root = BASE64.decode(lines.next()?).ok()?.try_into().ok()?;
        lines.all(|line| !line.is_empty()).then(|| Self { origin: origin.to_owned(), size, root })
    }
}
