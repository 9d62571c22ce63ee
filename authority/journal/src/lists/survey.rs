//! What every scope has at present: for schedules, alarms and the repository's index.

use super::{COLUMNS, List, ListKind, Scope, Series, parse};
use crate::authorities::{self, ListSchedule};
use crate::codes::GenerationState;
use core_words::AuthorityId;
use kit_store::{StoreError, Tx, params};
use std::collections::HashMap;

/// One scope that must always have current lists, and what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeState {
    /// The scope.
    pub scope: Scope,
    /// Into how many partitions the authority's lists are split.
    pub partitions: u16,
    /// When its lists are to be made.
    pub schedule: ListSchedule,
    /// The full list that is served.
    pub full: Option<List>,
    /// The delta list that is served.
    pub delta: Option<List>,
}

impl ScopeState {
    /// Whether delta lists are made in this scope: only of the list of all, and only where the schedule says so.
    pub fn has_deltas(&self) -> bool {
        self.scope.partition == 0 && self.schedule.delta_every_s > 0
    }

    /// The kinds of lists that must be current.
    pub fn kinds(&self) -> &'static [ListKind] {
        if self.has_deltas() { &[ListKind::Full, ListKind::Delta] } else { &[ListKind::Full] }
    }

    /// The current list of this kind.
    pub fn current(&self, kind: ListKind) -> Option<&List> {
        match kind {
            ListKind::Full => self.full.as_ref(),
            ListKind::Delta => self.delta.as_ref(),
        }
    }
}

/// Every scope that must have current lists: of each authority, each generation that has not ended.
///
/// The cost is that of the authorities and their scopes; lists of the past are not looked at.
pub fn survey(tx: &mut Tx) -> Result<Vec<ScopeState>, StoreError> {
    let mut current = current_lists(tx)?;
    let mut generations: HashMap<AuthorityId, Vec<u16>> = HashMap::new();
    for row in tx.query(
        "SELECT authority, generation FROM ca_generation WHERE state <> $1 ORDER BY authority, generation",
        params![GenerationState::Ended.code()],
    )? {
        let authority = AuthorityId::new(row.get(0)?)
            .map_err(|e| StoreError::Corrupt(format!("ca_generation.authority: {e}")))?;
        generations.entry(authority).or_default().push(row.get(1)?);
    }
    let mut found = Vec::new();
    for authority in authorities::list(tx)? {
        for generation in generations.remove(&authority.id).unwrap_or_default() {
            for partition in 0..=authority.partitions {
                let scope = Scope { authority: authority.id.clone(), generation, partition };
                let Series { full, delta, .. } = current.remove(&scope).unwrap_or_default();
                let (partitions, schedule) = (authority.partitions, authority.schedule);
                found.push(ScopeState { scope, partitions, schedule, full, delta });
            }
        }
    }
    Ok(found)
}

/// Two joins instead of one with OR: each finds its row by the unique key, however long the series is.
fn current_lists(tx: &mut Tx) -> Result<HashMap<Scope, Series>, StoreError> {
    let mut found: HashMap<Scope, Series> = HashMap::new();
    for (kind, column) in [(ListKind::Full, "current_full"), (ListKind::Delta, "current_delta")] {
        let sql = format!(
            "SELECT {COLUMNS} FROM ca_list_series s JOIN ca_list l ON l.authority = s.authority \
             AND l.generation = s.generation AND l.partition_no = s.partition_no AND l.number = s.{column}"
        );
        for row in tx.query(&sql, params![])? {
            let list = parse(&row)?;
            let series = found.entry(list.scope.clone()).or_default();
            match kind {
                ListKind::Full => series.full = Some(list),
                ListKind::Delta => series.delta = Some(list),
            }
        }
    }
    Ok(found)
}
