//! Erasing a key: on request, and by itself when its time is over.

use super::{Failure, form, of_operator};
use crate::{Ctx, acts, refusals};
use authority_front::{CustodyId, Refusal};
use authority_journal::custody::{self, Custody};
use core_crypto::Digest;
use core_words::{Actor, OperatorId, UtcMicros};
use kit_drill::point;
use kit_jobs::{First, Handler, JobCtx, JobError, Payload, Policy, Schedule, WorkerBuilder};
use kit_store::{StoreError, Tx};
use std::{sync::Arc, time::Duration};

/// Keys erased in one transaction.
const AT_ONCE: i64 = 100;

/// Erases one key. False when it was erased before.
pub(crate) async fn erase(
    ctx: &Arc<Ctx>,
    id: CustodyId,
    actor: Actor,
    operator: OperatorId,
    why: String,
) -> Result<bool, Refusal> {
    let now = ctx.watch.now().map_err(refusals::clock)?;
    form::why(&why)?;
    let inner = ctx.clone();
    let erased = ctx.db.write(move |tx| {
        let row = of_operator(tx, id, &operator)?;
        Ok::<_, Failure>(in_tx(tx, &inner, &row, &actor, &why, now)?)
    });
    let erased = erased.await?;
    point("custody.erased");
    Ok(erased)
}

/// Erases every key whose time is over; how many.
///
/// # Errors
/// A refusal when the clock or the store does not allow it now; what was erased before stays erased.
pub async fn sweep(ctx: &Arc<Ctx>) -> Result<u64, Refusal> {
    let now = ctx.watch.now().map_err(refusals::clock)?;
    let mut erased = 0;
    loop {
        let inner = ctx.clone();
        let count = ctx
            .db
            .write(move |tx| {
                let mut count = 0;
                for row in custody::overdue(tx, now, AT_ONCE)? {
                    let told = in_tx(tx, &inner, &row, &Actor::system(), "its time is over", now)?;
                    count += u64::from(told);
                }
                Ok::<_, StoreError>(count)
            })
            .await
            .map_err(|e| refusals::store(&e))?;
        erased += count;
        if count == 0 {
            return Ok(erased);
        }
    }
}

fn in_tx(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &Custody,
    actor: &Actor,
    why: &str,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    if !custody::erase(tx, row.id, now)? {
        return Ok(false);
    }
    let object = ctx.provider.sha256(&row.spki);
    ctx.ledger_append(tx, &[acts::key_erased(row, actor, object, why)], now)?;
    Ok(true)
}

const SWEEP: &str = "custody.sweep";

/// Adds the job that erases keys whose time is over, every quarter of an hour.
pub(crate) fn register(worker: WorkerBuilder, ctx: &Arc<Ctx>) -> WorkerBuilder {
    worker.handler(Sweep { ctx: ctx.clone() }).schedule(Schedule {
        name: SWEEP,
        kind: SWEEP,
        payload: Payload { version: 1, octets: Vec::new() },
        every_seconds: 900,
        first: First::AtOnce,
    })
}

struct Sweep {
    ctx: Arc<Ctx>,
}

impl Handler for Sweep {
    fn kind(&self) -> &'static str {
        SWEEP
    }

    fn policy(&self) -> Policy {
        Policy {
            max_attempts: 30_000,
            lease: Duration::from_secs(60),
            first_delay: Duration::from_secs(5),
            longest_delay: Duration::from_secs(300),
            at_once: 1,
        }
    }

    async fn run(&self, _: &JobCtx) -> Result<(), JobError> {
        match sweep(&self.ctx).await {
            Ok(0) => Ok(()),
            Ok(erased) => {
                tracing::info!(erased, "keys of subscribers were erased: their time is over");
                Ok(())
            }
            Err(error) => Err(JobError::Retry(error.to_string())),
        }
    }
}
