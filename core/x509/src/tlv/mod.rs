//! DER, strict and without copying (X.690 §10, §11): a walker over borrowed octets and helpers to write.
//!
//! The walker refuses what DER refuses: indefinite and non-minimal lengths, BOOLEAN other than 00 and FF,
//! padded INTEGERs, dirty unused bits, non-minimal OIDs. It never recurses and never allocates, so its
//! cost is bounded by the octets it is given; callers bound those with [`Limits`] and the depth themselves
//! by what they ask for.

mod read;
mod write;

pub(crate) use read::oid_is_well_formed as is_oid;
pub use read::{BitString, Reader, Tlv, TlvError, TlvFault};
pub use write::{len_of_header, nested, push_header, push_tlv, tlv, tlv_of};

/// BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING, primitive.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING, primitive.
pub const OCTET_STRING: u8 = 0x04;
/// NULL.
pub const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// SEQUENCE, constructed.
pub const SEQUENCE: u8 = 0x30;
/// SET, constructed.
pub const SET: u8 = 0x31;
/// NumericString.
pub const NUMERIC_STRING: u8 = 0x12;
/// PrintableString.
pub const PRINTABLE_STRING: u8 = 0x13;
/// TeletexString.
pub const TELETEX_STRING: u8 = 0x14;
/// IA5String.
pub const IA5_STRING: u8 = 0x16;
/// UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// VisibleString.
pub const VISIBLE_STRING: u8 = 0x1a;
/// UniversalString.
pub const UNIVERSAL_STRING: u8 = 0x1c;
/// BMPString.
pub const BMP_STRING: u8 = 0x1e;

/// The context-specific tag `[n]`, primitive.
///
/// # Panics
/// When `n` is above 30: such tags need more octets and stand in no structure read here.
pub const fn context(n: u8) -> u8 {
    assert!(n < 31);
    0x80 | n
}

/// The context-specific tag `[n]`, constructed.
///
/// # Panics
/// When `n` is above 30.
pub const fn context_constructed(n: u8) -> u8 {
    assert!(n < 31);
    0xa0 | n
}

/// How much of other people's octets is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most octets of one request or certificate.
    pub octets: usize,
    /// Most attributes in one name. RFC 5280 sets none; real names have under 20.
    pub name_attributes: usize,
    /// Most extensions of one request or certificate.
    pub extensions: usize,
    /// Most names in one subjectAltName.
    pub general_names: usize,
}

impl Limits {
    /// What the house reads: 64 KiB holds an ML-DSA-87 key and signature (7.2 KiB) besides 100 names of
    /// 253 octets (25 KiB).
    pub const DEFAULT: Self =
        Self { octets: 64 * 1024, name_attributes: 32, extensions: 32, general_names: 128 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
