//! One run of one job: under a lease that is renewed, to an end that is settled.

use super::{Ran, Worker, pause};
use crate::{
    JobCtx, JobError, JobId,
    handler::{Policy, Runs},
    table::{self, Claim, Claimed},
};
use kit_drill::point;
use kit_store::Tx;
use std::sync::Arc;
use tokio::{sync::watch, task::JoinError};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The job is done.
    Done,
    /// It failed and waits for its next run.
    Failed,
    /// It was given up.
    GivenUp,
    /// It was given back, or is another worker's now.
    Left,
}

impl Ran {
    pub(super) fn count(&mut self, end: Result<End, JoinError>) {
        match end {
            Ok(End::Done) => self.done += 1,
            Ok(End::Failed) => self.failed += 1,
            Ok(End::GivenUp) => self.given_up += 1,
            Ok(End::Left) | Err(_) => {}
        }
    }
}

impl Worker {
    /// Runs a claimed job to its end and settles it. `cut_off` ends the run early; the job is then given back.
    async fn run_one(
        &self,
        handler: Arc<dyn Runs>,
        claim: Claim,
        job: Claimed,
        cut_off: watch::Receiver<bool>,
    ) -> End {
        point("jobs.claimed");
        let policy = handler.policy();
        let attempt = job.attempt;
        let ctx = JobCtx::new(self.0.db.clone(), self.0.clock.clone(), policy.lease, claim, job);
        let result = match self.supervise(handler.clone(), ctx.clone(), cut_off).await {
            Some(result) => result,
            None => {
                self.settle(move |tx| table::give_back(tx, &claim)).await;
                return End::Left;
            }
        };
        point("jobs.ran");
        let kind = handler.kind();
        match result {
            Ok(()) if ctx.is_finished() => End::Done,
            Ok(()) => {
                let now = self.0.clock.now();
                self.settle_as(End::Done, move |tx| table::finish(tx, &claim, now)).await
            }
            Err(JobError::Lost) => {
                tracing::warn!(job = %claim.id, kind, "taken over by another worker while it ran");
                End::Left
            }
            Err(JobError::Retry(error)) if attempt < policy.max_attempts => {
                tracing::warn!(job = %claim.id, kind, attempt, error, "failed, will be tried again");
                let (now, delay) = (self.0.clock.now(), policy.delay(attempt, self.throw()));
                self.settle_as(End::Failed, move |tx| table::fail(tx, &claim, &error, now, delay)).await
            }
            Err(JobError::Retry(error) | JobError::GiveUp(error)) => {
                tracing::error!(job = %claim.id, kind, attempt, error, "given up");
                let now = self.0.clock.now();
                self.settle_as(End::GivenUp, move |tx| table::give_up(tx, &claim, &error, now)).await
            }
        }
    }

    /// Runs the handler in a task of its own, so that its panic is an error, and renews the lease meanwhile.
    /// `None` when it was cut off.
    async fn supervise(
        &self,
        handler: Arc<dyn Runs>,
        ctx: JobCtx,
        mut cut_off: watch::Receiver<bool>,
    ) -> Option<Result<(), JobError>> {
        let Policy { lease, .. } = handler.policy();
        let mut run = tokio::spawn(handler.start(ctx.clone()));
        loop {
            let ended = tokio::select! {
                ended = &mut run => Some(ended),
                () = tokio::time::sleep(lease / 3) => None,
                Ok(()) = cut_off.changed() => {
                    run.abort();
                    // It may have come to its end in this very moment; then that end counts.
                    match (&mut run).await {
                        Err(cut) if cut.is_cancelled() => return None,
                        ended => Some(ended),
                    }
                }
            };
            match ended {
                Some(Ok(result)) => return Some(result),
                Some(Err(panic)) => return Some(Err(JobError::Retry(panic_text(panic)))),
                None => {}
            }
            let (claim, until) = (ctx.claim(), ctx.lease_until());
            let renewed = self.0.db.write_grouped(move |tx| table::renew(tx, &claim, until)).await;
            // `finish` may have been committed while the handler still runs on: that is no loss.
            if renewed == Err(JobError::Lost) && !ctx.is_finished() {
                run.abort();
                return Some(Err(JobError::Lost));
            }
        }
    }

    async fn settle_as(
        &self,
        end: End,
        change: impl Fn(&mut Tx) -> Result<(), JobError> + Clone + Send + 'static,
    ) -> End {
        if self.settle(change).await { end } else { End::Left }
    }

    /// Commits the end of a run; tries again while the database is away. False when it cannot be committed: the
    /// lease then runs out, and the job runs once more.
    async fn settle(
        &self,
        change: impl Fn(&mut Tx) -> Result<(), JobError> + Clone + Send + 'static,
    ) -> bool {
        for attempt in 0..6 {
            match self.0.db.write_grouped(change.clone()).await {
                Ok(()) => return true,
                Err(JobError::Lost) => return false,
                Err(error) => tracing::warn!(%error, "the end of a job could not be committed"),
            }
            pause(attempt).await;
        }
        false
    }

    fn throw(&self) -> u32 {
        let mut octets = [0; 4];
        self.0.dice.fill(&mut octets);
        u32::from_be_bytes(octets)
    }
}

/// A job on the list of what runs in this process: off it again whatever happens, a panic of ours included.
pub(super) struct Listed {
    worker: Worker,
    id: JobId,
}

impl Listed {
    pub(super) fn enter(worker: Worker, id: JobId, kind: &'static str) -> Self {
        worker.running().insert(id, kind);
        Self { worker, id }
    }

    pub(super) async fn run(
        self,
        handler: Arc<dyn Runs>,
        claim: Claim,
        job: Claimed,
        cut_off: watch::Receiver<bool>,
    ) -> End {
        self.worker.run_one(handler, claim, job, cut_off).await
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.worker.running().remove(&self.id);
    }
}

fn panic_text(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "the run was cut off".to_owned() };
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    format!("the handler panicked: {}", text.unwrap_or("without a text"))
}
