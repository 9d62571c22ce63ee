//! What is done with money, in a transaction under way (C10): a page has one for it alone, a program one that keeps the
//! answer, too.

use super::{
    ASSIGNED, Account, ENTERED, MOST, MOST_PICKED, Picked, REFUNDED, Stop, TypedDeposit, bearable, find_agent,
};
use crate::{
    command::Command,
    desk::Claims,
    no,
    status::Hat,
    store::{
        accounts::{self, NewDeposit},
        find, rows,
    },
    words::HolderNumber,
};
use core_words::Yen;
use kit_desk::{Doer, Halt, act};
use kit_gate::Scope;
use kit_store::{StoreError, Tx};

/// Everything about the money of an agent; `None` when there is no agent of this ID.
pub(crate) fn account(
    tx: &mut Tx,
    scope: &Scope,
    agent: &HolderNumber,
) -> Result<Option<Account>, StoreError> {
    let Some(agent) = find_agent(tx, scope, agent)? else { return Ok(None) };
    let mut waiting = Vec::new();
    for id in accounts::waiting(tx, agent.id, MOST_PICKED)? {
        waiting.extend(rows::load(tx, id)?);
    }
    Ok(Some(Account {
        balance: accounts::balance(tx, agent.id)?,
        deposits: accounts::deposits(tx, agent.id, MOST)?,
        entries: accounts::entries(tx, agent.id, MOST)?,
        waiting,
        agent,
    }))
}

/// Enters a transfer that was typed in; its id.
pub(crate) fn enter(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    new: &TypedDeposit,
    doer: &Doer<Hat>,
) -> Result<i64, Stop> {
    bearable("payer", &new.payer)?;
    bearable("reference", &new.reference)?;
    bearable("note", &new.note)?;
    let holder = match &new.agent {
        Some(number) => Some(find_agent(tx, scope, number)?.ok_or_else(no::no_agent)?.id),
        None => None,
    };
    let deposit = NewDeposit {
        holder,
        day: new.day,
        amount: new.amount,
        payer: &new.payer,
        reference: &new.reference,
        note: &new.note,
        fingerprint: None,
    };
    // A transfer that was typed in is like no other: there is no conflict to meet.
    let id = accounts::deposit(tx, scope, &deposit, claims.now())?.ok_or_else(no::unavailable)?;
    claims.enter_in_ledger(tx, ENTERED, scope, doer, format!("claims.deposit:{id}"))?;
    Ok(id)
}

/// Says whose a transfer is.
pub(crate) fn assign(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    id: i64,
    agent: &HolderNumber,
    note: &str,
    doer: &Doer<Hat>,
) -> Result<(), Stop> {
    bearable("note", note)?;
    accounts::load(tx, scope, id)?.ok_or_else(no::no_deposit)?;
    let agent = find_agent(tx, scope, agent)?.ok_or_else(no::no_agent)?;
    if !accounts::assign(tx, scope, id, agent.id, note)? {
        return Err(no::deposit_assigned().into());
    }
    claims.enter_in_ledger(tx, ASSIGNED, scope, doer, format!("claims.deposit:{id}"))
}

/// Records that money was sent back to an agent.
pub(crate) fn refund(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    agent: &HolderNumber,
    amount: Yen,
    note: &str,
    doer: &Doer<Hat>,
) -> Result<(), Stop> {
    bearable("note", note)?;
    let agent = find_agent(tx, scope, agent)?.ok_or_else(no::no_agent)?;
    if !accounts::refund(tx, scope, agent.id, amount, note, claims.now())? {
        return Err(no::refund_too_much(accounts::balance(tx, agent.id)?).into());
    }
    claims.enter_in_ledger(tx, REFUNDED, scope, doer, format!("claims.holder:{}", agent.id.0))
}

/// Registers the payment of applications of one agent: of all of them or of none.
pub(crate) fn pay(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    agent: &HolderNumber,
    picked: &[Picked],
    doer: &Doer<Hat>,
) -> Result<(), Stop> {
    let agent = find_agent(tx, scope, agent)?.ok_or_else(no::no_agent)?;
    let now = claims.now();
    for Picked { number, version } in picked {
        let id = find::by_number(tx, scope, *number)?.ok_or(Halt::NoCase)?;
        let theirs = rows::load(tx, id)?.filter(|case| case.case.application().holder == agent.id);
        theirs.ok_or(Halt::NoCase)?;
        let command = Command::RegisterPayment;
        act(tx, claims.cases(), id, Some(*version), &command, doer, claims.means(now))?;
    }
    Ok(())
}
