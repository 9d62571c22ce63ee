//! Glyphs of the MJ list (文字情報基盤), and what may stand for each by the MJ shrink map (MJ縮退マップ).

use crate::{tables, unit::Unit};

/// A glyph of the MJ list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Glyph(pub(crate) u16);

impl Glyph {
    /// The glyph that a character shows; `None` for what is not in the list, as are kana and characters with marks.
    pub fn of(unit: &Unit<'_>) -> Option<Self> {
        if unit.has_marks() {
            return None;
        }
        tables::key(unit.base, unit.selector).and_then(tables::glyph).map(Self)
    }

    /// The glyph of a number, such as 32129 for MJ032129.
    pub fn numbered(number: u32) -> Option<Self> {
        tables::named(number).map(Self)
    }

    /// The glyph of a code of the resident network (住基ネット統一文字コード), such as 0xAEAC for J+AEAC.
    pub fn of_juki(code: u16) -> Option<Self> {
        tables::of_juki(code).map(Self)
    }

    /// The glyph of a number of the family registers (戸籍統一文字番号), such as 38140.
    pub fn of_koseki(number: u32) -> Option<Self> {
        tables::of_koseki(number).map(Self)
    }

    /// Its number.
    pub fn number(self) -> u32 {
        tables::name(self.0)
    }

    /// How it is written in Unicode: a code point, and a variation selector where it needs one. Three glyphs have no
    /// way, and sixteen none but a look-alike.
    pub fn written(self) -> Option<(char, Option<char>)> {
        tables::written(self.0)
    }

    /// What may stand for it, the best first. Nothing of it is chosen by itself.
    pub fn candidates(self) -> impl Iterator<Item = Candidate> + Clone {
        let (targets, reasons) = tables::candidates(self.0);
        targets.iter().zip(reasons).map(|(packed, reasons)| Candidate {
            character: char::from_u32(packed & 0x1F_FFFF).expect("the table was made of characters"),
            basis: Basis::ALL[(packed >> 21 & 0xF) as usize],
            reasons: Reasons(*reasons),
        })
    }
}

impl std::fmt::Display for Glyph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MJ{:06}", self.number())
    }
}

/// A character that may stand for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// It.
    pub character: char,
    /// The best reason.
    pub basis: Basis,
    /// All reasons.
    pub reasons: Reasons,
}

/// Why a character may stand for another one, the safest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// One character by the unification rules of JIS and UCS (JIS包摂規準・UCS統合規則).
    JisUnification,
    /// A variant by the notice on names of foreign residents (法務省告示582号 別表第四の一).
    Notice582Variant,
    /// The parent form of the family registers (戸籍統一文字情報 親字・正字).
    KosekiParent,
    /// The correct form of a misprint (民一2842号 誤字俗字・正字一覧表).
    CorrectForm,
    /// The correct form of a popular one (the same list, 俗字).
    PopularForm,
    /// Correct and popular forms (民二5202号 正字・俗字等対照表).
    Forms5202,
    /// Similar by the notice on names of foreign residents (別表第四の二).
    Notice582Similar,
    /// Related in dictionaries (辞書類等による関連字).
    Dictionary,
    /// Guessed by reading and shape (読み・字形による類推).
    Analogy,
}

impl Basis {
    /// All, in the order in which candidates are offered.
    pub const ALL: [Self; 9] = [
        Self::JisUnification,
        Self::Notice582Variant,
        Self::KosekiParent,
        Self::CorrectForm,
        Self::PopularForm,
        Self::Forms5202,
        Self::Notice582Similar,
        Self::Dictionary,
        Self::Analogy,
    ];

    /// Whether it is no rule but a hint, and has to be marked as such where it is offered.
    pub fn is_hint(self) -> bool {
        matches!(self, Self::Dictionary | Self::Analogy)
    }

    /// In words.
    pub fn text(self) -> core_words::Text {
        let (ja, en) = match self {
            Self::JisUnification => ("同じ文字（JISの包摂）", "the same character by the rules of JIS"),
            Self::Notice582Variant => ("法務省告示582号 別表第四の一", "a variant by notice 582, table 4-1"),
            Self::KosekiParent => ("戸籍統一文字の親字・正字", "the parent form of the family registers"),
            Self::CorrectForm => {
                ("誤字・俗字に対する正字（民一2842号）", "the correct form by circular 2842")
            }
            Self::PopularForm => {
                ("俗字に対する正字（民一2842号）", "the correct form of a popular one by circular 2842")
            }
            Self::Forms5202 => ("正字・俗字の対照（民二5202号）", "correct and popular forms by notice 5202"),
            Self::Notice582Similar => ("法務省告示582号 別表第四の二", "similar by notice 582, table 4-2"),
            Self::Dictionary => ("辞書による関連字（参考）", "related in dictionaries (a hint)"),
            Self::Analogy => ("読みや形からの類推（参考）", "guessed by reading and shape (a hint)"),
        };
        core_words::Text::new(ja, en)
    }
}

/// A set of [`Basis`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons(pub(crate) u16);

impl Reasons {
    /// Whether it is among them.
    pub fn has(self, basis: Basis) -> bool {
        self.0 & 1 << basis as u16 != 0
    }

    /// Each of them, the safest first.
    pub fn iter(self) -> impl Iterator<Item = Basis> {
        Basis::ALL.into_iter().filter(move |basis| self.has(*basis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::units;

    fn of(text: &str) -> Option<Glyph> {
        Glyph::of(&units(text).next().expect("one character"))
    }

    #[test]
    fn j5_a_glyph_is_found_by_what_is_written_and_by_the_codes_of_registers() {
        let glyph = of("𠮷").expect("it is in the list");
        assert_eq!(glyph.to_string(), "MJ032129");
        assert_eq!(Glyph::numbered(32_129), Some(glyph));
        assert_eq!(Glyph::of_juki(0xAEAC), Some(glyph));
        assert_eq!(Glyph::of_koseki(38_140), Some(glyph));
        assert_eq!(glyph.written(), Some(('𠮷', None)));
        // One that has no code point of its own.
        let other = of("\u{412F}\u{E0101}").expect("it is in the list");
        assert_eq!(
            (other.to_string().as_str(), other.written()),
            ("MJ003094", Some(('\u{412F}', Some('\u{E0101}'))))
        );
        assert_eq!(of("あ"), None);
        assert_eq!(of("吉\u{301}"), None);
        assert_eq!((Glyph::numbered(0), Glyph::of_juki(0), Glyph::of_koseki(999_999)), (None, None, None));
    }

    #[test]
    fn j5_every_glyph_that_can_be_written_is_found_again() {
        let mut without = 0;
        for glyph in tables::glyphs().map(Glyph) {
            let Some((base, selector)) = glyph.written() else {
                without += 1;
                continue;
            };
            let text: String = [Some(base), selector].into_iter().flatten().collect();
            assert_eq!(of(&text), Some(glyph), "{glyph}");
        }
        assert_eq!(without, 19);
    }

    #[test]
    fn j5_candidates_come_in_a_sensible_order_and_never_twice() {
        for glyph in tables::glyphs().map(Glyph) {
            let all: Vec<_> = glyph.candidates().collect();
            assert!(all.is_sorted_by_key(|candidate| candidate.basis), "{glyph}");
            for (at, candidate) in all.iter().enumerate() {
                assert!(candidate.reasons.iter().next() == Some(candidate.basis), "{glyph}");
                assert!(!all[..at].iter().any(|before| before.character == candidate.character), "{glyph}");
            }
        }
    }

    #[test]
    fn j5_another_character_is_no_candidate_for_whatever_reason() {
        let table = include_str!("../data/mj-shrink-map.tsv");
        let mut seen = 0;
        for row in table.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
            if row[3] == "min1-2842-betsuji" {
                let glyph =
                    Glyph::numbered(row[0][2..].parse().expect("a number")).expect("it is in the list");
                let target =
                    u32::from_str_radix(row[4], 16).ok().and_then(char::from_u32).expect("a character");
                assert!(
                    glyph.candidates().all(|candidate| candidate.character != target),
                    "{glyph} {target}"
                );
                seen += 1;
            }
        }
        assert_eq!(seen, 150);
    }
}
