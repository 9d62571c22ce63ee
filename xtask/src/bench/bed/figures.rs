//! Figures: medians, percentiles, and how they are written.

use std::time::Duration;

/// The middle one of some values, of two the lower; 0 of none.
pub(in crate::bench) fn median(values: &[f64]) -> f64 {
    percentile(values, 50.0)
}

/// The smallest value that at least `percent` of all do not exceed; 0 of none.
pub(in crate::bench) fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The item in the middle by `key`; `None` of none.
pub(in crate::bench) fn middle<T: Copy>(items: &[T], key: impl Fn(&T) -> f64) -> Option<T> {
    let mut sorted = items.to_vec();
    sorted.sort_by(|a, b| key(a).total_cmp(&key(b)));
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// Seconds of a duration.
pub(in crate::bench) fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

/// Seconds with their unit, three digits that count: `0.482 ms`, `12.1 ms`, `3.31 s`.
pub(in crate::bench) fn time(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{} ms", three_digits(seconds * 1e3))
    } else {
        format!("{} s", three_digits(seconds))
    }
}

/// A count with separators: `1,000,000`.
pub(in crate::bench) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Something per second, whole.
pub(in crate::bench) fn rate(per_second: f64) -> String {
    count(per_second.round().max(0.0) as u64)
}

/// Octets in MB.
pub(in crate::bench) fn megabytes(octets: u64) -> String {
    format!("{:.1} MB", octets as f64 / 1e6)
}

/// `a / b` as a factor: `2.1 ×`; nothing when `b` is not known.
pub(in crate::bench) fn factor(a: f64, b: f64) -> String {
    if b > 0.0 { format!("{} ×", three_digits(a / b)) } else { String::new() }
}

fn three_digits(value: f64) -> String {
    let places = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_and_percentiles() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0]), 1.0);
        assert_eq!(median(&[]), 0.0);
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!((percentile(&hundred, 99.0), percentile(&hundred, 50.0)), (99.0, 50.0));
        assert_eq!(middle(&[(3.0, 'c'), (1.0, 'a'), (2.0, 'b')], |x| x.0), Some((2.0, 'b')));
        assert_eq!(middle(&[], |x: &f64| *x), None);
    }

    #[test]
    fn figures_read_well() {
        assert_eq!(
            [count(0), count(999), count(1_000), count(12_345_678)],
            ["0", "999", "1,000", "12,345,678"]
        );
        assert_eq!([time(0.000_482), time(0.0121), time(3.305)], ["0.482 ms", "12.1 ms", "3.31 s"]);
        assert_eq!((factor(4.2, 2.0), factor(1.0, 0.0)), ("2.10 ×".to_owned(), String::new()));
        assert_eq!((rate(4363.4), megabytes(53_400_000)), ("4,363".to_owned(), "53.4 MB".to_owned()));
    }
}
