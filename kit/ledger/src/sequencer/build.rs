//! How a sequencer is put together.

use super::{Inner, Numbered, Sequencer};
use crate::{BadKey, CheckpointSigner, VerifierKey};
use core_crypto::{Dice, Digest, Verify};
use kit_clock::SharedClock;
use kit_store::Db;
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// How a sequencer goes about its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The wait between looks when there is nothing to do.
    pub poll: Duration,
    /// The shortest time between two checkpoints.
    pub sign_every: Duration,
    /// How long another sequencer waits for a silent one. Zero: there is no lease, since only one process works on
    /// the database at a time.
    pub lease: Duration,
}

/// Why a sequencer cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSequencer {
    /// The installation's name cannot be the name of a key.
    #[error("the name in checkpoints: {0}")]
    Key(#[from] BadKey),
    /// The origin is empty or has more than one line.
    #[error("the origin of checkpoints must be one line that is not empty")]
    Origin,
    /// A table is registered twice.
    #[error("{0} is registered twice")]
    Twice(&'static str),
}

/// Collects the tables to be numbered.
pub struct SequencerBuilder {
    db: Db,
    clock: SharedClock,
    digest: Arc<dyn Digest>,
    verify: Arc<dyn Verify>,
    signer: Arc<dyn CheckpointSigner>,
    numbered: Vec<Numbered>,
    options: Options,
}

impl SequencerBuilder {
    pub(super) fn new(
        db: Db,
        clock: SharedClock,
        digest: Arc<dyn Digest>,
        verify: Arc<dyn Verify>,
        signer: Arc<dyn CheckpointSigner>,
    ) -> Self {
        let options = Options {
            poll: Duration::from_millis(100),
            sign_every: Duration::from_secs(1),
            lease: Duration::from_secs(5),
        };
        Self { db, clock, digest, verify, signer, numbered: vec![Numbered::LEDGER], options }
    }

    /// Registers a further table, numbered beside the ledger.
    #[must_use]
    pub fn numbered(mut self, table: Numbered) -> Self {
        self.numbered.push(table);
        self
    }

    /// Changes the options.
    #[must_use]
    pub fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// The sequencer. `dice` draws the mark of its lease.
    ///
    /// # Errors
    /// Every [`BadSequencer`].
    pub fn build(self, dice: &dyn Dice) -> Result<Sequencer, BadSequencer> {
        let origin = self.signer.origin();
        if origin.is_empty() || origin.chars().any(char::is_control) {
            return Err(BadSequencer::Origin);
        }
        let key = VerifierKey::new(&*self.digest, self.signer.key_name(), self.signer.public_key())?;
        for (place, numbered) in self.numbered.iter().enumerate() {
            if self.numbered[..place].iter().any(|earlier| earlier.table() == numbered.table()) {
                return Err(BadSequencer::Twice(numbered.table()));
            }
        }
        let mut mark = [0; 8];
        dice.fill(&mut mark);
        Ok(Sequencer(Arc::new(Inner {
            db: self.db,
            clock: self.clock,
            digest: self.digest,
            verify: self.verify,
            signer: self.signer,
            key,
            numbered: self.numbered,
            options: self.options,
            holder: i64::from_be_bytes(mark),
            state: Mutex::default(),
        })))
    }
}
