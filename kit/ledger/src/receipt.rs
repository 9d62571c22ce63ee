//! Proofs that leave the house: an entry is in the log (receipt), the log has only grown (growth).
//!
//! Both are values that serde writes as JSON, both are checked without a database, and both need nothing but
//! the ledger's public key. A receipt can also be written as a C2SP tlog-proof, which other tools read.

use crate::{
    BadCheckpoint, BadKey, Body, Checkpoint, EntryId, LedgerError, VerifierKey,
    entry::{BadBody, MAX_BODY},
    layout::plain_number,
    merkle::{
        BadProof, Hash, MAX_PROOF, leaf_hash, prove_consistency, prove_inclusion, verify_consistency,
        verify_inclusion,
    },
    note::MAX_NOTE,
    query::{self, StoredEntry},
    tiles::TableNodes,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use core_crypto::{Digest, Verify};
use kit_store::Tx;
use serde::{Deserialize, Serialize};

/// The first line of a C2SP tlog-proof.
const TLOG_PROOF: &str = "c2sp.org/tlog-proof@v1";

/// The proof that an entry is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The version of this form: 1.
    pub version: u32,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// The entry's octets, base64.
    pub entry: String,
    /// The inclusion proof, sibling of the leaf first, each hash base64 (RFC 6962 §2.1.1).
    pub proof: Vec<String>,
    /// The checkpoint that covers the entry, a C2SP signed note.
    pub checkpoint: String,
}

/// The proof that a newer tree contains an older one unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// The version of this form: 1.
    pub version: u32,
    /// The older checkpoint, a C2SP signed note.
    pub old: String,
    /// The newer one.
    pub new: String,
    /// The consistency proof, each hash base64 (RFC 6962 §2.1.2).
    pub proof: Vec<String>,
}

/// What a receipt proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// What the entry says.
    pub body: Body,
    /// Its place in the log.
    pub index: u64,
    /// The signed tree head that covers it.
    pub checkpoint: Checkpoint,
}

/// Why a receipt or a growth proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadReceipt {
    /// Not in the form of one.
    #[error("it is not a receipt of this ledger's form: {0}")]
    Form(&'static str),
    /// Made by a later release.
    #[error("it has version {0}, which this release does not know")]
    Version(u32),
    /// The checkpoint is not signed by the expected key, or is none.
    #[error("its checkpoint: {0}")]
    Checkpoint(#[from] BadCheckpoint),
    /// The expected key is none.
    #[error("the key: {0}")]
    Key(#[from] BadKey),
    /// The two checkpoints are of different logs.
    #[error("its checkpoints are of different logs")]
    Origins,
    /// The hashes do not lead from the entry to the root.
    #[error("the hashes do not lead to the signed root")]
    Proof(#[from] BadProof),
    /// The entry is in the log and is not what the ledger writes.
    #[error("{0}")]
    Body(#[from] BadBody),
}

/// How an entry is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find {
    /// By its number in the database, as [`append`](crate::append) returned it.
    Id(EntryId),
    /// By its place in the log.
    Index(u64),
}

/// Proves that an entry is in the log, under the newest checkpoint.
///
/// # Errors
/// [`LedgerError::NoSuchEntry`]; [`LedgerError::NotYet`] within the first second or so; those of the store.
pub fn prove(tx: &mut Tx, digest: &dyn Digest, find: Find) -> Result<Receipt, LedgerError> {
    let found = match find {
        Find::Id(id) => query::entry(tx, id)?,
        Find::Index(index) => query::entry_at(tx, index)?,
    };
    let StoredEntry { index, octets, .. } = found.ok_or(LedgerError::NoSuchEntry)?;
    let checkpoint = query::latest_checkpoint(tx)?.ok_or(LedgerError::NotYet)?;
    let index = index.filter(|index| *index < checkpoint.size).ok_or(LedgerError::NotYet)?;
    let proof = prove_inclusion(digest, &mut TableNodes::new(tx, digest), index, checkpoint.size)?;
    Ok(Receipt {
        version: 1,
        index,
        entry: BASE64.encode(octets),
        proof: proof.iter().map(|hash| BASE64.encode(hash)).collect(),
        checkpoint: checkpoint.note,
    })
}

/// Proves that the tree of the signed size `new` contains that of the signed size `old`.
///
/// # Errors
/// [`LedgerError::NoCheckpoint`] when no such checkpoint was signed, or `old` is the greater; those of the store.
pub fn prove_growth(tx: &mut Tx, digest: &dyn Digest, old: u64, new: u64) -> Result<Growth, LedgerError> {
    if old > new {
        return Err(LedgerError::NoCheckpoint(old));
    }
    let from = query::checkpoint_at(tx, old)?.ok_or(LedgerError::NoCheckpoint(old))?;
    let to = query::checkpoint_at(tx, new)?.ok_or(LedgerError::NoCheckpoint(new))?;
    let proof = prove_consistency(digest, &mut TableNodes::new(tx, digest), old, new)?;
    let proof = proof.iter().map(|hash| BASE64.encode(hash)).collect();
    Ok(Growth { version: 1, old: from.note, new: to.note, proof })
}

impl Receipt {
    /// Checks the receipt against the ledger's public key, and says what it proves.
    ///
    /// # Errors
    /// Every [`BadReceipt`].
    pub fn verify(
        &self,
        key: &VerifierKey,
        digest: &dyn Digest,
        verify: &dyn Verify,
    ) -> Result<Proved, BadReceipt> {
        if self.version != 1 {
            return Err(BadReceipt::Version(self.version));
        }
        let entry = decode(&self.entry, MAX_BODY)?;
        let proof = hashes(&self.proof)?;
        let checkpoint = Checkpoint::open(self.checkpoint.as_bytes(), key, verify)?;
        verify_inclusion(
            digest,
            &leaf_hash(digest, &entry),
            self.index,
            checkpoint.size,
            &proof,
            &checkpoint.root,
        )?;
        Ok(Proved { body: Body::decode(&entry)?, index: self.index, checkpoint })
    }

    /// The receipt as a C2SP tlog-proof; the entry stands in its line `extra`.
    pub fn to_tlog_proof(&self) -> String {
        let mut text = format!("{TLOG_PROOF}\nextra {}\nindex {}\n", self.entry, self.index);
        for hash in &self.proof {
            text.push_str(hash);
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a C2SP tlog-proof whose line `extra` holds the entry.
    ///
    /// # Errors
    /// [`BadReceipt::Form`]. What was read is not checked yet: see [`verify`](Self::verify).
    pub fn from_tlog_proof(text: &str) -> Result<Self, BadReceipt> {
        if text.len() > MAX_NOTE + 4 * MAX_BODY {
            return Err(BadReceipt::Form("it is too long"));
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(BadReceipt::Form("no empty line"))?;
        let mut lines = head.split('\n');
        let mut field = |name: &'static str| {
            lines.next().and_then(|l| l.strip_prefix(name)).ok_or(BadReceipt::Form(name))
        };
        if !field(TLOG_PROOF)?.is_empty() {
            return Err(BadReceipt::Form(TLOG_PROOF));
        }
        let entry = field("extra ")?.to_owned();
        let index = plain_number(field("index ")?).ok_or(BadReceipt::Form("index"))?;
        let proof = lines.map(str::to_owned).collect();
        Ok(Self { version: 1, index, entry, proof, checkpoint: checkpoint.to_owned() })
    }
}

impl Growth {
    /// Checks the proof against the ledger's public key; the two tree heads, older first.
    ///
    /// # Errors
    /// Every [`BadReceipt`].
    pub fn verify(
        &self,
        key: &VerifierKey,
        digest: &dyn Digest,
        verify: &dyn Verify,
    ) -> Result<(Checkpoint, Checkpoint), BadReceipt> {
        if self.version != 1 {
            return Err(BadReceipt::Version(self.version));
        }
        let proof = hashes(&self.proof)?;
        let old = Checkpoint::open(self.old.as_bytes(), key, verify)?;
        let new = Checkpoint::open(self.new.as_bytes(), key, verify)?;
        if old.origin != new.origin {
            return Err(BadReceipt::Origins);
        }
        verify_consistency(digest, old.size, new.size, &proof, &old.root, &new.root)?;
        Ok((old, new))
    }
}

fn decode(text: &str, limit: usize) -> Result<Vec<u8>, BadReceipt> {
    if text.len() > limit.div_ceil(3) * 4 {
        return Err(BadReceipt::Form("a value is too long"));
    }
    BASE64.decode(text).map_err(|_| BadReceipt::Form("a value is not base64"))
}

fn hashes(texts: &[String]) -> Result<Vec<Hash>, BadReceipt> {
    if texts.len() > MAX_PROOF {
        return Err(BadReceipt::Form("the proof is too long"));
    }
    let hash =
        |text: &String| decode(text, 32)?.try_into().map_err(|_| BadReceipt::Form("a hash is not 32 octets"));
    texts.iter().map(hash).collect()
}
