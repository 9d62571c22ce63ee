//! The ports of envelopes, filled in with aws-lc-rs (C7).
//!
//! Public keys are read by our own strict reader before the library sees them.

use crate::{Provider, SoftKey, verify::is_sound_exponent};
use aws_lc_rs::{
    agreement::{self, ECDH_P256, ECDH_P384, UnparsedPublicKey},
    cipher::{
        AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
        UnboundCipherKey,
    },
    key_wrap::{AES_256 as WRAP_256, AesKek, KeyWrap},
    rsa::{
        OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512, OaepAlgorithm,
        OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
    },
};
use core_crypto::{
    AesKey, Agreed, Cipher, Dice, DoesNotOpen, HashAlg, KeyAgreement, KeyTransport, PublicHalf, UnfitKey,
};
use core_pack::{KeyFamily, pkcs8::PrivateKey, spki::PublicKey};
use zeroize::Zeroizing;

/// RSA keys outside of this are not encrypted to, as they are not certified.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
/// How often a scalar is thrown before the dice must be broken: one throw in 2³² misses P-256, fewer miss P-384.
const THROWS: usize = 16;

impl Cipher for Provider {
    fn aes256_cbc_encrypt(&self, key: &[u8; 32], iv: &[u8; 16], plain: &[u8]) -> Vec<u8> {
        // Room for the padding: a vector that grows would leave a copy of the text behind.
        let mut octets = Vec::with_capacity(plain.len() + 16);
        octets.extend_from_slice(plain);
        UnboundCipherKey::new(&AES_256, key)
            .and_then(PaddedBlockEncryptingKey::cbc_pkcs7)
            .and_then(|key| key.less_safe_encrypt(&mut octets, EncryptionContext::Iv128((*iv).into())))
            .expect("any 32 octets are a key, and any text has a padding");
        octets
    }

    fn aes256_cbc_decrypt(
        &self,
        key: &[u8; 32],
        iv: &[u8; 16],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let mut octets = Zeroizing::new(sealed.to_vec());
        let length = UnboundCipherKey::new(&AES_256, key)
            .and_then(PaddedBlockDecryptingKey::cbc_pkcs7)
            .and_then(|key| Ok(key.decrypt(&mut octets, DecryptionContext::Iv128((*iv).into()))?.len()))
            .map_err(|_| DoesNotOpen)?;
        octets.truncate(length);
        Ok(octets)
    }

    fn aes256_wrap(&self, wrapping: &[u8; 32], key: &[u8; 32]) -> [u8; 40] {
        let mut wrapped = [0; 40];
        AesKek::new(&WRAP_256, wrapping)
            .and_then(|wrapping| wrapping.wrap(key, &mut wrapped).map(drop))
            .expect("any 32 octets are a key and can be wrapped");
        wrapped
    }

    fn aes256_unwrap(&self, wrapping: &[u8; 32], wrapped: &[u8]) -> Result<AesKey, DoesNotOpen> {
        let mut key: AesKey = Zeroizing::new([0; 32]);
        if wrapped.len() != 40 {
            return Err(DoesNotOpen);
        }
        AesKek::new(&WRAP_256, wrapping)
            .and_then(|wrapping| wrapping.unwrap(wrapped, &mut *key).map(drop))
            .map_err(|_| DoesNotOpen)?;
        Ok(key)
    }
}

impl KeyTransport for Provider {
    /// RSA of 2048 to 4096 bits with an odd exponent from 65537. The library draws the seed of the padding from its
    /// own generator.
    fn oaep_encrypt(&self, hash: HashAlg, spki: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, UnfitKey> {
        let numbers = PublicKey::parse(spki).map_err(|_| UnfitKey)?;
        let numbers = numbers.rsa().ok_or(UnfitKey)?;
        if !RSA_BITS.contains(&numbers.bits()) || !is_sound_exponent(numbers.exponent) {
            return Err(UnfitKey);
        }
        let algorithm = oaep(hash).ok_or(UnfitKey)?;
        let public = PublicEncryptingKey::from_der(spki).map_err(|_| UnfitKey)?;
        let public = OaepPublicEncryptingKey::new(public).map_err(|_| UnfitKey)?;
        let mut encrypted = vec![0; public.ciphertext_size()];
        let length = public.encrypt(algorithm, key, &mut encrypted, None).map_err(|_| UnfitKey)?.len();
        encrypted.truncate(length);
        Ok(encrypted)
    }

    fn oaep_decrypt(&self, hash: HashAlg, pkcs8: &[u8], sealed: &[u8]) -> Result<AesKey, DoesNotOpen> {
        let algorithm = oaep(hash).ok_or(DoesNotOpen)?;
        let private = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| DoesNotOpen)?;
        let private = OaepPrivateDecryptingKey::new(private).map_err(|_| DoesNotOpen)?;
        let mut opened = Zeroizing::new(vec![0; private.min_output_size()]);
        let opened = private.decrypt(algorithm, sealed, &mut opened, None).map_err(|_| DoesNotOpen)?;
        let mut key: AesKey = Zeroizing::new([0; 32]);
        if opened.len() != key.len() {
            return Err(DoesNotOpen);
        }
        key.copy_from_slice(opened);
        Ok(key)
    }
}

impl KeyAgreement for Provider {
    fn agree_once(&self, spki: &[u8], dice: &dyn Dice) -> Result<Agreed, UnfitKey> {
        let peer = PublicKey::parse(spki).map_err(|_| UnfitKey)?;
        let (curve, length) = curve(peer.family).ok_or(UnfitKey)?;
        let mut scalar = Zeroizing::new(vec![0; length]);
        for _ in 0..THROWS {
            dice.fill(&mut scalar);
            // Zero and what is not below the order are no keys; they are thrown again, so that all keys are alike.
            let Ok(once) = agreement::PrivateKey::from_private_key(curve, &scalar) else { continue };
            let point = once.compute_public_key().map_err(|_| UnfitKey)?.as_ref().to_vec();
            let peer = UnparsedPublicKey::new(curve, peer.octets);
            let secret =
                agreement::agree(&once, peer, UnfitKey, |secret| Ok(Zeroizing::new(secret.to_vec())))?;
            return Ok(Agreed { point, secret });
        }
        Err(UnfitKey)
    }

    fn agree(&self, pkcs8: &[u8], point: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let family = PrivateKey::unwrap(pkcs8).map_err(|_| DoesNotOpen)?.family;
        let (curve, _) = curve(family).ok_or(DoesNotOpen)?;
        // Uncompressed or nothing (RFC 5480 §2.2); that it is on the curve, the library sees to.
        if Some(point.len()) != family.public_len() || point.first() != Some(&4) {
            return Err(DoesNotOpen);
        }
        let own = agreement::PrivateKey::from_private_key_der(curve, pkcs8).map_err(|_| DoesNotOpen)?;
        let peer = UnparsedPublicKey::new(curve, point);
        agreement::agree(&own, peer, DoesNotOpen, |secret| Ok(Zeroizing::new(secret.to_vec())))
    }
}

impl PublicHalf for Provider {
    fn public_half(&self, pkcs8: &[u8]) -> Result<Vec<u8>, UnfitKey> {
        Ok(SoftKey::from_pkcs8(pkcs8).map_err(|_| UnfitKey)?.public_spki().to_vec())
    }
}

fn oaep(hash: HashAlg) -> Option<&'static OaepAlgorithm> {
    match hash {
        HashAlg::Sha1 => None,
        HashAlg::Sha256 => Some(&OAEP_SHA256_MGF1SHA256),
        HashAlg::Sha384 => Some(&OAEP_SHA384_MGF1SHA384),
        HashAlg::Sha512 => Some(&OAEP_SHA512_MGF1SHA512),
    }
}

/// The curve of a key, and the octets of its scalars.
fn curve(family: KeyFamily) -> Option<(&'static agreement::Algorithm, usize)> {
    match family {
        KeyFamily::P256 => Some((&ECDH_P256, 32)),
        KeyFamily::P384 => Some((&ECDH_P384, 48)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, SeededDice};
    use core_crypto::KeyAlg;

    fn octets(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex")).collect()
    }

    #[test]
    fn c07_the_key_wrap_is_that_of_rfc_3394() {
        // RFC 3394 §4.6: 256 bits of key data with a 256-bit key.
        let wrapping: [u8; 32] = std::array::from_fn(|i| i as u8);
        let key = octets("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
        let wrapped =
            octets("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21");
        let key: [u8; 32] = key.try_into().expect("32 octets");
        assert_eq!(Provider.aes256_wrap(&wrapping, &key)[..], wrapped);
        assert_eq!(*Provider.aes256_unwrap(&wrapping, &wrapped).expect("opens"), key);
        for bit in 0..wrapped.len() * 8 {
            let mut altered = wrapped.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Provider.aes256_unwrap(&wrapping, &altered), Err(DoesNotOpen), "bit {bit}");
        }
        assert_eq!(Provider.aes256_unwrap(&wrapping, &wrapped[..32]), Err(DoesNotOpen));
        assert_eq!(Provider.aes256_unwrap(&wrapping, &[]), Err(DoesNotOpen));
    }

    #[test]
    fn c07_the_cipher_is_that_of_sp_800_38a() {
        // SP 800-38A §F.2.5, first block.
        let key = octets("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let (key, iv): ([u8; 32], [u8; 16]) =
            (key.try_into().expect("a key"), std::array::from_fn(|i| i as u8));
        let plain = octets("6bc1bee22e409f96e93d7e117393172a");
        let sealed = Provider.aes256_cbc_encrypt(&key, &iv, &plain);
        assert_eq!(sealed.len(), 32, "a whole block of padding");
        assert_eq!(sealed[..16], octets("f58c4c04d6e5f1ba779eabfb5f7bfbd6"));
        assert_eq!(*Provider.aes256_cbc_decrypt(&key, &iv, &sealed).expect("opens"), plain);
        for bad in [&sealed[..16], &sealed[..31], &[]] {
            assert_eq!(Provider.aes256_cbc_decrypt(&key, &iv, bad), Err(DoesNotOpen), "{}", bad.len());
        }
    }

    #[test]
    fn c07_agreement_needs_two_keys_of_one_curve() {
        let dice = SeededDice::new(1);
        for alg in [KeyAlg::P256, KeyAlg::P384] {
            let key = testing::key(alg, 1);
            let pkcs8 = key.to_pkcs8().expect("a key");
            let agreed = Provider.agree_once(key.public_spki(), &dice).expect("agreed");
            assert_eq!(Provider.agree(&pkcs8, &agreed.point), Ok(agreed.secret.clone()));
            let again = Provider.agree_once(key.public_spki(), &dice).expect("agreed");
            assert_ne!(again.point, agreed.point, "{alg:?}: used once");

            let mut off = agreed.point.clone();
            *off.last_mut().expect("octets") ^= 1;
            assert_eq!(Provider.agree(&pkcs8, &off), Err(DoesNotOpen), "off the curve");
            let mut compressed = agreed.point[..agreed.point.len() / 2 + 1].to_vec();
            compressed[0] = 2;
            assert_eq!(Provider.agree(&pkcs8, &compressed), Err(DoesNotOpen), "compressed");
            let other = if alg == KeyAlg::P256 { KeyAlg::P384 } else { KeyAlg::P256 };
            let other = testing::key(other, 1).to_pkcs8().expect("a key");
            assert_eq!(Provider.agree(&other, &agreed.point), Err(DoesNotOpen), "another curve");
        }
        let rsa = testing::key(KeyAlg::Rsa2048, 0);
        assert!(Provider.agree_once(rsa.public_spki(), &dice).is_err());
    }

    /// Dice that always fall the same way: no scalar below the order of a curve.
    struct Ones;

    impl Dice for Ones {
        fn fill(&self, out: &mut [u8]) {
            out.fill(0xff);
        }
    }

    #[test]
    fn c07_dice_that_never_make_a_key_do_not_hang() {
        let key = testing::key(KeyAlg::P256, 1);
        assert_eq!(Provider.agree_once(key.public_spki(), &Ones).err(), Some(UnfitKey));
    }

    #[test]
    fn c07_oaep_carries_a_key_and_no_hash_opens_what_another_closed() {
        let key = testing::key(KeyAlg::Rsa2048, 0);
        let pkcs8 = key.to_pkcs8().expect("a key");
        let hashes = [HashAlg::Sha256, HashAlg::Sha384, HashAlg::Sha512];
        for hash in hashes {
            let sealed = Provider.oaep_encrypt(hash, key.public_spki(), &[7; 32]).expect("encrypted");
            for other in hashes {
                let opened = Provider.oaep_decrypt(other, &pkcs8, &sealed);
                assert_eq!(opened.is_ok_and(|key| *key == [7; 32]), hash == other, "{hash:?} {other:?}");
            }
        }
        assert_eq!(Provider.oaep_encrypt(HashAlg::Sha1, key.public_spki(), &[7; 32]), Err(UnfitKey));
        let ec = testing::key(KeyAlg::P256, 0);
        assert_eq!(Provider.oaep_encrypt(HashAlg::Sha256, ec.public_spki(), &[7; 32]), Err(UnfitKey));
    }
}
