//! Handing out the numbers of cases.

use core_words::{CaseNumber, UtcMicros};
use kit_store::{StoreError, Tx, params};

/// The next number of a desk in the year of `now` in Japan. Numbers taken by a transaction that fails are handed
/// out again: a running number has no gaps.
///
/// # Errors
/// Those of the store; also when the numbers of a year are used up.
pub fn next_number(tx: &mut Tx, desk: &str, letter: char, now: UtcMicros) -> Result<CaseNumber, StoreError> {
    let year = year_in_japan(now);
    let row = tx.query_one(
        "INSERT INTO desk_counter (desk, year, last) VALUES ($1, $2, 1) \
         ON CONFLICT (desk, year) DO UPDATE SET last = desk_counter.last + 1 RETURNING last",
        params![desk, i64::from(year)],
    )?;
    let last: i64 = row.get(0)?;
    u32::try_from(last)
        .ok()
        .and_then(|running| CaseNumber::new(letter, year, running))
        .ok_or_else(|| StoreError::Constraint(format!("desk_counter: {desk} has no number left in {year}")))
}

/// The civil year in Japan, which has no summer time: UTC and nine hours.
fn year_in_japan(now: UtcMicros) -> u16 {
    let japan = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    let year = jiff::Timestamp::from_microsecond(now.0).map(|time| time.to_zoned(japan).year());
    // Outside of jiff's years no case number fits either.
    year.ok().and_then(|year| u16::try_from(year).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_at_midnight_in_japan() {
        // 2025-12-31T15:00:00Z is 2026-01-01 00:00 in Japan.
        let midnight = UtcMicros(1_767_193_200 * 1_000_000);
        assert_eq!(year_in_japan(midnight), 2026);
        assert_eq!(year_in_japan(midnight.plus_micros(-1)), 2025);
        // 2024-02-29 and 2000-03-01.
        assert_eq!(year_in_japan(UtcMicros(1_709_175_600 * 1_000_000)), 2024);
        assert_eq!(year_in_japan(UtcMicros(951_868_800 * 1_000_000)), 2000);
    }
}
