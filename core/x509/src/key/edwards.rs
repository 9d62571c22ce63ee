//! Ed25519 keys whose signatures prove nothing.

use super::KeyFault;

/// The y coordinates, little-endian without the sign bit, of the points whose order divides 8. Their other
/// encodings, p and p + 1, are not canonical and refused as such.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    one(),
    below_p(0xec),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

const fn one() -> [u8; 32] {
    let mut y = [0; 32];
    y[0] = 1;
    y
}

const fn below_p(first: u8) -> [u8; 32] {
    let mut y = [0xff; 32];
    y[0] = first;
    y[31] = 0x7f;
    y
}

/// Refuses small orders and y ≥ p = 2^255 − 19 (RFC 8032 §5.1.3). Whether y belongs to a point at all, the
/// verification of the request's signature decides.
pub(super) fn check(octets: &[u8]) -> Result<(), KeyFault> {
    let mut y: [u8; 32] = octets.try_into().map_err(|_| KeyFault::Form)?;
    y[31] &= 0x7f;
    let canonical = y[0] < 0xed || y[31] != 0x7f || y[1..31].iter().any(|o| *o != 0xff);
    if canonical && !SMALL_ORDER.contains(&y) { Ok(()) } else { Err(KeyFault::SmallOrder) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_orders_are_refused_with_either_sign() {
        for mut y in SMALL_ORDER.into_iter().chain([0xed, 0xee, 0xff].map(below_p)) {
            assert_eq!(check(&y), Err(KeyFault::SmallOrder));
            y[31] |= 0x80;
            assert_eq!(check(&y), Err(KeyFault::SmallOrder));
        }
    }

    #[test]
    fn the_base_point_is_a_key() {
        let mut y = [0x66; 32];
        y[0] = 0x58;
        assert_eq!(check(&y), Ok(()));
    }
}
