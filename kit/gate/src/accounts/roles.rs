//! The SQL of table `gate_role`.

use super::AccountError;
use crate::{AccountId, Gate, Role};
use core_words::{Actor, UtcMicros};
use kit_store::{StoreError, Tx, params, row};

/// The roles of an account, in the order of their names.
///
/// # Errors
/// Those of the store.
pub fn roles(tx: &mut Tx, id: AccountId) -> Result<Vec<Role>, StoreError> {
    let rows = tx.query("SELECT role FROM gate_role WHERE account = $1 ORDER BY role", params![id.0])?;
    rows.iter()
        .map(|row| {
            Role::parse(row.get(0)?).map_err(|bad| StoreError::Corrupt(format!("gate_role.role: {bad}")))
        })
        .collect()
}

/// Gives a role; whether the account had it not. It holds from the next request on.
///
/// # Errors
/// [`AccountError::NoSuchAccount`], and those of the store.
pub fn grant(
    tx: &mut Tx,
    gate: &Gate,
    id: AccountId,
    role: &Role,
    actor: &Actor,
    now: UtcMicros,
) -> Result<bool, AccountError> {
    if super::find(tx, id)?.is_none() {
        return Err(AccountError::NoSuchAccount(id));
    }
    let changed = insert(tx, id, role)?;
    if changed {
        note(tx, gate, "gate.role_granted", id, role, actor, now)?;
    }
    Ok(changed)
}

/// Takes a role away; whether the account had it. It is gone from the next request on.
///
/// # Errors
/// Those of the store.
pub fn withdraw(
    tx: &mut Tx,
    gate: &Gate,
    id: AccountId,
    role: &Role,
    actor: &Actor,
    now: UtcMicros,
) -> Result<bool, AccountError> {
    let sql = "DELETE FROM gate_role WHERE account = $1 AND role = $2";
    let changed = tx.execute(sql, params![id.0, role.as_str()])? > 0;
    if changed {
        note(tx, gate, "gate.role_withdrawn", id, role, actor, now)?;
    }
    Ok(changed)
}

fn insert(tx: &mut Tx, id: AccountId, role: &Role) -> Result<bool, StoreError> {
    Ok(insert_many(tx, [(id, role)])? > 0)
}

/// Gives these accounts these roles; how many were new.
pub(super) fn insert_many<'a>(
    tx: &mut Tx,
    roles: impl IntoIterator<Item = (AccountId, &'a Role)>,
) -> Result<u64, StoreError> {
    let rows: Vec<_> = roles.into_iter().map(|(id, role)| row![id.0, role.as_str()]).collect();
    tx.insert_many("INSERT INTO gate_role (account, role) VALUES ($1, $2) ON CONFLICT DO NOTHING", &rows)
}

fn note(
    tx: &mut Tx,
    gate: &Gate,
    kind: &'static str,
    id: AccountId,
    role: &Role,
    actor: &Actor,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let account = super::find(tx, id)?;
    gate.note(tx, kind, format_args!("{id}/{role}"), account.as_ref().map(|a| &a.operator), actor, now)
}
