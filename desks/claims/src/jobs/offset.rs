//! Closing a month of offset fees (C18), in chunks: killed anywhere, it goes on where it was.
//!
//! Entries get their month a thousand at a time. When none is left, the file is made once, for its hash and its sums;
//! then the month is closed in one transaction, if nothing came in between, if the sums are those of the entries, and if
//! every certificate issued in the month was charged for.

use crate::{
    desk::Claims,
    offset::Month,
    service,
    store::offset::{self as store, ClosedPeriod, Closing},
};
use core_words::{OperatorId, UtcMicros, Yen};
use kit_drill::point;
use kit_gate::Scope;
use kit_jobs::{First, Handler, JobCtx, JobError, NewJob, Payload, Policy, Schedule, enqueue};
use kit_store::{StoreError, Tx};
use std::time::Duration;

const KIND: &str = "claims.offset";
const DUE: &str = "claims.offset-due";
/// The version of payloads written today: operator and month, parted by a blank.
const VERSION: u16 = 1;
/// Entries of one transaction.
const CHUNK: i64 = 1_000;
/// How often it is looked whether a month is over.
const EVERY_SECONDS: u32 = 3_600;

/// Queues the closing of a month.
pub(crate) fn queue(tx: &mut Tx, scope: &Scope, month: Month, now: UtcMicros) -> Result<(), StoreError> {
    let text = format!("{} {month}", scope.operator().as_str());
    enqueue(tx, &NewJob::new(KIND, VERSION, text.clone()).keyed(text), now).map(drop)
}

/// Looks every hour whether a month is to be closed by itself.
pub(crate) fn schedule() -> Schedule {
    Schedule {
        name: DUE,
        kind: DUE,
        payload: Payload { version: VERSION, octets: Vec::new() },
        every_seconds: EVERY_SECONDS,
        first: First::AtOnce,
    }
}

pub(crate) struct CloseOffset(pub(crate) Claims);

impl Handler for CloseOffset {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn policy(&self) -> Policy {
        Policy { lease: Duration::from_secs(120), at_once: 1, ..Policy::default() }
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let (scope, month) = read(ctx.payload())?;
        let of = scope.clone();
        let period = ctx.db().read(move |tx| store::load(tx, &of, month)).await?;
        // Closed by an earlier run.
        let Some(period) = period.filter(|period| period.closed.is_none()) else { return Ok(()) };
        loop {
            while self.chunk(ctx, &scope, &period).await? {
                point("offset.chunk");
            }
            if self.close(ctx, &scope, &period).await? {
                point("offset.closed");
                return Ok(());
            }
        }
    }
}

impl CloseOffset {
    /// Gives the next entries their month; whether there may be more.
    async fn chunk(&self, ctx: &JobCtx, scope: &Scope, period: &ClosedPeriod) -> Result<bool, JobError> {
        let (claims, job, scope) = (self.0.clone(), ctx.clone(), scope.clone());
        let (month, ends) = (period.period.month, period.period.ends);
        let taken = ctx.db().write(move |tx| {
            let waiting = store::waiting(tx, &scope, ends, CHUNK)?;
            if waiting.is_empty() {
                return Ok::<_, JobError>(false);
            }
            let settings = claims.settings();
            let taxed: Vec<(i64, Yen)> = waiting
                .iter()
                .map(|entry| {
                    let tax = entry.tax;
                    (
                        entry.id,
                        tax.unwrap_or_else(|| settings.tax_in(&entry.terms, entry.applied, entry.amount)),
                    )
                })
                .collect();
            if store::take(tx, month, &taxed)? != taxed.len() as u64 {
                return Err(JobError::Retry(format!("{KIND}: an entry has a month already")));
            }
            job.save_progress(tx, &[])?;
            Ok(true)
        });
        taken.await
    }

    /// Closes the month; false when an entry came in between.
    async fn close(&self, ctx: &JobCtx, scope: &Scope, period: &ClosedPeriod) -> Result<bool, JobError> {
        let (sha256, holders, sums) = self.0.hash_offset(scope, period).await?;
        let (claims, job, scope) = (self.0.clone(), ctx.clone(), scope.clone());
        let period = period.period;
        let closed = ctx.db().write(move |tx| {
            if !store::waiting(tx, &scope, period.ends, 1)?.is_empty() {
                return Ok::<_, JobError>(false);
            }
            if store::sums_in(tx, &scope, period.month)? != sums {
                return Err(JobError::Retry(format!("{KIND}: the lines are not the sum of the entries")));
            }
            let uncharged = store::uncharged(tx, &scope, period.begins, period.ends)?;
            if uncharged > 0 {
                let text = format!("{KIND}: {uncharged} certificates of {} have no charge", period.month);
                return Err(JobError::GiveUp(text));
            }
            let closing = Closing { at: job.now(), holders, sums, sha256 };
            if !store::close(tx, &scope, period.month, &closing)? {
                return Err(JobError::Lost);
            }
            claims.offset_closed(tx, &scope, period.month, sha256)?;
            job.finish(tx)?;
            Ok(true)
        });
        closed.await
    }
}

fn read(payload: &Payload) -> Result<(Scope, Month), JobError> {
    let text = std::str::from_utf8(&payload.octets).ok().filter(|_| payload.version == VERSION);
    let (operator, month) = text.and_then(|text| text.split_once(' ')).unzip();
    let operator = operator.and_then(|operator| OperatorId::new(operator).ok());
    match (operator, month.and_then(Month::parse)) {
        (Some(operator), Some(month)) => Ok((Scope::of_the_house(operator), month)),
        _ => Err(JobError::GiveUp(format!("{KIND}: a payload that is not understood"))),
    }
}

pub(crate) struct CloseDue(pub(crate) Claims);

impl Handler for CloseDue {
    fn kind(&self) -> &'static str {
        DUE
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        if !self.0.settings().terms(ctx.now()).offset.by_itself {
            return Ok(());
        }
        let closed = self.0.close_offset_due().await;
        closed.map_err(|refusal| JobError::Retry(format!("{}: {}", refusal.code, refusal.message.en)))
    }
}

impl Claims {
    /// Begins to close the next month, if it is over.
    async fn close_offset_due(&self) -> Result<(), core_words::Refusal> {
        let scope = Scope::of_the_house(self.settings().operator.clone());
        let open = self.offsets(scope.clone()).await?.open;
        let Some(open) = open.filter(|open| open.over) else { return Ok(()) };
        match self.close_offset(scope, open.period.month, kit_desk::Doer::system()).await {
            // A manager was first.
            Err(refusal) if refusal.code == service::OFFSET_BEGUN => Ok(()),
            other => other,
        }
    }
}
