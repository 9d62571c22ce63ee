//! Calendar days and times of Asia/Tokyo, in both languages, with Japanese eras.
//!
//! Japan keeps UTC+9 without summer time since 1952, so the offset is fixed. Eras change at midnight of the
//! day they begin; the Gregorian calendar holds from 1873 (明治6年).

use core_words::{Lang, UtcMicros};

const JST_SECONDS: i64 = 9 * 3600;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A calendar day in Asia/Tokyo that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day {
    year: i32,
    month: u8,
    day: u8,
}

/// An era: its name, the form value that stands for it, and the day it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Era {
    /// 令和.
    pub ja: &'static str,
    /// Reiwa.
    pub en: &'static str,
    /// The value in forms: `reiwa`.
    pub code: &'static str,
    first: Day,
}

/// The eras that people now living write, the newest first.
pub const ERAS: [Era; 5] = [
    Era { ja: "令和", en: "Reiwa", code: "reiwa", first: Day { year: 2019, month: 5, day: 1 } },
    Era { ja: "平成", en: "Heisei", code: "heisei", first: Day { year: 1989, month: 1, day: 8 } },
    Era { ja: "昭和", en: "Showa", code: "showa", first: Day { year: 1926, month: 12, day: 25 } },
    Era { ja: "大正", en: "Taisho", code: "taisho", first: Day { year: 1912, month: 7, day: 30 } },
    Era { ja: "明治", en: "Meiji", code: "meiji", first: Day { year: 1868, month: 10, day: 23 } },
];

impl Day {
    /// A day of the Gregorian calendar between 1868 and 9999; `None` if there is none such.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let exists = (1868..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in_month(year, month);
        exists.then_some(Self { year, month, day })
    }

    /// A day written with an era: 令和8年11月20日 is `("reiwa", 8, 11, 20)`. `None` if the era had no such day.
    pub fn in_era(code: &str, year: i32, month: u8, day: u8) -> Option<Self> {
        let at = ERAS.iter().position(|era| era.code == code)?;
        let day = Self::new(ERAS[at].first.year.checked_add(year)?.checked_sub(1)?, month, day)?;
        let began = year >= 1 && day >= ERAS[at].first;
        let ended = at > 0 && day >= ERAS[at - 1].first;
        (began && !ended).then_some(day)
    }

    /// The day of a moment.
    pub fn of(time: UtcMicros) -> Self {
        let days = (time.whole_seconds().0 + JST_SECONDS).div_euclid(86_400);
        civil(days)
    }

    /// The first microsecond of the day.
    pub fn begins(self) -> UtcMicros {
        UtcMicros((self.number() * 86_400 - JST_SECONDS) * 1_000_000)
    }

    /// The last microsecond of the day.
    pub fn ends(self) -> UtcMicros {
        UtcMicros(self.begins().0 + 86_400 * 1_000_000 - 1)
    }

    /// Days from `earlier` to this day; negative when `earlier` is later.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.number() - earlier.number()
    }

    /// The year of the Gregorian calendar.
    pub fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The era and its year, counted from 1; `None` before Meiji.
    pub fn era(self) -> Option<(Era, i32)> {
        let era = ERAS.into_iter().find(|era| self >= era.first)?;
        Some((era, self.year - era.first.year + 1))
    }

    /// Days since 1970-01-01 (H. Hinnant, days_from_civil).
    fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let age = year.div_euclid(400);
        let year_of_age = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        age * 146_097 + year_of_age * 365 + year_of_age / 4 - year_of_age / 100 + day_of_year - 719_468
    }
}

impl std::fmt::Display for Day {
    /// As ISO 8601: `2026-11-20`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The day of a moment, in Japan, in words.
pub fn day_of(lang: Lang, time: UtcMicros) -> String {
    day(lang, Day::of(time))
}

pub(crate) fn day(lang: Lang, day: Day) -> String {
    let era = match (lang, day.era()) {
        (Lang::Ja, Some((era, 1))) => format!("（{}元年）", era.ja),
        (Lang::Ja, Some((era, year))) => format!("（{}{year}年）", era.ja),
        _ => String::new(),
    };
    short_day(lang, day) + &era
}

pub(crate) fn short_day(lang: Lang, Day { year, month, day }: Day) -> String {
    match lang {
        Lang::Ja => format!("{year}年{month}月{day}日"),
        Lang::En => format!("{day} {} {year}", MONTHS[usize::from(month - 1)]),
    }
}

/// Day and time in Japan, as people read them: 2026年11月20日（令和8年） 14時05分.
pub fn day_and_time(lang: Lang, at: UtcMicros) -> String {
    let gap = lang.pick(" ", ", ");
    format!("{}{gap}{}", day(lang, Day::of(at)), time(lang, at))
}

pub(crate) fn time(lang: Lang, at: UtcMicros) -> String {
    let (hour, minute, _) = clock(at);
    match lang {
        Lang::Ja => format!("{hour}時{minute:02}分"),
        Lang::En => format!("{hour:02}:{minute:02} JST"),
    }
}

pub(crate) fn machine(at: UtcMicros) -> String {
    let (hour, minute, second) = clock(at);
    format!("{}T{hour:02}:{minute:02}:{second:02}+09:00", Day::of(at))
}

fn clock(at: UtcMicros) -> (i64, i64, i64) {
    let second = (at.whole_seconds().0 + JST_SECONDS).rem_euclid(86_400);
    (second / 3600, second / 60 % 60, second % 60)
}

/// The inverse of [`Day::number`] (H. Hinnant, civil_from_days), held within the years a `Day` may have.
fn civil(days: i64) -> Day {
    let days = days.clamp(-37_255, 2_932_896) + 719_468;
    let age = days.div_euclid(146_097);
    let day_of_age = days.rem_euclid(146_097);
    let year_of_age = (day_of_age - day_of_age / 1_460 + day_of_age / 36_524 - day_of_age / 146_096) / 365;
    let day_of_year = day_of_age - (365 * year_of_age + year_of_age / 4 - year_of_age / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_age + age * 400 + i64::from(month <= 2);
    let small = |value: i64| u8::try_from(value).expect("months and days are below 32");
    Day { year: i32::try_from(year).expect("held within 9999"), month: small(month), day: small(day) }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: (i32, u8, u8), hour: i64, minute: i64) -> UtcMicros {
        let day = Day::new(text.0, text.1, text.2).expect("a day");
        day.begins().plus_seconds(hour * 3600 + minute * 60)
    }

    #[test]
    fn k17_dates_have_the_forms_of_the_house() {
        let time = at((2026, 11, 20), 14, 5);
        assert_eq!(time, UtcMicros(1_795_151_100_000_000));
        assert_eq!(day_and_time(Lang::Ja, time), "2026年11月20日（令和8年） 14時05分");
        assert_eq!(day_and_time(Lang::En, time), "20 Nov 2026, 14:05 JST");
        assert_eq!(machine(time), "2026-11-20T14:05:00+09:00");
        assert_eq!(day_and_time(Lang::En, at((2026, 1, 2), 0, 0)), "2 Jan 2026, 00:00 JST");
    }

    #[test]
    fn eras_change_at_midnight_in_tokyo() {
        let ja = |y, m, d| day(Lang::Ja, Day::new(y, m, d).expect("a day"));
        assert_eq!(ja(2019, 4, 30), "2019年4月30日（平成31年）");
        assert_eq!(ja(2019, 5, 1), "2019年5月1日（令和元年）");
        assert_eq!(ja(1989, 1, 7), "1989年1月7日（昭和64年）");
        assert_eq!(ja(1989, 1, 8), "1989年1月8日（平成元年）");
        assert_eq!(ja(1926, 12, 24), "1926年12月24日（大正15年）");
        assert_eq!(ja(1912, 7, 29), "1912年7月29日（明治45年）");
        let last = Day::new(2019, 4, 30).expect("a day").ends();
        assert_eq!(Day::of(last).to_string(), "2019-04-30");
        assert_eq!(Day::of(last.plus_micros(1)).to_string(), "2019-05-01");
    }

    #[test]
    fn a_date_with_an_era_must_lie_in_it() {
        assert_eq!(Day::in_era("reiwa", 8, 11, 20), Day::new(2026, 11, 20));
        assert_eq!(Day::in_era("reiwa", 1, 4, 30), None);
        assert_eq!(Day::in_era("heisei", 31, 4, 30), Day::new(2019, 4, 30));
        assert_eq!(Day::in_era("heisei", 31, 5, 1), None);
        assert_eq!(Day::in_era("showa", 0, 12, 31), None);
        assert_eq!(Day::in_era("reiwa", i32::MAX, 1, 1), None);
        assert_eq!(Day::in_era("keio", 3, 1, 1), None);
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        assert!(Day::new(2026, 2, 29).is_none() && Day::new(2028, 2, 29).is_some());
        assert!(Day::new(1900, 2, 29).is_none() && Day::new(2000, 2, 29).is_some());
        assert!(Day::new(2026, 13, 1).is_none() && Day::new(2026, 4, 31).is_none());
        assert!(Day::new(1867, 12, 31).is_none() && Day::new(10_000, 1, 1).is_none());
    }

    proptest::proptest! {
        #[test]
        fn a_day_leads_back_to_itself(number in -37_255i64..2_932_896) {
            let day = civil(number);
            proptest::prop_assert_eq!(day.number(), number);
            proptest::prop_assert_eq!(Day::of(day.begins()), day);
            proptest::prop_assert_eq!(Day::of(day.ends()), day);
        }

        #[test]
        fn no_moment_is_beyond_the_calendar(micros: i64) {
            let _ = (day_and_time(Lang::Ja, UtcMicros(micros)), machine(UtcMicros(micros)));
        }
    }
}
