//! What a certificate says in the otherNames of signing certificates, whoever wrote it: in any order, with more of them
//! than are known here, or with fewer.
//!
//! Two things are errors, since no reading of them is better than another: a field that stands there twice, and more
//! than is worth reading. Everything else is shown as it stands, with what is wrong about it.

use super::birth::{BadBirth, Birth};
use super::four::{BadFour, BasicFour, Field, Flagged, Sex};
use crate::certificate::Tbs;
use crate::general_name::GeneralName;
use crate::oid::Oid;
use crate::tlv::{self, Reader, TlvError};

/// Most otherNames that are read: six are known, and a few more are announced.
const MOST: usize = 32;
/// Most octets of one value: 200 characters of four octets, five times over.
const LONGEST: usize = 4_096;

/// What stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    values: [Option<String>; 6],
    not_text: Vec<Field>,
    unknown: Vec<UnknownName>,
}

/// An otherName that is none of the six.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// Its type; `None` for one longer than any in use.
    pub oid: Option<Oid>,
    /// The whole element that is its value.
    pub value: Vec<u8>,
}

/// Something that keeps a reading from being a [`BasicFour`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not there.
    #[error("{0} is missing")]
    Missing(Field),
    /// It is there, and no UTF8String.
    #[error("{0} is not a text")]
    NotText(Field),
    /// A text or its flags.
    #[error(transparent)]
    Text(#[from] BadFour),
    /// None of the digits for a sex.
    #[error("sex: 1, 2 or 3")]
    Sex,
    /// No day of birth.
    #[error("birth: {0}")]
    Birth(#[from] BadBirth),
}

/// Why nothing was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadReading {
    /// The extension is no list of names.
    #[error("subjectAltName is not readable: {0}")]
    Malformed(#[from] TlvError),
    /// A field stands there twice, and nobody can say which holds.
    #[error("{0} stands there twice")]
    Twice(Field),
    /// More otherNames than are read, or a longer one.
    #[error("more than {MOST} otherNames, or one of more than {LONGEST} octets")]
    TooMuch,
}

impl Reading {
    /// Reads the subjectAltName of a certificate. Names of other kinds are nothing to it; without any otherName, all
    /// six are missing.
    ///
    /// # Errors
    /// [`BadReading`].
    pub fn of(tbs: &Tbs<'_>) -> Result<Self, BadReading> {
        Self::of_names(&tbs.subject_alt_names()?)
    }

    /// Reads alternative names.
    ///
    /// # Errors
    /// [`BadReading::Twice`] and [`BadReading::TooMuch`].
    pub fn of_names(names: &[GeneralName<'_>]) -> Result<Self, BadReading> {
        let mut out = Self::default();
        let mut seen: Vec<Field> = Vec::new();
        for (i, (oid, value)) in names.iter().filter_map(other_name).enumerate() {
            if i == MOST || value.len() > LONGEST {
                return Err(BadReading::TooMuch);
            }
            let Some(field) = Field::of_oid(oid) else {
                out.unknown.push(UnknownName { oid: Oid::from_content(oid), value: value.to_vec() });
                continue;
            };
            if seen.contains(&field) {
                return Err(BadReading::Twice(field));
            }
            seen.push(field);
            match text(value) {
                Some(text) => out.values[place(field)] = Some(text.to_owned()),
                None => out.not_text.push(field),
            }
        }
        Ok(out)
    }

    /// A field as it stands there, right or wrong.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values[place(field)].as_deref()
    }

    /// otherNames that are none of the six, in their order: below the arc of the six, where more are announced, or
    /// elsewhere.
    pub fn unknown(&self) -> &[UnknownName] {
        &self.unknown
    }

    /// Whether there is none of the six: an authentication certificate, or somebody else's.
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none) && self.not_text.is_empty()
    }

    /// The four, where all of it is there and right.
    ///
    /// # Errors
    /// Everything that is missing or wrong, in the order of the card.
    pub fn basic_four(&self) -> Result<BasicFour, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut get = |field| {
            let value = self.value(field);
            if value.is_none() {
                let there = self.not_text.contains(&field);
                faults.push(if there { Fault::NotText(field) } else { Fault::Missing(field) });
            }
            value
        };
        let [name, birth, sex, address, name_flags, address_flags] = Field::CARD.map(&mut get);
        let name = name.zip(name_flags).map(|(text, flags)| Flagged::name(text, flags));
        let address = address.zip(address_flags).map(|(text, flags)| Flagged::address(text, flags));
        let birth = birth.map(Birth::of_digits);
        let sex = sex.map(|digit| Sex::of_digit(digit).ok_or(Fault::Sex));
        faults.extend(name.iter().filter_map(|n| n.as_ref().err()).map(|bad| Fault::Text(*bad)));
        faults.extend(birth.iter().filter_map(|b| b.as_ref().err()).map(|bad| Fault::Birth(*bad)));
        faults.extend(sex.iter().filter_map(|s| s.as_ref().err()));
        faults.extend(address.iter().filter_map(|a| a.as_ref().err()).map(|bad| Fault::Text(*bad)));
        match (name, sex, birth, address) {
            (Some(Ok(name)), Some(Ok(sex)), Some(Ok(birth)), Some(Ok(address))) => {
                BasicFour::new(name, sex, birth, address).map_err(|bad| vec![Fault::Text(bad)])
            }
            _ => Err(faults),
        }
    }
}

impl UnknownName {
    /// Whether it stands below the arc of the six: an item of the register that was added later.
    pub fn is_in_arc(&self) -> bool {
        self.oid.is_some_and(|oid| oid.content().starts_with(Field::ARC))
    }

    /// Its text, where it is a UTF8String.
    pub fn text(&self) -> Option<&str> {
        text(&self.value)
    }
}

fn other_name<'a>(name: &GeneralName<'a>) -> Option<(&'a [u8], &'a [u8])> {
    match name {
        GeneralName::Other { oid, value } => Some((oid, value)),
        _ => None,
    }
}

fn text(value: &[u8]) -> Option<&str> {
    let element = Reader::only(value, tlv::UTF8_STRING, LONGEST).ok()?;
    std::str::from_utf8(element.content).ok()
}

fn place(field: Field) -> usize {
    Field::CARD.iter().position(|f| *f == field).unwrap_or_default()
}
