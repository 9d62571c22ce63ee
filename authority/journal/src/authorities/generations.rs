//! Generations (`ca_generation`): one key pair of an authority and the certificate it acts under.

use super::{broken, count, small};
use crate::codes::{GenerationState, sig_alg_code, sig_alg_from_code};
use core_crypto::SigAlg;
use core_words::{AuthorityId, UtcMicros, UtcSeconds};
use kit_store::{Row, StoreError, Tx, params};

/// One generation of an authority's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Whose key.
    pub authority: AuthorityId,
    /// 1 for the first.
    pub generation: u16,
    /// Whether it issues, only signs its lists, or does nothing more.
    pub state: GenerationState,
    /// Names the key in the sealed store.
    pub key_id: i64,
    /// How the key signs.
    pub sig_alg: SigAlg,
    /// The public key, DER SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// The octets of subjectKeyIdentifier, hence of authorityKeyIdentifier in what it signs.
    pub key_identifier: Vec<u8>,
    /// The certificate it acts under, DER.
    pub certificate: Vec<u8>,
    /// First second of that certificate.
    pub not_before: UtcSeconds,
    /// Last second of that certificate, inclusive.
    pub not_after: UtcSeconds,
    /// When it was recorded.
    pub created: UtcMicros,
}

const COLUMNS: &str = "authority, generation, state, key_id, sig_alg, spki, key_identifier, certificate, \
     not_before_us, not_after_us, created_us";

/// Records a generation. Fails as unique when the authority has one of this number.
pub fn insert_generation(tx: &mut Tx, generation: &Generation) -> Result<(), StoreError> {
    tx.execute(
        &format!(
            "INSERT INTO ca_generation ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            generation.authority.as_str(),
            small(generation.generation),
            generation.state.code(),
            generation.key_id,
            sig_alg_code(generation.sig_alg),
            generation.spki.as_slice(),
            generation.key_identifier.as_slice(),
            generation.certificate.as_slice(),
            generation.not_before.micros(),
            generation.not_after.micros(),
            generation.created,
        ],
    )?;
    Ok(())
}

/// One generation of an authority.
pub fn generation(
    tx: &mut Tx,
    authority: &AuthorityId,
    number: u16,
) -> Result<Option<Generation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_generation WHERE authority = $1 AND generation = $2");
    tx.query_opt(&sql, params![authority.as_str(), small(number)])?.as_ref().map(parse).transpose()
}

/// The generation that issues; `None` when there is no such authority.
pub fn active_generation(tx: &mut Tx, authority: &AuthorityId) -> Result<Option<Generation>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ca_generation WHERE authority = $1 AND generation = \
         (SELECT active_generation FROM ca_authority WHERE id = $1)"
    );
    tx.query_opt(&sql, params![authority.as_str()])?.as_ref().map(parse).transpose()
}

/// Every generation of an authority, oldest first.
pub fn generations(tx: &mut Tx, authority: &AuthorityId) -> Result<Vec<Generation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ca_generation WHERE authority = $1 ORDER BY generation");
    tx.query(&sql, params![authority.as_str()])?.iter().map(parse).collect()
}

/// Changes the state of a generation that is in `from`. False: it was not, and nothing changed.
pub fn set_generation_state(
    tx: &mut Tx,
    authority: &AuthorityId,
    number: u16,
    from: GenerationState,
    to: GenerationState,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE ca_generation SET state = $4 WHERE authority = $1 AND generation = $2 AND state = $3",
        params![authority.as_str(), small(number), from.code(), to.code()],
    )?;
    Ok(changed == 1)
}

fn parse(row: &Row) -> Result<Generation, StoreError> {
    let (authority, number): (String, i16) = (row.get(0)?, row.get(1)?);
    let broken = |column, why: String| broken("ca_generation", column, &format!("{authority}/{number}"), why);
    Ok(Generation {
        authority: AuthorityId::new(&authority).map_err(|e| broken("authority", e.to_string()))?,
        generation: count(number).map_err(|e| broken("generation", e))?,
        state: GenerationState::from_code(row.get(2)?).map_err(|e| broken("state", e.to_string()))?,
        key_id: row.get(3)?,
        sig_alg: sig_alg_from_code(row.get(4)?).map_err(|e| broken("sig_alg", e.to_string()))?,
        spki: row.get(5)?,
        key_identifier: row.get(6)?,
        certificate: row.get(7)?,
        not_before: row.get::<UtcMicros>(8)?.whole_seconds(),
        not_after: row.get::<UtcMicros>(9)?.whole_seconds(),
        created: row.get(10)?,
    })
}
