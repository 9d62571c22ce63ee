//! Cases as rows, and all of the desk's SQL. A row whose columns do not fit its status is a named error.

use crate::{
    case::Case,
    status::Standing,
    words::{Application, Sentence},
};
use core_words::{CaseNumber, OperatorId, UtcMicros};
use kit_desk::{Status, Stored};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

const COLUMNS: &str = "id, number, operator_id, status, version, wish, received_us, settled_us, reason";

/// The id of the case of this number, if it is of this operator.
pub(crate) fn by_number(tx: &mut Tx, scope: &Scope, number: CaseNumber) -> Result<Option<i64>, StoreError> {
    let row = tx.query_opt(
        "SELECT id FROM newdesk_case WHERE number = $1 AND operator_id = $2",
        params![number.to_string(), scope.operator().as_str()],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// The case of this id.
pub(crate) fn load(tx: &mut Tx, id: i64) -> Result<Option<Stored<Case>>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM newdesk_case WHERE id = $1");
    tx.query_opt(&sql, params![id])?.as_ref().map(parse).transpose()
}

/// A new row, in version 1; its id.
pub(crate) fn insert(
    tx: &mut Tx,
    operator: &OperatorId,
    number: &str,
    case: &Case,
) -> Result<i64, StoreError> {
    let id = tx.next_id()?;
    let (application, (settled, reason)) = (case.application(), settled(case));
    tx.execute(
        "INSERT INTO newdesk_case (id, number, operator_id, status, version, wish, received_us, settled_us, reason) \
         VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8)",
        params![
            id,
            number,
            operator.as_str(),
            case.standing().code(),
            application.wish.as_str(),
            application.at,
            settled,
            reason,
        ],
    )?;
    Ok(id)
}

/// Stores `next` over `old`, if the row still has the status and the version of `old`; whether it had. What was asked
/// for is never changed.
pub(crate) fn update(tx: &mut Tx, old: &Stored<Case>, next: &Case) -> Result<bool, StoreError> {
    let (settled, reason) = settled(next);
    let changed = tx.execute(
        "UPDATE newdesk_case SET status = $1, version = version + 1, settled_us = $2, reason = $3 \
         WHERE id = $4 AND status = $5 AND version = $6",
        params![
            next.standing().code(),
            settled,
            reason,
            old.id,
            old.case.standing().code(),
            old.version,
        ],
    )?;
    Ok(changed == 1)
}

/// The columns that change with the status.
fn settled(case: &Case) -> (Option<UtcMicros>, Option<&str>) {
    match case {
        Case::Received(_) => (None, None),
        Case::Accepted { at, .. } | Case::Withdrawn { at, .. } => (Some(*at), None),
        Case::Declined { at, reason, .. } => (Some(*at), Some(reason.as_str())),
    }
}

fn parse(row: &Row) -> Result<Stored<Case>, StoreError> {
    let id: i64 = row.get(0)?;
    let nonsense =
        |column: &str| StoreError::Corrupt(format!("newdesk_case {id}: {column} does not fit the status"));
    let operator: String = row.get(2)?;
    let sentence = |text: &str, column| Sentence::new(text).ok_or_else(|| nonsense(column));
    let application = Application { wish: sentence(row.get(5)?, "wish")?, at: row.get(6)? };
    let (settled, reason): (Option<UtcMicros>, Option<&str>) = (row.get(7)?, row.get(8)?);
    let standing = Standing::of_code(row.get(3)?).ok_or_else(|| nonsense("status"))?;
    let case = match (standing, settled, reason) {
        (Standing::Received, None, None) => Case::Received(application),
        (Standing::Accepted, Some(at), None) => Case::Accepted { application, at },
        (Standing::Declined, Some(at), Some(reason)) => {
            Case::Declined { application, at, reason: sentence(reason, "reason")? }
        }
        (Standing::Withdrawn, Some(at), None) => Case::Withdrawn { application, at },
        _ => return Err(nonsense("settled_us, reason")),
    };
    Ok(Stored {
        id,
        number: row.get(1)?,
        operator: OperatorId::new(&operator).map_err(|_| nonsense("operator_id"))?,
        version: row.get(4)?,
        case,
    })
}
