//! Drills: SIGKILL at every step and at random moments, a full disk, a lost database, locked keys, restore.
//!
//! Every drill runs the real binary. Seeds are printed; `WARIFU_DRILL_SEED` has one again. `WARIFU_DRILL_KILLS`
//! says how many random kills there are: 50 without it, 1,000 with `WARIFU_LONG=1`.

#![allow(
    clippy::print_stdout,
    reason = "which seed it was, and what was killed when, stands in the test's output"
)]

mod backups;
mod ceremonies;
mod database;
mod disk;
mod keys;
mod kills;
mod points;
mod restore;
mod scans;
mod town;
