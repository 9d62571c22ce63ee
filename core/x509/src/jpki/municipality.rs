//! Municipalities: their codes (全国地方公共団体コード, JIS X 0401 and X 0402), and how certificates write them in Roman
//! letters.
//!
//! A code has 5 digits, two of the prefecture and three within it, and often a check digit behind them. Certificates carry
//! the 5 in their common names and the name in Roman letters, with what it is: `Tokyo-to`, `Kiyose-shi`.

use std::fmt;

/// A code without its check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MunicipalityCode(u32);

/// A municipality with its names in Roman letters, as subjects and names of lists have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    code: MunicipalityCode,
    prefecture: String,
    name: String,
}

/// Why something is no municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMunicipality {
    /// Not 5 digits, or 6 with the check digit.
    #[error("a municipality code has 5 digits, or 6 with its check digit")]
    Form,
    /// There is no prefecture with the first two digits.
    #[error("no prefecture has the first two digits")]
    Prefecture,
    /// The last digit of six does not fit the others: a slip of the pen.
    #[error("the check digit does not fit")]
    Check,
    /// Not 2 to 58 Roman letters, blanks, hyphens and apostrophes that begin with a capital letter; longer ones do not
    /// fit the names of lists.
    #[error("a name in Roman letters like Kiyose-shi")]
    Name,
}

impl MunicipalityCode {
    /// Reads 5 digits, or 6 with the check digit.
    ///
    /// # Errors
    /// [`BadMunicipality`].
    pub fn parse(text: &str) -> Result<Self, BadMunicipality> {
        let digits = text.as_bytes();
        if !matches!(digits.len(), 5 | 6) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadMunicipality::Form);
        }
        let code = Self(digits[..5].iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')));
        if prefecture(code.prefecture()).is_none() {
            return Err(BadMunicipality::Prefecture);
        }
        match digits.get(5) {
            Some(check) if check - b'0' != code.check_digit() => Err(BadMunicipality::Check),
            _ => Ok(code),
        }
    }

    /// The code of its prefecture, 1 to 47.
    pub fn prefecture(self) -> u8 {
        // Five digits.
        (self.0 / 1_000) as u8
    }

    /// The check digit: 11 less the remainder by 11 of the digits with the weights 6, 5, 4, 3, 2, of which the last
    /// digit counts.
    pub fn check_digit(self) -> u8 {
        let (mut rest, mut sum) = (self.0, 0);
        for weight in 2..=6 {
            sum += rest % 10 * weight;
            rest /= 10;
        }
        ((11 - sum % 11) % 10) as u8
    }
}

impl fmt::Display for MunicipalityCode {
    /// The 5 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

impl Municipality {
    /// A municipality of this code and name; its prefecture as [`prefecture`] has it.
    ///
    /// # Errors
    /// [`BadMunicipality::Name`].
    pub fn new(code: MunicipalityCode, name: &str) -> Result<Self, BadMunicipality> {
        let prefecture = prefecture(code.prefecture()).ok_or(BadMunicipality::Prefecture)?;
        Self::of(code, prefecture, name)
    }

    /// A municipality whose prefecture is written in another way than [`prefecture`] has it.
    ///
    /// # Errors
    /// [`BadMunicipality::Name`].
    pub fn of(code: MunicipalityCode, prefecture: &str, name: &str) -> Result<Self, BadMunicipality> {
        match is_roman(prefecture) && is_roman(name) {
            true => Ok(Self { code, prefecture: prefecture.to_owned(), name: name.to_owned() }),
            false => Err(BadMunicipality::Name),
        }
    }

    /// Its code.
    pub fn code(&self) -> MunicipalityCode {
        self.code
    }

    /// Its prefecture: the first localityName of signing certificates, and the value `prefecture` of orders.
    pub fn prefecture(&self) -> &str {
        &self.prefecture
    }

    /// Its name: the second localityName, and the value `municipality` of orders.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// As the patterns of the profiles have it.
fn is_roman(text: &str) -> bool {
    (2..=58).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_alphabetic() || b" '-".contains(&b))
}

/// A prefecture in Roman letters, by its code, 1 to 47. Certificates attest `Tokyo-to` and `Ibaraki-ken`; the others are
/// written after them, and Hokkaido, whose name ends with what it is, without a hyphen.
pub fn prefecture(code: u8) -> Option<&'static str> {
    const NAMES: [&str; 47] = [
        "Hokkaido",
        "Aomori-ken",
        "Iwate-ken",
        "Miyagi-ken",
        "Akita-ken",
        "Yamagata-ken",
        "Fukushima-ken",
        "Ibaraki-ken",
        "Tochigi-ken",
        "Gunma-ken",
        "Saitama-ken",
        "Chiba-ken",
        "Tokyo-to",
        "Kanagawa-ken",
        "Niigata-ken",
        "Toyama-ken",
        "Ishikawa-ken",
        "Fukui-ken",
        "Yamanashi-ken",
        "Nagano-ken",
        "Gifu-ken",
        "Shizuoka-ken",
        "Aichi-ken",
        "Mie-ken",
        "Shiga-ken",
        "Kyoto-fu",
        "Osaka-fu",
        "Hyogo-ken",
        "Nara-ken",
        "Wakayama-ken",
        "Tottori-ken",
        "Shimane-ken",
        "Okayama-ken",
        "Hiroshima-ken",
        "Yamaguchi-ken",
        "Tokushima-ken",
        "Kagawa-ken",
        "Ehime-ken",
        "Kochi-ken",
        "Fukuoka-ken",
        "Saga-ken",
        "Nagasaki-ken",
        "Kumamoto-ken",
        "Oita-ken",
        "Miyazaki-ken",
        "Kagoshima-ken",
        "Okinawa-ken",
    ];
    NAMES.get(usize::from(code).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j16_codes_are_checked_by_their_last_digit() {
        // Published codes: Sapporo, Chiyoda, Kiyose, Nagoya, Osaka, Naha.
        for code in ["011002", "131016", "132217", "231002", "271004", "472018"] {
            let read = MunicipalityCode::parse(code).expect(code);
            assert_eq!(format!("{read}{}", read.check_digit()), code);
            assert_eq!(MunicipalityCode::parse(&code[..5]), Ok(read));
        }
        // Each slip of one digit is seen here, and two digits that changed places.
        let right = "132217";
        for at in 0..6 {
            for digit in '0'..='9' {
                let mut wrong = right.to_owned();
                wrong.replace_range(at..=at, &digit.to_string());
                assert_eq!(MunicipalityCode::parse(&wrong).is_ok(), wrong == right, "{wrong}");
            }
        }
        assert_eq!(MunicipalityCode::parse("312217"), Err(BadMunicipality::Check));
    }

    #[test]
    fn j16_what_is_no_municipality_says_why() {
        for (text, why) in [
            ("1322", BadMunicipality::Form),
            ("1322177", BadMunicipality::Form),
            ("１３２２１", BadMunicipality::Form),
            ("00221", BadMunicipality::Prefecture),
            ("48221", BadMunicipality::Prefecture),
        ] {
            assert_eq!(MunicipalityCode::parse(text), Err(why), "{text}");
        }
        let code = MunicipalityCode::parse("13221").expect("a code");
        for name in ["", "K", "kiyose-shi", "清瀬市", "Kiyose_shi", &format!("K{}", "a".repeat(58))] {
            assert_eq!(Municipality::new(code, name), Err(BadMunicipality::Name), "{name}");
        }
        let kiyose = Municipality::new(code, "Kiyose-shi").expect("a municipality");
        assert_eq!((kiyose.prefecture(), kiyose.name()), ("Tokyo-to", "Kiyose-shi"));
    }

    #[test]
    fn j16_every_prefecture_has_its_name() {
        assert_eq!((prefecture(0), prefecture(48)), (None, None));
        for (code, name) in
            [(1, "Hokkaido"), (8, "Ibaraki-ken"), (13, "Tokyo-to"), (27, "Osaka-fu"), (47, "Okinawa-ken")]
        {
            assert_eq!(prefecture(code), Some(name));
        }
        assert!((1..=47).all(|code| prefecture(code).is_some_and(is_roman)));
    }
}
