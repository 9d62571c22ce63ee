//! The nouns of the claims desk.

use core_words::{CaseNumber, CertRef, Lang, UtcMicros, UtcSeconds, Yen};
use std::fmt;

/// The id of a holder's row: never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HolderId(pub i64);

/// Who holds certificates of this desk (C1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HolderKind {
    /// 事業所: a care provider, which claims for itself.
    Provider,
    /// 代理人: claims for several providers under a mandate.
    Agent,
}

/// The number of a holder: that of a care provider (事業所番号), ten digits of which the first two are those of the
/// prefecture, or the ID of an agent (代理人ID), `DA` and eight digits of which the first two are.
///
/// No form of agents' IDs is published. Theirs is one that stands in the name of a bank transfer as it is (C3, C10).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HolderNumber(String);

impl HolderNumber {
    /// Ten characters of ASCII: digits, or `DA` and digits; the first two digits from 01 to 47. `None` for others. The
    /// last digit of a provider's is a check digit by rule, and not in every real number: see
    /// [`check_digit_fits`](Self::check_digit_fits).
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(AGENT).unwrap_or(text);
        let fits = text.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit());
        let prefecture = fits.then(|| digits[..2].parse::<u8>().ok()).flatten()?;
        (1..=47).contains(&prefecture).then(|| Self(text.to_owned()))
    }

    /// Whose number it is.
    pub fn kind(&self) -> HolderKind {
        if self.0.starts_with(AGENT) { HolderKind::Agent } else { HolderKind::Provider }
    }

    /// Whether the last digit follows the rule (modulus 10, weights 2 and 1 from the left, digits of products added
    /// up). Worth a warning, never a refusal. The IDs of agents have no check digit.
    pub fn check_digit_fits(&self) -> bool {
        if self.kind() == HolderKind::Agent {
            return true;
        }
        let digits: Vec<u32> = self.0.bytes().map(|b| u32::from(b - b'0')).collect();
        let sum: u32 = digits[..9]
            .iter()
            .zip([2, 1].into_iter().cycle())
            .map(|(digit, weight)| digit * weight)
            .map(|product| product / 10 + product % 10)
            .sum();
        (10 - sum % 10) % 10 == digits[9]
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the IDs of agents begin with.
const AGENT: &str = "DA";

impl fmt::Display for HolderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who makes the key pair (C5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyWay {
    /// The service; the applicant gets key and certificate in one PKCS#12 file.
    Service,
    /// The applicant: the key never leaves them, they hand in a PKCS#10 request (DER).
    Own(Vec<u8>),
}

/// What the applicant agreed to (C1): the text on offsetting the fee against claim payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The version of the text.
    pub version: String,
    /// When.
    pub at: UtcMicros,
}

/// How the fee of an application is paid (C1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pays {
    /// By a provider: offset against its claim payments (相殺), as it agreed.
    Offset(Consent),
    /// By an agent: a bank transfer.
    Transfer {
        /// Until when the invoice asks for it. Nothing happens by itself when it is over (C3).
        due: UtcMicros,
    },
}

/// The values in force on the day of the application, which the case keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The terms they come from: the day since which they are in force.
    pub terms: String,
    /// The cost of issue, tax included.
    pub fee: Yen,
    /// For how many months the certificate is asked for.
    pub months: u16,
}

/// An application (C1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Who applies.
    pub holder: HolderId,
    /// Who makes the key.
    pub key: KeyWay,
    /// Where notices are sent.
    pub email: String,
    /// How the fee is paid.
    pub pays: Pays,
    /// In which language they applied, and are written to.
    pub lang: Lang,
    /// At what price, for how long.
    pub applied: Applied,
    /// The case whose certificate it renews (C22).
    pub renews: Option<CaseNumber>,
    /// When.
    pub at: UtcMicros,
}

/// Why an application is rejected (C9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The federation rejects it, for a reason that the applicant is told.
    Refused(String),
    /// The applicant asked for it back.
    Withdrawn,
}

/// The certificate of a case: what the desk keeps of it. The certificate itself is asked of the authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its name at the authority.
    pub cert: CertRef,
    /// First second of validity.
    pub not_before: UtcSeconds,
    /// Last second of validity, inclusive.
    pub not_after: UtcSeconds,
    /// When it was issued.
    pub issued_at: UtcMicros,
}

/// Where the private key of an issued certificate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// With the applicant, as ever.
    Own,
    /// Sealed in the service until it is fetched and confirmed, or until then.
    Kept {
        /// Under which number.
        custody: i64,
        /// Until when.
        until: UtcMicros,
    },
    /// No longer here.
    Erased {
        /// Since when.
        at: UtcMicros,
    },
}

/// Who asked for a revocation (C11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// 事業所.
    Provider,
    /// 代理人.
    Agent,
    /// 都道府県.
    Prefecture,
}

/// How they asked (C11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// 電話.
    Phone,
    /// 書面.
    Paper,
    /// 電子メール.
    Mail,
    /// 窓口.
    Counter,
}

/// Why the certificate is to be revoked (C11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokeReason {
    /// 廃業: the office claims no longer.
    Closed,
    /// 記載事項の変更.
    Changed,
    /// 鍵の紛失・破損.
    KeyLost,
    /// 鍵の漏えい: others may know the key.
    KeyCompromised,
    /// その他.
    Other,
}

/// A request for revocation as it was registered (C11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationAsk {
    /// Who asked.
    pub by: AskedBy,
    /// How.
    pub channel: Channel,
    /// Why.
    pub reason: RevokeReason,
    /// What was said besides; at most 1,000 characters.
    pub note: String,
}

/// Why a letter with passwords is printed (C7, C23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterWhy {
    /// To one who begins.
    New,
    /// They asked by telephone: it is lost or forgotten.
    Phone,
}

/// A closed set of choices, stored by number and named in forms and the API by slug.
pub trait Choice: Copy + Eq + 'static {
    /// Every one, in the order of forms.
    const ALL: &'static [(Self, i16, &'static str)];

    /// Its stored number.
    fn code(self) -> i16 {
        Self::ALL.iter().find(|(choice, ..)| *choice == self).map_or(0, |(_, code, _)| *code)
    }

    /// Its name.
    fn slug(self) -> &'static str {
        Self::ALL.iter().find(|(choice, ..)| *choice == self).map_or("", |(_, _, slug)| *slug)
    }

    /// The choice of a stored number.
    fn of_code(code: i16) -> Option<Self> {
        Self::ALL.iter().find(|(_, stored, _)| *stored == code).map(|(choice, ..)| *choice)
    }

    /// The choice of a name.
    fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, _, name)| *name == slug).map(|(choice, ..)| *choice)
    }
}

impl Choice for AskedBy {
    const ALL: &'static [(Self, i16, &'static str)] =
        &[(Self::Provider, 1, "provider"), (Self::Agent, 2, "agent"), (Self::Prefecture, 3, "prefecture")];
}

impl Choice for Channel {
    const ALL: &'static [(Self, i16, &'static str)] = &[
        (Self::Phone, 1, "phone"),
        (Self::Paper, 2, "paper"),
        (Self::Mail, 3, "mail"),
        (Self::Counter, 4, "counter"),
    ];
}

impl Choice for RevokeReason {
    const ALL: &'static [(Self, i16, &'static str)] = &[
        (Self::Closed, 1, "closed"),
        (Self::Changed, 2, "changed"),
        (Self::KeyLost, 3, "key-lost"),
        (Self::KeyCompromised, 4, "key-compromised"),
        (Self::Other, 5, "other"),
    ];
}

impl Choice for LetterWhy {
    const ALL: &'static [(Self, i16, &'static str)] = &[(Self::New, 1, "new"), (Self::Phone, 2, "phone")];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_numbers_have_ten_digits_and_a_prefecture() {
        assert!(HolderNumber::new("1310000018").is_some());
        assert!(HolderNumber::new("DA13000017").is_some());
        for bad in [
            "",
            "131000001",
            "13100000181",
            "4810000018",
            "0010000018",
            "131000001a",
            "１３１０００００１８",
            "DA1300001",
            "DA130000178",
            "DA48000017",
            "da13000017",
            "DADA130001",
        ] {
            assert!(HolderNumber::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn c3_an_id_says_that_it_is_an_agents() {
        let kind = |text| HolderNumber::new(text).map(|number| number.kind());
        assert_eq!(kind("DA13000017"), Some(HolderKind::Agent));
        assert_eq!(kind("1310000018"), Some(HolderKind::Provider));
    }

    #[test]
    fn exactly_one_check_digit_fits() {
        let fitting = (0..10).filter(|d| {
            HolderNumber::new(&format!("131234567{d}")).is_some_and(|number| number.check_digit_fits())
        });
        assert_eq!(fitting.count(), 1);
    }
}
