//! Who sets a paper.

use crate::{Excess, Paper};
use core_words::UtcMicros;

/// Makes sheets out of papers. Slow (milliseconds a page) and never part of a database transaction; called on a
/// thread that may block.
pub trait Press: Send + Sync {
    /// The paper as PDF/A. The same paper and the same time give the same bytes; `at` is the time of making
    /// that the document tells.
    ///
    /// # Errors
    /// See [`PressError`]; nothing is left out silently.
    fn print(&self, paper: &Paper, at: UtcMicros) -> Result<Vec<u8>, PressError>;

    /// Several papers one after the other in one document, each on sheets of its own with its own page numbers. It
    /// is named after the first; up to [`limits::PAPERS`](crate::limits::PAPERS). Ask [`lacks`](Self::lacks) of each
    /// first: the errors do not tell which of them it was.
    ///
    /// # Errors
    /// See [`PressError`]; also when there is no paper at all, and from a press that sets one at a time.
    fn print_all(&self, papers: &[Paper], at: UtcMicros) -> Result<Vec<u8>, PressError> {
        match papers {
            [paper] => self.print(paper, at),
            _ => Err(PressError::Setting("this press sets one paper at a time".into())),
        }
    }

    /// The letters of `text` that this press has no form for, each once, in order. For a form that tells
    /// people at once and not when the paper is made.
    fn lacks(&self, text: &str) -> Vec<char>;
}

/// Why a paper was not made. None of these tells a text of the paper beyond single letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    /// It is larger than a paper may be.
    #[error(transparent)]
    TooLarge(#[from] Excess),
    /// Letters for which there is no form in the fonts: a name would have a hole in it.
    #[error("no form for {}", codes(chars))]
    Glyph {
        /// The letters, each once.
        chars: Vec<char>,
    },
    /// The time is outside the years 1 to 9999.
    #[error("a paper cannot be dated {0} µs from 1970")]
    Time(i64),
    /// The typesetter failed: ours to mend.
    #[error("the typesetter failed: {0}")]
    Setting(String),
}

fn codes(chars: &[char]) -> String {
    chars.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_letters_are_named() {
        let error = PressError::Glyph { chars: vec!['한', '🦀'] };
        assert_eq!(error.to_string(), "no form for 한 (U+D55C), 🦀 (U+1F980)");
    }
}
