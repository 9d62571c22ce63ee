//! The name under which an agent pays (振込依頼人名): its ID, and its name in the characters that banks take (C3, C10).

use crate::words::HolderNumber;
use unicode_normalization::UnicodeNormalization as _;

/// The longest name of a sender in a bank's file, in characters of one octet (全国銀行協会 標準フォーマット 総合振込:
/// 依頼人名 40桁).
const LONGEST: usize = 40;

/// What stands before or after a company's name and is left out: it tells nothing that the ID does not, and takes room.
const FORMS: [&str; 10] = [
    "カブシキガイシャ",
    "カブシキカイシャ",
    "ユウゲンガイシャ",
    "ユウゲンカイシャ",
    "ゴウドウガイシャ",
    "ゴウドウカイシャ",
    "シャカイフクシホウジン",
    "イリョウホウジン",
    "イッパンシャダンホウジン",
    "トクテイヒエイリカツドウホウジン",
];

/// The full-width katakana of U+FF66 … U+FF9D, in their order; small ones and ヲ as banks write them.
const KANA: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// What to type: `DA13000017 ﾐﾄﾞﾘｾｲｷﾕｳｻ-ﾋﾞｽ`. Digits, capitals, half-width katakana without small ones and a few signs; 40
/// at most. What banks do not take is left out.
pub fn transfer_name(number: &HolderNumber, kana: &str) -> String {
    let name = without_form(kana.trim());
    let mut letters: Vec<String> = Vec::new();
    for c in name.nfkd() {
        match (bank(c), letters.last_mut()) {
            // A mark belongs to the kana before it, also where the name is cut.
            (Some(mark @ ('ﾞ' | 'ﾟ')), Some(last)) if last.ends_with(|c| matches!(c, 'ｱ'..='ﾝ')) => {
                last.push(mark)
            }
            // What belongs to nothing is left out: a loose mark, a space before the name.
            (Some('ﾞ' | 'ﾟ'), _) | (Some(' '), None) | (None, _) => {}
            (Some(c), _) => letters.push(c.to_string()),
        }
    }
    let mut typed = format!("{number} ");
    let mut room = LONGEST - typed.chars().count();
    for letter in letters {
        let Some(left) = room.checked_sub(letter.chars().count()) else { break };
        room = left;
        typed.push_str(&letter);
    }
    typed.trim_end().to_owned()
}

fn without_form(name: &str) -> &str {
    let name = FORMS.iter().find_map(|form| name.strip_prefix(form)).unwrap_or(name);
    FORMS.iter().find_map(|form| name.strip_suffix(form)).unwrap_or(name).trim()
}

/// One character as banks take it.
fn bank(c: char) -> Option<char> {
    let c = match c {
        // Hiragana as katakana.
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(c) + 0x60)?,
        other => other,
    };
    Some(match c {
        '0'..='9' | 'A'..='Z' | '(' | ')' | '-' | '.' | '/' | ' ' => c,
        'a'..='z' => c.to_ascii_uppercase(),
        '\u{3099}' | '゛' => 'ﾞ',
        '\u{309a}' | '゜' => 'ﾟ',
        'ー' | '‐' | '−' | '–' => '-',
        '・' => '.',
        'ヲ' => 'ｵ',
        'ヮ' => 'ﾜ',
        'ヵ' => 'ｶ',
        'ヶ' => 'ｹ',
        // Small ones as large ones: ャ → ﾔ.
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' => half(char::from_u32(u32::from(c) + 1)?)?,
        'ャ' | 'ュ' | 'ョ' | 'ッ' => half(char::from_u32(u32::from(c) + 1)?)?,
        other => half(other)?,
    })
}

fn half(kana: char) -> Option<char> {
    let at = KANA.chars().position(|c| c == kana)?;
    char::from_u32(0xff66 + u32::try_from(at).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(kana: &str) -> String {
        transfer_name(&HolderNumber::new("DA13000017").expect("an ID of Tokyo"), kana)
    }

    #[test]
    fn c3_the_name_is_as_banks_write_it() {
        for (kana, name) in [
            ("カブシキガイシャミドリセイキュウサービス", "DA13000017 ﾐﾄﾞﾘｾｲｷﾕｳｻ-ﾋﾞｽ"),
            ("みどりせいきゅう　ｶﾌﾞｼｷｶﾞｲｼｬ", "DA13000017 ﾐﾄﾞﾘｾｲｷﾕｳ ｶﾌﾞｼｷｶﾞｲｼﾔ"),
            ("ヒマワリ・ケアユウゲンガイシャ", "DA13000017 ﾋﾏﾜﾘ.ｹｱ"),
            ("ヴォーパルＡｂ１２（ヲ）ヶ", "DA13000017 ｳﾞｵ-ﾊﾟﾙAB12(ｵ)ｹ"),
            ("漢字", "DA13000017"),
            ("", "DA13000017"),
            ("゛ア", "DA13000017 ｱ"),
        ] {
            assert_eq!(typed(kana), name, "{kana}");
        }
    }

    #[test]
    fn c3_a_name_is_cut_between_letters() {
        // 29 of 40 are left: fourteen times ｶﾞ are 28.
        assert_eq!(typed(&"ガ".repeat(100)), format!("DA13000017 {}", "ｶﾞ".repeat(14)));
        assert_eq!(typed(&"カ".repeat(100)).chars().count(), 40);
    }

    proptest! {
        #[test]
        fn c3_whatever_the_name_a_bank_takes_it(kana in "[ァ-ヴー・ぁ-ゔｦ-ﾟ a-zA-Z0-9（）株]{0,120}", any: String) {
            for kana in [kana, any] {
                let name = typed(&kana);
                prop_assert!(name.starts_with("DA13000017") && name.chars().count() <= LONGEST);
                let fits = |c| matches!(c, '0'..='9' | 'A'..='Z' | 'ｱ'..='ﾟ' | '(' | ')' | '-' | '.' | '/' | ' ');
                prop_assert!(name.chars().all(fits), "{}", name);
            }
        }
    }
}
