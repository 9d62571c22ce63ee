//! What a federation sets: where certificates come from, how long one may undo, what an application costs and since
//! when.

mod ending;
mod terms;

pub use ending::{BadLead, Ending, Lead, days_left, within};
pub use terms::{AccountKind, Bank, OffsetTerms, Registration, Terms, read_terms};

use crate::{papers::tax, words::HolderKind};
use core_words::{AuthorityId, OperatorId, ProfileId, Text, UtcMicros, Yen};
use kit_post::Address;
use kit_web::dates::Day;

/// The settings of the desk. Read from the configuration by the application.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The federation (連合会).
    pub operator: OperatorId,
    /// Its name, on papers and in mails.
    pub federation: Text,
    /// Where it can be reached, on papers and in mails: address and telephone.
    pub contact: Text,
    /// The address under which people reach the pages, without a slash at its end: `https://claims.example`.
    pub public_url: String,
    /// The dedicated authority (専用認証局).
    pub authority: AuthorityId,
    /// The profile of a provider's certificate.
    pub profile: ProfileId,
    /// The profile of an agent's certificate.
    pub agent_profile: ProfileId,
    /// Within how many days an agent is asked to pay (C3).
    pub due_days: u32,
    /// How long after a registration, a rejection or a revocation request the manager can undo it (C19), in seconds.
    pub undo_seconds: u32,
    /// For how many days a key made by the service is kept for its owner (C5).
    pub key_days: u32,
    /// How early holders are told of the end of their certificates, and how long cases are kept after it (C12, C13).
    pub ending: Ending,
    /// What applications cost, and since when: never empty, in order of their days.
    pub terms: Vec<Terms>,
}

impl Settings {
    /// The terms in force at `now`; before the first day, the first ones.
    pub fn terms(&self, now: UtcMicros) -> &Terms {
        let in_force = self.terms.iter().rev().find(|terms| terms.from <= now);
        in_force.or(self.terms.first()).expect("settings are built with terms, see Settings::new")
    }

    /// Until when an agent that applies at `now` is asked to pay: the last microsecond of that day in Japan.
    pub(crate) fn due(&self, now: UtcMicros) -> UtcMicros {
        Day::of(now.plus_seconds(i64::from(self.due_days) * 86_400)).ends()
    }

    /// Which profile a holder's certificate has.
    pub(crate) fn profile_of(&self, kind: HolderKind) -> &ProfileId {
        match kind {
            HolderKind::Provider => &self.profile,
            HolderKind::Agent => &self.agent_profile,
        }
    }

    /// Checks and takes what was configured.
    ///
    /// # Errors
    /// What is wrong, for whoever configures.
    pub fn checked(mut self) -> Result<Self, BadSettings> {
        self.terms.sort_by_key(|terms| terms.from);
        if self.terms.is_empty() {
            return Err(BadSettings::NoTerms);
        }
        if self.terms.windows(2).any(|two| two[0].from == two[1].from) {
            return Err(BadSettings::TwoTermsOfOneDay);
        }
        if self.public_url.ends_with('/') || !self.public_url.starts_with("http") {
            return Err(BadSettings::PublicUrl);
        }
        Ok(self)
    }

    /// The terms under a name that a case keeps; `None` when they were taken out of the file since.
    pub fn terms_named(&self, name: &str) -> Option<&Terms> {
        self.terms.iter().find(|terms| terms.name == name)
    }

    /// The consumption tax in an amount under the terms that a case keeps by their name; should they have been taken out
    /// of the file, under those of the day of its application. Below zero for an amount that is given back.
    pub(crate) fn tax_in(&self, terms: &str, applied: UtcMicros, amount: Yen) -> Yen {
        let terms = self.terms_named(terms).unwrap_or_else(|| self.terms(applied));
        let tax = tax::within(Yen(amount.0.saturating_abs()), terms.tax_percent).tax;
        Yen(tax.0 * amount.0.signum())
    }

    /// The terms that come with the program, of `terms/claims.toml`: the fees of a federation's disability claims, and
    /// an account that is none ([`Bank::is_placeholder`]).
    pub fn built_in_terms() -> Vec<Terms> {
        read_terms(include_str!("../terms/claims.toml")).expect("a test reads the same octets")
    }
}

/// Why settings were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// There are no terms at all.
    #[error("claims.terms: there must be at least one")]
    NoTerms,
    /// The file of terms is not as it must be.
    #[error("claims.terms_file: {0}")]
    TermsFile(String),
    /// Which of two terms would hold is not said.
    #[error("claims.terms: two begin on the same day")]
    TwoTermsOfOneDay,
    /// Links in mails begin with it.
    #[error("claims.public_url: must be http(s)://… without a slash at its end")]
    PublicUrl,
}

/// Whether a text can be written to as an e-mail address.
pub fn address(text: &str, name: &str) -> Option<Address> {
    Address::parse(text).ok().map(|address| address.named(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c1_the_price_is_that_of_the_day_of_the_application() {
        let settings = crate::papers::testing::settings().checked().expect("they are well formed");
        // 2014-08-18T00:00:00+09:00.
        let day = UtcMicros(1_408_287_600 * 1_000_000);
        assert_eq!(settings.terms(day).fee, Yen(7_800));
        assert_eq!(settings.terms(day.plus_micros(-1)).fee, Yen(2_600));
        assert_eq!(settings.terms(UtcMicros(0)).fee, Yen(2_600));
        // 2019-10-01T00:00:00+09:00.
        let day = UtcMicros(1_569_855_600 * 1_000_000);
        assert_eq!((settings.terms(day).fee, settings.terms(day).tax_percent), (Yen(7_800), 10));
        assert_eq!(settings.terms(day.plus_micros(-1)).tax_percent, 8);
        assert_eq!(settings.terms_named("2014-08-18").map(|terms| terms.tax_percent), Some(8));
        assert_eq!(settings.terms_named("2014-08-19"), None);
    }
}
