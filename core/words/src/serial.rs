//! Serial numbers of certificates: 159 random bits (K3, RFC 5280 §4.1.2.2).

use std::fmt;

/// A positive certificate serial number of at most 20 octets, kept as 20 big-endian octets.
///
/// The top bit is always 0, so the DER INTEGER never needs a 21st octet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serial([u8; 20]);

/// Why a serial number was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSerial {
    /// Not between 1 and 20 octets, or not hexadecimal.
    #[error("a serial number is 1 to 20 octets in hexadecimal")]
    Form,
    /// Zero or negative (RFC 5280 §4.1.2.2: a positive integer).
    #[error("a serial number is a positive integer")]
    NotPositive,
}

impl Serial {
    /// Makes a serial from 20 random octets: the top bit is cleared, which leaves 159 random bits.
    ///
    /// Returns `None` for zero, which the caller answers by drawing again.
    pub fn from_random(mut octets: [u8; 20]) -> Option<Self> {
        octets[0] &= 0x7f;
        (octets != [0; 20]).then_some(Self(octets))
    }

    /// Reads the content octets of a DER INTEGER (big-endian, two's complement).
    pub fn from_der_content(content: &[u8]) -> Result<Self, BadSerial> {
        match content {
            [] => Err(BadSerial::Form),
            [first, ..] if first & 0x80 != 0 => Err(BadSerial::NotPositive),
            _ => Self::from_magnitude(content),
        }
    }

    /// Reads an unsigned big-endian magnitude of at most 20 significant octets.
    pub fn from_magnitude(bytes: &[u8]) -> Result<Self, BadSerial> {
        let start = bytes.iter().position(|b| *b != 0).ok_or(BadSerial::NotPositive)?;
        let significant = &bytes[start..];
        if significant.len() > 20 || (significant.len() == 20 && significant[0] & 0x80 != 0) {
            return Err(BadSerial::Form);
        }
        let mut octets = [0; 20];
        octets[20 - significant.len()..].copy_from_slice(significant);
        Ok(Self(octets))
    }

    /// Reads hexadecimal digits of either case; colons between octets are allowed.
    pub fn from_hex(text: &str) -> Result<Self, BadSerial> {
        let digits: Vec<u8> = text.bytes().filter(|b| *b != b':').collect();
        if digits.is_empty() || digits.len() > 42 {
            return Err(BadSerial::Form);
        }
        let nibble = |b: u8| (b as char).to_digit(16).map(|d| d as u8).ok_or(BadSerial::Form);
        let mut bytes = Vec::with_capacity(21);
        for pair in digits.rchunks(2).rev() {
            let mut value = 0;
            for digit in pair {
                value = value << 4 | nibble(*digit)?;
            }
            bytes.push(value);
        }
        Self::from_magnitude(&bytes)
    }

    /// All 20 octets, leading zeros included: the form in which serials are stored and compared.
    pub fn octets(&self) -> &[u8; 20] {
        &self.0
    }

    /// The content octets of the DER INTEGER: no superfluous leading zero, never negative.
    pub fn der_content(&self) -> &[u8] {
        let start = self.0.iter().position(|b| *b != 0).unwrap_or(19);
        // A set top bit needs one zero octet before it; there is one, since the first octet is below 0x80.
        if self.0[start] & 0x80 != 0 { &self.0[start - 1..] } else { &self.0[start..] }
    }
}

impl fmt::Display for Serial {
    /// Lower-case hexadecimal of the DER content without a leading zero octet.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.0.iter().position(|b| *b != 0).unwrap_or(19);
        self.0[start..].iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Incident: serials of 63 bits. Every one of the 159 bits must be able to be 1 and to be 0.
    #[test]
    fn incident_63_bit_serials_all_159_bits_are_free() {
        let ones = Serial::from_random([0xff; 20]).expect("not zero");
        assert_eq!(ones.octets()[0], 0x7f);
        assert!(ones.octets()[1..].iter().all(|b| *b == 0xff));
        let mut low = [0; 20];
        low[19] = 1;
        assert_eq!(Serial::from_random(low).expect("not zero").der_content(), &[1]);
        assert_eq!(
            Serial::from_random([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            None
        );
    }

    #[test]
    fn der_content_is_minimal_and_positive() {
        let serial = Serial::from_magnitude(&[0x80]).expect("positive");
        assert_eq!(serial.der_content(), &[0, 0x80]);
        assert_eq!(Serial::from_der_content(&[0, 0x80]), Ok(serial));
        assert_eq!(Serial::from_der_content(&[0x80]), Err(BadSerial::NotPositive));
        assert_eq!(Serial::from_der_content(&[0]), Err(BadSerial::NotPositive));
        assert_eq!(Serial::from_der_content(&[]), Err(BadSerial::Form));
    }

    #[test]
    fn hex_round_trip() {
        for text in ["1", "80", "0132c4ab", "7fffffffffffffffffffffffffffffffffffffff"] {
            let serial = Serial::from_hex(text).expect("a serial");
            assert_eq!(Serial::from_hex(&serial.to_string()), Ok(serial));
        }
        assert_eq!(Serial::from_hex("01:32:C4:AB"), Serial::from_hex("132c4ab"));
        assert_eq!(Serial::from_hex("xyz"), Err(BadSerial::Form));
        assert_eq!(Serial::from_hex("8000000000000000000000000000000000000000"), Err(BadSerial::Form));
    }
}
