//! What runs a kind of job, how patiently, and how it may fail.

use crate::JobCtx;
use kit_store::StoreError;
use std::{pin::Pin, sync::Arc, time::Duration};

/// Runs the jobs of one kind.
///
/// A run may be cut off anywhere and begin again; it may even overlap with a run by another process that
/// was taken for dead. What must happen once belongs into one transaction with [`JobCtx::finish`] or
/// [`JobCtx::save_progress`]; what happens outside the database must be idempotent by [`JobCtx::id`].
pub trait Handler: Send + Sync + 'static {
    /// The kind of job, unique in the installation: `mail.send`.
    fn kind(&self) -> &'static str;

    /// Does the job. `Ok` means done, also when [`JobCtx::finish`] was not called.
    ///
    /// # Errors
    /// [`JobError`] says whether to try again.
    fn run(&self, ctx: &JobCtx) -> impl Future<Output = Result<(), JobError>> + Send;

    /// How patiently.
    fn policy(&self) -> Policy {
        Policy::default()
    }
}

/// How patiently the jobs of a kind are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Runs before it is given up. A run that ended because the process died counts.
    pub max_attempts: u16,
    /// How long a worker may be silent before another one takes the job over. Renewed while it runs.
    pub lease: Duration,
    /// The wait after the first failure; it doubles with each further one.
    pub first_delay: Duration,
    /// The longest wait.
    pub longest_delay: Duration,
    /// How many jobs of this kind one process runs at a time.
    pub at_once: usize,
}

impl Default for Policy {
    /// 14 runs over about two hours: 1 s, 2 s, 4 s … 1 hour; leases of 30 s; 4 at a time.
    fn default() -> Self {
        Self {
            max_attempts: 14,
            lease: Duration::from_secs(30),
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(3600),
            at_once: 4,
        }
    }
}

impl Policy {
    /// The wait after failure number `attempt` (1 is the first): exponential, of which the upper half is drawn
    /// by `dice`, so that many jobs that failed together do not come back together.
    pub(crate) fn delay(&self, attempt: u16, dice: u32) -> Duration {
        let doublings = u32::from(attempt.saturating_sub(1)).min(40);
        let whole = self.first_delay.saturating_mul(2u32.saturating_pow(doublings)).min(self.longest_delay);
        let half = whole / 2;
        half + half.mul_f64(f64::from(dice) / f64::from(u32::MAX))
    }
}

/// How a run failed. The text is shown to staff and logged: no personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It may succeed later: tried again until [`Policy::max_attempts`].
    #[error("{0}")]
    Retry(String),
    /// It will not succeed by itself: given up at once.
    #[error("{0}")]
    GiveUp(String),
    /// Another worker has taken the job over; this run must leave no trace.
    #[error("the job was taken over by another worker")]
    Lost,
}

impl From<StoreError> for JobError {
    /// Whatever the database refused, a later run finds a database that was seen to: [`JobError::Retry`].
    fn from(error: StoreError) -> Self {
        Self::Retry(error.to_string())
    }
}

/// A [`Handler`] as the worker keeps it.
pub(crate) trait Runs: Send + Sync {
    fn kind(&self) -> &'static str;
    fn policy(&self) -> Policy;
    fn start(self: Arc<Self>, ctx: JobCtx) -> Running;
}

pub(crate) type Running = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;

impl<H: Handler> Runs for H {
    fn kind(&self) -> &'static str {
        Handler::kind(self)
    }

    fn policy(&self) -> Policy {
        Handler::policy(self)
    }

    fn start(self: Arc<Self>, ctx: JobCtx) -> Running {
        Box::pin(async move { self.run(&ctx).await })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k10_back_off_doubles_up_to_its_limit_and_jitters_by_half() {
        let policy = Policy::default();
        assert_eq!(policy.delay(1, u32::MAX), Duration::from_secs(1));
        assert_eq!(policy.delay(1, 0), Duration::from_millis(500));
        assert_eq!(policy.delay(4, u32::MAX), Duration::from_secs(8));
        for attempt in [13, 40, 41, u16::MAX] {
            assert_eq!(policy.delay(attempt, u32::MAX), Duration::from_secs(3600), "{attempt}");
        }
        let waits: Duration = (1..policy.max_attempts).map(|n| policy.delay(n, u32::MAX)).sum();
        assert!(waits > Duration::from_secs(2 * 3600) && waits < Duration::from_secs(5 * 3600), "{waits:?}");
    }
}
