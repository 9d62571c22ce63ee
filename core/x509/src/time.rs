//! Times in certificates, and the calendar of Asia/Tokyo in which periods are counted.
//!
//! Tokyo is UTC+9 all year since 1952, and nothing here deals with earlier times, so a fixed offset is the
//! whole time zone. Arithmetic is on the proleptic Gregorian calendar with 64-bit seconds.

use crate::tlv::{self, Tlv, TlvError, TlvFault};
use core_words::UtcSeconds;

/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// Tokyo's offset from UTC, in seconds.
const TOKYO: i64 = 9 * 3_600;
/// 1950-01-01T00:00:00Z: the first second that a UTCTime can say.
const YEAR_1950: i64 = -631_152_000;
/// 2050-01-01T00:00:00Z: the first second that must be a GeneralizedTime (RFC 5280 §4.1.2.5).
const YEAR_2050: i64 = 2_524_608_000;
/// 9999-12-31T23:59:59Z: the last second that a GeneralizedTime can say, and "no well-defined end"
/// (RFC 5280 §4.1.2.5).
pub const NO_END: UtcSeconds = UtcSeconds(253_402_300_799);
/// 0000-01-01T00:00:00Z: the first second that a GeneralizedTime can say.
const YEAR_0: i64 = -62_167_219_200;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// 0 to 9999 in anything encoded.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// A length of time as profiles and orderers say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// So many seconds.
    Seconds(i64),
    /// So many days of 86,400 seconds.
    Days(u32),
    /// So many calendar months in Tokyo.
    Months(u32),
    /// So many calendar years in Tokyo.
    Years(u32),
}

impl Day {
    /// The day if the calendar has it.
    pub fn new(year: i64, month: u8, day: u8) -> Option<Self> {
        let ok = (0..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_of_month(year, month)).contains(&day);
        ok.then_some(Self { year, month, day })
    }

    /// The day in UTC that holds this second.
    pub fn of_utc(time: UtcSeconds) -> Self {
        Self::of_number(time.0.div_euclid(DAY))
    }

    /// The day in Tokyo that holds this second.
    pub fn of_tokyo(time: UtcSeconds) -> Self {
        Self::of_number(time.0.saturating_add(TOKYO).div_euclid(DAY))
    }

    /// Its first second in UTC.
    pub fn starts_utc(self) -> UtcSeconds {
        UtcSeconds(self.number().saturating_mul(DAY))
    }

    /// Its first second in Tokyo.
    pub fn starts_tokyo(self) -> UtcSeconds {
        self.starts_utc().plus(-TOKYO)
    }

    /// Its last second in Tokyo: 23:59:59 JST = 14:59:59Z.
    pub fn ends_tokyo(self) -> UtcSeconds {
        self.starts_tokyo().plus(DAY - 1)
    }

    /// Days since 1970-01-01 (the algorithm `days_from_civil` of H. Hinnant).
    fn number(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The inverse (`civil_from_days`).
    fn of_number(number: i64) -> Self {
        let shifted = number.saturating_add(719_468);
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month + 2) / 5 + 1) as u8;
        let month = (if month < 10 { month + 3 } else { month - 9 }) as u8;
        Self { year: year_of_era + era * 400 + i64::from(month <= 2), month, day }
    }
}

fn days_of_month(year: i64, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Period {
    /// The first second after the period that begins with `start`.
    ///
    /// Months and years end before the corresponding day and hour in Tokyo; where the last month has no such
    /// day, with the end of that month (民法第143条第2項: from 29 February, one year ends with 28 February).
    pub fn after(self, start: UtcSeconds) -> UtcSeconds {
        match self {
            Self::Seconds(n) => start.plus(n),
            Self::Days(n) => start.plus(i64::from(n) * DAY),
            Self::Months(n) => months_after(start, i64::from(n)),
            Self::Years(n) => months_after(start, 12 * i64::from(n)),
        }
    }

    /// The latest second that begins this period or a shorter one ending before `end`, near enough to be
    /// used as a limit into the past.
    pub fn before(self, end: UtcSeconds) -> UtcSeconds {
        match self {
            Self::Seconds(n) => end.plus(n.saturating_neg()),
            Self::Days(n) => end.plus(-i64::from(n) * DAY),
            Self::Months(n) => months_after(end, -i64::from(n)),
            Self::Years(n) => months_after(end, -12 * i64::from(n)),
        }
    }

    /// The last second of a period that begins with `start` and ends with a day of Tokyo: 14:59:59Z.
    ///
    /// It is the last such second that does not make the period longer than it is, both ends counted.
    pub fn last_day_end(self, start: UtcSeconds) -> UtcSeconds {
        Day::of_tokyo(self.after(start)).starts_tokyo().plus(-1)
    }

    /// Reads `3 years`, `39 months`, `397 days`, `3600 seconds`, also in the singular.
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once(' ')?;
        let count: u32 = count.parse().ok()?;
        // 10,000 years bound every unit, so no sum below leaves 64 bits.
        let within = |most: u32| (count <= most).then_some(count);
        Some(match unit {
            "second" | "seconds" => Self::Seconds(i64::from(count)),
            "minute" | "minutes" => Self::Seconds(i64::from(count) * 60),
            "hour" | "hours" => Self::Seconds(i64::from(count) * 3_600),
            "day" | "days" => Self::Days(within(3_652_500)?),
            "month" | "months" => Self::Months(within(120_000)?),
            "year" | "years" => Self::Years(within(10_000)?),
            _ => return None,
        })
    }
}

fn months_after(start: UtcSeconds, months: i64) -> UtcSeconds {
    let day = Day::of_tokyo(start);
    let of_day = start.0.saturating_sub(day.starts_tokyo().0);
    let index = day.year * 12 + i64::from(day.month) - 1 + months;
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u8 + 1);
    if day.day > days_of_month(year, month) {
        let (year, month) = ((index + 1).div_euclid(12), (index + 1).rem_euclid(12) as u8 + 1);
        return Day { year, month, day: 1 }.starts_tokyo();
    }
    Day { year, month, day: day.day }.starts_tokyo().plus(of_day)
}

/// Appends a time as RFC 5280 §4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime from 2050.
///
/// # Errors
/// A time before 1950 or after 9999, which a certificate does not say.
pub fn push_time(out: &mut Vec<u8>, time: UtcSeconds) -> Result<(), TlvError> {
    if !(YEAR_1950..=NO_END.0).contains(&time.0) {
        return Err(TlvError { at: out.len(), fault: TlvFault::Time });
    }
    let day = Day::of_utc(time);
    let digits = |out: &mut Vec<u8>, n: i64| out.extend([b'0' + (n / 10) as u8, b'0' + (n % 10) as u8]);
    if time.0 < YEAR_2050 {
        out.extend([tlv::UTC_TIME, 13]);
    } else {
        out.extend([tlv::GENERALIZED_TIME, 15]);
        digits(out, day.year / 100);
    }
    let second = time.0.rem_euclid(DAY);
    for part in [
        day.year % 100,
        i64::from(day.month),
        i64::from(day.day),
        second / 3_600,
        second / 60 % 60,
        second % 60,
    ] {
        digits(out, part);
    }
    out.push(b'Z');
    Ok(())
}

/// Reads a time in either form of RFC 5280 §4.1.2.5. Which form belongs to which year is a lint's matter.
pub fn read_time(element: &Tlv<'_>) -> Result<UtcSeconds, TlvError> {
    let bad = element.error(TlvFault::Time);
    let two = |at: usize| -> Result<i64, TlvError> {
        match element.content.get(at..at + 2) {
            Some([a @ b'0'..=b'9', b @ b'0'..=b'9']) => Ok(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
            _ => Err(bad),
        }
    };
    let (year, at) = match (element.tag, element.content.len()) {
        (tlv::UTC_TIME, 13) => {
            let year = two(0)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, 2)
        }
        (tlv::GENERALIZED_TIME, 15) => (two(0)? * 100 + two(2)?, 4),
        _ => return Err(bad),
    };
    let (hour, minute, second) = (two(at + 4)?, two(at + 6)?, two(at + 8)?);
    let day = Day::new(year, two(at)? as u8, two(at + 2)? as u8).ok_or(bad)?;
    if hour > 23 || minute > 59 || second > 59 || element.content.last() != Some(&b'Z') {
        return Err(bad);
    }
    let time = day.starts_utc().plus(hour * 3_600 + minute * 60 + second);
    debug_assert!((YEAR_0..=NO_END.0).contains(&time.0));
    Ok(time)
}

/// Whether this element has the form that RFC 5280 §4.1.2.5 demands for `time`.
pub(crate) fn form_fits(element: &Tlv<'_>, time: UtcSeconds) -> bool {
    let utc = (YEAR_1950..YEAR_2050).contains(&time.0);
    element.tag == if utc { tlv::UTC_TIME } else { tlv::GENERALIZED_TIME }
}

/// `2026-03-10T15:00:00Z`, for messages.
pub fn show(time: UtcSeconds) -> String {
    let day = Day::of_utc(time);
    let second = time.0.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", day.year, day.month, day.day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::Reader;
    use proptest::prelude::*;

    fn at(year: i64, month: u8, day: u8, hour: i64, minute: i64, second: i64) -> UtcSeconds {
        let day = Day::new(year, month, day).expect("a day");
        day.starts_utc().plus(hour * 3_600 + minute * 60 + second)
    }

    fn encoded(time: UtcSeconds) -> Vec<u8> {
        let mut out = Vec::new();
        push_time(&mut out, time).expect("within 1950 to 9999");
        out
    }

    #[test]
    fn the_form_changes_with_2050() {
        assert_eq!(encoded(at(2049, 12, 31, 23, 59, 59)), b"\x17\x0d491231235959Z");
        assert_eq!(encoded(at(2050, 1, 1, 0, 0, 0)), b"\x18\x0f20500101000000Z");
        assert_eq!(encoded(at(1950, 1, 1, 0, 0, 0)), b"\x17\x0d500101000000Z");
        assert_eq!(encoded(NO_END), b"\x18\x0f99991231235959Z");
        let mut out = Vec::new();
        assert!(push_time(&mut out, NO_END.plus(1)).is_err());
        assert!(push_time(&mut out, at(1949, 12, 31, 23, 59, 59)).is_err());
        assert!(out.is_empty());
    }

    #[test]
    fn only_the_two_forms_of_rfc_5280_are_read() {
        for bad in [
            &b"\x17\x0b2601010000Z"[..],  // no seconds
            b"\x17\x11260101000000+0900", // an offset
            b"\x18\x1120260101000000.5Z", // a fraction
            b"\x18\x0e20260101000000",    // local time
            b"\x17\x0d260230000000Z",     // 30 February
            b"\x17\x0d260101240000Z",     // hour 24
            b"\x17\x0d260101235960Z",     // a leap second
            b"\x17\x0d26010123595 Z",
            b"\x17\x0d260101000000z",
            b"\x16\x0d260101000000Z",
        ] {
            let element = Reader::new(bad).next().expect("an element");
            assert!(read_time(&element).is_err(), "{bad:?}");
        }
    }

    /// The CA certificates of the public personal authentication end at 23:59:59 JST the day before the
    /// tenth anniversary: the period with both ends counted is never longer than ten years.
    #[test]
    fn periods_end_with_the_day_before_in_tokyo() {
        // 2019-09-14T23:41:56Z is 15 September in Tokyo.
        assert_eq!(Period::Years(10).last_day_end(at(2019, 9, 14, 23, 41, 56)), at(2029, 9, 14, 14, 59, 59));
        assert_eq!(Period::Years(10).last_day_end(at(2023, 7, 16, 0, 50, 27)), at(2033, 7, 15, 14, 59, 59));
        // From the first second of a day: whole days, both ends counted.
        let midnight = Day::new(2026, 4, 1).expect("a day").starts_tokyo();
        assert_eq!(Period::Years(3).last_day_end(midnight), at(2029, 3, 31, 14, 59, 59));
        assert_eq!(Period::Months(39).last_day_end(midnight), at(2029, 6, 30, 14, 59, 59));
        assert_eq!(Period::Days(30).last_day_end(midnight), at(2026, 4, 30, 14, 59, 59));
    }

    #[test]
    fn months_without_the_day_end_with_the_month() {
        let leap = Day::new(2028, 2, 29).expect("a day").starts_tokyo().plus(36_000);
        let first_of_march = Day::new(2029, 3, 1).expect("a day").starts_tokyo();
        assert_eq!(Period::Years(1).after(leap), first_of_march);
        assert_eq!(Period::Years(1).last_day_end(leap), first_of_march.plus(-1));
        assert_eq!(
            Period::Years(4).after(leap),
            Day::new(2032, 2, 29).expect("a day").starts_tokyo().plus(36_000)
        );
        let january = Day::new(2026, 1, 31).expect("a day").starts_tokyo();
        assert_eq!(Period::Months(1).after(january), Day::new(2026, 3, 1).expect("a day").starts_tokyo());
        assert_eq!(Period::Months(1).before(january), Day::new(2025, 12, 31).expect("a day").starts_tokyo());
    }

    #[test]
    fn periods_are_read_with_their_unit() {
        assert_eq!(Period::parse("3 years"), Some(Period::Years(3)));
        assert_eq!(Period::parse("1 day"), Some(Period::Days(1)));
        assert_eq!(Period::parse("5 minutes"), Some(Period::Seconds(300)));
        for bad in ["", "3", "3years", "three years", "-1 days", "3 weeks", "20000 years", "5000000 days"] {
            assert_eq!(Period::parse(bad), None, "{bad}");
        }
    }

    /// Orders come from outside; nothing that they can wish for may stop the house.
    #[test]
    fn times_beyond_all_calendars_saturate() {
        for start in [i64::MIN, i64::MIN + 1, -1, i64::MAX - 1, i64::MAX].map(UtcSeconds) {
            for period in [
                Period::Seconds(i64::MIN),
                Period::Seconds(i64::MAX),
                Period::Days(u32::MAX),
                Period::Months(u32::MAX),
                Period::Years(u32::MAX),
            ] {
                let _ = (period.after(start), period.before(start), period.last_day_end(start));
            }
            let _ = (show(start), Day::of_tokyo(start).ends_tokyo());
        }
    }

    proptest! {
        #[test]
        fn times_lead_back(seconds in YEAR_1950..=NO_END.0) {
            let time = UtcSeconds(seconds);
            let der = encoded(time);
            let element = Reader::new(&der).next().expect("an element");
            prop_assert_eq!(read_time(&element), Ok(time));
            prop_assert!(form_fits(&element, time));
        }

        #[test]
        fn the_calendar_agrees_with_an_independent_one(seconds in YEAR_1950..=jiff::Timestamp::MAX.as_second()) {
            let theirs = jiff::Timestamp::from_second(seconds).expect("in range")
                .to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)));
            let ours = Day::of_tokyo(UtcSeconds(seconds));
            if ours.year <= 9999 {
                prop_assert_eq!((ours.year, ours.month, ours.day),
                    (i64::from(theirs.year()), theirs.month() as u8, theirs.day() as u8));
            }
            prop_assert!(ours.starts_tokyo().0 <= seconds && seconds <= ours.ends_tokyo().0);
        }

        #[test]
        fn a_period_to_the_end_of_a_day_is_never_too_long(
            seconds in 0..4_000_000_000i64, months in 1u32..400,
        ) {
            let (start, period) = (UtcSeconds(seconds), Period::Months(months));
            let end = period.last_day_end(start);
            prop_assert!(end.plus(1) <= period.after(start));
            prop_assert!(end.plus(1 + DAY) > period.after(start));
            prop_assert_eq!(end.0.rem_euclid(DAY), 14 * 3_600 + 59 * 60 + 59);
        }
    }
}
