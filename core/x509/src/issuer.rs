//! What planning and linting must know of the authority that will sign.

use crate::certificate::Certificate;
use crate::explain::{Explain, Explanation};
use crate::key::{KeyFault, SubjectKey};
use crate::name::NameRef;
use crate::tlv::{Limits, TlvError};
use core_crypto::{Digest, HashAlg, SigAlg};
use core_words::{AuthorityId, Serial, UtcSeconds};

/// One generation of an authority: its name, key and limits as its own certificate says them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerInfo {
    /// The authority.
    pub authority: AuthorityId,
    /// Which of its keys: 1 for the first.
    pub generation: u16,
    /// Its distinguished name, DER.
    pub name_der: Vec<u8>,
    /// Its SubjectPublicKeyInfo, DER.
    pub spki: Vec<u8>,
    /// Its subject key identifier: what goes into AKI extensions.
    pub key_id: Vec<u8>,
    /// The algorithm with which it signs.
    pub sig_alg: SigAlg,
    /// The first second of its own validity.
    pub not_before: UtcSeconds,
    /// The last second of its own validity.
    pub not_after: UtcSeconds,
    /// The path length constraint of its own certificate, if it has one.
    pub path_len: Option<u8>,
    /// The content of the nameConstraints extension of its own certificate, if it has one.
    pub name_constraints: Option<Vec<u8>>,
    /// Issuer and serial number of its own certificate, for AKI extensions in long form; `None` until the
    /// certificate exists.
    pub own_certificate: Option<OwnCertificate>,
    /// Where what it publishes can be fetched.
    pub urls: Urls,
}

/// Names an issuer's own certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCertificate {
    /// Who issued it, DER.
    pub issuer_der: Vec<u8>,
    /// Its serial number there.
    pub serial: Serial,
}

/// Where an authority publishes; embedded into certificates, so fixed at the ceremony.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urls {
    /// Its own certificate (id-ad-caIssuers).
    pub ca_issuers: Option<String>,
    /// The full list.
    pub full_crl: Option<String>,
    /// The lists by partition; `{n}` stands for the number of the partition.
    pub partition_crl: Option<String>,
    /// The delta list.
    pub delta_crl: Option<String>,
    /// The OCSP responder.
    pub ocsp: Option<String>,
}

/// Why a certificate is not one that an issuer can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadIssuer {
    /// It could not be read.
    #[error("the issuer's certificate is not readable: {0}")]
    Malformed(#[from] TlvError),
    /// It is no CA certificate, or its key may not sign certificates.
    #[error("the certificate is not that of a certification authority")]
    NoAuthority,
    /// Its key is unfit, or signs with another algorithm.
    #[error("the issuer's key: {0}")]
    Key(#[from] KeyFault),
    /// The key cannot sign with this algorithm.
    #[error("the issuer's key does not sign with the algorithm given")]
    Algorithm,
}

impl Urls {
    /// The list of partition `n`.
    pub fn partition(&self, n: u32) -> Option<String> {
        self.partition_crl.as_ref().map(|url| url.replace("{n}", &n.to_string()))
    }
}

impl IssuerInfo {
    /// Reads an authority's own certificate.
    ///
    /// # Errors
    /// [`BadIssuer`] when it is not a CA certificate with keyCertSign, or its key does not sign with
    /// `sig_alg`.
    pub fn from_certificate(
        authority: AuthorityId,
        generation: u16,
        certificate: &Certificate<'_>,
        sig_alg: SigAlg,
        urls: Urls,
        digest: &dyn Digest,
    ) -> Result<Self, BadIssuer> {
        let key = SubjectKey::parse(certificate.tbs.spki)?;
        if !key.kind.signs_with(sig_alg) {
            return Err(BadIssuer::Algorithm);
        }
        let basic = certificate.tbs.basic_constraints()?.unwrap_or_default();
        let may_sign = certificate.tbs.key_usage()?.is_none_or(|usage| usage.key_cert_sign());
        if !basic.ca || !may_sign {
            return Err(BadIssuer::NoAuthority);
        }
        let key_id = match certificate.tbs.subject_key_id()? {
            Some(id) => id.to_vec(),
            None => key_id(&key, digest).to_vec(),
        };
        let serial = Serial::from_der_content(certificate.tbs.serial).ok();
        Ok(Self {
            authority,
            generation,
            name_der: certificate.tbs.subject.der().to_vec(),
            spki: certificate.tbs.spki.to_vec(),
            key_id,
            sig_alg,
            not_before: certificate.tbs.not_before,
            not_after: certificate.tbs.not_after,
            path_len: basic.path_len,
            name_constraints: certificate.tbs.name_constraints().map(<[u8]>::to_vec),
            own_certificate: serial
                .map(|serial| OwnCertificate { issuer_der: certificate.tbs.issuer.der().to_vec(), serial }),
            urls,
        })
    }

    /// An authority that does not have its certificate yet: the issuer of the root's own, or of the link
    /// certificates that a new generation signs before its own certificate is out.
    ///
    /// Its validity is unlimited here; the plan of a root limits itself by its profile.
    ///
    /// # Errors
    /// [`BadIssuer`] when name or key are not readable, or the key does not sign with `sig_alg`.
    pub fn before_certificate(
        authority: AuthorityId,
        generation: u16,
        name_der: &[u8],
        spki: &[u8],
        sig_alg: SigAlg,
        urls: Urls,
        digest: &dyn Digest,
    ) -> Result<Self, BadIssuer> {
        NameRef::parse(name_der, &Limits::DEFAULT)?;
        let key = SubjectKey::parse(spki)?;
        if !key.kind.signs_with(sig_alg) {
            return Err(BadIssuer::Algorithm);
        }
        Ok(Self {
            authority,
            generation,
            name_der: name_der.to_vec(),
            spki: spki.to_vec(),
            key_id: key_id(&key, digest).to_vec(),
            sig_alg,
            not_before: UtcSeconds(i64::MIN),
            not_after: UtcSeconds(i64::MAX),
            path_len: None,
            name_constraints: None,
            own_certificate: None,
            urls,
        })
    }
}

/// The key identifier of RFC 5280 §4.2.1.2 (1): SHA-1 over the content of the BIT STRING.
pub fn key_id(key: &SubjectKey<'_>, digest: &dyn Digest) -> [u8; 20] {
    let mut id = [0; 20];
    id.copy_from_slice(digest.hash(HashAlg::Sha1, key.octets).as_ref());
    id
}

impl Explain for BadIssuer {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "authority.certificate_malformed",
            Self::NoAuthority => "authority.certificate_of_no_authority",
            Self::Key(fault) => fault.code(),
            Self::Algorithm => "authority.algorithm_unfit",
        }
    }

    fn explain(&self) -> Explanation {
        let (ja, next_ja, next_en) = match self {
            Self::Malformed(_) => (
                "認証局の証明書を読み取れません。",
                "DER または PEM 形式の X.509 証明書を指定してください。",
                "Give an X.509 certificate in DER or PEM.",
            ),
            Self::NoAuthority => (
                "認証局の証明書ではありません。",
                "basicConstraints に cA、keyUsage に keyCertSign を持つ証明書を指定してください。",
                "Give a certificate with cA in basicConstraints and keyCertSign in keyUsage.",
            ),
            Self::Key(fault) => return fault.explain(),
            Self::Algorithm => (
                "認証局の鍵では、この署名アルゴリズムを使えません。",
                "鍵の種類に合った署名アルゴリズムを指定してください。",
                "Give a signature algorithm that fits the kind of the key.",
            ),
        };
        let mut en = format!("{self}.");
        en[..1].make_ascii_uppercase();
        Explanation { ja: ja.to_owned(), en, next_ja, next_en }
    }
}
