//! Who does something to a holder, and why it did not come about.

use super::refusals::{bad_office, taken};
use crate::{no, status::Hat};
use core_words::{Actor, Refusal};
use kit_desk::Doer;
use kit_gate::AccountError;
use kit_store::StoreError;

/// Who does something to a holder.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) actor: Actor,
    pub(crate) account: Option<i64>,
}

impl From<Doer<Hat>> for Who {
    fn from(doer: Doer<Hat>) -> Self {
        Self { actor: doer.actor, account: doer.account }
    }
}

/// Why nothing was done.
pub(crate) enum Halt {
    Told(Box<Refusal>),
    Account(AccountError),
    Store(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Told(Box::new(refusal))
    }
}

impl From<AccountError> for Halt {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => Self::Store(error),
            other => Self::Account(other),
        }
    }
}

impl Halt {
    /// What people are told.
    pub(crate) fn told(self) -> Refusal {
        match self {
            Self::Told(refusal) => *refusal,
            Self::Account(AccountError::LoginTaken(_)) => taken(),
            Self::Account(error) => bad_office(&error.to_string()),
            Self::Store(error) => {
                tracing::error!(%error, "the claims desk's database");
                no::unavailable()
            }
        }
    }
}
