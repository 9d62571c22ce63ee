//! The gate itself: what every part of it works with.

use crate::{
    AccountId, BadSettings, GateSettings, accounts,
    hashing::Hashing,
    passkeys::{self, Passkeys},
};
use core_crypto::{Dice, Digest, PasswordHash};
use core_words::{Actor, OperatorId, Refusal, UtcMicros};
use kit_clock::SharedClock;
use kit_ledger::Entry;
use kit_store::{Db, StoreError, Tx};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Who is at the door. Cheap to clone; any number of processes may each have one on the same database.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    db: Db,
    clock: SharedClock,
    dice: Arc<dyn Dice>,
    digest: Arc<dyn Digest>,
    hashing: Hashing,
    settings: GateSettings,
    passkeys: Option<Passkeys>,
}

/// Why something at the gate did not come about.
#[derive(Debug, Clone, thiserror::Error)]
pub enum GateError {
    /// Refused; what to tell.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl GateError {
    /// What to tell people: a database that does not answer is told as such, and nothing of it.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Store(error) => {
                tracing::error!(%error, "the gate's database");
                crate::refusals::unavailable()
            }
        }
    }
}

impl Gate {
    /// A gate on this database, whose schema must have [`COMPONENT`](crate::COMPONENT) and that of the ledger.
    ///
    /// Makes one password hash, so it takes as long as one sign-in.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(
        db: Db,
        clock: SharedClock,
        dice: Arc<dyn Dice>,
        digest: Arc<dyn Digest>,
        password_hash: Arc<dyn PasswordHash>,
        settings: GateSettings,
    ) -> Result<Self, BadSettings> {
        settings.check()?;
        let passkeys = passkeys::at(&settings)?;
        let hashing = Hashing::new(password_hash, &*dice, &settings);
        Ok(Self(Arc::new(Inner { db, clock, dice, digest, hashing, settings, passkeys })))
    }

    /// Hashes a password, for [`accounts::create_applicant`] and [`accounts::set_password`]: outside of any
    /// transaction, because it takes long.
    ///
    /// # Errors
    /// `gate.unfit_password` outside of 8 to 128 characters, `gate.busy`.
    pub async fn hash_password(&self, password: Zeroizing<String>) -> Result<String, Refusal> {
        self.0.hashing.hash(password, self.0.dice.clone()).await
    }

    /// What was set.
    #[must_use]
    pub fn settings(&self) -> &GateSettings {
        &self.0.settings
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> UtcMicros {
        self.0.clock.now()
    }

    pub(crate) fn dice(&self) -> &dyn Dice {
        &*self.0.dice
    }

    pub(crate) fn digest(&self) -> &dyn Digest {
        &*self.0.digest
    }

    pub(crate) fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    /// `None` where the public URL has no host name.
    pub(crate) fn passkeys(&self) -> Option<&Passkeys> {
        self.0.passkeys.as_ref()
    }

    /// Appends an act upon an account.
    pub(crate) fn note(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        subject: impl std::fmt::Display,
        operator: Option<&OperatorId>,
        actor: &Actor,
        now: UtcMicros,
    ) -> Result<(), StoreError> {
        let entry =
            Entry { operator: operator.cloned(), ..Entry::new(kind, actor.clone(), subject.to_string()) };
        kit_ledger::append(tx, &entry, now, self.dice(), self.digest()).map(|_| ())
    }

    /// The same, with the operator that stands in the account's row.
    pub(crate) fn note_of(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        id: AccountId,
        actor: &Actor,
        now: UtcMicros,
    ) -> Result<(), StoreError> {
        let account = accounts::find(tx, id)?;
        self.note(tx, kind, id, account.as_ref().map(|a| &a.operator), actor, now)
    }
}
