//! A case: one variant for each status, with exactly the data that is valid there.

use crate::{
    status::Standing,
    words::{Application, Certificate, KeyState, Rejection, RevocationAsk},
};
use core_words::UtcMicros;

/// The case of one certificate, from application to revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    /// 1 発行依頼待ち.
    Applied(Application),
    /// 2 入金待ち.
    AwaitingPayment(Application),
    /// 3 発行依頼中.
    IssueRequested {
        /// What was applied for.
        application: Application,
        /// When it is handed over; until then the manager may undo it.
        takes: UtcMicros,
    },
    /// 4 発行待ち.
    AwaitingIssue {
        /// What was applied for.
        application: Application,
        /// The key that the service made for it, once it has.
        custody: Option<i64>,
    },
    /// 5 発行済み.
    Issued(Holding),
    /// 6 失効依頼中.
    RevocationRequested {
        /// What is to be revoked.
        holding: Holding,
        /// Who asked, and why.
        ask: RevocationAsk,
        /// When it is handed over; until then the manager may undo it.
        takes: UtcMicros,
    },
    /// 7 失効待ち.
    AwaitingRevocation {
        /// What is to be revoked.
        holding: Holding,
        /// Who asked, and why.
        ask: RevocationAsk,
    },
    /// 8 失効済み.
    Revoked {
        /// What was revoked.
        holding: Holding,
        /// Who asked, and why.
        ask: RevocationAsk,
        /// The number of the list that first named it.
        list: i64,
    },
    /// 9 却下待ち.
    Rejecting {
        /// What was applied for.
        application: Application,
        /// Why not.
        rejection: Rejection,
        /// When it is processed; until then the manager may undo it.
        takes: UtcMicros,
    },
    /// 10 却下.
    Rejected {
        /// What was applied for.
        application: Application,
        /// Why not.
        rejection: Rejection,
    },
}

/// An issued certificate, what it was issued for, and where its key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// What was applied for.
    pub application: Application,
    /// The certificate.
    pub certificate: Certificate,
    /// Where its key is.
    pub key: KeyState,
    /// When it was first downloaded.
    pub fetched: Option<UtcMicros>,
}

impl Case {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Applied(_) => Standing::Applied,
            Self::AwaitingPayment(_) => Standing::AwaitingPayment,
            Self::IssueRequested { .. } => Standing::IssueRequested,
            Self::AwaitingIssue { .. } => Standing::AwaitingIssue,
            Self::Issued(_) => Standing::Issued,
            Self::RevocationRequested { .. } => Standing::RevocationRequested,
            Self::AwaitingRevocation { .. } => Standing::AwaitingRevocation,
            Self::Revoked { .. } => Standing::Revoked,
            Self::Rejecting { .. } => Standing::Rejecting,
            Self::Rejected { .. } => Standing::Rejected,
        }
    }

    /// What was applied for.
    pub fn application(&self) -> &Application {
        match self {
            Self::Applied(application)
            | Self::AwaitingPayment(application)
            | Self::IssueRequested { application, .. }
            | Self::AwaitingIssue { application, .. }
            | Self::Rejecting { application, .. }
            | Self::Rejected { application, .. } => application,
            Self::Issued(holding)
            | Self::RevocationRequested { holding, .. }
            | Self::AwaitingRevocation { holding, .. }
            | Self::Revoked { holding, .. } => &holding.application,
        }
    }

    /// The certificate and its key, once there is one.
    pub fn holding(&self) -> Option<&Holding> {
        match self {
            Self::Issued(holding)
            | Self::RevocationRequested { holding, .. }
            | Self::AwaitingRevocation { holding, .. }
            | Self::Revoked { holding, .. } => Some(holding),
            _ => None,
        }
    }

    /// When the house goes on by itself, where it waits for that.
    pub fn takes(&self) -> Option<UtcMicros> {
        match self {
            Self::IssueRequested { takes, .. }
            | Self::RevocationRequested { takes, .. }
            | Self::Rejecting { takes, .. } => Some(*takes),
            _ => None,
        }
    }

    /// Why it was rejected, where it was.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Rejecting { rejection, .. } | Self::Rejected { rejection, .. } => Some(rejection),
            _ => None,
        }
    }

    /// Who asked for the revocation, where somebody did.
    pub fn ask(&self) -> Option<&RevocationAsk> {
        match self {
            Self::RevocationRequested { ask, .. }
            | Self::AwaitingRevocation { ask, .. }
            | Self::Revoked { ask, .. } => Some(ask),
            _ => None,
        }
    }
}
