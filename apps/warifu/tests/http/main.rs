//! The server over real HTTP, in this process: what it answers to good and to bad input.
//!
//! One module per concern. [`house`] starts a whole installation with one issuing authority and one registered RA.

mod backups;
mod bad_input;
mod clock_and_keys;
mod csr;
mod end;
mod house;
mod openapi;
mod operation;
mod orders;
mod sign_in;
mod slow;
mod tls;
