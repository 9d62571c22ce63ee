//! Care providers (事業所, C23).

use crate::words::{ProviderId, ProviderNumber};
use core_words::{OperatorId, UtcMicros};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// A care provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// The federation that looks after it.
    pub operator: OperatorId,
    /// Its number.
    pub number: ProviderNumber,
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

/// A provider about to be entered.
#[derive(Clone, Debug)]
pub struct NewProvider<'a> {
    /// Its number.
    pub number: &'a ProviderNumber,
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

/// Enters a provider; `None` when there is one of this number.
pub(crate) fn insert(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewProvider<'_>,
    now: UtcMicros,
) -> Result<Option<ProviderId>, StoreError> {
    let id = tx.next_id()?;
    let entered = tx.execute(
        "INSERT INTO claims_provider (id, operator_id, number, name, kana, postal, address, phone, email, \
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
    Ok((entered == 1).then_some(ProviderId(id)))
}

/// The provider of this id.
pub(crate) fn load(tx: &mut Tx, id: ProviderId) -> Result<Option<Provider>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, operator_id, number, name, kana, postal, address, phone, email FROM claims_provider \
         WHERE id = $1",
        params![id.0],
    )?;
    row.as_ref().map(parse).transpose()
}

/// The hash of the issue password, and its version: 1, 2, 3 …
pub(crate) fn password(tx: &mut Tx, id: ProviderId) -> Result<Option<(String, i64)>, StoreError> {
    let row = tx.query_opt(
        "SELECT password_phc, password_version FROM claims_provider WHERE id = $1",
        params![id.0],
    )?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

fn parse(row: &Row) -> Result<Provider, StoreError> {
    let id: i64 = row.get(0)?;
    let corrupt = |column: &str| StoreError::Corrupt(format!("claims_provider {id}: {column}"));
    let (operator, number): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(Provider {
        id: ProviderId(id),
        operator: OperatorId::new(&operator).map_err(|_| corrupt("operator_id"))?,
        number: ProviderNumber::new(&number).ok_or_else(|| corrupt("number"))?,
        name: row.get(3)?,
        kana: row.get(4)?,
        postal: row.get(5)?,
        address: row.get(6)?,
        phone: row.get(7)?,
        email: row.get(8)?,
    })
}
