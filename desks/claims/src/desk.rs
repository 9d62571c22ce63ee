//! The desk itself: what each of its parts works with.

use crate::{cases::Cases, settings::Settings};
use authority_front::Front;
use core_crypto::{Dice, Digest};
use core_sign::enveloped::Sealer;
use core_words::UtcMicros;
use kit_clock::SharedClock;
use kit_desk::Means;
use kit_gate::Gate;
use kit_paper::Press;
use kit_store::{Db, blobs::BlobStore};
use std::sync::Arc;

/// The name under which the desk orders from the authority.
pub(crate) const ORDERER: &str = "claims";

/// The claims desk. Cheap to clone.
#[derive(Clone)]
pub struct Claims(Arc<Inner>);

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
    /// What secrets are sent to certificates with (C7).
    pub sealer: Arc<dyn Sealer>,
    /// The authority.
    pub front: Arc<dyn Front>,
    /// Who is at the door.
    pub gate: Gate,
    /// What papers are printed with.
    pub press: Arc<dyn Press>,
    /// Where archives are kept.
    pub blobs: Arc<dyn BlobStore>,
    /// The settings.
    pub settings: Arc<Settings>,
}

impl Claims {
    /// The desk, of these parts.
    pub fn new(parts: Parts) -> Self {
        let cases = Cases { settings: parts.settings.clone(), dice: parts.dice.clone() };
        Self(Arc::new(Inner { parts, cases }))
    }

    pub(crate) fn cases(&self) -> &Cases {
        &self.0.cases
    }

    pub(crate) fn front(&self) -> &dyn Front {
        &*self.0.parts.front
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.parts.gate
    }

    pub(crate) fn press(&self) -> &Arc<dyn Press> {
        &self.0.parts.press
    }

    pub(crate) fn blobs(&self) -> &Arc<dyn BlobStore> {
        &self.0.parts.blobs
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.parts.db
    }

    pub(crate) fn dice(&self) -> &dyn Dice {
        &*self.0.parts.dice
    }

    pub(crate) fn digest(&self) -> &dyn Digest {
        &*self.0.parts.digest
    }

    pub(crate) fn sealer(&self) -> &dyn Sealer {
        &*self.0.parts.sealer
    }

    pub(crate) fn now(&self) -> UtcMicros {
        self.0.parts.clock.now()
    }

    /// The settings in force.
    pub fn settings(&self) -> &Arc<Settings> {
        &self.0.parts.settings
    }

    /// What the one way needs for a deed at `now`.
    pub(crate) fn means(&self, now: UtcMicros) -> Means<'_> {
        Means { now, dice: &*self.0.parts.dice, digest: &*self.0.parts.digest }
    }
}
