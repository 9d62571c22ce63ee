//! Payments of agents (入金登録, C10): what reached the federation's account, whose it is, which applications it pays
//! for, and what is sent back.

pub(crate) mod book;

use crate::{
    bank::{Told, Transfers},
    case::Case,
    desk::Claims,
    no::{self, No},
    service::LONGEST_TEXT,
    status::{Hat, Standing},
    store::{
        accounts::{self, Concerned, Deposit, Entry, NewDeposit},
        holders::{self, Holder},
    },
    words::{HolderKind, HolderNumber},
};
use core_words::{CaseNumber, Refusal, UtcMicros, Yen};
use kit_desk::{Doer, Halt, Stored};
use kit_gate::Scope;
use kit_ledger::Entry as LedgerEntry;
use kit_store::{StoreError, Tx};

/// A transfer was entered.
const ENTERED: &str = "claims.enter-deposit";
/// Somebody said whose a transfer is.
const ASSIGNED: &str = "claims.assign-deposit";
/// Money was sent back.
const REFUNDED: &str = "claims.refund";
/// A file of the bank was taken in.
const IMPORTED: &str = "claims.import-bank-file";
/// The ledger's kinds of entries about money, and what they say.
pub(crate) const LEDGER_KINDS: [(&str, &str, &str); 4] = [
    (ENTERED, "入金を記録しました", "Entered a transfer"),
    (ASSIGNED, "入金の代理人を登録しました", "Registered whose a transfer is"),
    (IMPORTED, "銀行のファイルを取り込みました", "Took in a file of the bank"),
    (REFUNDED, "返金を記録しました", "Recorded a refund"),
];

/// The most lines of each kind that a page of money shows.
const MOST: i64 = 200;
/// The most applications that are picked at once: a form has room for them.
const MOST_PICKED: i64 = 100;

/// Everything about the money of one agent.
#[derive(Clone, Debug)]
pub struct Account {
    /// The agent.
    pub agent: Holder,
    /// What came from it and is not spent.
    pub balance: Yen,
    /// What came, the youngest first; at most 200.
    pub deposits: Vec<Deposit>,
    /// What was done with it, the last first; at most 200.
    pub entries: Vec<Entry>,
    /// Its applications that wait for their fee, the oldest first; at most 100.
    pub waiting: Vec<Stored<Case>>,
}

/// What there is to do about money.
#[derive(Clone, Debug)]
pub struct Payments {
    /// Transfers of which nobody knows whose they are, the oldest first; at most 200.
    pub unmatched: Vec<Deposit>,
    /// Agents with a balance, or with applications that wait for their fee; at most 200.
    pub agents: Vec<AgentLine>,
}

/// An agent in the list of payments.
#[derive(Clone, Debug)]
pub struct AgentLine {
    /// The agent.
    pub agent: Holder,
    /// What came from it and is not spent.
    pub balance: Yen,
    /// How many of its applications wait.
    pub waiting: u64,
    /// What they cost together.
    pub fees: Yen,
}

/// A transfer as a clerk types it in, from the bank book (通帳).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedDeposit {
    /// Whose it is, if that is known.
    pub agent: Option<HolderNumber>,
    /// The day as the bank has it: its first microsecond in Japan.
    pub day: UtcMicros,
    /// How much: more than nothing.
    pub amount: Yen,
    /// Who paid, in the words of the bank.
    pub payer: String,
    /// The bank's own reference.
    pub reference: String,
    /// What the clerk notes.
    pub note: String,
}

/// An application picked to be paid, in the version that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Its number.
    pub number: CaseNumber,
    /// Its version.
    pub version: i64,
}

/// What became of one transfer of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booked {
    /// It is this agent's.
    To(HolderNumber),
    /// Nobody knows whose it is.
    Unmatched,
    /// It was entered before.
    Before,
}

/// What became of a file of the bank: each of its transfers, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported(pub Vec<(Told, Booked)>);

/// Why nothing was done.
pub(crate) enum Stop {
    Told(Box<Refusal>),
    Halt(Halt<No, Standing>),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Halt(Halt::Store(error))
    }
}

impl From<Halt<No, Standing>> for Stop {
    fn from(halt: Halt<No, Standing>) -> Self {
        Self::Halt(halt)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Told(Box::new(refusal))
    }
}

impl Claims {
    /// What there is to do about money.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn payments(&self, scope: Scope) -> Result<Payments, Refusal> {
        self.read(move |tx| {
            let unmatched = accounts::unmatched(tx, &scope, MOST)?;
            let mut agents = Vec::new();
            for Concerned { holder, balance, waiting, fees } in accounts::concerned(tx, &scope, "", MOST)? {
                if let Some(agent) = holders::load(tx, holder)? {
                    agents.push(AgentLine { agent, balance, waiting, fees });
                }
            }
            Ok(Payments { unmatched, agents })
        })
        .await
    }

    /// Everything about the money of an agent.
    ///
    /// # Errors
    /// `claims.no_agent`, `claims.unavailable`.
    pub async fn account(&self, scope: Scope, agent: HolderNumber) -> Result<Account, Refusal> {
        self.read(move |tx| book::account(tx, &scope, &agent)).await?.ok_or_else(no::no_agent)
    }

    /// A transfer.
    ///
    /// # Errors
    /// `claims.no_deposit`, `claims.unavailable`.
    pub async fn deposit(&self, scope: Scope, id: i64) -> Result<Deposit, Refusal> {
        self.read(move |tx| accounts::load(tx, &scope, id)).await?.ok_or_else(no::no_deposit)
    }

    /// Enters a transfer that a clerk read in the bank book; its id.
    ///
    /// # Errors
    /// `claims.no_agent`, `claims.text_too_long`, `claims.unavailable`.
    pub async fn enter_deposit(
        &self,
        scope: Scope,
        new: TypedDeposit,
        doer: Doer<Hat>,
    ) -> Result<i64, Refusal> {
        self.book(move |tx, claims| book::enter(tx, claims, &scope, &new, &doer)).await
    }

    /// Takes in what a file of the bank tells: all of it or nothing. A transfer that was entered before is not entered
    /// again, whichever file it comes in. Whose it is says the ID in the name of the payer; without one, or with two, or
    /// with one that is not known, nobody does yet.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn import_transfers(
        &self,
        scope: Scope,
        file: Transfers,
        doer: Doer<Hat>,
    ) -> Result<Imported, Refusal> {
        self.book(move |tx, claims| {
            let now = claims.now();
            let mut booked = Vec::with_capacity(file.told.len());
            for told in &file.told {
                let holder = match told.ids.as_slice() {
                    [only] => find_agent(tx, &scope, only)?,
                    _ => None,
                };
                let deposit = NewDeposit {
                    holder: holder.as_ref().map(|holder| holder.id),
                    day: told.day,
                    amount: told.amount,
                    payer: &told.payer,
                    reference: &told.reference,
                    note: "",
                    fingerprint: Some(&told.fingerprint),
                };
                let became = match (accounts::deposit(tx, &scope, &deposit, now)?, holder) {
                    (None, _) => Booked::Before,
                    (Some(_), Some(holder)) => Booked::To(holder.number),
                    (Some(_), None) => Booked::Unmatched,
                };
                booked.push((told.clone(), became));
            }
            let mut entry = LedgerEntry::new(IMPORTED, doer.actor.clone(), "claims.bank-file");
            entry.list_for(scope.operator());
            entry.object = Some(claims.digest().sha256(&file.octets));
            kit_ledger::append(tx, &entry, now, claims.dice(), claims.digest())?;
            Ok(Imported(booked))
        })
        .await
    }

    /// Says whose a transfer is.
    ///
    /// # Errors
    /// `claims.no_agent`, `claims.no_deposit`, `claims.deposit_assigned` when somebody was first,
    /// `claims.text_too_long`, `claims.unavailable`.
    pub async fn assign_deposit(
        &self,
        scope: Scope,
        id: i64,
        agent: HolderNumber,
        note: String,
        doer: Doer<Hat>,
    ) -> Result<(), Refusal> {
        self.book(move |tx, claims| book::assign(tx, claims, &scope, id, &agent, &note, &doer)).await
    }

    /// Records that money was sent back to an agent: by the bank, outside of this system.
    ///
    /// # Errors
    /// `claims.no_agent`, `claims.refund_too_much`, `claims.text_too_long`, `claims.unavailable`.
    pub async fn refund(
        &self,
        scope: Scope,
        agent: HolderNumber,
        amount: Yen,
        note: String,
        doer: Doer<Hat>,
    ) -> Result<(), Refusal> {
        self.book(move |tx, claims| book::refund(tx, claims, &scope, &agent, amount, &note, &doer)).await
    }

    /// Registers the payment of applications of one agent (C10): of all of them or of none.
    ///
    /// # Errors
    /// `claims.no_agent`, `claims.no_case` also for a case of somebody else, `claims.not_paid` when the balance does not
    /// cover them all, `claims.overtaken`, `claims.unavailable`.
    pub async fn register_payments(
        &self,
        scope: Scope,
        agent: HolderNumber,
        picked: Vec<Picked>,
        doer: Doer<Hat>,
    ) -> Result<(), Refusal> {
        self.book(move |tx, claims| book::pay(tx, claims, &scope, &agent, &picked, &doer)).await
    }

    /// One transaction about money; what stops it is told.
    pub(super) async fn book<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Tx, &Self) -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, Refusal> {
        let claims = self.clone();
        self.db().write(move |tx| f(tx, &claims)).await.map_err(|stop| match stop {
            Stop::Told(refusal) => *refusal,
            Stop::Halt(halt) => no::told(halt),
        })
    }

    pub(super) fn enter_in_ledger(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        scope: &Scope,
        doer: &Doer<Hat>,
        subject: String,
    ) -> Result<(), Stop> {
        let mut entry = LedgerEntry::new(kind, doer.actor.clone(), subject);
        entry.list_for(scope.operator());
        kit_ledger::append(tx, &entry, self.now(), self.dice(), self.digest())?;
        Ok(())
    }
}

/// The agent of this ID; a provider is none.
fn find_agent(tx: &mut Tx, scope: &Scope, number: &HolderNumber) -> Result<Option<Holder>, StoreError> {
    match number.kind() {
        HolderKind::Agent => holders::by_number(tx, scope, number),
        HolderKind::Provider => Ok(None),
    }
}

pub(super) fn bearable(field: &str, text: &str) -> Result<(), Refusal> {
    if text.chars().count() > LONGEST_TEXT { Err(no::text_too_long(field)) } else { Ok(()) }
}
