//! The gate on both databases.

mod accounts;
mod authenticator;
mod browser;
mod certificates;
mod links;
mod pages;
mod passkeys;
mod passwords;
mod secrets;
mod sessions;
mod staff_pages;
mod support;
mod sweeping;
