//! Profiles: what a certificate may contain, declared in TOML and never coded per request (K2).
//!
//! ```text
//! TOML text ─ file (form, unknown keys) ─ check (meaning) ─→ Profile ─→ plan, lint
//! ```
//!
//! A [`Profile`] in hand is a profile that was checked: what it demands can be written into a certificate.
//! Settings that change with time ([`ValidityRule`]) carry the day from which they hold.

mod builtin;
mod check;
mod directory;
mod error;
mod file;
mod pattern;
mod rules;
mod validity;

pub use builtin::{BUILTIN, Builtin};
pub(crate) use check::unfit_usage;
pub(crate) use directory::NoName;
pub use directory::{DirectoryPart, DirectoryRule, OrderValue};
pub use error::ProfileError;
pub use pattern::{BadPattern, Pattern};
pub use rules::{
    AccessRule, AkiForm, BasicRule, Constraints, DirectoryBase, DnsRule, EmailRule, ExtensionKind, IpRule,
    Kind, ListRule, OtherNameRule, PolicyRule, RequestRule, SanRule, Source, StaticExtension, SubjectRule,
    Subtrees, UnknownExtensions, UriRule, UsageRule, ValueRule,
};
pub use validity::{AtIssuerEnd, Ends, ValidityRule};

use crate::certificate::{KeyUsage, PolicyConstraints};
use crate::issuer::Urls;
use crate::key::{KeyFault, KeyKind, SubjectKey};
use crate::name::Name;
use crate::oid::Oid;
use core_crypto::Digest;
use core_pack::KeyFamily;
use core_words::{ProfileId, UtcSeconds};

/// Most octets of a profile's text: the longest built-in one has under 4 KiB.
const MOST_TEXT: usize = 64 * 1024;

/// A checked profile.
#[derive(Clone, Debug)]
pub struct Profile {
    id: ProfileId,
    hash: [u8; 32],
    title_ja: String,
    title_en: String,
    pub(crate) kind: Kind,
    pub(crate) validity: Vec<ValidityRule>,
    pub(crate) families: Vec<KeyFamily>,
    pub(crate) rsa_bits: (u16, u16),
    pub(crate) request: RequestRule,
    pub(crate) subject: Vec<SubjectRule>,
    pub(crate) values: Vec<OrderValue>,
    pub(crate) san: Option<SanRule>,
    pub(crate) issuer_alt_name: Option<Name>,
    pub(crate) key_usage: UsageRule,
    pub(crate) ext_key_usage: Option<(Vec<Oid>, bool)>,
    pub(crate) basic: BasicRule,
    pub(crate) policies: Option<(Vec<PolicyRule>, bool)>,
    pub(crate) policy_mappings: Vec<(Oid, Oid)>,
    pub(crate) policy_constraints: Option<PolicyConstraints>,
    pub(crate) inhibit_any_policy: Option<u32>,
    pub(crate) name_constraints: Option<Constraints>,
    pub(crate) crl: ListRule,
    pub(crate) crl_directory: Option<DirectoryRule>,
    pub(crate) freshest: bool,
    pub(crate) access: AccessRule,
    pub(crate) key_id: bool,
    pub(crate) authority_key_id: AkiForm,
    pub(crate) ocsp_no_check: bool,
    pub(crate) other_extensions: Vec<StaticExtension>,
    /// Every extension that a certificate may have, in the order of their encoding.
    pub(crate) order: Vec<ExtensionKind>,
}

impl Profile {
    /// Reads and checks a profile; the digest gives its [`hash`](Self::hash).
    ///
    /// # Errors
    /// [`ProfileError`] names the line or the setting, and what is expected there. Unknown keys are errors.
    pub fn parse(text: &str, digest: &dyn Digest) -> Result<Self, ProfileError> {
        if text.len() > MOST_TEXT {
            return Err(ProfileError::TooLong { max: MOST_TEXT });
        }
        check::profile(file::read(text)?, digest.sha256(text.as_bytes()))
    }

    /// Its name.
    pub fn id(&self) -> &ProfileId {
        &self.id
    }

    /// SHA-256 of its text. Fixed at the start of an issuance and compared at its end.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// What kind of certificate it describes.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its title for people, in Japanese.
    pub fn title_ja(&self) -> &str {
        &self.title_ja
    }

    /// Its title for people, in English.
    pub fn title_en(&self) -> &str {
        &self.title_en
    }

    /// The attributes of the subject, in the order of their encoding. Desks build their forms from this.
    pub fn subject_rules(&self) -> &[SubjectRule] {
        &self.subject
    }

    /// Values that orders give besides the subject's attributes.
    pub fn order_values(&self) -> &[OrderValue] {
        &self.values
    }

    /// The rules for alternative names, if the profile has any.
    pub fn san_rule(&self) -> Option<&SanRule> {
        self.san.as_ref()
    }

    /// The validity rule in force at `now`: the one with the latest `from` that has come.
    pub fn validity_at(&self, now: UtcSeconds) -> &ValidityRule {
        validity::in_force(&self.validity, now)
    }

    /// Whether certificates name the list of a partition, so that an order needs one.
    pub fn needs_partition(&self) -> bool {
        self.crl == ListRule::Partitioned
    }

    /// The OCSP responder that certificates name: the profile's own, or the issuer's where the profile says so.
    pub(crate) fn ocsp_address<'a>(&'a self, urls: &'a Urls) -> Option<&'a str> {
        match &self.access.ocsp_uri {
            Some(uri) => Some(uri),
            None => urls.ocsp.as_deref().filter(|_| self.access.ocsp),
        }
    }

    /// Whether the key is strong, and of a kind and size that the profile allows.
    ///
    /// # Errors
    /// The first [`KeyFault`] found; kind and size before strength.
    pub fn check_key(&self, key: &SubjectKey<'_>) -> Result<KeyKind, KeyFault> {
        self.check_kind(key.kind)?;
        key.check()?;
        Ok(key.kind)
    }

    /// Whether the profile allows keys of this kind and size.
    ///
    /// # Errors
    /// [`KeyFault::NotAllowed`] or [`KeyFault::RsaSize`].
    pub fn check_kind(&self, kind: KeyKind) -> Result<(), KeyFault> {
        if !self.families.contains(&kind.family()) {
            return Err(KeyFault::NotAllowed(kind));
        }
        let (min, max) = self.rsa_bits;
        match kind {
            KeyKind::Rsa { bits } if !(min..=max).contains(&bits) => {
                Err(KeyFault::RsaSize { bits, min, max })
            }
            _ => Ok(()),
        }
    }

    /// The keyUsage of a certificate for a key of this family.
    pub fn key_usage(&self, family: KeyFamily) -> KeyUsage {
        match family {
            KeyFamily::Rsa => self.key_usage.all.with(self.key_usage.rsa),
            KeyFamily::P256 | KeyFamily::P384 => self.key_usage.all.with(self.key_usage.ec),
            _ => self.key_usage.all,
        }
    }
}
