//! Profile texts (`ca_profile`): every text that was ever in force, by its hash, so that each certificate
//! can be judged for ever by the rules it was made under (K2).

use super::broken;
use core_words::{ProfileId, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// A profile text as it was in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProfile {
    /// SHA-256 of the text.
    pub hash: [u8; 32],
    /// The name it had.
    pub id: ProfileId,
    /// The text, TOML.
    pub body: String,
    /// When it was first used here.
    pub seen: UtcMicros,
}

/// Keeps a profile text. A text that is kept already is left as it is.
pub fn remember_profile(
    tx: &mut Tx,
    hash: &[u8; 32],
    id: &ProfileId,
    body: &str,
    now: UtcMicros,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO ca_profile (hash, id, body, seen_us) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
        params![hash, id.as_str(), body, now],
    )?;
    Ok(())
}

/// The profile text with this hash.
pub fn profile_by_hash(tx: &mut Tx, hash: &[u8; 32]) -> Result<Option<StoredProfile>, StoreError> {
    tx.query_opt("SELECT hash, id, body, seen_us FROM ca_profile WHERE hash = $1", params![hash])?
        .as_ref()
        .map(parse)
        .transpose()
}

/// Every text a profile ever had, oldest first.
pub fn profiles_by_id(tx: &mut Tx, id: &ProfileId) -> Result<Vec<StoredProfile>, StoreError> {
    tx.query(
        "SELECT hash, id, body, seen_us FROM ca_profile WHERE id = $1 ORDER BY seen_us, hash",
        params![id.as_str()],
    )?
    .iter()
    .map(parse)
    .collect()
}

fn parse(row: &Row) -> Result<StoredProfile, StoreError> {
    let (hash, id): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
    Ok(StoredProfile {
        hash: hash
            .try_into()
            .map_err(|h: Vec<u8>| broken("ca_profile", "hash", &id, format!("{} octets", h.len())))?,
        id: ProfileId::new(&id).map_err(|e| broken("ca_profile", "id", &id, e.to_string()))?,
        body: row.get(2)?,
        seen: row.get(3)?,
    })
}
