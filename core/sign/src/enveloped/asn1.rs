//! The ASN.1 of RFC 5652 §6, as types. They borrow: names and algorithm parameters stay the octets they are.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier as Oid, OctetStringRef};
use der::{Choice, DecodeValue, EncodeValue, FixedTag, Header, Length, Reader, Sequence, Tag, Writer};

/// Names of things (OIDs), each with where it is defined.
pub(super) mod id {
    use super::Oid;

    /// id-data (RFC 5652 §4).
    pub(crate) const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
    /// id-envelopedData (RFC 5652 §6.1).
    pub(crate) const ENVELOPED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.3");
    /// rsaEncryption: PKCS#1 v1.5 (RFC 3370 §4.2.1).
    pub(crate) const RSA_ENCRYPTION: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");
    /// id-RSAES-OAEP (RFC 4055 §4).
    pub(crate) const RSAES_OAEP: Oid = Oid::new_unwrap("1.2.840.113549.1.1.7");
    /// id-mgf1 (RFC 4055 §2.2).
    pub(crate) const MGF1: Oid = Oid::new_unwrap("1.2.840.113549.1.1.8");
    /// id-pSpecified (RFC 4055 §4).
    pub(crate) const P_SPECIFIED: Oid = Oid::new_unwrap("1.2.840.113549.1.1.9");
    /// id-sha1 (RFC 4055 §2.1).
    pub(crate) const SHA1: Oid = Oid::new_unwrap("1.3.14.3.2.26");
    /// id-sha256 (RFC 4055 §2.1), and the two below.
    pub(crate) const SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.1");
    /// id-sha384.
    pub(crate) const SHA384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.2");
    /// id-sha512.
    pub(crate) const SHA512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.3");
    /// id-ecPublicKey (RFC 5480 §2.1.1).
    pub(crate) const EC_PUBLIC_KEY: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
    /// dhSinglePass-stdDH-sha1kdf-scheme (RFC 5753 §7.1.4).
    pub(crate) const ECDH_SHA1: Oid = Oid::new_unwrap("1.3.133.16.840.63.0.2");
    /// dhSinglePass-stdDH-sha256kdf-scheme (RFC 5753 §7.1.4), and the two below.
    pub(crate) const ECDH_SHA256: Oid = Oid::new_unwrap("1.3.132.1.11.1");
    /// dhSinglePass-stdDH-sha384kdf-scheme.
    pub(crate) const ECDH_SHA384: Oid = Oid::new_unwrap("1.3.132.1.11.2");
    /// dhSinglePass-stdDH-sha512kdf-scheme.
    pub(crate) const ECDH_SHA512: Oid = Oid::new_unwrap("1.3.132.1.11.3");
    /// id-aes256-wrap (RFC 3565 §2.3.2).
    pub(crate) const AES256_WRAP: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.1.45");
    /// aes256-CBC (RFC 3565 §4.1).
    pub(crate) const AES256_CBC: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.1.42");
}

/// ContentInfo (RFC 5652 §3).
#[derive(Clone, Debug, Sequence)]
pub(super) struct ContentInfo<'a> {
    pub(super) content_type: Oid,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) content: AnyRef<'a>,
}

/// EnvelopedData (RFC 5652 §6.1). The recipients are left as they are, to be counted while they are read.
#[derive(Clone, Debug, Sequence)]
pub(super) struct EnvelopedData<'a> {
    pub(super) version: u8,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) originator_info: Option<Skipped<'a>>,
    pub(super) recipient_infos: AnyRef<'a>,
    pub(super) content: EncryptedContentInfo<'a>,
    /// A SET, which has the same form under a tag of its own.
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) unprotected_attributes: Option<Skipped<'a>>,
}

/// EncryptedContentInfo (RFC 5652 §6.1).
#[derive(Clone, Debug, Sequence)]
pub(super) struct EncryptedContentInfo<'a> {
    pub(super) content_type: Oid,
    pub(super) algorithm: Algorithm<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) content: Option<&'a OctetStringRef>,
}

/// AlgorithmIdentifier (RFC 5280 §4.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Algorithm<'a> {
    pub(super) oid: Oid,
    #[asn1(optional = "true")]
    pub(super) parameters: Option<AnyRef<'a>>,
}

/// RecipientInfo (RFC 5652 §6.2).
#[derive(Clone, Debug, Choice)]
pub(super) enum RecipientInfo<'a> {
    Transport(KeyTransportInfo<'a>),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Agreement(KeyAgreementInfo<'a>),
    /// A key both sides have, a password, or anything else: never a certificate.
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", constructed = "true")]
    Key(Skipped<'a>),
    #[asn1(context_specific = "3", tag_mode = "IMPLICIT", constructed = "true")]
    Password(Skipped<'a>),
    #[asn1(context_specific = "4", tag_mode = "IMPLICIT", constructed = "true")]
    Other(Skipped<'a>),
}

/// KeyTransRecipientInfo (RFC 5652 §6.2.1).
#[derive(Clone, Debug, Sequence)]
pub(super) struct KeyTransportInfo<'a> {
    pub(super) version: u8,
    pub(super) recipient: TransportRecipient<'a>,
    pub(super) algorithm: Algorithm<'a>,
    pub(super) encrypted_key: &'a OctetStringRef,
}

/// RecipientIdentifier (RFC 5652 §6.2.1).
#[derive(Clone, Debug, Choice)]
pub(super) enum TransportRecipient<'a> {
    Named(IssuerAndSerial<'a>),
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    KeyId(&'a OctetStringRef),
}

/// IssuerAndSerialNumber (RFC 5652 §10.2.4), both as the octets of the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Sequence)]
pub(super) struct IssuerAndSerial<'a> {
    pub(super) issuer: AnyRef<'a>,
    pub(super) serial: AnyRef<'a>,
}

/// KeyAgreeRecipientInfo (RFC 5652 §6.2.2).
#[derive(Clone, Debug, Sequence)]
pub(super) struct KeyAgreementInfo<'a> {
    pub(super) version: u8,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) originator: Originator<'a>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) user_material: Option<&'a OctetStringRef>,
    pub(super) algorithm: Algorithm<'a>,
    pub(super) keys: Vec<EncryptedKey<'a>>,
}

/// OriginatorIdentifierOrKey (RFC 5652 §6.2.2).
#[derive(Clone, Debug, Choice)]
pub(super) enum Originator<'a> {
    Named(IssuerAndSerial<'a>),
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    KeyId(&'a OctetStringRef),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Key(OriginatorKey<'a>),
}

/// OriginatorPublicKey (RFC 5652 §6.2.2).
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct OriginatorKey<'a> {
    pub(super) algorithm: Algorithm<'a>,
    pub(super) key: BitStringRef<'a>,
}

/// RecipientEncryptedKey (RFC 5652 §6.2.2).
#[derive(Clone, Debug, Sequence)]
pub(super) struct EncryptedKey<'a> {
    pub(super) recipient: AgreementRecipient<'a>,
    pub(super) key: &'a OctetStringRef,
}

/// KeyAgreeRecipientIdentifier (RFC 5652 §6.2.2).
#[derive(Clone, Debug, Choice)]
pub(super) enum AgreementRecipient<'a> {
    Named(IssuerAndSerial<'a>),
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true")]
    KeyId(Skipped<'a>),
}

/// ECC-CMS-SharedInfo (RFC 5753 §7.2): what the key is derived for.
#[derive(Clone, Debug, Sequence)]
pub(super) struct SharedInfo<'a> {
    pub(super) key_info: Algorithm<'a>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) user_material: Option<&'a OctetStringRef>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT")]
    pub(super) key_bits: &'a OctetStringRef,
}

/// RSAES-OAEP-params (RFC 4055 §4.1). What is not there is SHA-1, MGF1 with SHA-1, and an empty label.
#[derive(Clone, Debug, Sequence)]
pub(super) struct OaepParameters<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) hash: Option<Algorithm<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) mask: Option<Algorithm<'a>>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) label: Option<Algorithm<'a>>,
}

/// Something constructed that is passed over unread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skipped<'a>(&'a [u8]);

impl FixedTag for Skipped<'_> {
    const TAG: Tag = Tag::Sequence;
}

impl<'a> DecodeValue<'a> for Skipped<'a> {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        reader.read_slice(header.length()).map(Self)
    }
}

impl EncodeValue for Skipped<'_> {
    fn value_len(&self) -> der::Result<Length> {
        self.0.len().try_into()
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(self.0)
    }
}
