//! The text that fits, with the flags of a certificate (代替文字使用情報), and whether a text and its substitute are one.

use crate::{
    check::{Finding, check},
    kana,
    mj::Glyph,
    repertoire::{Repertoire, fold_cp932},
    unit::{Unit, units},
};

/// The longest reading that may stand for one character.
pub const LONGEST_READING: usize = 20;

/// What was chosen for a character that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    /// Which character of the text, from 0, as [`Finding::at`] has it.
    pub at: usize,
    /// What stands for it: one of the candidates, or a reading in kana where there is none.
    pub with: &'a str,
}

/// A text that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substituted {
    /// It.
    pub text: String,
    /// One digit for each character of it, blanks too: `1` where it stands for another one, `0` elsewhere.
    pub flags: String,
}

/// Why choices do not make a text that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadChoice {
    /// Nothing was chosen for a character that does not fit.
    #[error("nothing was chosen for character {at}")]
    Missing {
        /// Which character.
        at: usize,
    },
    /// Something was chosen for a character that fits or is not there, or twice.
    #[error("character {at} has no need of a substitute")]
    NotNeeded {
        /// Which character.
        at: usize,
    },
    /// What was chosen is none of what is offered.
    #[error("what was chosen for character {at} is not offered")]
    NotOffered {
        /// Which character.
        at: usize,
    },
}

/// Puts the choices into the text. Every character that does not fit needs exactly one choice.
///
/// # Errors
/// [`BadChoice`]: the first that is wrong.
pub fn substitute(text: &str, set: Repertoire, choices: &[Choice<'_>]) -> Result<Substituted, BadChoice> {
    let mut found = check(text, set).peekable();
    let mut done =
        Substituted { text: String::with_capacity(text.len()), flags: String::with_capacity(text.len()) };
    let mut used = 0;
    for (at, unit) in units(text).enumerate() {
        match found.next_if(|finding| finding.at == at) {
            None => {
                done.text.push_str(unit.text);
                done.flags.extend(unit.text.chars().map(|_| '0'));
            }
            Some(finding) => {
                let mut all = choices.iter().filter(|choice| choice.at == at);
                let (choice, again) = (all.next().ok_or(BadChoice::Missing { at })?, all.next());
                if again.is_some() {
                    return Err(BadChoice::NotNeeded { at });
                }
                if !is_offered(&finding, choice.with, set) {
                    return Err(BadChoice::NotOffered { at });
                }
                used += 1;
                done.text.push_str(choice.with);
                done.flags.extend(choice.with.chars().map(|_| '1'));
            }
        }
    }
    if used != choices.len() {
        let fits = |choice: &&Choice<'_>| check(text, set).all(|finding| finding.at != choice.at);
        let at = choices.iter().find(fits).map_or(0, |choice| choice.at);
        return Err(BadChoice::NotNeeded { at });
    }
    Ok(done)
}

fn is_offered(finding: &Finding<'_>, with: &str, set: Repertoire) -> bool {
    let mut points = with.chars();
    let one = points.next().filter(|_| points.next().is_none());
    if finding.needs_reading() {
        return with.chars().count() <= LONGEST_READING
            && kana::is_reading(with)
            && with.chars().all(|point| set.has(point));
    }
    one.is_some_and(|one| finding.candidates().any(|candidate| candidate.character == one))
}

/// Whether `text`, as a register has it, and `fitting` with its `flags`, as a certificate has it, are one name: characters
/// that are not flagged are the same, flagged ones stand for what is there.
///
/// A character of which a set has no say was substituted by a reading: any reading is believed, as the certificate
/// does not say of which character it is.
pub fn is_of(fitting: &str, flags: &str, text: &str, set: Repertoire) -> bool {
    let fitting: Vec<(char, bool)> =
        fitting.chars().zip(flags.chars().map(|flag| flag == '1').chain(std::iter::repeat(false))).collect();
    if flags.len() != fitting.len() || !flags.bytes().all(|flag| matches!(flag, b'0' | b'1')) {
        return false;
    }
    let units: Vec<Unit<'_>> = units(text).collect();
    // reach[n]: the units so far can be the first n characters of the certificate.
    let mut reach = vec![false; fitting.len() + 1];
    reach[0] = true;
    for unit in &units {
        let mut next = vec![false; fitting.len() + 1];
        for at in (0..=fitting.len()).filter(|at| reach[*at]) {
            let rest = &fitting[at..];
            if set.has_unit(unit) {
                let same =
                    unit.text.chars().zip(rest).filter(|(point, (other, flagged))| {
                        !flagged && fold_cp932(*point) == fold_cp932(*other)
                    });
                let long = unit.text.chars().count();
                if same.count() == long {
                    next[at + long] = true;
                }
                continue;
            }
            let finding = check(unit.text, set).next().expect("the set does not have it");
            let Some((first, true)) = rest.first().copied() else { continue };
            if finding.needs_reading() {
                let most = rest.iter().take(LONGEST_READING).take_while(|(point, flagged)| {
                    *flagged && kana::is_reading(point.encode_utf8(&mut [0; 4]))
                });
                for long in 1..=most.count() {
                    next[at + long] = true;
                }
            } else if finding.candidates().any(|candidate| candidate.character == first) {
                next[at + 1] = true;
            }
        }
        reach = next;
    }
    reach[fitting.len()]
}

/// Whether two texts are one if forms of characters are looked past: each character is that of the other, a rule makes
/// it that of the other, or a rule makes both the same. Hints of dictionaries do not count. For finding people, who are
/// then looked at; never for deciding.
pub fn alike(one: &str, other: &str) -> bool {
    let (mut left, mut right) = (units(one), units(other));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if alike_units(&one, &other) => {}
            _ => return false,
        }
    }
}

fn alike_units(one: &Unit<'_>, other: &Unit<'_>) -> bool {
    let plain = |unit: &Unit<'_>| (unit.text.len() == unit.base.len_utf8()).then(|| fold_cp932(unit.base));
    if one.text == other.text || (plain(one).is_some() && plain(one) == plain(other)) {
        return true;
    }
    let forms = |unit: &Unit<'_>| {
        let listed = Glyph::of(unit).into_iter().flat_map(Glyph::candidates);
        let base = (!unit.has_marks()).then_some(unit.base);
        listed.filter(|candidate| !candidate.basis.is_hint()).map(|candidate| candidate.character).chain(base)
    };
    forms(one).any(|form| forms(other).any(|another| form == another))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const JPKI: Repertoire = Repertoire::JPKI;

    #[test]
    fn j5_the_example_of_the_seed() {
        let done = substitute("𠮷田　一郎", JPKI, &[Choice { at: 0, with: "吉" }]);
        assert_eq!(done, Ok(Substituted { text: "吉田　一郎".into(), flags: "10000".into() }));
        assert!(is_of("吉田　一郎", "10000", "𠮷田　一郎", JPKI));
        for (fitting, flags, text) in [
            ("吉田　一郎", "00000", "𠮷田　一郎"),
            ("吉田　一郎", "10000", "吉田　一郎"),
            ("吉田　一朗", "10000", "𠮷田　一郎"),
            ("吉田　一郎", "1000", "𠮷田　一郎"),
            ("吉田　一郎", "100000", "𠮷田　一郎"),
            ("吉田　一郎", "x0000", "𠮷田　一郎"),
            ("告田　一郎", "10000", "𠮷田　一郎"),
            ("吉田　一", "1000", "𠮷田　一郎"),
        ] {
            assert!(!is_of(fitting, flags, text, JPKI), "{fitting} {flags} {text}");
        }
    }

    #[test]
    fn j5_a_reading_stands_for_what_nothing_stands_for() {
        // か゚ has no form in the set.
        let done = substitute("か\u{309A}山", JPKI, &[Choice { at: 0, with: "カ" }]).expect("a reading");
        assert_eq!((done.text.as_str(), done.flags.as_str()), ("カ山", "10"));
        let done = substitute("😀山", JPKI, &[Choice { at: 0, with: "ワライ" }]).expect("a reading");
        assert_eq!((done.text.as_str(), done.flags.as_str()), ("ワライ山", "1110"));
        assert!(is_of("ワライ山", "1110", "😀山", JPKI));
        assert!(is_of("ワライ山", "1110", "😀😀山", JPKI));
        assert!(!is_of("ワライ山", "1110", "😀谷", JPKI) && !is_of("ワライ山", "1100", "😀山", JPKI));
        for with in ["", "山", "warai", "ﾜﾗｲ", &"ア".repeat(LONGEST_READING + 1)] {
            let refused = substitute("😀山", JPKI, &[Choice { at: 0, with }]);
            assert_eq!(refused, Err(BadChoice::NotOffered { at: 0 }), "{with}");
        }
    }

    #[test]
    fn j5_nothing_is_chosen_silently_and_nothing_beside_the_list() {
        let text = "𠮷田辻\u{E0101}";
        let choice = |at, with| Choice { at, with };
        assert_eq!(substitute(text, JPKI, &[choice(0, "吉")]), Err(BadChoice::Missing { at: 2 }));
        assert_eq!(
            substitute(text, JPKI, &[choice(0, "告"), choice(2, "辻")]),
            Err(BadChoice::NotOffered { at: 0 })
        );
        assert_eq!(
            substitute(text, JPKI, &[choice(0, "ヨシ"), choice(2, "辻")]),
            Err(BadChoice::NotOffered { at: 0 })
        );
        let more = [choice(0, "吉"), choice(1, "畑"), choice(2, "辻")];
        assert_eq!(substitute(text, JPKI, &more), Err(BadChoice::NotNeeded { at: 1 }));
        let twice = [choice(0, "吉"), choice(0, "吉"), choice(2, "辻")];
        assert_eq!(substitute(text, JPKI, &twice), Err(BadChoice::NotNeeded { at: 0 }));
        let beyond = [choice(0, "吉"), choice(2, "辻"), choice(9, "辻")];
        assert_eq!(substitute(text, JPKI, &beyond), Err(BadChoice::NotNeeded { at: 9 }));
        assert_eq!(substitute("", JPKI, &[]), Ok(Substituted { text: String::new(), flags: String::new() }));
    }

    #[test]
    fn j5_names_are_found_past_the_forms_of_their_characters() {
        assert!(
            alike("𠮷田", "吉田") && alike("渡邊", "渡辺") && alike("渡邉", "渡邊") && alike("髙橋", "高橋")
        );
        assert!(alike("１～２", "１〜２") && alike("辻\u{E0101}", "辻"));
        assert!(!alike("吉田", "告田") && !alike("吉田", "吉") && !alike("吉", "吉田"));
    }

    proptest! {
        #[test]
        fn j5_whatever_is_chosen_of_what_is_offered_fits_and_is_recognised(
            text in "[吉𠮷渡邊邉辻\u{E0101}\u{E0100}髙﨑か\u{309A}\u{3099}　一郎😀]{0,12}",
            picks in proptest::collection::vec(any::<prop::sample::Index>(), 24),
        ) {
            let mut octets = Vec::new();
            for (finding, pick) in check(&text, JPKI).zip(&picks) {
                let all: Vec<_> = finding.candidates().collect();
                let with = match all.is_empty() {
                    true => "ヨミ".to_owned(),
                    false => pick.get(&all).character.to_string(),
                };
                octets.push((finding.at, with));
            }
            let choices: Vec<_> = octets.iter().map(|(at, with)| Choice { at: *at, with }).collect();
            let done = substitute(&text, JPKI, &choices).expect("all were offered");
            prop_assert!(check(&done.text, JPKI).next().is_none());
            prop_assert_eq!(done.text.chars().count(), done.flags.len());
            prop_assert!(is_of(&done.text, &done.flags, &text, JPKI));
            prop_assert!(done.flags.contains('1') || done.text == text);
        }

        #[test]
        fn j5_any_texts_are_compared(one: String, other: String, flags in "[01]{0,20}") {
            let _ = (alike(&one, &other), is_of(&one, &flags, &other, JPKI));
        }
    }
}
