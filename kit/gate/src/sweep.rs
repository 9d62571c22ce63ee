//! Clean-up of what is over.

use crate::settings::{LONGEST, micros};
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params};

/// Forgets sessions and links a day after they ended, challenges that ran out, and wrong tries of a week ago: up to
/// 1,000 rows of each. How many in all; call it again while that is more than none.
///
/// # Errors
/// Those of the store.
pub fn sweep(tx: &mut Tx, now: UtcMicros) -> Result<u64, StoreError> {
    // For a day the page of an ended session knows whose it was.
    let yesterday = now.plus_seconds(-24 * 60 * 60);
    let long_ago = now.plus_micros(-micros(LONGEST));
    let mut count = 0;
    for (sql, before) in [
        (
            "DELETE FROM gate_session WHERE id IN \
             (SELECT id FROM gate_session WHERE idle_us < $1 ORDER BY idle_us LIMIT 1000)",
            yesterday,
        ),
        (
            "DELETE FROM gate_link WHERE token IN \
             (SELECT token FROM gate_link WHERE until_us < $1 ORDER BY until_us LIMIT 1000)",
            yesterday,
        ),
        (
            "DELETE FROM gate_challenge WHERE id IN \
             (SELECT id FROM gate_challenge WHERE until_us < $1 ORDER BY until_us LIMIT 1000)",
            now,
        ),
        (
            "DELETE FROM gate_attempt WHERE key IN \
             (SELECT key FROM gate_attempt WHERE last_us < $1 ORDER BY last_us LIMIT 1000)",
            long_ago,
        ),
    ] {
        count += tx.execute(sql, params![before])?;
    }
    Ok(count)
}
