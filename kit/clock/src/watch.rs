//! Notices a clock that was set: a wall clock is compared with one that only runs.

use crate::SharedClock;
use core_words::UtcMicros;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

/// What is wrong with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockFault {
    /// It shows a time before one that was already acted on, by this many microseconds.
    Back(i64),
    /// It ran ahead of the time that has really passed, by this many microseconds.
    Forward(i64),
}

/// How time really passes: microseconds since some moment, never set.
pub trait Steady: Send + Sync {
    /// Microseconds since an arbitrary fixed moment.
    fn elapsed_micros(&self) -> i64;
}

/// The machine's monotonic clock.
pub struct MachineSteady(Instant);

impl Default for MachineSteady {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Steady for MachineSteady {
    fn elapsed_micros(&self) -> i64 {
        i64::try_from(self.0.elapsed().as_micros()).unwrap_or(i64::MAX)
    }
}

/// Watches a wall clock. While it is wrong nothing may be dated by it; once it is right again, all goes on.
#[derive(Clone)]
pub struct Watch {
    wall: SharedClock,
    steady: Arc<dyn Steady>,
    started_wall: UtcMicros,
    started_steady: i64,
    /// The latest time acted on before this process began, raised as the process acts.
    acted: Arc<AtomicI64>,
}

/// Steps below this are the work of a time service: 5 seconds in microseconds.
const TOLERANCE: i64 = 5_000_000;

impl Watch {
    /// Watches `wall`. `acted` is the latest time that stored records bear, or 0.
    pub fn new(wall: SharedClock, steady: Arc<dyn Steady>, acted: UtcMicros) -> Self {
        let (started_wall, started_steady) = (wall.now(), steady.elapsed_micros());
        Self { wall, steady, started_wall, started_steady, acted: Arc::new(AtomicI64::new(acted.0)) }
    }

    /// The time, if it can be trusted: not before anything already acted on, not ahead of the time that passed.
    ///
    /// # Errors
    /// [`ClockFault`] with the size of the step.
    pub fn now(&self) -> Result<UtcMicros, ClockFault> {
        let now = self.wall.now();
        let acted = self.acted.load(Ordering::Relaxed);
        if now.0 < acted - TOLERANCE {
            return Err(ClockFault::Back(acted - now.0));
        }
        let passed = self.steady.elapsed_micros() - self.started_steady;
        let ahead = now.since(self.started_wall) - passed;
        if ahead > TOLERANCE.max(passed / 1_000) {
            return Err(ClockFault::Forward(ahead));
        }
        self.acted.fetch_max(now.0, Ordering::Relaxed);
        Ok(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ManualClock;

    struct Ticks(AtomicI64);
    impl Steady for Ticks {
        fn elapsed_micros(&self) -> i64 {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_clock_set_back_or_forward_is_noticed_and_forgiven_when_right_again() {
        let wall = ManualClock::at(UtcMicros(1_000_000_000));
        let ticks = Arc::new(Ticks(AtomicI64::new(0)));
        let watch = Watch::new(Arc::new(wall.clone()), ticks.clone(), UtcMicros(0));
        assert_eq!(watch.now(), Ok(UtcMicros(1_000_000_000)));
        wall.advance_seconds(-60);
        assert_eq!(watch.now(), Err(ClockFault::Back(60_000_000)));
        wall.advance_seconds(60 + 3600);
        assert_eq!(watch.now(), Err(ClockFault::Forward(3_600_000_000)));
        ticks.0.store(3_600_000_000, Ordering::SeqCst);
        assert!(watch.now().is_ok());
    }

    #[test]
    fn a_clock_behind_the_stored_records_is_noticed_at_the_start() {
        let wall = ManualClock::at(UtcMicros(1_000_000_000));
        let watch = Watch::new(Arc::new(wall), Arc::new(Ticks(AtomicI64::new(0))), UtcMicros(2_000_000_000));
        assert_eq!(watch.now(), Err(ClockFault::Back(1_000_000_000)));
    }
}
