//! Walking through cases from the oldest application to the youngest, a stretch at a time (K16): what is new comes at
//! the end, so that no case is met twice and none is missed, however long the walk takes.

use super::{Asked, COLUMNS, Line, Wanted, line};
use crate::words::ProviderId;
use core_words::CaseNumber;
use kit_gate::Scope;
use kit_store::{StoreError, Tx, params};

/// A stretch of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Walk {
    /// What is looked for; its order and its page are those of the walk.
    pub(crate) wanted: Wanted,
    /// Only the cases of this provider.
    pub(crate) provider: Option<ProviderId>,
    /// The case after which it goes on; `None` from the beginning.
    pub(crate) after: Option<CaseNumber>,
    /// How many cases at most.
    pub(crate) most: u32,
}

/// The next stretch; `None` when there is no case from which to go on.
pub(crate) fn walk(tx: &mut Tx, scope: &Scope, walk: &Walk) -> Result<Option<Vec<Line>>, StoreError> {
    let Asked { mut condition, mut values, .. } = Asked::new(scope, &walk.wanted);
    if let Some(provider) = walk.provider {
        values.push(provider.0.into());
        condition.push_str(&format!(" AND provider = ${}", values.len()));
    }
    if let Some(after) = walk.after {
        let place = tx.query_opt(
            "SELECT applied_us, id FROM claims_case WHERE operator_id = $1 AND number = $2",
            params![scope.operator().as_str(), after.to_string()],
        )?;
        let Some(place) = place else { return Ok(None) };
        let (at, id): (i64, i64) = (place.get(0)?, place.get(1)?);
        values.extend([at.into(), id.into()]);
        let (at, id) = (values.len() - 1, values.len());
        condition.push_str(&format!(" AND (applied_us > ${at} OR (applied_us = ${at} AND id > ${id}))"));
    }
    let most = walk.most;
    let sql =
        format!("SELECT {COLUMNS} FROM claims_case WHERE {condition} ORDER BY applied_us, id LIMIT {most}");
    tx.query(&sql, &values)?.iter().map(line).collect::<Result<_, _>>().map(Some)
}
