//! What an RSA modulus leaves when it is divided by small primes: small factors, and the ROCA fingerprint.
//!
//! All odd primes below 752 are packed into 64-bit products when this is compiled. One pass over the limbs
//! of the modulus gives its remainder by every product (Hensel division: no division instruction), and the
//! remainders by the primes follow from those.

/// The odd primes from 3 to 751: the trial division that NIST SP 800-89 §5.3.3 asks for.
const PRIMES: [u16; 132] = odd_primes();
/// How many of them, from 3 to 167, divide the primorial of the first 39 primes, on which ROCA rests.
const ROCA_PRIMES: usize = 38;

/// Some consecutive primes and their product.
#[derive(Clone, Copy)]
struct Pack {
    product: u64,
    /// product⁻¹ mod 2^64.
    inverse: u64,
    /// First and last + 1, as indices of [`PRIMES`].
    from: usize,
    to: usize,
}

/// Greedily packed, the 132 primes fill this many products.
const PACKS: [Pack; count_packs()] = packs();

/// For each of the first 38 primes, the residues that are powers of 65537: bit r of the mask.
const ROCA: [[u64; 3]; ROCA_PRIMES] = roca_masks();

/// The remainders of one modulus.
pub(super) struct Remainders {
    /// r with r · 2^(64 · limbs) = −n modulo each product.
    hensel: [u64; PACKS.len()],
    limbs: usize,
}

impl Remainders {
    /// Of a modulus given as limbs of 64 bits, least significant first.
    pub(super) fn of(modulus: &[u64]) -> Self {
        let mut hensel = [0u64; PACKS.len()];
        for limb in modulus {
            // The packs do not depend on each other, so the processor works on several at once.
            for (r, pack) in hensel.iter_mut().zip(&PACKS) {
                let (difference, borrow) = limb.overflowing_sub(*r);
                let q = difference.wrapping_mul(pack.inverse);
                let high = (u128::from(q) * u128::from(pack.product)) >> 64;
                *r = high as u64 + u64::from(borrow);
            }
        }
        Self { hensel, limbs: modulus.len() }
    }

    /// The smallest prime from 3 to 751 that divides the modulus.
    pub(super) fn small_factor(&self) -> Option<u16> {
        PACKS.iter().zip(self.hensel).find_map(|(pack, r)| {
            PRIMES[pack.from..pack.to].iter().find(|p| r % u64::from(**p) == 0).copied()
        })
    }

    /// Whether the modulus has the fingerprint of Nemec, Sys, Svenda, Klinec and Matyas ("The Return of
    /// Coppersmith's Attack", CCS 2017, §2.3): its remainder by every prime from 3 to 167 is a power of
    /// 65537. The flawed generator makes nothing else; of other moduli about one in 2^28 has it.
    pub(super) fn roca(&self) -> bool {
        PRIMES[..ROCA_PRIMES].iter().zip(&ROCA).enumerate().all(|(i, (prime, mask))| {
            let residue = self.residue(i, u64::from(*prime)) as usize;
            mask[residue / 64] >> (residue % 64) & 1 == 1
        })
    }

    /// The modulus by the prime with this index.
    fn residue(&self, index: usize, prime: u64) -> u64 {
        let r = PACKS
            .iter()
            .zip(self.hensel)
            .find_map(|(pack, r)| (index < pack.to).then_some(r))
            .expect("every prime is in a pack");
        let base = (u128::pow(2, 64) % u128::from(prime)) as u64;
        let mut shifted = r % prime;
        for _ in 0..self.limbs {
            shifted = shifted * base % prime;
        }
        (prime - shifted) % prime
    }
}

const fn odd_primes() -> [u16; 132] {
    let mut primes = [0; 132];
    let (mut count, mut n) = (0, 3u16);
    while count < primes.len() {
        let (mut i, mut prime) = (0, true);
        while i < count {
            prime &= n % primes[i] != 0;
            i += 1;
        }
        if prime {
            primes[count] = n;
            count += 1;
        }
        n += 2;
    }
    primes
}

/// The pack that begins with the prime of this index.
const fn pack_from(from: usize) -> Pack {
    let (mut product, mut to) = (1u64, from);
    while to < PRIMES.len() {
        match product.checked_mul(PRIMES[to] as u64) {
            Some(p) => product = p,
            None => break,
        }
        to += 1;
    }
    let (mut inverse, mut i) = (product, 0);
    while i < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(product.wrapping_mul(inverse)));
        i += 1;
    }
    Pack { product, inverse, from, to }
}

const fn count_packs() -> usize {
    let (mut from, mut count) = (0, 0);
    while from < PRIMES.len() {
        from = pack_from(from).to;
        count += 1;
    }
    count
}

const fn packs() -> [Pack; count_packs()] {
    let mut packs = [pack_from(0); count_packs()];
    let mut i = 1;
    while i < packs.len() {
        packs[i] = pack_from(packs[i - 1].to);
        i += 1;
    }
    packs
}

const fn roca_masks() -> [[u64; 3]; ROCA_PRIMES] {
    let mut masks = [[0u64; 3]; ROCA_PRIMES];
    let mut i = 0;
    while i < ROCA_PRIMES {
        let prime = PRIMES[i] as u64;
        let mut power = 1u64;
        // The group has fewer than `prime` elements; going round it again changes nothing.
        let mut step = 0;
        while step < prime {
            masks[i][(power / 64) as usize] |= 1 << (power % 64);
            power = power * 65_537 % prime;
            step += 1;
        }
        i += 1;
    }
    masks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Long division, one bit at a time.
    fn slow(modulus: &[u64], prime: u64) -> u64 {
        modulus.iter().rev().fold(0, |r, limb| (0..64).rev().fold(r, |r, i| (r << 1 | limb >> i & 1) % prime))
    }

    #[test]
    fn the_tables_are_what_they_say() {
        assert_eq!(PRIMES[ROCA_PRIMES - 1], 167);
        assert_eq!(PRIMES[131], 751);
        let informative = (0..ROCA_PRIMES).filter(|i| {
            let ones: u32 = ROCA[*i].iter().map(|w| w.count_ones()).sum();
            ones + 1 < u32::from(PRIMES[*i])
        });
        // The primes that the authors' own detector lists: where 65537 does not reach every residue.
        let listed = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
        assert_eq!(informative.map(|i| PRIMES[i]).collect::<Vec<_>>(), listed);
    }

    proptest! {
        #[test]
        fn remainders_agree_with_long_division(modulus in prop::collection::vec(any::<u64>(), 1..65)) {
            let remainders = Remainders::of(&modulus);
            for (i, prime) in PRIMES.iter().enumerate() {
                prop_assert_eq!(remainders.residue(i, u64::from(*prime)), slow(&modulus, u64::from(*prime)));
            }
            let smallest = PRIMES.iter().find(|p| slow(&modulus, u64::from(**p)) == 0).copied();
            prop_assert_eq!(remainders.small_factor(), smallest);
        }
    }
}
