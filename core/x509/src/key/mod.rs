//! Public keys of subjects: what they are, and whether they are fit to be certified (K3).
//!
//! Everything here is decided from the key alone. Whether a key was used before, the journal knows.

mod curve;
mod edwards;
mod factors;
mod rsa;

use crate::explain::{Explain, Explanation};
use core_crypto::{KeyAlg, SigAlg};
use core_pack::KeyFamily;
use core_pack::spki::{self, BadPublicKey};
use std::fmt;

/// What a key is, its size included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA with a modulus of so many bits.
    Rsa {
        /// Bits of the modulus.
        bits: u16,
    },
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

/// A public key of a supported kind, read from its SubjectPublicKeyInfo.
///
/// Having one says that the encoding is right, nothing of its strength: that is [`check`](Self::check).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectKey<'a> {
    /// What it is.
    pub kind: KeyKind,
    /// The whole SubjectPublicKeyInfo.
    pub spki: &'a [u8],
    /// The content of its BIT STRING: what the key identifier is the hash of (RFC 5280 §4.2.1.2).
    pub octets: &'a [u8],
    rsa: Option<spki::RsaNumbers<'a>>,
}

/// Why a public key is not certified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum KeyFault {
    /// Not the DER of a SubjectPublicKeyInfo, or a key that is not of its algorithm's form.
    #[error("the public key is not readable")]
    Form,
    /// An algorithm, curve or parameter that is not certified here.
    #[error("keys of this algorithm are not certified here")]
    Unsupported,
    /// The profile does not allow this kind.
    #[error("the profile does not allow keys of the kind {0}")]
    NotAllowed(KeyKind),
    /// RSA outside the sizes that the profile allows.
    #[error("an RSA key of {bits} bits; {min} to {max} are allowed")]
    RsaSize {
        /// Bits of the modulus.
        bits: u16,
        /// Fewest allowed.
        min: u16,
        /// Most allowed.
        max: u16,
    },
    /// The exponent is even, below 65537, or above 2^32 (FIPS 186-5 §A.1.1 wants 65537 < e < 2^256 or 65537).
    #[error("the RSA exponent is not an odd number from 65537 to 2^32")]
    RsaExponent,
    /// The modulus has a small prime factor.
    #[error("the RSA modulus is divisible by {0}")]
    RsaSmallFactor(u16),
    /// The modulus has the fingerprint of the flawed generator known as ROCA (CVE-2017-15361).
    #[error("the RSA key was made by a flawed generator (ROCA, CVE-2017-15361)")]
    RsaRoca,
    /// The two primes are so close together that the modulus falls to Fermat's method (CVE-2022-26320).
    #[error("the primes of the RSA key are too close together")]
    RsaClosePrimes,
    /// The point is not on the curve (SP 800-56A §5.6.2.3.3).
    #[error("the public key is not a point of its curve")]
    NotOnCurve,
    /// An Ed25519 key of small order, or not encoded canonically: signatures under it prove nothing.
    #[error("the Ed25519 key is of small order or not canonical")]
    SmallOrder,
}

impl KeyKind {
    /// The family, without the size.
    pub fn family(self) -> KeyFamily {
        match self {
            Self::Rsa { .. } => KeyFamily::Rsa,
            Self::P256 => KeyFamily::P256,
            Self::P384 => KeyFamily::P384,
            Self::Ed25519 => KeyFamily::Ed25519,
            Self::MlDsa44 => KeyFamily::MlDsa44,
            Self::MlDsa65 => KeyFamily::MlDsa65,
            Self::MlDsa87 => KeyFamily::MlDsa87,
        }
    }

    /// Whether a signature of this algorithm can come from a key of this kind.
    pub fn signs_with(self, alg: SigAlg) -> bool {
        match alg {
            SigAlg::RsaSha256 | SigAlg::RsaSha384 | SigAlg::RsaSha512 => matches!(self, Self::Rsa { .. }),
            // RFC 5480 §4: any of the hashes with any curve.
            SigAlg::EcdsaSha256 | SigAlg::EcdsaSha384 => matches!(self, Self::P256 | Self::P384),
            SigAlg::Ed25519 => self == Self::Ed25519,
            SigAlg::MlDsa44 => self == Self::MlDsa44,
            SigAlg::MlDsa65 => self == Self::MlDsa65,
            SigAlg::MlDsa87 => self == Self::MlDsa87,
        }
    }
}

impl From<KeyAlg> for KeyKind {
    fn from(alg: KeyAlg) -> Self {
        match alg {
            KeyAlg::Rsa2048 => Self::Rsa { bits: 2048 },
            KeyAlg::Rsa3072 => Self::Rsa { bits: 3072 },
            KeyAlg::Rsa4096 => Self::Rsa { bits: 4096 },
            KeyAlg::P256 => Self::P256,
            KeyAlg::P384 => Self::P384,
            KeyAlg::Ed25519 => Self::Ed25519,
            KeyAlg::MlDsa44 => Self::MlDsa44,
            KeyAlg::MlDsa65 => Self::MlDsa65,
            KeyAlg::MlDsa87 => Self::MlDsa87,
        }
    }
}

impl fmt::Display for KeyKind {
    /// As ceremony files and profiles name kinds: `rsa-2048`, `p-256`, `ml-dsa-65`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "rsa-{bits}"),
            other => f.write_str(family_name(other.family())),
        }
    }
}

/// The name of a family in profiles: `rsa`, `p-256`, `ml-dsa-65`.
pub fn family_name(family: KeyFamily) -> &'static str {
    match family {
        KeyFamily::Rsa => "rsa",
        KeyFamily::P256 => "p-256",
        KeyFamily::P384 => "p-384",
        KeyFamily::Ed25519 => "ed25519",
        KeyFamily::MlDsa44 => "ml-dsa-44",
        KeyFamily::MlDsa65 => "ml-dsa-65",
        KeyFamily::MlDsa87 => "ml-dsa-87",
    }
}

impl<'a> SubjectKey<'a> {
    /// Most bits of an RSA modulus that is read at all: four times the largest that is certified, so that
    /// a larger key is refused by its size and not as unreadable.
    const MOST_RSA_BITS: usize = 16_384;

    /// Reads a DER SubjectPublicKeyInfo that fills `spki` to its end.
    ///
    /// # Errors
    /// [`KeyFault::Form`] or [`KeyFault::Unsupported`].
    pub fn parse(spki: &'a [u8]) -> Result<Self, KeyFault> {
        let key = spki::PublicKey::parse(spki).map_err(|e| match e {
            BadPublicKey::Algorithm => KeyFault::Unsupported,
            _ => KeyFault::Form,
        })?;
        let rsa = key.rsa();
        let kind = match (key.family, &rsa) {
            (KeyFamily::Rsa, Some(numbers)) => {
                let bits = numbers.bits();
                if bits > Self::MOST_RSA_BITS {
                    return Err(KeyFault::Unsupported);
                }
                KeyKind::Rsa { bits: bits as u16 }
            }
            (KeyFamily::Rsa, None) => return Err(KeyFault::Form),
            (KeyFamily::P256, _) => KeyKind::P256,
            (KeyFamily::P384, _) => KeyKind::P384,
            (KeyFamily::Ed25519, _) => KeyKind::Ed25519,
            (KeyFamily::MlDsa44, _) => KeyKind::MlDsa44,
            (KeyFamily::MlDsa65, _) => KeyKind::MlDsa65,
            (KeyFamily::MlDsa87, _) => KeyKind::MlDsa87,
        };
        Ok(Self { kind, spki, octets: key.octets, rsa })
    }

    /// Whether the key is strong enough, whatever the profile says.
    ///
    /// RSA: 2048 to 4096 bits, exponent, small factors, ROCA, close primes. EC: the point is on the curve.
    /// Ed25519: canonical and not of small order. ML-DSA keys have no weak values to test for: every string
    /// of the right length is a key (FIPS 204 §5).
    ///
    /// # Errors
    /// The first [`KeyFault`] found.
    pub fn check(&self) -> Result<(), KeyFault> {
        match self.kind {
            KeyKind::Rsa { bits } => {
                if !(2048..=4096).contains(&bits) {
                    return Err(KeyFault::RsaSize { bits, min: 2048, max: 4096 });
                }
                self.rsa.as_ref().map_or(Err(KeyFault::Form), rsa::check)
            }
            KeyKind::P256 => curve::check_p256(self.octets),
            KeyKind::P384 => curve::check_p384(self.octets),
            KeyKind::Ed25519 => edwards::check(self.octets),
            KeyKind::MlDsa44 | KeyKind::MlDsa65 | KeyKind::MlDsa87 => Ok(()),
        }
    }
}

impl Explain for KeyFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Form => "authority.key_malformed",
            Self::RsaSize { bits, min, .. } if bits < min => "authority.key_weak",
            Self::Unsupported | Self::NotAllowed(_) | Self::RsaSize { .. } => "authority.key_kind_refused",
            Self::RsaExponent
            | Self::RsaSmallFactor(_)
            | Self::RsaRoca
            | Self::RsaClosePrimes
            | Self::NotOnCurve
            | Self::SmallOrder => "authority.key_weak",
        }
    }

    fn explain(&self) -> Explanation {
        let (ja, next_ja, next_en) = match self {
            Self::Form => (
                "公開鍵を読み取れません。".to_owned(),
                "鍵ペアと証明書署名要求を作り直してください。",
                "Make the key pair and the request again.",
            ),
            Self::Unsupported => (
                "この種類の公開鍵には証明書を発行できません。".to_owned(),
                "対応している種類の鍵ペアを作成してください。",
                "Make a key pair of a kind that is supported.",
            ),
            Self::NotAllowed(kind) => (
                format!("この証明書では、{kind} の鍵は使えません。"),
                "証明書プロファイルで認められた種類の鍵ペアを作成してください。",
                "Make a key pair of a kind that the profile allows.",
            ),
            Self::RsaSize { bits, min, max } => (
                format!("RSA 鍵の長さが {bits} ビットです。{min} ~ {max} ビットの鍵が必要です。"),
                "認められた長さの鍵ペアを作成してください。",
                "Make a key pair of an allowed size.",
            ),
            Self::RsaExponent
            | Self::RsaSmallFactor(_)
            | Self::RsaClosePrimes
            | Self::NotOnCurve
            | Self::SmallOrder => (
                "公開鍵に弱点があるため、証明書を発行できません。".to_owned(),
                "鍵ペアを作成したソフトウェアを更新し、新しい鍵ペアを作成してください。",
                "Update the software that made the key pair, and make a new one.",
            ),
            Self::RsaRoca => (
                "欠陥のある鍵生成器(ROCA, CVE-2017-15361)で作られた鍵のため、証明書を発行できません。"
                    .to_owned(),
                "IC カードやトークンの製造者の案内に従って更新し、新しい鍵ペアを作成してください。",
                "Update the card or token as its maker says, and make a new key pair.",
            ),
        };
        let mut en = self.to_string();
        en[..1].make_ascii_uppercase();
        en.push('.');
        Explanation { ja, en, next_ja, next_en }
    }
}
