//! First transaction: the list takes its number and its times, and what it will cover is settled.

use super::{
    ListError,
    due::{self, Times},
};
use authority_journal::{
    authorities::{self, Authority, Generation},
    codes::GenerationState,
    lists::{self, List, ListKind, NewList, Scope},
};
use core_words::UtcMicros;
use kit_store::Tx;

/// Whose list it is: read before a number is taken, so that a locked key costs none.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
    pub(super) authority: Authority,
    pub(super) generation: Generation,
}

/// A list with a number, not yet written.
#[derive(Clone, Debug)]
pub(super) struct Numbered {
    /// Its row.
    pub(super) list: List,
    /// For a delta list: the place in the feed up to which its base covers everything.
    pub(super) since: i64,
    /// Segments settled before this time have left the list.
    pub(super) cut_off: UtcMicros,
}

/// Whose list it would be.
///
/// # Errors
/// [`ListError::NoSuchScope`].
pub(super) fn issuer(tx: &mut Tx, scope: &Scope, kind: ListKind) -> Result<Issuer, ListError> {
    let missing = || ListError::NoSuchScope(scope.clone());
    let authority = authorities::get(tx, &scope.authority)?.ok_or_else(missing)?;
    let generation = authorities::generation(tx, &scope.authority, scope.generation)?.ok_or_else(missing)?;
    let deltas = scope.partition == 0 && authority.schedule.delta_every_s > 0;
    let exists = scope.partition <= authority.partitions
        && generation.state != GenerationState::Ended
        && (kind == ListKind::Full || deltas);
    if exists { Ok(Issuer { authority, generation }) } else { Err(missing()) }
}

/// Takes the number.
///
/// # Errors
/// [`ListError::NoBase`] for a delta before the first full list.
pub(super) fn number(
    tx: &mut Tx,
    issuer: &Issuer,
    scope: &Scope,
    kind: ListKind,
    now: UtcMicros,
) -> Result<Numbered, ListError> {
    let series = lists::series(tx, scope)?;
    let base = match (kind, &series.full) {
        (ListKind::Full, _) => None,
        (ListKind::Delta, Some(full)) => Some(full),
        (ListKind::Delta, None) => return Err(ListError::NoBase(scope.clone())),
    };
    let current = [series.full.as_ref(), series.delta.as_ref()];
    let Times { this_update, next_update } = due::times(&issuer.authority.schedule, kind, current, now);
    let new = NewList {
        scope: scope.clone(),
        base: base.map(|full| full.number),
        this_update,
        next_update,
        created: now,
    };
    Ok(Numbered {
        list: lists::number(tx, &new)?,
        since: base.map_or(0, |full| full.feed_seq),
        cut_off: due::cut_off(series.full.as_ref(), now),
    })
}
