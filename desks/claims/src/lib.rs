//! The claims desk (電子請求受付システム 証明書発行業務, seed 000): certificates for care providers
//! and their agents.
//!
//! | module | what |
//! |---|---|
//! | [`words`] | nouns |
//! | [`work`] | mass work: what a run does to each of its lines |
//! | [`status`] | statuses, deeds, hats, and the table between them (C20, C21) |
//! | [`case`] | a case: one variant for each status |
//! | [`command`] | what can be asked of a case |
//! | [`bank`] | what a file of the bank tells of transfers (C10) |
//! | [`calendar`] | the last day of a certificate as a file for calendars (C12) |
//! | [`rules`] | what a command makes of a case; pure |
//! | [`no`] | why not |
//! | [`service`] | what pages, the API and the command line ask |
//! | `store` | rows and SQL |
//! | `jobs`, `feed` | hand-over to the authority, and what comes back (C14–C17) |
//! | `web` | the pages, for people |
//! | `api` | the API, for machines (K16) |
//! | [`offset`] | months of the payment system, and their file (C18) |
//! | `tell`, [`papers`] | notices, mails, papers |
//! | [`settings`] | what a federation sets |

mod api;
pub mod bank;
pub mod calendar;
pub mod case;
mod cases;
pub mod command;
mod desk;
mod feed;
mod jobs;
pub mod no;
pub mod office;
pub mod offset;
pub mod papers;
pub mod password;
mod plug;
pub mod rules;
pub mod service;
pub mod settings;
pub mod status;
mod store;
mod tell;
mod web;
pub mod words;
pub mod work;

pub use cases::Cases;
pub use desk::{Claims, Parts};
pub use settings::Settings;
pub use store::{
    accounts::{Deposit, Entry, EntryKind},
    deletions::{Archive, Deletion, Stage},
    expiry::Expiring,
    find::{Found, Line, PAGE, Sort, Wanted},
    holders::{Holder, NewHolder, Record},
    holds::Removable,
    letters::PrintedLetter,
    mandates::Mandate,
    offices::{FoundOffices, WantedOffices, Which},
    offset::{ClosedPeriod, Closing, Correction},
    runs::{Ended, NewLine, Run, RunId, RunLine},
    watch::{Count, Tasks, Waiter, Waits},
};

/// The tables of this desk.
pub const COMPONENT: kit_store::Component = kit_store::Component {
    name: "claims",
    migrations: kit_store::migrations!(
        "../migrations/0001_claims.sql",
        "../migrations/0002_names.sql",
        "../migrations/0003_agents.sql",
        "../migrations/0004_runs.sql",
        "../migrations/0005_reissues.sql",
        "../migrations/0006_offices.sql",
        "../migrations/0007_offset.sql",
        "../migrations/0008_ending.sql",
        "../migrations/0009_deletion.sql",
        "../migrations/0010_walks.sql"
    ),
};
