//! The fee-offset balances (発行手数料相殺残高情報, C18, fn B11): months of the payment system, and the file that tells it
//! how much is to be taken from the payments to each provider. Pure.
//!
//! The real layout is not public. This one is ours, and docs/procedures/OFFSET.md has every column. What a payment does
//! not cover, and is carried to the next month, is the payment system's own matter.

use crate::settings::Settings;
use core_sheet::Encoding;
use core_words::{UtcMicros, Yen};
use kit_web::dates::Day;
use std::fmt;

/// The columns of the file.
pub const COLUMNS: [&str; 9] = [
    "対象年月",
    "区分",
    "事業所番号",
    "発行件数",
    "発行手数料",
    "訂正件数",
    "訂正額",
    "相殺額",
    "うち消費税",
];
/// The second cell of a provider's line.
pub const LINE: &str = "明細";
/// The second cell of the last line.
pub const TOTAL: &str = "合計";

/// A month of the payment system. As text `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u8,
}

/// From when to when a month lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Which month.
    pub month: Month,
    /// Its first microsecond.
    pub begins: UtcMicros,
    /// Its last microsecond: that of its closing day in Japan.
    pub ends: UtcMicros,
}

/// What entries add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Certificates issued.
    pub charges: u64,
    /// Their fees.
    pub charged: Yen,
    /// Corrections.
    pub corrections: u64,
    /// What they change; less than nothing where fees are given back.
    pub corrected: Yen,
    /// The consumption tax in all of it.
    pub tax: Yen,
}

/// A provider's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetLine {
    /// The number of the provider.
    pub number: String,
    /// What is to be offset.
    pub sums: Sums,
}

impl Month {
    /// A month of the Gregorian calendar.
    pub fn new(year: i32, month: u8) -> Option<Self> {
        Day::new(year, month, 1).map(|_| Self { year, month })
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let plain = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        if !plain(year, 4) || !plain(month, 2) {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?)
    }

    /// The month that follows.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }

    fn before(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { month: month - 1, ..self },
        }
    }

    /// The last microsecond of the month by the closing day of the terms in force on its first day.
    fn ends(self, settings: &Settings) -> UtcMicros {
        let day = |day| Day::new(self.year, self.month, day);
        let first = day(1).expect("every month between 1868 and 9999 has a first day");
        let closing = settings.terms(first.begins()).offset.closing_day;
        let last = (1..=closing.max(1)).rev().find_map(day);
        last.expect("every month has a first day, which closing days include").ends()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Period {
    /// A month by the settings of today.
    pub fn of(month: Month, settings: &Settings) -> Self {
        let begins = month.before().ends(settings).plus_micros(1);
        Self { month, begins, ends: month.ends(settings) }
    }

    /// The month in which a moment falls.
    pub fn at(time: UtcMicros, settings: &Settings) -> Self {
        let day = Day::of(time);
        let month = Month { year: day.year(), month: day.month() };
        let period = Self::of(month, settings);
        if time <= period.ends { period } else { Self::of(month.next(), settings) }
    }

    /// The month after this one. It begins where this one ended, whatever closing day has been set since.
    #[must_use]
    pub fn next(self, settings: &Settings) -> Self {
        let month = self.month.next();
        let begins = self.ends.plus_micros(1);
        Self { month, begins, ends: month.ends(settings).max(self.ends) }
    }
}

impl Sums {
    /// What is to be offset: fees and corrections.
    pub fn total(&self) -> Yen {
        Yen(self.charged.0 + self.corrected.0)
    }

    /// Adds what another line has.
    pub fn add(&mut self, other: &Self) {
        self.charges += other.charges;
        self.charged.0 += other.charged.0;
        self.corrections += other.corrections;
        self.corrected.0 += other.corrected.0;
        self.tax.0 += other.tax.0;
    }
}

/// The first line of a file.
pub fn head(encoding: Encoding) -> Vec<u8> {
    encoded(&format!("{}\r\n", COLUMNS.join(",")), encoding)
}

/// A provider's line.
pub fn line(month: Month, line: &OffsetLine, encoding: Encoding) -> Vec<u8> {
    row(month, LINE, &line.number, &line.sums, encoding)
}

/// The last line.
pub fn total(month: Month, sums: &Sums, encoding: Encoding) -> Vec<u8> {
    row(month, TOTAL, "", sums, encoding)
}

/// Every cell is digits or one of our own words: nothing to be quoted, and nothing that Shift_JIS lacks.
fn row(month: Month, kind: &str, number: &str, sums: &Sums, encoding: Encoding) -> Vec<u8> {
    let Sums { charges, charged, corrections, corrected, tax } = sums;
    let text = format!(
        "{:04}{:02},{kind},{number},{charges},{},{corrections},{},{},{}\r\n",
        month.year,
        month.month,
        charged.0,
        corrected.0,
        sums.total().0,
        tax.0,
    );
    encoded(&text, encoding)
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Cp932 => core_sheet::text::encode_cp932(text)
            .expect("digits, commas and the words above, which Shift_JIS has: a test writes them"),
        Encoding::Utf8 | Encoding::Utf8Mark => text.as_bytes().to_vec(),
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
