//! The money of agents (C10): transfers that reached the federation, and what was done with them.
//!
//! Nothing is ever changed or taken away: a payment that is undone, or money sent back, is an entry of its own. The
//! balance of an agent is the sum of its deposits and of its entries, kept beside them (`claims_account`). It is below
//! nothing only where the bank took back money that was spent.

pub(crate) mod walk;

use crate::{case::Case, words::HolderId};
use core_words::{UtcMicros, Yen};
use kit_desk::Stored;
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// A transfer that reached the federation's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// Its id.
    pub id: i64,
    /// How often it was changed: 1, 2 …
    pub version: i64,
    /// Whose it is, once that is known.
    pub holder: Option<HolderId>,
    /// The day as the bank has it: its first microsecond in Japan.
    pub day: UtcMicros,
    /// How much; less than nothing where the bank took back what it had told of before.
    pub amount: Yen,
    /// Who paid, in the words of the bank.
    pub payer: String,
    /// The bank's own reference; may be empty.
    pub reference: String,
    /// What the clerk noted.
    pub note: String,
    /// When it was entered here.
    pub entered: UtcMicros,
}

/// A transfer about to be entered.
#[derive(Clone, Debug)]
pub(crate) struct NewDeposit<'a> {
    /// Whose it is, if that is known.
    pub(crate) holder: Option<HolderId>,
    /// The day as the bank has it: its first microsecond in Japan.
    pub(crate) day: UtcMicros,
    /// How much; less than nothing where the bank took it back.
    pub(crate) amount: Yen,
    /// Who paid, in the words of the bank.
    pub(crate) payer: &'a str,
    /// The bank's own reference.
    pub(crate) reference: &'a str,
    /// What the clerk noted.
    pub(crate) note: &'a str,
    /// By what the same transfer is known again; `None` for one that was typed in.
    pub(crate) fingerprint: Option<&'a [u8]>,
}

/// What was done with an agent's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// The fee of an application was paid.
    Payment,
    /// A payment was undone.
    Undone,
    /// Money was sent back.
    Refund,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was done.
    pub kind: EntryKind,
    /// Negative when it left the balance.
    pub amount: Yen,
    /// The number of the case, where it is about one.
    pub case: Option<String>,
    /// What the clerk noted.
    pub note: String,
    /// When.
    pub at: UtcMicros,
}

impl EntryKind {
    const ALL: [Self; 3] = [Self::Payment, Self::Undone, Self::Refund];

    /// Its name for programs.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Undone => "undone",
            Self::Refund => "refund",
        }
    }

    fn code(self) -> i16 {
        match self {
            Self::Payment => 1,
            Self::Undone => 2,
            Self::Refund => 3,
        }
    }

    fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What came from an agent and is not spent.
pub(crate) fn balance(tx: &mut Tx, holder: HolderId) -> Result<Yen, StoreError> {
    let row = tx.query_opt("SELECT balance_yen FROM claims_account WHERE holder = $1", params![holder.0])?;
    row.map_or(Ok(Yen(0)), |row| row.get(0).map(Yen))
}

/// Keeps the balance of an agent, in the transaction of the deposit or entry that changes it.
fn add(tx: &mut Tx, scope: &Scope, holder: HolderId, amount: Yen) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO claims_account (holder, operator_id, balance_yen) VALUES ($1, $2, $3) \
         ON CONFLICT (holder) DO UPDATE SET balance_yen = claims_account.balance_yen + excluded.balance_yen",
        params![holder.0, scope.operator().as_str(), amount.0],
    )?;
    Ok(())
}

/// The fee of a case leaves the balance of its agent. That there is enough was decided in the same transaction.
pub(crate) fn pay(tx: &mut Tx, case: &Stored<Case>, fee: Yen, now: UtcMicros) -> Result<(), StoreError> {
    about_case(tx, case, EntryKind::Payment, Yen(-fee.0), now)
}

/// The fee of a case comes back.
pub(crate) fn unpay(tx: &mut Tx, case: &Stored<Case>, fee: Yen, now: UtcMicros) -> Result<(), StoreError> {
    about_case(tx, case, EntryKind::Undone, fee, now)
}

fn about_case(
    tx: &mut Tx,
    case: &Stored<Case>,
    kind: EntryKind,
    amount: Yen,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let holder = case.case.application().holder;
    enter(tx, &Scope::of_the_house(case.operator.clone()), holder, kind, amount, Some(case.id), "", now)
}

/// Money is sent back; whether the balance had that much.
pub(crate) fn refund(
    tx: &mut Tx,
    scope: &Scope,
    holder: HolderId,
    amount: Yen,
    note: &str,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    if amount.0 <= 0 || balance(tx, holder)?.0 < amount.0 {
        return Ok(false);
    }
    enter(tx, scope, holder, EntryKind::Refund, Yen(-amount.0), None, note, now)?;
    Ok(true)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn enter(
    tx: &mut Tx,
    scope: &Scope,
    holder: HolderId,
    kind: EntryKind,
    amount: Yen,
    case: Option<i64>,
    note: &str,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let id = tx.next_id()?;
    tx.execute(
        "INSERT INTO claims_account_entry (id, operator_id, holder, kind, amount_yen, case_id, note, at_us) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, scope.operator().as_str(), holder.0, kind.code(), amount.0, case, note, now],
    )?;
    add(tx, scope, holder, amount)
}

/// Enters a transfer; `None` when the same one was entered before.
pub(crate) fn deposit(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewDeposit<'_>,
    now: UtcMicros,
) -> Result<Option<i64>, StoreError> {
    let id = tx.next_id()?;
    let typed = format!("typed:{id}");
    let entered = tx.execute(
        "INSERT INTO claims_deposit (id, operator_id, version, holder, day_us, amount_yen, payer, reference, note, \
         fingerprint, entered_us) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (operator_id, fingerprint) DO NOTHING",
        params![
            id,
            scope.operator().as_str(),
            new.holder.map(|holder| holder.0),
            new.day,
            new.amount.0,
            new.payer,
            new.reference,
            new.note,
            new.fingerprint.unwrap_or(typed.as_bytes()),
            now,
        ],
    )?;
    if let (1, Some(holder)) = (entered, new.holder) {
        add(tx, scope, holder, new.amount)?;
    }
    Ok((entered == 1).then_some(id))
}

/// Says whose a transfer is; whether nobody had said so before.
pub(crate) fn assign(
    tx: &mut Tx,
    scope: &Scope,
    deposit: i64,
    holder: HolderId,
    note: &str,
) -> Result<bool, StoreError> {
    let changed = tx.query_opt(
        "UPDATE claims_deposit SET holder = $1, note = $2, version = version + 1 \
         WHERE id = $3 AND operator_id = $4 AND holder IS NULL RETURNING amount_yen",
        params![holder.0, note, deposit, scope.operator().as_str()],
    )?;
    if let Some(row) = &changed {
        add(tx, scope, holder, Yen(row.get(0)?))?;
    }
    Ok(changed.is_some())
}

/// The columns of a transfer.
const DEPOSIT: &str = "id, version, holder, day_us, amount_yen, payer, reference, note, entered_us";

/// A transfer.
pub(crate) fn load(tx: &mut Tx, scope: &Scope, id: i64) -> Result<Option<Deposit>, StoreError> {
    let sql = format!("SELECT {DEPOSIT} FROM claims_deposit WHERE id = $1 AND operator_id = $2");
    tx.query_opt(&sql, params![id, scope.operator().as_str()])?.as_ref().map(parse).transpose()
}

/// Transfers of which nobody knows whose they are, the oldest first.
pub(crate) fn unmatched(tx: &mut Tx, scope: &Scope, most: i64) -> Result<Vec<Deposit>, StoreError> {
    let sql = format!(
        "SELECT {DEPOSIT} FROM claims_deposit WHERE operator_id = $1 AND holder IS NULL ORDER BY day_us, id LIMIT $2"
    );
    tx.query(&sql, params![scope.operator().as_str(), most])?.iter().map(parse).collect()
}

/// The transfers of an agent, the youngest first.
pub(crate) fn deposits(tx: &mut Tx, holder: HolderId, most: i64) -> Result<Vec<Deposit>, StoreError> {
    let sql = format!(
        "SELECT {DEPOSIT} FROM claims_deposit WHERE holder = $1 ORDER BY day_us DESC, id DESC LIMIT $2"
    );
    tx.query(&sql, params![holder.0, most])?.iter().map(parse).collect()
}

/// What was done with an agent's money, the last first.
pub(crate) fn entries(tx: &mut Tx, holder: HolderId, most: i64) -> Result<Vec<Entry>, StoreError> {
    let rows = tx.query(
        "SELECT e.id, e.kind, e.amount_yen, c.number, e.note, e.at_us FROM claims_account_entry e \
         LEFT JOIN claims_case c ON c.id = e.case_id WHERE e.holder = $1 ORDER BY e.at_us DESC, e.id DESC LIMIT $2",
        params![holder.0, most],
    )?;
    rows.iter().map(parse_entry).collect()
}

fn parse_entry(row: &Row) -> Result<Entry, StoreError> {
    let (id, kind): (i64, i16) = (row.get(0)?, row.get(1)?);
    let corrupt = || StoreError::Corrupt(format!("claims_account_entry {id}: kind"));
    Ok(Entry {
        kind: EntryKind::of_code(kind).ok_or_else(corrupt)?,
        amount: Yen(row.get(2)?),
        case: row.get(3)?,
        note: row.get(4)?,
        at: row.get(5)?,
    })
}

/// An agent whose money or applications somebody has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Concerned {
    pub(crate) holder: HolderId,
    pub(crate) balance: Yen,
    /// How many of its applications wait for their fee, and what they cost together.
    pub(crate) waiting: u64,
    pub(crate) fees: Yen,
}

/// Agents with money that is not spent, or that is missing, or with an application that waits for it, in the order of
/// their IDs, from the one behind `after` on.
pub(crate) fn concerned(
    tx: &mut Tx,
    scope: &Scope,
    after: &str,
    most: i64,
) -> Result<Vec<Concerned>, StoreError> {
    let rows = tx.query(
        "SELECT h.id, coalesce(a.balance_yen, 0), coalesce(c.n, 0), CAST(coalesce(c.yen, 0) AS BIGINT) \
         FROM claims_holder h LEFT JOIN claims_account a ON a.holder = h.id \
         LEFT JOIN (SELECT holder, count(*) AS n, sum(fee_yen) AS yen FROM claims_case \
         WHERE operator_id = $1 AND status = 2 GROUP BY holder) c ON c.holder = h.id \
         WHERE h.operator_id = $1 AND h.number > $3 AND h.id IN ( \
         SELECT holder FROM claims_account WHERE operator_id = $1 AND balance_yen <> 0 \
         UNION SELECT holder FROM claims_case WHERE operator_id = $1 AND status = 2) \
         ORDER BY h.number LIMIT $2",
        params![scope.operator().as_str(), most, after],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Concerned {
                holder: HolderId(row.get(0)?),
                balance: Yen(row.get(1)?),
                waiting: row.get::<i64>(2)?.unsigned_abs(),
                fees: Yen(row.get(3)?),
            })
        })
        .collect()
}

/// The applications of an agent that wait for their fee, the oldest first: their ids.
pub(crate) fn waiting(tx: &mut Tx, holder: HolderId, most: i64) -> Result<Vec<i64>, StoreError> {
    let rows = tx.query(
        "SELECT id FROM claims_case WHERE holder = $1 AND status = 2 ORDER BY applied_us, id LIMIT $2",
        params![holder.0, most],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

fn parse(row: &Row) -> Result<Deposit, StoreError> {
    Ok(Deposit {
        id: row.get(0)?,
        version: row.get(1)?,
        holder: row.get::<Option<i64>>(2)?.map(HolderId),
        day: row.get(3)?,
        amount: Yen(row.get(4)?),
        payer: row.get(5)?,
        reference: row.get(6)?,
        note: row.get(7)?,
        entered: row.get(8)?,
    })
}

#[cfg(test)]
mod tests;
