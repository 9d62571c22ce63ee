//! Checking signatures, in the hot path of issuing (proof of possession, K3).
//!
//! The key is read by our own strict reader and handed to the library as bare numbers or octets: no second
//! parse of the SubjectPublicKeyInfo, no copy, and nothing the reader did not allow reaches the library.

use aws_lc_rs::signature::{
    self as lib, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1, ED25519, ML_DSA_44, ML_DSA_65, ML_DSA_87, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use core_crypto::{BadSignature, SigAlg};
use core_pack::{KeyFamily, spki::PublicKey};

/// RSA keys outside this range are refused: below it is weak, above it a verification costs too much.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

pub(crate) fn verify(alg: SigAlg, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
    let key = PublicKey::parse(spki).map_err(|_| BadSignature)?;
    if let Some(params) = rsa_parameters(alg) {
        return verify_rsa(params, &key, message, signature);
    }
    let library: &'static dyn VerificationAlgorithm = match (alg, key.family) {
        (SigAlg::EcdsaSha256, KeyFamily::P256) => &ECDSA_P256_SHA256_ASN1,
        (SigAlg::EcdsaSha384, KeyFamily::P256) => &ECDSA_P256_SHA384_ASN1,
        (SigAlg::EcdsaSha256, KeyFamily::P384) => &ECDSA_P384_SHA256_ASN1,
        (SigAlg::EcdsaSha384, KeyFamily::P384) => &ECDSA_P384_SHA384_ASN1,
        (SigAlg::Ed25519, KeyFamily::Ed25519) if !is_small_order(key.octets) => &ED25519,
        (SigAlg::MlDsa44, KeyFamily::MlDsa44) => &ML_DSA_44,
        (SigAlg::MlDsa65, KeyFamily::MlDsa65) => &ML_DSA_65,
        (SigAlg::MlDsa87, KeyFamily::MlDsa87) => &ML_DSA_87,
        _ => return Err(BadSignature),
    };
    UnparsedPublicKey::new(library, key.octets).verify(message, signature).map_err(|_| BadSignature)
}

fn rsa_parameters(alg: SigAlg) -> Option<&'static RsaParameters> {
    match alg {
        SigAlg::RsaSha256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        SigAlg::RsaSha384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        SigAlg::RsaSha512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        _ => None,
    }
}

fn verify_rsa(
    params: &lib::RsaParameters,
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), BadSignature> {
    let numbers = key.rsa().ok_or(BadSignature)?;
    if !RSA_BITS.contains(&numbers.bits()) || !is_sound_exponent(numbers.exponent) {
        return Err(BadSignature);
    }
    RsaPublicKeyComponents { n: numbers.modulus, e: numbers.exponent }
        .verify(params, message, signature)
        .map_err(|_| BadSignature)
}

/// Odd and from 65537: with smaller exponents a signature can be forged where a padding check is sloppy.
/// The library refuses exponents above 33 bits.
pub(crate) fn is_sound_exponent(exponent: &[u8]) -> bool {
    matches!(exponent, [.., low] if low & 1 == 1)
        && (exponent.len() > 3 || exponent >= &[1, 0, 1][..])
        && exponent.len() >= 3
}

/// The encodings of the points of order 1, 2, 4 and 8, non-canonical ones included, without their sign bit.
/// With such a key one signature fits many messages, so it proves the possession of nothing.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
    *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
    *b"\xec\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    *b"\xed\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    *b"\xee\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
];

fn is_small_order(octets: &[u8]) -> bool {
    SMALL_ORDER.iter().any(|point| octets[..31] == point[..31] && octets[31] & 0x7f == point[31])
}
