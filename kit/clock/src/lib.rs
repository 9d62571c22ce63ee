//! The Clock port, the real clock and the test clock.
//!
//! Nothing outside this crate reads the system's time. A clock is an argument, always.

mod watch;

pub use watch::{ClockFault, MachineSteady, Steady, Watch};

use core_words::UtcMicros;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Tells the time. Object-safe, cheap to ask.
pub trait Clock: Send + Sync {
    /// Now, in microseconds UTC.
    fn now(&self) -> UtcMicros;
}

/// A clock as it is handed round.
pub type SharedClock = Arc<dyn Clock>;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl SystemClock {
    /// The system's clock, ready to hand round.
    pub fn shared() -> SharedClock {
        Arc::new(Self)
    }
}

impl Clock for SystemClock {
    fn now(&self) -> UtcMicros {
        // A system time before 1970 reads as 0: every check on validity then refuses, which is right.
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UtcMicros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is told to move. For tests and for the demo's past.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn at(start: UtcMicros) -> Self {
        Self(Arc::new(AtomicI64::new(start.0)))
    }

    /// Moves forward, or back when negative.
    pub fn advance_micros(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// Moves forward by whole seconds, or back when negative.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_micros(seconds * 1_000_000);
    }

    /// Moves forward by days of 24 hours.
    pub fn advance_days(&self, days: i64) {
        self.advance_seconds(days * 86_400);
    }

    /// Shows `time` from now on.
    pub fn set(&self, time: UtcMicros) {
        self.0.store(time.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UtcMicros {
        UtcMicros(self.0.load(Ordering::SeqCst))
    }
}
