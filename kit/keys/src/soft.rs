//! Key pairs in memory.

use crate::{
    BoxFuture, KeyError, Provider, SignInput, Signer, provider::algorithm, verify::is_sound_exponent,
};
use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair, KeyPair, ML_DSA_44_SIGNING, ML_DSA_65_SIGNING, ML_DSA_87_SIGNING, PqdsaKeyPair,
        PqdsaSigningAlgorithm, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use core_crypto::{Digest, HashAlg, HashOut, KeyAlg, SigAlg};
use core_pack::{KeyFamily, pkcs8::PrivateKey, spki::PublicKey};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// A key pair in memory. Cloning shares it; the library wipes the secret when the last clone goes.
///
/// One pair signs on any number of threads at once: aws-lc keeps a pool of RSA blindings behind a lock that
/// is held only to take one out and put it back, and the other algorithms share nothing that changes.
#[derive(Clone)]
pub struct SoftKey(Arc<Inner>);

struct Inner {
    alg: KeyAlg,
    pair: Pair,
    spki: Box<[u8]>,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    MlDsa(PqdsaKeyPair),
}

impl std::fmt::Debug for SoftKey {
    /// Names the kind only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SoftKey").field(&self.0.alg).finish()
    }
}

impl SoftKey {
    /// Makes a key pair with the system's random source.
    ///
    /// RSA takes from a tenth of a second (2048 bits) to several seconds (4096): keep it off async threads.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the library fails.
    pub fn generate(alg: KeyAlg) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Failed("making a key pair");
        let pair = match (alg, ec_algorithm(alg), ml_dsa_algorithm(alg)) {
            (_, Some(curve), _) => Pair::Ec(EcdsaKeyPair::generate(curve).map_err(failed)?),
            (_, _, Some(set)) => Pair::MlDsa(PqdsaKeyPair::generate(set).map_err(failed)?),
            (KeyAlg::Rsa2048, ..) => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?),
            (KeyAlg::Rsa3072, ..) => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa3072).map_err(failed)?),
            (KeyAlg::Rsa4096, ..) => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa4096).map_err(failed)?),
            _ => Pair::Ed25519(Ed25519KeyPair::generate().map_err(failed)?),
        };
        Self::from_pair(alg, pair)
    }

    /// Reads an unencrypted DER PKCS#8 private key: RSA of 2048, 3072 or 4096 bits with an odd exponent from 65537,
    /// P-256, P-384, Ed25519 (RFC 8410), ML-DSA with its seed (RFC 9881 §6, `seed` or `both`).
    ///
    /// # Errors
    /// [`KeyError::Malformed`]. An ML-DSA key without its seed is refused: it could not be kept as a seed again.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let refused = |_| KeyError::Malformed("the library refuses it");
        let wrapped = PrivateKey::unwrap(der).map_err(|bad| {
            KeyError::Malformed(match bad {
                core_pack::pkcs8::BadPrivateKey::Form => "it is no unencrypted PKCS#8",
                core_pack::pkcs8::BadPrivateKey::Algorithm => "its algorithm or curve is not supported",
            })
        })?;
        let ec = |alg, curve| {
            Ok::<_, KeyError>((alg, Pair::Ec(EcdsaKeyPair::from_pkcs8(curve, der).map_err(refused)?)))
        };
        let ml_dsa = |alg, set| {
            let pair = PqdsaKeyPair::from_pkcs8(set, der).map_err(refused)?;
            // The library writes the seed form and nothing else, so this fails exactly when there is no seed.
            pair.to_pkcs8v1().map_err(|_| KeyError::Malformed("an ML-DSA key needs its seed"))?;
            Ok::<_, KeyError>((alg, Pair::MlDsa(pair)))
        };
        let (alg, pair) = match wrapped.family {
            KeyFamily::Rsa => {
                let pair = RsaKeyPair::from_pkcs8(der).map_err(refused)?;
                (rsa_kind(&pair)?, Pair::Rsa(pair))
            }
            KeyFamily::P256 => ec(KeyAlg::P256, &ECDSA_P256_SHA256_ASN1_SIGNING)?,
            KeyFamily::P384 => ec(KeyAlg::P384, &ECDSA_P384_SHA384_ASN1_SIGNING)?,
            KeyFamily::Ed25519 => {
                (KeyAlg::Ed25519, Pair::Ed25519(Ed25519KeyPair::from_pkcs8(der).map_err(refused)?))
            }
            KeyFamily::MlDsa44 => ml_dsa(KeyAlg::MlDsa44, &ML_DSA_44_SIGNING)?,
            KeyFamily::MlDsa65 => ml_dsa(KeyAlg::MlDsa65, &ML_DSA_65_SIGNING)?,
            KeyFamily::MlDsa87 => ml_dsa(KeyAlg::MlDsa87, &ML_DSA_87_SIGNING)?,
        };
        Self::from_pair(alg, pair)
    }

    /// Writes the private key as version 1 PKCS#8 DER; ML-DSA as its seed. The octets are wiped when dropped.
    ///
    /// # Errors
    /// [`KeyError::Failed`] when the library fails.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let failed = |_| KeyError::Failed("writing a private key");
        Ok(match &self.0.pair {
            Pair::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                Zeroizing::new(der.as_ref().to_vec())
            }
            Pair::Ec(pair) => Zeroizing::new(pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Zeroizing::new(pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()),
            Pair::MlDsa(pair) => Zeroizing::new(pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()),
        })
    }

    /// The kind of the key.
    pub fn key_alg(&self) -> KeyAlg {
        self.0.alg
    }

    /// The algorithm it signs with.
    pub fn alg(&self) -> SigAlg {
        self.0.alg.signs_with()
    }

    /// The public half, a DER SubjectPublicKeyInfo.
    pub fn public_spki(&self) -> &[u8] {
        &self.0.spki
    }

    /// Signs on this thread. RSA takes from half a millisecond to several; the other kinds well under one.
    ///
    /// # Errors
    /// As [`Signer::sign`].
    pub fn sign_now(&self, input: SignInput<'_>) -> Result<Vec<u8>, KeyError> {
        match input {
            SignInput::Message(message) => self.sign_message(message),
            SignInput::Digest(hash) => self.sign_digest(hash),
        }
    }

    fn sign_message(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Failed("signing");
        match &self.0.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.try_sign(message).map_err(failed)?.as_ref().to_vec()),
            Pair::MlDsa(pair) => {
                let mut signature = vec![0; pair.algorithm().signature_len()];
                pair.sign(message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
        }
    }

    fn sign_digest(&self, hash: HashOut) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Failed("signing");
        let wrong = |wants| KeyError::WrongInput { alg: self.0.alg, wants };
        let prehash = self.alg().prehash().ok_or_else(|| wrong("messages, not hash values"))?;
        let digest = digest::Digest::import_less_safe(hash.as_ref(), algorithm(prehash)).map_err(|_| {
            wrong(if prehash == HashAlg::Sha384 {
                "hash values of SHA-384"
            } else {
                "hash values of SHA-256"
            })
        })?;
        match &self.0.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&RSA_PKCS1_SHA256, &digest, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign_digest(&digest).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(_) | Pair::MlDsa(_) => Err(wrong("messages, not hash values")),
        }
    }

    /// Whether a signature is so cheap that handing it to another thread would cost more than making it.
    fn signs_in_passing(&self) -> bool {
        matches!(self.0.pair, Pair::Ec(_) | Pair::Ed25519(_))
    }

    fn from_pair(alg: KeyAlg, pair: Pair) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Failed("writing a public key");
        let spki: PublicKeyX509Der<'_> = match &pair {
            Pair::Rsa(pair) => pair.public_key().as_der().map_err(failed)?,
            Pair::Ec(pair) => pair.public_key().as_der().map_err(failed)?,
            Pair::Ed25519(pair) => pair.public_key().as_der().map_err(failed)?,
            Pair::MlDsa(pair) => pair.public_key().as_der().map_err(failed)?,
        };
        // What goes into certificates is exactly what our own strict reader takes back.
        let read =
            PublicKey::parse(spki.as_ref()).map_err(|_| KeyError::Failed("reading a public key back"))?;
        if read.family != KeyFamily::of(alg) {
            return Err(KeyError::Failed("reading a public key back"));
        }
        Ok(Self(Arc::new(Inner { alg, pair, spki: spki.as_ref().into() })))
    }
}

impl Signer for SoftKey {
    fn alg(&self) -> SigAlg {
        Self::alg(self)
    }

    fn public_spki(&self) -> &[u8] {
        Self::public_spki(self)
    }

    /// ECDSA and Ed25519 sign in passing. RSA and ML-DSA go to the runtime's blocking threads, as many at once as
    /// there are cores, so that signing fills all cores and async threads stay free.
    fn sign<'a>(&'a self, input: SignInput<'a>) -> BoxFuture<'a, Result<Vec<u8>, KeyError>> {
        Box::pin(async move {
            let Ok(runtime) = tokio::runtime::Handle::try_current() else {
                return self.sign_now(input);
            };
            if self.signs_in_passing() {
                return self.sign_now(input);
            }
            let job = Job::new(self.alg().prehash(), input);
            let key = self.clone();
            let _slot = SLOTS.acquire().await.map_err(|_| KeyError::Failed("waiting for a core"))?;
            runtime
                .spawn_blocking(move || key.sign_now(job.input()))
                .await
                .map_err(|_| KeyError::Failed("signing on another thread"))?
        })
    }

    fn as_software(&self) -> Option<SoftKey> {
        Some(self.clone())
    }
}

/// One per core, for the whole process: more threads than cores would only take turns.
static SLOTS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, |cores| cores.get())));

/// An input that can go to another thread. A message that is hashed anyway travels as its hash.
enum Job {
    Message(Vec<u8>),
    Digest(HashOut),
}

impl Job {
    fn new(prehash: Option<HashAlg>, input: SignInput<'_>) -> Self {
        match (input, prehash) {
            (SignInput::Digest(hash), _) => Self::Digest(hash),
            (SignInput::Message(message), Some(alg)) => Self::Digest(Provider.hash(alg, message)),
            (SignInput::Message(message), None) => Self::Message(message.to_vec()),
        }
    }

    fn input(&self) -> SignInput<'_> {
        match self {
            Self::Message(message) => SignInput::Message(message),
            Self::Digest(hash) => SignInput::Digest(*hash),
        }
    }
}

fn ec_algorithm(alg: KeyAlg) -> Option<&'static EcdsaSigningAlgorithm> {
    match alg {
        KeyAlg::P256 => Some(&ECDSA_P256_SHA256_ASN1_SIGNING),
        KeyAlg::P384 => Some(&ECDSA_P384_SHA384_ASN1_SIGNING),
        _ => None,
    }
}

fn ml_dsa_algorithm(alg: KeyAlg) -> Option<&'static PqdsaSigningAlgorithm> {
    match alg {
        KeyAlg::MlDsa44 => Some(&ML_DSA_44_SIGNING),
        KeyAlg::MlDsa65 => Some(&ML_DSA_65_SIGNING),
        KeyAlg::MlDsa87 => Some(&ML_DSA_87_SIGNING),
        _ => None,
    }
}

fn rsa_kind(pair: &RsaKeyPair) -> Result<KeyAlg, KeyError> {
    let key = PublicKey { family: KeyFamily::Rsa, octets: pair.public_key().as_ref() };
    let numbers = key.rsa().ok_or(KeyError::Malformed("its RSA numbers cannot be read"))?;
    if !is_sound_exponent(numbers.exponent) {
        return Err(KeyError::Malformed("an RSA exponent is odd and at least 65537"));
    }
    match numbers.bits() {
        2048 => Ok(KeyAlg::Rsa2048),
        3072 => Ok(KeyAlg::Rsa3072),
        4096 => Ok(KeyAlg::Rsa4096),
        _ => Err(KeyError::Malformed("an RSA key has 2048, 3072 or 4096 bits")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::encoding::{AsRawBytes, PqdsaPrivateKeyRaw};

    /// RFC 9881 §6: the choice `both` is a SEQUENCE of seed and expanded key, which must agree.
    #[test]
    fn ml_dsa_keys_with_both_forms_are_read_and_expanded_ones_refused() {
        let seed = [7; 32];
        let pair = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, &seed).expect("a key");
        let raw: PqdsaPrivateKeyRaw<'_> = pair.private_key().as_raw_bytes().expect("the expanded key");
        let octets = |content: &[u8]| {
            let len = content.len();
            [&[0x04, 0x82, (len >> 8) as u8, len as u8], content].concat()
        };
        let both = |seed: &[u8]| {
            let content = [&[0x04, 32], seed, &octets(raw.as_ref())].concat();
            let inner =
                [&[0x30, 0x82, (content.len() >> 8) as u8, content.len() as u8], &content[..]].concat();
            SoftKey::from_pkcs8(&PrivateKey { family: KeyFamily::MlDsa44, inner: &inner }.wrap())
        };
        let key = both(&seed).expect("both forms agree");
        let inner =
            PrivateKey { family: KeyFamily::MlDsa44, inner: &[&[0x80, 32], &seed[..]].concat() }.wrap();
        assert_eq!(key.to_pkcs8().expect("the seed form"), inner);
        assert!(matches!(both(&[8; 32]), Err(KeyError::Malformed(_))), "the seed of another key");

        let expanded = PrivateKey { family: KeyFamily::MlDsa44, inner: &octets(raw.as_ref()) }.wrap();
        assert!(matches!(
            SoftKey::from_pkcs8(&expanded),
            Err(KeyError::Malformed("an ML-DSA key needs its seed"))
        ));
    }
}
