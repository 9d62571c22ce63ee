//! Writing a list: its entries go by twice, from the database and a file, and none of them is kept.
//!
//! The first pass finds what is to be signed, the second writes the list ([`SignPass`], [`ListWriter`]). Between the two
//! the key signs. The store of files needs no more than to take octets in order, so it may as well be an object store.

use super::{
    ListError,
    number::{Issuer, Numbered},
    snapshot::Snapshot,
};
use crate::Ctx;
use authority_journal::{
    lists::{ListKind, ListName, Written},
    segments::{self, SegmentHead},
};
use core_x509::{
    certificate::Certificate,
    crl::{Covers, Idp, ListHead, ListPlan, ListWriter, PointName, SignPass, ToSign},
};
use kit_drill::point;
use kit_keys::{SignInput, Signer};
use kit_store::{Db, StoreError};
use std::{
    io::{Read, Seek, SeekFrom},
    sync::Arc,
};
use tokio::{runtime::Handle, task::JoinHandle};

/// Bodies are read from the database in batches of about this many octets, one ahead of the one in use.
const BATCH: i64 = 2 << 20;

/// Makes the file of a numbered list durable under its name. Blocks: for a thread of its own.
pub(super) fn write(
    ctx: &Ctx,
    runtime: &Handle,
    issuer: &Issuer,
    signer: &Arc<dyn Signer>,
    numbered: &Numbered,
    snapshot: Snapshot,
) -> Result<Written, ListError> {
    let head = ListHead::new(&plan(issuer, numbered)?, snapshot.octets)?;
    let (feed_seq, entries) = (snapshot.feed_seq, snapshot.entries);
    let mut content = Content { db: &ctx.db, runtime, snapshot };

    let mut first = SignPass::begin(&head, &*ctx.provider)?;
    content.pass(&mut |piece| Ok(first.push_encoded(piece)?))?;
    let signature = {
        let to_sign = first.finish()?;
        let input = match &to_sign {
            ToSign::Digest(hash) => SignInput::Digest(*hash),
            ToSign::Message(message) => SignInput::Message(message),
        };
        let refused = |source| ListError::Key { scope: numbered.list.scope.clone(), source };
        runtime.block_on(signer.sign(input)).map_err(refused)?
    };

    let blob = numbered.list.blob.as_deref().unwrap_or_default();
    let mut second = ListWriter::begin(ctx.blobs.writer(blob)?, &head, &signature, &*ctx.provider)?;
    content.pass(&mut |piece| Ok(second.push_encoded(piece)?))?;
    let written = second.finish()?;
    point("list.written");
    written.out.finish()?;
    point("list.renamed");
    // Far below the range: a list that long fits on no disk.
    let octets = i64::try_from(written.octets).unwrap_or(i64::MAX);
    Ok(Written { feed_seq, entries, octets, sha256: written.sha256 })
}

/// Everything in the list but its entries.
fn plan(issuer: &Issuer, numbered: &Numbered) -> Result<ListPlan, ListError> {
    let (authority, generation, list) = (&issuer.authority, &issuer.generation, &numbered.list);
    let own = Certificate::parse(&generation.certificate).map_err(|e| {
        StoreError::Corrupt(format!(
            "ca_generation.certificate of {}/{}: {e}",
            authority.id, generation.generation
        ))
    })?;
    let base = authority.base_url.trim_end_matches('/');
    let url = |kind| ListName::of(&list.scope, kind).url(base, &authority.id);
    // Only the lists of partitions say what they cover: the list of all is the one without such an extension.
    let idp = (list.scope.partition > 0)
        .then(|| Idp { names: vec![PointName::Uri(url(ListKind::Full))], covers: Covers::All });
    let deltas = authority.schedule.delta_every_s > 0 && list.scope.partition == 0;
    let freshest = (deltas && list.kind() == ListKind::Full).then(|| url(ListKind::Delta));
    Ok(ListPlan {
        issuer_name_der: own.tbs.subject.der().to_vec(),
        sig_alg: generation.sig_alg,
        this_update: list.this_update.whole_seconds(),
        next_update: list.next_update.whole_seconds(),
        number: number(list.number),
        base: list.base.map(number),
        idp,
        aki: generation.key_identifier.clone(),
        freshest,
    })
}

/// Numbers begin at 1, so nothing is lost here.
fn number(stored: i64) -> u128 {
    u128::try_from(stored).unwrap_or_default()
}

/// The entries of a list, which can be gone through more than once and are the same each time.
struct Content<'a> {
    db: &'a Db,
    runtime: &'a Handle,
    snapshot: Snapshot,
}

impl Content<'_> {
    /// Hands `take` all entries in list order, in pieces of a few hundred kilobytes.
    fn pass(&mut self, take: &mut dyn FnMut(&[u8]) -> Result<(), ListError>) -> Result<(), ListError> {
        let mut batches = batches(&self.snapshot.segments).peekable();
        let mut ahead = batches.next().map(|batch| (batch, self.fetch(batch)));
        while let Some((batch, fetched)) = ahead.take() {
            let bodies = self.runtime.block_on(fetched).map_err(|_| StoreError::Closed)??;
            ahead = batches.next().map(|batch| (batch, self.fetch(batch)));
            for (head, body) in batch.iter().zip(bodies) {
                if i64::try_from(body.len()) != Ok(head.octets) {
                    return Err(ListError::Segment { id: head.id, expected: head.octets, found: body.len() });
                }
                take(&body)?;
            }
        }
        let mut piece = vec![0; 64 * 1024];
        self.snapshot.tail.seek(SeekFrom::Start(0))?;
        loop {
            match self.snapshot.tail.read(&mut piece)? {
                0 => return Ok(()),
                count => take(&piece[..count])?,
            }
        }
    }

    /// Begins to read the bodies of a batch.
    fn fetch(&self, batch: &[SegmentHead]) -> JoinHandle<Result<Vec<Vec<u8>>, StoreError>> {
        let ids: Vec<i64> = batch.iter().map(|head| head.id).collect();
        self.runtime.spawn(self.db.read(move |tx| {
            ids.iter().map(|id| segments::body(tx, *id).map(Option::unwrap_or_default)).collect()
        }))
    }
}

/// Cuts the segments into runs of about [`BATCH`] octets, at least one segment each.
fn batches(mut heads: &[SegmentHead]) -> impl Iterator<Item = &[SegmentHead]> {
    std::iter::from_fn(move || {
        let mut octets = 0;
        let full = |head: &SegmentHead| {
            octets += head.octets;
            octets >= BATCH
        };
        let count = heads.iter().position(full).map_or(heads.len(), |last| last + 1);
        let (batch, rest) = heads.split_at(count);
        heads = rest;
        (!batch.is_empty()).then_some(batch)
    })
}
