//! The ports of `core-crypto`, filled in with aws-lc-rs.

use aws_lc_rs::{digest, rand};
use core_crypto::{BadSignature, Dice, Digest, HashAlg, HashOut, Running, SigAlg, Verify};

/// Hashes, verifies and throws dice. Holds nothing; copy it freely.
#[derive(Clone, Copy, Debug, Default)]
pub struct Provider;

pub(crate) fn algorithm(alg: HashAlg) -> &'static digest::Algorithm {
    match alg {
        HashAlg::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        HashAlg::Sha256 => &digest::SHA256,
        HashAlg::Sha384 => &digest::SHA384,
        HashAlg::Sha512 => &digest::SHA512,
    }
}

impl Digest for Provider {
    fn hash(&self, alg: HashAlg, data: &[u8]) -> HashOut {
        HashOut::new(digest::digest(algorithm(alg), data).as_ref())
    }

    fn start(&self, alg: HashAlg) -> Box<dyn Running> {
        Box::new(UnderWay(digest::Context::new(algorithm(alg))))
    }
}

struct UnderWay(digest::Context);

impl Running for UnderWay {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> HashOut {
        HashOut::new(self.0.finish().as_ref())
    }
}

impl Verify for Provider {
    /// Checks a signature with a well-formed key: RSA of 2048 to 4096 bits with PKCS#1 v1.5 padding and an odd
    /// exponent from 65537, ECDSA on P-256 and P-384, Ed25519 except points of small order, ML-DSA-44, -65 and -87.
    fn verify(&self, alg: SigAlg, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        crate::verify::verify(alg, spki, message, signature)
    }
}

impl Dice for Provider {
    /// # Panics
    /// When the operating system gives no random octets; nothing safe can be done then.
    fn fill(&self, out: &mut [u8]) {
        rand::fill(out).expect("the operating system gives random octets or there is no service to run");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(out: HashOut) -> String {
        format!("{out:?}")
    }

    #[test]
    fn known_answers() {
        // FIPS 180-2, appendices: "abc".
        let p = Provider;
        assert_eq!(hex(p.hash(HashAlg::Sha1, b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            hex(p.hash(HashAlg::Sha256, b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(hex(p.hash(HashAlg::Sha384, b"abc")).starts_with("cb00753f45a35e8bb5a03d699ac65007"));
        assert!(hex(p.hash(HashAlg::Sha512, b"abc")).starts_with("ddaf35a193617abacc417349ae204131"));
    }

    #[test]
    fn pieces_hash_like_the_whole() {
        for alg in [HashAlg::Sha1, HashAlg::Sha256, HashAlg::Sha384, HashAlg::Sha512] {
            let mut running = Provider.start(alg);
            b"in many pieces".chunks(3).for_each(|piece| running.update(piece));
            assert_eq!(running.finish(), Provider.hash(alg, b"in many pieces"));
        }
    }

    #[test]
    fn dice_fall_differently() {
        let (mut a, mut b) = ([0; 32], [0; 32]);
        Provider.fill(&mut a);
        Provider.fill(&mut b);
        assert_ne!(a, b);
        Provider.fill(&mut []);
    }
}
