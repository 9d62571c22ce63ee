//! Terms as a file in TOML, and what of it is believed.

use super::{AccountKind, Bank, OffsetTerms, Registration, Terms};
use crate::{papers::tax, settings::BadSettings};
use core_sheet::Encoding;
use core_words::{Text, Yen};
use kit_web::dates::Day;

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
        let terms = read_terms(include_str!("../../../terms/claims.toml")).expect("well formed");
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
