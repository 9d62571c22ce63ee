//! Intervals and terms of validity as people write them: `10 minutes`, `1 day`, `20 years`.

use core_x509::time::{DAY, Period};

/// Longest term of validity: 100 years, far inside what GeneralizedTime can say.
const MAX_TERM: i64 = 36_525 * DAY;
/// Longest interval or life of a list: RFC 5280 names no bound; a list older than a year helps nobody.
const MAX_INTERVAL: i64 = 366 * DAY;

/// Reads a term of validity.
pub(super) fn term(text: &str) -> Option<Period> {
    let period = Period::parse(text)?;
    let (least, most) = match period {
        Period::Seconds(n) => (n, n),
        Period::Days(n) => (i64::from(n) * DAY, i64::from(n) * DAY),
        Period::Months(n) => (i64::from(n), i64::from(n) * 31 * DAY),
        Period::Years(n) => (i64::from(n), i64::from(n) * 365 * DAY),
    };
    (least > 0 && most <= MAX_TERM).then_some(period)
}

/// Reads an interval as seconds: from 1 second to 366 days, in units that are always as long.
pub(super) fn interval(text: &str) -> Option<i64> {
    let seconds = match Period::parse(text)? {
        Period::Seconds(n) => n,
        Period::Days(n) => i64::from(n) * DAY,
        Period::Months(_) | Period::Years(_) => return None,
    };
    (1..=MAX_INTERVAL).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_and_terms() {
        assert_eq!(interval("10 minutes"), Some(600));
        assert_eq!(interval("366 days"), Some(MAX_INTERVAL));
        for bad in ["", "10", "0 seconds", "-1 days", "367 days", "1 month", "1d", "1 日"] {
            assert_eq!(interval(bad), None, "{bad}");
        }
        assert_eq!(term("20 years"), Some(Period::Years(20)));
        assert_eq!(term("39 months"), Some(Period::Months(39)));
        for bad in ["101 years", "0 years", "20y", "4000000000 seconds"] {
            assert_eq!(term(bad), None, "{bad}");
        }
    }
}
