//! Appending: one row per entry, in the transaction of the act itself (K8).

use crate::{
    entry::{Entry, EntryId, MAX_DETAILS, SALT, commitment},
    lookup,
};
use core_crypto::{Dice, Digest};
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params, row};

/// Appends one act. It enters the log when `tx` commits, and not at all when `tx` does not.
///
/// # Errors
/// Those of the store; also when the body would exceed [`MAX_BODY`](crate::MAX_BODY) or the details
/// [`MAX_DETAILS`]: nothing is cut off silently, the act then does not take place.
pub fn append(
    tx: &mut Tx,
    entry: &Entry,
    now: UtcMicros,
    dice: &dyn Dice,
    digest: &dyn Digest,
) -> Result<EntryId, StoreError> {
    let ids = append_many(tx, std::slice::from_ref(entry), now, dice, digest)?;
    Ok(ids[0])
}

/// Appends several acts at once; result `i` is the id of entry `i`. The verb of the hot path: one batch
/// insert, others only when some entry has details or is listed. The cost does not depend on the size of the log.
///
/// # Errors
/// As [`append`].
pub fn append_many(
    tx: &mut Tx,
    entries: &[Entry],
    now: UtcMicros,
    dice: &dyn Dice,
    digest: &dyn Digest,
) -> Result<Vec<EntryId>, StoreError> {
    let named =
        entries.iter().map(|entry| Ok((new_id(tx)?, entry))).collect::<Result<Vec<_>, StoreError>>()?;
    append_as(tx, &named, now, dice, digest)?;
    Ok(named.into_iter().map(|(id, _)| id).collect())
}

/// An id for an entry that will be appended in this transaction: for whoever stores it beside the effect.
///
/// # Errors
/// Those of the store.
pub fn new_id(tx: &mut Tx) -> Result<EntryId, StoreError> {
    tx.next_id().map(EntryId)
}

/// As [`append_many`], under ids taken before by [`new_id`].
///
/// # Errors
/// As [`append`].
pub fn append_as(
    tx: &mut Tx,
    entries: &[(EntryId, &Entry)],
    now: UtcMicros,
    dice: &dyn Dice,
    digest: &dyn Digest,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(entries.len());
    let (mut erasable, mut listed) = (Vec::new(), Vec::new());
    for (EntryId(id), entry) in entries {
        let id = *id;
        let committed = match &entry.details {
            None => None,
            Some(details) if details.len() > MAX_DETAILS => {
                return Err(unfit(entry, format!("the details have {} octets", details.len())));
            }
            Some(details) => {
                let mut salt = [0; SALT];
                dice.fill(&mut salt);
                erasable.push(row![id, salt, details]);
                Some(commitment(digest, &salt, details))
            }
        };
        let body = entry.body(now, committed.as_ref()).map_err(|e| unfit(entry, e.to_string()))?;
        rows.push(row![id, now, body]);
        listed.extend(lookup::row_of(id, entry, now));
    }
    if rows.is_empty() {
        return Ok(());
    }
    tx.insert_many("INSERT INTO ledger_entry (id, at_us, body) VALUES ($1, $2, $3)", &rows)?;
    if !erasable.is_empty() {
        tx.insert_many(
            "INSERT INTO ledger_details (entry_id, salt, details) VALUES ($1, $2, $3)",
            &erasable,
        )?;
    }
    if !listed.is_empty() {
        tx.insert_many(lookup::INSERT, &listed)?;
    }
    Ok(())
}

/// Erases the details of an entry and their salt, for good. The entry, its commitment and every proof stay.
/// Returns whether there were any.
///
/// The erasure is itself an act that matters; the caller appends it.
///
/// # Errors
/// Those of the store.
pub fn erase_details(tx: &mut Tx, id: EntryId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM ledger_details WHERE entry_id = $1", params![id.0])? > 0)
}

fn unfit(entry: &Entry, why: String) -> StoreError {
    StoreError::Constraint(format!("ledger_entry of kind {}: {why}", entry.kind))
}
