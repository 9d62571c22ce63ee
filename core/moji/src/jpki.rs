//! Names and addresses as certificates of the public personal authentication have them (公的個人認証サービス).
//!
//! | what | form |
//! |---|---|
//! | name (氏名) | family name, U+3000, given name |
//! | address (住所) | from the prefecture on, one string, digits full-width, hyphens U+FF0D; up to 200 characters |
//!
//! Characters that the set lacks are left in place: [`check`](mod@crate::check) finds them.

use crate::unit::units;
use unicode_normalization::UnicodeNormalization as _;

/// The most characters of a name: what fits the field of a certificate and of a register.
pub const LONGEST_NAME: usize = 100;
/// The most characters of an address.
pub const LONGEST_ADDRESS: usize = 200;

/// Why something is no name or no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing is there.
    #[error("empty")]
    Empty,
    /// It is longer than the most characters.
    #[error("more than {0} characters")]
    TooLong(usize),
    /// A control character, or one that turns the direction of a text.
    #[error("a control character at {at}")]
    Control {
        /// Which character of the text.
        at: usize,
    },
}

/// A name: its parts, parted by U+3000. A foreign name may have one part or more than two.
///
/// # Errors
/// [`BadText`].
pub fn name<'a>(parts: impl IntoIterator<Item = &'a str>) -> Result<String, BadText> {
    let mut whole = String::new();
    for part in parts {
        let wide = full_width(part);
        let part = wide.trim_matches('\u{3000}');
        if part.is_empty() {
            return Err(BadText::Empty);
        }
        if !whole.is_empty() {
            whole.push('\u{3000}');
        }
        whole.push_str(part);
    }
    checked(whole, LONGEST_NAME)
}

/// An address in the form of certificates.
///
/// # Errors
/// [`BadText`].
pub fn address(text: &str) -> Result<String, BadText> {
    let wide = full_width(text);
    let hyphens: String =
        wide.chars().map(|point| if is_hyphen(point) { '\u{FF0D}' } else { point }).collect();
    checked(hyphens.trim_matches('\u{3000}').to_owned(), LONGEST_ADDRESS)
}

/// Half-width letters, digits, signs and kana in full width; blanks as U+3000. Variation selectors and everything else stay.
pub fn full_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut kana = String::new();
    for point in text.chars() {
        if matches!(point, '\u{FF61}'..='\u{FF9F}') {
            kana.push(point);
            continue;
        }
        out.extend(kana.nfkc());
        kana.clear();
        out.push(match point {
            ' ' | '\u{A0}' => '\u{3000}',
            '!'..='~' => {
                char::from_u32(u32::from(point) + 0xFEE0).expect("full-width forms lie 0xFEE0 above ASCII")
            }
            other => other,
        });
    }
    out.extend(kana.nfkc());
    out
}

fn is_hyphen(point: char) -> bool {
    matches!(point, '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{FF0D}' | '\u{FE63}')
}

fn checked(text: String, most: usize) -> Result<String, BadText> {
    if text.is_empty() {
        return Err(BadText::Empty);
    }
    let mut count = 0;
    for (at, unit) in units(&text).enumerate() {
        count = at + 1;
        if count > most {
            return Err(BadText::TooLong(most));
        }
        let turns = matches!(unit.base, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
        if turns || unit.base.is_control() {
            return Err(BadText::Control { at });
        }
    }
    debug_assert!(count > 0);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Repertoire, check};
    use proptest::prelude::*;

    #[test]
    fn j5_a_name_is_family_blank_given() {
        assert_eq!(name(["吉田", "一郎"]).as_deref(), Ok("吉田　一郎"));
        assert_eq!(name([" 吉田 ", "一郎"]).as_deref(), Ok("吉田　一郎"));
        assert_eq!(name(["SMITH", "JOHN", "ﾎﾟｰﾙ"]).as_deref(), Ok("ＳＭＩＴＨ　ＪＯＨＮ　ポール"));
        assert_eq!(name(["𠮷田", "一郎"]).as_deref(), Ok("𠮷田　一郎"));
        assert_eq!(name(["吉田", ""]), Err(BadText::Empty));
        assert_eq!(name([]), Err(BadText::Empty));
        assert_eq!(name(["吉\n田"]), Err(BadText::Control { at: 1 }));
        assert_eq!(name(["吉\u{202E}田"]), Err(BadText::Control { at: 1 }));
        assert_eq!(name(["あ".repeat(LONGEST_NAME + 1).as_str()]), Err(BadText::TooLong(LONGEST_NAME)));
    }

    #[test]
    fn j5_an_address_has_full_width_digits_and_the_hyphen_of_certificates() {
        let expected = "東京都清瀬市中里５－８４２　メゾンＡ－１０１";
        for text in [
            "東京都清瀬市中里5-842 メゾンA-101",
            "東京都清瀬市中里５−８４２　メゾンＡ‐１０１",
            "東京都清瀬市中里５－８４２　ﾒｿﾞﾝＡ－１０１",
        ] {
            assert_eq!(address(text).as_deref(), Ok(expected));
        }
        assert_eq!(check(expected, Repertoire::JPKI).count(), 0);
        // The long mark of kana is none.
        assert_eq!(address("コーポ").as_deref(), Ok("コーポ"));
        assert!(address(&"１".repeat(LONGEST_ADDRESS)).is_ok());
        assert_eq!(address(&"１".repeat(LONGEST_ADDRESS + 1)), Err(BadText::TooLong(LONGEST_ADDRESS)));
    }

    proptest! {
        #[test]
        fn j5_an_address_in_its_form_stays_as_it_is(text in "[0-9A-Za-z －−‐ｱ-ﾝ東京都々ー]{1,60}") {
            if let Ok(once) = address(&text) {
                prop_assert_eq!(address(&once), Ok(once));
            }
        }

        #[test]
        fn j5_any_text_is_a_name_or_says_why_not(text: String) {
            let _ = (name([text.as_str()]), address(&text));
        }
    }
}
