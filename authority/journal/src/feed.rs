//! The feed: what happened, in one order for everybody who must know.
//!
//! Entries are appended in the transaction of the deed; the sequencer numbers them after the commit. A
//! cursor runs over `seq` alone, never over an id or a time.

use crate::codes::{FeedKind, feed_kind_code, feed_kind_from_code};
pub use core_words::FeedEntry;
use core_words::{AuthorityId, CertRef, Serial, UtcMicros};
use kit_store::{StoreError, Tx, params};

/// An entry about to be appended.
#[derive(Clone, Debug)]
pub struct NewFeedEntry<'a> {
    /// What happened.
    pub kind: FeedKind,
    /// Whose order it was, where there was one.
    pub orderer: Option<&'a str>,
    /// The order.
    pub order_id: Option<i64>,
    /// At which authority.
    pub authority: &'a AuthorityId,
    /// To which certificate.
    pub serial: Option<&'a Serial>,
    /// The number of a published list.
    pub number: Option<i64>,
    /// When.
    pub at: UtcMicros,
}

/// Appends entries.
pub fn append(tx: &mut Tx, entries: &[NewFeedEntry<'_>]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(entries.len());
    for e in entries {
        rows.push(kit_store::row![
            tx.next_id()?,
            feed_kind_code(e.kind),
            e.orderer,
            e.order_id,
            e.authority.as_str(),
            e.serial.map(|s| s.octets()),
            e.number,
            e.at,
        ]);
    }
    tx.insert_many(
        "INSERT INTO ca_feed (id, kind, orderer, order_id, authority, serial, number, at_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &rows,
    )?;
    Ok(())
}

/// Entries after `cursor`, in order, at most `limit`: those that have a number, each with the key of its order.
pub fn read(tx: &mut Tx, cursor: i64, limit: i64) -> Result<Vec<FeedEntry>, StoreError> {
    let rows = tx.query(
        "SELECT f.seq, f.kind, f.orderer, f.order_id, f.authority, f.serial, f.number, f.at_us, o.idempotency_key \
         FROM ca_feed f LEFT JOIN ca_order o ON o.id = f.order_id \
         WHERE f.seq > $1 ORDER BY f.seq LIMIT $2",
        params![cursor, limit],
    )?;
    rows.iter()
        .map(|row| {
            let corrupt = |e: &dyn std::fmt::Display| StoreError::Corrupt(format!("ca_feed: {e}"));
            let authority = AuthorityId::new(row.get(4)?).map_err(|e| corrupt(&e))?;
            let serial: Option<&[u8]> = row.get(5)?;
            let serial = serial.map(Serial::from_magnitude).transpose().map_err(|e| corrupt(&e))?;
            Ok(FeedEntry {
                seq: row.get(0)?,
                kind: feed_kind_from_code(row.get(1)?).map_err(|e| corrupt(&e))?,
                orderer: row.get(2)?,
                order_key: row.get(8)?,
                order_id: row.get(3)?,
                cert: serial.map(|serial| CertRef { authority: authority.clone(), serial }),
                authority,
                number: row.get(6)?,
                at: row.get(7)?,
            })
        })
        .collect()
}

/// The number of the last entry; 0 for none. What a list covers is everything up to here.
pub fn head(tx: &mut Tx) -> Result<i64, StoreError> {
    let row =
        tx.query_opt("SELECT seq FROM ca_feed WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1", params![])?;
    row.map_or(Ok(0), |row| row.get(0))
}
