//! Acting on an installation that a server may have open.
//!
//! One process owns a SQLite file. So a command that changes something is a [`Deed`]: a plain value. If no server
//! runs, the command opens the installation and carries the deed out itself; if one does, the deed goes to it
//! over a socket that only its own account can open, and the answer comes back. Either way the same function acts.

mod client;
mod deed;
mod server;

pub use client::{ask_server, carry_out};
pub use deed::{Deed, Made, Report, Request, perform};
pub use server::{bind, serve};

/// Octets of one request or answer.
const LONGEST: u32 = 128 << 20;
