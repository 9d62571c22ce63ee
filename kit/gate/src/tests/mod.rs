//! The gate on both databases.

mod accounts;
mod authenticator;
mod certificates;
mod links;
mod passkeys;
mod passwords;
mod sessions;
mod support;
mod sweeping;
