//! Issue passwords that were reissued on line (C7).

use crate::words::HolderId;
use core_words::UtcMicros;
use kit_post::NoticeId;
use kit_store::{StoreError, Tx, params};

/// How many a holder had since `since`.
pub(crate) fn since(tx: &mut Tx, holder: HolderId, since: UtcMicros) -> Result<u64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM claims_reissue WHERE holder = $1 AND at_us >= $2",
        params![holder.0, since],
    )?;
    Ok(row.get::<i64>(0)?.unsigned_abs())
}

/// Puts another password in the place of the one of version `seen`, if that is still the one; whether it was. The next
/// version is one more.
pub(crate) fn replace_password(
    tx: &mut Tx,
    holder: HolderId,
    seen: i64,
    phc: &str,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE claims_holder SET password_phc = $1, password_version = password_version + 1 \
         WHERE id = $2 AND password_version = $3",
        params![phc, holder.0, seen],
    )?;
    Ok(changed == 1)
}

/// One that was reissued.
pub(crate) struct Reissue {
    /// The notice that brought it.
    pub(crate) notice: NoticeId,
    /// Whose.
    pub(crate) holder: HolderId,
    /// The case of the certificate that it was sealed to.
    pub(crate) case: i64,
    /// Which of the passwords that they had.
    pub(crate) version: i64,
}

/// Remembers one.
pub(crate) fn insert(tx: &mut Tx, new: &Reissue, now: UtcMicros) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO claims_reissue (notice, holder, case_id, version, at_us) VALUES ($1, $2, $3, $4, $5)",
        params![new.notice.0, new.holder.0, new.case, new.version, now],
    )?;
    Ok(())
}
