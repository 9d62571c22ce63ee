//! How long a closure may take.
//!
//! The limit is on what the closure uses itself: processor time of its thread. That it was kept waiting, by a busy
//! machine, a slow disk or a server, is not its fault, and so the clock on the wall may show many times as much.

use rustix::time::{ClockId, clock_gettime};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// A limit on closures of one kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// How much processor time.
    pub(crate) own: Duration,
    /// How long by the clock on the wall.
    pub(crate) wall: Duration,
}

/// No limit is longer, whatever the options say: servers and clocks can count this far.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

impl Limit {
    /// For closures that write to SQLite: all other writers wait for each.
    pub(crate) fn alone(own: Duration) -> Self {
        Self::new(own, 10)
    }

    /// For closures that write to a server, among others.
    pub(crate) fn among_others(own: Duration) -> Self {
        Self::new(own, 50)
    }

    /// For closures that keep nobody waiting.
    pub(crate) fn plain(own: Duration) -> Self {
        Self::new(own, 1)
    }

    fn new(own: Duration, patience: u32) -> Self {
        let own = own.min(LONGEST);
        Self { own, wall: (own * patience).min(LONGEST) }
    }
}

/// What one closure may take.
#[derive(Clone, Copy)]
pub(crate) struct Allowance {
    pub(crate) limit: Limit,
    /// Before this no more is asked.
    soft: Instant,
    /// From here on it is too late in any case.
    hard: Instant,
    /// The processor time of this thread at which the limit is used up.
    processor: Duration,
}

impl Allowance {
    /// Begins now, on this thread.
    pub(crate) fn begin(limit: Limit) -> Self {
        let now = Instant::now();
        Self { limit, soft: now + limit.own, hard: now + limit.wall, processor: processor_time() + limit.own }
    }

    pub(crate) fn used_up(&self) -> bool {
        let now = Instant::now();
        now > self.soft && (now > self.hard || processor_time() > self.processor)
    }

    /// Time that does not count.
    pub(crate) fn extend(&mut self, by: Duration) {
        self.soft += by;
        self.hard += by;
        self.processor += by;
    }
}

/// The processor time this thread has used.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or(0), nanos.unwrap_or(0))
}

/// The allowance of the closure that runs, where a callback of the same thread can see it.
pub(crate) struct Watched {
    base: Instant,
    soft: AtomicU64,
    hard: AtomicU64,
    processor: AtomicU64,
}

const NEVER: u64 = u64::MAX;

impl Watched {
    pub(crate) fn new() -> Self {
        let never = || AtomicU64::new(NEVER);
        Self { base: Instant::now(), soft: never(), hard: never(), processor: never() }
    }

    pub(crate) fn set(&self, allowance: Option<&Allowance>) {
        let after = |at: Instant| nanos(at.saturating_duration_since(self.base));
        let (soft, hard, processor) = match allowance {
            Some(a) => (after(a.soft), after(a.hard), nanos(a.processor)),
            None => (NEVER, NEVER, NEVER),
        };
        // Only one thread ever looks: no order is needed between the three.
        self.soft.store(soft, Ordering::Relaxed);
        self.hard.store(hard, Ordering::Relaxed);
        self.processor.store(processor, Ordering::Relaxed);
    }

    pub(crate) fn used_up(&self) -> bool {
        let now = nanos(self.base.elapsed());
        now > self.soft.load(Ordering::Relaxed)
            && (now > self.hard.load(Ordering::Relaxed)
                || nanos(processor_time()) > self.processor.load(Ordering::Relaxed))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(NEVER - 1)
}
