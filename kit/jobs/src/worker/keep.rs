//! Keeping the queue in order: leases that ran out, clocks that were set back, jobs long done.

use super::Worker;
use crate::{JobError, table};
use kit_store::{StoreError, Tx};
use std::time::Duration;

impl Worker {
    /// One round of order. Every part of it may be done by several workers at once.
    pub(super) async fn tend(&self) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let longest_lease =
            self.0.handlers.values().map(|h| h.policy().lease).max().unwrap_or(Duration::from_secs(60));
        let mended = self.0.db.write_grouped(move |tx| table::mend_clock(tx, now, longest_lease)).await?;
        if mended > 0 {
            tracing::warn!(jobs = mended, "the clock was set back; waiting times were begun anew");
        }
        self.take_back_stale().await?;
        let before = now.plus_micros(-table::micros(self.0.options.keep_done));
        self.0.db.write_grouped(move |tx| table::purge(tx, before)).await?;
        Ok(())
    }

    /// Takes jobs away from workers that are silent. One that was begun too often is given up: it may be the
    /// very job that ends its workers.
    async fn take_back_stale(&self) -> Result<(), StoreError> {
        let _nobody_claims = self.0.claiming.lock().await;
        let now = self.0.clock.now();
        let stale = self.0.db.read(move |tx| table::stale(tx, now)).await?;
        for stale in stale {
            // Kinds without a handler here are left to the processes that know their patience.
            let Some(policy) = self.0.handlers.get(stale.kind.as_str()).map(|h| h.policy()) else { continue };
            // One of our own is running; only the clock has jumped. Its next renewal mends the lease.
            if self.running().contains_key(&stale.claim.id) {
                continue;
            }
            let give_up = stale.attempts >= policy.max_attempts;
            if give_up {
                tracing::error!(job = %stale.claim.id, kind = stale.kind, "given up: {}", table::SILENT);
            }
            let take_back = move |tx: &mut Tx| match give_up {
                true => table::give_up(tx, &stale.claim, table::SILENT, now),
                false => table::release(tx, &stale),
            };
            match self.0.db.write_grouped(take_back).await {
                // Lost: its worker was only slow, or another one was quicker here.
                Ok(()) | Err(JobError::Lost) => {}
                Err(JobError::Retry(error) | JobError::GiveUp(error)) => {
                    return Err(StoreError::Unavailable(error));
                }
            }
        }
        Ok(())
    }
}
