//! The cryptography of sealing: a passphrase opens the master key, the master key opens the others.

use crate::{KeyError, Provider, SoftKey};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac,
};
use core_crypto::{Dice, KeyAlg};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// What a try at the passphrase costs: the parameters of argon2id (RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes. They are worked through one after another here, so they add no time.
    pub lanes: u32,
}

impl Default for KdfCost {
    /// 64 MiB, 3 passes, 4 lanes: the second choice of RFC 9106 §4, stronger than OWASP's 19 MiB and 2 passes.
    /// A fifth of a second.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 }
    }
}

impl KdfCost {
    /// Whether a stored cost is one that is worth paying: an altered row must not make the service ask for
    /// terabytes. 4 GiB, 1,000 passes, 64 lanes.
    fn is_bearable(self) -> bool {
        self.memory_kib <= 4 << 20 && self.passes <= 1_000 && self.lanes <= 64
    }
}

/// What people type. Wiped when dropped, and never shown.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes a passphrase as it was typed: no character of it is changed or cut off.
    ///
    /// # Errors
    /// [`KeyError::EmptyPassphrase`].
    pub fn new(text: impl Into<Zeroizing<String>>) -> Result<Self, KeyError> {
        let text = text.into();
        if text.is_empty() { Err(KeyError::EmptyPassphrase) } else { Ok(Self(text)) }
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

/// The key that seals all others. Made once; a change of the passphrase only wraps it anew.
pub(super) struct Master(Zeroizing<[u8; 32]>);

/// The master key wrapped under a passphrase, as it is stored.
pub(super) struct Seal {
    pub(super) cost: KdfCost,
    pub(super) salt: [u8; 16],
    pub(super) check: [u8; 32],
    pub(super) wrapped: Vec<u8>,
}

/// What a key is sealed together with. Whoever changes one of these in the database has a key that does not open.
pub(super) struct Label<'a> {
    pub(super) id: i64,
    pub(super) alg: KeyAlg,
    pub(super) purpose: &'a str,
    pub(super) spki: &'a [u8],
}

impl Master {
    pub(super) fn generate() -> Self {
        let mut key = Zeroizing::new([0; 32]);
        Provider.fill(&mut *key);
        Self(key)
    }

    /// Wraps the master key. Takes as long as `cost` says.
    pub(super) fn wrap(&self, passphrase: &Passphrase, cost: KdfCost) -> Result<Seal, KeyError> {
        let mut salt = [0; 16];
        Provider.fill(&mut salt);
        let derived = Derived::from(passphrase, &salt, cost)?;
        let wrapped = encrypt(&derived.wrapping, WRAP, Zeroizing::new(self.0.to_vec()))?;
        Ok(Seal { cost, salt, check: derived.check, wrapped })
    }

    /// Unwraps the master key. Takes as long as the seal's cost says.
    pub(super) fn unwrap(seal: &Seal, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let tampered = || KeyError::Tampered("the seal of the keys".into());
        if !seal.cost.is_bearable() {
            return Err(tampered());
        }
        let derived = Derived::from(passphrase, &seal.salt, seal.cost)?;
        if !bool::from(derived.check.ct_eq(&seal.check)) {
            return Err(KeyError::WrongPassphrase);
        }
        let octets = decrypt(&derived.wrapping, WRAP, &seal.wrapped).ok_or_else(tampered)?;
        let mut key = Zeroizing::new([0; 32]);
        if octets.len() != key.len() {
            return Err(tampered());
        }
        key.copy_from_slice(&octets);
        Ok(Self(key))
    }

    /// Seals a private key together with its label.
    pub(super) fn seal(&self, label: &Label<'_>, key: &SoftKey) -> Result<Vec<u8>, KeyError> {
        encrypt(&self.0, &label.octets(), key.to_pkcs8()?)
    }

    /// Opens a sealed key and checks that it is the one the label says.
    pub(super) fn open(&self, label: &Label<'_>, sealed: &[u8]) -> Result<SoftKey, KeyError> {
        let tampered = || KeyError::Tampered(format!("key {}", label.id));
        let pkcs8 = decrypt(&self.0, &label.octets(), sealed).ok_or_else(tampered)?;
        let key = SoftKey::from_pkcs8(&pkcs8)?;
        let same = key.key_alg() == label.alg && key.public_spki() == label.spki;
        if same { Ok(key) } else { Err(tampered()) }
    }
}

impl Label<'_> {
    /// One encoding for one label: each part stands behind its length.
    fn octets(&self) -> Vec<u8> {
        let id = self.id.to_be_bytes();
        let mut out = b"warifu sealed key 1".to_vec();
        for part in [&id[..], self.alg.name().as_bytes(), self.purpose.as_bytes(), self.spki] {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}

/// What the master key is wrapped together with.
const WRAP: &[u8] = b"warifu master key 1";

/// What comes of a passphrase: a key that wraps, and a value that tells whether the passphrase was right. Knowing
/// the latter, one can try passphrases at the full cost each, as one can with the wrapped key itself.
struct Derived {
    wrapping: Zeroizing<[u8; 32]>,
    check: [u8; 32],
}

impl Derived {
    fn from(passphrase: &Passphrase, salt: &[u8], cost: KdfCost) -> Result<Self, KeyError> {
        let failed = |_| KeyError::Failed("deriving a key from a passphrase");
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(failed)?;
        let mut blocks = vec![argon2::Block::default(); params.block_count()];
        let mut root = Zeroizing::new([0; 32]);
        let result = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
            passphrase.0.as_bytes(),
            salt,
            &mut *root,
            &mut blocks,
        );
        blocks.zeroize();
        result.map_err(failed)?;
        let root = hmac::Key::new(hmac::HMAC_SHA256, &*root);
        let expand = |purpose: &[u8]| {
            let mut out = [0; 32];
            out.copy_from_slice(hmac::sign(&root, purpose).as_ref());
            out
        };
        Ok(Self { wrapping: Zeroizing::new(expand(b"wrap")), check: expand(b"check") })
    }
}

/// The only form so far: AES-256-GCM as `form || nonce || ciphertext || tag`.
const AES_256_GCM_FORM: u8 = 1;
const TAG_LEN: usize = 16;

/// Encrypts under a random nonce. A master key seals far fewer than 2^32 keys in its life, subscribers' among them, so
/// nonces do not meet (NIST SP 800-38D §8.3).
fn encrypt(
    key: &[u8; 32],
    together_with: &[u8],
    mut octets: Zeroizing<Vec<u8>>,
) -> Result<Vec<u8>, KeyError> {
    let failed = |_| KeyError::Failed("sealing a key");
    let key = RandomizedNonceKey::new(&AES_256_GCM, key).map_err(failed)?;
    // In place and with the tag apart: a vector that grows would leave a copy of the secret behind.
    let (nonce, tag) =
        key.seal_in_place_separate_tag(Aad::from(together_with), &mut octets).map_err(failed)?;
    Ok([&[AES_256_GCM_FORM], &nonce.as_ref()[..], &octets, tag.as_ref()].concat())
}

fn decrypt(key: &[u8; 32], together_with: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (&form, rest) = sealed.split_first()?;
    let (nonce, rest) = rest.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok().filter(|_| form == AES_256_GCM_FORM)?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, key).ok()?;
    let mut octets = Zeroizing::new(rest.to_vec());
    let len = key.open_in_place(nonce, Aad::from(together_with), &mut octets).ok()?.len();
    debug_assert_eq!(len + TAG_LEN, octets.len());
    octets.truncate(len);
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).expect("not empty")
    }

    #[test]
    fn only_the_right_passphrase_unwraps() {
        let master = Master::generate();
        let seal = master.wrap(&passphrase("割符 and salt"), testing::CHEAP).expect("a seal");
        let back = Master::unwrap(&seal, &passphrase("割符 and salt")).expect("the master key");
        assert_eq!(*back.0, *master.0);
        let wrong = Master::unwrap(&seal, &passphrase("割符 and salt "));
        assert!(matches!(wrong, Err(KeyError::WrongPassphrase)));
        assert!(matches!(Passphrase::new(String::new()), Err(KeyError::EmptyPassphrase)));
    }

    #[test]
    fn a_seal_altered_anywhere_does_not_unwrap() {
        let master = Master::generate();
        let seal = || master.wrap(&passphrase("p"), testing::CHEAP).expect("a seal");
        let unwrap = |change: &dyn Fn(&mut Seal)| {
            let mut seal = seal();
            change(&mut seal);
            Master::unwrap(&seal, &passphrase("p")).err()
        };
        assert!(unwrap(&|_| {}).is_none());
        for change in [
            &(|s: &mut Seal| s.salt[0] ^= 1) as &dyn Fn(&mut Seal),
            &|s| s.check[31] ^= 1,
            &|s| s.cost.passes += 1,
            &|s| s.cost.memory_kib += 8,
            &|s| s.cost.lanes += 1,
        ] {
            assert!(matches!(unwrap(change), Some(KeyError::WrongPassphrase)));
        }
        for change in [
            &(|s: &mut Seal| s.cost.memory_kib = u32::MAX) as &dyn Fn(&mut Seal),
            &|s| s.cost.passes = u32::MAX,
            &|s| s.cost.lanes = u32::MAX,
            &|s| s.wrapped.truncate(40),
            &|s| s.wrapped.clear(),
        ] {
            assert!(matches!(unwrap(change), Some(KeyError::Tampered(_))));
        }
        for at in 0..seal().wrapped.len() {
            assert!(matches!(unwrap(&|s| s.wrapped[at] ^= 0x80), Some(KeyError::Tampered(_))), "octet {at}");
        }
    }

    #[test]
    fn sealed_keys_differ_each_time_and_hold_no_plain_octets() {
        let (master, key) = (Master::generate(), testing::key(KeyAlg::Ed25519, 1));
        let label = Label { id: 1, alg: KeyAlg::Ed25519, purpose: "tests", spki: key.public_spki() };
        let (a, b) = (master.seal(&label, &key).expect("sealed"), master.seal(&label, &key).expect("sealed"));
        assert_ne!(a, b);
        let plain = key.to_pkcs8().expect("a private key");
        assert!(!a.windows(8).any(|w| w == &plain[16..24]));
        assert_eq!(master.open(&label, &a).expect("opened").public_spki(), key.public_spki());
        for at in 0..a.len() {
            let mut broken = a.clone();
            broken[at] ^= 1;
            assert!(matches!(master.open(&label, &broken), Err(KeyError::Tampered(_))), "octet {at}");
        }
    }

    #[test]
    fn a_key_opens_only_under_its_own_label_and_master() {
        let (master, key) = (Master::generate(), testing::key(KeyAlg::P256, 1));
        let other_key = testing::key(KeyAlg::P256, 2);
        let label = |id, alg, purpose, spki| Label { id, alg, purpose, spki };
        let own = label(1, KeyAlg::P256, "certificates", key.public_spki());
        let sealed = master.seal(&own, &key).expect("sealed");
        assert!(master.open(&own, &sealed).is_ok());
        for other in [
            label(2, KeyAlg::P256, "certificates", key.public_spki()),
            label(1, KeyAlg::P384, "certificates", key.public_spki()),
            label(1, KeyAlg::P256, "certificate", key.public_spki()),
            label(1, KeyAlg::P256, "certificates", other_key.public_spki()),
        ] {
            assert!(matches!(master.open(&other, &sealed), Err(KeyError::Tampered(_))));
        }
        assert!(matches!(Master::generate().open(&own, &sealed), Err(KeyError::Tampered(_))));
    }

    #[test]
    fn the_parts_of_a_label_do_not_run_together() {
        let label = |purpose, spki| Label { id: 1, alg: KeyAlg::P256, purpose, spki }.octets();
        assert_ne!(label("ab", b"c"), label("a", b"bc"));
    }

    #[test]
    fn passphrases_do_not_show() {
        assert_eq!(format!("{:?}", passphrase("secret")), "Passphrase");
    }

    /// RFC 9106 has no vector without a secret and associated data; this one is of the reference implementation's
    /// tests: argon2id, 64 MiB, 2 passes, 1 lane, "password", "somesalt".
    #[test]
    fn argon2id_is_the_one_everybody_has() {
        let mut out = [0; 32];
        let params = Params::new(65_536, 2, 1, Some(32)).expect("parameters");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(b"password", b"somesalt", &mut out)
            .expect("a key");
        let hex: String = out.iter().map(|o| format!("{o:02x}")).collect();
        assert_eq!(hex, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }
}
