//! Writing an envelope.

use super::asn1::{
    AgreementRecipient, Algorithm, ContentInfo, EncryptedContentInfo, EncryptedKey, EnvelopedData,
    KeyAgreementInfo, KeyTransportInfo, OaepParameters, Originator, OriginatorKey, RecipientInfo, SharedInfo,
    TransportRecipient, id,
};
use super::recipient::Way;
use super::{Crypto, MAX_LEN, Recipient, SealError};
use core_crypto::HashAlg;
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Encode, Tag};
use zeroize::Zeroizing;

/// Encrypts `content` to the holder of a certificate: DER of a ContentInfo, which is the content of a `.p7m` file.
///
/// Key, initialisation vector and the one-time key pair come from `crypto.dice`.
///
/// # Errors
/// [`SealError::UnfitKey`], [`SealError::TooLong`].
pub fn seal(content: &[u8], recipient: &Recipient, crypto: &Crypto<'_>) -> Result<Vec<u8>, SealError> {
    if content.len() > MAX_LEN {
        return Err(SealError::TooLong);
    }
    let (mut key, mut iv) = (Zeroizing::new([0; 32]), [0; 16]);
    crypto.dice.fill(&mut *key);
    crypto.dice.fill(&mut iv);
    let recipient_info = match recipient.way {
        Way::Transport => transport(&key, recipient, crypto)?,
        Way::AgreementP256 => agreement(&key, HashAlg::Sha256, recipient, crypto)?,
        Way::AgreementP384 => agreement(&key, HashAlg::Sha384, recipient, crypto)?,
    };
    let sealed = crypto.cipher.aes256_cbc_encrypt(&key, &iv, content);
    // RFC 5652 §6.1: 0 when every recipient is of version 0, else 2.
    let version = if recipient.way == Way::Transport { 0 } else { 2 };
    let der = envelope(version, &recipient_info, &iv, &sealed).map_err(|_| SealError::TooLong)?;
    if der.len() > MAX_LEN { Err(SealError::TooLong) } else { Ok(der) }
}

fn envelope(version: u8, recipient: &[u8], iv: &[u8; 16], sealed: &[u8]) -> der::Result<Vec<u8>> {
    let enveloped = EnvelopedData {
        version,
        originator_info: None,
        // A set of one is in order.
        recipient_infos: AnyRef::new(Tag::Set, recipient)?,
        content: EncryptedContentInfo {
            content_type: id::DATA,
            algorithm: Algorithm {
                oid: id::AES256_CBC,
                parameters: Some(AnyRef::new(Tag::OctetString, iv)?),
            },
            content: Some(OctetStringRef::new(sealed)?),
        },
        unprotected_attributes: None,
    };
    let enveloped = enveloped.to_der()?;
    ContentInfo { content_type: id::ENVELOPED_DATA, content: AnyRef::from_der(&enveloped)? }.to_der()
}

/// KeyTransRecipientInfo with RSAES-OAEP (RFC 3560 §3).
fn transport(key: &[u8; 32], to: &Recipient, crypto: &Crypto<'_>) -> Result<Vec<u8>, SealError> {
    let encrypted = crypto.transport.oaep_encrypt(HashAlg::Sha256, &to.address.spki, key);
    let encrypted = encrypted.map_err(|_| SealError::UnfitKey)?;
    let encode = || {
        // RFC 4055 §2.1: the hash with a NULL.
        let hash = Algorithm { oid: id::SHA256, parameters: Some(AnyRef::NULL) };
        let hash_der = hash.to_der()?;
        let mask = Algorithm { oid: id::MGF1, parameters: Some(AnyRef::from_der(&hash_der)?) };
        let parameters = OaepParameters { hash: Some(hash), mask: Some(mask), label: None }.to_der()?;
        let info = KeyTransportInfo {
            version: 0,
            recipient: TransportRecipient::Named(to.address.named()?),
            algorithm: Algorithm { oid: id::RSAES_OAEP, parameters: Some(AnyRef::from_der(&parameters)?) },
            encrypted_key: OctetStringRef::new(&encrypted)?,
        };
        RecipientInfo::Transport(info).to_der()
    };
    encode().map_err(|_: der::Error| SealError::Certificate)
}

/// KeyAgreeRecipientInfo with a one-time key (RFC 5753 §3.1.1).
fn agreement(
    key: &[u8; 32],
    hash: HashAlg,
    to: &Recipient,
    crypto: &Crypto<'_>,
) -> Result<Vec<u8>, SealError> {
    let agreed = crypto.agreement.agree_once(&to.address.spki, crypto.dice);
    let agreed = agreed.map_err(|_| SealError::UnfitKey)?;
    let encode = || {
        let wrap = Algorithm { oid: id::AES256_WRAP, parameters: None };
        let wrapping = crypto.wrapping_key(hash, &agreed.secret, &shared_info(wrap, None)?);
        let wrapped = crypto.cipher.aes256_wrap(&wrapping, key);
        let wrap_der = wrap.to_der()?;
        let scheme = if hash == HashAlg::Sha384 { id::ECDH_SHA384 } else { id::ECDH_SHA256 };
        let info = KeyAgreementInfo {
            version: 3,
            originator: Originator::Key(OriginatorKey {
                algorithm: Algorithm { oid: id::EC_PUBLIC_KEY, parameters: None },
                key: BitStringRef::from_bytes(&agreed.point)?,
            }),
            user_material: None,
            algorithm: Algorithm { oid: scheme, parameters: Some(AnyRef::from_der(&wrap_der)?) },
            keys: vec![EncryptedKey {
                recipient: AgreementRecipient::Named(to.address.named()?),
                key: OctetStringRef::new(&wrapped)?,
            }],
        };
        RecipientInfo::Agreement(info).to_der()
    };
    encode().map_err(|_: der::Error| SealError::Certificate)
}

/// DER of ECC-CMS-SharedInfo for a key of 256 bits.
pub(super) fn shared_info(
    wrap: Algorithm<'_>,
    user_material: Option<&OctetStringRef>,
) -> der::Result<Vec<u8>> {
    let bits = 256u32.to_be_bytes();
    SharedInfo { key_info: wrap, user_material, key_bits: OctetStringRef::new(&bits)? }.to_der()
}
