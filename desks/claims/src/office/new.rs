//! A record as somebody hands it in, and what of it is bearable (C23).

use super::refusals::bad_office;
use crate::{
    settings::address,
    store::holders::{NewHolder, Record},
    words::HolderNumber,
};
use core_words::Refusal;
use kit_web::forms::{digits, half_width, katakana, trimmed};

/// A care provider or an agent as it is entered, or as its record is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOffice {
    /// Its number: ten digits, or an agent's ID.
    pub number: HolderNumber,
    /// Its name.
    pub name: String,
    /// Its name in katakana.
    pub kana: String,
    /// Postal code, seven digits.
    pub postal: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Where notices are sent.
    pub email: String,
}

impl NewOffice {
    /// The same as people write it, made as records have it: kana as katakana, digits in half width without hyphens;
    /// if every item is then as the pages demand.
    ///
    /// # Errors
    /// `claims.bad_office`, naming the item.
    pub fn tidied(self) -> Result<Self, Refusal> {
        let tidy = Self {
            number: self.number,
            name: trimmed(&self.name),
            kana: katakana(&trimmed(&self.kana)),
            postal: digits(&trimmed(&self.postal)),
            address: trimmed(&self.address),
            phone: digits(&trimmed(&self.phone)),
            email: half_width(&trimmed(&self.email)),
        };
        let of_kana = |c| matches!(c, '\u{30a1}'..='\u{30fc}' | ' ' | '0'..='9' | 'A'..='Z' | 'a'..='z');
        if !tidy.kana.chars().all(of_kana) {
            return Err(bad_office("kana"));
        }
        let calls = (10..=11).contains(&tidy.phone.len())
            && tidy.phone.starts_with('0')
            && tidy.phone.bytes().all(|b| b.is_ascii_digit());
        if !calls {
            return Err(bad_office("phone"));
        }
        tidy.checked()
    }

    /// The same, if its lengths fit rows, papers and envelopes.
    ///
    /// # Errors
    /// `claims.bad_office`.
    pub fn checked(self) -> Result<Self, Refusal> {
        let fits = |text: &str, most: usize| {
            (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        let postal = self.postal.len() == 7 && self.postal.bytes().all(|b| b.is_ascii_digit());
        for (fine, what) in [
            (fits(&self.name, 100), "name"),
            (fits(&self.kana, 100), "kana"),
            (fits(&self.address, 200), "address"),
            (fits(&self.phone, 20), "phone"),
            (postal, "postal"),
            (address(&self.email, &self.name).is_some(), "email"),
        ] {
            if !fine {
                return Err(bad_office(what));
            }
        }
        Ok(self)
    }

    pub(super) fn row(&self) -> NewHolder<'_> {
        NewHolder {
            number: &self.number,
            name: &self.name,
            kana: &self.kana,
            postal: &self.postal,
            address: &self.address,
            phone: &self.phone,
            email: &self.email,
        }
    }

    /// Whether a record says the same.
    pub(crate) fn is_as(&self, record: &Record) -> bool {
        let holder = &record.holder;
        [
            (&self.name, &holder.name),
            (&self.kana, &holder.kana),
            (&self.postal, &holder.postal),
            (&self.address, &holder.address),
            (&self.phone, &holder.phone),
            (&self.email, &holder.email),
        ]
        .iter()
        .all(|(new, old)| new == old)
    }
}
