//! The desk itself: what each of its parts works with.

use crate::cases::Cases;
use core_crypto::{Dice, Digest};
use core_words::{OperatorId, UtcMicros};
use kit_clock::SharedClock;
use kit_desk::Means;
use kit_store::Db;
use std::sync::Arc;

/// The newdesk desk. Cheap to clone.
#[derive(Clone)]
pub struct NewDesk(Arc<Inner>);

struct Inner {
    parts: Parts,
    cases: Cases,
}

/// What the application hands to the desk.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: SharedClock,
    /// Random octets.
    pub dice: Arc<dyn Dice>,
    /// Hashes.
    pub digest: Arc<dyn Digest>,
    /// On whose behalf its cases are kept.
    pub operator: OperatorId,
}

impl NewDesk {
    /// The desk, of these parts.
    pub fn new(parts: Parts) -> Self {
        let cases = Cases { operator: parts.operator.clone() };
        Self(Arc::new(Inner { parts, cases }))
    }

    pub(crate) fn cases(&self) -> &Cases {
        &self.0.cases
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.parts.db
    }

    pub(crate) fn now(&self) -> UtcMicros {
        self.0.parts.clock.now()
    }

    /// What the one way needs for a deed at `now`.
    pub(crate) fn means(&self, now: UtcMicros) -> Means<'_> {
        Means { now, dice: &*self.0.parts.dice, digest: &*self.0.parts.digest }
    }
}
