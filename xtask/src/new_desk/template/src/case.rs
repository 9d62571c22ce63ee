//! A case: one variant for each status, with exactly the data that is valid there.

use crate::{
    status::Standing,
    words::{Application, Sentence},
};
use core_words::UtcMicros;

/// The case of one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    /// 1 受付済み.
    Received(Application),
    /// 2 承認.
    Accepted {
        /// What was asked for.
        application: Application,
        /// When it was granted.
        at: UtcMicros,
    },
    /// 3 却下.
    Declined {
        /// What was asked for.
        application: Application,
        /// When it was declined.
        at: UtcMicros,
        /// Why, as the applicant is told.
        reason: Sentence,
    },
    /// 4 取下げ.
    Withdrawn {
        /// What was asked for.
        application: Application,
        /// When it was taken back.
        at: UtcMicros,
    },
}

impl Case {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Received(_) => Standing::Received,
            Self::Accepted { .. } => Standing::Accepted,
            Self::Declined { .. } => Standing::Declined,
            Self::Withdrawn { .. } => Standing::Withdrawn,
        }
    }

    /// What was asked for.
    pub fn application(&self) -> &Application {
        match self {
            Self::Received(application)
            | Self::Accepted { application, .. }
            | Self::Declined { application, .. }
            | Self::Withdrawn { application, .. } => application,
        }
    }
}
