//! PKCS#12 (RFC 7292), taken apart layer by layer. Nothing is decrypted here: whoever can, asks for the next layer.
//!
//! ```text
//! parse ─ Pfx: the octets under the MAC ─ safes ─ Safe: plain or encrypted ─ (decrypt) ─ bags ─ Bag: key, certificate
//! ```
//!
//! Read is what programs of today write: DER, a password and no public key for integrity, PBES2 (RFC 8018) with
//! PBKDF2 and AES-256-CBC. The ciphers of old, RC2 with 40 bits among them, are named as such.

use der::asn1::{AnyRef, ObjectIdentifier as Oid, OctetStringRef};
use der::{Decode, DecodeValue, FixedTag, Sequence};

/// Most octets of a file: key, chain, and room.
pub const MAX_LEN: usize = 256 << 10;
/// Most rounds of a derivation: ten times what is written today, and a second or two of waiting.
pub const MAX_ROUNDS: u32 = 2_000_000;
/// Most safes, and most bags in one.
pub const MAX_PARTS: usize = 100;

/// Why octets are no file that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPkcs12 {
    /// Not the DER that RFC 7292 wants, or beyond the limits.
    #[error("this is not a PKCS#12 file that can be read")]
    Form,
    /// An encryption of old or a rare one.
    #[error(
        "the file is encrypted or authenticated in a way that is not supported: it must be AES-256 with SHA-2"
    )]
    Algorithm,
    /// More rounds than [`MAX_ROUNDS`].
    #[error("the file asks for more than {MAX_ROUNDS} rounds of deriving a key")]
    Rounds,
}

/// A hash in a derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384; with PBKDF2 alone.
    Sha384,
    /// SHA-512; with PBKDF2 alone.
    Sha512,
}

/// The outermost layer.
#[derive(Debug, Clone, Copy)]
pub struct Pfx<'a> {
    /// What is authenticated: the AuthenticatedSafe, for [`safes`] once the MAC was checked.
    pub content: &'a [u8],
    /// HMAC-SHA-256 over it, under a key derived as RFC 7292 §B.2 says.
    pub mac: &'a [u8],
    /// The salt of that key.
    pub salt: &'a [u8],
    /// The rounds of that key, 1 to [`MAX_ROUNDS`].
    pub rounds: u32,
}

/// Octets under PBES2: PBKDF2, then AES-256-CBC.
#[derive(Debug, Clone, Copy)]
pub struct Encrypted<'a> {
    /// The hash of PBKDF2's HMAC.
    pub hash: Hash,
    /// Its salt.
    pub salt: &'a [u8],
    /// Its rounds, 1 to [`MAX_ROUNDS`].
    pub rounds: u32,
    /// The initialisation vector.
    pub iv: [u8; 16],
    /// The octets.
    pub octets: &'a [u8],
}

/// One part of the AuthenticatedSafe.
#[derive(Debug, Clone, Copy)]
pub enum Safe<'a> {
    /// SafeContents in plain, for [`bags`].
    Plain(&'a [u8]),
    /// SafeContents, encrypted.
    Encrypted(Encrypted<'a>),
}

/// One thing in a safe.
#[derive(Clone, Copy)]
pub enum Bag<'a> {
    /// A PKCS#8 private key, encrypted.
    ShroudedKey(Encrypted<'a>),
    /// A certificate, DER.
    Certificate(&'a [u8]),
    /// Anything else: lists, secrets, nested safes.
    Other,
}

/// Reads the outermost layer of a file.
///
/// # Errors
/// [`BadPkcs12`].
pub fn parse(der: &[u8]) -> Result<Pfx<'_>, BadPkcs12> {
    if der.len() > MAX_LEN {
        return Err(BadPkcs12::Form);
    }
    let pfx: PfxDer<'_> = decode(der)?;
    if pfx.version != 3 {
        return Err(BadPkcs12::Form);
    }
    // RFC 7292 §4: without a MAC, or with a signature in its place, there is no password to check.
    let mac = pfx.mac.ok_or(BadPkcs12::Algorithm)?;
    let digest = mac.digest.algorithm;
    if pfx.safe.kind != id::DATA || digest.oid != id::SHA256 {
        return Err(BadPkcs12::Algorithm);
    }
    if !digest.parameters.is_none_or(|p| p.is_null()) {
        return Err(BadPkcs12::Form);
    }
    Ok(Pfx {
        content: octets(pfx.safe.content)?,
        mac: mac.digest.digest.as_bytes(),
        salt: mac.salt.as_bytes(),
        rounds: rounds(mac.rounds)?,
    })
}

/// Reads what the MAC guards.
///
/// # Errors
/// [`BadPkcs12`].
pub fn safes(content: &[u8]) -> Result<Vec<Safe<'_>>, BadPkcs12> {
    let parts: Vec<ContentInfo<'_>> = decode(content)?;
    if parts.len() > MAX_PARTS {
        return Err(BadPkcs12::Form);
    }
    parts.into_iter().map(safe).collect()
}

/// Reads SafeContents that are plain, or no longer encrypted.
///
/// # Errors
/// [`BadPkcs12`].
pub fn bags(contents: &[u8]) -> Result<Vec<Bag<'_>>, BadPkcs12> {
    let bags: Vec<SafeBag<'_>> = decode(contents)?;
    if bags.len() > MAX_PARTS {
        return Err(BadPkcs12::Form);
    }
    bags.into_iter().map(bag).collect()
}

impl std::fmt::Debug for Bag<'_> {
    /// Names the kind only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ShroudedKey(_) => "ShroudedKey(..)",
            Self::Certificate(_) => "Certificate(..)",
            Self::Other => "Other",
        })
    }
}

mod id {
    use super::Oid;

    /// id-data (RFC 5652 §4).
    pub(super) const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
    /// id-encryptedData (RFC 5652 §8).
    pub(super) const ENCRYPTED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.6");
    /// keyBag, pkcs8ShroudedKeyBag, certBag (RFC 7292 §4.2).
    pub(super) const KEY_BAG: Oid = Oid::new_unwrap("1.2.840.113549.1.12.10.1.1");
    pub(super) const SHROUDED_KEY_BAG: Oid = Oid::new_unwrap("1.2.840.113549.1.12.10.1.2");
    pub(super) const CERT_BAG: Oid = Oid::new_unwrap("1.2.840.113549.1.12.10.1.3");
    /// x509Certificate (RFC 7292 §4.2.3).
    pub(super) const X509_CERTIFICATE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.22.1");
    /// id-PBES2 and id-PBKDF2 (RFC 8018 §A.4, §A.2).
    pub(super) const PBES2: Oid = Oid::new_unwrap("1.2.840.113549.1.5.13");
    pub(super) const PBKDF2: Oid = Oid::new_unwrap("1.2.840.113549.1.5.12");
    /// id-hmacWithSHA256, -SHA384, -SHA512 (RFC 8018 §B.1.2).
    pub(super) const HMAC_SHA256: Oid = Oid::new_unwrap("1.2.840.113549.2.9");
    pub(super) const HMAC_SHA384: Oid = Oid::new_unwrap("1.2.840.113549.2.10");
    pub(super) const HMAC_SHA512: Oid = Oid::new_unwrap("1.2.840.113549.2.11");
    /// aes256-CBC-PAD (RFC 8018 §B.2.5).
    pub(super) const AES256_CBC: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.1.42");
    /// id-sha256.
    pub(super) const SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.1");
}

#[derive(Sequence)]
struct PfxDer<'a> {
    version: u8,
    safe: ContentInfo<'a>,
    #[asn1(optional = "true")]
    mac: Option<MacData<'a>>,
}

#[derive(Sequence)]
struct ContentInfo<'a> {
    kind: Oid,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AnyRef<'a>,
}

#[derive(Sequence)]
struct MacData<'a> {
    digest: DigestInfo<'a>,
    salt: &'a OctetStringRef,
    #[asn1(default = "one")]
    rounds: u32,
}

#[derive(Sequence)]
struct DigestInfo<'a> {
    algorithm: Algorithm<'a>,
    digest: &'a OctetStringRef,
}

#[derive(Clone, Copy, Sequence)]
struct Algorithm<'a> {
    oid: Oid,
    #[asn1(optional = "true")]
    parameters: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct EncryptedData<'a> {
    version: u8,
    info: EncryptedContentInfo<'a>,
}

#[derive(Sequence)]
struct EncryptedContentInfo<'a> {
    kind: Oid,
    algorithm: Algorithm<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    content: &'a OctetStringRef,
}

#[derive(Sequence)]
struct EncryptedPrivateKey<'a> {
    algorithm: Algorithm<'a>,
    octets: &'a OctetStringRef,
}

#[derive(Sequence)]
struct Pbes2<'a> {
    derivation: Algorithm<'a>,
    cipher: Algorithm<'a>,
}

#[derive(Sequence)]
struct Pbkdf2<'a> {
    salt: &'a OctetStringRef,
    rounds: u32,
    #[asn1(optional = "true")]
    length: Option<u16>,
    #[asn1(optional = "true")]
    hash: Option<Algorithm<'a>>,
}

#[derive(Sequence)]
struct SafeBag<'a> {
    kind: Oid,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: AnyRef<'a>,
    /// Names; passed over.
    #[asn1(optional = "true")]
    _attributes: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct CertBag<'a> {
    kind: Oid,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: &'a OctetStringRef,
}

/// MacData without a number of rounds means one.
fn one() -> u32 {
    1
}

fn safe(part: ContentInfo<'_>) -> Result<Safe<'_>, BadPkcs12> {
    match part.kind {
        id::DATA => Ok(Safe::Plain(octets(part.content)?)),
        id::ENCRYPTED_DATA => {
            let data: EncryptedData<'_> = decode_as(part.content)?;
            if data.version != 0 || data.info.kind != id::DATA {
                return Err(BadPkcs12::Form);
            }
            Ok(Safe::Encrypted(encrypted(data.info.algorithm, data.info.content.as_bytes())?))
        }
        _ => Err(BadPkcs12::Algorithm),
    }
}

fn bag(bag: SafeBag<'_>) -> Result<Bag<'_>, BadPkcs12> {
    match bag.kind {
        // A key in plain, under a MAC alone: nobody should have written that.
        id::KEY_BAG => Err(BadPkcs12::Algorithm),
        id::SHROUDED_KEY_BAG => {
            let key: EncryptedPrivateKey<'_> = decode_as(bag.value)?;
            Ok(Bag::ShroudedKey(encrypted(key.algorithm, key.octets.as_bytes())?))
        }
        id::CERT_BAG => {
            let certificate: CertBag<'_> = decode_as(bag.value)?;
            let known = certificate.kind == id::X509_CERTIFICATE;
            Ok(if known { Bag::Certificate(certificate.value.as_bytes()) } else { Bag::Other })
        }
        _ => Ok(Bag::Other),
    }
}

fn encrypted<'a>(algorithm: Algorithm<'a>, octets: &'a [u8]) -> Result<Encrypted<'a>, BadPkcs12> {
    let named = |given: Algorithm<'a>, wanted: Oid| {
        given.parameters.filter(|_| given.oid == wanted).ok_or(BadPkcs12::Algorithm)
    };
    let scheme: Pbes2<'a> = decode_as(named(algorithm, id::PBES2)?)?;
    let derivation: Pbkdf2<'a> = decode_as(named(scheme.derivation, id::PBKDF2)?)?;
    let iv: &OctetStringRef = decode_as(named(scheme.cipher, id::AES256_CBC)?)?;
    if derivation.length.is_some_and(|length| length != 32) {
        return Err(BadPkcs12::Form);
    }
    // Nothing said means HMAC-SHA-1 (RFC 8018 §A.2).
    let hash = match derivation.hash.ok_or(BadPkcs12::Algorithm)?.oid {
        id::HMAC_SHA256 => Hash::Sha256,
        id::HMAC_SHA384 => Hash::Sha384,
        id::HMAC_SHA512 => Hash::Sha512,
        _ => return Err(BadPkcs12::Algorithm),
    };
    Ok(Encrypted {
        hash,
        salt: derivation.salt.as_bytes(),
        rounds: rounds(derivation.rounds)?,
        iv: iv.as_bytes().try_into().map_err(|_| BadPkcs12::Form)?,
        octets,
    })
}

fn rounds(given: u32) -> Result<u32, BadPkcs12> {
    match given {
        0 => Err(BadPkcs12::Form),
        1..=MAX_ROUNDS => Ok(given),
        _ => Err(BadPkcs12::Rounds),
    }
}

fn octets(content: AnyRef<'_>) -> Result<&[u8], BadPkcs12> {
    decode_as::<&OctetStringRef>(content).map(OctetStringRef::as_bytes)
}

fn decode<'a, T: Decode<'a, Error = der::Error>>(der: &'a [u8]) -> Result<T, BadPkcs12> {
    T::from_der(der).map_err(|_| BadPkcs12::Form)
}

fn decode_as<'a, T>(content: AnyRef<'a>) -> Result<T, BadPkcs12>
where
    T: DecodeValue<'a, Error = der::Error> + FixedTag + 'a,
{
    content.decode_as().map_err(|_| BadPkcs12::Form)
}
