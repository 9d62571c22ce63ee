//! Packing: revocations for good move from the tail into segments, chunk by chunk.
//!
//! A list of a million is then read as some five hundred rows. Each chunk is one short transaction that takes
//! all of its rows or none; in between anything may crash, and the next run goes on.

use super::{ListError, snapshot::encode};
use crate::Ctx;
use authority_journal::{
    lists,
    segments::{self, Mark},
};
use kit_drill::point;
use kit_store::StoreError;
use std::sync::Arc;

/// Entries in a segment: as many as can be moved well within the time that a transaction may take.
pub const SEGMENT_ENTRIES: usize = 2_048;

/// How long the tails of all partitions of an authority may grow together before they are packed.
const TAILS: usize = 16 * SEGMENT_ENTRIES;

/// The shortest run that is tried where the disk is slow.
const SHORTEST: usize = 64;

/// The fewest entries worth a segment of their own.
const FEWEST: usize = 256;

/// Packs what lies in the tails, wherever it is enough for a segment; how many entries were moved.
///
/// # Errors
/// Those of the store. What was packed before stays packed.
pub async fn pack(ctx: &Arc<Ctx>) -> Result<u64, ListError> {
    pack_from(ctx, enough, SEGMENT_ENTRIES).await
}

/// The same with other sizes: tests have few entries.
pub(super) async fn pack_from(
    ctx: &Arc<Ctx>,
    enough: impl Fn(u16) -> usize,
    most: usize,
) -> Result<u64, ListError> {
    let (mut moved, mut most) = (0, most);
    for state in ctx.db.read(lists::survey).await? {
        let (scope, enough) = (Arc::new(state.scope), enough(state.partitions));
        loop {
            let asked = scope.clone();
            let end = ctx.db.read(move |tx| segments::run_end(tx, &asked, enough, most)).await?;
            let Some(end) = end else { break };
            let asked = scope.clone();
            match ctx.db.write_grouped(move |tx| segments::pack(tx, &asked, &end, encode_all)).await {
                Ok(count) => moved += count as u64,
                // A slow disk: smaller runs from now on.
                Err(StoreError::TooLong { .. }) if most >= 2 * SHORTEST => most /= 2,
                Err(error) => return Err(error.into()),
            }
            point("segment.packed");
        }
    }
    Ok(moved)
}

fn encode_all(marks: &[Mark]) -> Result<Vec<u8>, StoreError> {
    let mut body = Vec::with_capacity(marks.len() * 56);
    for mark in marks {
        encode(&mut body, mark)?;
    }
    Ok(body)
}

/// How many entries in the tail of one partition are packed: fewer where there are many partitions, since the
/// list of all reads the tails of all of them.
fn enough(partitions: u16) -> usize {
    (TAILS / usize::from(partitions).max(1)).clamp(FEWEST, SEGMENT_ENTRIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_partitions_are_packed_earlier_so_that_the_list_of_all_stays_quick() {
        assert_eq!([0, 1, 16, 32, 128, 1_000].map(enough), [2_048, 2_048, 2_048, 1_024, 256, 256]);
    }
}
