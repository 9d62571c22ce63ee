//! The letters that banks have.
//!
//! Names in transfers are written with half-width kana without small ones, the marks ﾞ and ﾟ, A to Z, digits, space and
//! `( ) . - / ,`. The association's repertoire also has `¥`, `「` and `」`, which not every bank takes and no name here needs;
//! ｦ, which many banks refuse in names, is written ｵ.

use core_words::Text;
use unicode_normalization::UnicodeNormalization as _;

/// A character that banks do not have, and that nothing stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {at}, {character:?}, cannot be written in bank kana")]
pub struct BadChar {
    /// Which character of the text, from 1.
    pub at: usize,
    /// The character.
    pub character: char,
}

impl BadChar {
    /// For people.
    pub fn text(self) -> Text {
        let Self { at, character } = self;
        let seen = core_sheet::visible(&character.to_string());
        Text::new(
            format!(
                "{at}文字目の「{seen}」は銀行口座の名義に使えません。カナ・英大文字・数字と ( ) . - / , で入力してください。"
            ),
            format!(
                "Character {at}, {seen}, cannot be used: write kana, capital letters, digits and ( ) . - / , only."
            ),
        )
    }
}

/// A text in the letters of banks: full-width becomes half-width, hiragana katakana, small letters large, the long-vowel
/// mark and dashes `-`, `・` and `。` a full stop, `、` a comma, `［］` and their like `()`. Spaces are kept, one by one.
///
/// # Errors
/// [`BadChar`]: the first character for which nothing stands, such as a kanji.
pub fn zengin_text(text: &str) -> Result<String, BadChar> {
    let mut out = String::with_capacity(text.len());
    for (at, character) in (1..).zip(text.chars()) {
        let bad = BadChar { at, character };
        // Alone, these marks decompose into a space and a mark.
        let parts: Vec<char> = match character {
            '\u{309b}' | '\u{ff9e}' => vec!['\u{3099}'],
            '\u{309c}' | '\u{ff9f}' => vec!['\u{309a}'],
            other => std::iter::once(other).nfkd().collect(),
        };
        for part in parts {
            // A mark belongs to kana that can bear it.
            if matches!(part, '\u{3099}' | '\u{309a}')
                && !out.chars().next_back().is_some_and(|last| bears(last, part))
            {
                return Err(bad);
            }
            out.push(letter(part).ok_or(bad)?);
        }
    }
    Ok(out)
}

/// Whether a text is in the letters of banks as it stands.
pub fn is_zengin_text(text: &str) -> bool {
    zengin_text(text).is_ok_and(|same| same == text)
}

const FULL: &str =
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";
const SMALL: &str = "ァィゥェォッャュョヮヵヶヲ";
const LARGE: &str = "アイウエオツヤユヨワカケオ";

fn letter(c: char) -> Option<char> {
    let c = match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60)?,
        other => other.to_ascii_uppercase(),
    };
    let c = nth_of(SMALL, LARGE, c).unwrap_or(c);
    match c {
        'A'..='Z' | '0'..='9' | ' ' | '(' | ')' | '.' | '-' | '/' | ',' => Some(c),
        '\u{3099}' => Some('ﾞ'),
        '\u{309a}' => Some('ﾟ'),
        'ー' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' => Some('-'),
        '・' | '。' => Some('.'),
        '、' => Some(','),
        '[' | '{' | '〔' => Some('('),
        ']' | '}' | '〕' => Some(')'),
        other => nth_of(FULL, HALF, other),
    }
}

fn nth_of(from: &str, to: &str, c: char) -> Option<char> {
    from.chars().position(|one| one == c).and_then(|at| to.chars().nth(at))
}

fn bears(last: char, mark: char) -> bool {
    if mark == '\u{309a}' {
        ('ﾊ'..='ﾎ').contains(&last)
    } else {
        last == 'ｳ' || ('ｶ'..='ﾄ').contains(&last) || ('ﾊ'..='ﾎ').contains(&last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c10_names_in_the_letters_of_banks() {
        for (text, wanted) in [
            ("カブシキガイシャ　サクラ", "ｶﾌﾞｼｷｶﾞｲｼﾔ ｻｸﾗ"),
            ("デイサービス・パプリカ", "ﾃﾞｲｻ-ﾋﾞｽ.ﾊﾟﾌﾟﾘｶ"),
            ("か）きょうと ｾﾝﾀｰ", "ｶ)ｷﾖｳﾄ ｾﾝﾀ-"),
            ("（福）", ""),
            ("ヴィラ ヲガワ abc-123", "ｳﾞｲﾗ ｵｶﾞﾜ ABC-123"),
            ("Ａ＆Ｂ", ""),
            ("が\u{3099}", ""),
            ("ｶﾞｷﾞ", "ｶﾞｷﾞ"),
            ("゛ア", ""),
        ] {
            match zengin_text(text) {
                Ok(found) => assert_eq!(found, wanted, "{text}"),
                Err(bad) => assert!(wanted.is_empty(), "{text}: {bad}"),
            }
        }
        assert_eq!(zengin_text("サ桜"), Err(BadChar { at: 2, character: '桜' }));
        assert!(is_zengin_text("ｶ)ｷﾖｳﾄ ｾﾝﾀ-") && !is_zengin_text("ｾﾝﾀｰ") && !is_zengin_text("ｷｮｳﾄ"));
    }
}
