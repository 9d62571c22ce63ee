//! What of a text a set of characters cannot express, and what is offered for it (J5).

use crate::{
    mj::{Basis, Candidate, Glyph, Reasons},
    repertoire::Repertoire,
    unit::{Unit, Units, units},
};
use unicode_normalization::UnicodeNormalization as _;

/// A character that cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding<'a> {
    /// Which character of the text it is, from 0.
    pub at: usize,
    /// It.
    pub unit: Unit<'a>,
    set: Repertoire,
}

/// Goes through a text. Asking for it allocates nothing.
pub fn check(text: &str, set: Repertoire) -> Check<'_> {
    Check { units: units(text), at: 0, set }
}

/// See [`check`].
#[derive(Clone, Debug)]
pub struct Check<'a> {
    units: Units<'a>,
    at: usize,
    set: Repertoire,
}

impl<'a> Iterator for Check<'a> {
    type Item = Finding<'a>;

    fn next(&mut self) -> Option<Finding<'a>> {
        for unit in self.units.by_ref() {
            let at = self.at;
            self.at += 1;
            if !self.set.has_unit(&unit) {
                return Some(Finding { at, unit, set: self.set });
            }
        }
        None
    }
}

impl Finding<'_> {
    /// What is offered for it, the best first: never chosen by itself. None at all: a reading in kana is needed.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate> {
        let set = self.set;
        let unified = |character| Candidate {
            character,
            basis: Basis::JisUnification,
            reasons: Reasons(1 << Basis::JisUnification as u16),
        };
        // One character, written in two ways: か and its mark, e and an accent, a compatibility ideograph.
        let composed = self.composed();
        let glyph = Glyph::of(&self.unit);
        // A form of a character that is in the set by itself. Where the map knows the glyph it says so as well; a form
        // that nobody has listed is still a form of it.
        let base = (self.unit.selector.is_some() && !self.unit.has_marks() && glyph.is_none())
            .then_some(self.unit.base);
        let first = composed.or(base).filter(|character| set.has(*character));
        let listed = glyph.or_else(|| base.and_then(plain)).into_iter().flat_map(Glyph::candidates);
        first.map(unified).into_iter().chain(
            listed
                .filter(move |candidate| set.has(candidate.character) && Some(candidate.character) != first),
        )
    }

    /// Whether nothing is offered and the applicant gives a reading in kana.
    pub fn needs_reading(&self) -> bool {
        self.candidates().next().is_none()
    }

    /// The one code point that Unicode says is the same; no selector is dropped on the way.
    fn composed(&self) -> Option<char> {
        if self.unit.selector.is_some() {
            return None;
        }
        let mut composed = self.unit.text.nfc();
        let (one, none) = (composed.next()?, composed.next());
        (none.is_none() && one != self.unit.base).then_some(one)
    }
}

fn plain(base: char) -> Option<Glyph> {
    let mut octets = [0; 4];
    units(base.encode_utf8(&mut octets)).next().as_ref().and_then(Glyph::of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables;
    use proptest::prelude::*;

    fn offered(text: &str) -> Vec<(usize, Vec<char>)> {
        check(text, Repertoire::JPKI)
            .map(|finding| (finding.at, finding.candidates().map(|candidate| candidate.character).collect()))
            .collect()
    }

    #[test]
    fn j5_the_example_of_the_seed() {
        assert_eq!(offered("𠮷田　一郎"), [(0, vec!['吉'])]);
        let finding = check("𠮷", Repertoire::JPKI).next().expect("it does not fit");
        let candidate = finding.candidates().next().expect("one is offered");
        let reasons: Vec<_> = candidate.reasons.iter().collect();
        assert_eq!(reasons, [Basis::JisUnification, Basis::Notice582Variant, Basis::KosekiParent]);
        assert_eq!(offered("吉田　一郎"), []);
    }

    #[test]
    fn j5_forms_sequences_and_signs() {
        // A form: the character itself is offered, and never taken silently.
        assert_eq!(offered("辻\u{E0101}")[0].1[0], '辻');
        // A form that no list has.
        assert_eq!(offered("吉\u{E01EF}"), [(0, vec!['吉'])]);
        // Kana and letters with marks of their own.
        assert_eq!(offered("か\u{3099}"), [(0, vec!['が'])]);
        assert_eq!(offered("e\u{301}"), [(0, vec!['é'])]);
        // JIS X 0213 has か゚, the certificate does not, and nothing is the same.
        assert_eq!(offered("か\u{309A}"), [(0, vec![])]);
        assert_eq!(check("か\u{309A}", Repertoire::JIS_X_0213).count(), 0);
        // A compatibility ideograph is the ideograph by Unicode: 福 as 福.
        assert_eq!(offered("\u{FA1B}").first().and_then(|(_, all)| all.first()), Some(&'福'));
        assert_eq!(offered("😀"), [(0, vec![])]);
        assert!(check("😀", Repertoire::JPKI).next().is_some_and(|finding| finding.needs_reading()));
    }

    #[test]
    fn j5_positions_count_characters_and_not_code_points() {
        let at: Vec<_> = check("渡\u{E0101}邊\u{E0101}𠮷a", Repertoire::JPKI)
            .map(|found| (found.at, found.unit.byte))
            .collect();
        assert_eq!(at, [(0, 0), (1, 7), (2, 14), (3, 18)]);
    }

    /// The figures are those that a program which shares nothing with this one counted from the same files.
    #[test]
    fn j5_all_glyphs_of_the_list_run_through_it() {
        let jis = |character: char| tables::sets(character) & 3 != 0;
        let (mut outside, mut some, mut one, mut elsewhere, mut none) = (0, 0, 0, 0, 0);
        let mut all = 0;
        for glyph in tables::glyphs().map(Glyph) {
            all += 1;
            let written = glyph.written();
            if let Some((base, selector)) = written {
                let text: String = [Some(base), selector].into_iter().flatten().collect();
                let found = check(&text, Repertoire::JPKI).next();
                assert_eq!(found.is_none(), selector.is_none() && jis(base), "{glyph}");
                if let Some(found) = found {
                    assert!(found.candidates().all(|candidate| jis(candidate.character)), "{glyph}");
                }
            }
            if written.is_some_and(|(base, selector)| selector.is_none() && jis(base)) {
                continue;
            }
            outside += 1;
            let fits = glyph.candidates().filter(|candidate| jis(candidate.character)).count();
            some += usize::from(fits > 0);
            one += usize::from(fits == 1);
            elsewhere += usize::from(fits == 0 && glyph.candidates().next().is_some());
            none += usize::from(glyph.candidates().next().is_none());
        }
        assert_eq!(all, 58_862);
        assert_eq!((outside, some, one, elsewhere, none), (46_703, 24_474, 19_573, 1_470, 20_759));
    }

    proptest! {
        #[test]
        fn j5_what_is_offered_fits(text: String) {
            for set in [Repertoire::JPKI, Repertoire::JIS_X_0213, Repertoire::ASCII] {
                for found in check(&text, set) {
                    prop_assert!(found.candidates().all(|candidate| set.has(candidate.character)));
                }
            }
        }
    }
}
