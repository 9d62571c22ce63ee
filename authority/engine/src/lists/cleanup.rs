//! Clean-up: files of lists that nobody is served any more, and segments whose certificates have long expired.
//!
//! Nothing here touches `ca_revocation`: what became of a certificate can be asked for ever. And nothing is
//! deleted that a list still needs, even when the clock was wrong for a while: see [`settled_before`].

use super::{ListError, due};
use crate::Ctx;
use authority_journal::{
    codes::ListState,
    lists::{self, List, ListFile, ListKind, Scope, ScopeState},
    segments,
};
use core_words::UtcMicros;
use kit_store::StoreError;
use std::{collections::HashMap, sync::Arc};

/// Of each kind and scope, so many lists are kept besides the current one.
pub const KEPT_LISTS: usize = 3;

/// A list that was numbered this long ago and is not published will never be: a day.
const WRITING: i64 = 86_400 * 1_000_000;

/// Segments are kept this much longer than lists need them: a day.
const MARGIN: i64 = 86_400 * 1_000_000;

/// Segments deleted in one transaction.
const SEGMENTS_AT_ONCE: i64 = 64;

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CleanedUp {
    /// Files of lists.
    pub files: u64,
    /// Segments that stand on no list any more.
    pub segments: u64,
}

/// Deletes old files and segments.
///
/// # Errors
/// Those of the database and of the store of files. What was deleted before stays deleted.
pub async fn clean_up(ctx: &Arc<Ctx>) -> Result<CleanedUp, ListError> {
    let now = ctx.watch.now()?;
    let (states, files) =
        ctx.db.read(|tx| Ok::<_, StoreError>((lists::survey(tx)?, lists::files(tx)?))).await?;
    let (kept, idle) = sort_out(files, now);
    let mut done = CleanedUp::default();
    for file in idle {
        delete(ctx, file).await?;
        done.files += 1;
    }
    for state in &states {
        if let Some(before) = settled_before(state, &states, &kept, now) {
            done.segments += delete_segments(ctx, &state.scope, before).await?;
        }
    }
    Ok(done)
}

/// Lists that are kept, by scope, and those whose files may go.
fn sort_out(files: Vec<ListFile>, now: UtcMicros) -> (HashMap<Scope, Vec<List>>, Vec<ListFile>) {
    let mut kept: HashMap<Scope, Vec<List>> = HashMap::new();
    let mut idle = Vec::new();
    // The highest number of each scope comes first.
    for file in files {
        let keep = match file.list.state {
            ListState::Numbered => now.since(file.list.created) < WRITING,
            ListState::Abandoned => false,
            ListState::Published => {
                let kept = kept.entry(file.list.scope.clone()).or_default();
                let room = kept.iter().filter(|list| list.kind() == file.list.kind()).count() < KEPT_LISTS;
                if room {
                    kept.push(file.list.clone());
                }
                room
            }
        };
        if !keep {
            idle.push(file);
        }
    }
    (kept, idle)
}

/// Deletes a file, and only then forgets its name: a crash in between is made good by the next run.
async fn delete(ctx: &Arc<Ctx>, file: ListFile) -> Result<(), ListError> {
    if file.list.state == ListState::Numbered {
        let id = file.list.id;
        // Given up first: whoever still writes it cannot publish it any more.
        if !ctx.db.write(move |tx| lists::abandon(tx, id)).await? {
            return Ok(());
        }
    }
    let (blobs, name) = (ctx.blobs.clone(), file.blob);
    tokio::task::spawn_blocking(move || blobs.delete(&name)).await.map_err(std::io::Error::other)??;
    ctx.db.write(move |tx| lists::forget_file(tx, &file.list).map(drop)).await?;
    Ok(())
}

/// Segments of this partition that were settled before this time stand on no list and never will; `None` while
/// that cannot be said.
///
/// Two lists say entries of a partition, its own and the list of all. Of both, the current list and all that are
/// kept must have been made well after the time: an entry is deleted only when it has been missing from as many
/// lists as are kept, so that a clock that was wrong once deletes nothing.
fn settled_before(
    state: &ScopeState,
    all: &[ScopeState],
    kept: &HashMap<Scope, Vec<List>>,
    now: UtcMicros,
) -> Option<UtcMicros> {
    let of_all = Scope { partition: 0, ..state.scope.clone() };
    let mut before = now;
    for scope in [&state.scope, &of_all] {
        let current = all.iter().find(|other| other.scope == *scope)?.full.as_ref()?;
        let earlier: Vec<&List> =
            kept.get(scope)?.iter().filter(|list| list.kind() == ListKind::Full).collect();
        if earlier.len() < KEPT_LISTS {
            return None;
        }
        for list in earlier.into_iter().chain([current]) {
            before = before.min(due::cut_off(Some(list), now));
        }
    }
    Some(before.plus_micros(-MARGIN))
}

/// Deletes in short transactions until nothing is left that may go.
async fn delete_segments(ctx: &Arc<Ctx>, scope: &Scope, before: UtcMicros) -> Result<u64, StoreError> {
    let mut deleted = 0;
    loop {
        let scope = scope.clone();
        let count =
            ctx.db.write(move |tx| segments::delete_settled(tx, &scope, before, SEGMENTS_AT_ONCE)).await?;
        deleted += count;
        if count == 0 {
            return Ok(deleted);
        }
    }
}
