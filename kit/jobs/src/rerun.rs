//! The button: run what was given up again.

use crate::{JobId, state::Event};
use core_crypto::{Dice, Digest};
use core_words::{Actor, OperatorId, UtcMicros};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx, params};

/// The kind of the ledger entry that a re-run leaves.
pub const RERUN_KIND: &str = "job.rerun";

/// Who presses the button, and what the entry of the ledger says besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presser {
    /// Who.
    pub actor: Actor,
    /// Whose job it is, where it is an operator's: its people can look the entry up.
    pub operator: Option<OperatorId>,
    /// The number of the case that the job is about, where it is about one.
    pub case: Option<String>,
}

impl From<Actor> for Presser {
    /// Somebody of the house, who does not ask whose job it is.
    fn from(actor: Actor) -> Self {
        Self { actor, operator: None, case: None }
    }
}

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

/// Lets a job that was given up run again, at the hands of `by`; leaves an entry in the ledger (K8).
///
/// # Errors
/// Those of the store.
pub fn rerun(
    tx: &mut Tx,
    id: JobId,
    by: &Presser,
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
    let mut entry = Entry::new(RERUN_KIND, by.actor.clone(), id.to_string());
    if let Some(operator) = &by.operator {
        entry.list_for(operator);
    }
    entry.case.clone_from(&by.case);
    kit_ledger::append(tx, &entry, now, dice, digest)?;
    crate::worker::ring();
    Ok(Rerun::Queued)
}
