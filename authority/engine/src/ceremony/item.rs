//! What one entry of a ceremony file makes: a key and the certificate for it.

use super::file::{AuthoritySection, CeremonyFile, Installation, SignerKind, SignerSection};
use authority_journal::{
    authorities::Authority,
    codes::{AuthorityKind, AuthorityState},
};
use core_crypto::KeyAlg;
use core_words::{AuthorityId, OperatorId, ProfileId, UtcMicros};
use core_x509::{profile::Kind, time::Period};

/// One entry.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Authority(AuthoritySection),
    Signer(SignerSection),
}

/// The first generation of every authority.
pub(super) const FIRST: u16 = 1;

impl Item {
    /// Every entry, in the order of making: who certifies comes before who is certified.
    pub(super) fn all(file: &CeremonyFile) -> Vec<Self> {
        let authorities = file.authorities.iter().cloned().map(Self::Authority);
        authorities.chain(file.signers.iter().cloned().map(Self::Signer)).collect()
    }

    /// Under what the journal finds it again.
    pub(super) fn order_key(&self) -> String {
        match self {
            Self::Authority(a) => authority_key(&a.id, FIRST),
            Self::Signer(s) => format!("signer:{}:{}", s.authority, s.name),
        }
    }

    /// How records and messages name it: `claims-root/1`, `claims-ca/ocsp-1`.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Authority(a) => format!("{}/{FIRST}", a.id),
            Self::Signer(s) => format!("{}/{}", s.authority, s.name),
        }
    }

    /// What the key is for, as the sealed store keeps it: at most 60 characters.
    pub(super) fn purpose(&self) -> String {
        match self {
            Self::Authority(a) => authority_purpose(&a.id, FIRST),
            Self::Signer(s) => format!("{} for {}", s.kind.name(), s.authority),
        }
    }

    /// What it is, in records.
    pub(super) fn kind_word(&self) -> &'static str {
        match self {
            Self::Authority(a) => authority_word(a.kind),
            Self::Signer(s) => s.kind.name(),
        }
    }

    /// Who signs its certificate: a root itself.
    pub(super) fn issuer(&self) -> &AuthorityId {
        match self {
            Self::Authority(a) => a.parent.as_ref().unwrap_or(&a.id),
            Self::Signer(s) => &s.authority,
        }
    }

    /// Whether it signs its own certificate.
    pub(super) fn is_root(&self) -> bool {
        matches!(self, Self::Authority(a) if a.kind == AuthorityKind::Root)
    }

    /// The profile of its certificate.
    pub(super) fn profile(&self) -> &ProfileId {
        match self {
            Self::Authority(a) => &a.profile,
            Self::Signer(s) => &s.profile,
        }
    }

    /// The kind that profile must be of, and its name.
    pub(super) fn profile_kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Authority(a) if a.kind == AuthorityKind::Root => (Kind::Root, "root"),
            Self::Authority(_) => (Kind::Ca, "ca"),
            Self::Signer(s) => match s.kind {
                SignerKind::Ocsp => (Kind::OcspSigner, "ocsp-signer"),
                SignerKind::Tsa => (Kind::TimestampSigner, "timestamp-signer"),
            },
        }
    }

    /// The kind of its key.
    pub(super) fn key(&self) -> KeyAlg {
        match self {
            Self::Authority(a) => a.key,
            Self::Signer(s) => s.key,
        }
    }

    /// Its name in certificates.
    pub(super) fn subject(&self) -> &[(String, String)] {
        match self {
            Self::Authority(a) => &a.subject,
            Self::Signer(s) => &s.subject,
        }
    }

    /// How long its certificate is valid.
    pub(super) fn valid(&self) -> Option<Period> {
        match self {
            Self::Authority(a) => a.valid,
            Self::Signer(s) => s.valid,
        }
    }

    /// The line on which it begins.
    pub(super) fn line(&self) -> usize {
        match self {
            Self::Authority(a) => a.line,
            Self::Signer(s) => s.line,
        }
    }
}

/// Under what the journal finds the own certificate of a generation.
pub(super) fn authority_key(id: &AuthorityId, generation: u16) -> String {
    format!("ca:{id}:{generation}")
}

/// What the key of a generation is for.
pub(super) fn authority_purpose(id: &AuthorityId, generation: u16) -> String {
    format!("ca {id}/{generation}")
}

/// What an authority is, in records.
pub(super) fn authority_word(kind: AuthorityKind) -> &'static str {
    match kind {
        AuthorityKind::Root => "root",
        AuthorityKind::Issuing => "issuing",
    }
}

/// The row of an authority that a file declares.
pub(super) fn row(section: &AuthoritySection, installation: &Installation, now: UtcMicros) -> Authority {
    Authority {
        id: section.id.clone(),
        operator: section.operator.clone(),
        kind: section.kind,
        parent: section.parent.clone(),
        state: AuthorityState::Active,
        active_generation: FIRST,
        partitions: section.partitions,
        base_url: installation.base_url.clone(),
        profiles: section.profiles.clone(),
        schedule: section.lists,
        created: now,
    }
}

/// The organisation in whose name an entry is made: a signer's is that of its authority in the file.
pub(super) fn operator_of(item: &Item, file: &CeremonyFile) -> OperatorId {
    let of = |id: &AuthorityId| file.authorities.iter().find(|a| a.id == *id).map(|a| a.operator.clone());
    match item {
        Item::Authority(a) => a.operator.clone(),
        Item::Signer(s) => of(&s.authority).unwrap_or_else(|| file.installation.operator.clone()),
    }
}
