//! The families of keys that the house reads and writes, with their identifiers.

use core_crypto::KeyAlg;

/// What a key is, as its AlgorithmIdentifier says it: the size of an RSA key is not part of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyFamily {
    /// rsaEncryption (RFC 3279 §2.3.1).
    Rsa,
    /// id-ecPublicKey with the named curve secp256r1 (RFC 5480).
    P256,
    /// id-ecPublicKey with the named curve secp384r1 (RFC 5480).
    P384,
    /// id-Ed25519 (RFC 8410).
    Ed25519,
    /// id-ml-dsa-44 (RFC 9881).
    MlDsa44,
    /// id-ml-dsa-65.
    MlDsa65,
    /// id-ml-dsa-87.
    MlDsa87,
}

impl KeyFamily {
    /// Every family.
    pub const ALL: [Self; 7] =
        [Self::Rsa, Self::P256, Self::P384, Self::Ed25519, Self::MlDsa44, Self::MlDsa65, Self::MlDsa87];

    /// The family of a kind of key.
    pub fn of(alg: KeyAlg) -> Self {
        match alg {
            KeyAlg::Rsa2048 | KeyAlg::Rsa3072 | KeyAlg::Rsa4096 => Self::Rsa,
            KeyAlg::P256 => Self::P256,
            KeyAlg::P384 => Self::P384,
            KeyAlg::Ed25519 => Self::Ed25519,
            KeyAlg::MlDsa44 => Self::MlDsa44,
            KeyAlg::MlDsa65 => Self::MlDsa65,
            KeyAlg::MlDsa87 => Self::MlDsa87,
        }
    }

    /// The DER AlgorithmIdentifier of a key: RSA with NULL, EC with the named curve, all others with no parameters.
    pub fn identifier_der(self) -> &'static [u8] {
        match self {
            Self::Rsa => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
            Self::P256 => {
                b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
            }
            Self::P384 => b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22",
            Self::Ed25519 => b"\x30\x05\x06\x03\x2b\x65\x70",
            Self::MlDsa44 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11",
            Self::MlDsa65 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12",
            Self::MlDsa87 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x13",
        }
    }

    /// The family with exactly this AlgorithmIdentifier; nothing is guessed from a near one.
    pub fn from_identifier_der(der: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.identifier_der() == der)
    }

    /// How many octets a public key has inside its BIT STRING; `None` for RSA, where it varies.
    pub fn public_len(self) -> Option<usize> {
        match self {
            Self::Rsa => None,
            Self::P256 => Some(65),
            Self::P384 => Some(97),
            Self::Ed25519 => Some(32),
            Self::MlDsa44 => Some(1312),
            Self::MlDsa65 => Some(1952),
            Self::MlDsa87 => Some(2592),
        }
    }

    /// Whether this is an elliptic curve with points in SEC 1 form.
    pub fn is_ec(self) -> bool {
        matches!(self, Self::P256 | Self::P384)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_lead_back() {
        for family in KeyFamily::ALL {
            assert_eq!(KeyFamily::from_identifier_der(family.identifier_der()), Some(family));
        }
        // RSA without its NULL, and Ed25519 with one, are other encodings: not ours.
        let rsa_without_null = b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
        assert_eq!(KeyFamily::from_identifier_der(rsa_without_null), None);
        assert_eq!(KeyFamily::from_identifier_der(b"\x30\x07\x06\x03\x2b\x65\x70\x05\x00"), None);
    }

    #[test]
    fn signatures_of_edwards_and_lattice_keys_share_the_key_identifier() {
        for alg in [KeyAlg::Ed25519, KeyAlg::MlDsa44, KeyAlg::MlDsa65, KeyAlg::MlDsa87] {
            assert_eq!(KeyFamily::of(alg).identifier_der(), alg.signs_with().identifier_der());
        }
    }
}
