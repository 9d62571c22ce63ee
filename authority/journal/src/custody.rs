//! Kept keys of subscribers (`ca_custody`): made once for an idempotency key, erased once (K16).
//!
//! The private key lies here sealed and nowhere else. Erasing overwrites it with zeros of the same length before
//! the column becomes NULL: SQLite then overwrites the octets where they lie in the file.

use crate::codes::{key_alg_code, key_alg_from_code};
use core_crypto::KeyAlg;
use core_words::{OperatorId, ProfileId, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// A kept key.
#[derive(Clone, PartialEq, Eq)]
pub struct Custody {
    /// Its id; the private key is sealed together with it.
    pub id: i64,
    /// Who asked for it.
    pub orderer: String,
    /// Their idempotency key.
    pub key: String,
    /// On whose behalf.
    pub operator: OperatorId,
    /// The profile that its certificate is to be ordered under.
    pub profile: ProfileId,
    /// What kind of key.
    pub alg: KeyAlg,
    /// The public key, DER SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// What is gone once the key is erased.
    pub kept: Option<Kept>,
    /// When it is erased at the latest.
    pub until: UtcMicros,
    /// When it was made.
    pub created: UtcMicros,
}

/// What is kept of a key until it is erased.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// A PKCS#10 request signed with it, DER.
    pub request: Vec<u8>,
}

impl std::fmt::Debug for Custody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Custody")
            .field("id", &self.id)
            .field("kept", &self.kept.is_some())
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str =
    "id, orderer, idempotency_key, operator, profile, alg, spki, request, sealed, until_us, created_us";

/// Records a new key. False when its orderer used the idempotency key before; nothing is then written.
pub fn insert(tx: &mut Tx, custody: &Custody) -> Result<bool, StoreError> {
    let kept = custody.kept.as_ref();
    let written = tx.execute(
        &format!(
            "INSERT INTO ca_custody ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (orderer, idempotency_key) DO NOTHING"
        ),
        params![
            custody.id,
            custody.orderer.as_str(),
            custody.key.as_str(),
            custody.operator.as_str(),
            custody.profile.as_str(),
            key_alg_code(custody.alg),
            custody.spki.as_slice(),
            kept.map(|k| k.request.as_slice()),
            kept.map(|k| k.sealed.as_slice()),
            custody.until,
            custody.created,
        ],
    )?;
    Ok(written == 1)
}

/// The key with this id.
pub fn get(tx: &mut Tx, id: i64) -> Result<Option<Custody>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_custody WHERE id = $1");
    tx.query_opt(&sql, params![id])?.as_ref().map(parse).transpose()
}

/// The key that `orderer` asked for under `key`.
pub fn by_key(tx: &mut Tx, orderer: &str, key: &str) -> Result<Option<Custody>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_custody WHERE orderer = $1 AND idempotency_key = $2");
    tx.query_opt(&sql, params![orderer, key])?.as_ref().map(parse).transpose()
}

/// Erases a key. False when it was erased before; nothing is then written.
pub fn erase(tx: &mut Tx, id: i64, now: UtcMicros) -> Result<bool, StoreError> {
    let Some(kept) = get(tx, id)?.and_then(|custody| custody.kept) else { return Ok(false) };
    let (sealed, request) = (vec![0; kept.sealed.len()], vec![0; kept.request.len()]);
    let overwritten = tx.execute(
        "UPDATE ca_custody SET sealed = $2, request = $3 WHERE id = $1 AND sealed IS NOT NULL",
        params![id, sealed, request],
    )?;
    let erased = tx.execute(
        "UPDATE ca_custody SET sealed = NULL, request = NULL, erased_us = $2 WHERE id = $1 AND erased_us IS NULL",
        params![id, now],
    )?;
    // Somebody erased it between reading and writing: the whole closure is run again and finds that out.
    if (overwritten, erased) == (1, 1) { Ok(true) } else { Err(StoreError::Conflict) }
}

/// Kept keys whose time is over at `now`, the longest overdue first; at most `limit`.
pub fn overdue(tx: &mut Tx, now: UtcMicros, limit: i64) -> Result<Vec<Custody>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ca_custody WHERE sealed IS NOT NULL AND until_us <= $1 ORDER BY until_us, id LIMIT $2"
    );
    tx.query(&sql, params![now, limit])?.iter().map(parse).collect()
}

/// How many keys are kept.
pub fn count_kept(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.query_one("SELECT COUNT(*) FROM ca_custody WHERE sealed IS NOT NULL", params![])?.get(0)
}

fn parse(row: &Row) -> Result<Custody, StoreError> {
    let id: i64 = row.get(0)?;
    let broken =
        |column: &str, why: String| StoreError::Corrupt(format!("ca_custody.{column} of {id}: {why}"));
    let kept = match (row.get(7)?, row.get(8)?) {
        (Some(request), Some(sealed)) => Some(Kept { sealed, request }),
        (None, None) => None,
        _ => return Err(broken("sealed", "key and request are erased together".into())),
    };
    Ok(Custody {
        id,
        orderer: row.get(1)?,
        key: row.get(2)?,
        operator: OperatorId::new(row.get(3)?).map_err(|e| broken("operator", e.to_string()))?,
        profile: ProfileId::new(row.get(4)?).map_err(|e| broken("profile", e.to_string()))?,
        alg: key_alg_from_code(row.get(5)?).map_err(|e| broken("alg", e.to_string()))?,
        spki: row.get(6)?,
        kept,
        until: row.get(9)?,
        created: row.get(10)?,
    })
}

#[cfg(test)]
mod tests;
