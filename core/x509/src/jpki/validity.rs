//! When a certificate ends: with a birthday of its holder, at 23:59:59 in Japan, and with the card at the latest.

use super::birth::Birthday;
use crate::time::Day;
use core_words::UtcSeconds;

/// The birthday after the day of issue with which a first certificate ends.
pub const FIRST: u8 = 5;
/// The birthday with which a certificate ends that renews one in its last 3 months.
pub const RENEWAL: u8 = 6;

/// Why there is no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoEnd {
    /// The card has ended before the day of issue.
    #[error("the card has ended")]
    CardEnded,
    /// No birthday is counted, or one after the year 9999.
    #[error("no such birthday")]
    Birthday,
}

/// The last second of a certificate issued at `issued`: 23:59:59 in Japan (14:59:59Z) on the birthday that is the
/// `birthdays`th after the day of issue in Japan, or on `card_ends`, whichever comes first. Orders give it as
/// [`EndWish::At`](crate::plan::EndWish::At).
///
/// # Errors
/// [`NoEnd`].
pub fn end(
    issued: UtcSeconds,
    birthday: Birthday,
    birthdays: u8,
    card_ends: Day,
) -> Result<UtcSeconds, NoEnd> {
    let today = Day::of_tokyo(issued);
    if card_ends < today {
        return Err(NoEnd::CardEnded);
    }
    let last = birthday_after(today, birthday, birthdays).ok_or(NoEnd::Birthday)?;
    Ok(last.min(card_ends).ends_tokyo())
}

/// The `n`th birthday after a day, which does not count itself: also that of a card, with 10, or 5 for minors.
pub fn birthday_after(day: Day, birthday: Birthday, n: u8) -> Option<Day> {
    let more = i64::from(n.checked_sub(1)?);
    let this_year = birthday.in_year(day.year)?;
    let first = if this_year > day { day.year } else { day.year + 1 };
    birthday.in_year(first + more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::show;
    use proptest::prelude::*;

    fn day(year: i64, month: u8, day: u8) -> Day {
        Day::new(year, month, day).expect("a day")
    }

    /// Seconds of UTC after midnight of a day there.
    fn utc(year: i64, month: u8, of_month: u8, second: i64) -> UtcSeconds {
        day(year, month, of_month).starts_utc().plus(second)
    }

    fn ends(issued: UtcSeconds, month: u8, of_month: u8) -> String {
        let birthday = Birthday::new(month, of_month).expect("a birthday");
        show(end(issued, birthday, FIRST, day(9999, 12, 31)).expect("an end"))
    }

    /// The sample of a test card: born on 17 February, issued on 27 October 2025.
    #[test]
    fn j16_a_certificate_ends_with_the_fifth_birthday() {
        assert_eq!(ends(utc(2025, 10, 27, 3_600 + 35 * 60 + 57), 2, 17), "2030-02-17T14:59:59Z");
        assert_eq!(ends(utc(2025, 10, 27, 0), 10, 28), "2029-10-28T14:59:59Z", "the day before the birthday");
        assert_eq!(ends(utc(2025, 10, 27, 0), 10, 27), "2030-10-27T14:59:59Z", "the birthday itself");
        assert_eq!(ends(utc(2025, 10, 27, 0), 10, 26), "2030-10-26T14:59:59Z", "the day after the birthday");
        assert_eq!(ends(utc(2025, 12, 31, 0), 1, 1), "2030-01-01T14:59:59Z");
    }

    #[test]
    fn j16_the_day_of_issue_is_that_of_japan() {
        // Midnight in Japan is 15:00 UTC.
        let midnight = utc(2025, 10, 26, 15 * 3_600);
        assert_eq!(ends(midnight.plus(-1), 10, 27), "2029-10-27T14:59:59Z");
        assert_eq!(ends(midnight, 10, 27), "2030-10-27T14:59:59Z");
        let new_year = utc(2025, 12, 31, 15 * 3_600);
        assert_eq!(ends(new_year.plus(-1), 1, 1), "2030-01-01T14:59:59Z");
        assert_eq!(ends(new_year, 1, 1), "2031-01-01T14:59:59Z");
    }

    #[test]
    fn j16_who_was_born_on_29_february_has_a_birthday_every_year() {
        assert_eq!(ends(utc(2025, 10, 27, 0), 2, 29), "2030-02-28T14:59:59Z");
        assert_eq!(ends(utc(2023, 10, 27, 0), 2, 29), "2028-02-29T14:59:59Z");
        // 28 February is the birthday itself in a common year, and the day before it in a leap year.
        assert_eq!(ends(utc(2026, 2, 28, 0), 2, 29), "2031-02-28T14:59:59Z");
        assert_eq!(ends(utc(2026, 2, 27, 0), 2, 29), "2030-02-28T14:59:59Z");
        assert_eq!(ends(utc(2024, 2, 28, 0), 2, 29), "2028-02-29T14:59:59Z");
        assert_eq!(ends(utc(2024, 2, 29, 0), 2, 29), "2029-02-28T14:59:59Z");
    }

    #[test]
    fn j16_the_end_of_the_card_is_never_passed() {
        let birthday = Birthday::new(2, 17).expect("a birthday");
        let issued = utc(2025, 10, 27, 0);
        let until = |card| end(issued, birthday, FIRST, card).map(show);
        assert_eq!(until(day(2028, 2, 17)).as_deref(), Ok("2028-02-17T14:59:59Z"));
        assert_eq!(until(day(2030, 2, 17)).as_deref(), Ok("2030-02-17T14:59:59Z"));
        assert_eq!(until(day(2030, 2, 18)).as_deref(), Ok("2030-02-17T14:59:59Z"));
        assert_eq!(until(day(2025, 10, 27)).as_deref(), Ok("2025-10-27T14:59:59Z"), "its last day");
        assert_eq!(until(day(2025, 10, 26)), Err(NoEnd::CardEnded));
        assert_eq!(end(issued, birthday, 0, day(2030, 1, 1)), Err(NoEnd::Birthday));
        // A card of an adult, of a minor, and a certificate renewed in its last 3 months.
        assert_eq!(birthday_after(Day::of_tokyo(issued), birthday, 10), Day::new(2035, 2, 17));
        assert_eq!(birthday_after(Day::of_tokyo(issued), birthday, 5), Day::new(2030, 2, 17));
        let renewed = end(utc(2029, 12, 1, 0), birthday, RENEWAL, day(2035, 2, 17)).map(show);
        assert_eq!(renewed.as_deref(), Ok("2035-02-17T14:59:59Z"));
    }

    proptest! {
        /// Within 4 and 5 years, ending with a day, whoever was born when.
        #[test]
        fn j16_an_end_is_the_fifth_birthday_and_no_other(time in 0i64..4_000_000_000, number in 0i64..366) {
            let issued = UtcSeconds(time);
            let leap = Day::of_utc(day(2000, 1, 1).starts_utc().plus(number * 86_400));
            let birthday = Birthday::new(leap.month, leap.day).expect("a birthday");
            let end = end(issued, birthday, FIRST, day(9999, 12, 31)).expect("an end");
            let (first, last) = (Day::of_tokyo(issued), Day::of_tokyo(end));
            prop_assert_eq!(end, last.ends_tokyo());
            prop_assert_eq!(birthday.in_year(last.year), Some(last));
            let between = (first.year..=last.year).filter_map(|y| birthday.in_year(y));
            prop_assert_eq!(between.filter(|b| *b > first && *b <= last).count(), 5);
        }
    }
}
