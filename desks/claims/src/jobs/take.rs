//! The moment after which nothing can be undone: a request is handed over, or a rejection processed (C14, C15, C21).

use crate::{case::Case, command::Command, desk::Claims};
use core_words::UtcMicros;
use kit_desk::{Errand, Stored, by_clock};
use kit_drill::point;
use kit_jobs::{Handler, JobCtx, JobError, When};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.take";

/// Comes back to a case at `at`, if it is still in the version it has now.
pub(crate) fn queue(
    tx: &mut Tx,
    case: &Stored<Case>,
    at: UtcMicros,
    now: UtcMicros,
) -> Result<(), StoreError> {
    Errand::to(case).queue(tx, KIND, When::At(at), now)
}

pub(crate) struct Take(pub(crate) Claims);

impl Handler for Take {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let errand = Errand::read(ctx.payload())?;
        let (claims, job) = (self.0.clone(), ctx.clone());
        let next =
            move |stored: &Stored<Case>| (stored.version == errand.about).then(|| next(&stored.case))?;
        let taken = ctx
            .db()
            .write(move |tx| by_clock(tx, claims.cases(), &job, errand.case, next, claims.means(job.now())))
            .await;
        point("claims.taken");
        taken
    }
}

/// `None`: undone in time.
fn next(case: &Case) -> Option<Command> {
    match case {
        Case::IssueRequested { .. } => Some(Command::HandOver),
        Case::RevocationRequested { .. } => Some(Command::HandOverRevocation),
        Case::Rejecting { .. } => Some(Command::ProcessRejection),
        _ => None,
    }
}
