//! Walking through cases in the order of their numbers, a stretch at a time (K16). Numbers of a year are handed out one
//! after another, each in the transaction that opens its case: what is new comes at the end, so that no case is met
//! twice and none is missed, however long the walk takes. Times of applications and ids of rows are not so: of two
//! that came at once the earlier may be stored later.

use super::{Asked, COLUMNS, Line, Wanted, line};
use crate::words::HolderId;
use core_words::{CaseNumber, UtcMicros};
use kit_gate::Scope;
use kit_store::{StoreError, Tx};

/// A place in a walk through rows in the order in which they were entered: the row that was met last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// When it was entered.
    pub(crate) at: UtcMicros,
    /// Its id: of those entered in one moment, one is first.
    pub(crate) id: i64,
}

/// A stretch of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Walk {
    /// What is looked for; its order and its page are those of the walk.
    pub(crate) wanted: Wanted,
    /// Only the cases of this provider.
    pub(crate) holder: Option<HolderId>,
    /// The number after which it goes on; `None` from the beginning.
    pub(crate) after: Option<CaseNumber>,
    /// How many cases at most.
    pub(crate) most: u32,
}

/// The next stretch.
pub(crate) fn walk(tx: &mut Tx, scope: &Scope, walk: &Walk) -> Result<Vec<Line>, StoreError> {
    let Asked { from, mut condition, mut values, .. } = Asked::new(tx, scope, &walk.wanted)?;
    if let Some(holder) = walk.holder {
        values.push(holder.0.into());
        condition.push_str(&format!(" AND c.holder = ${}", values.len()));
    }
    if let Some(after) = walk.after {
        // Numbers have their digits and hyphens at the same places: their order as texts is that of the numbers,
        // whatever the collation.
        values.push(after.to_string().into());
        condition.push_str(&format!(" AND c.number > ${}", values.len()));
    }
    let most = walk.most;
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT c.id FROM {from} WHERE {condition} ORDER BY c.number LIMIT {most}) AS h \
         JOIN claims_case x ON x.id = h.id ORDER BY x.number"
    );
    tx.query(&sql, &values)?.iter().map(line).collect()
}
