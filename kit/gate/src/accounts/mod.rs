//! Accounts and their roles. Everything here takes part in the caller's transaction, so that a desk makes an account
//! together with its own rows, and appends to the ledger in it (K8, K9).

mod roles;
mod row;

pub use roles::{grant, roles, withdraw};
pub use row::{find, find_by_login, find_by_subject, list};
pub(crate) use row::{kind as parse_kind, lang as parse_lang, operator as parse_operator};

use crate::{AccountId, Gate, Role};
use core_words::{Actor, Lang, OperatorId, UtcMicros};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx, params};

/// The longest ID to sign in with, in characters of ASCII.
pub const MAX_LOGIN: usize = 64;
/// The longest name, in characters.
pub const MAX_NAME: usize = 200;

/// Who an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// Someone who applies: ID and password.
    Applicant,
    /// Someone of the staff: passkey or client certificate.
    Staff,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// Yes.
    Active,
    /// No, for the time being.
    Suspended,
    /// No, for good.
    Closed,
}

/// An account, without what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// The organisation it belongs to.
    pub operator: OperatorId,
    /// Who it is for.
    pub kind: AccountKind,
    /// The ID to sign in with; of staff the name in lists and at the command line. Case matters.
    pub login: String,
    /// The name of the person or office.
    pub name: String,
    /// The desk's own reference, opaque here: `claims.provider:123`.
    pub subject: Option<String>,
    /// The language in which it is written to.
    pub lang: Lang,
    /// Whether it may be used.
    pub state: AccountState,
}

/// An applicant's account to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewApplicant<'a> {
    /// The organisation.
    pub operator: &'a OperatorId,
    /// The ID to sign in with: 1 to 64 visible characters of ASCII. Unique among all applicants.
    pub login: &'a str,
    /// The name.
    pub name: &'a str,
    /// The desk's reference.
    pub subject: Option<&'a str>,
    /// The language.
    pub lang: Lang,
    /// The roles.
    pub roles: &'a [Role],
    /// The hashed password, from [`Gate::hash_password`]; `None` for one who cannot sign in yet.
    pub phc: Option<&'a str>,
}

/// A staff account to be made; it is entered by a one-time link first.
#[derive(Clone, Copy, Debug)]
pub struct NewStaff<'a> {
    /// The organisation.
    pub operator: &'a OperatorId,
    /// The name in lists and at the command line: 1 to 64 visible characters of ASCII. Unique among all staff.
    pub login: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// The language.
    pub lang: Lang,
    /// The roles.
    pub roles: &'a [Role],
}

/// Why something was not done to an account.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AccountError {
    /// The ID belongs to another account.
    #[error("there is an account of this kind with the login {0} already")]
    LoginTaken(String),
    /// Not a login.
    #[error("a login has 1 to 64 visible characters of ASCII")]
    BadLogin,
    /// Not a name.
    #[error("a name has 1 to 200 characters")]
    BadName,
    /// No such account, or not in a state in which this can be done.
    #[error("there is no {0} with which this can be done")]
    NoSuchAccount(AccountId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an applicant's account.
///
/// # Errors
/// Every [`AccountError`] but `NoSuchAccount`.
pub fn create_applicant(
    tx: &mut Tx,
    gate: &Gate,
    new: &NewApplicant<'_>,
    actor: &Actor,
    now: UtcMicros,
) -> Result<AccountId, AccountError> {
    let made = create_applicants(tx, gate, std::slice::from_ref(new), actor, now)?;
    Ok(made[0])
}

/// Makes the accounts of several applicants, in as few statements as that of one; all of them or none: the caller's
/// transaction is to end when this fails.
///
/// # Errors
/// As [`create_applicant`], of the first that cannot be made.
pub fn create_applicants(
    tx: &mut Tx,
    gate: &Gate,
    new: &[NewApplicant<'_>],
    actor: &Actor,
    now: UtcMicros,
) -> Result<Vec<AccountId>, AccountError> {
    let rows = new.iter().map(|new| row::New {
        operator: new.operator,
        kind: AccountKind::Applicant,
        login: new.login,
        name: new.name,
        subject: new.subject,
        lang: new.lang,
        phc: new.phc,
        roles: new.roles,
    });
    create(tx, gate, &rows.collect::<Vec<_>>(), actor, now)
}

/// Makes a staff account.
///
/// # Errors
/// Every [`AccountError`] but `NoSuchAccount`.
pub fn create_staff(
    tx: &mut Tx,
    gate: &Gate,
    new: &NewStaff<'_>,
    actor: &Actor,
    now: UtcMicros,
) -> Result<AccountId, AccountError> {
    let row = row::New {
        operator: new.operator,
        kind: AccountKind::Staff,
        login: new.login,
        name: new.name,
        subject: None,
        lang: new.lang,
        phc: None,
        roles: new.roles,
    };
    let made = create(tx, gate, &[row], actor, now)?;
    Ok(made[0])
}

fn create(
    tx: &mut Tx,
    gate: &Gate,
    new: &[row::New<'_>],
    actor: &Actor,
    now: UtcMicros,
) -> Result<Vec<AccountId>, AccountError> {
    for new in new {
        if !is_login(new.login) {
            return Err(AccountError::BadLogin);
        }
        check_name(new.name)?;
    }
    let ids = row::insert(tx, gate.dice(), new, now)?;
    roles::insert_many(
        tx,
        ids.iter().zip(new).flat_map(|(id, new)| new.roles.iter().map(|role| (*id, role))),
    )?;
    let created = |(id, new): (&AccountId, &row::New<'_>)| Entry {
        operator: Some(new.operator.clone()),
        ..Entry::new("gate.account_created", actor.clone(), id.to_string())
    };
    let entries: Vec<Entry> = ids.iter().zip(new).map(created).collect();
    kit_ledger::append_many(tx, &entries, now, gate.dice(), gate.digest())?;
    Ok(ids)
}

/// Whether a text may be an ID to sign in with.
#[must_use]
pub fn is_login(text: &str) -> bool {
    (1..=MAX_LOGIN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// Gives an applicant another password, by its hash, and ends every session: whoever stole the old one is out.
///
/// # Errors
/// [`AccountError::NoSuchAccount`] also for staff, who have no passwords, and for a closed account.
pub fn set_password(
    tx: &mut Tx,
    gate: &Gate,
    id: AccountId,
    phc: &str,
    actor: &Actor,
    now: UtcMicros,
) -> Result<(), AccountError> {
    let sql = "UPDATE gate_account SET phc = $1 WHERE id = $2 AND kind = 1 AND state <> 3";
    if tx.execute(sql, params![phc, id.0])? == 0 {
        return Err(AccountError::NoSuchAccount(id));
    }
    crate::session::end_all(tx, id, now)?;
    gate.note_of(tx, "gate.password_set", id, actor, now)?;
    Ok(())
}

/// Calls an account by another name, as whoever it is for is called by now. What it may do stays as it is.
///
/// # Errors
/// [`AccountError::BadName`], [`AccountError::NoSuchAccount`], and those of the store.
pub fn rename(
    tx: &mut Tx,
    gate: &Gate,
    id: AccountId,
    name: &str,
    actor: &Actor,
    now: UtcMicros,
) -> Result<(), AccountError> {
    check_name(name)?;
    if tx.execute("UPDATE gate_account SET name = $1 WHERE id = $2", params![name, id.0])? == 0 {
        return Err(AccountError::NoSuchAccount(id));
    }
    gate.note_of(tx, "gate.account_renamed", id, actor, now)?;
    Ok(())
}

fn check_name(name: &str) -> Result<(), AccountError> {
    let fits = !name.is_empty() && name.chars().count() <= MAX_NAME && !name.contains('\0');
    if fits { Ok(()) } else { Err(AccountError::BadName) }
}

/// Suspends an account, makes it active again or closes it; leaving `Active` ends its sessions and links at once.
/// A closed account stays closed.
///
/// # Errors
/// [`AccountError::NoSuchAccount`] when it is not in the state `from` any more.
pub fn set_state(
    tx: &mut Tx,
    gate: &Gate,
    id: AccountId,
    (from, to): (AccountState, AccountState),
    actor: &Actor,
    now: UtcMicros,
) -> Result<(), AccountError> {
    let sql = "UPDATE gate_account SET state = $1 WHERE id = $2 AND state = $3 AND state <> 3";
    if tx.execute(sql, params![row::state_code(to), id.0, row::state_code(from)])? == 0 {
        return Err(AccountError::NoSuchAccount(id));
    }
    if to != AccountState::Active {
        crate::session::end_all(tx, id, now)?;
        tx.execute("DELETE FROM gate_link WHERE account = $1", params![id.0])?;
    }
    let kind = match to {
        AccountState::Active => "gate.account_activated",
        AccountState::Suspended => "gate.account_suspended",
        AccountState::Closed => "gate.account_closed",
    };
    gate.note_of(tx, kind, id, actor, now)?;
    Ok(())
}

/// Takes every passkey and client certificate from an account, for one that was lost; ends its sessions. How many.
///
/// # Errors
/// Those of the store.
pub fn forget_credentials(
    tx: &mut Tx,
    gate: &Gate,
    id: AccountId,
    actor: &Actor,
    now: UtcMicros,
) -> Result<u64, AccountError> {
    let count = tx.execute("DELETE FROM gate_credential WHERE account = $1", params![id.0])?;
    crate::session::end_all(tx, id, now)?;
    gate.note_of(tx, "gate.credentials_removed", id, actor, now)?;
    Ok(count)
}
