//! The clock of the story: it begins in the past and moves when it is told to.
//!
//! The product watches its clock and refuses to date anything by one that was set forward. In the story time
//! really passes, only faster; so the steady clock, by which the watch judges, goes with it.

use core_words::UtcMicros;
use kit_clock::{Clock, ManualClock, SharedClock, Steady};
use std::sync::Arc;

/// What the story's past is, in days: three years and two months. Certificates of its first days have expired.
pub(super) const PAST_DAYS: i64 = 1_156;

/// The clock of the story.
#[derive(Clone)]
pub(super) struct StoryClock {
    clock: ManualClock,
    start: UtcMicros,
    /// The real time when the story began; where the story ends, a little later.
    today: UtcMicros,
}

impl StoryClock {
    /// Begins [`PAST_DAYS`] before `today`.
    pub(super) fn before(today: UtcMicros) -> Self {
        let today = today.whole_seconds().micros();
        let start = today.plus_seconds(-PAST_DAYS * 86_400);
        Self { clock: ManualClock::at(start), start, today }
    }

    /// What it shows.
    pub(super) fn now(&self) -> UtcMicros {
        self.clock.now()
    }

    /// A moment of the story, counted back from its last day.
    pub(super) fn days_ago(&self, days: i64) -> UtcMicros {
        self.today.plus_seconds(-days * 86_400)
    }

    /// Moves on by seconds.
    pub(super) fn advance(&self, seconds: i64) {
        self.clock.advance_seconds(seconds);
    }

    /// Moves on to `time`; never back.
    pub(super) fn advance_to(&self, time: UtcMicros) {
        self.clock.set(time.max(self.now()));
    }

    /// As the product takes a clock.
    pub(super) fn shared(&self) -> SharedClock {
        Arc::new(self.clock.clone())
    }

    /// Time as it really passes in the story.
    pub(super) fn steady(&self) -> Arc<dyn Steady> {
        Arc::new(Follows { clock: self.clock.clone(), start: self.start })
    }
}

struct Follows {
    clock: ManualClock,
    start: UtcMicros,
}

impl Steady for Follows {
    fn elapsed_micros(&self) -> i64 {
        self.clock.now().since(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_clock::Watch;

    #[test]
    fn the_watch_trusts_a_story_of_three_years() {
        let story = StoryClock::before(UtcMicros(1_800_000_000_123_456));
        let watch = Watch::new(story.shared(), story.steady(), UtcMicros(0));
        assert!(watch.now().is_ok());
        story.advance(400 * 86_400);
        assert!(watch.now().is_ok());
        story.advance_to(story.days_ago(0));
        assert_eq!(watch.now(), Ok(UtcMicros(1_800_000_000_000_000)));
        story.advance_to(story.days_ago(1));
        assert_eq!(story.now(), story.days_ago(0), "never back");
    }
}
