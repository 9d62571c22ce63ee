//! The ports of cards, filled in (J4, J16): key pairs at hand, keyed hashes, sealed messages.

use crate::{KeyError, Provider, SoftKey, provider::algorithm};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest,
    encoding::{AsDer, Pkcs8V1Der},
    hmac,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256,
        RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair,
        RsaSignatureEncoding,
    },
};
use core_crypto::{Aead, Dice, DoesNotOpen, HashAlg, KeyAlg, Mac, Pair, Pairs, UnfitInput, UnfitKey};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::DecodePrivateKey,
    rand_core::{TryCryptoRng, TryRng},
};
use std::{convert::Infallible, sync::OnceLock};
use zeroize::Zeroizing;

impl Mac for Provider {
    fn hmac_sha256(&self, key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut running = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        parts.iter().for_each(|part| running.update(part));
        let mut out = Zeroizing::new([0; 32]);
        out.copy_from_slice(running.sign().as_ref());
        out
    }
}

impl Aead for Provider {
    fn aes256_gcm_seal(&self, key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], plain: &[u8]) -> Vec<u8> {
        // Room for the tag: a vector that grows would leave a copy of the text behind.
        let mut octets = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
        octets.extend_from_slice(plain);
        gcm(key)
            .seal_in_place_append_tag(nonce_of(nonce), Aad::from(aad), &mut octets)
            .expect("a text of a few kilobytes is within what AES-GCM seals");
        octets
    }

    fn aes256_gcm_open(
        &self,
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let mut octets = Zeroizing::new(sealed.to_vec());
        let length = gcm(key)
            .open_in_place(nonce_of(nonce), Aad::from(aad), &mut octets)
            .map_err(|_| DoesNotOpen)?
            .len();
        octets.truncate(length);
        Ok(octets)
    }
}

fn gcm(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("any 32 octets are a key"))
}

fn nonce_of(nonce: &[u8; NONCE_LEN]) -> Nonce {
    Nonce::assume_unique_for_key(*nonce)
}

impl Pairs for Provider {
    fn generate_pair(&self, alg: KeyAlg) -> Result<Box<dyn Pair>, UnfitKey> {
        if !carried(alg) {
            return Err(UnfitKey);
        }
        let key = SoftKey::generate(alg).map_err(|_| UnfitKey)?;
        AtHand::load(&key.to_pkcs8().map_err(|_| UnfitKey)?)
    }

    fn load_pair(&self, pkcs8: &[u8]) -> Result<Box<dyn Pair>, UnfitKey> {
        AtHand::load(pkcs8)
    }
}

/// Whether cards carry keys of this kind.
fn carried(alg: KeyAlg) -> bool {
    matches!(alg, KeyAlg::Rsa2048 | KeyAlg::Rsa3072 | KeyAlg::Rsa4096 | KeyAlg::P256 | KeyAlg::P384)
}

/// A key pair of a card.
struct AtHand {
    alg: KeyAlg,
    spki: Box<[u8]>,
    secret: Secret,
}

enum Secret {
    Rsa {
        pair: RsaKeyPair,
        /// The same key for inputs that are no DigestInfo of a hash that the library knows; made when first needed.
        plain: OnceLock<Option<Box<RsaPrivateKey>>>,
    },
    Ec(EcdsaKeyPair),
}

impl AtHand {
    fn load(pkcs8: &[u8]) -> Result<Box<dyn Pair>, UnfitKey> {
        // The strict reader first, for kind and public half; then the form that signs as cards do.
        let read = SoftKey::from_pkcs8(pkcs8).map_err(|_: KeyError| UnfitKey)?;
        let alg = read.key_alg();
        let curve = match alg {
            KeyAlg::P256 => Some(&ECDSA_P256_SHA256_FIXED_SIGNING),
            KeyAlg::P384 => Some(&ECDSA_P384_SHA384_FIXED_SIGNING),
            _ => None,
        };
        let secret = match curve {
            Some(curve) => Secret::Ec(EcdsaKeyPair::from_pkcs8(curve, pkcs8).map_err(|_| UnfitKey)?),
            None if carried(alg) => Secret::Rsa {
                pair: RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| UnfitKey)?,
                plain: OnceLock::new(),
            },
            None => return Err(UnfitKey),
        };
        Ok(Box::new(Self { alg, spki: read.public_spki().into(), secret }))
    }

    /// A signature of RSA in the form of `encoding`.
    fn rsa(
        &self,
        encoding: &'static RsaSignatureEncoding,
        alg: HashAlg,
        hash: &[u8],
    ) -> Result<Vec<u8>, UnfitInput> {
        let Secret::Rsa { pair, .. } = &self.secret else { return Err(UnfitInput) };
        let hash = digest::Digest::import_less_safe(hash, algorithm(alg)).map_err(|_| UnfitInput)?;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign_digest(encoding, &hash, &mut signature).map_err(|_| UnfitInput)?;
        Ok(signature)
    }
}

impl Pair for AtHand {
    fn key_alg(&self) -> KeyAlg {
        self.alg
    }

    fn public_spki(&self) -> &[u8] {
        &self.spki
    }

    fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, UnfitKey> {
        match &self.secret {
            Secret::Rsa { pair, .. } => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| UnfitKey)?;
                Ok(Zeroizing::new(der.as_ref().to_vec()))
            }
            Secret::Ec(pair) => {
                Ok(Zeroizing::new(pair.to_pkcs8v1().map_err(|_| UnfitKey)?.as_ref().to_vec()))
            }
        }
    }

    fn sign_hash(&self, alg: HashAlg, hash: &[u8]) -> Result<Vec<u8>, UnfitInput> {
        if let Secret::Ec(pair) = &self.secret {
            let hash = digest::Digest::import_less_safe(hash, algorithm(alg)).map_err(|_| UnfitInput)?;
            return Ok(pair.sign_digest(&hash).map_err(|_| UnfitInput)?.as_ref().to_vec());
        }
        let encoding = match alg {
            HashAlg::Sha256 => &RSA_PKCS1_SHA256,
            HashAlg::Sha384 => &RSA_PKCS1_SHA384,
            HashAlg::Sha512 => &RSA_PKCS1_SHA512,
            HashAlg::Sha1 => return Err(UnfitInput),
        };
        self.rsa(encoding, alg, hash)
    }

    fn sign_pss(&self, alg: HashAlg, hash: &[u8]) -> Result<Vec<u8>, UnfitInput> {
        let encoding = match alg {
            HashAlg::Sha256 => &RSA_PSS_SHA256,
            HashAlg::Sha384 => &RSA_PSS_SHA384,
            HashAlg::Sha512 => &RSA_PSS_SHA512,
            HashAlg::Sha1 => return Err(UnfitInput),
        };
        self.rsa(encoding, alg, hash)
    }

    fn sign_padded(&self, input: &[u8]) -> Result<Vec<u8>, UnfitInput> {
        let Secret::Rsa { pair, plain } = &self.secret else { return Err(UnfitInput) };
        if input.is_empty() || input.len() + 11 > pair.public_modulus_len() {
            return Err(UnfitInput);
        }
        // What nearly all software sends: the DigestInfo of a hash that the library signs itself, and faster.
        for (alg, info) in DIGEST_INFOS {
            if let Some(hash) = input.strip_prefix(info)
                && let Ok(signature) = self.sign_hash(alg, hash)
            {
                return Ok(signature);
            }
        }
        let plain =
            plain.get_or_init(|| RsaPrivateKey::from_pkcs8_der(&self.to_pkcs8().ok()?).ok().map(Box::new));
        plain
            .as_ref()
            .ok_or(UnfitInput)?
            .sign_with_rng(&mut Blinding, Pkcs1v15Sign::new_unprefixed(), input)
            .map_err(|_| UnfitInput)
    }
}

/// DigestInfos up to the hash value itself (RFC 8017 §9.2, note 1).
const DIGEST_INFOS: [(HashAlg, &[u8]); 3] = [
    (HashAlg::Sha256, b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"),
    (HashAlg::Sha384, b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"),
    (HashAlg::Sha512, b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"),
];

/// The random octets that blind a private operation.
struct Blinding;

impl TryRng for Blinding {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut octets = [0; 4];
        Provider.fill(&mut octets);
        Ok(u32::from_le_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut octets = [0; 8];
        Provider.fill(&mut octets);
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        Provider.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Blinding {}

#[cfg(test)]
mod tests {
    use super::*;
    use core_crypto::{Digest, SigAlg, Verify};

    fn rsa_pair() -> Box<dyn Pair> {
        Provider.generate_pair(KeyAlg::Rsa2048).expect("a key")
    }

    #[test]
    fn j16_a_digest_info_is_signed_as_its_hash_and_verifies() {
        let pair = rsa_pair();
        let hash = Provider.sha256(b"a message");
        let info = [DIGEST_INFOS[0].1, &hash].concat();
        let signature = pair.sign_padded(&info).expect("a signature");
        assert_eq!(signature, pair.sign_hash(HashAlg::Sha256, &hash).expect("the same"));
        Provider.verify(SigAlg::RsaSha256, pair.public_spki(), b"a message", &signature).expect("fits");
        assert!(Provider.verify(SigAlg::RsaSha256, pair.public_spki(), b"another", &signature).is_err());
    }

    /// The other way to the same octets: a DigestInfo by the library, and by the pure way, which takes anything.
    #[test]
    fn j16_octets_of_any_form_are_padded_as_they_are() {
        let pair = rsa_pair();
        let plain = RsaPrivateKey::from_pkcs8_der(&pair.to_pkcs8().expect("pkcs8")).expect("the same key");
        for input in [&b"x"[..], &[7; 36], &[9; 245]] {
            let signature = pair.sign_padded(input).expect("a signature");
            plain.to_public_key().verify(Pkcs1v15Sign::new_unprefixed(), input, &signature).expect("fits");
        }
        let info = [DIGEST_INFOS[0].1, &[3; 32]].concat();
        let pure = plain.sign(Pkcs1v15Sign::new_unprefixed(), &info).expect("a signature");
        assert_eq!(pair.sign_padded(&info).expect("a signature"), pure);
        assert_eq!(pair.sign_padded(&[1; 246]), Err(UnfitInput));
        assert_eq!(pair.sign_padded(&[]), Err(UnfitInput));
    }

    #[test]
    fn j16_a_key_is_taken_back_and_signs_alike() {
        for alg in [KeyAlg::Rsa2048, KeyAlg::P384] {
            let pair = Provider.generate_pair(alg).expect("a key");
            let again = Provider.load_pair(&pair.to_pkcs8().expect("pkcs8")).expect("taken back");
            assert_eq!((again.key_alg(), again.public_spki()), (alg, pair.public_spki()));
        }
        assert!(Provider.generate_pair(KeyAlg::Ed25519).is_err());
        assert!(Provider.load_pair(b"no key").is_err());
    }

    #[test]
    fn j16_p384_signs_a_hash_as_two_numbers() {
        let pair = Provider.generate_pair(KeyAlg::P384).expect("a key");
        let hash = Provider.hash(HashAlg::Sha384, b"a message");
        assert_eq!(pair.sign_hash(HashAlg::Sha384, hash.as_ref()).expect("a signature").len(), 96);
        assert_eq!(pair.sign_hash(HashAlg::Sha256, &[0; 32]), Err(UnfitInput));
        assert_eq!(pair.sign_padded(hash.as_ref()), Err(UnfitInput));
        assert_eq!(pair.sign_pss(HashAlg::Sha384, hash.as_ref()), Err(UnfitInput));
    }

    #[test]
    fn j4_what_was_sealed_opens_only_as_it_was_sealed() {
        let (key, nonce) = ([1; 32], [2; 12]);
        let mut sealed = Provider.aes256_gcm_seal(&key, &nonce, b"head", b"text");
        assert_eq!(&**Provider.aes256_gcm_open(&key, &nonce, b"head", &sealed).expect("opens"), b"text");
        assert!(Provider.aes256_gcm_open(&key, &nonce, b"other", &sealed).is_err());
        assert!(Provider.aes256_gcm_open(&[3; 32], &nonce, b"head", &sealed).is_err());
        assert!(Provider.aes256_gcm_open(&key, &nonce, b"head", &[]).is_err());
        sealed[0] ^= 1;
        assert!(Provider.aes256_gcm_open(&key, &nonce, b"head", &sealed).is_err());
    }

    /// The value is openssl's.
    #[test]
    fn j4_a_keyed_hash_is_over_its_parts_one_after_the_other() {
        let whole = Provider.hmac_sha256(&[0x0b; 32], &[b"Hi There"]);
        assert_eq!(whole, Provider.hmac_sha256(&[0x0b; 32], &[b"Hi", b" ", b"There"]));
        let hex: String = whole.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(hex, "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7");
    }
}
