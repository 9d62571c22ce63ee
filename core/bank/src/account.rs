//! An account into which money is to be sent, as an invoice names it.

use crate::kana::{BadChar, zengin_text};
use core_words::Text;
use unicode_normalization::UnicodeNormalization as _;

/// The kind of an account (預金種目).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// 普通, code 1.
    Ordinary,
    /// 当座, code 2.
    Current,
}

impl AccountKind {
    /// 普通, 当座.
    pub fn ja(self) -> &'static str {
        match self {
            Self::Ordinary => "普通",
            Self::Current => "当座",
        }
    }

    /// In English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Current => "current",
        }
    }

    /// The code in files of banks.
    pub fn code(self) -> char {
        match self {
            Self::Ordinary => '1',
            Self::Current => '2',
        }
    }

    /// By its name in either language, or its code.
    ///
    /// # Errors
    /// [`BadAccount::Kind`].
    pub fn parse(text: &str) -> Result<Self, BadAccount> {
        let plain = text.trim().nfkc().collect::<String>().to_lowercase();
        match plain.strip_suffix("預金").unwrap_or(&plain) {
            "普通" | "ordinary" | "1" => Ok(Self::Ordinary),
            "当座" | "current" | "2" => Ok(Self::Current),
            _ => Err(BadAccount::Kind),
        }
    }
}

/// Why something is no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAccount {
    /// Not four digits.
    #[error("a bank's code has four digits")]
    Bank,
    /// Not three digits.
    #[error("a branch's code has three digits")]
    Branch,
    /// A bank or branch without a name, or with a longer one than 40 characters.
    #[error("bank and branch have names of at most 40 characters")]
    Name,
    /// Neither ordinary nor current.
    #[error("an account is ordinary (普通) or current (当座)")]
    Kind,
    /// Not seven digits.
    #[error("an account's number has seven digits")]
    Number,
    /// Nobody, or longer than the 40 octets that files have for it.
    #[error("the holder's name has 1 to 40 characters")]
    HolderLength,
    /// A character that banks do not have.
    #[error("the holder's name: {0}")]
    Holder(#[from] BadChar),
}

impl BadAccount {
    /// For people.
    pub fn text(self) -> Text {
        match self {
            Self::Bank => Text::new("銀行コードは数字4桁です。", "A bank's code has four digits."),
            Self::Branch => Text::new("支店コードは数字3桁です。", "A branch's code has three digits."),
            Self::Name => Text::new(
                "銀行名・支店名は1～40文字です。",
                "Names of bank and branch have 1 to 40 characters.",
            ),
            Self::Kind => Text::new(
                "預金種目は普通または当座です。",
                "An account is ordinary (普通) or current (当座).",
            ),
            Self::Number => Text::new("口座番号は数字7桁です。", "An account's number has seven digits."),
            Self::HolderLength => Text::new(
                "口座名義はカナ1～40文字です（濁点・半濁点も1文字）。",
                "The holder's name has 1 to 40 kana; sound marks count.",
            ),
            Self::Holder(bad) => bad.text(),
        }
    }
}

/// What is said of an account, unchecked.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Four digits.
    pub bank_code: &'a str,
    /// Its name for people.
    pub bank_name: &'a str,
    /// Three digits.
    pub branch_code: &'a str,
    /// Its name for people.
    pub branch_name: &'a str,
    /// See [`AccountKind::parse`].
    pub kind: &'a str,
    /// Up to seven digits; zeros before it may be left out.
    pub number: &'a str,
    /// In kana of either width.
    pub holder: &'a str,
}

/// An account that can exist: codes and number are of the right form, its holder's name is in the letters of banks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    bank_code: String,
    bank_name: String,
    branch_code: String,
    branch_name: String,
    kind: AccountKind,
    number: String,
    holder: String,
}

impl Account {
    /// Checks what is said: digits may be full-width, the holder's name is converted by [`zengin_text`].
    ///
    /// # Errors
    /// The first [`BadAccount`].
    pub fn new(said: &Said<'_>) -> Result<Self, BadAccount> {
        let name = |text: &str| {
            let trimmed = text.trim();
            let fits = (1..=40).contains(&trimmed.chars().count()) && !trimmed.chars().any(char::is_control);
            fits.then(|| trimmed.to_owned()).ok_or(BadAccount::Name)
        };
        let number =
            digits(said.number).filter(|digits| (1..=7).contains(&digits.len())).ok_or(BadAccount::Number)?;
        let holder = zengin_text(said.holder.trim())?;
        if !(1..=40).contains(&holder.chars().count()) {
            return Err(BadAccount::HolderLength);
        }
        Ok(Self {
            bank_code: digits(said.bank_code).filter(|digits| digits.len() == 4).ok_or(BadAccount::Bank)?,
            bank_name: name(said.bank_name)?,
            branch_code: digits(said.branch_code)
                .filter(|digits| digits.len() == 3)
                .ok_or(BadAccount::Branch)?,
            branch_name: name(said.branch_name)?,
            kind: AccountKind::parse(said.kind)?,
            number: format!("{number:0>7}"),
            holder,
        })
    }

    /// Four digits.
    pub fn bank_code(&self) -> &str {
        &self.bank_code
    }

    /// The bank's name for people.
    pub fn bank_name(&self) -> &str {
        &self.bank_name
    }

    /// Three digits.
    pub fn branch_code(&self) -> &str {
        &self.branch_code
    }

    /// The branch's name for people.
    pub fn branch_name(&self) -> &str {
        &self.branch_name
    }

    /// Ordinary or current.
    pub fn kind(&self) -> AccountKind {
        self.kind
    }

    /// Seven digits.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The holder's name in the letters of banks, half-width.
    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// The same account as files of banks name it: for holding a file against the account it should tell of.
    pub fn own(&self) -> crate::Own {
        crate::Own {
            bank: self.bank_code.clone(),
            branch: self.branch_code.clone(),
            kind: self.kind.code().to_string(),
            number: self.number.clone(),
        }
    }
}

fn digits(text: &str) -> Option<String> {
    let plain: String = text.trim().nfkc().collect();
    plain.bytes().all(|b| b.is_ascii_digit()).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: Said<'static> = Said {
        bank_code: "０１２３",
        bank_name: "割符銀行",
        branch_code: "001",
        branch_name: "本店",
        kind: "普通預金",
        number: "12345",
        holder: "コクホレンゴウカイ",
    };

    #[test]
    fn c10_accounts_for_invoices() {
        let account = Account::new(&SAID).expect("an account");
        assert_eq!(
            (account.bank_code(), account.number(), account.holder()),
            ("0123", "0012345", "ｺｸﾎﾚﾝｺﾞｳｶｲ")
        );
        assert_eq!(account.own().kind, "1");
        for (said, bad) in [
            (Said { bank_code: "123", ..SAID }, BadAccount::Bank),
            (Said { branch_code: "0001", ..SAID }, BadAccount::Branch),
            (Said { branch_code: "00a", ..SAID }, BadAccount::Branch),
            (Said { bank_name: " ", ..SAID }, BadAccount::Name),
            (Said { kind: "貯蓄", ..SAID }, BadAccount::Kind),
            (Said { number: "12345678", ..SAID }, BadAccount::Number),
            (Said { number: "", ..SAID }, BadAccount::Number),
            (Said { holder: "", ..SAID }, BadAccount::HolderLength),
            (Said { holder: "ガガガガガガガガガガガガガガガガガガガガガ", ..SAID }, BadAccount::HolderLength),
            (Said { holder: "連合会", ..SAID }, BadAccount::Holder(BadChar { at: 1, character: '連' })),
        ] {
            assert_eq!(Account::new(&said), Err(bad), "{said:?}");
        }
    }
}
