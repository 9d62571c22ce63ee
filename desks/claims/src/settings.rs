//! What a federation sets: where certificates come from, how long one may undo, what an application costs and since
//! when.

use crate::words::Applied;
use core_words::{AuthorityId, OperatorId, ProfileId, Text, UtcMicros, Yen};
use kit_post::Address;

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
    /// How long after a registration, a rejection or a revocation request the manager can undo it (C19), in seconds.
    pub undo_seconds: u32,
    /// For how many days a key made by the service is kept for its owner (C5).
    pub key_days: u32,
    /// What applications cost, and since when: never empty, in order of their days.
    pub terms: Vec<Terms>,
}

/// What an application costs from some day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The name under which a case keeps them: the day, `2014-08-18`.
    pub name: String,
    /// The first moment of that day in Japan.
    pub from: UtcMicros,
    /// The cost of issue, tax included.
    pub fee: Yen,
    /// For how many months a certificate is issued.
    pub months: u16,
    /// The version of the text on offsetting (手数料の相殺に関する同意文).
    pub consent: String,
    /// The text itself.
    pub consent_text: Text,
}

impl Settings {
    /// The terms in force at `now`; before the first day, the first ones.
    pub fn terms(&self, now: UtcMicros) -> &Terms {
        let in_force = self.terms.iter().rev().find(|terms| terms.from <= now);
        in_force.or(self.terms.first()).expect("settings are built with terms, see Settings::new")
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

    /// The terms that come with the program: those of a federation's disability claims, 3 years from 2014-08-18.
    pub fn built_in_terms() -> Vec<Terms> {
        let consent_text = Text::new(
            include_str!("../terms/consent-1.ja.txt").trim(),
            include_str!("../terms/consent-1.en.txt").trim(),
        );
        let terms = |name: &str, from: i64, fee, months| Terms {
            name: name.to_owned(),
            from: UtcMicros(from * 1_000_000),
            fee: Yen(fee),
            months,
            consent: "1".to_owned(),
            consent_text: consent_text.clone(),
        };
        // The seconds are those of midnight in Japan on these days.
        vec![terms("2012-10-01", 1_349_017_200, 2_600, 12), terms("2014-08-18", 1_408_287_600, 7_800, 36)]
    }
}

impl Terms {
    /// What a case keeps of them.
    pub(crate) fn applied(&self) -> Applied {
        Applied { terms: self.name.clone(), fee: self.fee, months: self.months }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsFile {
    terms: Vec<RawTerms>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerms {
    from: String,
    fee: i64,
    months: u16,
    consent: String,
    consent_ja: String,
    consent_en: String,
}

/// Reads terms from a file of an operator's own, in TOML: `[[terms]]` with `from` (a day), `fee` (yen), `months`,
/// `consent` (the version of the text), `consent_ja` and `consent_en`.
///
/// # Errors
/// [`BadSettings::TermsFile`].
pub fn read_terms(text: &str) -> Result<Vec<Terms>, BadSettings> {
    let bad = |why: String| BadSettings::TermsFile(why);
    let file: TermsFile = toml::from_str(text).map_err(|e| bad(e.message().to_owned()))?;
    file.terms
        .into_iter()
        .map(|raw| {
            let day: jiff::civil::Date = raw
                .from
                .parse()
                .map_err(|_| bad(format!("'{}' is not a day such as 2014-08-18", raw.from)))?;
            let japan = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
            let begins = day.to_zoned(japan).map_err(|e| bad(e.to_string()))?;
            if raw.fee < 0 || raw.months == 0 || raw.consent_ja.is_empty() || raw.consent_en.is_empty() {
                return Err(bad(format!("the terms of {} have no price, no time or no text", raw.from)));
            }
            Ok(Terms {
                name: day.to_string(),
                from: UtcMicros(begins.timestamp().as_microsecond()),
                fee: Yen(raw.fee),
                months: raw.months,
                consent: raw.consent,
                consent_text: Text::new(raw.consent_ja.trim(), raw.consent_en.trim()),
            })
        })
        .collect()
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
        let terms = Settings::built_in_terms();
        let settings = Settings {
            operator: OperatorId::new("tokyo").expect("a slug"),
            federation: Text::new("連合会", "Federation"),
            contact: Text::new("", ""),
            public_url: "https://claims.example".into(),
            authority: AuthorityId::new("claims-ca").expect("a slug"),
            profile: ProfileId::new("claims-provider").expect("a slug"),
            undo_seconds: 600,
            key_days: 30,
            terms,
        }
        .checked()
        .expect("they are well formed");
        // 2014-08-18T00:00:00+09:00.
        let day = UtcMicros(1_408_287_600 * 1_000_000);
        assert_eq!(settings.terms(day).fee, Yen(7_800));
        assert_eq!(settings.terms(day.plus_micros(-1)).fee, Yen(2_600));
        assert_eq!(settings.terms(UtcMicros(0)).fee, Yen(2_600));
    }

    #[test]
    fn c1_terms_of_an_operators_own_are_read_and_begin_at_midnight_in_japan() {
        let text = "[[terms]]\nfrom = \"2014-08-18\"\nfee = 7800\nmonths = 36\nconsent = \"2\"\nconsent_ja = \"同意\"\nconsent_en = \"agreed\"";
        let terms = read_terms(text).expect("well formed");
        assert_eq!(terms[0].from, Settings::built_in_terms()[1].from);
        for bad in [
            "[[terms]]",
            &text.replace("7800", "-1"),
            &text.replace("2014-08-18", "令和99年"),
            &text.replace("fee", "fe"),
        ] {
            assert!(read_terms(bad).is_err(), "{bad}");
        }
    }
}
