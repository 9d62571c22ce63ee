//! Readings: kana in one form, for comparing and for finding.

use unicode_normalization::{UnicodeNormalization as _, char::compose};

/// A reading in full-width katakana: hiragana and half-width kana become katakana, marks join their letters, blanks of
/// every width become U+3000. Anything else stays as it is.
pub fn katakana(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for point in text.chars() {
        match point {
            // A mark joins the letter before it, if there is such a letter.
            '\u{3099}' | '\u{FF9E}' => join(&mut out, '\u{3099}'),
            '\u{309A}' | '\u{FF9F}' => join(&mut out, '\u{309A}'),
            '\u{FF61}'..='\u{FF9D}' => out.extend(point.nfkc()),
            'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => {
                out.push(char::from_u32(u32::from(point) + 0x60).expect("katakana lie 0x60 above hiragana"));
            }
            ' ' | '\u{A0}' => out.push('\u{3000}'),
            other => out.push(other),
        }
    }
    out
}

fn join(out: &mut String, mark: char) {
    match out.chars().next_back().and_then(|last| compose(last, mark)) {
        Some(joined) => {
            out.pop();
            out.push(joined);
        }
        None => out.push(mark),
    }
}

/// Whether all of it is kana, the long mark, and blanks between words: what may stand as a reading.
pub fn is_reading(text: &str) -> bool {
    let kana = |point: char| matches!(point, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ');
    !text.is_empty() && text.chars().all(kana)
}

/// What two readings have in common that are written differently: small letters large, long marks, dots, blanks,
/// hyphens and marks without a letter gone, ヂ and ヅ as ジ and ズ, ヲ as オ, ヴ as its row of バ. For finding, never for writing.
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = katakana(text).chars().collect::<Vec<_>>().into_iter().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            'ー' | '・' | '\u{3000}' | '-' | '－' | '‐' | '−' | '=' | '＝' | '\u{3099}' | '\u{309A}' =>
                {}
            'ヴ' => {
                let (row, taken) = match letters.peek() {
                    Some('ァ') => ('バ', true),
                    Some('ィ') => ('ビ', true),
                    Some('ェ') => ('ベ', true),
                    Some('ォ') => ('ボ', true),
                    _ => ('ブ', false),
                };
                out.push(row);
                if taken {
                    letters.next();
                }
            }
            other => out.push(large(other)),
        }
    }
    out
}

fn large(letter: char) -> char {
    match letter {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        'ヂ' => 'ジ',
        'ヅ' => 'ズ',
        'ヲ' => 'オ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn j5_readings_have_one_form() {
        assert_eq!(katakana("やまだ ﾀﾛｳ"), "ヤマダ　タロウ");
        assert_eq!(katakana("ｶﾞｷﾞﾊﾟｰ"), "ガギパー");
        assert_eq!(katakana("か\u{3099}ハ\u{309A}"), "ガパ");
        assert_eq!(katakana("ﾞ"), "\u{3099}");
        // A mark of half width joins a letter of full width too; one that fits none stays.
        assert_eq!(katakana("カﾞはﾟ²ﾞ"), "ガパ²\u{3099}");
        assert_eq!(key("カー\u{3099}"), "カ");
        assert_eq!(katakana("山田"), "山田");
    }

    #[test]
    fn j5_readings_that_are_heard_alike_are_found_together() {
        for (one, other) in [
            ("ジュンコ", "ヂユンコ"),
            ("オオノ", "ヲオノ"),
            ("ヴァレリー", "バレリ"),
            ("ｵｵﾂｶ", "おおつか"),
            ("ミヤ・ケ", "ミヤ ヶ"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        assert_ne!(key("ハヤシ"), key("バヤシ"));
    }

    #[test]
    fn j5_what_may_stand_as_a_reading() {
        assert!(is_reading("ヨシダ") && is_reading("よしだ") && is_reading("コーノ"));
        for bad in ["", "吉", "ヨシ ダ", "ﾖｼﾀﾞ", "A", "ヨシ・ダ"] {
            assert!(!is_reading(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn j5_a_reading_in_its_form_stays_as_it_is(text: String) {
            let once = katakana(&text);
            prop_assert_eq!(katakana(&once), once.clone());
            prop_assert_eq!(key(&key(&text)), key(&text));
        }
    }
}
