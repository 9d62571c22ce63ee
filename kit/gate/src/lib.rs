//! Who is at the door: accounts, roles, sessions, passkeys, client certificates, one-time links, lock-out (K9, N16).
//!
//! ```text
//!  applicants: ID and password ─────────┐
//!  staff: passkey, client certificate ──┼──→ Session ──→ require(role) ──→ HasRole     what may be done
//!  demonstrations: one-time link ───────┘       │    └──→ scope() ──────→ Scope       whose rows may be seen
//!                                               └──→ CheckedForm: a form of this session, and of no other page
//! ```
//! Passwords are hashed by argon2id, tokens by SHA-256; neither is logged, shown or stored. Each act is an entry in
//! the ledger, in its own transaction ([`LEDGER_KINDS`]). Nothing said at the door tells whether an ID exists.

pub mod accounts;
mod attempts;
mod certificates;
mod cookies;
mod forms;
mod gate;
mod guard;
mod hashing;
mod kept;
mod ledger;
mod links;
mod origin;
mod passkeys;
mod refusals;
mod secrets;
mod session;
mod settings;
mod sign_in;
mod sweep;
mod token;
mod tokens;
mod web;
mod words;

pub use accounts::{Account, AccountError, AccountKind, AccountState};
pub use certificates::{ClientAddress, ClientCertificate};
pub use forms::CheckedForm;
pub use gate::{Gate, GateError};
pub use ledger::LEDGER_KINDS;
pub use links::{OneTimeLink, Purpose};
pub use session::{CsrfToken, MaybeSession, Proof, Session, SessionNeeded, SignedIn};
pub use settings::{BadSettings, GateSettings};
pub use sweep::sweep;
pub use tokens::{
    MAX_TOKEN_NAME, Machine, NewToken, TOKEN_LEDGER_KINDS, TokenId, TokenLine, no_token, tokens,
};
pub use web::{router, samples};
pub use words::{AccountId, BadRole, HasRole, Role, Scope, SecondPerson, two_people};

use kit_store::{Component, migrations};

/// The tables of this crate, for `Db::migrate`.
pub const COMPONENT: Component = Component {
    name: "gate",
    migrations: migrations!("../migrations/0001_gate.sql", "../migrations/0002_tokens.sql"),
};

/// The texts of this crate, for `kit_web::Texts::new`.
pub const SOURCE: kit_web::Source = kit_web::texts!("gate.ftl");

#[cfg(test)]
mod tests;
