//! Texts without tricks.

use std::borrow::Cow;

/// The text as ink can show it. Every kind of line end becomes a line feed, and a tab and every other space than
/// U+0020 and U+3000 a plain space; か and a loose ゛ become が, as some systems write it; control characters, marks that turn the direction of writing (U+202E and its like), and other letters without ink
/// are taken out, so that what is read is what is there. Variation selectors stay: they choose the form of a
/// kanji in a name.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| (c != '\n' && unwanted(c)) || other_space(c) || MARKS.contains(&c)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            space if other_space(space) => clean.push(' '),
            mark if MARKS.contains(&mark) => match clean.chars().last().and_then(|kana| voiced(kana, mark)) {
                Some(kana) => {
                    clean.pop();
                    clean.push(kana);
                }
                None => clean.push(mark),
            },
            other if unwanted(other) => {}
            other => clean.push(other),
        }
    }
    Cow::Owned(clean)
}

/// The combining marks ゛ and ゜.
const MARKS: [char; 2] = ['\u{3099}', '\u{309a}'];

/// The kana with its mark, where there is one such letter.
fn voiced(kana: char, mark: char) -> Option<char> {
    const PLAIN: &str =
        "かきくけこさしすせそたちつてとはひふへほうカキクケコサシスセソタチツテトハヒフヘホウワヰヱヲ";
    const VOICED: &str =
        "がぎぐげござじずぜぞだぢづでどばびぶべぼゔガギグゲゴザジズゼゾダヂヅデドバビブベボヴヷヸヹヺ";
    const HALF: &str = "ぱぴぷぺぽパピプペポ";
    if mark == MARKS[0] {
        return VOICED.chars().nth(PLAIN.chars().position(|c| c == kana)?);
    }
    let row = "はひふへほハヒフヘホ".chars().position(|c| c == kana)?;
    HALF.chars().nth(row)
}

fn other_space(letter: char) -> bool {
    letter.is_whitespace()
        && !matches!(letter, ' ' | '\n' | '\u{3000}')
        && !letter.is_control()
        && !matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Controls, format characters, noncharacters and private use of Unicode 16.
fn unwanted(letter: char) -> bool {
    let code = u32::from(letter);
    letter.is_control()
        || matches!(code,
            0xAD | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xFFFC
            | 0xFDD0..=0xFDEF | 0xE000..=0xF8FF | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
            | 0xE0000..=0xE00FF | 0xF0000..)
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_is_there() {
        for (given, read) in [
            ("山田\u{202e}太郎", "山田太郎"),
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"),
            ("a\tb\0c\u{200b}d\u{feff}", "a bcd"),
            ("a\u{a0}b\u{2003}c\u{3000}d", "a b c\u{3000}d"),
            ("か\u{3099}ハ\u{309a}ほ\u{3099}う\u{3099}ヲ\u{3099}", "がパぼゔヺ"),
            ("\u{3099}か\u{309a}", "\u{3099}か\u{309a}"),
            ("\u{e0041}\u{fffe}\u{f8ff}", ""),
        ] {
            assert_eq!(plain(given), read, "{given:?}");
        }
    }

    #[test]
    fn names_stay_as_they_are() {
        for name in ["髙𠮷﨑", "葛\u{e0100}城", "葛\u{fe00}", "が", "#import \"x\": *\n$x$", ""] {
            assert!(matches!(plain(name), Cow::Borrowed(same) if same == name), "{name:?}");
        }
    }
}
