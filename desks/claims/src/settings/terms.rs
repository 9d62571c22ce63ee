//! Terms: what an application costs, how it is paid and what is agreed to, each from a day on.

use super::BadSettings;
use crate::{papers::tax, words::Applied};
use core_sheet::Encoding;
use core_words::{Text, UtcMicros, Yen};
use kit_web::dates::Day;
use std::fmt;

/// What an application costs from some day on, and how an agent pays it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The name under which a case keeps them: the day, `2014-08-18`.
    pub name: String,
    /// The first moment of that day in Japan.
    pub from: UtcMicros,
    /// The cost of issue, tax included.
    pub fee: Yen,
    /// The rate of the consumption tax that is in it, in per cent.
    pub tax_percent: u8,
    /// For how many months a certificate is issued.
    pub months: u16,
    /// Whether the certificate of a renewal begins where the one before it ends, so that nothing of it is lost (C22).
    pub append_remaining: bool,
    /// For how many days a quotation holds (C2).
    pub offer_days: u16,
    /// Where agents pay (C3).
    pub bank: Bank,
    /// The number under which the federation is registered for qualified invoices, where it is.
    pub registration: Option<Registration>,
    /// What stands at the end of quotations and invoices; may be empty.
    pub remarks: Text,
    /// The version of the text on offsetting (手数料の相殺に関する同意文).
    pub consent: String,
    /// The text itself.
    pub consent_text: Text,
    /// How the fees of providers are told to the payment system (C18).
    pub offset: OffsetTerms,
}

/// When months of the payment system end, and in which form their files are written (C18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetTerms {
    /// The last day of a month of the payment system, 1 to 31; in a shorter month its last day.
    pub closing_day: u8,
    /// The encoding of the file: Shift_JIS (CP932), or UTF-8 without a mark.
    pub encoding: Encoding,
    /// Whether a month is closed by itself on the day after its last one; else a manager does it.
    pub by_itself: bool,
}

impl Default for OffsetTerms {
    /// Calendar months, Shift_JIS, closed by a manager: no federation publishes its own.
    fn default() -> Self {
        Self { closing_day: 31, encoding: Encoding::Cp932, by_itself: false }
    }
}

/// An account for transfers (振込先).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// The name of the bank (金融機関名).
    pub name: Text,
    /// Its code, four digits (統一金融機関番号).
    pub code: String,
    /// The name of the branch (支店名).
    pub branch: Text,
    /// Its code, three digits.
    pub branch_code: String,
    /// Which kind of account.
    pub kind: AccountKind,
    /// Its number, seven digits.
    pub number: String,
    /// Whose account it is (口座名義).
    pub holder: Text,
    /// The same in kana, as the bank has it.
    pub holder_kana: String,
}

/// The kind of an account (預金種目).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// 普通預金.
    Ordinary,
    /// 当座預金.
    Current,
}

/// The number of a registered issuer of qualified invoices (適格請求書発行事業者登録番号): `T` and the 13 digits of its
/// corporate number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration(String);

impl Terms {
    /// What a case keeps of them.
    pub(crate) fn applied(&self) -> Applied {
        Applied { terms: self.name.clone(), fee: self.fee, months: self.months }
    }
}

impl Bank {
    /// Whether this is the account that comes with the program, which is none: no bank has the code 0000.
    pub fn is_placeholder(&self) -> bool {
        self.code == "0000"
    }
}

impl AccountKind {
    /// As on forms of transfer.
    pub fn label(self) -> Text {
        match self {
            Self::Ordinary => Text::new("普通", "ordinary (普通)"),
            Self::Current => Text::new("当座", "current (当座)"),
        }
    }
}

impl Registration {
    /// `T` and a corporate number, whose first digit checks the others: 9 less the remainder by 9 of the sum of the
    /// twelve, from the right times 1 and 2 in turn (法人番号の指定等に関する省令 第2条).
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('T')?;
        if digits.len() != 13 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let value = |b: u8| u32::from(b - b'0');
        let sum: u32 =
            digits.bytes().skip(1).rev().map(value).zip([1, 2].into_iter().cycle()).map(|(d, q)| d * q).sum();
        (value(digits.as_bytes()[0]) == 9 - sum % 9).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
    tax_percent: u8,
    #[serde(default = "yes")]
    tax_included: bool,
    months: u16,
    #[serde(default)]
    append_remaining: bool,
    #[serde(default = "month")]
    offer_days: u16,
    registration: Option<String>,
    #[serde(default)]
    remarks_ja: String,
    #[serde(default)]
    remarks_en: String,
    consent: String,
    consent_ja: String,
    consent_en: String,
    bank: RawBank,
    #[serde(default)]
    offset: RawOffset,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawOffset {
    closing_day: u8,
    encoding: String,
    by_itself: bool,
}

impl Default for RawOffset {
    fn default() -> Self {
        Self { closing_day: 31, encoding: SHIFT_JIS.to_owned(), by_itself: false }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBank {
    name_ja: String,
    name_en: String,
    code: String,
    branch_ja: String,
    branch_en: String,
    branch_code: String,
    kind: RawKind,
    number: String,
    holder_ja: String,
    holder_en: String,
    holder_kana: String,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawKind {
    Ordinary,
    Current,
}

const SHIFT_JIS: &str = "shift_jis";
const UTF_8: &str = "utf-8";

fn yes() -> bool {
    true
}

fn month() -> u16 {
    30
}

/// The highest fee that is believed: a typing error in a price is not found by those who pay it.
const HIGHEST_FEE: i64 = 1_000_000;
/// The longest name in an account, in characters; it stands in one line of a paper.
const LONGEST_NAME: usize = 60;
/// The longest remarks, in characters.
const LONGEST_REMARKS: usize = 1_000;

/// Reads terms from a file in TOML, as `terms/claims.toml` is: `[[terms]]` with `from` (a day), `fee` (yen),
/// `tax_percent`, `tax_included` (true when absent: else the tax is added to the fee, rounded down), `months`,
/// `append_remaining` (false when absent), `offer_days` (30 when absent), `registration` (may be absent), `remarks_ja`,
/// `remarks_en` (may be absent), `consent`
/// (the version of the text), `consent_ja` and `consent_en`; and below each a `[terms.bank]`, and where wanted a
/// `[terms.offset]` with `closing_day` (31), `encoding` (`shift_jis` or `utf-8`) and `by_itself` (false).
///
/// # Errors
/// [`BadSettings::TermsFile`].
pub fn read_terms(text: &str) -> Result<Vec<Terms>, BadSettings> {
    let file: TermsFile = toml::from_str(text).map_err(|e| BadSettings::TermsFile(e.message().to_owned()))?;
    file.terms.into_iter().map(terms).collect()
}

fn terms(raw: RawTerms) -> Result<Terms, BadSettings> {
    let day = day(&raw.from)
        .ok_or_else(|| BadSettings::TermsFile(format!("'{}' is not a day such as 2014-08-18", raw.from)))?;
    let bad = |why: &str| BadSettings::TermsFile(format!("the terms of {day}: {why}"));
    let sure = |right: bool, why: &str| if right { Ok(()) } else { Err(bad(why)) };
    sure((0..=HIGHEST_FEE).contains(&raw.fee), "fee must be from 0 to 1000000 yen")?;
    sure(raw.tax_percent <= 100, "tax_percent must be from 0 to 100")?;
    sure((1..=120).contains(&raw.months), "months must be from 1 to 120")?;
    sure((1..=365).contains(&raw.offer_days), "offer_days must be from 1 to 365")?;
    sure(!raw.consent.is_empty() && raw.consent.chars().count() <= 20, "consent must name a version")?;
    sure(
        !raw.consent_ja.trim().is_empty() && !raw.consent_en.trim().is_empty(),
        "the text agreed to is empty",
    )?;
    let remarks = [&raw.remarks_ja, &raw.remarks_en];
    sure(
        remarks.iter().all(|text| text.chars().count() <= LONGEST_REMARKS),
        "remarks are longer than 1000 characters",
    )?;
    let registration = match &raw.registration {
        Some(text) => Some(Registration::new(text).ok_or_else(|| {
            bad("registration must be T and the 13 digits of a corporate number, whose check digit fits")
        })?),
        None => None,
    };
    let fee = Yen(raw.fee);
    Ok(Terms {
        name: day.to_string(),
        from: day.begins(),
        fee: if raw.tax_included { fee } else { tax::with_tax(fee, raw.tax_percent) },
        tax_percent: raw.tax_percent,
        months: raw.months,
        append_remaining: raw.append_remaining,
        offer_days: raw.offer_days,
        bank: bank(raw.bank).map_err(bad)?,
        registration,
        remarks: Text::new(raw.remarks_ja.trim(), raw.remarks_en.trim()),
        consent: raw.consent,
        consent_text: Text::new(raw.consent_ja.trim(), raw.consent_en.trim()),
        offset: offset(&raw.offset).map_err(bad)?,
    })
}

fn offset(raw: &RawOffset) -> Result<OffsetTerms, &'static str> {
    if !(1..=31).contains(&raw.closing_day) {
        return Err("offset.closing_day must be from 1 to 31");
    }
    let encoding = match raw.encoding.as_str() {
        SHIFT_JIS => Encoding::Cp932,
        UTF_8 => Encoding::Utf8,
        _ => return Err("offset.encoding must be shift_jis or utf-8"),
    };
    Ok(OffsetTerms { closing_day: raw.closing_day, encoding, by_itself: raw.by_itself })
}

/// A day as ISO 8601 has it.
fn day(text: &str) -> Option<Day> {
    let date: jiff::civil::Date = text.parse().ok()?;
    Day::new(date.year().into(), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?)
}

fn bank(raw: RawBank) -> Result<Bank, &'static str> {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let line = |text: &str| {
        (1..=LONGEST_NAME).contains(&text.trim().chars().count()) && !text.chars().any(char::is_control)
    };
    let names = [
        &raw.name_ja,
        &raw.name_en,
        &raw.branch_ja,
        &raw.branch_en,
        &raw.holder_ja,
        &raw.holder_en,
        &raw.holder_kana,
    ];
    match () {
        () if !digits(&raw.code, 4) => return Err("bank.code must be four digits"),
        () if !digits(&raw.branch_code, 3) => return Err("bank.branch_code must be three digits"),
        () if !digits(&raw.number, 7) => return Err("bank.number must be seven digits, with zeros before"),
        () if !names.into_iter().all(|name| line(name)) => {
            return Err("every name of the bank must be one line of 1 to 60 characters");
        }
        () => {}
    }
    Ok(Bank {
        name: Text::new(raw.name_ja.trim(), raw.name_en.trim()),
        code: raw.code,
        branch: Text::new(raw.branch_ja.trim(), raw.branch_en.trim()),
        branch_code: raw.branch_code,
        kind: match raw.kind {
            RawKind::Ordinary => AccountKind::Ordinary,
            RawKind::Current => AccountKind::Current,
        },
        number: raw.number,
        holder: Text::new(raw.holder_ja.trim(), raw.holder_en.trim()),
        holder_kana: raw.holder_kana.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    const GOOD: &str = r#"
[[terms]]
from = "2014-08-18"
fee = 7800
tax_percent = 8
months = 36
registration = "T7000012050002"
consent = "2"
consent_ja = "同意"
consent_en = "agreed"
[terms.bank]
name_ja = "見本銀行"
name_en = "Sample Bank"
code = "9999"
branch_ja = "本店"
branch_en = "Head Office"
branch_code = "001"
kind = "current"
number = "0123456"
holder_ja = "連合会"
holder_en = "Federation"
holder_kana = "ﾚﾝｺﾞｳｶｲ"
"#;

    #[test]
    fn c1_the_terms_of_the_program_are_read_and_their_account_is_none() {
        let terms = read_terms(include_str!("../../terms/claims.toml")).expect("well formed");
        let facts: Vec<_> =
            terms.iter().map(|t| (t.name.as_str(), t.fee.0, t.tax_percent, t.months)).collect();
        let wanted =
            [("2012-10-01", 2_600, 5, 12), ("2014-08-18", 7_800, 8, 36), ("2019-10-01", 7_800, 10, 36)];
        assert_eq!(facts, wanted);
        assert!(terms.iter().all(|t| t.bank.is_placeholder() && t.registration.is_none()));
    }

    #[test]
    fn c1_terms_of_an_operators_own_are_read_and_begin_at_midnight_in_japan() {
        let terms = read_terms(GOOD).expect("well formed").remove(0);
        assert_eq!(terms.from, Settings::built_in_terms()[1].from);
        assert_eq!((terms.offer_days, terms.bank.kind), (30, AccountKind::Current));
        assert_eq!(terms.registration.as_ref().map(ToString::to_string).as_deref(), Some("T7000012050002"));
        assert!(!terms.bank.is_placeholder());
    }

    #[test]
    fn c3_a_fee_without_its_tax_is_kept_with_it_rounded_down() {
        let added = GOOD.replace("months = 36", "months = 36\ntax_included = false").replace("7800", "7806");
        // 8 per cent of 7,806 are 624.48.
        assert_eq!(read_terms(&added).expect("well formed")[0].fee, Yen(8_430));
    }

    #[test]
    fn c3_what_would_be_wrong_on_an_invoice_is_refused() {
        for (right, wrong, why) in [
            ("7800", "-1", "fee"),
            ("7800", "1000001", "fee"),
            ("2014-08-18", "令和99年", "day"),
            ("2014-08-18", "2014-02-30", "day"),
            ("fee =", "fe =", "unknown field"),
            ("tax_percent = 8", "tax_percent = 101", "tax_percent"),
            ("tax_percent = 8\n", "", "tax_percent"),
            ("months = 36", "months = 0", "months"),
            ("months = 36", "months = 36\noffer_days = 0", "offer_days"),
            ("T7000012050002", "T7000012050003", "check digit"),
            ("T7000012050002", "7000012050002", "check digit"),
            ("\"9999\"", "\"999\"", "bank.code"),
            ("\"001\"", "\"００１\"", "bank.branch_code"),
            ("0123456", "123456", "bank.number"),
            ("current", "savings", "unknown variant"),
            ("見本銀行", "", "name"),
            ("見本銀行", "見\\n本", "name"),
            ("consent_ja = \"同意\"", "consent_ja = \" \"", "agreed"),
        ] {
            let text = GOOD.replacen(right, wrong, 1);
            assert_ne!(text, GOOD, "{right}");
            let error = read_terms(&text).map(|_| ()).expect_err(wrong).to_string();
            assert!(error.contains(why), "{wrong}: {error}");
        }
        let no_bank = GOOD.split("[terms.bank]").next().expect("a beginning");
        assert!(read_terms(no_bank).is_err_and(|e| e.to_string().contains("bank")));
    }

    #[test]
    fn c3_registration_numbers_have_a_check_digit() {
        for good in ["T7000012050002", "T8700110005901"] {
            assert!(Registration::new(good).is_some(), "{good}");
        }
        let fitting = (0..10).filter(|d| Registration::new(&format!("T{d}123456789012")).is_some()).count();
        assert_eq!(fitting, 1);
        for bad in ["", "T", "T700001205000", "T70000120500021", "t7000012050002", "T700001205000a"] {
            assert!(Registration::new(bad).is_none(), "{bad}");
        }
    }
}
