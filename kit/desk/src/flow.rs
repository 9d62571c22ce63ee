//! The one way through a desk: load, facts, table, decide, guarded save, effects, history and ledger, in one
//! transaction.
//!
//! ```text
//!  Command ─→ table: may this be done now, by them? ─no→ Halt::NotNow, NotYou
//!                │yes
//!             decide(case, command, facts)  pure     ─no→ Halt::Refused
//!                │next case and effects; its status must be one the table allows
//!             save, guarded by version               ─0 rows→ Halt::Overtaken: who, when
//!                │
//!             effects (jobs, notices, mails), event, ledger entry ─→ commit
//! ```

use crate::{
    events::{self, Event, NewEvent},
    table::{Capacity, NotInTable, Status, Table, Verb},
};
use core_crypto::{Dice, Digest};
use core_words::{Actor, OperatorId, UtcMicros};
use kit_ledger::{Entry, EntryId};
use kit_store::{StoreError, Tx};

/// What a desk's cases are, and how one becomes the next: pure.
pub trait Flow: Send + Sync + 'static {
    /// The name of the desk: `claims`.
    const DESK: &'static str;
    /// The statuses.
    type Status: Status;
    /// What may be done.
    type Verb: Verb;
    /// By whom.
    type Capacity: Capacity;
    /// A case: one variant for each status, with exactly the data that is valid there.
    type Case: Clone + Send + Sync + 'static;
    /// A command: the verb and what is said with it.
    type Command: Send + Sync + 'static;
    /// What deciding needs to know beside the case: read in the same transaction, before.
    type Facts;
    /// What follows from a decision, as plain data.
    type Effect: Send + 'static;
    /// Why a command that the table allows is refused all the same.
    type No: Send + 'static;

    /// The table.
    const TABLE: Table<Self::Status, Self::Verb, Self::Capacity>;

    /// The status of a case.
    fn status(case: &Self::Case) -> Self::Status;
    /// The verb of a command.
    fn verb(command: &Self::Command) -> Self::Verb;
    /// What is told with the command to those who may see the case: the reason of a rejection.
    fn remark(command: &Self::Command) -> Option<String>;
    /// Decides; pure and total. `None`: there is no case yet.
    ///
    /// # Errors
    /// A refusal; nothing was changed.
    fn decide(
        case: Option<&Self::Case>,
        command: &Self::Command,
        facts: &Self::Facts,
    ) -> Result<Decision<Self>, Self::No>;
}

/// What a command comes to.
pub struct Decision<F: Flow + ?Sized> {
    /// The case as it will be.
    pub next: F::Case,
    /// What follows.
    pub effects: Vec<F::Effect>,
}

/// How a desk keeps its cases. Every function runs inside the transaction of the deed.
pub trait Keep: Flow {
    /// Reads a case; `None` when there is none of this id. Whose it is was asked when its id was found.
    ///
    /// # Errors
    /// Those of the store.
    fn load(&self, tx: &mut Tx, id: i64) -> Result<Option<Stored<Self::Case>>, StoreError>;
    /// Reads what deciding needs.
    ///
    /// # Errors
    /// Those of the store.
    fn facts(
        &self,
        tx: &mut Tx,
        case: Option<&Stored<Self::Case>>,
        command: &Self::Command,
        doer: &Doer<Self::Capacity>,
        now: UtcMicros,
    ) -> Result<Self::Facts, StoreError>;
    /// Stores a case that is new.
    ///
    /// # Errors
    /// Those of the store.
    fn create(
        &self,
        tx: &mut Tx,
        case: &Self::Case,
        now: UtcMicros,
    ) -> Result<Stored<Self::Case>, StoreError>;
    /// Stores `next` in the place of `old`, if `old` still stands there in its status and version; whether it did.
    ///
    /// # Errors
    /// Those of the store.
    fn save(
        &self,
        tx: &mut Tx,
        old: &Stored<Self::Case>,
        next: &Self::Case,
        now: UtcMicros,
    ) -> Result<bool, StoreError>;
    /// Queues what follows, in the same transaction.
    ///
    /// # Errors
    /// Those of the store.
    fn perform(
        &self,
        tx: &mut Tx,
        case: &Stored<Self::Case>,
        effects: Vec<Self::Effect>,
        now: UtcMicros,
    ) -> Result<(), StoreError>;
}

/// A case as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<C> {
    /// Its id: never shown.
    pub id: i64,
    /// Its number, as people know it.
    pub number: String,
    /// On whose behalf it is kept.
    pub operator: OperatorId,
    /// How often it was changed: 1 when it is new.
    pub version: i64,
    /// The case.
    pub case: C,
}

/// Who does something, in what capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doer<C> {
    /// In what capacity.
    pub capacity: C,
    /// As the ledger names them.
    pub actor: Actor,
    /// Their account; `None` for the house itself and for commands.
    pub account: Option<i64>,
}

impl<C: Capacity> Doer<C> {
    /// The house itself: its jobs and its clock.
    pub fn system() -> Self {
        Self { capacity: C::SYSTEM, actor: Actor::system(), account: None }
    }
}

/// Why a command was not carried out. Nothing was changed.
#[derive(Debug, Clone)]
pub enum Halt<N, S> {
    /// Those of the store.
    Store(StoreError),
    /// There is no such case.
    NoCase,
    /// Nobody may do this in the present status.
    NotNow {
        /// The present status.
        status: Option<S>,
        /// How it came to be so: who was first, and when.
        last: Option<Box<Event>>,
    },
    /// Others may do this, the doer may not.
    NotYou,
    /// Somebody else changed the case after it was looked at.
    Overtaken {
        /// Who, when, and to which status.
        last: Option<Box<Event>>,
    },
    /// The desk's own rules refuse it.
    Refused(N),
}

impl<N, S> From<StoreError> for Halt<N, S> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A [`Halt`] of a flow.
pub type HaltOf<F> = Halt<<F as Flow>::No, <F as Flow>::Status>;

/// A command that was carried out.
#[derive(Clone, Debug)]
pub struct Done<C> {
    /// The case as it is now.
    pub case: Stored<C>,
    /// The entry that tells of it.
    pub entry: EntryId,
}

/// What the one way needs beside the desk.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The time of the deed.
    pub now: UtcMicros,
    /// For the salt of the ledger.
    pub dice: &'a dyn Dice,
    /// For the ledger.
    pub digest: &'a dyn Digest,
}

/// Opens a case.
///
/// # Errors
/// Every [`Halt`] but `NoCase` and `Overtaken`.
pub fn open<F: Keep>(
    tx: &mut Tx,
    desk: &F,
    command: &F::Command,
    doer: &Doer<F::Capacity>,
    means: Means<'_>,
) -> Result<Done<F::Case>, HaltOf<F>> {
    allowed::<F>(tx, None, command, doer)?;
    let facts = desk.facts(tx, None, command, doer, means.now)?;
    let Decision { next, effects } = F::decide(None, command, &facts).map_err(Halt::Refused)?;
    in_table::<F>(None, &next, command, doer)?;
    let stored = desk.create(tx, &next, means.now)?;
    finish(tx, desk, None, stored, command, effects, doer, means)
}

/// Does something to a case. `seen` is the version that the doer looked at; `None` for the house itself, which
/// looks at the case as it is.
///
/// # Errors
/// Every [`Halt`].
pub fn act<F: Keep>(
    tx: &mut Tx,
    desk: &F,
    id: i64,
    seen: Option<i64>,
    command: &F::Command,
    doer: &Doer<F::Capacity>,
    means: Means<'_>,
) -> Result<Done<F::Case>, HaltOf<F>> {
    let old = desk.load(tx, id)?.ok_or(Halt::NoCase)?;
    if seen.is_some_and(|seen| seen != old.version) {
        return Err(overtaken::<F>(tx, id)?);
    }
    allowed::<F>(tx, Some(&old), command, doer)?;
    let facts = desk.facts(tx, Some(&old), command, doer, means.now)?;
    let Decision { next, effects } = F::decide(Some(&old.case), command, &facts).map_err(Halt::Refused)?;
    in_table::<F>(Some(&old.case), &next, command, doer)?;
    if !desk.save(tx, &old, &next, means.now)? {
        return Err(overtaken::<F>(tx, id)?);
    }
    let from = F::status(&old.case);
    let stored = Stored { version: old.version + 1, case: next, ..old };
    finish(tx, desk, Some(from), stored, command, effects, doer, means)
}

/// What `doer` may do to a case now: what pages draw and the API lists.
pub fn possible<F: Flow>(case: Option<&F::Case>, capacity: F::Capacity) -> Vec<F::Verb> {
    F::TABLE.verbs(case.map(F::status), capacity).collect()
}

fn allowed<F: Flow>(
    tx: &mut Tx,
    old: Option<&Stored<F::Case>>,
    command: &F::Command,
    doer: &Doer<F::Capacity>,
) -> Result<(), HaltOf<F>> {
    let status = old.map(|old| F::status(&old.case));
    match F::TABLE.line(status, F::verb(command), doer.capacity) {
        Ok(_) => Ok(()),
        Err(NotInTable::NotYou) => Err(Halt::NotYou),
        Err(NotInTable::NotNow) => {
            let last = match old {
                Some(old) => events::last_event(tx, F::DESK, old.id)?.map(Box::new),
                None => None,
            };
            Err(Halt::NotNow { status, last })
        }
    }
}

fn overtaken<F: Flow>(tx: &mut Tx, id: i64) -> Result<HaltOf<F>, StoreError> {
    Ok(Halt::Overtaken { last: events::last_event(tx, F::DESK, id)?.map(Box::new) })
}

/// A decision that leaves the table is a fault of the program: it is not stored.
fn in_table<F: Flow>(
    old: Option<&F::Case>,
    next: &F::Case,
    command: &F::Command,
    doer: &Doer<F::Capacity>,
) -> Result<(), StoreError> {
    let line = F::TABLE.line(old.map(F::status), F::verb(command), doer.capacity);
    if line.is_ok_and(|line| line.to.contains(&F::status(next))) {
        return Ok(());
    }
    let (verb, status) = (F::verb(command), F::status(next));
    Err(StoreError::Constraint(format!("{}: {verb:?} decided for {status:?}, outside the table", F::DESK)))
}

#[expect(clippy::too_many_arguments, reason = "the last step of the one way takes what the others found")]
fn finish<F: Keep>(
    tx: &mut Tx,
    desk: &F,
    from: Option<F::Status>,
    case: Stored<F::Case>,
    command: &F::Command,
    effects: Vec<F::Effect>,
    doer: &Doer<F::Capacity>,
    means: Means<'_>,
) -> Result<Done<F::Case>, HaltOf<F>> {
    desk.perform(tx, &case, effects, means.now)?;
    let verb = F::verb(command);
    let mut entry =
        Entry::new(verb.ledger_kind(), doer.actor.clone(), format!("case:{}/{}", case.number, case.version));
    entry.list_for(&case.operator);
    entry.case = Some(case.number.clone());
    let remark = F::remark(command);
    entry.details = remark.as_ref().map(|text| format!("1 {text}").into_bytes());
    let entry = kit_ledger::append(tx, &entry, means.now, means.dice, means.digest)?;
    let event = NewEvent {
        desk: F::DESK,
        case_id: case.id,
        version: case.version,
        at: means.now,
        verb: verb.slug(),
        from: from.map(Status::code),
        to: F::status(&case.case).code(),
        capacity: doer.capacity.slug(),
        account: doer.account,
        actor: &doer.actor,
        remark: remark.as_deref(),
        entry,
    };
    events::record(tx, &event)?;
    Ok(Done { case, entry })
}
