//! The four items of the resident register in a signing certificate (基本4情報), and which of their characters are
//! substitutes.
//!
//! | otherName below [`ARC`](Field::ARC) | what | value |
//! |---|---|---|
//! | .1 | name (氏名) | family name, U+3000, given name |
//! | .2 | substitutes in the name (氏名代替文字使用情報) | `0` or `1` for each character of .1, blanks too |
//! | .3 | sex (性別) | `1` male, `2` female, `3` unknown |
//! | .4 | day of birth (生年月日) | [`Birth`] |
//! | .5 | address (住所) | one text, from the prefecture on |
//! | .6 | substitutes in the address (住所代替文字使用情報) | as .2, for .5 |
//!
//! Each is a UTF8String. On cards they stand in the order .1, .4, .3, .5, .2, .6, and here too.

use super::birth::Birth;
use crate::name::is_deceptive;
use crate::oid::Oid;
use crate::plan::AltName;
use std::fmt;

/// The most characters of a name.
pub const LONGEST_NAME: usize = 100;
/// The most characters of an address.
pub const LONGEST_ADDRESS: usize = 200;

/// What is written into a signing certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicFour {
    name: Flagged,
    sex: Sex,
    birth: Birth,
    address: Flagged,
}

/// A text, and which of its characters stand for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flagged {
    text: String,
    flags: String,
}

/// Sex as the register has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
    /// Unknown, or not said.
    Unknown,
}

/// One of the six otherNames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// 氏名.
    Name,
    /// 氏名代替文字使用情報.
    NameFlags,
    /// 性別.
    Sex,
    /// 生年月日.
    Birth,
    /// 住所.
    Address,
    /// 住所代替文字使用情報.
    AddressFlags,
}

/// Why something does not go into a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFour {
    /// Empty, or more characters than there may be.
    #[error("{field}: a text of 1 to {max} characters")]
    Length {
        /// Which.
        field: Field,
        /// The most characters.
        max: usize,
    },
    /// A control character, or one that deceives whoever reads it ([`is_deceptive`]).
    #[error("{field}: character {at} cannot stand in it")]
    Character {
        /// Which.
        field: Field,
        /// Which character, from 0.
        at: usize,
    },
    /// Something else than `0` and `1`.
    #[error("{field}: only 0 and 1")]
    Digit {
        /// Which.
        field: Field,
    },
    /// Not one flag for each character.
    #[error("{field}: {flags} flags for {characters} characters")]
    Count {
        /// Which.
        field: Field,
        /// How many flags there are.
        flags: usize,
        /// How many characters there are.
        characters: usize,
    },
}

impl BasicFour {
    /// Puts the four together: texts that [`Flagged::name`] and [`Flagged::address`] have checked.
    ///
    /// # Errors
    /// [`BadFour::Length`] when what was checked as an address, and is too long for a name, is given as the name.
    pub fn new(name: Flagged, sex: Sex, birth: Birth, address: Flagged) -> Result<Self, BadFour> {
        let name = Flagged::name(&name.text, &name.flags)?;
        Ok(Self { name, sex, birth, address })
    }

    /// The name.
    pub fn name(&self) -> &Flagged {
        &self.name
    }

    /// The sex.
    pub fn sex(&self) -> Sex {
        self.sex
    }

    /// The day of birth.
    pub fn birth(&self) -> Birth {
        self.birth
    }

    /// The address.
    pub fn address(&self) -> &Flagged {
        &self.address
    }

    /// The otherNames of an order, in the order of the card.
    pub fn alt_names(&self) -> Vec<AltName> {
        Field::CARD
            .iter()
            .map(|field| AltName::Other { oid: field.oid(), text: self.value(*field) })
            .collect()
    }

    /// The text of one of the otherNames.
    pub fn value(&self, field: Field) -> String {
        match field {
            Field::Name => self.name.text.clone(),
            Field::NameFlags => self.name.flags.clone(),
            Field::Sex => self.sex.digit().to_owned(),
            Field::Birth => self.birth.to_string(),
            Field::Address => self.address.text.clone(),
            Field::AddressFlags => self.address.flags.clone(),
        }
    }
}

impl Flagged {
    /// A name with its flags.
    ///
    /// # Errors
    /// [`BadFour`].
    pub fn name(text: &str, flags: &str) -> Result<Self, BadFour> {
        Self::new(text, flags, Field::Name, Field::NameFlags, LONGEST_NAME)
    }

    /// An address with its flags.
    ///
    /// # Errors
    /// [`BadFour`].
    pub fn address(text: &str, flags: &str) -> Result<Self, BadFour> {
        Self::new(text, flags, Field::Address, Field::AddressFlags, LONGEST_ADDRESS)
    }

    fn new(text: &str, flags: &str, field: Field, flag: Field, max: usize) -> Result<Self, BadFour> {
        // Counting characters is linear, so octets bound it first: a character has at most four.
        let characters = if text.len() > 4 * max { max + 1 } else { text.chars().count() };
        if characters == 0 || characters > max {
            return Err(BadFour::Length { field, max });
        }
        if let Some(at) = text.chars().position(is_deceptive) {
            return Err(BadFour::Character { field, at });
        }
        if !flags.bytes().all(|b| matches!(b, b'0' | b'1')) {
            return Err(BadFour::Digit { field: flag });
        }
        if flags.len() != characters {
            return Err(BadFour::Count { field: flag, flags: flags.len(), characters });
        }
        Ok(Self { text: text.to_owned(), flags: flags.to_owned() })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `0` or `1` for each character.
    pub fn flags(&self) -> &str {
        &self.flags
    }

    /// Each character, and whether it stands for another one.
    pub fn characters(&self) -> impl Iterator<Item = (char, bool)> {
        self.text.chars().zip(self.flags.bytes().map(|flag| flag == b'1'))
    }
}

impl Sex {
    /// Reads the digit. `0` and `9`, which other registers write for unknown and not applicable (JIS X 0303), are unknown.
    pub fn of_digit(text: &str) -> Option<Self> {
        match text {
            "1" => Some(Self::Male),
            "2" => Some(Self::Female),
            "3" | "0" | "9" => Some(Self::Unknown),
            _ => None,
        }
    }

    /// The digit that is written.
    pub fn digit(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
            Self::Unknown => "3",
        }
    }
}

impl Field {
    /// The arc of the otherNames, 1.2.392.200149.8.5.5: the content octets with which their identifiers begin.
    pub const ARC: &[u8] = b"\x2a\x83\x08\x8c\x9b\x55\x08\x05\x05";

    /// All of them, in the order of the card.
    pub const CARD: [Self; 6] =
        [Self::Name, Self::Birth, Self::Sex, Self::Address, Self::NameFlags, Self::AddressFlags];

    /// The last arc of its identifier.
    fn number(self) -> u8 {
        match self {
            Self::Name => 1,
            Self::NameFlags => 2,
            Self::Sex => 3,
            Self::Birth => 4,
            Self::Address => 5,
            Self::AddressFlags => 6,
        }
    }

    /// Its identifier.
    pub fn oid(self) -> Oid {
        Oid::known(&[Self::ARC, &[self.number()]].concat())
    }

    /// The field with this identifier, by its content octets.
    pub fn of_oid(content: &[u8]) -> Option<Self> {
        let [number] = content.strip_prefix(Self::ARC)? else { return None };
        Self::CARD.into_iter().find(|field| field.number() == *number)
    }
}

impl fmt::Display for Field {
    /// As forms call it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::NameFlags => "name_flags",
            Self::Sex => "sex",
            Self::Birth => "birth",
            Self::Address => "address",
            Self::AddressFlags => "address_flags",
        })
    }
}
