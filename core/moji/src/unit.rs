//! A character as people see it: a code point, its variation selector, and the marks put on it.

use std::iter::Peekable;
use std::str::CharIndices;

/// The most marks that are read as part of one character; what follows is a character of its own.
const MOST_MARKS: usize = 8;

/// One character of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit<'a> {
    /// All of it.
    pub text: &'a str,
    /// Where it begins in the text, in bytes.
    pub byte: usize,
    /// Its code point.
    pub base: char,
    /// Which form of it is meant (IVS, SVS), where that is said.
    pub selector: Option<char>,
}

impl Unit<'_> {
    /// Whether marks are put on it: combining sequences.
    pub fn has_marks(&self) -> bool {
        self.text.len() > self.base.len_utf8() + self.selector.map_or(0, char::len_utf8)
    }
}

/// The characters of a text, in order. Nothing of the text is left out.
pub fn units(text: &str) -> Units<'_> {
    Units { text, rest: text.char_indices().peekable() }
}

/// See [`units`].
#[derive(Clone, Debug)]
pub struct Units<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl<'a> Iterator for Units<'a> {
    type Item = Unit<'a>;

    #[inline]
    fn next(&mut self) -> Option<Unit<'a>> {
        let (byte, base) = self.rest.next()?;
        let (mut end, mut selector) = (byte + base.len_utf8(), None);
        // Nearly all characters of a text are followed by one that stands for itself.
        if let Some((at, next)) = self.rest.peek().copied()
            && joins(next)
        {
            if is_selector(next) {
                self.rest.next();
                (selector, end) = (Some(next), at + next.len_utf8());
            }
            for _ in 0..MOST_MARKS {
                let Some((at, mark)) = self.rest.next_if(|(_, next)| is_mark(*next)) else { break };
                end = at + mark.len_utf8();
            }
        }
        Some(Unit { text: &self.text[byte..end], byte, base, selector })
    }
}

/// Whether a code point says which form of the one before is meant.
pub(crate) fn is_selector(point: char) -> bool {
    matches!(point, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a code point is put on the one before: accents, and the marks of kana. The tone letters of JIS X 0213 are
/// characters that stand for themselves as well, and are joined where the standard has the pair.
fn is_mark(point: char) -> bool {
    matches!(point,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}' | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}

#[inline]
fn joins(point: char) -> bool {
    // Everything that joins lies outside these, which are most of a Japanese text.
    if matches!(point, '\u{0020}'..='\u{02FF}' | '\u{30A0}'..='\u{9FFF}') {
        return false;
    }
    is_selector(point) || is_mark(point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn j5_a_selector_and_marks_belong_to_their_character() {
        let text = "辻\u{E0101}か\u{309A}e\u{301}一";
        let parts: Vec<_> =
            units(text).map(|unit| (unit.text, unit.base, unit.selector, unit.has_marks())).collect();
        assert_eq!(
            parts,
            [
                ("辻\u{E0101}", '辻', Some('\u{E0101}'), false),
                ("か\u{309A}", 'か', None, true),
                ("e\u{301}", 'e', None, true),
                ("一", '一', None, false),
            ]
        );
    }

    #[test]
    fn j5_a_tower_of_marks_ends() {
        let text = format!("a{}", "\u{301}".repeat(100));
        assert!(units(&text).all(|unit| unit.text.chars().count() <= MOST_MARKS + 2));
    }

    proptest! {
        #[test]
        fn j5_nothing_of_a_text_is_left_out(text in "[a-z吉𠮷か\u{3099}\u{309A}\u{301}\u{E0100}\u{E01EF}\u{FE00} 　]{0,40}") {
            let whole: String = units(&text).map(|unit| unit.text).collect();
            prop_assert_eq!(whole, text.clone());
            for unit in units(&text) {
                prop_assert!(text[unit.byte..].starts_with(unit.text));
            }
        }

        #[test]
        fn j5_any_text_is_read(text: String) {
            prop_assert_eq!(units(&text).map(|unit| unit.text).collect::<String>(), text);
        }
    }
}
