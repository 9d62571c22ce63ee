//! Reading a file of key and certificates.

use super::mac_key;
use crate::Provider;
use aws_lc_rs::{hmac, pbkdf2};
use core_crypto::{Cipher, PublicHalf};
use core_pack::pkcs12::{self as pack, BadPkcs12, Bag, Encrypted, Hash, Safe};
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// What a file holds.
pub struct Opened {
    /// The private key, PKCS#8 in DER.
    pub key: Zeroizing<Vec<u8>>,
    /// All certificates, DER, in the order of the file: the key's own is not always the first.
    pub certificates: Vec<Vec<u8>>,
}

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadFile {
    /// Its form, or how it is encrypted.
    #[error(transparent)]
    Pkcs12(#[from] BadPkcs12),
    /// Not this password, or the file was altered.
    #[error("this is not the password of the file, or the file was altered")]
    WrongPassword,
    /// No private key of a kind known here, or several.
    #[error("the file does not hold exactly one private key that can be used here")]
    Key,
}

impl std::fmt::Debug for Opened {
    /// How many certificates; never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({} certificates)", self.certificates.len())
    }
}

/// Opens a file with `password`, taken as it is. Nothing of the file is read before its MAC was found good.
///
/// Takes as long as the file's number of rounds says, at most some seconds: keep it off async threads.
///
/// # Errors
/// [`BadFile`].
pub fn read(file: &[u8], password: &str) -> Result<Opened, BadFile> {
    let pfx = pack::parse(file)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &*mac_key(password, pfx.salt, pfx.rounds));
    hmac::verify(&key, pfx.content, pfx.mac).map_err(|_| BadFile::WrongPassword)?;

    let (mut keys, mut certificates) = (Vec::new(), Vec::new());
    for safe in pack::safes(pfx.content)? {
        let opened;
        let contents = match safe {
            Safe::Plain(contents) => contents,
            Safe::Encrypted(encrypted) => {
                opened = decrypt(&encrypted, password)?;
                &opened
            }
        };
        for bag in pack::bags(contents)? {
            match bag {
                Bag::ShroudedKey(encrypted) if keys.is_empty() => keys.push(decrypt(&encrypted, password)?),
                Bag::ShroudedKey(_) => return Err(BadFile::Key),
                Bag::Certificate(der) => certificates.push(der.to_vec()),
                Bag::Other => {}
            }
        }
    }
    let key = keys.pop().filter(|key| Provider.public_half(key).is_ok()).ok_or(BadFile::Key)?;
    Ok(Opened { key, certificates })
}

fn decrypt(encrypted: &Encrypted<'_>, password: &str) -> Result<Zeroizing<Vec<u8>>, BadFile> {
    let hash = match encrypted.hash {
        Hash::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        Hash::Sha384 => pbkdf2::PBKDF2_HMAC_SHA384,
        Hash::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
    };
    let rounds = NonZeroU32::new(encrypted.rounds).unwrap_or(NonZeroU32::MIN);
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(hash, rounds, encrypted.salt, password.as_bytes(), &mut *key);
    // The MAC was good, so this fails only for a file whose parts have different passwords.
    let opened = Provider.aes256_cbc_decrypt(&key, &encrypted.iv, encrypted.octets);
    opened.map_err(|_| BadFile::WrongPassword)
}
