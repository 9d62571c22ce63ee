//! The end of the time in which a key may be fetched (C5).

use super::{VERSION, errand, two};
use crate::{
    case::Case,
    command::{Command, Erasure},
    desk::Claims,
    words::KeyState,
};
use core_words::UtcMicros;
use kit_desk::{Doer, Halt, Keep, Stored, act};
use kit_jobs::{Handler, JobCtx, JobError, NewJob, When, enqueue};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.window";

pub(crate) fn queue(
    tx: &mut Tx,
    case: &Stored<Case>,
    at: UtcMicros,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let job = NewJob::new(KIND, VERSION, errand(case)).keyed(errand(case)).due(When::At(at));
    enqueue(tx, &job, now).map(drop)
}

pub(crate) struct CloseWindow(pub(crate) Claims);

impl Handler for CloseWindow {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let (id, _) = two(ctx.payload())?;
        let (claims, job) = (self.0.clone(), ctx.clone());
        ctx.db().write(move |tx| close(tx, &claims, &job, id)).await
    }
}

fn close(tx: &mut Tx, claims: &Claims, job: &JobCtx, id: i64) -> Result<(), JobError> {
    let cases = claims.cases();
    let kept = cases.load(tx, id)?.is_some_and(|stored| match &stored.case {
        Case::Issued(holding) => matches!(holding.key, KeyState::Kept { until, .. } if until <= job.now()),
        // A case that is being revoked erases its key by itself, or comes back here when that is undone.
        _ => false,
    });
    if !kept {
        return job.finish(tx);
    }
    let command = Command::EraseKey(Erasure::WindowOver);
    match act(tx, cases, id, None, &command, &Doer::system(), claims.means(job.now())) {
        Ok(_) => job.finish(tx),
        Err(Halt::Store(error)) => Err(error.into()),
        Err(halt) => Err(JobError::Retry(format!("{KIND}: {halt:?}"))),
    }
}
