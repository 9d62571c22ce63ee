//! How the current lists stand: what readiness and alarms ask.

use super::due::{Life, life};
use authority_journal::lists::{self, List, ListKind, Scope};
use core_words::UtcMicros;
use kit_store::{StoreError, Tx};

/// How one list stands that must always be current.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListHealth {
    /// What it covers.
    pub scope: Scope,
    /// Full or delta.
    pub kind: ListKind,
    /// The list that is served; `None` when none was ever published.
    pub list: Option<List>,
    /// How much of its life is left; `None` without a list.
    pub life: Option<Life>,
    /// Seconds until its nextUpdate, negative when that has passed; `None` without a list.
    pub remaining_s: Option<i64>,
}

impl ListHealth {
    /// Whether all is well. Under half of its life a list should have been replaced already.
    pub fn is_good(&self) -> bool {
        self.life == Some(Life::Good)
    }
}

/// Every list that must be current at `now`, and how it stands. Costs one look at the current lists.
///
/// # Errors
/// Those of the store.
pub fn health(tx: &mut Tx, now: UtcMicros) -> Result<Vec<ListHealth>, StoreError> {
    let mut found = Vec::new();
    for state in lists::survey(tx)? {
        for kind in state.kinds() {
            let list = state.current(*kind).cloned();
            found.push(ListHealth {
                scope: state.scope.clone(),
                kind: *kind,
                life: list.as_ref().map(|list| life(list, now)),
                remaining_s: list.as_ref().map(|list| list.next_update.since(now).div_euclid(1_000_000)),
                list,
            });
        }
    }
    Ok(found)
}
