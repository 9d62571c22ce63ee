//! Distinguished names (RFC 5280 §4.1.2.4, X.501).
//!
//! A name is its DER: names are compared, copied and stored as octets and never encoded twice. Reading
//! checks the form once; walking the attributes afterwards cannot fail.

mod attribute;
mod display;

pub use attribute::{
    ATTRIBUTES, AttributeType, BUSINESS_CATEGORY, C, CN, DC, DESCRIPTION, DN_QUALIFIER, EMAIL, GIVEN_NAME, L,
    O, ORGANIZATION_IDENTIFIER, OU, POSTAL_CODE, PSEUDONYM, SERIAL_NUMBER, ST, STREET, SURNAME, StringType,
    TITLE, UID, is_deceptive, is_printable,
};

use crate::oid::Oid;
use crate::tlv::{self, Limits, Reader, TlvError, TlvFault};
use std::borrow::Cow;
use std::fmt;

/// A name inside somebody's octets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NameRef<'a> {
    der: &'a [u8],
}

/// A name of our own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    der: Vec<u8>,
}

/// One attribute of a name as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Which relative distinguished name it belongs to, from 0.
    pub rdn: usize,
    /// The content octets of its type.
    pub oid: &'a [u8],
    /// The tag of its value.
    pub tag: u8,
    /// The content octets of its value.
    pub value: &'a [u8],
}

/// Why no name was made of values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// The value is empty or longer than its attribute may be.
    #[error("{attribute} must have 1 to {max} characters")]
    Length {
        /// Short name of the attribute.
        attribute: &'static str,
        /// Most characters.
        max: usize,
    },
    /// A deceptive character ([`is_deceptive`]), or one that the string type cannot carry.
    #[error("{attribute} has a character that cannot stand in it")]
    Character {
        /// Short name of the attribute.
        attribute: &'static str,
    },
}

impl<'a> NameRef<'a> {
    /// Reads a name that fills `der` to its end. An empty name (no attributes) is a name.
    ///
    /// # Errors
    /// Anything but the DER of `SEQUENCE OF SET OF SEQUENCE { type, value }`, with sets in order and
    /// values of the string types of X.520, or more attributes than `limits` allow.
    pub fn parse(der: &'a [u8], limits: &Limits) -> Result<Self, TlvError> {
        let outer = Reader::only(der, tlv::SEQUENCE, limits.octets)?;
        Self::check(&outer, limits)?;
        Ok(Self { der })
    }

    /// Takes a name from the front of `reader`.
    pub(crate) fn read(reader: &mut Reader<'a>, limits: &Limits) -> Result<Self, TlvError> {
        let outer = reader.expect(tlv::SEQUENCE)?;
        Self::check(&outer, limits)?;
        Ok(Self { der: outer.whole })
    }

    fn check(outer: &tlv::Tlv<'a>, limits: &Limits) -> Result<(), TlvError> {
        let mut rdns = outer.reader();
        let mut count = 0;
        while !rdns.is_empty() {
            let set = rdns.expect(tlv::SET)?;
            let mut members = set.reader();
            let mut last: &[u8] = &[];
            if members.is_empty() {
                return Err(set.error(TlvFault::Value));
            }
            while !members.is_empty() {
                let member = members.expect(tlv::SEQUENCE)?;
                if member.whole <= last {
                    return Err(member.error(TlvFault::SetOrder));
                }
                last = member.whole;
                count += 1;
                if count > limits.name_attributes {
                    return Err(member.error(TlvFault::TooMuch));
                }
                let mut parts = member.reader();
                parts.expect(tlv::OID)?.oid()?;
                let value = parts.next()?;
                if !text_is_well_formed(value.tag, value.content) {
                    return Err(value.error(TlvFault::Value));
                }
                parts.finish()?;
            }
        }
        Ok(())
    }

    /// The octets.
    pub fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Whether it has no attributes.
    pub fn is_empty(&self) -> bool {
        self.der.len() == 2
    }

    /// The attributes in the order of their encoding, which is the reverse of the order in which
    /// RFC 4514 writes them.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        Attributes { rdns: inner(self.der), set: Reader::new(&[]), rdn: 0 }
    }

    /// The text of the first attribute of this type.
    pub fn first(&self, attribute: &AttributeType) -> Option<Cow<'a, str>> {
        self.attributes().find(|a| a.oid == attribute.oid.content()).and_then(|a| a.text())
    }

    /// A copy of its own.
    pub fn to_name(&self) -> Name {
        Name { der: self.der.to_vec() }
    }
}

impl Name {
    /// Reads a name; see [`NameRef::parse`].
    ///
    /// # Errors
    /// As there.
    pub fn parse(der: &[u8]) -> Result<Self, TlvError> {
        NameRef::parse(der, &Limits::DEFAULT).map(|n| n.to_name())
    }

    /// Makes a name of one attribute per relative distinguished name, in this order.
    ///
    /// # Errors
    /// [`BadName`] for a value that is empty, too long for its attribute, or not of its repertoire.
    pub fn of(values: &[(AttributeType, &str)]) -> Result<Self, BadName> {
        let mut content = Vec::new();
        for (attribute, text) in values {
            push_attribute(&mut content, attribute, attribute.string_type(text), text)?;
        }
        Ok(Self { der: tlv::tlv(tlv::SEQUENCE, &[&content]) })
    }

    /// Takes octets that were just encoded.
    pub(crate) fn from_der(der: Vec<u8>) -> Self {
        Self { der }
    }

    /// The octets.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The octets, without copying.
    pub fn into_der(self) -> Vec<u8> {
        self.der
    }

    /// As a borrowed name.
    pub fn as_ref(&self) -> NameRef<'_> {
        NameRef { der: &self.der }
    }
}

/// Appends one relative distinguished name of one attribute.
pub(crate) fn push_attribute(
    out: &mut Vec<u8>,
    attribute: &AttributeType,
    string: StringType,
    text: &str,
) -> Result<(), BadName> {
    let length = text.chars().count();
    if length == 0 || length > attribute.max || (attribute.oid == C.oid && length != 2) {
        return Err(BadName::Length { attribute: attribute.short, max: attribute.max });
    }
    if text.chars().any(is_deceptive) || !string.can_carry(text) {
        return Err(BadName::Character { attribute: attribute.short });
    }
    let oid = attribute.oid.content();
    // Upper bounds are at most 1,024 characters of four octets, so every length below fits push_header.
    let value = tlv::len_of_header(text.len()) + text.len();
    let pair = 2 + oid.len() + value;
    tlv::push_header(out, tlv::SET, tlv::len_of_header(pair) + pair);
    tlv::push_header(out, tlv::SEQUENCE, pair);
    tlv::push_tlv(out, tlv::OID, oid);
    tlv::push_tlv(out, string.tag(), text.as_bytes());
    Ok(())
}

impl<'a> Attribute<'a> {
    /// What is known of its type.
    pub fn known(&self) -> Option<AttributeType> {
        AttributeType::from_oid(self.oid)
    }

    /// Its type, unless that is longer than any in use.
    pub fn oid(&self) -> Option<Oid> {
        Oid::from_content(self.oid)
    }

    /// Whether both are the same by the rules of RFC 5280 §7.1: the case of letters, white space at the ends
    /// and its amount inside do not count.
    pub fn matches(&self, other: &Attribute<'_>) -> bool {
        if self.oid != other.oid {
            return false;
        }
        if self.tag == other.tag && self.value == other.value {
            return true;
        }
        match (self.text(), other.text()) {
            (Some(a), Some(b)) => folded(&a).eq(folded(&b)),
            _ => false,
        }
    }

    /// Its value as text; `None` for a value that is no string.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self.tag {
            tlv::UTF8_STRING
            | tlv::PRINTABLE_STRING
            | tlv::NUMERIC_STRING
            | tlv::IA5_STRING
            | tlv::VISIBLE_STRING => std::str::from_utf8(self.value).ok().map(Cow::Borrowed),
            // Read as Latin-1, which is what nearly all issuers meant by it.
            tlv::TELETEX_STRING => Some(self.value.iter().map(|o| char::from(*o)).collect()),
            tlv::BMP_STRING => {
                let units = self.value.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]]));
                char::decode_utf16(units).collect::<Result<String, _>>().ok().map(Cow::Owned)
            }
            tlv::UNIVERSAL_STRING => self
                .value
                .chunks_exact(4)
                .map(|c| char::from_u32(u32::from_be_bytes([c[0], c[1], c[2], c[3]])))
                .collect::<Option<String>>()
                .map(Cow::Owned),
            _ => None,
        }
    }
}

/// The words of a text in small letters, one space between them.
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    let words = text.split_whitespace().enumerate();
    words.flat_map(|(i, word)| {
        (i > 0).then_some(' ').into_iter().chain(word.chars().flat_map(char::to_lowercase))
    })
}

fn text_is_well_formed(tag: u8, value: &[u8]) -> bool {
    match tag {
        tlv::UTF8_STRING => std::str::from_utf8(value).is_ok(),
        tlv::PRINTABLE_STRING | tlv::IA5_STRING | tlv::VISIBLE_STRING => value.is_ascii(),
        tlv::NUMERIC_STRING => value.iter().all(|o| o.is_ascii_digit() || *o == b' '),
        tlv::TELETEX_STRING => true,
        tlv::BMP_STRING => value.len().is_multiple_of(2),
        tlv::UNIVERSAL_STRING => value.len().is_multiple_of(4),
        // BIT STRING: x500UniqueIdentifier, the one attribute in use that is no string.
        tlv::BIT_STRING => true,
        _ => false,
    }
}

fn inner(der: &[u8]) -> Reader<'_> {
    Reader::new(der).next().map_or_else(|_| Reader::new(&[]), |outer| outer.reader())
}

struct Attributes<'a> {
    rdns: Reader<'a>,
    set: Reader<'a>,
    rdn: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        // The form was checked when the name was read, so the first error is the end.
        if self.set.is_empty() {
            self.set = self.rdns.enter(tlv::SET).ok()?;
            self.rdn += 1;
        }
        let mut parts = self.set.enter(tlv::SEQUENCE).ok()?;
        let oid = parts.expect(tlv::OID).ok()?.content;
        let value = parts.next().ok()?;
        Some(Attribute { rdn: self.rdn - 1, oid, tag: value.tag, value: value.content })
    }
}

impl fmt::Debug for NameRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl fmt::Display for Name {
    /// As RFC 4514 writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_encoded_in_the_order_given() {
        let name =
            Name::of(&[(C, "JP"), (O, "ReceiptOnline"), (OU, "hokkaido"), (OU, "医療"), (CN, "0110119153")])
                .expect("a name");
        let read: Vec<_> = name
            .as_ref()
            .attributes()
            .map(|a| (a.rdn, a.known().expect("known").short, a.tag, a.text().expect("text").into_owned()))
            .collect();
        assert_eq!(
            read,
            [
                (0, "C", tlv::PRINTABLE_STRING, "JP".into()),
                (1, "O", tlv::PRINTABLE_STRING, "ReceiptOnline".into()),
                (2, "OU", tlv::PRINTABLE_STRING, "hokkaido".into()),
                (3, "OU", tlv::UTF8_STRING, "医療".into()),
                (4, "CN", tlv::PRINTABLE_STRING, "0110119153".into()),
            ]
        );
        assert_eq!(Name::parse(name.der()).as_ref(), Ok(&name));
        assert_eq!(name.as_ref().first(&CN).as_deref(), Some("0110119153"));
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        let refused = |attribute, text: &str| Name::of(&[(attribute, text)]).expect_err("must be refused");
        assert_eq!(refused(CN, ""), BadName::Length { attribute: "CN", max: 64 });
        assert_eq!(refused(CN, &"あ".repeat(65)), BadName::Length { attribute: "CN", max: 64 });
        assert_eq!(refused(C, "JPN"), BadName::Length { attribute: "C", max: 2 });
        assert_eq!(refused(C, "J"), BadName::Length { attribute: "C", max: 2 });
        assert_eq!(refused(SERIAL_NUMBER, "番号"), BadName::Character { attribute: "serialNumber" });
        assert_eq!(refused(CN, "a\nb"), BadName::Character { attribute: "CN" });
        assert!(Name::of(&[(CN, &"あ".repeat(64))]).is_ok());
    }

    #[test]
    fn sets_are_in_order() {
        let pair = |oid: &[u8], text: &str| {
            tlv::tlv(
                tlv::SEQUENCE,
                &[&tlv::tlv(tlv::OID, &[oid]), &tlv::tlv(tlv::UTF8_STRING, &[text.as_bytes()])],
            )
        };
        let (a, b) = (pair(b"\x55\x04\x03", "a"), pair(b"\x55\x04\x0b", "b"));
        let name = |members: &[&[u8]]| tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::SET, members)]);
        let good = name(&[&a, &b]);
        let good = NameRef::parse(&good, &Limits::DEFAULT).expect("a name");
        assert_eq!(good.attributes().map(|a| a.rdn).collect::<Vec<_>>(), [0, 0]);
        for bad in [name(&[&b, &a]), name(&[&a, &a])] {
            assert_eq!(Name::parse(&bad).expect_err("not in order").fault, TlvFault::SetOrder);
        }
        assert_eq!(Name::parse(&name(&[])).expect_err("an empty set").fault, TlvFault::Value);
    }

    #[test]
    fn the_number_of_attributes_is_limited() {
        let limits = Limits { name_attributes: 3, ..Limits::DEFAULT };
        let three = Name::of(&[(OU, "a"), (OU, "b"), (OU, "c")]).expect("a name");
        assert!(NameRef::parse(three.der(), &limits).is_ok());
        let four = Name::of(&[(OU, "a"), (OU, "b"), (OU, "c"), (OU, "d")]).expect("a name");
        assert_eq!(NameRef::parse(four.der(), &limits).expect_err("too many").fault, TlvFault::TooMuch);
    }

    #[test]
    fn old_string_types_are_still_read() {
        let attribute = |tag, value| Attribute { rdn: 0, oid: b"\x55\x04\x03", tag, value };
        assert_eq!(
            attribute(tlv::BMP_STRING, b"\x53\x70\x9b\x51").text().as_deref(),
            Some("\u{5370}\u{9b51}")
        );
        assert_eq!(attribute(tlv::TELETEX_STRING, b"caf\xe9").text().as_deref(), Some("café"));
        assert_eq!(attribute(tlv::UNIVERSAL_STRING, b"\x00\x01\xf6\x00").text().as_deref(), Some("😀"));
        assert_eq!(attribute(tlv::BMP_STRING, b"\xd8\x00").text(), None);
        assert_eq!(attribute(tlv::BIT_STRING, b"\x00").text(), None);
    }

    proptest! {
        #[test]
        fn names_lead_back(values in prop::collection::vec((0..ATTRIBUTES.len(), "\\PC{1,70}"), 0..12)) {
            let values: Vec<_> = values.iter().map(|(i, text)| (ATTRIBUTES[*i], text.as_str())).collect();
            if let Ok(name) = Name::of(&values) {
                let read = NameRef::parse(name.der(), &Limits::DEFAULT).expect("what we write we read");
                let back: Vec<_> = read.attributes()
                    .map(|a| (a.known().expect("known"), a.text().expect("text").into_owned())).collect();
                let back: Vec<_> = back.iter().map(|(a, t)| (*a, t.as_str())).collect();
                prop_assert_eq!(back, values);
            }
        }

        #[test]
        fn arbitrary_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(name) = NameRef::parse(&octets, &Limits::DEFAULT) {
                let _ = (name.to_string(), name.attributes().count());
            }
        }
    }
}
