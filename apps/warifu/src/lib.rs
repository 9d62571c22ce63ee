//! The application Warifu: wiring.
//!
//! Nothing here decides what a certificate may contain or who may be revoked; that is `authority-*`.
//! Here the parts are put together: a configuration is read ([`config`]), an installation is opened
//! ([`installation`]), its interfaces are served ([`server`], [`api`], [`ops`]), and an operator's
//! commands are carried out ([`commands`]). The binary is a few lines over this library, so tests run
//! the same server in their own process.

pub mod api;
pub mod backup;
pub mod cli;
pub mod commands;
pub mod config;
pub mod control;
pub mod demo;
pub mod doctor;
pub mod fail;
pub mod installation;
pub mod lang;
pub mod mistake;
pub mod ops;
pub mod portal;
pub mod sandbox;
pub mod server;
pub mod terminal;
