//! Software keys at rest: sealed in the database under a passphrase (K15).
//!
//! ```text
//! passphrase ── argon2id ──► wrapping key ── AES-256-GCM ──► master key ── AES-256-GCM ──► each private key
//!             salt, cost: keys_seal           wrapped: keys_seal            sealed: keys_sealed
//! ```
//!
//! A key is sealed together with its number, kind, purpose and public half: a row of which anything was
//! changed, or whose secret was exchanged for another key's, does not open. Changing the passphrase wraps the
//! master key anew and touches no key.

mod rows;
mod seal;
mod signer;

use crate::{KeyError, Signer, SoftKey};
use core_crypto::KeyAlg;
use core_words::UtcMicros;
use kit_clock::SharedClock;
use kit_store::{Component, Db, Tx, migrations};
use rows::SealedRow;
pub use seal::{KdfCost, Passphrase};
use seal::{Label, Master, Seal};
use signer::SealedSigner;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The tables of this crate.
pub const COMPONENT: Component =
    Component { name: "keys", migrations: migrations!("../../migrations/0001_keys.sql") };

/// The sealed keys of an installation. Clones are the same store: what one unlocks, all can use.
#[derive(Clone)]
pub struct SealedStore(Arc<Inner>);

struct Inner {
    db: Db,
    clock: SharedClock,
    cost: KdfCost,
    state: Mutex<State>,
    /// One derivation at a time: each takes as much memory as its cost says.
    deriving: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// Here while the store is unlocked.
    master: Option<Arc<Master>>,
    /// Handles that were given out. They stay through a lock, empty, and are filled again after it.
    open: HashMap<i64, Arc<SealedSigner>>,
}

/// What is known of a key without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its number.
    pub id: i64,
    /// Its kind.
    pub alg: KeyAlg,
    /// What it may be used for, as given when it was sealed.
    pub purpose: String,
    /// Its public half, a DER SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// When it was sealed.
    pub created: UtcMicros,
}

impl std::fmt::Debug for SealedStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedStore").field("unlocked", &self.is_unlocked()).finish_non_exhaustive()
    }
}

impl SealedStore {
    /// The keys in `db`, locked. The schema must be in place: see [`COMPONENT`].
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self::with_cost(db, clock, KdfCost::default())
    }

    /// As [`new`](Self::new), with another cost for passphrases that are set from now on.
    pub fn with_cost(db: Db, clock: SharedClock, cost: KdfCost) -> Self {
        let (state, deriving) = (Mutex::default(), tokio::sync::Mutex::new(()));
        Self(Arc::new(Inner { db, clock, cost, state, deriving }))
    }

    /// Whether a passphrase has been set.
    ///
    /// # Errors
    /// [`KeyError::Store`].
    pub async fn has_passphrase(&self) -> Result<bool, KeyError> {
        Ok(self.0.db.read(rows::seal).await?.is_some())
    }

    /// Sets the first passphrase, and leaves the store unlocked.
    ///
    /// # Errors
    /// [`KeyError::PassphraseSet`] when there is one already.
    pub async fn init(&self, passphrase: &Passphrase) -> Result<(), KeyError> {
        if self.has_passphrase().await? {
            return Err(KeyError::PassphraseSet);
        }
        let master = Arc::new(Master::generate());
        let seal = self.wrap(&master, passphrase).await?;
        let now = self.0.clock.now();
        if !self.0.db.write(move |tx| rows::insert_seal(tx, &seal, now)).await? {
            return Err(KeyError::PassphraseSet);
        }
        self.state().master = Some(master);
        Ok(())
    }

    /// Unlocks the store. Handles given out before a lock work again.
    ///
    /// Takes as long as the cost of the passphrase says, on a thread of its own.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`], [`KeyError::NoPassphrase`], [`KeyError::Tampered`].
    pub async fn unlock(&self, passphrase: &Passphrase) -> Result<(), KeyError> {
        let (_, master) = self.unwrap(passphrase).await?;
        let handles: Vec<i64> = {
            let mut state = self.state();
            // An open store keeps its master key: handles that are just being opened rely on it.
            state.master.get_or_insert_with(|| Arc::new(master));
            state.open.keys().copied().collect()
        };
        for id in handles {
            // A key that no longer opens stays locked, and `open` says why; the others must work.
            let _ = self.open(id).await;
        }
        Ok(())
    }

    /// Locks the store: the master key and all open keys are wiped, and handles refuse to sign.
    pub fn lock(&self) {
        let mut state = self.state();
        state.master = None;
        state.open.values().for_each(|signer| signer.empty());
    }

    /// Whether the store is unlocked.
    pub fn is_unlocked(&self) -> bool {
        self.state().master.is_some()
    }

    /// Changes the passphrase; the cost becomes the one this store was made with. Locked stays locked.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`] for the old one, [`KeyError::PassphraseSet`] when somebody else changed it
    /// at the same time.
    pub async fn change_passphrase(&self, old: &Passphrase, new: &Passphrase) -> Result<(), KeyError> {
        let (old_seal, master) = self.unwrap(old).await?;
        let new_seal = self.wrap(&Arc::new(master), new).await?;
        let now = self.0.clock.now();
        let replaced = self.0.db.write(move |tx| rows::replace_seal(tx, &old_seal, &new_seal, now)).await?;
        if replaced { Ok(()) } else { Err(KeyError::PassphraseSet) }
    }

    /// Seals a key under a number from [`Tx::next_id`], within the caller's transaction.
    ///
    /// # Errors
    /// [`KeyError::Locked`], [`KeyError::KeyExists`], [`KeyError::Purpose`].
    pub fn seal_new(&self, tx: &mut Tx, id: i64, key: &SoftKey, purpose: &str) -> Result<(), KeyError> {
        check_purpose(purpose)?;
        let master = self.state().master.clone().ok_or(KeyError::Locked)?;
        let info = KeyInfo {
            id,
            alg: key.key_alg(),
            purpose: purpose.to_owned(),
            spki: key.public_spki().to_vec(),
            created: self.0.clock.now(),
        };
        let sealed = master.seal(&info.label(), key)?;
        if rows::insert_key(tx, &SealedRow { info, sealed })? { Ok(()) } else { Err(KeyError::KeyExists(id)) }
    }

    /// Seals a key for a row that somebody else keeps, such as that of a subscriber's key in custody: octets that open
    /// only in this installation and only under the same number, purpose and public half.
    ///
    /// # Errors
    /// [`KeyError::Locked`], [`KeyError::Purpose`].
    pub fn seal_apart(&self, id: i64, purpose: &str, key: &SoftKey) -> Result<Vec<u8>, KeyError> {
        check_purpose(purpose)?;
        let master = self.state().master.clone().ok_or(KeyError::Locked)?;
        master.seal(&Label { id, alg: key.key_alg(), purpose, spki: key.public_spki() }, key)
    }

    /// Opens what [`seal_apart`](Self::seal_apart) sealed. The key is kept nowhere: it is wiped with the last handle.
    ///
    /// # Errors
    /// [`KeyError::Locked`], [`KeyError::Tampered`].
    pub fn open_apart(
        &self,
        id: i64,
        purpose: &str,
        alg: KeyAlg,
        spki: &[u8],
        sealed: &[u8],
    ) -> Result<SoftKey, KeyError> {
        let master = self.state().master.clone().ok_or(KeyError::Locked)?;
        master.open(&Label { id, alg, purpose, spki }, sealed)
    }

    /// The handle to a key. The same one each time: opened once, it is at hand until the store is locked.
    ///
    /// # Errors
    /// [`KeyError::Locked`], [`KeyError::NoSuchKey`], [`KeyError::Tampered`].
    pub async fn open(&self, id: i64) -> Result<Arc<dyn Signer>, KeyError> {
        let master = {
            let state = self.state();
            let master = state.master.clone().ok_or(KeyError::Locked)?;
            if let Some(signer) = state.open.get(&id).filter(|signer| signer.as_software().is_some()) {
                return Ok(signer.clone());
            }
            master
        };
        let row = self.0.db.read(move |tx| rows::key(tx, id)).await?;
        let key = master.open(&row.info.label(), &row.sealed)?;

        let mut state = self.state();
        // Somebody may have locked the store while the row was read.
        if !state.master.as_ref().is_some_and(|now| Arc::ptr_eq(now, &master)) {
            return Err(KeyError::Locked);
        }
        match state.open.get(&id) {
            Some(signer) => {
                signer.refill(key);
                Ok(signer.clone())
            }
            None => {
                let signer = Arc::new(SealedSigner::new(key));
                state.open.insert(id, signer.clone());
                Ok(signer)
            }
        }
    }

    /// All keys by number, without opening them.
    ///
    /// # Errors
    /// [`KeyError::Store`]; [`KeyError::Tampered`] for a kind of key that does not exist.
    pub async fn list(&self) -> Result<Vec<KeyInfo>, KeyError> {
        self.0.db.read(rows::list).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves no state half changed: every change is one assignment.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wrap(&self, master: &Arc<Master>, passphrase: &Passphrase) -> Result<Seal, KeyError> {
        let (master, passphrase, cost) = (master.clone(), passphrase.clone(), self.0.cost);
        self.derive(move || master.wrap(&passphrase, cost)).await
    }

    async fn unwrap(&self, passphrase: &Passphrase) -> Result<(Seal, Master), KeyError> {
        let seal = self.0.db.read(rows::seal).await?.ok_or(KeyError::NoPassphrase)?;
        let passphrase = passphrase.clone();
        self.derive(move || Master::unwrap(&seal, &passphrase).map(|master| (seal, master))).await
    }

    /// Runs a derivation off the async threads.
    async fn derive<T: Send + 'static>(
        &self,
        f: impl FnOnce() -> Result<T, KeyError> + Send + 'static,
    ) -> Result<T, KeyError> {
        let _one = self.0.deriving.lock().await;
        let failed = |_| KeyError::Failed("deriving a key from a passphrase");
        tokio::task::spawn_blocking(f).await.map_err(failed)?
    }
}

fn check_purpose(purpose: &str) -> Result<(), KeyError> {
    let plain = purpose.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if plain && (1..=60).contains(&purpose.len()) { Ok(()) } else { Err(KeyError::Purpose) }
}

impl KeyInfo {
    fn label(&self) -> Label<'_> {
        Label { id: self.id, alg: self.alg, purpose: &self.purpose, spki: &self.spki }
    }
}
