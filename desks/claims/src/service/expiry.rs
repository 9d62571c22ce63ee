//! Certificates that end soon: the list of them, and the letters to their holders (C12).

use super::{MOST_LINES, guard};
use crate::{
    Claims, PAGE, papers,
    settings::within,
    store::{
        expiry::{self, Expiring},
        holders, rows,
    },
};
use core_words::{Kind, Refusal, Text, UtcMicros, UtcSeconds};
use kit_gate::Scope;
use kit_paper::Paper;
use kit_store::{StoreError, Tx};
use kit_web::dates::Day;
use std::{fmt, str::FromStr};

/// The most letters in one file.
pub const LETTERS: u32 = 200;
/// For so many months, this one included, letters are offered.
const MONTHS: usize = 6;

/// A page of the certificates that end soon, and how many end in which month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingSoon {
    /// Its lines, the first to end first.
    pub lines: Vec<Expiring>,
    /// How many there are on all pages.
    pub total: u64,
    /// How many end in this month and in those after it.
    pub months: Vec<(Month, u64)>,
}

/// A month of the calendar, in Japan. Written `2026-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    first: Day,
}

impl Month {
    /// The month of a moment.
    pub fn of(at: UtcMicros) -> Self {
        let day = Day::of(at);
        Self { first: Day::new(day.year(), day.month(), 1).unwrap_or(day) }
    }

    /// Its first day.
    pub fn first(self) -> Day {
        self.first
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self::of(self.first.begins().plus_seconds(31 * 86_400))
    }

    /// What ends in it and has not ended at `now`.
    fn span(self, now: UtcMicros) -> (UtcSeconds, UtcSeconds) {
        let last = self.next().first.begins().plus_micros(-1);
        (self.first.begins().max(now).whole_seconds(), last.whole_seconds())
    }
}

impl FromStr for Month {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        let first = Day::new(year.parse().map_err(|_| ())?, month.parse().map_err(|_| ())?, 1).ok_or(())?;
        Ok(Self { first })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl Claims {
    /// Issued certificates that end within so many days and are not renewed: page `page`, from 0 (C12).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn expiring(&self, scope: Scope, days: u16, page: u32) -> Result<EndingSoon, Refusal> {
        let now = self.now();
        self.read(move |tx| {
            let span = (now.whole_seconds(), within(now, days));
            let mut months = Vec::with_capacity(MONTHS);
            let mut month = Month::of(now);
            for _ in 0..MONTHS {
                months.push((month, expiry::count(tx, &scope, month.span(now))?));
                month = month.next();
            }
            Ok(EndingSoon {
                lines: expiry::page(tx, &scope, span, PAGE, u64::from(page) * u64::from(PAGE))?,
                total: expiry::count(tx, &scope, span)?,
                months,
            })
        })
        .await
    }

    /// The same list whole, at most [`MOST_LINES`].
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn expiring_lines(&self, scope: Scope, days: u16) -> Result<Vec<Expiring>, Refusal> {
        let now = self.now();
        let span = (now.whole_seconds(), within(now, days));
        self.read(move |tx| expiry::page(tx, &scope, span, MOST_LINES, 0)).await
    }

    /// The letters to those whose certificates end in a month and are not renewed, as one PDF/A: part `part`, from 0, of
    /// [`LETTERS`] each, in the order in which the certificates end (C12, C22).
    ///
    /// # Errors
    /// `claims.no_letters`, `claims.no_glyph`, `claims.too_many_letters`, `claims.unavailable`.
    pub async fn expiry_letters(&self, scope: Scope, month: Month, part: u32) -> Result<Vec<u8>, Refusal> {
        let (now, settings) = (self.now(), self.settings().clone());
        let letters = self
            .read(move |tx| {
                let skipped = u64::from(part) * u64::from(LETTERS);
                let ending = expiry::page(tx, &scope, month.span(now), LETTERS, skipped)?;
                let mut letters = Vec::with_capacity(ending.len());
                for certificate in ending {
                    let whose = certificate.holder_number;
                    letters.extend(letter(tx, &settings, certificate.id, now)?.map(|paper| (paper, whose)));
                }
                Ok(letters)
            })
            .await?;
        let letters = letters.into_iter().map(|(paper, whose)| guard::for_holder(paper, &whose));
        let letters = letters.collect::<Result<Vec<_>, Refusal>>()?;
        match letters.is_empty() {
            true => Err(no_letters()),
            false => papers::letters_in_bulk(self.press().clone(), letters, now).await,
        }
    }
}

fn letter(
    tx: &mut Tx,
    settings: &crate::Settings,
    id: i64,
    now: UtcMicros,
) -> Result<Option<Paper>, StoreError> {
    let Some(stored) = rows::load(tx, id)? else { return Ok(None) };
    let Some(holding) = stored.case.holding() else { return Ok(None) };
    let Some(holder) = holders::load(tx, holding.application.holder)? else { return Ok(None) };
    let told = papers::Expiring {
        holder: &holder,
        number: &stored.number,
        certificate: &holding.certificate,
        at: now,
    };
    Ok(Some(papers::expiry_letter(&told, settings, holding.application.lang)))
}

fn no_letters() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_letters",
        Text::new(
            "この月に期限を迎え、更新されていない証明書はありません。",
            "No certificate that is not renewed ends in this month.",
        ),
        Text::new(
            "期限の近い証明書の一覧から選んでください。",
            "Choose a month from the list of certificates that end soon.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c12_letters_of_a_month_are_those_of_its_days_in_japan_that_are_not_over() {
        let month: Month = "2026-12".parse().expect("a month");
        let seconds = |text: &str| {
            let at: jiff::Timestamp = text.parse().expect("a time");
            UtcSeconds(at.as_second())
        };
        let span = month.span(UtcMicros(0));
        assert_eq!(span, (seconds("2026-12-01T00:00:00+09:00"), seconds("2026-12-31T23:59:59+09:00")));
        let now = seconds("2026-12-20T10:00:00+09:00");
        assert_eq!(month.span(now.micros()).0, now);
        assert_eq!((month.next().to_string(), Month::of(now.micros())), ("2027-01".to_owned(), month));
        for bad in ["", "2026", "2026-13", "2026-00", "x-1"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
