//! What can be asked of a case, from pages, the API, the command line, the clock and the feed alike.

use crate::{
    password::KnewPassword,
    status::Deed,
    words::{Certificate, KeyWay, Rejection, RevocationAsk},
};
use core_words::{CaseNumber, Lang};

/// A command: a deed, and what is said with it.
#[derive(Clone, Debug)]
pub enum Command {
    /// C1.
    Apply(Apply),
    /// C9.
    RegisterIssue,
    /// C10.
    RegisterPayment,
    /// C9.
    Reject(Rejection),
    /// C19.
    UndoIssue,
    /// C19.
    UndoReject,
    /// C14, by the clock.
    HandOver,
    /// C16, by the feed.
    Register(Certificate),
    /// C5.
    Download(KnewPassword),
    /// C5.
    EraseKey(Erasure),
    /// C11.
    RequestRevocation(RevocationAsk),
    /// C19.
    UndoRevocation,
    /// C15, by the clock.
    HandOverRevocation,
    /// C6, C17, by the feed.
    RegisterList(Listed),
    /// C21, by the clock.
    ProcessRejection,
}

/// An application as it is handed in (C1).
#[derive(Clone, Debug)]
pub struct Apply {
    /// Proof that the applicant knows the issue password; it says who applies.
    pub knew: KnewPassword,
    /// Who makes the key.
    pub key: KeyWay,
    /// Where notices are sent; checked by the form.
    pub email: String,
    /// In which language they apply.
    pub lang: Lang,
    /// The version of the text on offsetting that was shown and agreed to; agents are shown none.
    pub consent: Option<String>,
    /// The case whose certificate is to be renewed (C22).
    pub renews: Option<CaseNumber>,
}

/// Why a key is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// The applicant has it and says so.
    Confirmed,
    /// The time for fetching it is over.
    WindowOver,
}

/// A published list names the certificate. Made by the follower of the feed alone, which has asked for the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    number: i64,
}

impl Listed {
    /// The list of this number names the certificate.
    pub(crate) fn in_list(number: i64) -> Self {
        Self { number }
    }

    /// The number of the list.
    pub fn number(self) -> i64 {
        self.number
    }
}

impl Command {
    /// The deed.
    pub fn deed(&self) -> Deed {
        match self {
            Self::Apply(_) => Deed::Apply,
            Self::RegisterIssue => Deed::RegisterIssue,
            Self::RegisterPayment => Deed::RegisterPayment,
            Self::Reject(_) => Deed::Reject,
            Self::UndoIssue => Deed::UndoIssue,
            Self::UndoReject => Deed::UndoReject,
            Self::HandOver => Deed::HandOver,
            Self::Register(_) => Deed::Register,
            Self::Download(_) => Deed::Download,
            Self::EraseKey(_) => Deed::EraseKey,
            Self::RequestRevocation(_) => Deed::RequestRevocation,
            Self::UndoRevocation => Deed::UndoRevocation,
            Self::HandOverRevocation => Deed::HandOverRevocation,
            Self::RegisterList(_) => Deed::RegisterList,
            Self::ProcessRejection => Deed::ProcessRejection,
        }
    }
}
