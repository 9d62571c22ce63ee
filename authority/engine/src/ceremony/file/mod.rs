//! The ceremony file: what is to be made, declared in TOML (K1).
//!
//! [`CeremonyFile::parse`] reads a text or names every problem in it with its line and field; a value of
//! that type has passed every check that needs the text alone. What needs the profiles and the journal
//! (does the profile allow this key? does this parent exist?) is asked by [`plan`](super::plan).
//!
//! ```toml
//! version = 1
//!
//! [installation]
//! name = "pki.example.jp/warifu"      # origin of the ledger's checkpoints
//! base_url = "http://pki.example.jp"  # stands in every certificate: it cannot be changed later
//! operator = "federation"
//!
//! [[participant]]
//! name = "山田 花子"
//! role = "witness"                    # master, operator or witness
//!
//! [[authority]]
//! id = "claims-root"
//! kind = "root"
//! key = "p-384"
//! profile = "root-ca"
//! subject = ["C=JP", "O=Example Federation", "CN=Example Claims Root"]
//! valid = "20 years"                  # else as long as the profile says
//!
//! [[authority]]
//! id = "claims-ca"
//! kind = "issuing"
//! parent = "claims-root"
//! key = "p-256"
//! profile = "issuing-ca"
//! subject = ["C=JP", "O=Example Federation", "CN=Example Claims CA"]
//! profiles = ["claims-provider", "claims-agent"]
//! partitions = 16
//! lists = { full_every = "1 day", full_life = "4 days", delta_every = "1 hour", delta_life = "6 hours" }
//!
//! [[signer]]
//! authority = "claims-ca"
//! name = "ocsp-1"
//! kind = "ocsp"
//! key = "p-256"
//! profile = "ocsp-signer"
//! subject = ["C=JP", "O=Example Federation", "CN=Example OCSP 1"]
//! ```

mod check;
mod problem;
mod raw;
mod units;

pub use problem::{Problem, What};

use authority_journal::{authorities::ListSchedule, codes::AuthorityKind};
use core_crypto::{Digest, KeyAlg};
use core_words::{AuthorityId, OperatorId, ProfileId};
use core_x509::time::Period;

/// Larger files are refused: a ceremony is read by people, and 200 authorities fit ten times over.
pub const MAX_OCTETS: usize = 1 << 20;
/// More authorities or signers in one file are refused.
pub const MAX_ENTRIES: usize = 200;

/// A ceremony file that passed every check of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyFile {
    /// SHA-256 of the octets of the file: what `sha256sum` prints. Names the ceremony.
    pub hash: [u8; 32],
    /// The installation.
    pub installation: Installation,
    /// Who is present.
    pub participants: Vec<Participant>,
    /// Every authority, parents before their children.
    pub authorities: Vec<AuthoritySection>,
    /// Keys that sign answers and time-stamps in the name of an authority.
    pub signers: Vec<SignerSection>,
}

/// What all authorities of an installation share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Its name: the origin of the ledger's checkpoints.
    pub name: String,
    /// What the URLs in its certificates begin with, without a slash at the end.
    pub base_url: String,
    /// The organisation its authorities belong to where they do not say otherwise.
    pub operator: OperatorId,
}

/// Somebody present at a ceremony. Stands in the record, never in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Participant {
    /// The name as it is to stand in the record.
    pub name: String,
    /// What they do there.
    pub role: Role,
}

/// What somebody does at a ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Leads (鍵生成式 司会).
    Master,
    /// Works the machine (操作者).
    Operator,
    /// Watches and attests (立会人).
    Witness,
}

/// One `[[authority]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthoritySection {
    /// Its name.
    pub id: AuthorityId,
    /// Root or issuing.
    pub kind: AuthorityKind,
    /// Who certifies it; `None` for a root. Stands in this file or is of this installation already.
    pub parent: Option<AuthorityId>,
    /// The organisation it belongs to.
    pub operator: OperatorId,
    /// The kind of its key.
    pub key: KeyAlg,
    /// The profile of its own certificate.
    pub profile: ProfileId,
    /// Its name in certificates: attribute short names and values, in order.
    pub subject: Vec<(String, String)>,
    /// How long its certificate is valid; `None` for what the profile says.
    pub valid: Option<Period>,
    /// The profiles under which subscribers may order.
    pub profiles: Vec<ProfileId>,
    /// Partitions of its lists beside the list of all; 0 for none.
    pub partitions: u16,
    /// When its lists are made.
    pub lists: ListSchedule,
    /// The line on which it begins.
    pub line: usize,
}

/// One `[[signer]]`: a key certified by an authority for one duty of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerSection {
    /// Who certifies it.
    pub authority: AuthorityId,
    /// Its name, unique within the authority.
    pub name: AuthorityId,
    /// What it signs.
    pub kind: SignerKind,
    /// The kind of its key.
    pub key: KeyAlg,
    /// The profile of its certificate.
    pub profile: ProfileId,
    /// Its name in the certificate.
    pub subject: Vec<(String, String)>,
    /// How long its certificate is valid; `None` for what the profile says.
    pub valid: Option<Period>,
    /// The line on which it begins.
    pub line: usize,
}

/// What a signer signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignerKind {
    /// OCSP responses (RFC 6960 §4.2.2.2).
    Ocsp,
    /// Time-stamp tokens (RFC 3161).
    Tsa,
}

impl SignerKind {
    /// The name in ceremony files and the purpose of the key.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ocsp => "ocsp",
            Self::Tsa => "tsa",
        }
    }
}

impl CeremonyFile {
    /// Reads a ceremony file.
    ///
    /// # Errors
    /// Every problem found, in the order of the lines. A text that is no TOML, or has a key that is not
    /// known, is one problem: nothing behind it can be judged.
    pub fn parse(text: &str, digest: &dyn Digest) -> Result<Self, Vec<Problem>> {
        if text.len() > MAX_OCTETS {
            return Err(vec![Problem { line: None, field: String::new(), what: What::FileTooLarge }]);
        }
        let raw = raw::read(text)?;
        check::check(raw, text, digest.sha256(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests;
