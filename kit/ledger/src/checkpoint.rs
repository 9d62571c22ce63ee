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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k08_the_text_is_that_of_tlog_checkpoint() {
        // The example of the specification.
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::parse(text).expect("a checkpoint");
        assert_eq!(
            (checkpoint.origin.as_str(), checkpoint.size),
            ("example.com/behind-the-sofa", 20_852_163)
        );
        assert_eq!(checkpoint.text(), text);
        assert_eq!(Checkpoint::parse(&format!("{text}an extension\n")), Some(checkpoint));
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        for text in [
            String::new(),
            format!("\n1\n{root}\n"),
            format!("log\n01\n{root}\n"),
            format!("log\n+1\n{root}\n"),
            format!("log\n-1\n{root}\n"),
            format!("log\n18446744073709551616\n{root}\n"),
            format!("log\n1\n{root}"),
            format!("log\n1\n{root}\n\n"),
            "log\n1\nAAAA\n".to_owned(),
            "log\n1\n".to_owned(),
            "log\n1\nnot base64\n".to_owned(),
        ] {
            assert_eq!(Checkpoint::parse(&text), None, "{text:?}");
        }
    }
}
