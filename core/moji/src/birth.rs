//! Days of birth as registers have them, known whole or in part, and the nine digits of a certificate.
//!
//! `EYYYYMMDD`: the era (1 Meiji … 5 Reiwa, 0 unknown or a foreign register's), the year of the Gregorian calendar, month
//! and day; `00` for a month or a day that is not known. 昭和55年2月17日 is `319800217`.

use crate::era::{Era, GREGORIAN};
use jiff::civil::Date;

/// A day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BirthDay {
    era: Option<Era>,
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

/// Why something is no day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBirthDay {
    /// Not nine digits.
    #[error("not nine digits")]
    Form,
    /// There is no era of this code.
    #[error("no era of this code")]
    Era,
    /// The calendar does not have such a day, month or year.
    #[error("no such day")]
    Calendar,
    /// The era had not begun or was over.
    #[error("not in this era")]
    NotInEra,
    /// Before 1873 the months were others, and the nine digits have no form for them.
    #[error("before the Gregorian calendar")]
    BeforeGregorian,
    /// A day without its month, or a month without its year.
    #[error("the smaller part is known and the greater is not")]
    Part,
}

impl BirthDay {
    /// A whole day, with its era.
    ///
    /// # Errors
    /// [`BadBirthDay::BeforeGregorian`].
    pub fn whole(day: Date) -> Result<Self, BadBirthDay> {
        let (era, _) = Era::of(day).ok_or(BadBirthDay::BeforeGregorian)?;
        Self::new(Some(era), Some(day.year()), Some(day.month()), Some(day.day()))
    }

    /// What is known of a day: the era as the register has it, the Gregorian year, month and day.
    ///
    /// # Errors
    /// [`BadBirthDay`].
    pub fn new(
        era: Option<Era>,
        year: Option<i16>,
        month: Option<i8>,
        day: Option<i8>,
    ) -> Result<Self, BadBirthDay> {
        let Some(known) = year else {
            let nothing = era.is_none() && month.is_none() && day.is_none();
            return if nothing { Ok(Self { era, year, month, day }) } else { Err(BadBirthDay::Part) };
        };
        if !(1..=9999).contains(&known) || month.is_some_and(|month| !(1..=12).contains(&month)) {
            return Err(BadBirthDay::Calendar);
        }
        if month.is_none() && day.is_some() {
            return Err(BadBirthDay::Part);
        }
        // The first and the last day that it may have been.
        let first =
            Date::new(known, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| BadBirthDay::Calendar)?;
        let last = match (month, day) {
            (None, _) => first.last_of_year(),
            (_, None) => first.last_of_month(),
            _ => first,
        };
        if let Some(era) = era {
            let begun = last >= era.first();
            let over = era.last().is_some_and(|end| first > end) || !era.years().contains(&known);
            if !begun || over {
                return Err(BadBirthDay::NotInEra);
            }
            if last < GREGORIAN {
                return Err(BadBirthDay::BeforeGregorian);
            }
        }
        Ok(Self { era, year, month, day })
    }

    /// Reads the nine digits of a certificate.
    ///
    /// # Errors
    /// [`BadBirthDay`].
    pub fn of_digits(text: &str) -> Result<Self, BadBirthDay> {
        let digits = text.as_bytes();
        if digits.len() != 9 || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadBirthDay::Form);
        }
        let number = |from: usize, to: usize| {
            let value = digits[from..to].iter().fold(0_i16, |sum, digit| sum * 10 + i16::from(digit - b'0'));
            (value != 0).then_some(value)
        };
        let era = match digits[0] - b'0' {
            0 => None,
            code => Some(Era::of_code(code).ok_or(BadBirthDay::Era)?),
        };
        let small = |value: Option<i16>| value.map(|value| i8::try_from(value).expect("two digits"));
        Self::new(era, number(1, 5), small(number(5, 7)), small(number(7, 9)))
    }

    /// The nine digits.
    pub fn digits(self) -> String {
        let era = self.era.map_or(0, Era::code);
        let (year, month, day) = (self.year.unwrap_or(0), self.month.unwrap_or(0), self.day.unwrap_or(0));
        format!("{era}{year:04}{month:02}{day:02}")
    }

    /// The day, where all of it is known.
    pub fn day(self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// The era, as the register has it.
    pub fn era(self) -> Option<Era> {
        self.era
    }

    /// As registers write it: 昭和55年2月17日, 大正15年12月日不詳, 明治33年月日不詳, 年月日不詳. Without an era by the
    /// Gregorian year.
    pub fn written(self) -> String {
        let Some(year) = self.year else { return "年月日不詳".to_owned() };
        let year = match self.era.map(|era| (era, year - era.first().year() + 1)) {
            Some((era, 1)) => format!("{}元年", era.ja()),
            Some((era, year)) => format!("{}{year}年", era.ja()),
            None => format!("{year}年"),
        };
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{year}{month}月{day}日"),
            (Some(month), None) => format!("{year}{month}月日不詳"),
            _ => format!("{year}月日不詳"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn j5_the_nine_digits_of_a_certificate() {
        let day = BirthDay::whole(date(1980, 2, 17)).expect("a day");
        assert_eq!((day.digits().as_str(), day.written().as_str()), ("319800217", "昭和55年2月17日"));
        assert_eq!(BirthDay::of_digits("319800217"), Ok(day));
        for (digits, text) in [
            ("219261200", "大正15年12月日不詳"),
            ("319261200", "昭和元年12月日不詳"),
            ("119000000", "明治33年月日不詳"),
            ("118730101", "明治6年1月1日"),
            ("520190501", "令和元年5月1日"),
            ("019650000", "1965年月日不詳"),
            ("000000000", "年月日不詳"),
            ("019651231", "1965年12月31日"),
        ] {
            let read = BirthDay::of_digits(digits).expect(digits);
            assert_eq!((read.written().as_str(), read.digits().as_str()), (text, digits));
        }
    }

    #[test]
    fn j5_what_is_no_day_of_birth_says_why() {
        for (digits, why) in [
            ("31980021", BadBirthDay::Form),
            ("3198002170", BadBirthDay::Form),
            ("３１９８００２", BadBirthDay::Form),
            ("3-9800217", BadBirthDay::Form),
            ("619800217", BadBirthDay::Era),
            ("919800217", BadBirthDay::Era),
            ("319800230", BadBirthDay::Calendar),
            ("319801300", BadBirthDay::Calendar),
            ("319800017", BadBirthDay::Part),
            ("300000000", BadBirthDay::Part),
            ("000000217", BadBirthDay::Part),
            ("419800217", BadBirthDay::NotInEra),
            ("319890108", BadBirthDay::NotInEra),
            ("419890107", BadBirthDay::NotInEra),
            ("319261224", BadBirthDay::NotInEra),
            ("319261100", BadBirthDay::NotInEra),
            ("521170101", BadBirthDay::NotInEra),
            ("118720300", BadBirthDay::BeforeGregorian),
        ] {
            assert_eq!(BirthDay::of_digits(digits), Err(why), "{digits}");
        }
        assert_eq!(BirthDay::whole(date(1872, 12, 31)), Err(BadBirthDay::BeforeGregorian));
    }

    proptest! {
        #[test]
        fn j5_nine_digits_lead_back_to_themselves(digits in "[0-5](18[6-9][0-9]|19[0-9]{2}|20[0-4][0-9])(0[0-9]|1[0-2])[0-3][0-9]") {
            if let Ok(day) = BirthDay::of_digits(&digits) {
                prop_assert_eq!(day.digits(), digits);
            }
        }

        #[test]
        fn j5_any_text_is_read_or_refused(text: String) {
            let _ = BirthDay::of_digits(&text);
        }
    }
}
