//! The ledger on both databases: append, number, sign, prove, export, check, survive (K8).

mod append;
mod crash;
mod export;
mod lookup;
mod race;
mod receipts;
mod sequencer;
mod support;
