//! The SQL of table `gate_account`.

use super::{Account, AccountError, AccountKind, AccountState};
use crate::{AccountId, Scope};
use core_crypto::Dice;
use core_words::{Lang, OperatorId, UtcMicros};
use kit_store::{Row, StoreError, Tx, params, row};

const COLUMNS: &str = "id, operator, kind, login, name, subject, lang, state";

pub(super) struct New<'a> {
    pub(super) operator: &'a OperatorId,
    pub(super) kind: AccountKind,
    pub(super) login: &'a str,
    pub(super) name: &'a str,
    pub(super) subject: Option<&'a str>,
    pub(super) lang: Lang,
    pub(super) phc: Option<&'a str>,
    pub(super) roles: &'a [crate::Role],
}

/// One account by its number.
///
/// # Errors
/// Those of the store.
pub fn find(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM gate_account WHERE id = $1");
    tx.query_opt(&sql, params![id.0])?.map(|row| parse(&row)).transpose()
}

/// One account by what it signs in with; case matters.
///
/// # Errors
/// Those of the store.
pub fn find_by_login(tx: &mut Tx, kind: AccountKind, login: &str) -> Result<Option<Account>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM gate_account WHERE kind = $1 AND login = $2");
    tx.query_opt(&sql, params![kind_code(kind), login])?.map(|row| parse(&row)).transpose()
}

/// The accounts with a desk's reference, the oldest first, at most 100.
///
/// # Errors
/// Those of the store.
pub fn find_by_subject(tx: &mut Tx, scope: &Scope, subject: &str) -> Result<Vec<Account>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM gate_account WHERE operator = $1 AND subject = $2 ORDER BY created_us, id LIMIT 100"
    );
    tx.query(&sql, params![scope.operator().as_str(), subject])?.iter().map(parse).collect()
}

/// The accounts of one kind, by login, from after `after`; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn list(
    tx: &mut Tx,
    scope: &Scope,
    kind: AccountKind,
    after: &str,
    limit: u32,
) -> Result<Vec<Account>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM gate_account WHERE operator = $1 AND kind = $2 AND login > $3 ORDER BY login LIMIT $4"
    );
    let rows = tx.query(&sql, params![scope.operator().as_str(), kind_code(kind), after, limit])?;
    rows.iter().map(parse).collect()
}

/// Makes these accounts, each with a handle of its own; their numbers, in the same order.
pub(super) fn insert(
    tx: &mut Tx,
    dice: &dyn Dice,
    new: &[New<'_>],
    now: UtcMicros,
) -> Result<Vec<AccountId>, AccountError> {
    let mut ids = Vec::with_capacity(new.len());
    let mut rows = Vec::with_capacity(new.len());
    for new in new {
        let mut handle = [0; 16];
        dice.fill(&mut handle);
        let id = tx.next_id()?;
        ids.push(AccountId(id));
        rows.push(row![
            id,
            new.operator.as_str(),
            kind_code(new.kind),
            new.login,
            new.name,
            new.subject,
            lang_code(new.lang),
            new.phc,
            handle,
            now
        ]);
    }
    let inserted = tx.insert_many(
        "INSERT INTO gate_account (id, operator, kind, login, name, subject, lang, state, phc, handle, created_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10) ON CONFLICT (kind, login) DO NOTHING",
        &rows,
    )?;
    if inserted == new.len() as u64 { Ok(ids) } else { Err(first_taken(tx, &ids, new)?) }
}

/// The first of these that was not inserted, because its login belongs to another.
fn first_taken(tx: &mut Tx, ids: &[AccountId], new: &[New<'_>]) -> Result<AccountError, StoreError> {
    let rows: Vec<_> = ids.iter().map(|id| row![id.0]).collect();
    let found = tx.query_many("SELECT id FROM gate_account WHERE id = $1", &rows)?;
    let taken = found.iter().zip(new).find(|(found, _)| found.is_empty());
    Ok(AccountError::LoginTaken(taken.map_or_else(String::new, |(_, new)| new.login.to_owned())))
}

fn parse(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.get(0)?),
        operator: operator(row.get(1)?)?,
        kind: kind(row.get(2)?)?,
        login: row.get(3)?,
        name: row.get(4)?,
        subject: row.get(5)?,
        lang: lang(row.get(6)?)?,
        state: state(row.get(7)?)?,
    })
}

pub(crate) fn operator(text: &str) -> Result<OperatorId, StoreError> {
    OperatorId::new(text).map_err(|bad| StoreError::Corrupt(format!("gate_account.operator: {bad}")))
}

pub(crate) fn kind(code: i16) -> Result<AccountKind, StoreError> {
    match code {
        1 => Ok(AccountKind::Applicant),
        2 => Ok(AccountKind::Staff),
        other => Err(unknown("kind", other)),
    }
}

pub(crate) fn kind_code(kind: AccountKind) -> i16 {
    match kind {
        AccountKind::Applicant => 1,
        AccountKind::Staff => 2,
    }
}

pub(crate) fn lang(code: i16) -> Result<Lang, StoreError> {
    match code {
        1 => Ok(Lang::Ja),
        2 => Ok(Lang::En),
        other => Err(unknown("lang", other)),
    }
}

fn lang_code(lang: Lang) -> i16 {
    match lang {
        Lang::Ja => 1,
        Lang::En => 2,
    }
}

fn state(code: i16) -> Result<AccountState, StoreError> {
    match code {
        1 => Ok(AccountState::Active),
        2 => Ok(AccountState::Suspended),
        3 => Ok(AccountState::Closed),
        other => Err(unknown("state", other)),
    }
}

pub(super) fn state_code(state: AccountState) -> i16 {
    match state {
        AccountState::Active => 1,
        AccountState::Suspended => 2,
        AccountState::Closed => 3,
    }
}

fn unknown(column: &str, code: i16) -> StoreError {
    StoreError::Corrupt(format!("gate_account.{column} holds {code}, which this release does not know"))
}
