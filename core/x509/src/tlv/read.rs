//! The walker.

use super::{BIT_STRING, BOOLEAN, INTEGER, OID};

/// One element: tag, content, and the octets of both with the length between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The content octets.
    pub content: &'a [u8],
    /// Identifier, length and content: the element as it stands in its parent.
    pub whole: &'a [u8],
    /// Where [`whole`](Self::whole) begins, counted from the start of the outermost structure.
    pub at: usize,
}

/// A BIT STRING: its octets and how many bits of the last one do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitString<'a> {
    /// 0 to 7.
    pub unused: u8,
    /// The octets; unused bits are zero.
    pub octets: &'a [u8],
}

/// What was wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at octet {at}")]
pub struct TlvError {
    /// Octets before the offending element, counted from the start of the outermost structure.
    pub at: usize,
    /// What was wrong.
    pub fault: TlvFault,
}

/// The ways in which octets are not the DER that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlvFault {
    /// The octets end before the element does.
    #[error("the octets end too early")]
    Truncated,
    /// Indefinite, not minimal, or above 32 bits (X.690 §10.1).
    #[error("a length that DER does not allow")]
    Length,
    /// A tag number above 30, which no structure read here uses.
    #[error("a tag of more than one octet")]
    HighTag,
    /// Another element than the structure has there.
    #[error("tag {found:#04x} where {wanted:#04x} belongs")]
    Tag {
        /// The tag that belongs there.
        wanted: u8,
        /// The tag that stands there.
        found: u8,
    },
    /// Nothing where an element belongs.
    #[error("nothing where tag {0:#04x} belongs")]
    Missing(u8),
    /// More elements than the structure has.
    #[error("octets after the end")]
    Trailing,
    /// More octets or elements than are read.
    #[error("more than is read here")]
    TooMuch,
    /// BOOLEAN that is neither 00 nor FF, or FALSE where DER omits the default (X.690 §11.1, §11.5).
    #[error("a BOOLEAN that DER does not allow")]
    Boolean,
    /// INTEGER that is empty, padded or too large (X.690 §8.3.2).
    #[error("an INTEGER that is not allowed here")]
    Integer,
    /// BIT STRING without its first octet, or with unused bits that are set (X.690 §11.2).
    #[error("a BIT STRING that DER does not allow")]
    BitString,
    /// OBJECT IDENTIFIER with an empty, padded or unfinished arc (X.690 §8.19).
    #[error("an OBJECT IDENTIFIER that is not allowed here")]
    Oid,
    /// SET OF that is not in ascending order, or the same element twice (X.690 §11.6).
    #[error("a SET that is not in order")]
    SetOrder,
    /// A time that is not `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, or no time at all (RFC 5280 §4.1.2.5).
    #[error("a time that RFC 5280 does not allow")]
    Time,
    /// Any other value that the structure does not allow there.
    #[error("a value that is not allowed here")]
    Value,
}

/// Walks the elements of one level.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A walker over `octets`, whose first is octet 0 for errors.
    pub fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets, at: 0 }
    }

    /// The one element that fills `octets` to its end, with this tag.
    ///
    /// # Errors
    /// Another tag, octets after the end, or more than `limit` octets.
    pub fn only(octets: &'a [u8], tag: u8, limit: usize) -> Result<Tlv<'a>, TlvError> {
        if octets.len() > limit {
            return Err(TlvError { at: limit, fault: TlvFault::TooMuch });
        }
        let mut reader = Self::new(octets);
        let tlv = reader.expect(tag)?;
        reader.finish()?;
        Ok(tlv)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Where the next element begins, for errors.
    pub fn at(&self) -> usize {
        self.at
    }

    /// An error at the next element.
    pub fn error(&self, fault: TlvFault) -> TlvError {
        TlvError { at: self.at, fault }
    }

    /// The tag of the next element, if there is one.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    #[allow(clippy::should_implement_trait)] // an Iterator could not be asked for a certain tag
    pub fn next(&mut self) -> Result<Tlv<'a>, TlvError> {
        let fail = |fault| TlvError { at: self.at, fault };
        let [tag, first, ..] = *self.rest else {
            return Err(fail(TlvFault::Truncated));
        };
        if tag & 0x1f == 0x1f {
            return Err(fail(TlvFault::HighTag));
        }
        let (head, len) = match first {
            0..=0x7f => (2, usize::from(first)),
            0x81..=0x84 => {
                let count = usize::from(first & 0x7f);
                let octets = self.rest.get(2..2 + count).ok_or(fail(TlvFault::Truncated))?;
                let len = octets.iter().fold(0u64, |len, octet| len << 8 | u64::from(*octet));
                // Minimal: no leading zero octet, and the long form only from 128 on.
                if octets[0] == 0 || len < 0x80 {
                    return Err(fail(TlvFault::Length));
                }
                (2 + count, usize::try_from(len).map_err(|_| fail(TlvFault::Length))?)
            }
            _ => return Err(fail(TlvFault::Length)),
        };
        let end = head.checked_add(len).ok_or(fail(TlvFault::Length))?;
        let whole = self.rest.get(..end).ok_or(fail(TlvFault::Truncated))?;
        let tlv = Tlv { tag, content: &whole[head..], whole, at: self.at };
        self.rest = &self.rest[end..];
        self.at += end;
        Ok(tlv)
    }

    /// The next element, which must have this tag.
    pub fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, TlvError> {
        match self.peek() {
            Some(found) if found == tag => self.next(),
            Some(found) => Err(self.error(TlvFault::Tag { wanted: tag, found })),
            None => Err(self.error(TlvFault::Missing(tag))),
        }
    }

    /// The next element if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, TlvError> {
        if self.peek() == Some(tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// The level below the next element, which must have this tag.
    pub fn enter(&mut self, tag: u8) -> Result<Reader<'a>, TlvError> {
        self.expect(tag).map(|tlv| tlv.reader())
    }

    /// A BOOLEAN DEFAULT FALSE: absent is false, and a present one must be TRUE (X.690 §11.5).
    pub fn default_false(&mut self) -> Result<bool, TlvError> {
        match self.optional(BOOLEAN)? {
            None => Ok(false),
            Some(tlv) if tlv.content == [0xff] => Ok(true),
            Some(tlv) => Err(tlv.error(TlvFault::Boolean)),
        }
    }

    /// That nothing is left.
    pub fn finish(&self) -> Result<(), TlvError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error(TlvFault::Trailing)) }
    }
}

impl<'a> Tlv<'a> {
    /// A walker over the content. Ask only of constructed elements and of OCTET STRINGs that wrap DER.
    pub fn reader(&self) -> Reader<'a> {
        Reader { rest: self.content, at: self.content_at() }
    }

    /// Where the content begins, counted from the start of the outermost structure.
    pub fn content_at(&self) -> usize {
        self.at + self.whole.len() - self.content.len()
    }

    /// An error at this element.
    pub fn error(&self, fault: TlvFault) -> TlvError {
        TlvError { at: self.at, fault }
    }

    fn tagged(&self, wanted: u8) -> Result<(), TlvError> {
        if self.tag == wanted { Ok(()) } else { Err(self.error(TlvFault::Tag { wanted, found: self.tag })) }
    }

    /// A minimal INTEGER: its content octets, two's complement.
    pub fn integer(&self) -> Result<&'a [u8], TlvError> {
        self.tagged(INTEGER)?;
        match self.content {
            [] => Err(self.error(TlvFault::Integer)),
            [0x00, next, ..] if next & 0x80 == 0 => Err(self.error(TlvFault::Integer)),
            [0xff, next, ..] if next & 0x80 != 0 => Err(self.error(TlvFault::Integer)),
            content => Ok(content),
        }
    }

    /// A minimal INTEGER between 0 and 2^32 − 1.
    pub fn small(&self) -> Result<u32, TlvError> {
        let content = self.integer()?;
        if content[0] & 0x80 != 0 || content.len() > 5 || (content.len() == 5 && content[0] != 0) {
            return Err(self.error(TlvFault::Integer));
        }
        Ok(content.iter().fold(0u32, |value, octet| value << 8 | u32::from(*octet)))
    }

    /// A BIT STRING whose unused bits are zero.
    pub fn bits(&self) -> Result<BitString<'a>, TlvError> {
        self.tagged(BIT_STRING)?;
        let fail = self.error(TlvFault::BitString);
        let (&unused, octets) = self.content.split_first().ok_or(fail)?;
        let clean = match octets.last() {
            _ if unused > 7 => false,
            None => unused == 0,
            Some(last) => last & ((1u8 << unused) - 1) == 0,
        };
        if clean { Ok(BitString { unused, octets }) } else { Err(fail) }
    }

    /// A well-formed OBJECT IDENTIFIER: its content octets, every arc minimal and finished.
    pub fn oid(&self) -> Result<&'a [u8], TlvError> {
        self.tagged(OID)?;
        if oid_is_well_formed(self.content) { Ok(self.content) } else { Err(self.error(TlvFault::Oid)) }
    }
}

/// Whether these are the content octets of an OBJECT IDENTIFIER: arcs minimal, the last one finished.
pub(crate) fn oid_is_well_formed(content: &[u8]) -> bool {
    let mut first_of_arc = true;
    for octet in content {
        if first_of_arc && *octet == 0x80 {
            return false;
        }
        first_of_arc = octet & 0x80 == 0;
    }
    !content.is_empty() && first_of_arc
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn fault<T: std::fmt::Debug>(result: Result<T, TlvError>) -> TlvFault {
        result.expect_err("must be refused").fault
    }

    #[test]
    fn lengths_are_definite_and_minimal() {
        for (octets, wanted) in [
            (&b"\x30\x80\x00\x00"[..], TlvFault::Length),
            (b"\x04\x81\x01\x00", TlvFault::Length),
            (b"\x04\x82\x00\x80", TlvFault::Length),
            (b"\x04\x85\x01\x00\x00\x00\x00", TlvFault::Length),
            (b"\x04\xff", TlvFault::Length),
            (b"\x04\x02\x00", TlvFault::Truncated),
            (b"\x04\x84\xff\xff\xff\xff", TlvFault::Truncated),
            (b"\x04\x82\x01", TlvFault::Truncated),
            (b"\x04", TlvFault::Truncated),
            (b"", TlvFault::Truncated),
            (b"\x1f\x81\x01\x00", TlvFault::HighTag),
        ] {
            assert_eq!(fault(Reader::new(octets).next()), wanted, "{octets:02x?}");
        }
    }

    #[test]
    fn values_are_der_not_ber() {
        let one = |octets: &'static [u8]| Reader::new(octets).next().expect("an element");
        assert_eq!(fault(one(b"\x02\x00").integer()), TlvFault::Integer);
        assert_eq!(fault(one(b"\x02\x02\x00\x7f").integer()), TlvFault::Integer);
        assert_eq!(fault(one(b"\x02\x02\xff\x80").integer()), TlvFault::Integer);
        assert_eq!(one(b"\x02\x02\x00\x80").small(), Ok(128));
        assert_eq!(one(b"\x02\x05\x00\xff\xff\xff\xff").small(), Ok(u32::MAX));
        assert_eq!(fault(one(b"\x02\x05\x01\x00\x00\x00\x00").small()), TlvFault::Integer);
        assert_eq!(fault(one(b"\x02\x01\x80").small()), TlvFault::Integer);
        assert_eq!(fault(Reader::new(b"\x01\x01\x00").default_false()), TlvFault::Boolean);
        assert_eq!(fault(Reader::new(b"\x01\x01\x01").default_false()), TlvFault::Boolean);
        assert_eq!(Reader::new(b"\x01\x01\xff").default_false(), Ok(true));
        assert_eq!(Reader::new(b"\x02\x01\x00").default_false(), Ok(false));
        assert_eq!(fault(one(b"\x03\x00").bits()), TlvFault::BitString);
        assert_eq!(fault(one(b"\x03\x02\x08\x00").bits()), TlvFault::BitString);
        assert_eq!(fault(one(b"\x03\x02\x01\x01").bits()), TlvFault::BitString);
        assert_eq!(fault(one(b"\x03\x01\x01").bits()), TlvFault::BitString);
        assert_eq!(one(b"\x03\x02\x05\xa0").bits(), Ok(BitString { unused: 5, octets: &[0xa0] }));
        assert_eq!(fault(one(b"\x06\x00").oid()), TlvFault::Oid);
        assert_eq!(fault(one(b"\x06\x02\x2a\x80").oid()), TlvFault::Oid);
        assert_eq!(fault(one(b"\x06\x03\x2a\x80\x01").oid()), TlvFault::Oid);
    }

    #[test]
    fn errors_say_where() {
        let der = tlv(SEQUENCE, &[&tlv(OCTET_STRING, &[&[0; 200]]), &tlv(SEQUENCE, &[b"\x02\x01\x05"])]);
        let mut outer = Reader::only(&der, SEQUENCE, 1000).expect("a sequence").reader();
        outer.next().expect("the octets");
        let mut inner = outer.enter(SEQUENCE).expect("a sequence");
        let error = inner.expect(OID).expect_err("an INTEGER stands there");
        assert_eq!(error.at, der.len() - 3);
        assert_eq!(error.to_string(), format!("tag 0x02 where 0x06 belongs at octet {}", der.len() - 3));
    }

    #[test]
    fn the_limit_is_kept() {
        let der = tlv(OCTET_STRING, &[&[0; 98]]);
        assert!(Reader::only(&der, OCTET_STRING, 100).is_ok());
        assert_eq!(fault(Reader::only(&der, OCTET_STRING, 99)), TlvFault::TooMuch);
        let with_tail = [&der[..], &[0]].concat();
        assert_eq!(fault(Reader::only(&with_tail, OCTET_STRING, 1000)), TlvFault::Trailing);
    }
}
