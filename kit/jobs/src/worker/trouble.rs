//! Trouble with the store is told when it begins, once a minute while it lasts, and when it is over.

use kit_store::StoreError;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;

/// How often the same trouble is told again.
const AGAIN: Duration = Duration::from_secs(60);

/// What is in trouble, and when that was last told.
#[derive(Default)]
pub(super) struct Trouble(BTreeMap<&'static str, Instant>);

impl Trouble {
    /// The value, or `None` after a failure. The next look meets it again.
    pub(super) fn note<T>(&mut self, what: &'static str, result: Result<T, StoreError>) -> Option<T> {
        match result {
            Ok(value) => {
                if self.0.remove(what).is_some() {
                    tracing::info!("{what} works again");
                }
                Some(value)
            }
            Err(error) => {
                if self.0.get(what).is_none_or(|told| told.elapsed() >= AGAIN) {
                    self.0.insert(what, Instant::now());
                    tracing::warn!(%error, "{what} failed");
                }
                None
            }
        }
    }
}
