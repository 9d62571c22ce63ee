//! Whether an RSA key is fit to be certified, whatever the profile says.

use super::KeyFault;
use super::factors::Remainders;
use core_pack::spki::RsaNumbers;

mod fermat;

/// Limbs of the largest modulus that is certified.
const MOST_LIMBS: usize = 64;

/// Checks exponent and modulus; the size was checked before.
pub(super) fn check(key: &RsaNumbers<'_>) -> Result<(), KeyFault> {
    check_exponent(key.exponent)?;
    let mut limbs = [0u64; MOST_LIMBS];
    let count = key.modulus.len().div_ceil(8);
    let limbs = limbs.get_mut(..count).ok_or(KeyFault::Form)?;
    for (limb, chunk) in limbs.iter_mut().zip(key.modulus.rchunks(8)) {
        *limb = chunk.iter().fold(0, |n, o| n << 8 | u64::from(*o));
    }
    check_modulus(limbs)
}

fn check_exponent(exponent: &[u8]) -> Result<(), KeyFault> {
    if exponent.is_empty() || exponent.len() > 5 {
        return Err(KeyFault::RsaExponent);
    }
    let e = exponent.iter().fold(0u64, |n, o| n << 8 | u64::from(*o));
    if e % 2 == 1 && (65_537..=1 << 32).contains(&e) { Ok(()) } else { Err(KeyFault::RsaExponent) }
}

fn check_modulus(limbs: &[u64]) -> Result<(), KeyFault> {
    if limbs[0].is_multiple_of(2) {
        return Err(KeyFault::RsaSmallFactor(2));
    }
    let remainders = Remainders::of(limbs);
    if let Some(prime) = remainders.small_factor() {
        return Err(KeyFault::RsaSmallFactor(prime));
    }
    if remainders.roca() {
        return Err(KeyFault::RsaRoca);
    }
    if fermat::factors(limbs) {
        return Err(KeyFault::RsaClosePrimes);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modulus(hex: &str) -> Vec<u8> {
        let hex: String = hex.split_whitespace().collect();
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex")).collect()
    }

    fn checked(modulus: &[u8], exponent: &[u8]) -> Result<(), KeyFault> {
        check(&RsaNumbers { modulus, exponent })
    }

    const E: &[u8] = &[1, 0, 1];

    // Made for these tests: primes drawn as each name says, and forgotten.
    const GOOD: &str = include_str!("rsa/test-good.hex");
    const ROCA_39: &str = include_str!("rsa/test-roca-39.hex");
    const ROCA_126: &str = include_str!("rsa/test-roca-126.hex");
    const CLOSE: &str = include_str!("rsa/test-close.hex");
    const APART: &str = include_str!("rsa/test-apart.hex");
    const SQUARE: &str = include_str!("rsa/test-square.hex");

    #[test]
    fn an_ordinary_key_is_fit() {
        assert_eq!(checked(&modulus(GOOD), E), Ok(()));
        assert_eq!(checked(&modulus(GOOD), &[1, 0, 0, 0, 0]), Err(KeyFault::RsaExponent)); // even
        assert_eq!(checked(&modulus(GOOD), &[0xff, 0xff, 0xff, 0xff]), Ok(()));
    }

    #[test]
    fn small_even_and_huge_exponents_are_refused() {
        for bad in [&[3][..], &[17], &[0xff, 0xff], &[1, 0, 0], &[1, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 1], &[]] {
            assert_eq!(checked(&modulus(GOOD), bad), Err(KeyFault::RsaExponent), "{bad:?}");
        }
    }

    #[test]
    fn small_factors_are_found() {
        for factor in [3u16, 5, 167, 173, 751] {
            // GOOD's limbs times the factor, its size apart.
            let mut carry = 0u32;
            let mut product: Vec<u8> = modulus(GOOD)
                .iter()
                .rev()
                .map(|octet| {
                    let t = u32::from(*octet) * u32::from(factor) + carry;
                    carry = t >> 8;
                    t as u8
                })
                .collect();
            product.extend_from_slice(&carry.to_le_bytes());
            product.reverse();
            assert_eq!(checked(&product, E), Err(KeyFault::RsaSmallFactor(factor)));
        }
        let mut even = modulus(GOOD);
        *even.last_mut().expect("not empty") ^= 1;
        assert_eq!(checked(&even, E), Err(KeyFault::RsaSmallFactor(2)));
    }

    /// Both forms of the flawed generator: with the primorial of 39 primes on which the fingerprint rests,
    /// and with that of 126 primes which it used for keys of 2048 bits.
    #[test]
    fn keys_of_the_flawed_generator_are_found() {
        assert_eq!(checked(&modulus(ROCA_39), E), Err(KeyFault::RsaRoca));
        assert_eq!(checked(&modulus(ROCA_126), E), Err(KeyFault::RsaRoca));
    }

    #[test]
    fn close_primes_are_found_and_others_not() {
        assert_eq!(checked(&modulus(CLOSE), E), Err(KeyFault::RsaClosePrimes));
        assert_eq!(checked(&modulus(SQUARE), E), Err(KeyFault::RsaClosePrimes));
        // A difference of 2^530 takes some 2^33 steps of Fermat's method.
        assert_eq!(checked(&modulus(APART), E), Ok(()));
    }
}
