//! The letters with passwords that were printed (C7, C23): who printed which, when, and for whom; never the passwords.

use crate::words::{Choice, HolderId, LetterWhy};
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params};

/// A letter that was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedLetter {
    /// Why.
    pub why: LetterWhy,
    /// How the caller was known, as the clerk wrote it down.
    pub identified: String,
    /// The account of who printed it; none for the command line.
    pub account: Option<i64>,
    /// When.
    pub at: UtcMicros,
}

/// Notes a letter; its id.
pub(crate) fn insert(tx: &mut Tx, holder: HolderId, letter: &PrintedLetter) -> Result<i64, StoreError> {
    let id = tx.next_id()?;
    let PrintedLetter { why, identified, account, at } = letter;
    tx.execute(
        "INSERT INTO claims_letter (id, holder, why, identified, account, at_us) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, holder.0, why.code(), identified, *account, *at],
    )?;
    Ok(id)
}

/// The letters to a holder, the last first, at most `most`.
pub(crate) fn of_holder(tx: &mut Tx, holder: HolderId, most: i64) -> Result<Vec<PrintedLetter>, StoreError> {
    let rows = tx.query(
        "SELECT id, why, identified, account, at_us FROM claims_letter WHERE holder = $1 \
         ORDER BY at_us DESC, id DESC LIMIT $2",
        params![holder.0, most],
    )?;
    rows.iter()
        .map(|row| {
            let (id, why): (i64, i16) = (row.get(0)?, row.get(1)?);
            let corrupt = || StoreError::Corrupt(format!("claims_letter {id}: why"));
            Ok(PrintedLetter {
                why: LetterWhy::of_code(why).ok_or_else(corrupt)?,
                identified: row.get(2)?,
                account: row.get(3)?,
                at: row.get(4)?,
            })
        })
        .collect()
}
