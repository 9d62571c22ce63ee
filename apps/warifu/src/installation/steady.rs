//! How time really passes, sleep of the machine included.

use kit_clock::Steady;
use rustix::time::{ClockId, clock_gettime};

/// The machine's clock since it was started. Unlike the monotonic clock it goes on while the machine sleeps, so a
/// computer that was suspended does not look like one whose clock was set forward.
#[derive(Clone, Copy, Debug, Default)]
pub struct BootSteady;

impl Steady for BootSteady {
    fn elapsed_micros(&self) -> i64 {
        let time = clock_gettime(ClockId::Boottime);
        time.tv_sec.saturating_mul(1_000_000).saturating_add(time.tv_nsec / 1_000)
    }
}
