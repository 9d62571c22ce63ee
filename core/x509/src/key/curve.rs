//! Whether a point is on its curve: y² = x³ − 3x + b over P-256 and P-384 (SP 800-186 §3.2.1).
//!
//! Public values only, so nothing here needs constant time. Montgomery arithmetic on 4 or 6 limbs of 64
//! bits, least significant first: three products and two squares, well under a microsecond.

use super::KeyFault;

struct Curve<const N: usize> {
    /// The prime of the field.
    p: [u64; N],
    /// −p⁻¹ mod 2^64.
    inverse: u64,
    /// 2^(128 N) mod p: what turns a number into its Montgomery form.
    square: [u64; N],
    /// b, plain.
    b: [u64; N],
}

const P256: Curve<4> = Curve::new(
    [0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_ffff, 0, 0xffff_ffff_0000_0001],
    [0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7],
);

const P384: Curve<6> = Curve::new(
    [
        0x0000_0000_ffff_ffff,
        0xffff_ffff_0000_0000,
        0xffff_ffff_ffff_fffe,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
    ],
    [
        0x2a85_c8ed_d3ec_2aef,
        0xc656_398d_8a2e_d19d,
        0x0314_088f_5013_875a,
        0x181d_9c6e_fe81_4112,
        0x988e_056b_e3f8_2d19,
        0xb331_2fa7_e23e_e7e4,
    ],
);

/// Whether the uncompressed point is on P-256.
pub(super) fn check_p256(point: &[u8]) -> Result<(), KeyFault> {
    P256.check(point)
}

/// Whether the uncompressed point is on P-384.
pub(super) fn check_p384(point: &[u8]) -> Result<(), KeyFault> {
    P384.check(point)
}

impl<const N: usize> Curve<N> {
    const fn new(p: [u64; N], b: [u64; N]) -> Self {
        // Newton: each step doubles the number of right bits, of which an odd number has three.
        let mut inverse = p[0];
        let mut i = 0;
        while i < 5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(p[0].wrapping_mul(inverse)));
            i += 1;
        }
        // 1 doubled 128 N times.
        let mut square = [0; N];
        square[0] = 1;
        i = 0;
        while i < 128 * N {
            square = add(&square, &square, &p);
            i += 1;
        }
        Self { p, inverse: inverse.wrapping_neg(), square, b }
    }

    fn check(&self, point: &[u8]) -> Result<(), KeyFault> {
        let size = 8 * N;
        let (Some(4), Some(x), Some(y)) =
            (point.first().copied(), point.get(1..1 + size), point.get(1 + size..))
        else {
            return Err(KeyFault::Form);
        };
        if y.len() != size {
            return Err(KeyFault::Form);
        }
        let (x, y) = (limbs(x), limbs(y));
        if !less(&x, &self.p) || !less(&y, &self.p) {
            return Err(KeyFault::NotOnCurve);
        }
        let [x, y, b] = [x, y, self.b].map(|n| self.times(&n, &self.square));
        let left = self.times(&y, &y);
        let cube = self.times(&self.times(&x, &x), &x);
        let three_x = add(&add(&x, &x, &self.p), &x, &self.p);
        // cube + b = left + 3x, so that nothing need be subtracted.
        let ok = add(&cube, &b, &self.p) == add(&left, &three_x, &self.p);
        if ok { Ok(()) } else { Err(KeyFault::NotOnCurve) }
    }

    /// a · b · 2^(−64 N) mod p.
    fn times(&self, a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        // One limb above `low` holds what overflows it; `top` is 0 or 1.
        let mut low = [0u64; N];
        let mut top = 0u64;
        for &a in a {
            let mut carry = 0u64;
            for j in 0..N {
                let t = u128::from(low[j]) + u128::from(a) * u128::from(b[j]) + u128::from(carry);
                low[j] = t as u64;
                carry = (t >> 64) as u64;
            }
            let (over, first) = top.overflowing_add(carry);
            let q = low[0].wrapping_mul(self.inverse);
            let t = u128::from(low[0]) + u128::from(q) * u128::from(self.p[0]);
            carry = (t >> 64) as u64;
            for j in 1..N {
                let t = u128::from(low[j]) + u128::from(q) * u128::from(self.p[j]) + u128::from(carry);
                low[j - 1] = t as u64;
                carry = (t >> 64) as u64;
            }
            let (sum, second) = over.overflowing_add(carry);
            low[N - 1] = sum;
            top = u64::from(first) + u64::from(second);
        }
        if top != 0 || !less(&low, &self.p) { subtract(&low, &self.p) } else { low }
    }
}

fn limbs<const N: usize>(octets: &[u8]) -> [u64; N] {
    let mut limbs = [0; N];
    for (limb, chunk) in limbs.iter_mut().zip(octets.rchunks(8)) {
        *limb = chunk.iter().fold(0, |n, o| n << 8 | u64::from(*o));
    }
    limbs
}

const fn less<const N: usize>(a: &[u64; N], b: &[u64; N]) -> bool {
    let mut i = N;
    while i > 0 {
        i -= 1;
        if a[i] != b[i] {
            return a[i] < b[i];
        }
    }
    false
}

/// a − b mod 2^(64 N).
const fn subtract<const N: usize>(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
    let mut out = [0; N];
    let mut borrow = false;
    let mut i = 0;
    while i < N {
        let (d, first) = a[i].overflowing_sub(b[i]);
        let (d, second) = d.overflowing_sub(borrow as u64);
        out[i] = d;
        borrow = first || second;
        i += 1;
    }
    out
}

/// a + b mod p, for a and b below p.
const fn add<const N: usize>(a: &[u64; N], b: &[u64; N], p: &[u64; N]) -> [u64; N] {
    let mut out = [0; N];
    let mut carry = false;
    let mut i = 0;
    while i < N {
        let (s, first) = a[i].overflowing_add(b[i]);
        let (s, second) = s.overflowing_add(carry as u64);
        out[i] = s;
        carry = first || second;
        i += 1;
    }
    if carry || !less(&out, p) { subtract(&out, p) } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hex")).collect()
    }

    // SP 800-186 §3.2.1.3 and §3.2.1.4: the base points.
    const G256: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    const G384: &str = "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7\
                        3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f";

    #[test]
    fn base_points_are_on_their_curves() {
        assert_eq!(check_p256(&hex(G256)), Ok(()));
        assert_eq!(check_p384(&hex(G384)), Ok(()));
    }

    #[test]
    fn a_point_with_any_bit_turned_is_not() {
        for (good, check) in [(hex(G256), check_p256 as fn(&[u8]) -> _), (hex(G384), check_p384)] {
            for bit in 8..good.len() * 8 {
                let mut bad = good.clone();
                bad[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(check(&bad), Err(KeyFault::NotOnCurve), "bit {bit}");
            }
        }
    }

    #[test]
    fn coordinates_are_below_the_prime() {
        // x = p + x of a point whose x is small would be the same point with another encoding.
        let p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
        let mut point = vec![4];
        point.extend_from_slice(&p);
        point.extend_from_slice(&[0; 32]);
        assert_eq!(check_p256(&point), Err(KeyFault::NotOnCurve));
        assert_eq!(check_p256(&[4; 65]), Err(KeyFault::NotOnCurve));
        assert_eq!(check_p256(&[4; 64]), Err(KeyFault::Form));
        assert_eq!(check_p256(&[]), Err(KeyFault::Form));
    }
}
