//! Who holds certificates: care providers (事業所) and agents (代理人) (C23).

use crate::{
    store::names::{Called, finding_of},
    words::{HolderId, HolderKind, HolderNumber},
};
use core_words::{OperatorId, UtcMicros};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params, row};

/// The states of a record.
const ACTIVE: i16 = 1;
const CLOSED: i16 = 2;

/// A care provider or an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its id.
    pub id: HolderId,
    /// The federation that looks after it.
    pub operator: OperatorId,
    /// Its number.
    pub number: HolderNumber,
    /// Its name.
    pub name: String,
    /// Its name in katakana.
    pub kana: String,
    /// Postal code, seven digits.
    pub postal: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Where notices are sent unless an application says otherwise.
    pub email: String,
}

/// A holder about to be entered, or what its record is changed to.
#[derive(Clone, Debug)]
pub struct NewHolder<'a> {
    /// Its number.
    pub number: &'a HolderNumber,
    /// Its name.
    pub name: &'a str,
    /// Its name in katakana.
    pub kana: &'a str,
    /// Postal code, seven digits.
    pub postal: &'a str,
    /// Address.
    pub address: &'a str,
    /// Telephone.
    pub phone: &'a str,
    /// Where notices are sent.
    pub email: &'a str,
}

/// A holder as it is managed (事業所管理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// It.
    pub holder: Holder,
    /// How often it was changed: 1, 2 …
    pub version: i64,
    /// When it was changed last.
    pub changed: UtcMicros,
    /// By whose account; none for the command line.
    pub changed_by: Option<i64>,
    /// Whether it claims no longer (廃止).
    pub closed: bool,
    /// How many letters with passwords were printed.
    pub letters: i64,
    /// When the last one was.
    pub letter: Option<UtcMicros>,
}

/// Who changes a record, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct By {
    pub(crate) account: Option<i64>,
    pub(crate) now: UtcMicros,
}

/// Enters holders in one statement, without issue passwords as yet; `None` when there is one of any of these numbers: the
/// transaction is to end then, others may have been entered.
pub(crate) fn insert_many(
    tx: &mut Tx,
    scope: &Scope,
    new: &[NewHolder<'_>],
    by: By,
) -> Result<Option<Vec<HolderId>>, StoreError> {
    let ids = new.iter().map(|_| tx.next_id().map(HolderId)).collect::<Result<Vec<_>, _>>()?;
    let found: Vec<String> = new.iter().map(|new| finding_of(&called(new))).collect();
    let rows: Vec<_> = new
        .iter()
        .zip(&ids)
        .zip(&found)
        .map(|((new, id), find)| {
            row![
                id.0,
                scope.operator().as_str(),
                new.number.as_str(),
                new.name,
                new.kana,
                new.postal,
                new.address,
                new.phone,
                new.email,
                by.now,
                by.account,
                find,
            ]
        })
        .collect();
    let entered = tx.insert_many(
        "INSERT INTO claims_holder (id, operator_id, number, name, kana, postal, address, phone, email, \
         password_phc, password_version, created_us, version, changed_us, changed_by, state, letters, find) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, $10, 1, $10, $11, 1, 0, $12) \
         ON CONFLICT (operator_id, number) DO NOTHING",
        &rows,
    )?;
    Ok((entered == new.len() as u64).then_some(ids))
}

/// Changes the record of a holder, but its number; whether it still was in version `seen`.
pub(crate) fn change(
    tx: &mut Tx,
    id: HolderId,
    seen: i64,
    new: &NewHolder<'_>,
    by: By,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE claims_holder SET name = $1, kana = $2, postal = $3, address = $4, phone = $5, email = $6, \
         find = $7, version = version + 1, changed_us = $8, changed_by = $9 WHERE id = $10 AND version = $11",
        params![
            new.name,
            new.kana,
            new.postal,
            new.address,
            new.phone,
            new.email,
            finding_of(&called(new)),
            by.now,
            by.account,
            id.0,
            seen,
        ],
    )?;
    Ok(changed == 1)
}

/// Closes a record, or opens it again; whether it still was in version `seen`.
pub(crate) fn set_closed(
    tx: &mut Tx,
    id: HolderId,
    seen: i64,
    closed: bool,
    by: By,
) -> Result<bool, StoreError> {
    let (from, to) = if closed { (ACTIVE, CLOSED) } else { (CLOSED, ACTIVE) };
    let changed = tx.execute(
        "UPDATE claims_holder SET state = $1, version = version + 1, changed_us = $2, changed_by = $3 \
         WHERE id = $4 AND version = $5 AND state = $6",
        params![to, by.now, by.account, id.0, seen, from],
    )?;
    Ok(changed == 1)
}

/// Gives a holder the issue password of a letter: it replaces the one before at once (C5). Whether the record still was
/// in version `seen`, and is not closed.
pub(crate) fn set_password(
    tx: &mut Tx,
    id: HolderId,
    seen: i64,
    phc: &str,
    by: By,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE claims_holder SET password_phc = $1, password_version = password_version + 1, \
         letters = letters + 1, letter_us = $2, version = version + 1, changed_us = $2, changed_by = $3 \
         WHERE id = $4 AND version = $5 AND state = 1",
        params![phc, by.now, by.account, id.0, seen],
    )?;
    Ok(changed == 1)
}

/// The holder of this id.
pub(crate) fn load(tx: &mut Tx, id: HolderId) -> Result<Option<Holder>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, operator_id, number, name, kana, postal, address, phone, email FROM claims_holder \
         WHERE id = $1",
        params![id.0],
    )?;
    row.as_ref().map(parse).transpose()
}

/// The holder of this number.
pub(crate) fn by_number(
    tx: &mut Tx,
    scope: &Scope,
    number: &HolderNumber,
) -> Result<Option<Holder>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, operator_id, number, name, kana, postal, address, phone, email FROM claims_holder \
         WHERE operator_id = $1 AND number = $2",
        params![scope.operator().as_str(), number.as_str()],
    )?;
    row.as_ref().map(parse).transpose()
}

/// Who this is.
pub(crate) fn kind(tx: &mut Tx, id: HolderId) -> Result<HolderKind, StoreError> {
    let row = tx.query_opt("SELECT number FROM claims_holder WHERE id = $1", params![id.0])?;
    let number = row.map(|row| row.get::<String>(0)).transpose()?.and_then(|text| HolderNumber::new(&text));
    let corrupt = || StoreError::Corrupt(format!("claims_holder {}: number", id.0));
    Ok(number.ok_or_else(corrupt)?.kind())
}

/// The hash of the issue password, and its version: 1, 2, 3 … None before the first letter was printed.
pub(crate) fn password(tx: &mut Tx, id: HolderId) -> Result<Option<(String, i64)>, StoreError> {
    let row = tx.query_opt(
        "SELECT password_phc, password_version FROM claims_holder WHERE id = $1 AND password_phc <> ''",
        params![id.0],
    )?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// The columns of a record, those of its holder first.
pub(super) const RECORD: &str = "id, operator_id, number, name, kana, postal, address, phone, email, \
                      version, changed_us, changed_by, state, letters, letter_us";

/// The record of this number.
pub(crate) fn record(
    tx: &mut Tx,
    scope: &Scope,
    number: &HolderNumber,
) -> Result<Option<Record>, StoreError> {
    let sql = format!("SELECT {RECORD} FROM claims_holder WHERE operator_id = $1 AND number = $2");
    tx.query_opt(&sql, params![scope.operator().as_str(), number.as_str()])?
        .as_ref()
        .map(parse_record)
        .transpose()
}

/// The record of each of these numbers, in their order.
pub(crate) fn records<'a>(
    tx: &mut Tx,
    scope: &Scope,
    numbers: impl IntoIterator<Item = &'a HolderNumber>,
) -> Result<Vec<Option<Record>>, StoreError> {
    let sql = format!("SELECT {RECORD} FROM claims_holder WHERE operator_id = $1 AND number = $2");
    let operator = scope.operator().as_str();
    let rows: Vec<_> = numbers.into_iter().map(|number| row![operator, number.as_str()]).collect();
    let found = tx.query_many(&sql, &rows)?;
    found.iter().map(|rows| rows.first().map(parse_record).transpose()).collect()
}

/// Records in the order of their numbers, from after `after`, at most `most`: for files.
pub(crate) fn records_after(
    tx: &mut Tx,
    scope: &Scope,
    after: &str,
    most: i64,
) -> Result<Vec<Record>, StoreError> {
    let sql = format!(
        "SELECT {RECORD} FROM claims_holder WHERE operator_id = $1 AND number > $2 ORDER BY number LIMIT $3"
    );
    tx.query(&sql, params![scope.operator().as_str(), after, most])?.iter().map(parse_record).collect()
}

/// Records that no letter was printed for, in the order of their numbers, at most `most`.
pub(crate) fn unlettered(tx: &mut Tx, scope: &Scope, most: i64) -> Result<Vec<Record>, StoreError> {
    let sql = format!(
        "SELECT {RECORD} FROM claims_holder WHERE operator_id = $1 AND letters = 0 AND state = 1 \
         ORDER BY number LIMIT $2"
    );
    tx.query(&sql, params![scope.operator().as_str(), most])?.iter().map(parse_record).collect()
}

/// One of [`RECORD`].
pub(super) fn parse_record(row: &Row) -> Result<Record, StoreError> {
    Ok(Record {
        holder: parse(row)?,
        version: row.get(9)?,
        changed: row.get(10)?,
        changed_by: row.get(11)?,
        closed: row.get::<i16>(12)? == CLOSED,
        letters: row.get(13)?,
        letter: row.get(14)?,
    })
}

fn called<'a>(new: &NewHolder<'a>) -> Called<'a> {
    Called { number: new.number.as_str(), name: new.name, kana: new.kana }
}

fn parse(row: &Row) -> Result<Holder, StoreError> {
    let id: i64 = row.get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("claims_holder {id}: {column}"));
    let (operator, number): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(Holder {
        id: HolderId(id),
        operator: OperatorId::new(&operator).map_err(|_| corrupt("operator_id"))?,
        number: HolderNumber::new(&number).ok_or_else(|| corrupt("number"))?,
        name: row.get(3)?,
        kana: row.get(4)?,
        postal: row.get(5)?,
        address: row.get(6)?,
        phone: row.get(7)?,
        email: row.get(8)?,
    })
}
