//! The ID of an applicant in the name under which money was sent (C10).

use unicode_normalization::UnicodeNormalization as _;

/// How many letters and digits an ID has: `DA13000017`.
const LETTERS: usize = 2;
const DIGITS: usize = 8;

/// All IDs of two letters and eight digits in a text, as `DA13000017`, each once, in their order.
///
/// Letters and digits may be half- or full-width, letters small; spaces and hyphens of any kind may stand between any two
/// of them, the long-vowel mark among them, for which a hyphen is often taken. Before and after an ID there may be
/// anything but, directly, another letter or digit before it or another digit after it: those belong to something else.
/// What is found is a candidate. Whether somebody has that ID, others know.
pub fn ids_in(text: &str) -> Vec<String> {
    let plain: Vec<char> = text.nfkc().map(|c| c.to_ascii_uppercase()).collect();
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        let begins = at == 0 || !plain[at - 1].is_ascii_alphanumeric();
        match begins.then(|| id_at(&plain[at..])).flatten() {
            Some((id, length)) => {
                if !found.contains(&id) {
                    found.push(id);
                }
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The ID with which the characters begin, and how many of them it takes.
fn id_at(plain: &[char]) -> Option<(String, usize)> {
    let mut id = String::with_capacity(LETTERS + DIGITS);
    for (at, c) in plain.iter().enumerate() {
        let fits = if id.len() < LETTERS { c.is_ascii_uppercase() } else { c.is_ascii_digit() };
        if fits {
            id.push(*c);
        } else if id.is_empty() || !gap(*c) {
            return None;
        }
        if id.len() == LETTERS + DIGITS {
            let goes_on = plain.get(at + 1).is_some_and(char::is_ascii_digit);
            return (!goes_on).then_some((id, at + 1));
        }
    }
    None
}

fn gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' | '\u{2500}' | '\u{301c}' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c10_ids_are_found_in_transfer_names() {
        for text in [
            "DA13000017",
            "da13000017",
            "ＤＡ１３０００００１７".replace("０００００", "００００").as_str(),
            "DA-1300-0017",
            "DA 13000017",
            "D A 1 3 0 0 0 0 1 7",
            "DA13000017 ｶｲｺﾞｾﾝﾀｰ",
            "ｶｲｺﾞｾﾝﾀｰDA13000017",
            "カイゴ　ＤＡ－１３００００１７",
            "DAｰ13000017",
            "ｶ)ｻｸﾗ DA13000017",
            "DA13000017KAIGO",
            "A DA13000017",
        ] {
            assert_eq!(ids_in(text), ["DA13000017"], "{text}");
        }
        assert_eq!(ids_in("DA13000017 DA13000025 DA13000017"), ["DA13000017", "DA13000025"]);
    }

    #[test]
    fn c10_what_is_none_is_not_found() {
        for text in [
            "",
            "ｶｲｺﾞｾﾝﾀｰ",
            "DA1300001",
            "DA130000170",
            "XDA13000017",
            "1DA13000017",
            "D13000017",
            "DA1300.0017",
            "13000017DA",
            "DA カイゴ 13000017",
            "DA1300O017",
        ] {
            assert!(ids_in(text).is_empty(), "{text}");
        }
    }
}
