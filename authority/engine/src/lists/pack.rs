//! Packing: revocations for good move from the tail into segments, chunk by chunk.
//!
//! A list of a million is then read as some five hundred rows. Each chunk is one short transaction that takes
//! all of its rows or none; in between anything may crash, and the next run goes on.

use super::{ListError, snapshot::encode};
use crate::Ctx;
use authority_journal::{
    lists::{self, Scope},
    segments::{self, Mark, NewSegment},
};
use core_words::UtcMicros;
use kit_drill::point;
use kit_store::StoreError;
use std::sync::Arc;

/// Entries in a segment: as many as can be moved well within the time that a transaction may take.
pub const SEGMENT_ENTRIES: usize = 2_048;

/// How long the tails of all partitions of an authority may grow together before they are packed.
const TAILS: usize = 16 * SEGMENT_ENTRIES;

/// The fewest entries worth a segment of their own.
const FEWEST: usize = 256;

/// Packs what lies in the tails, wherever it is enough for a segment; how many entries were moved.
///
/// # Errors
/// Those of the store. What was packed before stays packed.
pub async fn pack(ctx: &Arc<Ctx>) -> Result<u64, ListError> {
    let mut moved = 0;
    for state in ctx.db.read(lists::survey).await? {
        let enough = enough(state.partitions);
        while let Some(marks) = chunk(ctx, &state.scope, enough).await? {
            moved += marks.len() as u64;
            store(ctx, &state.scope, marks).await?;
            point("segment.packed");
        }
    }
    Ok(moved)
}

/// How many entries in the tail of one partition are packed: fewer where there are many partitions, since the
/// list of all reads the tails of all of them.
fn enough(partitions: u16) -> usize {
    (TAILS / usize::from(partitions).max(1)).clamp(FEWEST, SEGMENT_ENTRIES)
}

/// The next entries to be packed, or `None` when there are too few.
async fn chunk(ctx: &Arc<Ctx>, scope: &Scope, enough: usize) -> Result<Option<Vec<Mark>>, StoreError> {
    let scope = scope.clone();
    ctx.db
        .read(move |tx| {
            if !segments::has_packable(tx, &scope, enough)? {
                return Ok(None);
            }
            segments::packable(tx, &scope, SEGMENT_ENTRIES).map(Some)
        })
        .await
}

/// Stores one segment. Encoding is done before the transaction, which then only writes.
async fn store(ctx: &Arc<Ctx>, scope: &Scope, marks: Vec<Mark>) -> Result<(), StoreError> {
    let mut body = Vec::with_capacity(marks.len() * 56);
    for mark in &marks {
        encode(&mut body, mark)?;
    }
    let settled = marks.iter().map(Mark::settled).max().unwrap_or(UtcMicros(0));
    let segment = NewSegment { scope: scope.clone(), settled, body };
    ctx.db.write(move |tx| segments::pack(tx, &segment, &marks).map(drop)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_partitions_are_packed_earlier_so_that_the_list_of_all_stays_quick() {
        assert_eq!([0, 1, 16, 32, 128, 1_000].map(enough), [2_048, 2_048, 2_048, 1_024, 256, 256]);
    }
}
