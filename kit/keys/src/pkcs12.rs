//! A key and its certificates as one file under a password: PKCS#12 (RFC 7292).
//!
//! ```text
//! PFX ─ authenticated by HMAC-SHA-256 ─┬─ EncryptedData: the certificates
//!                                      └─ Data: the key, shrouded
//! ```
//!
//! Both parts are encrypted by PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, then AES-256-CBC. The octets of the
//! password are UTF-8 for PBES2 and UTF-16 for the MAC, as OpenSSL, Java and the browsers have it. Not every
//! program agrees on that beyond ASCII: hand passwords of ASCII characters to people.
//!
//! [`read`] takes back what was written here, and what openssl 3, Java and the browsers write today.

mod read;

pub use read::{BadFile, Opened, read};

use crate::{KeyError, Provider, SoftKey};
use aws_lc_rs::{
    cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey},
    hmac, pbkdf2,
};
use core_crypto::{Dice, Digest, HashAlg};
use core_pack::put_der;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// What goes into a file.
pub struct Contents<'a> {
    /// The private key.
    pub key: &'a SoftKey,
    /// Its certificate, DER. That it is the key's, the caller has checked.
    pub certificate: &'a [u8],
    /// The certificates above it, DER, in any order.
    pub chain: &'a [Vec<u8>],
    /// What programs show beside key and certificate.
    pub friendly_name: &'a str,
}

/// Rounds of each of the three derivations. A try at the password costs two of them, some 60 ms; Windows refuses
/// files of more than 600,000 rounds.
const ROUNDS: u32 = 100_000;

/// Writes a file that opens with `password`, taken as it is.
///
/// Takes a tenth of a second or two: keep it off async threads.
///
/// # Errors
/// [`KeyError::EmptyPassphrase`]; [`KeyError::Failed`] when the library fails.
pub fn write(contents: &Contents<'_>, password: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if password.is_empty() {
        return Err(KeyError::EmptyPassphrase);
    }
    // RFC 7292 §4.2: what the key is and its certificate have in common.
    let key_id = Provider.hash(HashAlg::Sha1, contents.key.public_spki());
    let names = attributes(contents.friendly_name, key_id.as_ref());

    let mut bags = certificate_bag(contents.certificate, &names);
    contents.chain.iter().for_each(|above| bags.extend(certificate_bag(above, &[])));
    let certificates = encrypt(Zeroizing::new(der(SEQUENCE, &[&bags])), password)?;
    let certificates = der(SEQUENCE, &[DATA, &certificates.algorithm, &der(0x80, &[&certificates.octets])]);
    let certificates = content_info(ENCRYPTED_DATA, &der(SEQUENCE, &[&[INTEGER, 1, 0], &certificates]));

    let key = encrypt(contents.key.to_pkcs8()?, password)?;
    let key = der(SEQUENCE, &[&key.algorithm, &der(OCTET_STRING, &[&key.octets])]);
    let key = der(SEQUENCE, &[SHROUDED_KEY_BAG, &der(EXPLICIT_0, &[&key]), &der(SET, &[&names])]);
    let key = content_info(DATA, &der(OCTET_STRING, &[&der(SEQUENCE, &[&key])]));

    let safe = der(SEQUENCE, &[&certificates, &key]);
    let mac = mac_data(&safe, password);
    let safe = content_info(DATA, &der(OCTET_STRING, &[&safe]));
    Ok(Zeroizing::new(der(SEQUENCE, &[&[INTEGER, 1, 3], &safe, &mac])))
}

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const BMP_STRING: u8 = 0x1e;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const EXPLICIT_0: u8 = 0xa0;

/// id-data (RFC 5652 §4).
const DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
/// id-encryptedData (RFC 5652 §8).
const ENCRYPTED_DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
/// pkcs8ShroudedKeyBag (RFC 7292 §4.2.2).
const SHROUDED_KEY_BAG: &[u8] = &[0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02];
/// certBag (RFC 7292 §4.2.3).
const CERT_BAG: &[u8] = &[0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x03];
/// x509Certificate (RFC 7292 §4.2.3).
const X509_CERTIFICATE: &[u8] = &[0x06, 10, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
/// friendlyName (RFC 2985 §5.5.1).
const FRIENDLY_NAME: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14];
/// localKeyId (RFC 2985 §5.5.2).
const LOCAL_KEY_ID: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];
/// id-PBES2 (RFC 8018 §A.4).
const PBES2: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
/// id-PBKDF2 (RFC 8018 §A.2).
const PBKDF2: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// id-hmacWithSHA256 with NULL (RFC 8018 §B.1.2).
const HMAC_SHA256: &[u8] = &[0x30, 12, 0x06, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09, 0x05, 0];
/// aes256-CBC-PAD (RFC 8018 §B.2.5).
const AES256_CBC: &[u8] = &[0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];
/// id-sha256 with NULL.
const SHA256: &[u8] = &[0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0];

fn der(tag: u8, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(pieces.iter().map(|p| p.len()).sum::<usize>() + 6);
    put_der(&mut out, tag, pieces);
    out
}

fn content_info(kind: &[u8], content: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[kind, &der(EXPLICIT_0, &[content])])
}

fn certificate_bag(certificate: &[u8], attributes: &[u8]) -> Vec<u8> {
    let value = der(EXPLICIT_0, &[&der(OCTET_STRING, &[certificate])]);
    let bag = der(EXPLICIT_0, &[&der(SEQUENCE, &[X509_CERTIFICATE, &value])]);
    let attributes = if attributes.is_empty() { Vec::new() } else { der(SET, &[attributes]) };
    der(SEQUENCE, &[CERT_BAG, &bag, &attributes])
}

/// friendlyName and localKeyId, in the order that DER has for members of a set.
fn attributes(name: &str, key_id: &[u8]) -> Vec<u8> {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut members = [
        der(SEQUENCE, &[FRIENDLY_NAME, &der(SET, &[&der(BMP_STRING, &[&name])])]),
        der(SEQUENCE, &[LOCAL_KEY_ID, &der(SET, &[&der(OCTET_STRING, &[key_id])])]),
    ];
    members.sort_unstable();
    members.concat()
}

/// Octets under PBES2, and the AlgorithmIdentifier that tells how.
struct Encrypted {
    algorithm: Vec<u8>,
    octets: Zeroizing<Vec<u8>>,
}

fn encrypt(plain: Zeroizing<Vec<u8>>, password: &str) -> Result<Encrypted, KeyError> {
    let failed = |_| KeyError::Failed("encrypting a PKCS#12 file");
    let (mut salt, mut iv, mut key) = ([0; 16], [0; 16], Zeroizing::new([0; 32]));
    Provider.fill(&mut salt);
    Provider.fill(&mut iv);
    let rounds = NonZeroU32::new(ROUNDS).unwrap_or(NonZeroU32::MIN);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, password.as_bytes(), &mut *key);
    let key = UnboundCipherKey::new(&AES_256, &*key).map_err(failed)?;
    // Room for the padding: a vector that grows would leave a copy of the secret behind.
    let mut octets = Zeroizing::new(Vec::with_capacity(plain.len() + 16));
    octets.extend_from_slice(&plain);
    PaddedBlockEncryptingKey::cbc_pkcs7(key)
        .and_then(|key| key.less_safe_encrypt(&mut *octets, EncryptionContext::Iv128(iv.into())))
        .map_err(failed)?;

    let derivation = der(SEQUENCE, &[&der(OCTET_STRING, &[&salt]), &rounds_der(), HMAC_SHA256]);
    let derivation = der(SEQUENCE, &[PBKDF2, &derivation]);
    let cipher = der(SEQUENCE, &[AES256_CBC, &der(OCTET_STRING, &[&iv])]);
    let algorithm = der(SEQUENCE, &[PBES2, &der(SEQUENCE, &[&derivation, &cipher])]);
    Ok(Encrypted { algorithm, octets })
}

/// The number of rounds as an INTEGER: three octets, the first below 0x80.
fn rounds_der() -> Vec<u8> {
    const { assert!(ROUNDS >= 0x8000 && ROUNDS < 0x80_0000) };
    der(INTEGER, &[&ROUNDS.to_be_bytes()[1..]])
}

/// MacData over the content of the AuthenticatedSafe.
fn mac_data(safe: &[u8], password: &str) -> Vec<u8> {
    let mut salt = [0; 16];
    Provider.fill(&mut salt);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &*mac_key(password, &salt, ROUNDS));
    let mac = hmac::sign(&key, safe);
    let mac = der(SEQUENCE, &[SHA256, &der(OCTET_STRING, &[mac.as_ref()])]);
    der(SEQUENCE, &[&mac, &der(OCTET_STRING, &[&salt]), &rounds_der()])
}

/// The derivation of RFC 7292 §B.2 for a MAC key with SHA-256: one block of output, so its step 6C never comes.
fn mac_key(password: &str, salt: &[u8], rounds: u32) -> Zeroizing<[u8; 32]> {
    /// Octets that SHA-256 takes in at once.
    const BLOCK: usize = 64;
    /// The purpose: a MAC key (§B.3).
    const MAC: u8 = 3;
    // As a BMPString with its two zero octets at the end (§B.1). Room for all: it must not grow.
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * password.len() + 2));
    octets.extend(password.encode_utf16().chain([0]).flat_map(u16::to_be_bytes));
    let filled = |length: usize| length.div_ceil(BLOCK) * BLOCK;
    let (salted, typed) = (filled(salt.len()), filled(octets.len()));
    let mut input = Zeroizing::new(Vec::with_capacity(BLOCK + salted + typed));
    input.extend([MAC; BLOCK]);
    input.extend(salt.iter().cycle().take(salted));
    input.extend(octets.iter().cycle().take(typed));
    let mut key = Zeroizing::new(Provider.sha256(&input));
    for _ in 1..rounds {
        *key = Provider.sha256(&*key);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use core_crypto::KeyAlg;

    /// Worked out from the text of the RFC with another library (hashlib of Python): password "割符 pass", salt 00 to 0f,
    /// 3 rounds. OpenSSL opens whole files in the tests beside.
    #[test]
    fn the_mac_key_is_that_of_the_rfc() {
        let salt: [u8; 16] = std::array::from_fn(|i| i as u8);
        let hex: String = mac_key("割符 pass", &salt, 3).iter().map(|o| format!("{o:02x}")).collect();
        assert_eq!(hex, "3bdee7e04ce6c1bba7ba3b38d0a04f0e19f816ae0067cafba386a50454ddbf9e");
    }

    #[test]
    fn files_differ_each_time_and_show_nothing_of_the_key() {
        let key = testing::key(KeyAlg::Ed25519, 1);
        let contents = Contents { key: &key, certificate: b"certificate", chain: &[], friendly_name: "名" };
        let (a, b) = (write(&contents, "password").expect("a"), write(&contents, "password").expect("b"));
        assert_ne!(a, b);
        let plain = key.to_pkcs8().expect("a private key");
        assert!(!a.windows(8).any(|octets| octets == &plain[16..24]));
        assert!(!a.windows(11).any(|octets| octets == b"certificate"), "certificates are encrypted too");
        assert!(matches!(write(&contents, ""), Err(KeyError::EmptyPassphrase)));
    }
}
