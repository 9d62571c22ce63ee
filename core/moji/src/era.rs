//! Eras (元号) of the Japanese calendar, and days in them.
//!
//! An era begins on the day of the administrative tables, and that day belongs to it alone. Japan has the Gregorian
//! calendar since 1873-01-01, the sixth year of Meiji; days before it have other months and are not converted.

use jiff::civil::{Date, date};

/// An era.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Era {
    /// 明治, from 1873 on as far as days are counted.
    Meiji,
    /// 大正.
    Taisho,
    /// 昭和.
    Showa,
    /// 平成.
    Heisei,
    /// 令和.
    Reiwa,
}

/// Longer than any era has been: Showa had 64 years. An era that still runs is not believed beyond it.
pub const MOST_YEARS: i16 = 64;
/// The first day of the Gregorian calendar in Japan.
pub const GREGORIAN: Date = date(1873, 1, 1);

/// Why there is no such day in an era.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchDay {
    /// The calendar does not have it.
    #[error("there is no {year}-{month:02}-{day:02}")]
    Calendar {
        /// Of the Gregorian calendar.
        year: i16,
        /// The month.
        month: i8,
        /// The day.
        day: i8,
    },
    /// The era had not begun or was over.
    #[error("not a day of {}", era.en())]
    NotInEra {
        /// The era.
        era: Era,
    },
    /// Before 1873 the months were others.
    #[error("before the Gregorian calendar")]
    BeforeGregorian,
}

impl Era {
    /// All, the oldest first.
    pub const ALL: [Self; 5] = [Self::Meiji, Self::Taisho, Self::Showa, Self::Heisei, Self::Reiwa];

    /// 令和.
    pub fn ja(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }

    /// Reiwa.
    pub fn en(self) -> &'static str {
        match self {
            Self::Meiji => "Meiji",
            Self::Taisho => "Taisho",
            Self::Showa => "Showa",
            Self::Heisei => "Heisei",
            Self::Reiwa => "Reiwa",
        }
    }

    /// Its code in administrative tables and certificates: 1 to 5.
    pub fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The era of a code.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|era| era.code() == code)
    }

    /// The first day.
    pub fn first(self) -> Date {
        match self {
            Self::Meiji => date(1868, 1, 25),
            Self::Taisho => date(1912, 7, 30),
            Self::Showa => date(1926, 12, 25),
            Self::Heisei => date(1989, 1, 8),
            Self::Reiwa => date(2019, 5, 1),
        }
    }

    /// The last day; `None` while it runs.
    pub fn last(self) -> Option<Date> {
        let next = Self::ALL.into_iter().find(|era| *era > self)?;
        next.first().yesterday().ok()
    }

    /// The years of the Gregorian calendar in which it has days, as far as it is believed.
    pub fn years(self) -> std::ops::RangeInclusive<i16> {
        let first = self.first().year();
        first..=self.last().map_or(first + MOST_YEARS - 1, Date::year)
    }

    /// The year of the Gregorian calendar that is its year `year`.
    pub fn year(self, year: i16) -> Option<i16> {
        let there = self.first().year().checked_add(year)?.checked_sub(1)?;
        (year >= 1 && self.years().contains(&there)).then_some(there)
    }

    /// A day of this era: 8, 11, 20 of Reiwa is 2026-11-20.
    ///
    /// # Errors
    /// [`NoSuchDay`].
    pub fn day(self, year: i16, month: i8, day: i8) -> Result<Date, NoSuchDay> {
        let outside = NoSuchDay::NotInEra { era: self };
        let year = self.year(year).ok_or(outside)?;
        let civil = Date::new(year, month, day).map_err(|_| NoSuchDay::Calendar { year, month, day })?;
        if !self.has(civil) {
            return Err(outside);
        }
        if civil < GREGORIAN { Err(NoSuchDay::BeforeGregorian) } else { Ok(civil) }
    }

    /// Whether a day is one of it.
    pub fn has(self, day: Date) -> bool {
        day >= self.first() && self.last().is_none_or(|last| day <= last)
    }

    /// The era of a day and its year there; `None` before 1873.
    pub fn of(day: Date) -> Option<(Self, i16)> {
        let era = Self::ALL.into_iter().rev().find(|era| day >= era.first())?;
        (day >= GREGORIAN).then(|| (era, day.year() - era.first().year() + 1))
    }
}

/// A day as registers write it: 昭和55年2月17日, 令和元年5月1日; before 1873 by the Gregorian year.
pub fn written(day: Date) -> String {
    let (month, of) = (day.month(), day.day());
    match Era::of(day) {
        Some((era, 1)) => format!("{}元年{month}月{of}日", era.ja()),
        Some((era, year)) => format!("{}{year}年{month}月{of}日", era.ja()),
        None => format!("{}年{month}月{of}日", day.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn j5_eras_change_at_the_days_of_the_tables() {
        for (day, text) in [
            (date(1873, 1, 1), "明治6年1月1日"),
            (date(1912, 7, 29), "明治45年7月29日"),
            (date(1912, 7, 30), "大正元年7月30日"),
            (date(1926, 12, 24), "大正15年12月24日"),
            (date(1926, 12, 25), "昭和元年12月25日"),
            (date(1989, 1, 7), "昭和64年1月7日"),
            (date(1989, 1, 8), "平成元年1月8日"),
            (date(2019, 4, 30), "平成31年4月30日"),
            (date(2019, 5, 1), "令和元年5月1日"),
            (date(2026, 11, 21), "令和8年11月21日"),
            (date(1872, 12, 31), "1872年12月31日"),
        ] {
            assert_eq!(written(day), text);
        }
    }

    #[test]
    fn j5_what_is_not_in_an_era_is_refused() {
        assert_eq!(Era::Meiji.day(5, 12, 2), Err(NoSuchDay::BeforeGregorian));
        assert_eq!(Era::Meiji.day(6, 1, 1), Ok(date(1873, 1, 1)));
        assert_eq!(Era::Meiji.day(45, 7, 30), Err(NoSuchDay::NotInEra { era: Era::Meiji }));
        assert_eq!(Era::Taisho.day(1, 7, 29), Err(NoSuchDay::NotInEra { era: Era::Taisho }));
        assert_eq!(Era::Showa.day(55, 2, 30), Err(NoSuchDay::Calendar { year: 1980, month: 2, day: 30 }));
        assert_eq!(Era::Reiwa.day(99, 1, 1), Err(NoSuchDay::NotInEra { era: Era::Reiwa }));
        assert_eq!(Era::Reiwa.day(0, 5, 1), Err(NoSuchDay::NotInEra { era: Era::Reiwa }));
        assert_eq!(Era::Reiwa.day(i16::MAX, 5, 1), Err(NoSuchDay::NotInEra { era: Era::Reiwa }));
        assert_eq!(Era::Reiwa.day(i16::MIN, 5, 1), Err(NoSuchDay::NotInEra { era: Era::Reiwa }));
        assert_eq!((Era::of_code(0), Era::of_code(3), Era::of_code(6)), (None, Some(Era::Showa), None));
    }

    proptest! {
        #[test]
        fn j5_every_day_leads_back_to_itself(days in 0i64..76_000) {
            let day = GREGORIAN.checked_add(jiff::Span::new().days(days)).expect("within the calendar");
            if let Some((era, year)) = Era::of(day).filter(|(_, year)| *year <= MOST_YEARS) {
                prop_assert_eq!(era.day(year, day.month(), day.day()), Ok(day));
                prop_assert_eq!(Era::ALL.into_iter().filter(|era| era.has(day)).count(), 1);
            }
        }
    }
}
