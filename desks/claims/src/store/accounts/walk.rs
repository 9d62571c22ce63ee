//! The money of agents for programs (K16): transfers and entries in the order in which they were entered, from a place on.

use super::{Deposit, Entry, parse, parse_entry};
use crate::{
    store::find::Place,
    words::{HolderId, HolderNumber},
};
use kit_gate::Scope;
use kit_store::{Row, StoreError, Tx, params};

/// Whose transfers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Whose {
    /// All of the federation.
    #[default]
    All,
    /// Those of which nobody knows whose they are.
    Nobodys,
    /// Those of this agent.
    Of(HolderId),
}

/// A transfer, and the ID of the agent whose it is.
pub(crate) type Owned = (Deposit, Option<HolderNumber>);

const OWNED: &str = "SELECT d.id, d.version, d.holder, d.day_us, d.amount_yen, d.payer, d.reference, d.note, \
                     d.entered_us, h.number FROM claims_deposit d LEFT JOIN claims_holder h ON h.id = d.holder";

/// A transfer.
pub(crate) fn deposit(tx: &mut Tx, scope: &Scope, id: i64) -> Result<Option<Owned>, StoreError> {
    let sql = format!("{OWNED} WHERE d.id = $1 AND d.operator_id = $2");
    tx.query_opt(&sql, params![id, scope.operator().as_str()])?.as_ref().map(owned).transpose()
}

/// Transfers behind a place.
pub(crate) fn deposits(
    tx: &mut Tx,
    scope: &Scope,
    whose: Whose,
    after: Place,
    most: u32,
) -> Result<Vec<Owned>, StoreError> {
    let (sql, most) = (stretch(whose), i64::from(most));
    let rows = match whose {
        Whose::All | Whose::Nobodys => {
            tx.query(&sql, params![scope.operator().as_str(), after.at, after.id, most])?
        }
        Whose::Of(holder) => tx.query(&sql, params![holder.0, after.at, after.id, most])?,
    };
    rows.iter().map(owned).collect()
}

/// An agent is of one federation, and so are its transfers.
fn stretch(whose: Whose) -> String {
    let of = match whose {
        Whose::All => "d.operator_id = $1",
        Whose::Nobodys => "d.operator_id = $1 AND d.holder IS NULL",
        Whose::Of(_) => "d.holder = $1",
    };
    format!("{OWNED} WHERE {of} AND (d.entered_us, d.id) > ($2, $3) ORDER BY d.entered_us, d.id LIMIT $4")
}

/// What was done with an agent's money behind a place; each with its id.
pub(crate) fn entries(
    tx: &mut Tx,
    holder: HolderId,
    after: Place,
    most: u32,
) -> Result<Vec<(i64, Entry)>, StoreError> {
    let rows = tx.query(
        "SELECT e.id, e.kind, e.amount_yen, c.number, e.note, e.at_us FROM claims_account_entry e \
         LEFT JOIN claims_case c ON c.id = e.case_id WHERE e.holder = $1 AND (e.at_us, e.id) > ($2, $3) \
         ORDER BY e.at_us, e.id LIMIT $4",
        params![holder.0, after.at, after.id, i64::from(most)],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, parse_entry(row)?))).collect()
}

fn owned(row: &Row) -> Result<Owned, StoreError> {
    let deposit = parse(row)?;
    let number: Option<String> = row.get(9)?;
    let number = match number {
        None => None,
        Some(text) => Some(HolderNumber::new(&text).ok_or_else(|| {
            StoreError::Corrupt(format!("claims_deposit {}: the number of its agent", deposit.id))
        })?),
    };
    Ok((deposit, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit_store::{Dialect, testing::both_with};

    #[test]
    fn k16_a_walk_through_transfers_is_read_from_the_index_of_its_order() {
        both_with(&[crate::COMPONENT], async |db| {
            let done = db.write(|tx| {
                if tx.dialect() != Dialect::Sqlite {
                    // Its plans depend on what is stored.
                    return Ok(());
                }
                for (whose, index) in [
                    (Whose::All, "claims_deposit_walk "),
                    (Whose::Nobodys, "claims_deposit_walk_open "),
                    (Whose::Of(HolderId(1)), "claims_deposit_walk_of "),
                ] {
                    let sql = format!("EXPLAIN QUERY PLAN {}", stretch(whose));
                    let (first, none) = (1_i64, 0_i64);
                    let mut plan = String::new();
                    for row in tx.query(&sql, params![first, none, none, first])? {
                        plan.push_str(&row.get::<String>(3)?);
                        plan.push('\n');
                    }
                    assert!(plan.contains(index) && !plan.contains("SCAN claims"), "{whose:?}: {plan}");
                    assert!(!plan.contains("B-TREE"), "{whose:?}: {plan}");
                }
                Ok::<_, StoreError>(())
            });
            done.await.expect("explained");
        });
    }
}
