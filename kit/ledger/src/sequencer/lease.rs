//! Who leads. The lease spares the others the work; it is not what makes numbering safe.

use super::Sequencer;
use crate::LedgerError;
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params};
use std::time::Duration;

/// Clocks of two machines may differ by this much; a lease that reaches further into the future was written
/// before the clock was set back, and is not waited for.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

impl Sequencer {
    /// Whether this sequencer leads: it holds the lease, or takes it when it is free. Renewed at half its time. A
    /// sequencer without a lease always leads.
    pub(super) async fn lead(&self, leased: &mut Option<UtcMicros>) -> Result<bool, LedgerError> {
        if self.0.options.lease.is_zero() {
            return Ok(true);
        }
        let (now, lease) = (self.0.clock.now(), micros(self.0.options.lease));
        if leased.is_some_and(|leased| (0..lease / 2).contains(&now.since(leased))) {
            return Ok(true);
        }
        let holder = self.0.holder;
        let held = self.0.db.write_grouped(move |tx| take(tx, holder, now, lease)).await?;
        *leased = held.then_some(now);
        Ok(held)
    }
}

fn take(tx: &mut Tx, holder: i64, now: UtcMicros, lease: i64) -> Result<bool, StoreError> {
    let taken = tx.execute(
        "INSERT INTO ledger_lease (name, holder, until_us) VALUES ('sequencer', $1, $2) \
         ON CONFLICT (name) DO UPDATE SET holder = $1, until_us = $2 \
         WHERE ledger_lease.holder = $1 OR ledger_lease.until_us <= $3 OR ledger_lease.until_us > $4",
        params![holder, now.plus_micros(lease), now, now.plus_micros(lease + micros(CLOCK_TOLERANCE))],
    )?;
    Ok(taken == 1)
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX / 4)
}
