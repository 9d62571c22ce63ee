//! The fonts of the house, and which letters they have.
//!
//! BIZ UDPGothic in two weights; and Noto Sans JP for the kanji of names that it lacks, 𠮷 and 槗 among 3,172.

use kit_paper::PressError;
use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// `fonts/README.md` says where they come from. The first two have the same letters.
const FILES: [&[u8]; 3] = [
    include_bytes!("../fonts/BIZUDPGothic-Regular.ttf"),
    include_bytes!("../fonts/BIZUDPGothic-Bold.ttf"),
    include_bytes!("../fonts/NotoSansJP-Regular.ttf"),
];

pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
    /// Every letter that some font has, in order.
    letters: Vec<u32>,
}

impl Fonts {
    pub(crate) fn read() -> Result<Self, PressError> {
        let font = |file| Font::new(Bytes::new(file), 0);
        let all: Option<Vec<Font>> = FILES.into_iter().map(font).collect();
        let all = all.ok_or_else(|| PressError::Setting("a font of this program is damaged".into()))?;
        let mut letters: Vec<u32> = all.iter().flat_map(|f| f.info().coverage.iter()).collect();
        letters.sort_unstable();
        letters.dedup();
        Ok(Self { book: LazyHash::new(FontBook::from_fonts(&all)), all, letters })
    }

    /// Letters of `text` that none of the fonts has a form for, each once, in order.
    pub(crate) fn lacks(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for letter in text.chars().filter(|c| !without_form(*c)) {
            let has = self.letters.binary_search(&letter.into()).is_ok();
            if !has && !missing.contains(&letter) {
                missing.push(letter);
            }
        }
        missing
    }
}

/// Line feeds, and variation selectors: without one in the font, its kanji stands in the usual form.
fn without_form(letter: char) -> bool {
    matches!(letter, '\n' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_have_the_same_letters() {
        let fonts = Fonts::read().expect("the fonts are sound");
        let letters = |i: usize| fonts.all[i].info().coverage.iter().collect::<Vec<u32>>();
        assert_eq!(letters(0), letters(1));
        assert!(letters(0).len() > 11_000);
    }

    #[test]
    fn k12_letters_without_a_form_are_told() {
        let fonts = Fonts::read().expect("the fonts are sound");
        assert_eq!(fonts.lacks("山田 髙﨑 𠮷田 槗本 葛\u{e0100}城 𣘺\nÄż Ж β ①㈱"), Vec::<char>::new());
        assert_eq!(fonts.lacks("한글🦀한"), ['한', '글', '🦀']);
    }
}
