//! Fermat's method: n = a² − b² with a just above √n, when the primes a + b and a − b are close together.
//!
//! A hundred steps, as the CA/Browser Forum asks (Baseline Requirements §6.1.1.3); they find primes that
//! agree in about their upper halves. Numbers are limbs of 64 bits, least significant first.

use std::cmp::Ordering;

/// Steps from √n upwards.
const STEPS: u64 = 100;
/// What b² is looked at by before a root is drawn; below 2^32.
const SIEVE: u64 = 9 * 5 * 7 * 13 * 11 * 17 * 19 * 23;

/// Whether the method finds the factors of an odd n.
pub(super) fn factors(n: &[u64]) -> bool {
    let root = square_root(n);
    let square = times(&root, &root);
    if compare(&square, n) == Ordering::Equal {
        return true;
    }
    let mut a = root;
    add_small(&mut a, 1);
    let mut b2 = times(&a, &a);
    subtract(&mut b2, n);
    // The residues move from step to step; the numbers themselves are made only when all residues agree.
    let (mut a_low, mut b2_low) = (a[0], b2[0]);
    let (mut a_mod, mut b2_mod) = (remainder(&a, SIEVE), remainder(&b2, SIEVE));
    for step in 0..STEPS {
        if may_be_square(b2_low, b2_mod) {
            let mut candidate = b2.clone();
            // (a + s)² − n = b² + 2as + s²
            let mut twice = times(&a, &[2 * step]);
            add_small(&mut twice, step * step);
            add(&mut candidate, &twice);
            let root = square_root(&candidate);
            if compare(&times(&root, &root), &candidate) == Ordering::Equal {
                return true;
            }
        }
        b2_low = b2_low.wrapping_add(a_low.wrapping_mul(2)).wrapping_add(1);
        b2_mod = (b2_mod + 2 * a_mod + 1) % SIEVE;
        a_low = a_low.wrapping_add(1);
        a_mod = (a_mod + 1) % SIEVE;
    }
    false
}

/// False for most numbers that are no square: by the remainders modulo 64 and the factors of [`SIEVE`].
fn may_be_square(low: u64, modulo_sieve: u64) -> bool {
    /// Bit r is set when r is a square modulo m.
    const fn squares(m: u64) -> u64 {
        let (mut mask, mut i) = (0, 0);
        while i < m {
            mask |= 1 << (i * i % m);
            i += 1;
        }
        mask
    }
    const MASKS: [(u64, u64); 8] = [
        (9, squares(9)),
        (5, squares(5)),
        (7, squares(7)),
        (13, squares(13)),
        (11, squares(11)),
        (17, squares(17)),
        (19, squares(19)),
        (23, squares(23)),
    ];
    const SQUARES_64: u64 = squares(64);
    SQUARES_64 >> (low % 64) & 1 == 1 && MASKS.iter().all(|(m, mask)| mask >> (modulo_sieve % m) & 1 == 1)
}

/// ⌊√n⌋ by Newton's method from above, which falls until it is there.
fn square_root(n: &[u64]) -> Vec<u64> {
    let n = trimmed(n);
    let Some(bits) = n.last().map(|top| n.len() * 64 - top.leading_zeros() as usize) else {
        return vec![0];
    };
    if bits <= 128 {
        let small = u128::from(n[0]) | u128::from(n.get(1).copied().unwrap_or(0)) << 64;
        return vec![small.isqrt() as u64];
    }
    // The upper 127 or 128 bits give 63 bits of the root; each step doubles that.
    let shift = (bits - 127) / 2;
    let top = (0..2).fold(0u128, |top, i| top | u128::from(limb_at(n, 2 * shift + 64 * i)) << (64 * i));
    let mut x = shifted_left(top.isqrt() + 1, shift);
    loop {
        let mut next = divide(n, &x);
        add(&mut next, &x);
        halve(&mut next);
        if compare(&next, &x) != Ordering::Less {
            return x;
        }
        x = next;
    }
}

/// 64 bits of n from this bit on.
fn limb_at(n: &[u64], bit: usize) -> u64 {
    let (limb, bit) = (bit / 64, bit % 64);
    let at = |i: usize| n.get(i).copied().unwrap_or(0);
    if bit == 0 { at(limb) } else { at(limb) >> bit | at(limb + 1) << (64 - bit) }
}

fn shifted_left(value: u128, shift: usize) -> Vec<u64> {
    let (limbs, bit) = (shift / 64, shift % 64);
    let mut out = vec![0; limbs + 3];
    for (i, part) in [value as u64, (value >> 64) as u64].into_iter().enumerate() {
        out[limbs + i] |= part << bit;
        if bit > 0 {
            out[limbs + i + 1] |= part >> (64 - bit);
        }
    }
    out.truncate(trimmed(&out).len());
    out
}

/// ⌊n / d⌋ for a trimmed d of at least two limbs (Knuth, The Art of Computer Programming 2, §4.3.1 D).
fn divide(n: &[u64], d: &[u64]) -> Vec<u64> {
    let len = d.len();
    if n.len() < len {
        return vec![0];
    }
    let shift = d[len - 1].leading_zeros();
    let normal = |v: &[u64], i: usize| -> u64 {
        let low = if i == 0 || shift == 0 { 0 } else { v[i - 1] >> (64 - shift) };
        v.get(i).map_or(0, |limb| limb << shift) | low
    };
    let d: Vec<u64> = (0..len).map(|i| normal(d, i)).collect();
    let mut rest: Vec<u64> = (0..=n.len()).map(|i| normal(n, i)).collect();
    let mut quotient = vec![0; n.len() - len + 1];
    for at in (0..quotient.len()).rev() {
        let top = u128::from(rest[at + len]) << 64 | u128::from(rest[at + len - 1]);
        let mut q = top / u128::from(d[len - 1]);
        let mut r = top % u128::from(d[len - 1]);
        while q >> 64 != 0 || q * u128::from(d[len - 2]) > (r << 64 | u128::from(rest[at + len - 2])) {
            q -= 1;
            r += u128::from(d[len - 1]);
            if r >> 64 != 0 {
                break;
            }
        }
        let mut q = q as u64;
        let (mut carry, mut borrow) = (0u64, false);
        for i in 0..len {
            let product = u128::from(q) * u128::from(d[i]) + u128::from(carry);
            carry = (product >> 64) as u64;
            let (v, first) = rest[at + i].overflowing_sub(product as u64);
            let (v, second) = v.overflowing_sub(u64::from(borrow));
            rest[at + i] = v;
            borrow = first || second;
        }
        let (v, first) = rest[at + len].overflowing_sub(carry);
        let (v, second) = v.overflowing_sub(u64::from(borrow));
        rest[at + len] = v;
        if first || second {
            q -= 1;
            let mut carry = false;
            for i in 0..len {
                let (v, first) = rest[at + i].overflowing_add(d[i]);
                let (v, second) = v.overflowing_add(u64::from(carry));
                rest[at + i] = v;
                carry = first || second;
            }
            rest[at + len] = rest[at + len].wrapping_add(u64::from(carry));
        }
        quotient[at] = q;
    }
    quotient.truncate(trimmed(&quotient).len());
    quotient
}

fn trimmed(n: &[u64]) -> &[u64] {
    let len = n.iter().rposition(|limb| *limb != 0).map_or(0, |i| i + 1);
    &n[..len]
}

fn compare(a: &[u64], b: &[u64]) -> Ordering {
    let (a, b) = (trimmed(a), trimmed(b));
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn times(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut out = vec![0; a.len() + b.len()];
    for (i, a) in a.iter().enumerate() {
        let mut carry = 0u64;
        for (j, b) in b.iter().enumerate() {
            let t = u128::from(*a) * u128::from(*b) + u128::from(out[i + j]) + u128::from(carry);
            out[i + j] = t as u64;
            carry = (t >> 64) as u64;
        }
        out[i + b.len()] = carry;
    }
    out
}

fn add(a: &mut Vec<u64>, b: &[u64]) {
    a.resize(a.len().max(b.len()) + 1, 0);
    let mut carry = false;
    for (i, a) in a.iter_mut().enumerate() {
        let (s, first) = a.overflowing_add(b.get(i).copied().unwrap_or(0));
        let (s, second) = s.overflowing_add(u64::from(carry));
        *a = s;
        carry = first || second;
    }
    a.truncate(trimmed(a).len());
}

fn add_small(a: &mut Vec<u64>, b: u64) {
    add(a, &[b]);
}

/// a − b for a ≥ b.
fn subtract(a: &mut [u64], b: &[u64]) {
    let mut borrow = false;
    for (i, a) in a.iter_mut().enumerate() {
        let (d, first) = a.overflowing_sub(b.get(i).copied().unwrap_or(0));
        let (d, second) = d.overflowing_sub(u64::from(borrow));
        *a = d;
        borrow = first || second;
    }
}

fn halve(a: &mut Vec<u64>) {
    for i in 0..a.len() {
        let above = a.get(i + 1).copied().unwrap_or(0);
        a[i] = a[i] >> 1 | above << 63;
    }
    a.truncate(trimmed(a).len());
}

fn remainder(n: &[u64], m: u64) -> u64 {
    // m is below 2^32, so 32 bits at a time stay within 64.
    n.iter().rev().fold(0, |r, limb| (((r << 32 | limb >> 32) % m) << 32 | limb & 0xffff_ffff) % m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn roots_are_roots(n in prop::collection::vec(any::<u64>(), 1..40)) {
            let root = square_root(&n);
            prop_assert_ne!(compare(&times(&root, &root), &n), Ordering::Greater);
            let mut next = root;
            add_small(&mut next, 1);
            prop_assert_eq!(compare(&times(&next, &next), &n), Ordering::Greater);
        }

        #[test]
        fn quotients_are_quotients(
            n in prop::collection::vec(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)], 2..40),
            d in prop::collection::vec(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)], 1..20),
            top in 1u64..,
        ) {
            let d = [d, vec![top]].concat();
            let q = divide(&n, &d);
            let mut rest = n.clone();
            let product = times(&q, &d);
            prop_assert_ne!(compare(&product, &n), Ordering::Greater);
            subtract(&mut rest, &product);
            prop_assert_eq!(compare(&rest, &d), Ordering::Less);
        }

        #[test]
        fn squares_pass_the_sieve(n in prop::collection::vec(any::<u64>(), 1..20)) {
            let square = times(&n, &n);
            prop_assert!(may_be_square(square[0], remainder(&square, SIEVE)));
        }

        #[test]
        fn products_of_neighbours_are_factored(n in prop::collection::vec(any::<u64>(), 16), d in any::<u64>()) {
            let mut p = n;
            p[0] |= 1;
            p[15] |= 1 << 63;
            let mut q = p.clone();
            // A difference of any even number below 2^500 is found; here at limb 7, about 2^500.
            q[6] ^= d;
            prop_assert!(factors(&times(&p, &q)));
        }
    }
}
