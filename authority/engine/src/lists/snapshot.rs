//! What a list will say, taken from one snapshot of the database.
//!
//! Segments never change, so of them only the heads are read here and the bodies later, in small reads. The
//! tail does change; its entries are encoded at once and kept: in memory while they are few, else in an
//! unnamed file.

use super::{ListError, number::Numbered};
use authority_journal::{
    codes::RevocationState,
    feed,
    lists::{self, ListKind},
    segments::{self, Mark, SegmentHead},
};
use core_words::RevocationReason;
use core_x509::crl::{EntryPlan, Listed, push_entry};
use kit_store::{StoreError, Tx};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use tempfile::SpooledTempFile;

/// The tail is kept in memory up to this many octets, about 80,000 entries; packing keeps it far below.
const TAIL_IN_MEMORY: usize = 4 << 20;

/// What a list will say.
pub(super) struct Snapshot {
    /// Everything up to this place in the feed is covered.
    pub(super) feed_seq: i64,
    /// The segments, in list order. None for a delta list.
    pub(super) segments: Vec<SegmentHead>,
    /// The encoded entries that lie in no segment, from the beginning.
    pub(super) tail: SpooledTempFile,
    /// Entries in all.
    pub(super) entries: i64,
    /// Octets of entries in all.
    pub(super) octets: u64,
}

/// Reads it. `tx` shows one snapshot: a row that is packed meanwhile is either still in the tail or in a segment
/// here, never both and never neither (incident: one serial twice in a CRL).
pub(super) fn take(tx: &mut Tx, numbered: &Numbered) -> Result<Snapshot, ListError> {
    let scope = &numbered.list.scope;
    let feed_seq = feed::head(tx)?;
    let mut tail = Tail::new();
    let heads = match numbered.list.kind() {
        ListKind::Full => {
            segments::tail(tx, scope, |mark| tail.push(&mark))?;
            segments::heads(tx, scope, numbered.cut_off)?
        }
        ListKind::Delta => {
            lists::changes(tx, scope, numbered.since, |mark| tail.push(&mark))?;
            Vec::new()
        }
    };
    let packed = |of: fn(&SegmentHead) -> i64| heads.iter().map(of).sum::<i64>();
    let entries = tail.entries + packed(|head| head.entries);
    let octets = tail.octets + u64::try_from(packed(|head| head.octets)).unwrap_or_default();
    Ok(Snapshot { feed_seq, tail: tail.finish()?, segments: heads, entries, octets })
}

/// How a certificate in this state is listed. In a full list nothing released comes up.
fn listed(mark: &Mark) -> Listed {
    match mark.state {
        RevocationState::Revoked => Listed::Revoked(mark.reason),
        RevocationState::Held => Listed::Revoked(RevocationReason::CertificateHold),
        RevocationState::Released => Listed::RemovedFromList,
    }
}

/// Encodes one entry behind the others: in the tail and in segments alike.
pub(super) fn encode(out: &mut Vec<u8>, mark: &Mark) -> Result<(), StoreError> {
    // What was released is dated by its release; a hold or revocation by its own beginning.
    let since = if mark.state == RevocationState::Released { mark.changed } else { mark.revoked };
    let plan = EntryPlan {
        serial: &mark.serial,
        revoked: since.whole_seconds(),
        listed: listed(mark),
        invalidity: mark.invalidity,
    };
    push_entry(out, &plan).map_err(|e| StoreError::Corrupt(format!("ca_revocation of {}: {e}", mark.serial)))
}

struct Tail {
    out: BufWriter<SpooledTempFile>,
    entry: Vec<u8>,
    entries: i64,
    octets: u64,
}

impl Tail {
    fn new() -> Self {
        let out = BufWriter::new(SpooledTempFile::new(TAIL_IN_MEMORY));
        Self { out, entry: Vec::with_capacity(96), entries: 0, octets: 0 }
    }

    fn push(&mut self, mark: &Mark) -> Result<(), ListError> {
        self.entry.clear();
        encode(&mut self.entry, mark)?;
        self.out.write_all(&self.entry)?;
        self.entries += 1;
        self.octets += self.entry.len() as u64;
        Ok(())
    }

    fn finish(self) -> Result<SpooledTempFile, ListError> {
        let mut file = self.out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}
