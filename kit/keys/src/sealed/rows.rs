//! Rows of the sealed store.

use super::{KeyInfo, seal::Seal};
use crate::{KdfCost, KeyError};
use core_crypto::KeyAlg;
use core_words::UtcMicros;
use kit_store::{Row, StoreError, Tx, params};

/// A sealed key as it is stored.
pub(super) struct SealedRow {
    pub(super) info: KeyInfo,
    pub(super) sealed: Vec<u8>,
}

pub(super) fn seal(tx: &mut Tx) -> Result<Option<Seal>, StoreError> {
    let row = tx.query_opt(
        "SELECT memory_kib, passes, lanes, salt, check_value, wrapped FROM keys_seal WHERE number = 1",
        params![],
    )?;
    let read = |row: Row| {
        Ok(Seal {
            cost: KdfCost { memory_kib: row.get(0)?, passes: row.get(1)?, lanes: row.get(2)? },
            salt: row.get(3)?,
            check: row.get(4)?,
            wrapped: row.get(5)?,
        })
    };
    row.map(read).transpose()
}

/// Stores the first seal; false when there is one already.
pub(super) fn insert_seal(tx: &mut Tx, seal: &Seal, now: UtcMicros) -> Result<bool, StoreError> {
    let count = tx.execute(
        "INSERT INTO keys_seal (number, memory_kib, passes, lanes, salt, check_value, wrapped, changed_us) \
         VALUES (1, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (number) DO NOTHING",
        params![
            seal.cost.memory_kib,
            seal.cost.passes,
            seal.cost.lanes,
            &seal.salt,
            &seal.check,
            &seal.wrapped,
            now
        ],
    )?;
    Ok(count == 1)
}

/// Puts `new` in the place of `old`; false when another one is there by now.
pub(super) fn replace_seal(tx: &mut Tx, old: &Seal, new: &Seal, now: UtcMicros) -> Result<bool, StoreError> {
    let count = tx.execute(
        "UPDATE keys_seal SET memory_kib = $1, passes = $2, lanes = $3, salt = $4, check_value = $5, wrapped = $6, \
         changed_us = $7 WHERE number = 1 AND wrapped = $8",
        params![
            new.cost.memory_kib,
            new.cost.passes,
            new.cost.lanes,
            &new.salt,
            &new.check,
            &new.wrapped,
            now,
            &old.wrapped
        ],
    )?;
    Ok(count == 1)
}

/// Stores a sealed key; false when there is one of this number already.
pub(super) fn insert_key(tx: &mut Tx, row: &SealedRow) -> Result<bool, StoreError> {
    let info = &row.info;
    let count = tx.execute(
        "INSERT INTO keys_sealed (id, alg, purpose, spki, sealed, created_us) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (id) DO NOTHING",
        params![info.id, number_of(info.alg), &info.purpose, &info.spki, &row.sealed, info.created],
    )?;
    Ok(count == 1)
}

pub(super) fn key(tx: &mut Tx, id: i64) -> Result<SealedRow, KeyError> {
    let row = tx
        .query_opt(
            "SELECT id, alg, purpose, spki, created_us, sealed FROM keys_sealed WHERE id = $1",
            params![id],
        )?
        .ok_or(KeyError::NoSuchKey(id))?;
    Ok(SealedRow { info: info(&row)?, sealed: row.get(5)? })
}

pub(super) fn list(tx: &mut Tx) -> Result<Vec<KeyInfo>, KeyError> {
    let rows =
        tx.query("SELECT id, alg, purpose, spki, created_us FROM keys_sealed ORDER BY id", params![])?;
    rows.iter().map(info).collect()
}

fn info(row: &Row) -> Result<KeyInfo, KeyError> {
    let id = row.get(0)?;
    let alg = kind_of(row.get(1)?).ok_or_else(|| KeyError::Tampered(format!("key {id}")))?;
    Ok(KeyInfo { id, alg, purpose: row.get(2)?, spki: row.get(3)?, created: row.get(4)? })
}

/// The stored number of a kind of key. Never reused.
fn number_of(alg: KeyAlg) -> i16 {
    match alg {
        KeyAlg::Rsa2048 => 1,
        KeyAlg::Rsa3072 => 2,
        KeyAlg::Rsa4096 => 3,
        KeyAlg::P256 => 4,
        KeyAlg::P384 => 5,
        KeyAlg::Ed25519 => 6,
        KeyAlg::MlDsa44 => 7,
        KeyAlg::MlDsa65 => 8,
        KeyAlg::MlDsa87 => 9,
    }
}

fn kind_of(number: i16) -> Option<KeyAlg> {
    KeyAlg::ALL.into_iter().find(|alg| number_of(*alg) == number)
}
