//! Opening an envelope.

use super::asn1::{
    AgreementRecipient, Algorithm, ContentInfo, EnvelopedData, KeyAgreementInfo, KeyTransportInfo,
    OaepParameters, Originator, RecipientInfo, TransportRecipient, id,
};
use super::recipient::Address;
use super::seal::shared_info;
use super::{Crypto, MAX_LEN, MAX_RECIPIENTS};
use core_crypto::{AesKey, DoesNotOpen, HashAlg};
use core_x509::certificate::Certificate;
use der::asn1::{AnyRef, ObjectIdentifier as Oid, OctetStringRef};
use der::{Decode, DecodeValue, FixedTag, Reader, SliceReader, Tag};
use zeroize::Zeroizing;

/// Why an envelope was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Longer than [`MAX_LEN`].
    #[error("the file is longer than {MAX_LEN} octets")]
    TooLong,
    /// Not one DER ContentInfo with an EnvelopedData that carries its content.
    #[error("this is not an enveloped file (CMS EnvelopedData in DER)")]
    Form,
    /// CMS of another kind: signed, compressed, authenticated.
    #[error("this is CMS, but not EnvelopedData")]
    OtherKind,
    /// More than [`MAX_RECIPIENTS`].
    #[error("the file is for more than {MAX_RECIPIENTS} recipients")]
    TooManyRecipients,
    /// What was handed in as the certificate is none.
    #[error("this is not a certificate that can be read")]
    Certificate,
    /// Encrypted to other certificates. A renewed certificate has another serial number: the old one and its key
    /// open what was written to it.
    #[error("the file was not encrypted to this certificate")]
    NotForThisCertificate,
    /// The private key is another one than the certificate's, or cannot be read.
    #[error("the private key does not belong to this certificate")]
    WrongKey,
    /// An algorithm that is not used here, or no longer good enough.
    #[error("{0}")]
    Unsupported(#[from] Unsupported),
    /// Altered, damaged, or encrypted to this certificate by mistake. Which, is not said to anybody.
    #[error("the file does not open: it was altered or damaged")]
    DoesNotOpen,
}

/// What an envelope uses that is not opened here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// SHA-1 in the padding or derivation of a key; openssl's default when it is not told otherwise.
    #[error("the file uses SHA-1 to protect its key; SHA-256 or better is needed")]
    Sha1,
    /// RSA with the padding of PKCS#1 v1.5, which a padding oracle breaks (Bleichenbacher 1998).
    #[error("the file uses RSA with PKCS#1 v1.5 padding; OAEP is needed")]
    Pkcs1v15,
    /// Another way of handing over the key, other parameters, or a sender's key that is not used once.
    #[error("the way in which the file's key is encrypted is not supported")]
    KeyAlgorithm,
    /// Another cipher than AES-256-CBC.
    #[error("the file's cipher is not supported; it must be AES-256-CBC")]
    Cipher,
    /// Another envelope or a signature inside.
    #[error("the file contains something other than plain data")]
    Content,
}

/// Opens a DER envelope with a certificate it is for (DER) and that certificate's private key (PKCS#8, not encrypted).
///
/// The content comes back in memory that is wiped. It is *not* known to be unaltered: see the module's text.
/// keyUsage and validity are not asked: what was written to an old certificate opens with its old key, always.
///
/// # Errors
/// [`OpenError`].
pub fn open(
    der: &[u8],
    certificate: &[u8],
    pkcs8: &[u8],
    crypto: &Crypto<'_>,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    if der.len() > MAX_LEN {
        return Err(OpenError::TooLong);
    }
    let content_info = ContentInfo::from_der(der).map_err(|_| OpenError::Form)?;
    if content_info.content_type != id::ENVELOPED_DATA {
        return Err(OpenError::OtherKind);
    }
    let enveloped: EnvelopedData<'_> = content_info.content.decode_as().map_err(|_| OpenError::Form)?;
    let recipients = recipients(&enveloped)?;
    let certificate = Certificate::parse(certificate).map_err(|_| OpenError::Certificate)?;
    let address = Address::of(&certificate);
    let parcel = recipients.iter().find_map(|info| Parcel::find(info, &address));
    let parcel = parcel.ok_or(OpenError::NotForThisCertificate)?;
    let sealed = Sealed::of(&enveloped)?;
    let way = parcel.way()?;
    if crypto.public_half.public_half(pkcs8).ok().as_ref() != Some(&address.spki) {
        return Err(OpenError::WrongKey);
    }
    // When the key does not open, the content is decrypted all the same, under a key that nobody knows: so it takes
    // as long and says the same as when the content alone was altered (RFC 3218 §2.3.2).
    let mut nobodys: AesKey = Zeroizing::new([0; 32]);
    crypto.dice.fill(&mut *nobodys);
    let key = way.key(pkcs8, crypto);
    let opened =
        crypto.cipher.aes256_cbc_decrypt(key.as_ref().unwrap_or(&nobodys), &sealed.iv, sealed.content);
    match (key, opened) {
        (Ok(_), Ok(content)) => Ok(content),
        _ => Err(OpenError::DoesNotOpen),
    }
}

/// Reads the recipients, counting while it reads. Their order, which DER prescribes, is not asked for.
fn recipients<'a>(enveloped: &EnvelopedData<'a>) -> Result<Vec<RecipientInfo<'a>>, OpenError> {
    let set = enveloped.recipient_infos;
    if set.header().tag() != Tag::Set || !matches!(enveloped.version, 0 | 2 | 3 | 4) {
        return Err(OpenError::Form);
    }
    let mut reader = SliceReader::new(set.value()).map_err(|_| OpenError::Form)?;
    let (mut infos, mut count) = (Vec::new(), 0);
    while !reader.is_finished() {
        let info = RecipientInfo::decode(&mut reader).map_err(|_| OpenError::Form)?;
        count += if let RecipientInfo::Agreement(info) = &info { info.keys.len().max(1) } else { 1 };
        if count > MAX_RECIPIENTS {
            return Err(OpenError::TooManyRecipients);
        }
        infos.push(info);
    }
    Ok(infos)
}

/// The content and what it is encrypted with.
struct Sealed<'a> {
    iv: [u8; 16],
    content: &'a [u8],
}

impl<'a> Sealed<'a> {
    fn of(enveloped: &EnvelopedData<'a>) -> Result<Self, OpenError> {
        let info = &enveloped.content;
        if info.content_type != id::DATA {
            return Err(Unsupported::Content.into());
        }
        if info.algorithm.oid != id::AES256_CBC {
            return Err(Unsupported::Cipher.into());
        }
        let iv = info.algorithm.parameters.filter(|p| p.header().tag() == Tag::OctetString);
        let iv = iv.and_then(|iv| iv.value().try_into().ok()).ok_or(OpenError::Form)?;
        // Content kept elsewhere is possible in CMS, and of no use in a file.
        let content = info.content.ok_or(OpenError::Form)?.as_bytes();
        Ok(Self { iv, content })
    }
}

/// The content's key as it was sent to one certificate.
enum Parcel<'i, 'a> {
    Transport(&'i KeyTransportInfo<'a>),
    Agreement(&'i KeyAgreementInfo<'a>, &'a OctetStringRef),
}

impl<'i, 'a> Parcel<'i, 'a> {
    /// The parcel for `address`, if it is here. Recipients named by a key identifier are not ours: we name
    /// certificates, since several may have one key.
    fn find(info: &'i RecipientInfo<'a>, address: &Address) -> Option<Self> {
        match info {
            RecipientInfo::Transport(info) => match &info.recipient {
                TransportRecipient::Named(named) if address.is(named) => Some(Self::Transport(info)),
                _ => None,
            },
            RecipientInfo::Agreement(info) => info.keys.iter().find_map(|key| match &key.recipient {
                AgreementRecipient::Named(named) if address.is(named) => Some(Self::Agreement(info, key.key)),
                _ => None,
            }),
            RecipientInfo::Key(_) | RecipientInfo::Password(_) | RecipientInfo::Other(_) => None,
        }
    }

    /// How the key comes out, when that is supported.
    fn way(&self) -> Result<Way<'a>, OpenError> {
        match self {
            Self::Transport(info) => {
                if info.version != 0 {
                    return Err(OpenError::Form);
                }
                let hash = oaep_hash(info.algorithm)?;
                Ok(Way::Transport { hash, encrypted: info.encrypted_key.as_bytes() })
            }
            Self::Agreement(info, wrapped) => {
                if info.version != 3 {
                    return Err(OpenError::Form);
                }
                let hash = kdf_hash(info.algorithm.oid)?;
                let wrap: Algorithm<'a> = parameters(info.algorithm.parameters)?;
                if wrap.oid != id::AES256_WRAP {
                    return Err(Unsupported::KeyAlgorithm.into());
                }
                let Originator::Key(sender) = &info.originator else {
                    return Err(Unsupported::KeyAlgorithm.into());
                };
                if sender.algorithm.oid != id::EC_PUBLIC_KEY {
                    return Err(Unsupported::KeyAlgorithm.into());
                }
                let point = sender.key.as_bytes().ok_or(OpenError::Form)?;
                let shared_info = shared_info(wrap, info.user_material).map_err(|_| OpenError::Form)?;
                Ok(Way::Agreement { hash, point, shared_info, wrapped: wrapped.as_bytes() })
            }
        }
    }
}

/// How the content's key comes out.
enum Way<'a> {
    Transport { hash: HashAlg, encrypted: &'a [u8] },
    Agreement { hash: HashAlg, point: &'a [u8], shared_info: Vec<u8>, wrapped: &'a [u8] },
}

impl Way<'_> {
    fn key(&self, pkcs8: &[u8], crypto: &Crypto<'_>) -> Result<AesKey, DoesNotOpen> {
        match self {
            Self::Transport { hash, encrypted } => crypto.transport.oaep_decrypt(*hash, pkcs8, encrypted),
            Self::Agreement { hash, point, shared_info, wrapped } => {
                let secret = crypto.agreement.agree(pkcs8, point)?;
                let wrapping = crypto.wrapping_key(*hash, &secret, shared_info);
                crypto.cipher.aes256_unwrap(&wrapping, wrapped)
            }
        }
    }
}

/// The one hash of RSAES-OAEP: for label and mask the same, as everybody has it.
pub(super) fn oaep_hash(algorithm: Algorithm<'_>) -> Result<HashAlg, OpenError> {
    match algorithm.oid {
        id::RSAES_OAEP => {}
        id::RSA_ENCRYPTION => return Err(Unsupported::Pkcs1v15.into()),
        _ => return Err(Unsupported::KeyAlgorithm.into()),
    }
    let given: OaepParameters<'_> = parameters(algorithm.parameters)?;
    let hash = modern(given.hash)?;
    let mask = given.mask.ok_or(Unsupported::Sha1)?;
    if mask.oid != id::MGF1 || modern(Some(parameters(mask.parameters)?))? != hash {
        return Err(Unsupported::KeyAlgorithm.into());
    }
    let empty_label = given.label.is_none_or(|label| {
        let none =
            label.parameters.is_some_and(|p| p.header().tag() == Tag::OctetString && p.value().is_empty());
        label.oid == id::P_SPECIFIED && none
    });
    if empty_label { Ok(hash) } else { Err(Unsupported::KeyAlgorithm.into()) }
}

/// A hash of today. Nothing said means SHA-1 (RFC 4055 §4.1).
fn modern(algorithm: Option<Algorithm<'_>>) -> Result<HashAlg, OpenError> {
    let algorithm = algorithm.ok_or(Unsupported::Sha1)?;
    if !algorithm.parameters.is_none_or(|p| p.is_null()) {
        return Err(Unsupported::KeyAlgorithm.into());
    }
    match algorithm.oid {
        id::SHA256 => Ok(HashAlg::Sha256),
        id::SHA384 => Ok(HashAlg::Sha384),
        id::SHA512 => Ok(HashAlg::Sha512),
        id::SHA1 => Err(Unsupported::Sha1.into()),
        _ => Err(Unsupported::KeyAlgorithm.into()),
    }
}

fn kdf_hash(scheme: Oid) -> Result<HashAlg, OpenError> {
    match scheme {
        id::ECDH_SHA256 => Ok(HashAlg::Sha256),
        id::ECDH_SHA384 => Ok(HashAlg::Sha384),
        id::ECDH_SHA512 => Ok(HashAlg::Sha512),
        id::ECDH_SHA1 => Err(Unsupported::Sha1.into()),
        _ => Err(Unsupported::KeyAlgorithm.into()),
    }
}

/// Parameters read as what they should be.
fn parameters<'a, T>(given: Option<AnyRef<'a>>) -> Result<T, OpenError>
where
    T: DecodeValue<'a, Error = der::Error> + FixedTag + 'a,
{
    given.ok_or(Unsupported::KeyAlgorithm)?.decode_as().map_err(|_| OpenError::Form)
}
