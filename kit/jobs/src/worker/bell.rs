//! When to look at the queue: at once when a job was queued in this process, else now and then.

use std::{sync::LazyLock, time::Duration};
use tokio::sync::{Notify, futures::Notified};

/// One bell per process: it carries no news but "look", and a look too many is cheap.
static BELL: LazyLock<Notify> = LazyLock::new(Notify::new);

/// Says that a job is being queued. It is heard *before* the transaction commits, which is why the worker then
/// looks several times in a row: see [`Pace`].
pub(crate) fn ring() {
    BELL.notify_waiters();
}

/// Completes at the next ring after this call.
pub(crate) fn rung() -> Notified<'static> {
    BELL.notified()
}

/// The shortest wait between two looks.
pub(crate) const SHORTEST_WAIT: Duration = Duration::from_millis(2);

/// How long to wait between looks: after a ring or a find 2 ms, then twice as long each time up to the poll
/// interval, so that a commit within the group-commit delay is seen within that delay.
pub(crate) struct Pace {
    next: Duration,
    poll: Duration,
}

impl Pace {
    pub(crate) fn new(poll: Duration) -> Self {
        Self { next: SHORTEST_WAIT.min(poll), poll }
    }

    /// Something may be due now or within moments.
    pub(crate) fn soon(&mut self) {
        self.next = SHORTEST_WAIT.min(self.poll);
    }

    /// The wait after a look that found so many jobs; `None` when the look failed.
    pub(crate) fn next(&mut self, found: Option<usize>) -> Duration {
        if found.is_some_and(|found| found > 0) {
            self.soon();
        }
        let wait = if found.is_none() { self.poll } else { self.next };
        self.next = (self.next * 2).min(self.poll);
        wait
    }
}
