//! Normalising what people type: widths, kana, spaces. Chosen by the field, shown on the page of confirmation.
//!
//! Widths alone are changed, not characters: unlike NFKC, ① stays ① and ㈱ stays ㈱, which in a name mean
//! something.

/// Without spaces at both ends; the ideographic space is one.
pub fn trimmed(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
}

/// Letters, digits and signs of full width in half width, the ideographic space as a space: １２－３ → 12-3.
///
/// The hyphens and dashes that Japanese keyboards make become `-` where a digit stands before.
pub fn half_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(half_width_after(&out, c));
    }
    out
}

/// A character in half width, where `before` stands before it.
fn half_width_after(before: &str, c: char) -> char {
    let after_digit = before.ends_with(|last: char| last.is_ascii_digit());
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | 'ｰ' | '─' if after_digit => '-',
        c => c,
    }
}

/// The digits alone, in half width: ０３－１２３４ → 031234. Other characters stay, so that a check can name them;
/// spaces, hyphens and parentheses between digits go.
pub fn digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Behind a blank that goes, a dash is one behind the digit too.
        let c = half_width_after(&out, c);
        if !matches!(c, ' ' | '-' | '(' | ')') {
            out.push(c);
        }
    }
    out
}

/// Hiragana and half-width kana as full-width katakana: さとう → サトウ, ｶﾞ → ガ; spaces as one half-width space.
pub fn katakana(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{3041}'..='\u{3096}' | '\u{309d}' | '\u{309e}' => {
                out.push(char::from_u32(u32::from(c) + 0x60).unwrap_or(c));
            }
            '\u{ff9e}' => voice(&mut out, 1, c),
            '\u{ff9f}' => voice(&mut out, 2, c),
            '\u{ff61}'..='\u{ff9d}' => {
                let at = u32::from(c) as usize - 0xff61;
                out.push(HALF_KANA.chars().nth(at).unwrap_or(c));
            }
            '\u{3000}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// The full-width forms of U+FF61 … U+FF9D.
const HALF_KANA: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// Joins a sound mark to the kana before it; katakana lie in the order ハ バ パ.
fn voice(out: &mut String, steps: u32, mark: char) {
    let last = out.chars().next_back();
    let voiced = last.filter(|c| match steps {
        1 => "カキクケコサシスセソタチツテトハヒフヘホウ".contains(*c),
        _ => "ハヒフヘホ".contains(*c),
    });
    match voiced {
        Some(c) => {
            out.pop();
            out.push(if c == 'ウ' { 'ヴ' } else { char::from_u32(u32::from(c) + steps).unwrap_or(c) });
        }
        None => out.push(if mark == '\u{ff9e}' { '゛' } else { '゜' }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_change_and_characters_do_not() {
        assert_eq!(half_width("１２３ＡＢｃ＠　①㈱"), "123ABc@ ①㈱");
        assert_eq!(half_width("３丁目１－２ー３"), "3丁目1-2-3");
        assert_eq!(half_width("センター"), "センター");
        assert_eq!(digits("０３（１２３４）５６７８"), "0312345678");
        assert_eq!(digits("12a"), "12a");
        assert_eq!(digits("０３　ー１２３４"), "031234");
        assert_eq!(trimmed("　 佐藤　花子 　\n"), "佐藤　花子");
    }

    #[test]
    fn kana_become_katakana() {
        assert_eq!(katakana("さとう　はなこ"), "サトウ ハナコ");
        assert_eq!(katakana("ｶﾞｷﾞﾊﾟﾊﾞｳﾞｻﾄｳ･ｰ"), "ガギパバヴサトウ・ー");
        assert_eq!(katakana("ｱﾞﾟ"), "ア゛゜");
        assert_eq!(katakana("漢字Aゔゝ"), "漢字Aヴヽ");
    }

    proptest::proptest! {
        #[test]
        fn normalising_twice_changes_nothing_more(text: String) {
            proptest::prop_assert_eq!(half_width(&half_width(&text)), half_width(&text));
            proptest::prop_assert_eq!(katakana(&katakana(&text)), katakana(&text));
            proptest::prop_assert_eq!(digits(&digits(&text)), digits(&text));
        }
    }
}
