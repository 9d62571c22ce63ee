//! Fifth deed: the certificate is durable and the feed moves; only now may anyone see it (K3).

use crate::{Ctx, acts};
use authority_journal::{
    codes::FeedKind,
    feed::{self, NewFeedEntry},
    orders::{self, NewIssue, StoredOrder},
};
use core_words::{Actor, CertRef, OperatorId, UtcMicros};
use kit_ledger::EntryId;
use kit_store::{StoreError, Tx};

/// A signed certificate on its way to publication.
pub(crate) struct Publication {
    pub(crate) id: i64,
    pub(crate) cert: CertRef,
    pub(crate) orderer: String,
    pub(crate) actor: Actor,
    pub(crate) operator: Option<OperatorId>,
    pub(crate) signature: Vec<u8>,
    /// SHA-256 of the certificate, for the ledger.
    pub(crate) der_sha256: [u8; 32],
    pub(crate) at: UtcMicros,
}

/// What became of a [`Publication`].
#[derive(Debug)]
pub(crate) enum Published {
    /// This signature is the certificate's.
    This,
    /// Somebody published first; theirs is the certificate, and this signature must never leave the house.
    Other(Box<StoredOrder>),
    /// The order was given up meanwhile; this signature must never leave the house.
    Abandoned,
}

/// Writes a group of publications. Answer `i` belongs to publication `i`.
pub(crate) fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    publications: &[Publication],
) -> Result<Vec<Published>, StoreError> {
    let Some(at) = publications.iter().map(|p| p.at).max() else { return Ok(Vec::new()) };
    let mut rows = Vec::with_capacity(publications.len());
    for publication in publications {
        rows.push(NewIssue {
            id: publication.id,
            signature: &publication.signature,
            at: publication.at,
            ledger_entry: kit_ledger::new_id(tx)?.0,
        });
    }
    let mut answers = Vec::with_capacity(publications.len());
    let mut entries = Vec::with_capacity(publications.len());
    let mut moves = Vec::with_capacity(publications.len());
    for ((publication, row), first) in publications.iter().zip(&rows).zip(orders::publish(tx, &rows)?) {
        if first {
            entries.push((EntryId(row.ledger_entry), acts::issued(publication)));
            moves.push(NewFeedEntry {
                kind: FeedKind::Issued,
                orderer: Some(&publication.orderer),
                order_id: Some(publication.id),
                authority: &publication.cert.authority,
                serial: Some(&publication.cert.serial),
                number: None,
                at: publication.at,
            });
            answers.push(Published::This);
        } else {
            let stored = orders::by_id(tx, publication.id)?.filter(|order| order.issued.is_some());
            answers.push(stored.map_or(Published::Abandoned, |order| Published::Other(Box::new(order))));
        }
    }
    feed::append(tx, &moves)?;
    let entries: Vec<_> = entries.iter().map(|(id, entry)| (*id, entry)).collect();
    kit_ledger::append_as(tx, &entries, at, &*ctx.provider, &*ctx.provider)?;
    Ok(answers)
}
