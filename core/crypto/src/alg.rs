//! Algorithm names, their identifiers and sizes.

/// A hash algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashAlg {
    /// SHA-1: key identifiers only (RFC 5280 §4.2.1.2), never a signature.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A kind of key pair that the house can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlg {
    /// RSA, 2048 bits, e = 65537.
    Rsa2048,
    /// RSA, 3072 bits, e = 65537.
    Rsa3072,
    /// RSA, 4096 bits, e = 65537.
    Rsa4096,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// ML-DSA-44 (FIPS 204, RFC 9881).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

/// A signature algorithm as it stands in certificates, lists and requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SigAlg {
    /// sha256WithRSAEncryption (RFC 4055).
    RsaSha256,
    /// sha384WithRSAEncryption.
    RsaSha384,
    /// sha512WithRSAEncryption.
    RsaSha512,
    /// ecdsa-with-SHA256 (RFC 5758).
    EcdsaSha256,
    /// ecdsa-with-SHA384.
    EcdsaSha384,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// id-ml-dsa-44 (RFC 9881), pure, empty context.
    MlDsa44,
    /// id-ml-dsa-65.
    MlDsa65,
    /// id-ml-dsa-87.
    MlDsa87,
}

impl KeyAlg {
    /// Every kind, weakest of each family first.
    pub const ALL: [Self; 9] = [
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::P256,
        Self::P384,
        Self::Ed25519,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// The name in ceremony files, profiles and messages: `rsa-2048`, `p-256`, `ml-dsa-65`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa3072 => "rsa-3072",
            Self::Rsa4096 => "rsa-4096",
            Self::P256 => "p-256",
            Self::P384 => "p-384",
            Self::Ed25519 => "ed25519",
            Self::MlDsa44 => "ml-dsa-44",
            Self::MlDsa65 => "ml-dsa-65",
            Self::MlDsa87 => "ml-dsa-87",
        }
    }

    /// The kind with this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// The algorithm with which a key of this kind signs.
    pub fn signs_with(self) -> SigAlg {
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => SigAlg::RsaSha256,
            Self::P256 => SigAlg::EcdsaSha256,
            Self::P384 => SigAlg::EcdsaSha384,
            Self::Ed25519 => SigAlg::Ed25519,
            Self::MlDsa44 => SigAlg::MlDsa44,
            Self::MlDsa65 => SigAlg::MlDsa65,
            Self::MlDsa87 => SigAlg::MlDsa87,
        }
    }
}

impl SigAlg {
    /// Every algorithm.
    pub const ALL: [Self; 9] = [
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::Ed25519,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// The whole DER AlgorithmIdentifier: RSA with NULL parameters, all others with none.
    pub fn identifier_der(self) -> &'static [u8] {
        match self {
            Self::RsaSha256 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00",
            Self::RsaSha384 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00",
            Self::RsaSha512 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d\x05\x00",
            Self::EcdsaSha256 => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",
            Self::EcdsaSha384 => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03",
            Self::Ed25519 => b"\x30\x05\x06\x03\x2b\x65\x70",
            Self::MlDsa44 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11",
            Self::MlDsa65 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12",
            Self::MlDsa87 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x13",
        }
    }

    /// The algorithm with exactly this AlgorithmIdentifier; nothing is guessed from a near one.
    pub fn from_identifier_der(der: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.identifier_der() == der)
    }

    /// The hash that is signed, or `None` where the algorithm signs the message itself.
    pub fn prehash(self) -> Option<HashAlg> {
        match self {
            Self::RsaSha256 | Self::EcdsaSha256 => Some(HashAlg::Sha256),
            Self::RsaSha384 | Self::EcdsaSha384 => Some(HashAlg::Sha384),
            Self::RsaSha512 => Some(HashAlg::Sha512),
            Self::Ed25519 | Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_lead_back() {
        for alg in SigAlg::ALL {
            assert_eq!(SigAlg::from_identifier_der(alg.identifier_der()), Some(alg));
        }
        for key in KeyAlg::ALL {
            assert_eq!(KeyAlg::from_name(key.name()), Some(key));
        }
    }
}
