//! Sets of characters, as certificates and registers permit them.

use crate::{
    tables::{self, X0208, X0212, X0213},
    unit::Unit,
};

/// A set of characters: a union of the standard ones.
///
/// Code page 932 and Unicode disagree on six positions of JIS X 0208 (～ and 〜, － and −, ∥ and ‖, ￠, ￡, ￢): a set that
/// has one form has the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Repertoire(u8);

const ASCII: u8 = 8;
const HALF_KANA: u8 = 16;

impl Repertoire {
    /// JIS X 0208: levels 1 and 2, and the signs before them.
    pub const JIS_X_0208: Self = Self(X0208);
    /// JIS X 0212, the supplementary kanji (補助漢字), alone.
    pub const JIS_X_0212: Self = Self(X0212);
    /// JIS X 0213:2004: levels 1 to 4.
    pub const JIS_X_0213: Self = Self(X0213);
    /// The letters, digits and signs of ASCII, with the blank; no control characters.
    pub const ASCII: Self = Self(ASCII);
    /// Half-width katakana of JIS X 0201.
    pub const HALF_KANA: Self = Self(HALF_KANA);
    /// What names and addresses in certificates of the public personal authentication are written in: JIS X 0208 and
    /// 0212. A value of a profile: another set is given where another practice statement says so.
    pub const JPKI: Self = Self(X0208 | X0212);

    /// Both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a code point by itself is in it.
    #[inline]
    pub fn has(self, point: char) -> bool {
        let sets = tables::sets(point);
        if sets & self.0 & (X0208 | X0212 | X0213) != 0 && !is_ascii_like(point) {
            return true;
        }
        self.has_rarely(point)
    }

    /// Whether a character is in it with all that belongs to it. One with a variation selector never is: the set has the
    /// character, and no say in its form.
    #[inline]
    pub fn has_unit(self, unit: &Unit<'_>) -> bool {
        if unit.text.len() == unit.base.len_utf8() {
            return self.has(unit.base);
        }
        let mut points = unit.text.chars();
        let two = (points.next(), points.next(), points.next());
        let (Some(first), Some(second), None) = two else { return false };
        self.0 & X0213 != 0 && tables::is_pair(first, second)
    }

    fn has_rarely(self, point: char) -> bool {
        match point {
            '\u{20}'..='\u{7E}' => self.0 & ASCII != 0,
            '\u{FF61}'..='\u{FF9F}' => self.0 & HALF_KANA != 0,
            _ => {
                let folded = fold_cp932(point);
                folded != point && tables::sets(folded) & self.0 != 0
            }
        }
    }
}

/// The table writes the tilde of JIS X 0212 as that of ASCII; the others are of ASCII alone.
fn is_ascii_like(point: char) -> bool {
    point <= '\u{7E}'
}

/// Code page 932's form of a position of JIS X 0208, as the standard has it; any other character as it is.
pub fn fold_cp932(point: char) -> char {
    match point {
        '\u{FF5E}' => '\u{301C}',
        '\u{2225}' => '\u{2016}',
        '\u{FF0D}' => '\u{2212}',
        '\u{FFE0}' => '\u{00A2}',
        '\u{FFE1}' => '\u{00A3}',
        '\u{FFE2}' => '\u{00AC}',
        '\u{2014}' => '\u{2015}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::units;

    fn count(set: Repertoire) -> usize {
        ('\u{0}'..=char::MAX).filter(|point| set.has(*point)).count()
    }

    fn in_table(set: Repertoire) -> usize {
        ('\u{0}'..=char::MAX).filter(|point| tables::sets(*point) & set.0 != 0).count()
    }

    #[test]
    fn j5_the_sets_have_as_many_characters_as_the_standards() {
        assert_eq!(in_table(Repertoire::JIS_X_0208), 6_879);
        assert_eq!(in_table(Repertoire::JIS_X_0212), 6_067);
        // The tilde has the code point of ASCII's, and is not in the set for that.
        assert_eq!(count(Repertoire::JIS_X_0212), 6_067 - 1);
        // 25 of them are sequences.
        assert_eq!(in_table(Repertoire::JIS_X_0213), 11_233 - 25);
        assert_eq!(count(Repertoire::ASCII), 95);
        assert_eq!(count(Repertoire::HALF_KANA), 63);
    }

    #[test]
    fn j5_another_implementation_of_the_standards_agrees() {
        // EUC-JP: two octets from A1 are JIS X 0208, 8F before them is JIS X 0212. Rows 9 to 15 and from 85 on are
        // vendors'.
        let decoded = |lead: &[u8], rows: &[std::ops::RangeInclusive<u8>]| {
            let cells = rows
                .iter()
                .cloned()
                .flatten()
                .flat_map(|row| (1..=94).map(move |cell| [row + 0xA0, cell + 0xA0]));
            let texts = cells.map(|cell| [lead, &cell].concat());
            let known = texts.filter_map(|octets| {
                let (text, bad) = encoding_rs::EUC_JP.decode_without_bom_handling(&octets);
                (!bad).then(|| text.chars().next().map(fold_cp932)).flatten()
            });
            known.collect::<std::collections::BTreeSet<char>>()
        };
        let ours = |set: Repertoire| {
            ('\u{0}'..=char::MAX)
                .filter(|point| set.has(*point))
                .map(fold_cp932)
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(decoded(&[], &[1..=8, 16..=84]), ours(Repertoire::JIS_X_0208));
        let mut supplementary = ours(Repertoire::JIS_X_0212);
        // Its tilde, which the table has as that of ASCII, is the web's full-width one.
        supplementary.insert('\u{301C}');
        assert_eq!(decoded(&[0x8F], &[1..=94]), supplementary);
    }

    #[test]
    fn j5_signs_of_code_page_932_are_in_the_set_that_has_their_position() {
        for point in ['～', '〜', '－', '−', '∥', '‖', '￠', '￡', '￢', '―', '—'] {
            assert!(Repertoire::JPKI.has(point), "{point}");
            assert!(!Repertoire::ASCII.has(point), "{point}");
        }
        for point in ['\u{20BB7}', 'ｱ', 'a', '-', '\n', '\u{FFFD}', '①', '㈱', '﨑'] {
            assert!(!Repertoire::JPKI.has(point), "{point}");
        }
        // ① is in JIS X 0213, 﨑 as well, 𠮷 is not; é is in JIS X 0212.
        assert!(
            Repertoire::JIS_X_0213.has('①') && Repertoire::JIS_X_0213.has('﨑') && Repertoire::JPKI.has('é')
        );
    }

    #[test]
    fn j5_a_form_that_is_said_is_in_no_set() {
        let has = |set: Repertoire, text: &str| units(text).all(|unit| set.has_unit(&unit));
        assert!(has(Repertoire::JPKI, "辻") && !has(Repertoire::JPKI, "辻\u{E0101}"));
        assert!(has(Repertoire::JIS_X_0213, "か\u{309A}") && !has(Repertoire::JPKI, "か\u{309A}"));
        assert!(!has(Repertoire::JIS_X_0213, "ま\u{309A}"));
        assert!(has(Repertoire::ASCII.with(Repertoire::JIS_X_0208), "A 吉"));
    }
}
