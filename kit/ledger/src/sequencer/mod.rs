//! The sequencer: gives numbers after commit, grows the tree, signs checkpoints.
//!
//! Any number of sequencers may run; a lease lets one work and the others wait. The lease only saves work.
//! What keeps the log whole does not depend on it:
//!
//! 1. *number*: under the lock on the table's row in `ledger_sequence`, rows without a number get the next
//!    ones, all in one transaction. A crash leaves a whole chunk numbered, or none of it.
//! 2. *grow*: numbered entries are hashed into tiles. A pure function of what is numbered, written under a
//!    compare-and-set on the size: done again after a crash, it writes the same octets.
//! 3. *sign*: the root of durable tiles, after a proof of consistency with the checkpoint before. A checkpoint
//!    that was signed and not stored was seen by nobody; the next one covers the same tree or a larger one.

mod build;
mod grow;
mod lease;
mod number;
mod sign;

pub use build::{BadSequencer, Options, SequencerBuilder};
pub use number::Numbered;

use crate::{CheckpointSigner, LedgerError, VerifierKey, merkle::Edge, query::StoredCheckpoint};
use core_crypto::{Digest, Verify};
use core_words::UtcMicros;
use kit_clock::SharedClock;
use kit_drill::point;
use kit_store::Db;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, watch},
    time::Instant,
};

/// How often the same failure is logged again.
const TELL_AGAIN: Duration = Duration::from_secs(60);

/// Numbers, grows, signs. Cloning shares it.
#[derive(Clone)]
pub struct Sequencer(Arc<Inner>);

struct Inner {
    db: Db,
    clock: SharedClock,
    digest: Arc<dyn Digest>,
    verify: Arc<dyn Verify>,
    signer: Arc<dyn CheckpointSigner>,
    key: VerifierKey,
    /// The ledger first, then the registered tables.
    numbered: Vec<Numbered>,
    options: Options,
    /// Marks the lease as this sequencer's.
    holder: i64,
    /// One round at a time.
    state: Mutex<State>,
}

/// What a sequencer remembers between rounds. All of it can be forgotten.
#[derive(Default)]
struct State {
    tree: Option<Known>,
    /// When the lease was last taken.
    leased: Option<UtcMicros>,
}

/// The stored tree as it was when this sequencer last wrote or read it.
#[derive(Clone)]
struct Known {
    edge: Edge,
    last: Option<StoredCheckpoint>,
}

/// What there is to do.
#[derive(Clone, Debug, Default)]
struct Todo {
    /// For each numbered table, whether it has rows without a number.
    unnumbered: Vec<bool>,
    /// The tree lacks numbered entries.
    unhashed: bool,
    /// The newest checkpoint does not cover the tree.
    unsigned: bool,
}

impl Todo {
    fn anything(&self) -> bool {
        self.unnumbered.contains(&true) || self.unhashed || self.unsigned
    }

    fn only_to_sign(&self) -> bool {
        self.unsigned && !self.unhashed && !self.unnumbered.contains(&true)
    }
}

impl Sequencer {
    /// Begins to describe a sequencer.
    pub fn builder(
        db: Db,
        clock: SharedClock,
        digest: Arc<dyn Digest>,
        verify: Arc<dyn Verify>,
        signer: Arc<dyn CheckpointSigner>,
    ) -> SequencerBuilder {
        SequencerBuilder::new(db, clock, digest, verify, signer)
    }

    /// The public key of the checkpoints.
    pub fn key(&self) -> &VerifierKey {
        &self.0.key
    }

    /// Works until `stop` shows true or its sender is gone; ends after the step under way.
    ///
    /// A failure is met again at the next look; it is logged when it begins, once a minute while it lasts, and
    /// when it is over. When only the signer fails, numbering and growing go on.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut told: Option<Instant> = None;
        while !*stop.borrow() {
            let wait = match self.round(false).await {
                Ok(more) => {
                    if told.take().is_some() {
                        tracing::info!("the ledger is numbered and signed again");
                    }
                    if more {
                        continue;
                    }
                    self.0.options.poll
                }
                Err(error) => {
                    if told.is_none_or(|told| told.elapsed() >= TELL_AGAIN) {
                        told = Some(Instant::now());
                        tracing::error!(%error, "the ledger could not be numbered or signed");
                    }
                    self.0.options.poll * 5
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                gone = stop.changed() => if gone.is_err() { return },
            }
        }
    }

    /// Works until everything committed so far is numbered and under a checkpoint. For tests, for the end of a
    /// command, and for a clock that is moved by hand. Returns at once when another sequencer has the lease.
    ///
    /// # Errors
    /// Every [`LedgerError`].
    pub async fn run_until_idle(&self) -> Result<(), LedgerError> {
        while self.round(true).await? {}
        Ok(())
    }

    /// One look, and some of each kind of work: no table waits for all of another one's. True when there may be
    /// more to do at once. `sign_now` signs without regard to the interval.
    async fn round(&self, sign_now: bool) -> Result<bool, LedgerError> {
        let mut state = self.0.state.lock().await;
        let result = self.round_on(&mut state, sign_now).await;
        if result.is_err() {
            // Whatever went wrong, the next round begins from what is stored.
            *state = State::default();
        }
        result
    }

    async fn round_on(&self, state: &mut State, sign_now: bool) -> Result<bool, LedgerError> {
        let todo = self.look().await?;
        let sign_due = |known: Option<&Known>| sign_now || self.sign_due(known);
        if !todo.anything() || (todo.only_to_sign() && !sign_due(state.tree.as_ref())) {
            return Ok(false);
        }
        if !self.lead(&mut state.leased).await? {
            *state = State::default();
            return Ok(false);
        }
        let mut more = false;
        for (numbered, _) in self.0.numbered.iter().zip(&todo.unnumbered).filter(|(_, waiting)| **waiting) {
            more |= self.number(numbered).await?;
        }
        let mut known = match state.tree.take() {
            Some(known) => known,
            None => self.load().await?,
        };
        more |= self.grow(&mut known).await?;
        let covered = known.last.as_ref().map_or(0, |last| last.size);
        // When the interval has not passed yet, the next look comes back to it.
        if known.edge.size() > covered && sign_due(Some(&known)) {
            self.sign(&mut known).await?;
        }
        state.tree = Some(known);
        Ok(more)
    }

    /// Numbers some chunks of a table. True when there may be more.
    async fn number(&self, numbered: &Numbered) -> Result<bool, LedgerError> {
        for _ in 0..number::CHUNKS_PER_ROUND {
            let numbered = *numbered;
            let count = self.0.db.write_grouped(move |tx| number::number_chunk(tx, &numbered)).await?;
            if count > 0 {
                point("sequencer.numbered");
            }
            if count < number::CHUNK {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn look(&self) -> Result<Todo, LedgerError> {
        let numbered = self.0.numbered.clone();
        Ok(self.0.db.read(move |tx| number::look(tx, &numbered)).await?)
    }
}
