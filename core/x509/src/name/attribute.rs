//! The attributes of names: what they are called, how long they may be, which string types they may use.

use crate::oid::Oid;
use crate::tlv;

/// The string types in which RFC 5280 lets new names be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StringType {
    /// PrintableString: letters, digits, space and `'()+,-./:=?`.
    Printable,
    /// UTF8String.
    Utf8,
    /// IA5String: ASCII. Only for the attributes defined with it (mail address, domain component).
    Ia5,
}

/// What an attribute's definition says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeType {
    /// Its name in profiles, orders and messages: `CN`, `OU`, `serialNumber`.
    pub short: &'static str,
    /// Its identifier.
    pub oid: Oid,
    /// Most characters (RFC 5280 Appendix A.1, upper bounds).
    pub max: usize,
    /// The only string type of its definition; `None` for a DirectoryString, where RFC 5280 §4.1.2.4
    /// leaves PrintableString and UTF8String.
    pub only: Option<StringType>,
}

macro_rules! attributes {
    ($($name:ident, $short:literal, $oid:literal, $max:literal, $only:expr, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub const $name: AttributeType =
                AttributeType { short: $short, oid: Oid::known($oid), max: $max, only: $only };
        )*
        /// Every attribute that profiles can name.
        pub const ATTRIBUTES: &[AttributeType] = &[$($name),*];
    };
}

attributes! {
    CN, "CN", b"\x55\x04\x03", 64, None, "commonName.";
    SURNAME, "SN", b"\x55\x04\x04", 64, None, "surname. X.520 allows 32768 characters; 64 is the bound of names in practice.";
    SERIAL_NUMBER, "serialNumber", b"\x55\x04\x05", 64, Some(StringType::Printable), "serialNumber.";
    C, "C", b"\x55\x04\x06", 2, Some(StringType::Printable), "countryName: two letters of ISO 3166.";
    L, "L", b"\x55\x04\x07", 128, None, "localityName.";
    ST, "ST", b"\x55\x04\x08", 128, None, "stateOrProvinceName.";
    STREET, "street", b"\x55\x04\x09", 128, None, "streetAddress.";
    O, "O", b"\x55\x04\x0a", 64, None, "organizationName.";
    OU, "OU", b"\x55\x04\x0b", 64, None, "organizationalUnitName.";
    TITLE, "title", b"\x55\x04\x0c", 64, None, "title.";
    DESCRIPTION, "description", b"\x55\x04\x0d", 1024, None, "description.";
    BUSINESS_CATEGORY, "businessCategory", b"\x55\x04\x0f", 128, None, "businessCategory.";
    POSTAL_CODE, "postalCode", b"\x55\x04\x11", 40, None, "postalCode.";
    GIVEN_NAME, "GN", b"\x55\x04\x2a", 64, None, "givenName. Bounded as SN is.";
    DN_QUALIFIER, "dnQualifier", b"\x55\x04\x2e", 64, Some(StringType::Printable), "dnQualifier.";
    PSEUDONYM, "pseudonym", b"\x55\x04\x41", 128, None, "pseudonym.";
    ORGANIZATION_IDENTIFIER, "organizationIdentifier", b"\x55\x04\x61", 64, None, "organizationIdentifier (X.520).";
    UID, "UID", b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 256, None, "userId (RFC 4519).";
    DC, "DC", b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 63, Some(StringType::Ia5), "domainComponent (RFC 4519).";
    EMAIL, "emailAddress", b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 255, Some(StringType::Ia5), "emailAddress (RFC 2985); new certificates carry it in subjectAltName.";
}

impl AttributeType {
    /// The attribute with this [`short`](Self::short) name, in exactly this spelling.
    pub fn from_short(short: &str) -> Option<Self> {
        ATTRIBUTES.iter().find(|a| a.short == short).copied()
    }

    /// The attribute with this identifier, by its content octets.
    pub fn from_oid(content: &[u8]) -> Option<Self> {
        ATTRIBUTES.iter().find(|a| a.oid.content() == content).copied()
    }

    /// The string type in which a new name carries `text`: the only one, or PrintableString where it
    /// suffices, or UTF8String.
    pub fn string_type(&self, text: &str) -> StringType {
        match self.only {
            Some(only) => only,
            None if is_printable(text.as_bytes()) => StringType::Printable,
            None => StringType::Utf8,
        }
    }
}

impl StringType {
    /// The tag.
    pub fn tag(self) -> u8 {
        match self {
            Self::Printable => tlv::PRINTABLE_STRING,
            Self::Utf8 => tlv::UTF8_STRING,
            Self::Ia5 => tlv::IA5_STRING,
        }
    }

    /// Whether `text` can be written in this type.
    pub fn can_carry(self, text: &str) -> bool {
        match self {
            Self::Printable => is_printable(text.as_bytes()),
            Self::Utf8 => true,
            Self::Ia5 => text.is_ascii(),
        }
    }
}

/// Whether a character has no place in a new name: controls, and the invisible ones that turn the direction of
/// writing or join and hide (Unicode's bidirectional and zero-width formats), which make one name look like
/// another. Variation selectors, which Japanese names need, have their place.
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether every octet is in the repertoire of PrintableString (X.680 §41.4).
pub fn is_printable(octets: &[u8]) -> bool {
    octets.iter().all(|o| o.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(o))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_and_identifiers_are_unique_and_lead_back() {
        let mut seen = HashSet::new();
        for attribute in ATTRIBUTES {
            assert!(seen.insert(attribute.short));
            assert_eq!(AttributeType::from_short(attribute.short), Some(*attribute));
            assert_eq!(AttributeType::from_oid(attribute.oid.content()), Some(*attribute));
            assert_eq!(Oid::from_content(attribute.oid.content()), Some(attribute.oid));
        }
    }

    #[test]
    fn the_smallest_sufficient_string_type_is_taken() {
        assert_eq!(O.string_type("Claims Federation"), StringType::Printable);
        assert_eq!(O.string_type("国保連合会"), StringType::Utf8);
        assert_eq!(CN.string_type("a@b"), StringType::Utf8);
        assert_eq!(EMAIL.string_type("a@b"), StringType::Ia5);
        assert!("\u{202e}\u{200b}\u{feff}\n".chars().all(is_deceptive));
        assert!(!"葛\u{e0100}飾 ゕ\u{3099}A\u{3000}".chars().any(is_deceptive));
        assert!(!StringType::Printable.can_carry("*"));
        assert!(!StringType::Ia5.can_carry("é"));
    }
}
