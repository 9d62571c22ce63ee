//! How the signs of a password are read: no letter of it is taken for another.

use core_words::Lang;
use kit_paper::Sign;
use zeroize::Zeroizing;

/// Japanese names of the letters a to z, in their order.
const LETTERS: [&str; 26] = [
    "エー",
    "ビー",
    "シー",
    "ディー",
    "イー",
    "エフ",
    "ジー",
    "エイチ",
    "アイ",
    "ジェー",
    "ケー",
    "エル",
    "エム",
    "エヌ",
    "オー",
    "ピー",
    "キュー",
    "アール",
    "エス",
    "ティー",
    "ユー",
    "ブイ",
    "ダブリュー",
    "エックス",
    "ワイ",
    "ゼット",
];
/// The words of the spelling alphabet of ICAO for a to z, in their order.
const WORDS: [&str; 26] = [
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo",
    "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor",
    "Whiskey", "X-ray", "Yankee", "Zulu",
];
/// Japanese and English names of the digits.
const DIGITS: [[&str; 10]; 2] = [
    ["ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"],
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
];

/// Each sign of `password` and below it how it is read. What has no name in the list stands without one.
pub(super) fn spell(password: &str, lang: Lang) -> Vec<Sign> {
    let sign = |c: char| {
        let mut sign = Zeroizing::new(String::with_capacity(4));
        sign.push(c);
        Sign { sign, reading: reading(c, lang) }
    };
    password.chars().map(sign).collect()
}

fn reading(c: char, lang: Lang) -> Zeroizing<String> {
    let at = |first: u8| usize::from(u8::try_from(c).unwrap_or(first) - first);
    let (kind, name) = match c {
        '0'..='9' => (lang.pick("数字", "digit"), lang.pick(DIGITS[0][at(b'0')], DIGITS[1][at(b'0')])),
        'A'..='Z' => (lang.pick("大文字", "capital"), lang.pick(LETTERS[at(b'A')], WORDS[at(b'A')])),
        'a'..='z' => (lang.pick("小文字", "small"), lang.pick(LETTERS[at(b'a')], WORDS[at(b'a')])),
        '-' => (lang.pick("記号", "sign"), lang.pick("ハイフン", "hyphen")),
        '_' => (lang.pick("記号", "sign"), lang.pick("下線", "underscore")),
        _ => (lang.pick("記号", "sign"), ""),
    };
    // As long as the longest, so that no copy is left behind by growing.
    let mut reading = Zeroizing::new(String::with_capacity(48));
    reading.push_str(kind);
    reading.push('\n');
    reading.push_str(name);
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c07_signs_that_look_alike_are_read_differently() {
        for lang in Lang::ALL {
            for alike in ["0Oo", "1Il", "5Ss", "8B", "2Zz", "cC", "uvUV"] {
                let mut readings: Vec<_> =
                    spell(alike, lang).into_iter().map(|sign| sign.reading.to_string()).collect();
                readings.sort();
                readings.dedup();
                assert_eq!(readings.len(), alike.len(), "{alike}");
            }
        }
    }

    #[test]
    fn c07_every_letter_a_password_is_drawn_of_has_a_name_that_fits() {
        let all: String = ('0'..='9').chain('A'..='Z').chain('a'..='z').chain(['-', '_']).collect();
        for lang in Lang::ALL {
            let signs = spell(&all, lang);
            assert_eq!(signs.iter().map(|sign| sign.sign.as_str()).collect::<String>(), all);
            for sign in signs {
                let (_, name) = sign.reading.split_once('\n').expect("two lines");
                assert!(!name.is_empty() && sign.reading.chars().count() <= 20, "{}", *sign.reading);
                assert!(sign.reading.capacity() <= 48, "never grown");
            }
        }
        assert_eq!(*spell("K", Lang::Ja)[0].reading, "大文字\nケー");
        assert_eq!(*spell("q", Lang::En)[0].reading, "small\nQuebec");
        assert_eq!(*spell("7", Lang::Ja)[0].reading, "数字\nなな");
    }
}
