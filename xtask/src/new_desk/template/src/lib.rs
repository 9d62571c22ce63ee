//! The newdesk desk.
//!
//! | module | what |
//! |---|---|
//! | [`words`] | nouns |
//! | [`status`] | statuses, deeds, hats, and the table between them |
//! | [`case`] | a case: one variant for each status |
//! | [`command`] | what can be asked of a case |
//! | [`rules`] | what a command makes of a case; pure |
//! | [`no`] | why not |
//! | [`service`] | what pages, the API and the command line ask |
//! | `store` | rows and SQL |
//! | `web` | the pages |
//! | `plug` | how the desk plugs in |

pub mod case;
mod cases;
pub mod command;
mod desk;
pub mod no;
mod plug;
pub mod rules;
pub mod service;
pub mod status;
mod store;
mod web;
pub mod words;

pub use cases::Cases;
pub use desk::{NewDesk, Parts};

/// The tables of this desk.
pub const COMPONENT: kit_store::Component = kit_store::Component {
    name: "newdesk",
    migrations: kit_store::migrations!("../migrations/0001_newdesk.sql"),
};
