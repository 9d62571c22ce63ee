//! The nouns of the newdesk desk: checked when they are made.

use core_words::UtcMicros;

/// The longest sentence that is taken, in characters.
pub const LONGEST: usize = 500;

/// A sentence that people wrote: what is asked for, or why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence(String);

impl Sentence {
    /// 1 to [`LONGEST`] characters without blanks around them, none of them a control character but line breaks.
    /// `None` for others.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=LONGEST).contains(&text.chars().count());
        let plain = !text.chars().any(|c| c.is_control() && c != '\n');
        (fits && plain).then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was asked for, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// What.
    pub wish: Sentence,
    /// When it came in.
    pub at: UtcMicros,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_something_and_ends() {
        assert_eq!(Sentence::new(" a\nb ").expect("a sentence").as_str(), "a\nb");
        assert!(Sentence::new(&"あ".repeat(LONGEST)).is_some());
        for bad in ["", " \n", "a\0b", &"あ".repeat(LONGEST + 1)] {
            assert_eq!(Sentence::new(bad), None, "{bad:?}");
        }
    }
}
