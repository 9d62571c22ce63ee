//! Waiting for something that must come, however slow the machine is.

use std::time::{Duration, Instant};

/// How long anything may take before a drill gives up. Generous: only what never comes is a failure.
pub const PATIENCE: Duration = Duration::from_secs(180);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// Looks until there is something to see.
///
/// # Panics
/// When it has not come within [`PATIENCE`].
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "it never came: {what}");
        tokio::time::sleep(LOOK).await;
    }
}
