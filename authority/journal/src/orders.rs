//! Orders and certificates (K3): claim the key, record, publish, and find what a crash left.
//!
//! These are the statements of the hot path; each is a batch verb over many orders at once.

use crate::codes::OrderState;
use core_words::{AuthorityId, Serial, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};

/// An order about to be recorded together with its certificate.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Who orders.
    pub orderer: String,
    /// Their idempotency key.
    pub key: Option<String>,
    /// SHA-256 over everything that was asked for: a repeat must ask for the same.
    pub request_hash: [u8; 32],
    /// The profile's name.
    pub profile: String,
    /// SHA-256 of the profile's text at planning.
    pub profile_hash: [u8; 32],
    /// The orderer's own reference.
    pub subject_ref: Option<String>,
    /// The authority that is to sign.
    pub authority: AuthorityId,
    /// The generation of its key.
    pub generation: u16,
    /// The list partition the certificate belongs to; 0 for none.
    pub partition: u16,
    /// Its serial number.
    pub serial: Serial,
    /// SHA-256 of the subject's SubjectPublicKeyInfo.
    pub spki_sha256: [u8; 32],
    /// SHA-256 of the subject's name, DER.
    pub subject_sha256: [u8; 32],
    /// First moment of validity.
    pub not_before: UtcMicros,
    /// Last second of validity.
    pub not_after: UtcMicros,
    /// The exact octets to be signed.
    pub tbs: Vec<u8>,
    /// When it is recorded.
    pub at: UtcMicros,
}

/// An order as it stands in the journal, with its certificate.
#[derive(Clone, Debug)]
pub struct StoredOrder {
    /// Id of the order and of its certificate.
    pub id: i64,
    /// Who ordered.
    pub orderer: String,
    /// SHA-256 over everything that was asked for.
    pub request_hash: [u8; 32],
    /// The profile's name.
    pub profile: String,
    /// SHA-256 of the profile's text at planning.
    pub profile_hash: [u8; 32],
    /// The orderer's own reference.
    pub subject_ref: Option<String>,
    /// Whether it still stands.
    pub state: OrderState,
    /// The authority that signs.
    pub authority: AuthorityId,
    /// The generation of its key.
    pub generation: u16,
    /// The list partition.
    pub partition: u16,
    /// The serial number.
    pub serial: Serial,
    /// First moment of validity.
    pub not_before: UtcMicros,
    /// Last second of validity.
    pub not_after: UtcMicros,
    /// SHA-256 of the subject's SubjectPublicKeyInfo.
    pub spki_sha256: [u8; 32],
    /// The exact octets to be signed.
    pub tbs: Vec<u8>,
    /// How it was published; `None` while only recorded.
    pub issued: Option<StoredIssue>,
}

/// How a certificate was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredIssue {
    /// Its signature.
    pub signature: Vec<u8>,
    /// When.
    pub at: UtcMicros,
    /// The id of the ledger entry that tells of it.
    pub ledger_entry: i64,
}

/// A signature about to become a certificate's.
#[derive(Clone, Copy, Debug)]
pub struct NewIssue<'a> {
    /// The id of order and certificate.
    pub id: i64,
    /// The signature.
    pub signature: &'a [u8],
    /// When.
    pub at: UtcMicros,
    /// The id of the ledger entry that will tell of it.
    pub ledger_entry: i64,
}

/// Whether a public key may be used by a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyClaim {
    /// It may.
    Granted,
    /// Another subject uses it.
    OtherSubject,
    /// It is known to be compromised or was blocked.
    Blocked,
}

macro_rules! select_order {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.orderer, o.request_hash, o.profile, o.profile_hash, o.subject_ref, o.state, \
             c.authority, c.generation, c.partition_no, c.serial, c.not_before_us, c.not_after_us, c.spki_sha256, \
             c.tbs, c.signature, c.issued_us, c.ledger_entry ",
            $rest
        )
    };
}

fn parse(row: &Row) -> Result<StoredOrder, StoreError> {
    let corrupt = |e: &dyn std::fmt::Display| StoreError::Corrupt(format!("ca_order, ca_certificate: {e}"));
    let issued = match (row.get(15)?, row.get(16)?, row.get(17)?) {
        (Some(signature), Some(at), Some(ledger_entry)) => Some(StoredIssue { signature, at, ledger_entry }),
        (None, None, None) => None,
        _ => return Err(corrupt(&"signature, issued_us and ledger_entry go together")),
    };
    Ok(StoredOrder {
        id: row.get(0)?,
        orderer: row.get(1)?,
        request_hash: row.get(2)?,
        profile: row.get(3)?,
        profile_hash: row.get(4)?,
        subject_ref: row.get(5)?,
        state: OrderState::from_code(row.get(6)?).map_err(|e| corrupt(&e))?,
        authority: AuthorityId::new(row.get(7)?).map_err(|e| corrupt(&e))?,
        generation: row.get(8)?,
        partition: row.get(9)?,
        serial: Serial::from_magnitude(row.get(10)?).map_err(|e| corrupt(&e))?,
        not_before: row.get(11)?,
        not_after: row.get(12)?,
        spki_sha256: row.get(13)?,
        tbs: row.get(14)?,
        issued,
    })
}

/// The order that `orderer` placed under `key`.
pub fn by_key(tx: &mut Tx, orderer: &str, key: &str) -> Result<Option<StoredOrder>, StoreError> {
    let sql = select_order!(
        "FROM ca_order o JOIN ca_certificate c ON c.id = o.id WHERE o.orderer = $1 AND o.idempotency_key = $2"
    );
    tx.query_opt(sql, params![orderer, key])?.as_ref().map(parse).transpose()
}

/// The order with this id.
pub fn by_id(tx: &mut Tx, id: i64) -> Result<Option<StoredOrder>, StoreError> {
    let sql = select_order!("FROM ca_order o JOIN ca_certificate c ON c.id = o.id WHERE o.id = $1");
    tx.query_opt(sql, params![id])?.as_ref().map(parse).transpose()
}

/// The order whose certificate has this serial, issued or only recorded.
pub fn by_serial(
    tx: &mut Tx,
    authority: &AuthorityId,
    serial: &Serial,
) -> Result<Option<StoredOrder>, StoreError> {
    let sql = select_order!(
        "FROM ca_certificate c JOIN ca_order o ON o.id = c.id WHERE c.authority = $1 AND c.serial = $2"
    );
    tx.query_opt(sql, params![authority.as_str(), serial.octets()])?.as_ref().map(parse).transpose()
}

/// The generation and list partition of each certificate of `authority`, in the order of the serial numbers; `None` for
/// those that were never recorded here.
pub fn scopes(
    tx: &mut Tx,
    authority: &AuthorityId,
    serials: &[Serial],
) -> Result<Vec<Option<(u16, u16)>>, StoreError> {
    let rows: Vec<_> = serials.iter().map(|s| kit_store::row![authority.as_str(), s.octets()]).collect();
    let found = tx.query_many(
        "SELECT generation, partition_no FROM ca_certificate WHERE authority = $1 AND serial = $2",
        &rows,
    )?;
    found.iter().map(|rows| rows.first().map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()).collect()
}

/// Orders that were recorded up to `until` and never issued: what a crash left. At most `limit`, oldest first.
///
/// Reads the index of unsigned rows, which is as long as the work in flight and no longer.
pub fn unsigned(
    tx: &mut Tx,
    after: i64,
    until: UtcMicros,
    limit: i64,
) -> Result<Vec<StoredOrder>, StoreError> {
    let sql = select_order!(
        "FROM ca_certificate c JOIN ca_order o ON o.id = c.id \
         WHERE c.signature IS NULL AND c.id > $1 AND o.created_us <= $2 AND o.state = 1 ORDER BY c.id LIMIT $3"
    );
    tx.query(sql, params![after, until, limit])?.iter().map(parse).collect()
}

/// Claims public keys for subjects; answer `i` belongs to claim `i`. A granted claim is written down.
///
/// One guarded statement each: whoever comes second sees what the first one wrote.
pub fn claim_keys(tx: &mut Tx, claims: &[(&[u8; 32], &[u8; 32])]) -> Result<Vec<KeyClaim>, StoreError> {
    let rows: Vec<_> = claims.iter().map(|(spki, subject)| kit_store::row![*spki, *subject]).collect();
    // Counted and not RETURNING, here and below: for that SQLite opens a table of its own at every row.
    let written = tx.execute_many(
        "INSERT INTO ca_key (spki_sha256, subject_sha256, blocked, uses) VALUES ($1, $2, 0, 1) \
         ON CONFLICT (spki_sha256) DO UPDATE SET uses = ca_key.uses + 1 \
         WHERE ca_key.subject_sha256 = excluded.subject_sha256 AND ca_key.blocked = 0",
        &rows,
    )?;
    let mut claimed = Vec::with_capacity(claims.len());
    for (written, (spki, _)) in written.iter().zip(claims) {
        claimed.push(if *written == 0 { key_state(tx, spki)? } else { KeyClaim::Granted });
    }
    Ok(claimed)
}

/// Whether `subject` could claim the key, without writing anything down.
pub fn key_claim(tx: &mut Tx, spki: &[u8; 32], subject: &[u8; 32]) -> Result<KeyClaim, StoreError> {
    let row =
        tx.query_opt("SELECT subject_sha256, blocked FROM ca_key WHERE spki_sha256 = $1", params![spki])?;
    let Some(row) = row else { return Ok(KeyClaim::Granted) };
    Ok(match (row.get::<[u8; 32]>(0)? == *subject, row.get::<bool>(1)?) {
        (_, true) => KeyClaim::Blocked,
        (false, false) => KeyClaim::OtherSubject,
        (true, false) => KeyClaim::Granted,
    })
}

fn key_state(tx: &mut Tx, spki: &[u8; 32]) -> Result<KeyClaim, StoreError> {
    let row = tx.query_one("SELECT blocked FROM ca_key WHERE spki_sha256 = $1", params![spki])?;
    Ok(if row.get::<bool>(0)? { KeyClaim::Blocked } else { KeyClaim::OtherSubject })
}

/// Refuses a public key from now on, for every subject, whether or not it was ever seen.
pub fn block_key(tx: &mut Tx, spki: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO ca_key (spki_sha256, subject_sha256, blocked, uses) VALUES ($1, $2, 1, 0) \
         ON CONFLICT (spki_sha256) DO UPDATE SET blocked = 1",
        params![spki, &[0u8; 32]],
    )?;
    Ok(())
}

/// Takes back claims whose orders are not recorded after all.
pub fn unclaim_keys(tx: &mut Tx, spkis: &[&[u8; 32]]) -> Result<(), StoreError> {
    for spki in spkis {
        tx.execute("UPDATE ca_key SET uses = uses - 1 WHERE spki_sha256 = $1", params![*spki])?;
        tx.execute("DELETE FROM ca_key WHERE spki_sha256 = $1 AND uses = 0 AND blocked = 0", params![*spki])?;
    }
    Ok(())
}

/// Records orders under their ids, with their certificates-to-be. Answer `i` is false when order `i` repeats a key of its
/// orderer; nothing of it is then written.
pub fn record(tx: &mut Tx, orders: &[(i64, &NewOrder)]) -> Result<Vec<bool>, StoreError> {
    let rows: Vec<_> = orders
        .iter()
        .map(|(id, o)| {
            kit_store::row![
                *id,
                &o.orderer,
                &o.key,
                &o.request_hash,
                &o.profile,
                &o.profile_hash,
                &o.subject_ref,
                OrderState::Accepted.code(),
                o.at,
            ]
        })
        .collect();
    let written = tx.execute_many(
        "INSERT INTO ca_order (id, orderer, idempotency_key, request_hash, profile, profile_hash, subject_ref, \
         state, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (orderer, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING",
        &rows,
    )?;
    let accepted: Vec<bool> = written.iter().map(|count| *count > 0).collect();
    let rows: Vec<_> = orders
        .iter()
        .zip(&accepted)
        .filter(|(_, accepted)| **accepted)
        .map(|((id, o), _)| {
            kit_store::row![
                *id,
                o.authority.as_str(),
                o.generation,
                o.partition,
                o.serial.octets(),
                &o.spki_sha256,
                o.not_before,
                o.not_after,
                &o.tbs,
            ]
        })
        .collect();
    tx.insert_many(
        "INSERT INTO ca_certificate (id, authority, generation, partition_no, serial, spki_sha256, not_before_us, \
         not_after_us, tbs) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &rows,
    )?;
    Ok(accepted)
}

/// Publishes certificates: the signature of each becomes part of its row, once. Answer `i` is false when
/// certificate `i` had a signature already; that one stays.
pub fn publish(tx: &mut Tx, signed: &[NewIssue<'_>]) -> Result<Vec<bool>, StoreError> {
    let rows: Vec<_> =
        signed.iter().map(|n| kit_store::row![n.id, n.signature, n.at, n.ledger_entry]).collect();
    let written = tx.execute_many(
        "UPDATE ca_certificate SET signature = $2, issued_us = $3, ledger_entry = $4 \
         WHERE id = $1 AND signature IS NULL \
         AND EXISTS (SELECT 1 FROM ca_order o WHERE o.id = ca_certificate.id AND o.state = 1)",
        &rows,
    )?;
    Ok(written.iter().map(|count| *count > 0).collect())
}

/// Gives an order up that was recorded and never signed. False when it was issued or given up already.
pub fn abandon(tx: &mut Tx, id: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE ca_order SET state = $2 WHERE id = $1 AND state = $3 \
         AND EXISTS (SELECT 1 FROM ca_certificate c WHERE c.id = ca_order.id AND c.signature IS NULL)",
        params![id, OrderState::Abandoned.code(), OrderState::Accepted.code()],
    )?;
    Ok(changed == 1)
}

/// The latest time that any order bears; what the clock must not fall behind.
pub fn latest_time(tx: &mut Tx) -> Result<UtcMicros, StoreError> {
    let row = tx.query_opt("SELECT created_us FROM ca_order ORDER BY id DESC LIMIT 1", params![])?;
    row.map_or(Ok(UtcMicros(0)), |row| row.get(0))
}
