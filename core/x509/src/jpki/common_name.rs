//! The common names of certificates: numbers, not names of people.
//!
//! | certificate | characters | parts |
//! |---|---|---|
//! | signing | 28 | 14 digits that read as local date and time, 5 digits, municipality 5, 3 digits, a capital letter |
//! | authentication | 23 | 14 digits or capital letters, municipality 5, 3 digits, a capital letter |
//!
//! What the parts before and behind the municipality mean is not published, so reading takes every value of that form,
//! and two certificates of one holder have nothing in common here but the municipality.

use super::municipality::{BadMunicipality, MunicipalityCode};
use crate::time::{DAY, Day};
use core_words::UtcSeconds;
use std::fmt;

/// The common name of a signing certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignCommonName {
    moment: String,
    number: u32,
    municipality: MunicipalityCode,
    suffix: Suffix,
}

/// The common name of an authentication certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuthCommonName {
    id: String,
    municipality: MunicipalityCode,
    suffix: Suffix,
}

/// What ends both: 3 digits and a capital letter. `003A` in every sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Suffix {
    number: u16,
    letter: char,
}

/// Why something is no common name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCommonName {
    /// Not of the form.
    #[error("a common name of the public personal authentication has another form")]
    Form,
    /// A number above its digits, or a time that 14 digits cannot say.
    #[error("a part of the common name does not fit its digits")]
    Part,
    /// No municipality.
    #[error(transparent)]
    Municipality(#[from] BadMunicipality),
}

impl Suffix {
    /// `003A`.
    pub const USUAL: Self = Self { number: 3, letter: 'A' };

    /// A number below 1000 and a capital letter.
    ///
    /// # Errors
    /// [`BadCommonName::Part`].
    pub fn new(number: u16, letter: char) -> Result<Self, BadCommonName> {
        match number < 1_000 && letter.is_ascii_uppercase() {
            true => Ok(Self { number, letter }),
            false => Err(BadCommonName::Part),
        }
    }

    fn read(text: &str) -> Result<Self, BadCommonName> {
        let (digits, letter) = text.split_at_checked(3).ok_or(BadCommonName::Form)?;
        let mut letters = letter.chars();
        match (number(digits), letters.next(), letters.next()) {
            (Some(number), Some(letter), None) if letter.is_ascii_uppercase() => {
                // Three digits.
                Ok(Self { number: number as u16, letter })
            }
            _ => Err(BadCommonName::Form),
        }
    }
}

impl SignCommonName {
    /// A moment, which is written in Japanese time; a number below 100,000 that makes it unique; where it was applied
    /// for.
    ///
    /// # Errors
    /// [`BadCommonName::Part`].
    pub fn new(
        moment: UtcSeconds,
        number: u32,
        municipality: MunicipalityCode,
        suffix: Suffix,
    ) -> Result<Self, BadCommonName> {
        let day = Day::of_tokyo(moment);
        if number >= 100_000 || !(1..=9999).contains(&day.year) {
            return Err(BadCommonName::Part);
        }
        let second = moment.0 - day.starts_tokyo().0;
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let moment = format!("{:04}{:02}{:02}{hour:02}{minute:02}{second:02}", day.year, day.month, day.day);
        Ok(Self { moment, number, municipality, suffix })
    }

    /// Reads 28 characters.
    ///
    /// # Errors
    /// [`BadCommonName`].
    pub fn parse(text: &str) -> Result<Self, BadCommonName> {
        let [moment, serial, municipality, suffix] = parts(text, [14, 5, 5, 4])?;
        if !moment.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadCommonName::Form);
        }
        Ok(Self {
            moment: moment.to_owned(),
            number: number(serial).ok_or(BadCommonName::Form)?,
            municipality: MunicipalityCode::parse(municipality)?,
            suffix: Suffix::read(suffix)?,
        })
    }

    /// The 14 digits as a time of Japan, where they are one.
    pub fn moment(&self) -> Option<UtcSeconds> {
        let part = |from: usize, to: usize| self.moment.get(from..to).and_then(number);
        let day = Day::new(i64::from(part(0, 4)?), part(4, 6)? as u8, part(6, 8)? as u8)?;
        let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
        let second = i64::from(hour * 3_600 + minute * 60 + second);
        (minute < 60 && second < DAY && part(12, 14)? < 60).then(|| day.starts_tokyo().plus(second))
    }

    /// The number behind them.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The municipality.
    pub fn municipality(&self) -> MunicipalityCode {
        self.municipality
    }

    /// The end.
    pub fn suffix(&self) -> Suffix {
        self.suffix
    }
}

impl AuthCommonName {
    /// 14 characters drawn from 16 random octets. They say nothing, and are not those of another certificate.
    pub fn from_random(octets: [u8; 16], municipality: MunicipalityCode, suffix: Suffix) -> Self {
        const CHARACTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        // 36^14 is below 2^73, so the remainders are as likely as each other but for one part in 2^55.
        let mut rest = u128::from_be_bytes(octets);
        let draw = |_| {
            let character = CHARACTERS[(rest % 36) as usize];
            rest /= 36;
            char::from(character)
        };
        Self { id: (0..14).map(draw).collect(), municipality, suffix }
    }

    /// Reads 23 characters.
    ///
    /// # Errors
    /// [`BadCommonName`].
    pub fn parse(text: &str) -> Result<Self, BadCommonName> {
        let [id, municipality, suffix] = parts(text, [14, 5, 4])?;
        if !id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return Err(BadCommonName::Form);
        }
        let municipality = MunicipalityCode::parse(municipality)?;
        Ok(Self { id: id.to_owned(), municipality, suffix: Suffix::read(suffix)? })
    }

    /// The 14 characters.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The municipality.
    pub fn municipality(&self) -> MunicipalityCode {
        self.municipality
    }

    /// The end.
    pub fn suffix(&self) -> Suffix {
        self.suffix
    }
}

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}{}", self.number, self.letter)
    }
}

impl fmt::Display for SignCommonName {
    /// The 28 characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:05}{}{}", self.moment, self.number, self.municipality, self.suffix)
    }
}

impl fmt::Display for AuthCommonName {
    /// The 23 characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.id, self.municipality, self.suffix)
    }
}

/// Cuts a text of exactly these lengths.
fn parts<const N: usize>(text: &str, lengths: [usize; N]) -> Result<[&str; N], BadCommonName> {
    let mut rest = text;
    let mut out = [""; N];
    for (part, length) in out.iter_mut().zip(lengths) {
        (*part, rest) = rest.split_at_checked(length).ok_or(BadCommonName::Form)?;
    }
    if rest.is_empty() { Ok(out) } else { Err(BadCommonName::Form) }
}

/// At most 9 digits.
fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kiyose() -> MunicipalityCode {
        MunicipalityCode::parse("132217").expect("a code")
    }

    #[test]
    fn j16_a_signing_common_name_has_28_characters() {
        let moment = Day::new(2025, 10, 16).expect("a day").starts_tokyo().plus(9 * 3_600 + 5 * 60 + 7);
        let name = SignCommonName::new(moment, 42, kiyose(), Suffix::USUAL).expect("a name");
        assert_eq!(name.to_string(), "202510160905070004213221003A");
        assert_eq!(SignCommonName::parse(&name.to_string()), Ok(name.clone()));
        assert_eq!((name.moment(), name.number(), name.municipality()), (Some(moment), 42, kiyose()));
        assert!(SignCommonName::new(moment, 100_000, kiyose(), Suffix::USUAL).is_err());
        // What the first digits mean is not published, so what is no time is read too.
        let strange = SignCommonName::parse("999999999999990004213221003A").expect("of the form");
        assert_eq!(strange.moment(), None);
        for (digits, is_time) in
            [("20251016235959", true), ("20251016240000", false), ("20251016236000", false)]
        {
            let name = SignCommonName::parse(&format!("{digits}0004213221003A")).expect("of the form");
            assert_eq!(name.moment().is_some(), is_time, "{digits}");
        }
    }

    #[test]
    fn j16_an_authentication_common_name_has_23_characters() {
        let name = AuthCommonName::from_random([0xff; 16], kiyose(), Suffix::USUAL);
        let text = name.to_string();
        assert_eq!((text.len(), &text[14..]), (23, "13221003A"));
        assert_eq!(AuthCommonName::parse(&text), Ok(name.clone()));
        assert_eq!(name.id(), &text[..14]);
        assert_ne!(AuthCommonName::from_random([7; 16], kiyose(), Suffix::USUAL), name);
        assert!(Suffix::new(1_000, 'A').is_err() && Suffix::new(3, 'a').is_err());
    }

    #[test]
    fn j16_what_is_no_common_name_says_why() {
        let form = BadCommonName::Form;
        for bad in [
            "",
            "202510160905070004213221003",
            "202510160905070004213221003AA",
            "2025101609050700042132210030",
        ] {
            assert_eq!(SignCommonName::parse(bad), Err(form), "{bad}");
        }
        for bad in ["A025101609050700042132210 3A", "A1B2C3D4E5F6g713221003A", "A1B2C3D4E5F6G713221003a"] {
            assert_eq!(AuthCommonName::parse(bad), Err(form), "{bad}");
        }
        let nowhere = BadCommonName::Municipality(BadMunicipality::Prefecture);
        assert_eq!(AuthCommonName::parse("A1B2C3D4E5F6G748221003A"), Err(nowhere));
        assert_eq!(SignCommonName::parse("202510160905070004248221003A"), Err(nowhere));
        // One is not taken for the other.
        assert_eq!(SignCommonName::parse("A1B2C3D4E5F6G713221003A"), Err(form));
        assert_eq!(AuthCommonName::parse("202510160905070004213221003A"), Err(form));
    }

    proptest! {
        #[test]
        fn j16_signing_common_names_lead_back(text in "[0-9]{19}(0[1-9]|[123][0-9]|4[0-7])[0-9]{6}[A-Z]") {
            prop_assert_eq!(SignCommonName::parse(&text).map(|n| n.to_string()), Ok(text));
        }

        #[test]
        fn j16_authentication_common_names_lead_back(octets: [u8; 16]) {
            let name = AuthCommonName::from_random(octets, kiyose(), Suffix::USUAL);
            prop_assert_eq!(AuthCommonName::parse(&name.to_string()), Ok(name));
        }

        #[test]
        fn j16_any_text_is_a_common_name_or_none(text: String) {
            let _ = (SignCommonName::parse(&text), AuthCommonName::parse(&text));
        }
    }
}
