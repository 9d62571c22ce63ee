//! Numbers of cases, as people see, say and type them: `C-2026-0001234-5`.

use std::fmt;

/// The number of a case: the desk's letter, the year, a running number, and a check digit that finds a
/// mistyped or swapped digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseNumber {
    letter: char,
    year: u16,
    running: u32,
}

/// A text is not the number of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCaseNumber {
    /// Not of the form `C-2026-0001234-5`.
    #[error("not of the form C-2026-0001234-5")]
    Form,
    /// The check digit does not fit: a digit is wrong, or two were swapped.
    #[error("the last digit does not fit the others")]
    Check,
}

impl CaseNumber {
    /// The highest running number of a year.
    pub const MOST: u32 = 9_999_999;

    /// A number. `None` when the letter is none of A–Z, the year not of four digits, or the running number 0 or above
    /// [`MOST`](Self::MOST).
    pub fn new(letter: char, year: u16, running: u32) -> Option<Self> {
        let fits = letter.is_ascii_uppercase()
            && (1000..=9999).contains(&year)
            && (1..=Self::MOST).contains(&running);
        fits.then_some(Self { letter, year, running })
    }

    /// The desk's letter.
    pub fn letter(self) -> char {
        self.letter
    }

    /// Reads a number as people type it: in either case, with or without hyphens, full-width or half-width.
    ///
    /// # Errors
    /// Every [`BadCaseNumber`].
    pub fn parse(text: &str) -> Result<Self, BadCaseNumber> {
        let mut plain = String::with_capacity(13);
        for c in text.trim().chars() {
            let c = match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                other => other,
            };
            match c {
                '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' => {}
                c if c.is_ascii_alphanumeric() && plain.len() < 13 => plain.push(c.to_ascii_uppercase()),
                _ => return Err(BadCaseNumber::Form),
            }
        }
        let letter = plain.chars().next().ok_or(BadCaseNumber::Form)?;
        let digits = &plain[1..];
        if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadCaseNumber::Form);
        }
        let number =
            |range: std::ops::Range<usize>| digits[range].parse::<u32>().map_err(|_| BadCaseNumber::Form);
        let year = u16::try_from(number(0..4)?).map_err(|_| BadCaseNumber::Form)?;
        let found = Self::new(letter, year, number(4..11)?).ok_or(BadCaseNumber::Form)?;
        if number(11..12)? == u32::from(found.check()) { Ok(found) } else { Err(BadCaseNumber::Check) }
    }

    /// The check digit: the digits weighted 1, 3, 7, 9 in turn, so that each wrong digit and each swap of
    /// neighbours that differ by anything but five changes it.
    fn check(self) -> u8 {
        let digits = format!("{:04}{:07}", self.year, self.running);
        let weighted = digits.bytes().zip([1u32, 3, 7, 9].into_iter().cycle());
        let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        // Below 10.
        (sum % 10) as u8
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}-{:07}-{}", self.letter, self.year, self.running, self.check())
    }
}

impl std::str::FromStr for CaseNumber {
    type Err = BadCaseNumber;
    fn from_str(text: &str) -> Result<Self, BadCaseNumber> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let number = CaseNumber::new('C', 2026, 1_234).expect("it fits");
        let text = number.to_string();
        assert_eq!(text.len(), 16);
        let bare: String = text.chars().filter(|c| *c != '-').collect();
        let wide: String = text
            .chars()
            .map(|c| char::from_u32(c as u32 + 0xfee0).expect("full-width forms exist"))
            .collect();
        for typed in [text.clone(), bare, wide, format!(" {} ", text.to_lowercase())] {
            assert_eq!(CaseNumber::parse(&typed), Ok(number), "{typed}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let text = CaseNumber::new('C', 2026, 1_234).expect("it fits").to_string();
        for (at, old) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            for new in ('0'..='9').filter(|new| *new != old) {
                let mut typed = text.clone();
                typed.replace_range(at..=at, &new.to_string());
                assert!(CaseNumber::parse(&typed).is_err(), "{typed}");
            }
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "C",
            "C-2026-0000000-0",
            "あ-2026-0000001-0",
            "C-2026-00000012-5",
            "C-2026-0000001-",
            "C 2026",
        ] {
            assert!(CaseNumber::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(CaseNumber::new('c', 2026, 1), None);
        assert_eq!(CaseNumber::new('C', 2026, CaseNumber::MOST + 1), None);
    }
}
