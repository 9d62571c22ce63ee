//! What happens to a record and its account, in a transaction under way (C23).

use super::{
    CHANGED, CLOSED, ENTERED, Halt, NewOffice, REOPENED, Who, no_office, refusals::overtaken, taken,
};
use crate::{
    Claims,
    status::Hat,
    store::holders::{self, By, Record},
    tell::board,
    words::{HolderId, HolderKind, HolderNumber},
};
use core_words::Lang;
use kit_desk::Capacity;
use kit_gate::{
    Account, AccountKind, AccountState, Role, Scope,
    accounts::{self, NewApplicant, create_applicants},
};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};

/// What became of a record that was to be as somebody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was entered.
    Entered,
    /// It was changed.
    Changed,
    /// It was so already.
    Same,
}

/// The ID that a holder signs in with, and its role.
pub(super) fn login(number: &HolderNumber) -> (String, Role) {
    match number.kind() {
        // The form of production IDs that is known: KJ and digits.
        HolderKind::Provider => (format!("KJ{number}"), Role::named(Hat::Provider.slug())),
        HolderKind::Agent => (number.to_string(), Role::named(Hat::Agent.slug())),
    }
}

/// Enters a holder; its record.
pub(crate) fn entered(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &NewOffice,
    who: &Who,
) -> Result<Record, Halt> {
    enter(tx, claims, scope, new, who)?;
    Ok(holders::record(tx, scope, &new.number)?.ok_or_else(no_office)?)
}

/// Changes the record of a holder, which was seen in version `seen`; the record as it is then.
pub(crate) fn changed(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &NewOffice,
    seen: i64,
    who: &Who,
) -> Result<Record, Halt> {
    let record = holders::record(tx, scope, &new.number)?.ok_or_else(no_office)?;
    change(tx, claims, scope, &record, seen, new, who)?;
    Ok(holders::record(tx, scope, &new.number)?.ok_or_else(no_office)?)
}

/// Closes the record of a holder, which was seen in version `seen`, or opens it again; the record as it is then.
pub(crate) fn set_closed(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    number: &HolderNumber,
    (seen, closed): (i64, bool),
    who: &Who,
) -> Result<Record, Halt> {
    let now = claims.now();
    let record = holders::record(tx, scope, number)?.ok_or_else(no_office)?;
    let (id, by) = (record.holder.id, By { account: who.account, now });
    if !holders::set_closed(tx, id, seen, closed, by)? {
        return Err(overtaken(tx, &record)?.into());
    }
    let (active, not) = (AccountState::Active, AccountState::Suspended);
    let turn = if closed { (active, not) } else { (not, active) };
    for account in accounts_of(tx, scope, id)?.into_iter().filter(|account| account.state == turn.0) {
        accounts::set_state(tx, claims.gate(), account.id, turn, &who.actor, now)?;
    }
    note(tx, claims, scope, if closed { CLOSED } else { REOPENED }, id, who)?;
    Ok(holders::record(tx, scope, number)?.ok_or_else(no_office)?)
}

/// Enters a holder with its account, which has no password as yet.
pub(super) fn enter(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &NewOffice,
    who: &Who,
) -> Result<HolderId, Halt> {
    Ok(enter_all(tx, claims, scope, &[new], who)?[0])
}

/// Enters several holders with their accounts, in as few statements as one: all of them, or the caller rolls back.
pub(super) fn enter_all(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &[&NewOffice],
    who: &Who,
) -> Result<Vec<HolderId>, Halt> {
    let now = claims.now();
    let by = By { account: who.account, now };
    let rows: Vec<_> = new.iter().map(|new| new.row()).collect();
    let ids = holders::insert_many(tx, scope, &rows, by)?.ok_or_else(taken)?;
    let known: Vec<_> = new.iter().zip(&ids).map(|(new, id)| (login(&new.number), board(*id))).collect();
    let accounts = new.iter().zip(&known).map(|(new, ((login, role), subject))| NewApplicant {
        operator: scope.operator(),
        login,
        name: &new.name,
        subject: Some(subject),
        lang: Lang::Ja,
        phc: None,
        roles: std::slice::from_ref(role),
    });
    let accounts: Vec<NewApplicant<'_>> = accounts.collect();
    create_applicants(tx, claims.gate(), &accounts, &who.actor, now)?;
    let entries: Vec<Entry> = ids.iter().map(|id| entry(scope, ENTERED, *id, who)).collect();
    kit_ledger::append_many(tx, &entries, now, claims.dice(), claims.digest())?;
    Ok(ids)
}

/// Changes a record that was seen in version `seen`, and what its account is called.
fn change(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    record: &Record,
    seen: i64,
    new: &NewOffice,
    who: &Who,
) -> Result<(), Halt> {
    let now = claims.now();
    let id = record.holder.id;
    if !holders::change(tx, id, seen, &new.row(), By { account: who.account, now })? {
        return Err(overtaken(tx, record)?.into());
    }
    if new.name != record.holder.name {
        for account in accounts_of(tx, scope, id)? {
            accounts::rename(tx, claims.gate(), account.id, &new.name, &who.actor, now)?;
        }
    }
    note(tx, claims, scope, CHANGED, id, who)
}

/// The record of this number is as somebody says, whatever it was before (C23: a line of a file).
pub(crate) fn put(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &NewOffice,
    who: &Who,
) -> Result<Put, Halt> {
    match holders::record(tx, scope, &new.number)? {
        None => enter(tx, claims, scope, new, who).map(|_| Put::Entered),
        Some(record) if new.is_as(&record) => Ok(Put::Same),
        Some(record) => change(tx, claims, scope, &record, record.version, new, who).map(|()| Put::Changed),
    }
}

/// Of several records that are to be as somebody says, those that are so already or are new are dealt with together;
/// `None` for those that need a look of their own ([`put`]): for all of them, when anything is wrong with any.
///
/// # Errors
/// Those of the store that concern no single record.
pub(crate) fn put_easy(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    all: &[&NewOffice],
    who: &Who,
) -> Result<Vec<Option<Put>>, StoreError> {
    match tx.attempt(|tx| put_together(tx, claims, scope, all, who)) {
        Ok(became) => Ok(became),
        Err(Halt::Store(error))
            if !matches!(error, StoreError::Constraint(_) | StoreError::Corrupt(_) | StoreError::Row(_)) =>
        {
            Err(error)
        }
        Err(_) => Ok(vec![None; all.len()]),
    }
}

fn put_together(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    all: &[&NewOffice],
    who: &Who,
) -> Result<Vec<Option<Put>>, Halt> {
    let records = holders::records(tx, scope, all.iter().map(|new| &new.number))?;
    let (mut became, mut new) = (Vec::with_capacity(all.len()), Vec::new());
    for (office, record) in all.iter().zip(records) {
        became.push(match record {
            Some(record) => office.is_as(&record).then_some(Put::Same),
            None => {
                new.push(*office);
                Some(Put::Entered)
            }
        });
    }
    if !new.is_empty() {
        enter_all(tx, claims, scope, &new, who)?;
    }
    Ok(became)
}

/// The accounts of applicants for a holder, the oldest first: it was entered with one.
pub(crate) fn accounts_of(tx: &mut Tx, scope: &Scope, id: HolderId) -> Result<Vec<Account>, StoreError> {
    let mut accounts = accounts::find_by_subject(tx, scope, &board(id))?;
    accounts.retain(|account| account.kind == AccountKind::Applicant);
    Ok(accounts)
}

/// An entry of the ledger about a holder.
fn note(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    kind: &'static str,
    id: HolderId,
    who: &Who,
) -> Result<(), Halt> {
    let entry = entry(scope, kind, id, who);
    kit_ledger::append(tx, &entry, claims.now(), claims.dice(), claims.digest())?;
    Ok(())
}

fn entry(scope: &Scope, kind: &'static str, id: HolderId, who: &Who) -> Entry {
    let mut entry = Entry::new(kind, who.actor.clone(), format!("claims.holder:{}", id.0));
    entry.list_for(scope.operator());
    entry
}
