//! Ids: 63-bit numbers handed out in blocks from the table `store_id`.
//!
//! No clock and no node number is in them. Each writing connection takes a block in a physical transaction of its
//! own, so that no rollback can give a number back, and hands it out from memory. What a crash leaves of a block is
//! lost, which 63 bits can afford. After a restore [`Db::jump_ids`](crate::Db::jump_ids) skips what may have been
//! handed out since the backup.

use crate::{StoreError, Tx, sql};
use std::time::{Duration, Instant};

/// The least that is taken from the table at once.
pub(crate) const BLOCK: i64 = 1_000;
/// The most that is taken from the table at once: a batch of 500 issues with room to spare.
const LARGEST_BLOCK: i64 = 64_000;

/// Takes `$1` ids; the first of them.
pub(crate) const TAKE: &str = "UPDATE store_id SET next = next + $1 WHERE id = 1 RETURNING next - $1";

/// The table of blocks. The first id is 1: 0 is free to mean none.
pub(crate) const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS store_id (
    id   BIGINT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO store_id (id, next) VALUES (1, 1) ON CONFLICT DO NOTHING;";

/// Ids that were taken from the table: `first` and the `count - 1` after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdBlock {
    pub(crate) first: i64,
    pub(crate) count: i64,
}

/// The ids one connection has at hand.
#[derive(Debug)]
pub(crate) struct Ids {
    next: i64,
    end: i64,
    /// Taken since the transaction began; how far the next block must reach at least.
    taken: i64,
    block: i64,
    refilled: Instant,
    /// Which jump these ids belong to; after a later one they are not handed out.
    jump: u64,
}

impl Ids {
    pub(crate) fn new() -> Self {
        Self { next: 0, end: 0, taken: 0, block: BLOCK, refilled: Instant::now(), jump: 0 }
    }

    pub(crate) fn begin(&mut self) {
        self.taken = 0;
    }

    /// One id, if there is one. Counts also what is not there, so that [`Ids::wanted`] grows with the need.
    pub(crate) fn take(&mut self) -> Option<i64> {
        self.taken += 1;
        (self.next < self.end).then(|| {
            self.next += 1;
            self.next - 1
        })
    }

    /// Whether a new block should be taken before the next transaction begins.
    pub(crate) fn low(&self, jump: u64) -> bool {
        self.jump != jump || self.end - self.next < self.block / 4
    }

    /// How many ids to take now: blocks double while they last less than a second, and reach at least twice as
    /// far as the last transaction went.
    pub(crate) fn wanted(&mut self) -> i64 {
        let lasted = self.refilled.elapsed();
        if lasted < Duration::from_secs(1) && self.end > 0 {
            self.block = (self.block * 2).min(LARGEST_BLOCK);
        } else if lasted > Duration::from_secs(60) {
            self.block = BLOCK;
        }
        let need = self.taken.saturating_mul(2).max(self.block);
        (need + BLOCK - 1) / BLOCK * BLOCK
    }

    pub(crate) fn refill(&mut self, block: IdBlock, jump: u64) {
        self.refilled = Instant::now();
        // Blocks that join are used as one, so that what is left of the old one is not lost.
        if self.end != block.first || self.jump != jump {
            self.next = block.first;
        }
        self.end = block.first + block.count;
        self.jump = jump;
    }
}

/// Creates the table of blocks if it is not there.
pub(crate) fn create(tx: &mut Tx) -> Result<(), StoreError> {
    tx.batch(&sql::migration_for(tx.dialect(), SCHEMA))
}
