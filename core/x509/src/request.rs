//! Certification requests (PKCS#10, RFC 2986), read strictly and without copying.
//!
//! ```text
//! CertRequest::parse ─ check_key ─ verify ─→ VerifiedRequest ─→ plan
//! ```
//!
//! A [`VerifiedRequest`] is the proof that whoever sent the request holds the private key; only
//! [`CertRequest::verify`] makes one.

use crate::certificate::Extension;
use crate::explain::{Explain, Explanation};
use crate::general_name::GeneralName;
use crate::key::{KeyFault, KeyKind, SubjectKey};
use crate::name::NameRef;
use crate::oid;
use crate::profile::Profile;
use crate::tlv::{self, Limits, Reader, TlvError, TlvFault};
use core_crypto::{SigAlg, Verify};
use std::sync::OnceLock;

/// A request whose form is right. Nothing about it is proven yet.
#[derive(Clone, Debug)]
pub struct CertRequest<'a> {
    /// The whole request.
    pub der: &'a [u8],
    /// The CertificationRequestInfo: what is signed.
    pub info: &'a [u8],
    /// Whom the requester wants the certificate to be about.
    pub subject: NameRef<'a>,
    /// The key to be certified.
    pub key: SubjectKey<'a>,
    /// The algorithm of the signature.
    pub sig_alg: SigAlg,
    /// The signature.
    pub signature: &'a [u8],
    /// The extensions of the extensionRequest attribute (RFC 2985 §5.4.2).
    pub extensions: Vec<Extension<'a>>,
    /// The names of a requested subjectAltName.
    pub alt_names: Vec<GeneralName<'a>>,
    /// Whether the key is strong, once somebody asked: for RSA the dearest question of all.
    strength: OnceLock<Result<(), KeyFault>>,
}

/// A request whose signature fits its key: proof of possession (K3, RFC 2986 §3 note 2).
#[derive(Clone, Copy, Debug)]
pub struct VerifiedRequest<'a> {
    request: &'a CertRequest<'a>,
}

/// Why a request is refused before anything is planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefused {
    /// Not the DER of a request, or more than is read.
    #[error("the request is malformed: {0}")]
    Malformed(#[from] TlvError),
    /// The key is not certified here.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The request is signed with an algorithm that is not accepted, SHA-1 among them.
    #[error("the request is signed with an algorithm that is not accepted")]
    SignatureAlgorithm,
    /// The signature does not fit the key: no proof of possession.
    #[error("the signature of the request does not fit its key")]
    Signature,
}

impl<'a> CertRequest<'a> {
    /// Reads one request that fills `der` to its end.
    ///
    /// # Errors
    /// [`RequestRefused`], but never [`Signature`](RequestRefused::Signature): that is for
    /// [`verify`](Self::verify). Attributes besides extensionRequest (a challenge password, say) are not
    /// looked into.
    pub fn parse(der: &'a [u8], limits: &Limits) -> Result<Self, RequestRefused> {
        let mut outer = Reader::only(der, tlv::SEQUENCE, limits.octets)?.reader();
        let info = outer.expect(tlv::SEQUENCE)?;
        let sig_alg = SigAlg::from_identifier_der(outer.expect(tlv::SEQUENCE)?.whole);
        let bits = outer.expect(tlv::BIT_STRING)?;
        let signature = bits.bits()?;
        if signature.unused != 0 {
            return Err(bits.error(TlvFault::BitString).into());
        }
        outer.finish()?;

        let mut fields = info.reader();
        let version = fields.expect(tlv::INTEGER)?;
        if version.small()? != 0 {
            return Err(version.error(TlvFault::Value).into());
        }
        let subject = NameRef::read(&mut fields, limits)?;
        let spki = fields.expect(tlv::SEQUENCE)?;
        // RFC 2986 §4.1 has the attributes mandatory; some clients leave an empty set out.
        let attributes = fields.optional(tlv::context_constructed(0))?;
        fields.finish()?;
        let extensions = match attributes {
            Some(attributes) => read_extension_request(&attributes, limits)?,
            None => Vec::new(),
        };
        let alt_names = match extensions.iter().find(|e| e.oid == oid::SUBJECT_ALT_NAME.content()) {
            Some(extension) => read_alt_names(extension, limits)?,
            None => Vec::new(),
        };
        let key = SubjectKey::parse(spki.whole)?;
        let sig_alg =
            sig_alg.filter(|alg| key.kind.signs_with(*alg)).ok_or(RequestRefused::SignatureAlgorithm)?;
        Ok(Self {
            der,
            info: info.whole,
            subject,
            key,
            sig_alg,
            signature: signature.octets,
            extensions,
            alt_names,
            strength: OnceLock::new(),
        })
    }

    /// Whether the key is fit to be certified: strong, and of a kind and size that the profile allows.
    ///
    /// # Errors
    /// The first [`KeyFault`] found.
    pub fn check_key(&self, profile: &Profile) -> Result<KeyKind, KeyFault> {
        profile.check_kind(self.key.kind)?;
        (*self.strength.get_or_init(|| self.key.check()))?;
        Ok(self.key.kind)
    }

    /// Checks the proof of possession.
    ///
    /// # Errors
    /// [`RequestRefused::Signature`] when the signature does not fit the key in the request.
    pub fn verify(&self, verify: &dyn Verify) -> Result<VerifiedRequest<'_>, RequestRefused> {
        verify
            .verify(self.sig_alg, self.key.spki, self.info, self.signature)
            .map_err(|_| RequestRefused::Signature)?;
        Ok(VerifiedRequest { request: self })
    }
}

impl<'a> VerifiedRequest<'a> {
    /// The request.
    pub fn request(&self) -> &'a CertRequest<'a> {
        self.request
    }
}

/// The extensions of the only extensionRequest among the attributes, if there is one.
///
/// The set of attributes may be in any order: clients err there, and nothing is ever copied from it whole.
fn read_extension_request<'a>(
    attributes: &tlv::Tlv<'a>,
    limits: &Limits,
) -> Result<Vec<Extension<'a>>, TlvError> {
    let mut found = None;
    let mut members = attributes.reader();
    while !members.is_empty() {
        let attribute = members.expect(tlv::SEQUENCE)?;
        let mut parts = attribute.reader();
        let kind = parts.expect(tlv::OID)?.oid()?;
        let values = parts.expect(tlv::SET)?;
        parts.finish()?;
        if kind != oid::EXTENSION_REQUEST.content() {
            continue;
        }
        // Two of them would leave open which one counts.
        if found.is_some() {
            return Err(attribute.error(TlvFault::Value));
        }
        let mut values = values.reader();
        let list = values.expect(tlv::SEQUENCE)?;
        values.finish()?;
        let extensions = Extension::read_all(&list, limits)?;
        let twice = |e: &Extension<'_>| extensions.iter().filter(|f| f.oid == e.oid).count() > 1;
        if extensions.iter().any(twice) {
            return Err(list.error(TlvFault::Value));
        }
        found = Some(extensions);
    }
    Ok(found.unwrap_or_default())
}

fn read_alt_names<'a>(extension: &Extension<'a>, limits: &Limits) -> Result<Vec<GeneralName<'a>>, TlvError> {
    let list = Reader::only(extension.value, tlv::SEQUENCE, limits.octets)?;
    crate::certificate::read_general_names(&list, limits)
}

impl Explain for RequestRefused {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "authority.request_malformed",
            Self::Key(fault) => fault.code(),
            Self::SignatureAlgorithm => "authority.request_signature_algorithm",
            Self::Signature => "authority.request_signature",
        }
    }

    fn explain(&self) -> Explanation {
        match self {
            Self::Malformed(error) => Explanation {
                ja: format!("証明書署名要求(PKCS#10)の形式が正しくありません({} オクテット目)。", error.at),
                en: format!("The certification request (PKCS#10) is malformed: {error}."),
                next_ja: "鍵ペアを作成したソフトウェアで証明書署名要求を作り直し、もう一度お送りください。",
                next_en: "Make the request again with the software that made the key pair, and send it again.",
            },
            Self::Key(fault) => fault.explain(),
            Self::SignatureAlgorithm => Explanation {
                ja: "証明書署名要求の署名アルゴリズムは受け付けられません。".into(),
                en: "The certification request is signed with an algorithm that is not accepted.".into(),
                next_ja: "SHA-256 以上のハッシュ関数を使って証明書署名要求を作り直してください。",
                next_en: "Make the request again with SHA-256 or a stronger hash.",
            },
            Self::Signature => Explanation {
                ja: "証明書署名要求の署名が公開鍵と一致しません。秘密鍵の所持を確認できません。".into(),
                en: "The signature of the request does not fit its public key: possession of the private key is not proven."
                    .into(),
                next_ja: "公開鍵に対応する秘密鍵で証明書署名要求を作り直してください。",
                next_en: "Make the request again with the private key that belongs to the public key.",
            },
        }
    }
}
