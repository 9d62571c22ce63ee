//! The moment after which nothing can be undone: a request is handed over, or a rejection processed (C14, C15, C21).

use super::{VERSION, errand, two};
use crate::{case::Case, command::Command, desk::Claims};
use core_words::UtcMicros;
use kit_desk::{Doer, Halt, Keep, Stored, act};
use kit_drill::point;
use kit_jobs::{Handler, JobCtx, JobError, NewJob, When, enqueue};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.take";

/// Comes back to a case at `at`, if it is still in the version it has now.
pub(crate) fn queue(
    tx: &mut Tx,
    case: &Stored<Case>,
    at: UtcMicros,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let job = NewJob::new(KIND, VERSION, errand(case)).keyed(errand(case)).due(When::At(at));
    enqueue(tx, &job, now).map(drop)
}

pub(crate) struct Take(pub(crate) Claims);

impl Handler for Take {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let (id, version) = two(ctx.payload())?;
        let (claims, job) = (self.0.clone(), ctx.clone());
        let taken = ctx.db().write(move |tx| take(tx, &claims, &job, id, version)).await;
        point("claims.taken");
        taken
    }
}

/// Takes the row and ends the job, in one transaction: whoever undoes it is either before this or too late.
fn take(tx: &mut Tx, claims: &Claims, job: &JobCtx, id: i64, version: i64) -> Result<(), JobError> {
    let cases = claims.cases();
    let case = cases.load(tx, id)?.filter(|case| case.version == version);
    let command = match case.map(|stored| stored.case) {
        Some(Case::IssueRequested { .. }) => Command::HandOver,
        Some(Case::RevocationRequested { .. }) => Command::HandOverRevocation,
        Some(Case::Rejecting { .. }) => Command::ProcessRejection,
        // Undone in time; or a second run of a job whose effect is there.
        _ => return job.finish(tx),
    };
    match act(tx, cases, id, Some(version), &command, &Doer::system(), claims.means(job.now())) {
        Ok(_) => job.finish(tx),
        Err(Halt::Store(error)) => Err(error.into()),
        Err(halt) => Err(JobError::Retry(format!("{}: {:?}", KIND, halt))),
    }
}
