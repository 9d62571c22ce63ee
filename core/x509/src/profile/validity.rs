//! How long certificates are valid, and from which day a rule holds.

use crate::time::{Day, Period};
use core_words::UtcSeconds;

/// One validity rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidityRule {
    /// The day in Tokyo from which it holds; `None` for the first rule.
    pub from: Option<Day>,
    /// How long a certificate is valid when nothing else is wished for.
    pub period: Period,
    /// The longest that may be wished for, both ends counted.
    pub max: Period,
    /// When on its last day a certificate ends.
    pub ends: Ends,
    /// How far before now a certificate begins when nothing else is wished for: for clocks that lag.
    pub backdate: i64,
    /// How far in the past a beginning may be wished for.
    pub past: Period,
    /// How far in the future a beginning may be wished for: a renewal that follows the old certificate.
    pub future: Period,
    /// What is done when the issuer ends sooner.
    pub at_issuer_end: AtIssuerEnd,
}

/// When on its last day a certificate ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ends {
    /// One second before the period is over, both ends counted.
    #[default]
    Exact,
    /// With a day in Tokyo, at 23:59:59: the last such second within the period.
    DayTokyo,
}

/// What is done when the issuer's certificate ends before the new one would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtIssuerEnd {
    /// The order is refused: the subscriber would get less than was promised.
    #[default]
    Refuse,
    /// The certificate ends with its issuer.
    Cut,
}

/// The rule with the latest `from` that has come. The first rule has none, and holds until the next does.
pub(super) fn in_force(rules: &[ValidityRule], now: UtcSeconds) -> &ValidityRule {
    let today = Day::of_tokyo(now);
    let holds = |rule: &&ValidityRule| rule.from.is_none_or(|from| from <= today);
    rules.iter().rev().find(holds).unwrap_or(&rules[0])
}

impl ValidityRule {
    /// The last second of a certificate that begins with `start` and is valid for `period`.
    pub fn end(&self, start: UtcSeconds, period: Period) -> UtcSeconds {
        match self.ends {
            // Both ends are inside (RFC 5280 §4.1.2.5), so the period ends one second earlier.
            Ends::Exact => period.after(start).plus(-1),
            Ends::DayTokyo => period.last_day_end(start),
        }
    }

    /// Whether `not_before` to `not_after`, both ends counted, is no longer than the rule allows.
    pub fn allows(&self, not_before: UtcSeconds, not_after: UtcSeconds) -> bool {
        not_after.plus(1) <= self.max.after(not_before)
    }
}
