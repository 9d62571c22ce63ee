//! The rows of the desk, and all of its SQL.

pub(crate) mod accounts;
pub(crate) mod deletions;
pub(crate) mod expiry;
pub(crate) mod find;
pub(crate) mod holders;
pub(crate) mod holds;
pub(crate) mod letters;
pub(crate) mod lists;
pub(crate) mod mandates;
pub(crate) mod names;
pub(crate) mod offices;
pub(crate) mod offset;
pub(crate) mod reissues;
pub(crate) mod rows;
pub(crate) mod runs;
pub(crate) mod watch;

#[cfg(test)]
mod filled;
