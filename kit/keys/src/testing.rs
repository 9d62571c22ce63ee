//! For tests: dice that fall the same way each time, and keys that are the same each time.
//!
//! Nothing here is secret; nothing here may certify anything outside a test.

use crate::{KdfCost, Provider, SoftKey};
use core_crypto::{Dice, Digest, KeyAlg};
use core_pack::{KeyFamily, pkcs8::PrivateKey};
use std::sync::Mutex;

/// The cheapest cost of a passphrase that argon2 allows: for stores whose secrets are tests.
pub const CHEAP: KdfCost = KdfCost { memory_kib: 32, passes: 1, lanes: 1 };

/// Dice that fall the same way for the same seed, in the order they are asked.
pub struct SeededDice {
    seed: u64,
    throws: Mutex<u64>,
}

impl SeededDice {
    /// Dice for this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, throws: Mutex::new(0) }
    }
}

impl Dice for SeededDice {
    fn fill(&self, out: &mut [u8]) {
        let mut throws = self.throws.lock().expect("no one panics while holding it");
        for chunk in out.chunks_mut(32) {
            *throws += 1;
            let mut block = [0; 16];
            block[..8].copy_from_slice(&self.seed.to_be_bytes());
            block[8..].copy_from_slice(&throws.to_be_bytes());
            chunk.copy_from_slice(&Provider.sha256(&block)[..chunk.len()]);
        }
    }
}

/// A key pair that is the same for the same kind and number, made in microseconds.
///
/// Of each RSA size there are two, taken in turn; of every other kind as many as there are numbers.
/// RSA and Ed25519 signatures repeat too; ECDSA and ML-DSA draw fresh randomness for each.
pub fn key(alg: KeyAlg, number: u64) -> SoftKey {
    let pkcs8 = match alg {
        KeyAlg::Rsa2048 | KeyAlg::Rsa3072 | KeyAlg::Rsa4096 => {
            return SoftKey::from_pkcs8(rsa(alg, number)).expect("the test keys are well-formed");
        }
        KeyAlg::P256 => ec_private_key(&secret::<32>(alg, number)),
        KeyAlg::P384 => ec_private_key(&secret::<48>(alg, number)),
        KeyAlg::Ed25519 => [&[0x04, 32], &secret::<32>(alg, number)[..]].concat(),
        KeyAlg::MlDsa44 | KeyAlg::MlDsa65 | KeyAlg::MlDsa87 => {
            [&[0x80, 32], &secret::<32>(alg, number)[..]].concat()
        }
    };
    let wrapped = PrivateKey { family: KeyFamily::of(alg), inner: &pkcs8 }.wrap();
    SoftKey::from_pkcs8(&wrapped).expect("every seed and every scalar below the order is a key")
}

/// An ECPrivateKey (RFC 5915) without parameters and public key: the library works the latter out.
fn ec_private_key(scalar: &[u8]) -> Vec<u8> {
    let len = scalar.len() as u8;
    [&[0x30, len + 5, 0x02, 1, 1, 0x04, len], scalar].concat()
}

/// Octets with a clear top bit, so that as a number they lie below the order of either curve.
fn secret<const N: usize>(alg: KeyAlg, number: u64) -> [u8; N] {
    let mut octets = [0; N];
    let kind = KeyAlg::ALL.iter().position(|k| *k == alg).unwrap_or_default() as u64;
    SeededDice::new(number << 8 | kind).fill(&mut octets);
    octets[0] &= 0x7f;
    octets
}

fn rsa(alg: KeyAlg, number: u64) -> &'static [u8] {
    let keys: [&[u8]; 2] = match alg {
        KeyAlg::Rsa4096 => {
            [include_bytes!("../testdata/rsa-4096-0.der"), include_bytes!("../testdata/rsa-4096-1.der")]
        }
        KeyAlg::Rsa3072 => {
            [include_bytes!("../testdata/rsa-3072-0.der"), include_bytes!("../testdata/rsa-3072-1.der")]
        }
        _ => [include_bytes!("../testdata/rsa-2048-0.der"), include_bytes!("../testdata/rsa-2048-1.der")],
    };
    keys[(number % 2) as usize]
}
