//! Codes that people compare, copy or read aloud: fingerprints, serial numbers.

use crate::texts::Say;
use askama::Template;

/// A code in groups of four, with a button that copies it and a form to read aloud.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/code.html")]
pub struct CopyCode {
    label: String,
    code: String,
    groups: Vec<String>,
    copy: String,
    copied: String,
    aloud_word: String,
    aloud: Vec<String>,
}

impl CopyCode {
    /// A code without spaces, such as the hexadecimal form of a SHA-256.
    pub fn new(say: &Say, label: impl Into<String>, code: impl Into<String>) -> Self {
        let (label, code) = (label.into(), code.into());
        let chars: Vec<char> = code.chars().collect();
        let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
        let aloud =
            groups.iter().map(|group| group.chars().map(|c| spoken(say, c)).collect::<Vec<_>>().join(" "));
        Self {
            copy: say.t("web-copy"),
            copied: say.t("web-copied"),
            aloud_word: say.t("web-aloud"),
            aloud: aloud.collect(),
            label,
            code,
            groups,
        }
    }
}

/// A letter as it is said on the telephone, so that B is not heard as D: ボストンのB, B as in Bravo.
fn spoken(say: &Say, c: char) -> String {
    const LETTERS: [(&str, &str); 26] = [
        ("アメリカ", "Alfa"),
        ("ボストン", "Bravo"),
        ("チャイナ", "Charlie"),
        ("デンマーク", "Delta"),
        ("イングランド", "Echo"),
        ("フランス", "Foxtrot"),
        ("ゴルフ", "Golf"),
        ("ホテル", "Hotel"),
        ("インド", "India"),
        ("ジャパン", "Juliett"),
        ("キング", "Kilo"),
        ("ロンドン", "Lima"),
        ("メキシコ", "Mike"),
        ("ニッポン", "November"),
        ("オスカー", "Oscar"),
        ("パリ", "Papa"),
        ("クイーン", "Quebec"),
        ("ローマ", "Romeo"),
        ("サッカー", "Sierra"),
        ("トウキョウ", "Tango"),
        ("ユニフォーム", "Uniform"),
        ("ビクトリー", "Victor"),
        ("ワシントン", "Whiskey"),
        ("エックスレイ", "X-ray"),
        ("ヨコハマ", "Yankee"),
        ("ゼブラ", "Zulu"),
    ];
    let letter = (c.to_ascii_lowercase() as usize).checked_sub('a' as usize);
    match letter.and_then(|at| LETTERS.get(at)) {
        Some((ja, en)) => say.lang().pick(ja, en).to_owned(),
        None => c.to_string(),
    }
}
