//! Who holds certificates: care providers (事業所) and agents (代理人) (C23).

use crate::words::{HolderId, HolderKind, HolderNumber};
use core_words::{OperatorId, UtcMicros};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

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

/// A holder about to be entered.
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
    /// The hash of its issue password.
    pub password_phc: &'a str,
}

/// Enters a holder; `None` when there is one of this number.
pub(crate) fn insert(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewHolder<'_>,
    now: UtcMicros,
) -> Result<Option<HolderId>, StoreError> {
    let id = tx.next_id()?;
    let entered = tx.execute(
        "INSERT INTO claims_holder (id, operator_id, number, name, kana, postal, address, phone, email, \
         password_phc, password_version, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11) \
         ON CONFLICT (operator_id, number) DO NOTHING",
        params![
            id,
            scope.operator().as_str(),
            new.number.as_str(),
            new.name,
            new.kana,
            new.postal,
            new.address,
            new.phone,
            new.email,
            new.password_phc,
            now,
        ],
    )?;
    Ok((entered == 1).then_some(HolderId(id)))
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

/// The hash of the issue password, and its version: 1, 2, 3 …
pub(crate) fn password(tx: &mut Tx, id: HolderId) -> Result<Option<(String, i64)>, StoreError> {
    let row = tx
        .query_opt("SELECT password_phc, password_version FROM claims_holder WHERE id = $1", params![id.0])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
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
