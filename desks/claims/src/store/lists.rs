//! Revocation lists as they were registered here (C6, C17).

use core_words::{AuthorityId, Serial, UtcMicros, UtcSeconds};
use kit_store::{StoreError, Tx, params};

/// A list that came from the authority.
pub(crate) struct Arrived<'a> {
    pub(crate) authority: &'a AuthorityId,
    pub(crate) number: i64,
    pub(crate) sha256: [u8; 32],
    pub(crate) this_update: UtcSeconds,
    pub(crate) next_update: UtcSeconds,
}

/// Registers a list; whether it is new.
pub(crate) fn register(tx: &mut Tx, list: &Arrived<'_>, now: UtcMicros) -> Result<bool, StoreError> {
    let new = tx.execute(
        "INSERT INTO claims_list (authority, number, sha256, this_update_s, next_update_s, registered_us) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        params![
            list.authority.as_str(),
            list.number,
            &list.sha256,
            list.this_update.0,
            list.next_update.0,
            now,
        ],
    )?;
    Ok(new == 1)
}

/// Cases of an authority that wait for a list to name their certificate, after `id` and at most `most`: short,
/// whatever the number of cases.
pub(crate) fn awaiting(
    tx: &mut Tx,
    authority: &AuthorityId,
    after: i64,
    most: i64,
) -> Result<Vec<(i64, Serial)>, StoreError> {
    let rows = tx.query(
        "SELECT id, serial FROM claims_case WHERE status = 7 AND authority = $1 AND id > $2 ORDER BY id LIMIT $3",
        params![authority.as_str(), after, most],
    )?;
    rows.iter()
        .map(|row| {
            let (id, serial): (i64, &[u8]) = (row.get(0)?, row.get(1)?);
            let corrupt = |_| StoreError::Corrupt(format!("claims_case {id}: serial"));
            Ok((id, Serial::from_magnitude(serial).map_err(corrupt)?))
        })
        .collect()
}
