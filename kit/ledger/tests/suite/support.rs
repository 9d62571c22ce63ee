//! A signer, a clock, and short ways to append and to number.

use core_crypto::KeyAlg;
use core_words::{Actor, UtcMicros};
use kit_clock::ManualClock;
use kit_keys::{
    Provider, SignInput, SoftKey,
    testing::{self, SeededDice},
};
use kit_ledger::{
    COMPONENT, CheckpointSigner, Entry, EntryId, Sequencer, SequencerBuilder, SignFailed, Signing,
    VerifierKey, append_many,
};
use kit_store::{Component, Db, Migration, StoreError};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

pub(crate) const START: UtcMicros = UtcMicros(1_790_000_000_000_000);

/// A table numbered beside the ledger, of the shape that the authority's feed has.
pub(crate) const FEED: Component = Component {
    name: "feed",
    migrations: &[Migration {
        number: 1,
        name: "feed",
        sql: "CREATE TABLE feed (id BIGINT NOT NULL PRIMARY KEY, seq BIGINT UNIQUE, at_us BIGINT NOT NULL);
              CREATE INDEX feed_unnumbered ON feed (at_us, id) WHERE seq IS NULL;",
    }],
};

pub(crate) const TABLES: &[Component] = &[COMPONENT, FEED];

/// Signs with a software key, and counts.
pub(crate) struct TestSigner {
    key: SoftKey,
    pub(crate) signed: AtomicU64,
    /// Refuses to sign.
    pub(crate) locked: AtomicBool,
    /// Signs something else.
    pub(crate) spoils: AtomicBool,
}

impl TestSigner {
    pub(crate) fn new(number: u64) -> Arc<Self> {
        Arc::new(Self {
            key: testing::key(KeyAlg::Ed25519, number),
            signed: AtomicU64::new(0),
            locked: AtomicBool::new(false),
            spoils: AtomicBool::new(false),
        })
    }
}

impl CheckpointSigner for TestSigner {
    fn origin(&self) -> &str {
        "warifu.example/town"
    }

    fn public_key(&self) -> [u8; 32] {
        VerifierKey::public_from_spki(self.key.public_spki()).expect("an Ed25519 key")
    }

    fn sign<'a>(&'a self, text: &'a [u8]) -> Signing<'a> {
        Box::pin(async move {
            if self.locked.load(Ordering::Relaxed) {
                return Err(SignFailed("it is locked".into()));
            }
            self.signed.fetch_add(1, Ordering::Relaxed);
            let text = if self.spoils.load(Ordering::Relaxed) { b"something else" } else { text };
            let signature =
                self.key.sign_now(SignInput::Message(text)).map_err(|e| SignFailed(e.to_string()))?;
            Ok(signature.try_into().expect("64 octets"))
        })
    }
}

/// The public key that goes with [`TestSigner`] number `n`.
pub(crate) fn key(n: u64) -> VerifierKey {
    let signer = TestSigner::new(n);
    VerifierKey::new(&Provider, signer.origin(), signer.public_key()).expect("a good name")
}

pub(crate) fn builder(db: &Db, clock: &ManualClock, signer: &Arc<TestSigner>) -> SequencerBuilder {
    let clock = Arc::new(clock.clone());
    Sequencer::builder(db.clone(), clock, Arc::new(Provider), Arc::new(Provider), signer.clone())
}

/// A sequencer with the first key and a clock that stands. All of them hold the same lease, as if one had been
/// started again.
pub(crate) fn sequencer(db: &Db) -> Sequencer {
    let built = builder(db, &ManualClock::at(START), &TestSigner::new(1)).build(&SeededDice::new(1));
    built.expect("a good sequencer")
}

pub(crate) fn act(number: u64) -> Entry {
    Entry::new("test.act", Actor::ra("desk"), format!("thing:{number}"))
}

/// Appends acts `from .. from + count` in one transaction.
pub(crate) async fn append_acts(db: &Db, from: u64, count: u64) -> Vec<EntryId> {
    db.write_grouped(move |tx| -> Result<_, StoreError> {
        let entries: Vec<Entry> = (from..from + count).map(act).collect();
        append_many(tx, &entries, START.plus_micros(from as i64), &Provider, &Provider)
    })
    .await
    .expect("appended")
}
