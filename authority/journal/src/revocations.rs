//! The present state of certificates that were ever revoked or held (K4).

use crate::codes::RevocationState;
use core_words::{AuthorityId, CertRef, RevocationReason, Serial, UtcMicros, UtcSeconds};
use kit_store::{Row, StoreError, Tx, params};

/// One row: the present state of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRevocation {
    /// Which certificate.
    pub cert: CertRef,
    /// Its id in the journal.
    pub certificate_id: i64,
    /// The generation whose lists it belongs on.
    pub generation: u16,
    /// The partition whose list it belongs on.
    pub partition: u16,
    /// Revoked, held or released.
    pub state: RevocationState,
    /// Why; `CertificateHold` while held and after a release.
    pub reason: RevocationReason,
    /// Since when it is refused.
    pub revoked_at: UtcMicros,
    /// Since when its key was bad.
    pub invalidity: Option<UtcSeconds>,
    /// The last second of its validity.
    pub not_after: UtcMicros,
    /// When this state was reached.
    pub changed_at: UtcMicros,
    /// The segment that carries its entry; `None` while it lies in the tail.
    pub segment: Option<i64>,
}

/// The columns, in the order [`parse`] expects.
pub(crate) const COLUMNS: usize = 12;

/// Reads a row of: authority, serial, certificate_id, generation, partition_no, state, reason, revoked_us,
/// invalidity_us, not_after_us, changed_us, segment.
pub(crate) fn parse(row: &Row) -> Result<StoredRevocation, StoreError> {
    let corrupt = |e: &dyn std::fmt::Display| StoreError::Corrupt(format!("ca_revocation: {e}"));
    let reason: i16 = row.get(6)?;
    Ok(StoredRevocation {
        cert: CertRef {
            authority: AuthorityId::new(row.get(0)?).map_err(|e| corrupt(&e))?,
            serial: Serial::from_magnitude(row.get(1)?).map_err(|e| corrupt(&e))?,
        },
        certificate_id: row.get(2)?,
        generation: row.get(3)?,
        partition: row.get(4)?,
        state: RevocationState::from_code(row.get(5)?).map_err(|e| corrupt(&e))?,
        reason: u8::try_from(reason)
            .ok()
            .and_then(RevocationReason::from_code)
            .ok_or_else(|| corrupt(&format_args!("reason {reason}")))?,
        revoked_at: row.get(7)?,
        invalidity: row.get::<Option<UtcMicros>>(8)?.map(UtcMicros::whole_seconds),
        not_after: row.get(9)?,
        changed_at: row.get(10)?,
        segment: row.get(COLUMNS - 1)?,
    })
}

/// The state of one certificate, if it was ever revoked or held.
pub fn get(tx: &mut Tx, cert: &CertRef) -> Result<Option<StoredRevocation>, StoreError> {
    let row = tx.query_opt(
        "SELECT authority, serial, certificate_id, generation, partition_no, state, reason, revoked_us, \
         invalidity_us, not_after_us, changed_us, segment FROM ca_revocation WHERE authority = $1 AND serial = $2",
        params![cert.authority.as_str(), cert.serial.octets()],
    )?;
    row.as_ref().map(parse).transpose()
}

/// Saves a new state, guarded by the one that was read: `was` is `None` when there was no row, else the state
/// and the time it was reached. False when somebody else was first. A row in a segment is never changed.
pub fn save(
    tx: &mut Tx,
    new: &StoredRevocation,
    was: Option<(RevocationState, UtcMicros)>,
) -> Result<bool, StoreError> {
    let (authority, serial) = (new.cert.authority.as_str(), new.cert.serial.octets());
    let reason = i16::from(new.reason.code());
    let invalidity = new.invalidity.map(UtcSeconds::micros);
    let changed = match was {
        None => tx.execute(
            "INSERT INTO ca_revocation (authority, serial, certificate_id, generation, partition_no, state, reason, \
             revoked_us, invalidity_us, not_after_us, changed_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (authority, serial) DO NOTHING",
            params![
                authority,
                serial,
                new.certificate_id,
                new.generation,
                new.partition,
                new.state.code(),
                reason,
                new.revoked_at,
                invalidity,
                new.not_after,
                new.changed_at,
            ],
        )?,
        Some((state, changed_at)) => tx.execute(
            "UPDATE ca_revocation SET state = $3, reason = $4, revoked_us = $5, invalidity_us = $6, changed_us = $7 \
             WHERE authority = $1 AND serial = $2 AND state = $8 AND changed_us = $9 AND segment IS NULL",
            params![
                authority,
                serial,
                new.state.code(),
                reason,
                new.revoked_at,
                invalidity,
                new.changed_at,
                state.code(),
                changed_at,
            ],
        )?,
    };
    Ok(changed == 1)
}
