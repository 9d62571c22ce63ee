//! How a desk plugs in, and what every desk does the same way.
//!
//! A desk is a vertical slice: its words, statuses, rules, rows, pages, papers and mails are its own. What five desks
//! would otherwise repeat stands here:
//!
//! | module | what |
//! |---|---|
//! | [`table`] | the status table that drives rules, buttons, API and diagram |
//! | [`flow`] | the one way: load, decide, guarded save, effects, history, ledger |
//! | [`errand`] | jobs about a case, and what the clock does to one |
//! | [`events`] | what happened to a case, for time lines and for whoever came second |
//! | [`follow`](mod@follow) | the feed of the authority |
//! | [`plug`] | the trait [`Desk`] by which the application knows a desk |
//! | [`api`] | the API: who calls, versions, answers given again, problems |

pub mod api;
pub mod errand;
pub mod events;
pub mod flow;
pub mod follow;
mod number;
pub mod plug;
pub mod table;

pub use errand::{Errand, by_clock};
pub use flow::{Decision, Doer, Done, Flow, Halt, HaltOf, Keep, Means, Stored, act, open, possible};
pub use follow::{BoxFuture, Follow, TakeError};
pub use number::next_number;
pub use plug::Desk;
pub use table::{Capacity, Line, NotInTable, Status, Table, Verb};

/// The tables of this crate.
pub const COMPONENT: kit_store::Component =
    kit_store::Component { name: "desk", migrations: kit_store::migrations!("../migrations/0001_desk.sql") };
