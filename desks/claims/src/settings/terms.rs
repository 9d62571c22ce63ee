//! Terms: what an application costs, how it is paid and what is agreed to, each from a day on.

mod file;

pub use file::read_terms;

use crate::words::Applied;
use core_sheet::Encoding;
use core_words::{Text, UtcMicros, Yen};
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
