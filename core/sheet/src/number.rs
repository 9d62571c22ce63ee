//! Whole numbers as people write them in tables.

use core_words::Text;
use unicode_normalization::UnicodeNormalization as _;

/// A text is no whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    /// Not digits, alone or parted by commas into thousands.
    #[error("not a whole number")]
    Form,
    /// Beyond 63 bits.
    #[error("the number is too large")]
    TooLarge,
}

impl BadNumber {
    /// For people.
    pub fn text(self) -> Text {
        match self {
            Self::Form => {
                Text::new("整数で入力してください（例：7,800）。", "Write a whole number, such as 7,800.")
            }
            Self::TooLarge => Text::new("数が大きすぎます。", "The number is too large."),
        }
    }
}

/// A whole number: `7800`, `7,800`, `７，８００`, `-7800`, `△7,800`. Commas must part thousands.
///
/// # Errors
/// Every [`BadNumber`].
pub fn parse(text: &str) -> Result<i64, BadNumber> {
    let plain: String = text.trim().nfkc().collect();
    let (negative, digits) = match plain.strip_prefix(['-', '\u{2212}', '△', '▲']) {
        Some(digits) => (true, digits),
        None => (false, plain.as_str()),
    };
    let mut groups = digits.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let fits = !first.is_empty()
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| group.len() == 3)
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b',');
    if !fits {
        return Err(BadNumber::Form);
    }
    let number: i64 = (first.to_owned() + &rest.concat()).parse().map_err(|_| BadNumber::TooLarge)?;
    Ok(if negative { -number } else { number })
}

/// An amount in yen: a whole number, with `¥` before or `円` after it, or neither.
///
/// # Errors
/// Every [`BadNumber`].
pub fn yen(text: &str) -> Result<core_words::Yen, BadNumber> {
    let plain: String = text.trim().nfkc().collect();
    // A backslash is how CP932 has the yen sign.
    let bare = plain.strip_prefix(['¥', '\\']).or_else(|| plain.strip_suffix('円')).unwrap_or(&plain);
    parse(bare).map(core_words::Yen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Yen;

    #[test]
    fn numbers_as_people_write_them() {
        for text in ["7800", "7,800", "７，８００", " 7,800 ", "007800"] {
            assert_eq!(parse(text), Ok(7_800), "{text}");
        }
        for text in ["-7,800", "△7800", "−7800"] {
            assert_eq!(parse(text), Ok(-7_800), "{text}");
        }
        for text in ["￥7,800", "\\7800", "7,800円", "7800"] {
            assert_eq!(yen(text), Ok(Yen(7_800)), "{text}");
        }
        for text in [
            "",
            "-",
            "7.8",
            "7,80",
            "7,8000",
            "7800,",
            ",800",
            "1234,567",
            "¥",
            "¥7800円",
            "七千",
            "+7",
            "--7",
        ] {
            assert_eq!(yen(text), Err(BadNumber::Form), "{text}");
        }
        assert_eq!(parse("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(parse("9223372036854775808"), Err(BadNumber::TooLarge));
    }
}
