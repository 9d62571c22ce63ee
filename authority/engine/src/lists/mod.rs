//! Lists: made on a schedule and soon after each revocation, published in one step, never a gap (K4).
//!
//! The order of deeds, each durable before the next:
//!
//! 1. **number**: the list takes the next number of its series and its times, in a transaction.
//! 2. **snapshot**: what it says is read from one snapshot, later than the number.
//! 3. **write**: segments and tail are streamed, hashed, signed and written to a file of a new name, which
//!    is then renamed into place.
//! 4. **publish**: a second transaction makes the list current, moves the feed and tells the ledger.
//!
//! A crash between any two leaves a number that is never used again and at most a file nobody refers to;
//! the next run begins anew. What was current stays current until the next list is.
//!
//! [`register`] has the jobs that do all this; [`request_soon`] is what a revocation calls; [`health`] is what
//! alarms ask.

mod build;
mod cleanup;
mod due;
mod error;
mod health;
mod jobs;
mod listed;
mod number;
mod pack;
mod snapshot;
mod soon;
#[cfg(test)]
mod tests;

pub use cleanup::{CleanedUp, KEPT_LISTS, clean_up};
pub use due::Life;
pub use error::ListError;
pub use health::{ListHealth, health};
pub use jobs::register;
pub(crate) use listed::listed;
pub use pack::{SEGMENT_ENTRIES, pack};
pub use soon::request_soon;

use crate::Ctx;
use authority_journal::{
    codes::{FeedKind, ListState},
    feed::{self, NewFeedEntry},
    lists::{self, List, ListKind, Publication, Scope, ScopeState, Written},
};
use core_words::{Actor, UtcMicros};
use kit_drill::point;
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Every kind of ledger entry that this module makes.
pub const LEDGER_KINDS: &[(&str, &str)] =
    &[("list.published", "the list became current; its number is in the subject, its SHA-256 is the object")];

/// What came of making a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is current.
    Current(List),
    /// Another one, made at the same time, was published first and says at least as much.
    Superseded(List),
}

impl Made {
    /// The list, current or not.
    pub fn list(&self) -> &List {
        match self {
            Self::Current(list) | Self::Superseded(list) => list,
        }
    }
}

/// Makes and publishes one list now, whether it is due or not.
///
/// # Errors
/// [`ListError`]; nothing was published then, and what was current still is.
pub async fn publish(ctx: &Arc<Ctx>, scope: &Scope, kind: ListKind) -> Result<Made, ListError> {
    let now = ctx.watch.now()?;
    let asked = scope.clone();
    let issuer = ctx.db.read(move |tx| number::issuer(tx, &asked, kind)).await?;
    let refused = |source| ListError::Key { scope: scope.clone(), source };
    let signer = ctx.signers.open(issuer.generation.key_id).await.map_err(refused)?;

    let (owner, asked) = (issuer.clone(), scope.clone());
    let numbered = ctx.db.write(move |tx| number::number(tx, &owner, &asked, kind, now)).await?;
    point("list.numbered");

    let subject = numbered.clone();
    let snapshot = ctx.db.read(move |tx| snapshot::take(tx, &subject)).await?;
    let (inner, runtime, subject) = (ctx.clone(), Handle::current(), numbered.clone());
    let written = tokio::task::spawn_blocking(move || {
        build::write(&inner, &runtime, &issuer, &signer, &subject, snapshot)
    });
    let written = match written.await {
        Ok(written) => written?,
        Err(broken) => return Err(ListError::File(std::io::Error::other(broken))),
    };

    let made = make_current(ctx, numbered.list, written, now).await?;
    point("list.published");
    let list = made.list();
    tracing::info!(list = %subject_of(list), entries = list.entries, octets = list.octets, "a list was made");
    Ok(made)
}

/// Makes and publishes whatever list is due; how many. Each stands or falls alone.
///
/// Due is what its pace demands, what was lost, and what does not cover a change that it should long cover.
///
/// # Errors
/// The first failure, after all others were tried.
pub async fn publish_due(ctx: &Arc<Ctx>) -> Result<usize, ListError> {
    let now = ctx.watch.now()?;
    let (mut made, mut failure) = (0, None);
    for (state, late) in ctx.db.read(move |tx| with_late_changes(tx, now)).await? {
        // A full list goes before the delta that builds on it; after it the delta is due as well.
        let mut renewed = false;
        for kind in state.kinds() {
            let wanted = renewed || late == Some(*kind) || due::is_due(&state, *kind, ctx.watch.now()?);
            if !wanted && file_is_there(ctx, state.current(*kind)).await? {
                continue;
            }
            match publish(ctx, &state.scope, *kind).await {
                Ok(_) => (made, renewed) = (made + 1, true),
                Err(ListError::NoBase(_)) => {}
                Err(error) => {
                    tracing::error!(scope = %state.scope, %kind, %error, "a list that is due was not made");
                    failure = failure.or(Some(error));
                }
            }
        }
    }
    failure.map_or(Ok(made), Err)
}

/// Every scope, and the kind of list that should cover a change and does not.
fn with_late_changes(tx: &mut Tx, now: UtcMicros) -> Result<Vec<(ScopeState, Option<ListKind>)>, StoreError> {
    let mut found = Vec::new();
    for state in lists::survey(tx)? {
        let newest = state.full.iter().chain(&state.delta).max_by_key(|list| list.feed_seq);
        let late = match newest {
            Some(list) => {
                let before = soon::late_before(&state.schedule, now);
                lists::has_late_change(tx, &state.scope, list.feed_seq, before)?
            }
            None => false,
        };
        let kind = if state.has_deltas() { ListKind::Delta } else { ListKind::Full };
        found.push((state, late.then_some(kind)));
    }
    Ok(found)
}

/// Whether the file of a current list is where it should be: a restored database may have come without.
async fn file_is_there(ctx: &Arc<Ctx>, list: Option<&List>) -> Result<bool, ListError> {
    let Some(name) = list.and_then(|list| list.blob.clone()) else {
        return Ok(list.is_none());
    };
    let blobs = ctx.blobs.clone();
    let found =
        tokio::task::spawn_blocking(move || blobs.open(&name)).await.map_err(std::io::Error::other)?;
    Ok(found?.is_some())
}

/// Second transaction: the list becomes current, with feed and ledger.
async fn make_current(
    ctx: &Arc<Ctx>,
    list: List,
    written: Written,
    now: UtcMicros,
) -> Result<Made, ListError> {
    let inner = ctx.clone();
    ctx.db
        .write(move |tx| {
            let done = List {
                feed_seq: written.feed_seq,
                entries: written.entries,
                octets: written.octets,
                sha256: Some(written.sha256),
                ..list.clone()
            };
            match lists::publish(tx, &list, &written)? {
                Publication::Superseded | Publication::NotWaiting => Ok(Made::Superseded(done)),
                Publication::Current => {
                    tell(tx, &inner, &done, now)?;
                    Ok(Made::Current(List { state: ListState::Published, ..done }))
                }
            }
        })
        .await
}

/// Moves the feed and tells the ledger (K8).
fn tell(tx: &mut Tx, ctx: &Ctx, list: &List, now: UtcMicros) -> Result<(), StoreError> {
    let entry = NewFeedEntry {
        kind: FeedKind::ListPublished,
        orderer: None,
        order_id: None,
        authority: &list.scope.authority,
        serial: None,
        number: Some(list.number),
        at: now,
    };
    feed::append(tx, &[entry])?;
    let mut act = Entry::new("list.published", Actor::system(), subject_of(list));
    act.object = list.sha256;
    ctx.ledger_append(tx, &[act], now)
}

/// How a list is named in the ledger and in logs: `list:claims-ca/1/p3#17`.
fn subject_of(list: &List) -> String {
    format!("list:{}#{}", list.scope, list.number)
}
