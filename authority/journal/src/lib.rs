//! Tables of the issuing half: authorities, orders, certificates, revocations, lists, feed.
//!
//! This crate owns the SQL of the prefix `ca_` and nothing else does. Functions take a transaction and
//! plain values; what the values mean is decided in `authority-engine`. Rows are parsed: a row that makes
//! no sense is a named error, not a default.

pub mod authorities;
pub mod codes;
pub mod custody;
pub mod feed;
pub mod lists;
pub mod orderers;
pub mod orders;
pub mod published;
pub mod revocations;
pub mod segments;

use kit_store::{Component, migrations};

/// The tables of this crate, for `Db::migrate`.
pub const COMPONENT: Component = Component {
    name: "ca",
    migrations: migrations!(
        "../migrations/0001_authority.sql",
        "../migrations/0002_issuing.sql",
        "../migrations/0003_revocation.sql",
        "../migrations/0004_custody.sql"
    ),
};
