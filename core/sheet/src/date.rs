//! Days as offices write them.
//!
//! | written | read |
//! |---|---|
//! | `2026-11-20` `2026/11/20` `2026.11.20` `20261120` `2026年11月20日` | as it says |
//! | `令和8年11月20日` `令和元年5月1日` `R8.11.20` `R08/11/20` `令8.11.20` `㋿8年11月20日` | with its era |
//!
//! Width and case do not matter. Eras begin on the days of the administrative tables; the first day of an era belongs to
//! it alone. Japan has the Gregorian calendar since 1873-01-01, so Meiji begins there with its sixth year.

use core_moji::era::{GREGORIAN, MOST_YEARS, NoSuchDay};
use core_words::Text;
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

pub use core_moji::era::Era;

/// A text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDate {
    /// None of the ways in which days are written.
    #[error("not a date")]
    Form,
    /// The calendar has no such day.
    #[error("there is no {year}-{month:02}-{day:02}")]
    NoSuchDay {
        /// Of the Gregorian calendar.
        year: i16,
        /// The month.
        month: i8,
        /// The day.
        day: i8,
    },
    /// The era has no such day: it began later, ended earlier, or no era has lasted that long.
    #[error("{} has no day {year}-{month:02}-{day:02}", era.en())]
    NotInEra {
        /// The era.
        era: Era,
        /// The year of the era.
        year: i16,
        /// The month.
        month: i8,
        /// The day.
        day: i8,
    },
    /// Before Japan had the Gregorian calendar.
    #[error("before 1873")]
    BeforeGregorian,
    /// Earlier or later than the caller has use for.
    #[error("{day} is not from {from} to {to}")]
    Outside {
        /// The day.
        day: Date,
        /// The earliest day allowed.
        from: Date,
        /// The latest day allowed.
        to: Date,
    },
}

impl BadDate {
    /// For people.
    pub fn text(self) -> Text {
        match self {
            Self::Form => Text::new(
                "日付として読めません（例：2026-11-20、20261120、令和8年11月20日、R8.11.20）。",
                "Not a date. Write 2026-11-20, 20261120, 令和8年11月20日 or R8.11.20.",
            ),
            Self::NoSuchDay { year, month, day } => Text::new(
                format!("{year}年{month}月{day}日という日はありません。"),
                format!("There is no {year}-{month:02}-{day:02} in the calendar."),
            ),
            Self::NotInEra { era, year, month, day } => {
                let (ja, en, first) = (era.ja(), era.en(), era.first());
                match era.last() {
                    Some(last) => Text::new(
                        format!(
                            "{ja}{year}年{month}月{day}日はありません。{ja}は{first}から{last}までです。"
                        ),
                        format!(
                            "{en} {year}, month {month}, day {day} never was: {en} is from {first} to {last}."
                        ),
                    ),
                    None => Text::new(
                        format!(
                            "{ja}{year}年{month}月{day}日は使えません。{ja}は{first}からで、{MOST_YEARS}年まで使えます。"
                        ),
                        format!(
                            "{en} {year}, month {month}, day {day} cannot be: {en} begins on {first}, and {MOST_YEARS} years are believed."
                        ),
                    ),
                }
            }
            Self::BeforeGregorian => {
                Text::new("1873年（明治6年）より前の日付は使えません。", "Days before 1873 cannot be used.")
            }
            Self::Outside { day, from, to } => Text::new(
                format!("{day}は使えません。{from}から{to}までの日付を入力してください。"),
                format!("{day} cannot be used: give a day from {from} to {to}."),
            ),
        }
    }
}

/// A day as people write it: see the table above.
///
/// # Errors
/// Every [`BadDate`] but `Outside`.
pub fn parse(text: &str) -> Result<Date, BadDate> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let (era, rest) = split_era(&plain);
    let numbers = parts(rest, era.is_some()).ok_or(BadDate::Form)?;
    match era {
        Some(era) => in_era(era, numbers.0, numbers.1, numbers.2),
        None => civil(numbers.0, numbers.1, numbers.2),
    }
}

/// A day that is of use: between two others, both included.
///
/// # Errors
/// [`BadDate`].
pub fn parse_within(text: &str, from: Date, to: Date) -> Result<Date, BadDate> {
    let day = parse(text)?;
    if (from..=to).contains(&day) { Ok(day) } else { Err(BadDate::Outside { day, from, to }) }
}

/// A day of an era, with what is told where there is none.
///
/// # Errors
/// Every [`BadDate`] but `Form` and `Outside`.
pub fn in_era(era: Era, year: i16, month: i8, day: i8) -> Result<Date, BadDate> {
    era.day(year, month, day).map_err(|error| match error {
        NoSuchDay::Calendar { year, month, day } => BadDate::NoSuchDay { year, month, day },
        NoSuchDay::NotInEra { era } => BadDate::NotInEra { era, year, month, day },
        NoSuchDay::BeforeGregorian => BadDate::BeforeGregorian,
    })
}

fn civil(year: i16, month: i8, day: i8) -> Result<Date, BadDate> {
    let civil = Date::new(year, month, day).map_err(|_| BadDate::NoSuchDay { year, month, day })?;
    if civil < GREGORIAN { Err(BadDate::BeforeGregorian) } else { Ok(civil) }
}

fn split_era(text: &str) -> (Option<Era>, &str) {
    for era in Era::ALL {
        let ja = era.ja();
        let first = ja.chars().next().unwrap_or_default();
        let letter = era.en().chars().next().unwrap_or_default();
        let rest = text
            .strip_prefix(ja)
            .or_else(|| text.strip_prefix(first))
            .or_else(|| text.strip_prefix([letter, letter.to_ascii_lowercase()]));
        if let Some(rest) = rest {
            return (Some(era), rest);
        }
    }
    (None, text)
}

/// Year, month and day. Without an era the year has four digits: 26/11/20 could be anything.
fn parts(text: &str, in_era: bool) -> Option<(i16, i8, i8)> {
    if !in_era && text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some((text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?));
    }
    let (year, rest) = text.split_once(['年', '-', '/', '.', '\u{2212}'])?;
    let gap = text[year.len()..].chars().next()?;
    let (month, day) = if gap == '年' {
        let (month, day) = rest.split_once('月')?;
        (month, day.strip_suffix('日')?)
    } else {
        rest.split_once(gap)?
    };
    let number = |digits: &str, fewest: usize, most: usize| {
        let fits = (fewest..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| digits.parse::<i16>().ok()).flatten()
    };
    let year = match (in_era, year) {
        (true, "元") => 1,
        (true, digits) => number(digits, 1, 2)?,
        (false, digits) => number(digits, 4, 4)?,
    };
    // At most two digits each.
    Some((year, i8::try_from(number(month, 1, 2)?).ok()?, i8::try_from(number(day, 1, 2)?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn c23_days_as_offices_write_them() {
        let day = date(2026, 11, 20);
        for text in [
            "2026-11-20",
            "2026/11/20",
            "2026.11.20",
            "20261120",
            "2026年11月20日",
            "２０２６／１１／２０",
            "令和8年11月20日",
            "令和８年１１月２０日",
            " 令和 8年 11月 20日 ",
            "R8.11.20",
            "r08/11/20",
            "Ｒ８－１１－２０",
            "令8.11.20",
            "㋿8年11月20日",
        ] {
            assert_eq!(parse(text), Ok(day), "{text}");
        }
        assert_eq!(parse("2026/1/5"), Ok(date(2026, 1, 5)));
        assert_eq!(parse("令和元年5月1日"), Ok(date(2019, 5, 1)));
        assert_eq!(parse("R元.5.1"), Ok(date(2019, 5, 1)));
        assert_eq!(parse("平成31年4月30日"), Ok(date(2019, 4, 30)));
        assert_eq!(parse("S64.1.7"), Ok(date(1989, 1, 7)));
        assert_eq!(parse("大正15年12月24日"), Ok(date(1926, 12, 24)));
        assert_eq!(parse("M45.7.29"), Ok(date(1912, 7, 29)));
        assert_eq!(parse("明治6年1月1日"), Ok(date(1873, 1, 1)));
    }

    #[test]
    fn c23_days_that_are_not_are_refused_with_the_reason() {
        let not_in = |era, year, month, day| Err(BadDate::NotInEra { era, year, month, day });
        assert_eq!(parse("令和99年1月1日"), not_in(Era::Reiwa, 99, 1, 1));
        assert_eq!(parse("令和元年4月30日"), not_in(Era::Reiwa, 1, 4, 30));
        assert_eq!(parse("平成31年5月1日"), not_in(Era::Heisei, 31, 5, 1));
        assert_eq!(parse("昭和64年1月8日"), not_in(Era::Showa, 64, 1, 8));
        assert_eq!(parse("R0.5.1"), not_in(Era::Reiwa, 0, 5, 1));
        assert_eq!(parse("2026-02-30"), Err(BadDate::NoSuchDay { year: 2026, month: 2, day: 30 }));
        assert_eq!(parse("20261301"), Err(BadDate::NoSuchDay { year: 2026, month: 13, day: 1 }));
        assert_eq!(parse("令和7年2月29日"), Err(BadDate::NoSuchDay { year: 2025, month: 2, day: 29 }));
        assert_eq!(parse("明治5年12月2日"), Err(BadDate::BeforeGregorian));
        assert_eq!(parse("1872-12-31"), Err(BadDate::BeforeGregorian));
        for text in [
            "",
            "2026",
            "26/11/20",
            "2026-11/20",
            "2026-11-20-1",
            "2026年11月20",
            "11/20/2026",
            "2026/111/2",
            "元年5月1日",
            "2026元年5月1日",
            "R8",
            "令和",
            "X8.11.20",
            "２０２６年十一月二十日",
            "-2026-1-1",
            "46346",
            "2026-+1-01",
            "R081120",
        ] {
            assert_eq!(parse(text), Err(BadDate::Form), "{text}");
        }
        assert!(
            parse("令和99年1月1日").map_err(BadDate::text).is_err_and(|text| text.ja.contains("64年まで"))
        );
    }

    #[test]
    fn days_have_their_era_and_may_be_held_within_bounds() {
        assert_eq!(Era::of(date(2026, 11, 20)), Some((Era::Reiwa, 8)));
        assert_eq!(Era::of(date(1989, 1, 7)), Some((Era::Showa, 64)));
        assert_eq!(Era::of(date(1872, 12, 31)), None);
        assert_eq!((Era::Heisei.last(), Era::Reiwa.last()), (Some(date(2019, 4, 30)), None));
        let (from, to) = (date(2026, 4, 1), date(2027, 3, 31));
        assert_eq!(parse_within("R9.3.31", from, to), Ok(to));
        let day = date(2027, 4, 1);
        assert_eq!(parse_within("R9.4.1", from, to), Err(BadDate::Outside { day, from, to }));
    }
}
