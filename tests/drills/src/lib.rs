//! Drives the real `warifu` binary, and holds it to what it said.
//!
//! A [`House`] is an installation in a folder of its own: ceremony held, one RA registered. [`House::start`] runs
//! `warifu serve` on it, to be killed, told to die at a fault point, and started again. A [`Client`] speaks to it
//! over HTTP alone. What was answered goes into a [`Memory`]: every certificate, every change of state, every list
//! and every checkpoint. After a restart [`check`] asks for all of it again.
//!
//! ```text
//!   load ──→ answers ──→ memory          what was acknowledged, and what was asked and never answered
//!     │ SIGKILL                          at a fault point, or at a moment that a seed chose
//!   restart
//!   check ←── memory                     nothing lost, nothing twice, nothing back, ledger consistent
//! ```

mod binary;
mod check;
mod client;
mod csr;
mod house;
mod lists;
mod load;
mod log;
mod luck;
mod memory;
mod proxy;
mod server;
mod wait;

pub use binary::warifu;
pub use check::{Depth, check};
pub use client::{Answer, Client};
pub use csr::request;
pub use house::{AUTHORITIES, Authority, House, PASSPHRASE};
pub use lists::Lists;
pub use load::{Load, order};
pub use log::Log;
pub use luck::Luck;
pub use memory::{Kept, Memory};
pub use proxy::Proxy;
pub use server::{Drill, Server};
pub use wait::{PATIENCE, until};
