//! The button: run what was given up again.

use crate::{JobId, state::Event};
use core_crypto::{Dice, Digest};
use core_words::{Actor, UtcMicros};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx, params};

/// The kind of the ledger entry that a re-run leaves.
pub const RERUN_KIND: &str = "job.rerun";

/// What came of pressing the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rerun {
    /// It waits again, with all its attempts before it.
    Queued,
    /// It is waiting, running or done: nothing was changed.
    NotGivenUp,
    /// There is no such job (any more).
    Unknown,
}

/// Lets a job that was given up run again, on behalf of `actor`; leaves an entry in the ledger (K8).
///
/// # Errors
/// Those of the store.
pub fn rerun(
    tx: &mut Tx,
    id: JobId,
    actor: &Actor,
    now: UtcMicros,
    dice: &dyn Dice,
    digest: &dyn Digest,
) -> Result<Rerun, StoreError> {
    let (from, to) = Event::Rerun.step();
    let changed = tx.execute(
        "UPDATE job SET state = $1, attempts = 0, due_us = 0, delayed_us = NULL, ended_us = NULL \
         WHERE id = $2 AND state = $3",
        params![to.code(), id.0, from.code()],
    )?;
    if changed == 0 {
        let known = tx.query_opt("SELECT id FROM job WHERE id = $1", params![id.0])?;
        return Ok(if known.is_some() { Rerun::NotGivenUp } else { Rerun::Unknown });
    }
    kit_ledger::append(tx, &Entry::new(RERUN_KIND, actor.clone(), id.to_string()), now, dice, digest)?;
    crate::worker::ring();
    Ok(Rerun::Queued)
}
