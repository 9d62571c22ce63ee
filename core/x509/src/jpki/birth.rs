//! The nine digits of a day of birth (生年月日): `EYYYYMMDD`.
//!
//! E is the era: 1 Meiji, 2 Taisho, 3 Showa, 4 Heisei, 5 Reiwa, 0 unknown or a foreign register's. YYYYMMDD is a day of
//! the Gregorian calendar, with `00` for a month or a day that is not known: 1980-02-17 is `319800217`. Whether the day
//! lies in its era is for whoever knows the eras.

use crate::time::Day;
use std::fmt;

/// A day of birth, known whole or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Birth {
    era: u8,
    year: u16,
    month: u8,
    day: u8,
}

/// Month and day of birth: what birthdays are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Birthday {
    month: u8,
    day: u8,
}

/// Why something is no day of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBirth {
    /// Not nine ASCII digits.
    #[error("a day of birth has nine digits")]
    Form,
    /// There is no era with this digit.
    #[error("there is no era with this digit")]
    Era,
    /// The calendar has no such day.
    #[error("the calendar has no such day")]
    Calendar,
    /// The day without its month, or the month or the era without the year.
    #[error("the smaller part is known and the greater is not")]
    Part,
}

impl Birth {
    /// Reads the nine digits.
    ///
    /// # Errors
    /// [`BadBirth`].
    pub fn of_digits(text: &str) -> Result<Self, BadBirth> {
        let digits = text.as_bytes();
        if digits.len() != 9 || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadBirth::Form);
        }
        let number = |part: &[u8]| part.iter().fold(0u16, |sum, digit| sum * 10 + u16::from(digit - b'0'));
        let two = |at: usize| (digits[at] - b'0') * 10 + (digits[at + 1] - b'0');
        Self::new(digits[0] - b'0', number(&digits[1..5]), two(5), two(7))
    }

    /// The parts: era 0 to 5, Gregorian year, month and day, each 0 where it is not known.
    ///
    /// # Errors
    /// [`BadBirth`].
    pub fn new(era: u8, year: u16, month: u8, day: u8) -> Result<Self, BadBirth> {
        if era > 5 {
            return Err(BadBirth::Era);
        }
        if (month == 0 && day != 0) || (year == 0 && (month != 0 || era != 0)) {
            return Err(BadBirth::Part);
        }
        // Of what is not known, the first: each month has it.
        let (any_month, any_day) = (month.max(1), day.max(1));
        if Day::new(i64::from(year), any_month, any_day).is_none() {
            return Err(BadBirth::Calendar);
        }
        Ok(Self { era, year, month, day })
    }

    /// The era's digit: 1 Meiji to 5 Reiwa, 0 where it is not known.
    pub fn era(self) -> u8 {
        self.era
    }

    /// The day, where all of it is known.
    pub fn day(self) -> Option<Day> {
        if self.day == 0 { None } else { Day::new(i64::from(self.year), self.month, self.day) }
    }

    /// Month and day, where both are known.
    pub fn birthday(self) -> Option<Birthday> {
        if self.day == 0 { None } else { Birthday::new(self.month, self.day) }
    }
}

impl fmt::Display for Birth {
    /// The nine digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:04}{:02}{:02}", self.era, self.year, self.month, self.day)
    }
}

impl Birthday {
    /// A month and a day that some year has.
    pub fn new(month: u8, day: u8) -> Option<Self> {
        // A leap year has every day.
        Day::new(2000, month, day).map(|_| Self { month, day })
    }

    /// The birthday in this year. Who was born on 29 February has it on the 28th of common years: with that day the
    /// year of life is complete (年齢計算ニ関スル法律, 民法第143条第2項).
    pub fn in_year(self, year: i64) -> Option<Day> {
        let day = Day::new(year, self.month, self.day);
        day.or_else(|| Day::new(year, self.month, self.day.saturating_sub(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn j16_the_nine_digits_of_a_certificate() {
        let birth = Birth::of_digits("319800217").expect("a day");
        assert_eq!((birth.era(), birth.day()), (3, Day::new(1980, 2, 17)));
        assert_eq!(birth.birthday(), Birthday::new(2, 17));
        for partial in ["219261200", "119000000", "019650000", "000000000"] {
            let birth = Birth::of_digits(partial).expect(partial);
            assert_eq!((birth.to_string().as_str(), birth.day(), birth.birthday()), (partial, None, None));
        }
    }

    #[test]
    fn j16_what_is_no_day_of_birth_says_why() {
        for (digits, why) in [
            ("31980021", BadBirth::Form),
            ("3198002170", BadBirth::Form),
            ("３１９", BadBirth::Form),
            ("3198002 7", BadBirth::Form),
            ("619800217", BadBirth::Era),
            ("319800230", BadBirth::Calendar),
            ("319801300", BadBirth::Calendar),
            ("319810229", BadBirth::Calendar),
            ("319800017", BadBirth::Part),
            ("300000000", BadBirth::Part),
            ("000000217", BadBirth::Part),
        ] {
            assert_eq!(Birth::of_digits(digits), Err(why), "{digits}");
        }
    }

    #[test]
    fn j16_every_day_of_a_leap_year_is_a_birthday() {
        assert_eq!(Birthday::new(2, 30), None);
        let leap = Birthday::new(2, 29).expect("a birthday");
        assert_eq!(leap.in_year(2028), Day::new(2028, 2, 29));
        assert_eq!(leap.in_year(2027), Day::new(2027, 2, 28));
        assert_eq!(leap.in_year(2100), Day::new(2100, 2, 28));
    }

    proptest! {
        #[test]
        fn j16_nine_digits_lead_back(digits in "[0-5](19|20)[0-9]{2}(0[0-9]|1[0-2])[0-3][0-9]") {
            if let Ok(birth) = Birth::of_digits(&digits) {
                prop_assert_eq!(birth.to_string(), digits);
            }
        }

        #[test]
        fn j16_any_text_is_a_day_of_birth_or_says_why(text: String) {
            let _ = Birth::of_digits(&text);
        }
    }
}
