//! A certificate as a sentence and a picture, before any field of X.509.

use super::{Actions, Row, StatusTag};
use crate::texts::Say;
use askama::Template;
use core_words::UtcMicros;

/// Whose it is, what it is for, until when, and how many of its days are left.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/certificate.html")]
pub struct CertificateCard {
    sentence: String,
    tag: StatusTag,
    left: String,
    /// Days gone of all days, in thousandths.
    gone: i64,
    tone: &'static str,
    from: String,
    until: String,
    bar: String,
    details_word: String,
    details: Vec<Row>,
    actions: Actions,
}

impl CertificateCard {
    /// The card of a certificate valid `from` … `until` (both inclusive), as it is at `now`. The sentence says
    /// whose it is and what it is for. Under 90 days the bar warns.
    pub fn new(
        say: &Say,
        sentence: impl Into<String>,
        tag: StatusTag,
        from: UtcMicros,
        until: UtcMicros,
        now: UtcMicros,
    ) -> Self {
        const DAY: i64 = 86_400_000_000;
        let (all, gone) = (until.since(from).max(1), now.since(from).clamp(0, until.since(from).max(1)));
        let days = until.since(now).div_euclid(DAY);
        let left = match days {
            ..0 => say.t("web-cert-over"),
            0 => say.t("web-cert-today"),
            days => say.with("web-cert-days", &[("days", say.number(days).into()), ("n", days.into())]),
        };
        Self {
            sentence: sentence.into(),
            tag,
            gone: i64::try_from(i128::from(gone) * 1000 / i128::from(all)).unwrap_or(1000),
            tone: if days < 0 {
                "neutral"
            } else if days < 90 {
                "attention"
            } else {
                "success"
            },
            from: say.short_date(from),
            until: say.short_date(until),
            bar: say.with("web-cert-bar", &[("left", left.as_str().into())]),
            left,
            details_word: say.t("web-cert-details"),
            details: Vec::new(),
            actions: Actions::default(),
        }
    }

    /// The same with a line of details: serial number, issuer, fingerprint.
    #[must_use]
    pub fn detail(mut self, row: Row) -> Self {
        self.details.push(row);
        self
    }

    /// The same with what can be done with it.
    #[must_use]
    pub fn actions(mut self, actions: Actions) -> Self {
        self.actions = actions;
        self
    }
}
