//! What can be asked of a case, from pages, the API, the command line and the clock alike.

use crate::{status::Deed, words::Sentence};

/// A command: a deed, and what is said with it.
#[derive(Clone, Debug)]
pub enum Command {
    /// By the applicant: what is asked for.
    Apply(Sentence),
    /// By a clerk.
    Accept,
    /// By a clerk, with the reason that the applicant is told.
    Decline(Sentence),
    /// By the applicant.
    Withdraw,
}

impl Command {
    /// The deed.
    pub fn deed(&self) -> Deed {
        match self {
            Self::Apply(_) => Deed::Apply,
            Self::Accept => Deed::Accept,
            Self::Decline(_) => Deed::Decline,
            Self::Withdraw => Deed::Withdraw,
        }
    }
}
