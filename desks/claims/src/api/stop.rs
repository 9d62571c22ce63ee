//! Why a deed of a machine did not come about, and under which status it is told.

use crate::{
    no,
    office::{Halt as OfficeHalt, OVERTAKEN as OFFICE_OVERTAKEN},
    service::{ReissueStop, Stop as ServiceStop},
    status::Standing,
};
use axum::http::StatusCode;
use core_words::Refusal;
use kit_desk::{
    Halt,
    api::{NotOnce, Problem, refusals},
};
use kit_store::StoreError;

/// Why a transaction left no trace.
pub(super) enum Stop {
    /// The desk said no.
    Halt(Halt<no::No, Standing>),
    /// The desk said no, in its own words.
    Told(Box<Refusal>),
    /// What `If-Match` names is no longer so.
    Stale(Box<Refusal>),
    /// Its key was used before.
    NotOnce(NotOnce),
}

impl From<Halt<no::No, Standing>> for Stop {
    fn from(halt: Halt<no::No, Standing>) -> Self {
        Self::Halt(halt)
    }
}

impl From<ServiceStop> for Stop {
    fn from(stop: ServiceStop) -> Self {
        match stop {
            ServiceStop::Told(refusal) => Self::Told(refusal),
            ServiceStop::Halt(halt) => Self::Halt(halt),
        }
    }
}

impl From<ReissueStop> for Stop {
    fn from(stop: ReissueStop) -> Self {
        match stop {
            ReissueStop::Told(refusal) => Self::Told(refusal),
            ReissueStop::Store(error) => error.into(),
        }
    }
}

impl From<OfficeHalt> for Stop {
    fn from(halt: OfficeHalt) -> Self {
        match halt {
            OfficeHalt::Told(refusal) if refusal.code == OFFICE_OVERTAKEN => Self::Stale(refusal),
            OfficeHalt::Store(error) => error.into(),
            other => Self::Told(Box::new(other.told())),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Told(Box::new(refusal))
    }
}

impl From<NotOnce> for Stop {
    fn from(not: NotOnce) -> Self {
        Self::NotOnce(not)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Halt(Halt::Store(error))
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        match stop {
            // What If-Match named is no longer so (RFC 9110 §13.1.1); who was first, and when, is told as ever.
            Stop::Halt(halt @ Halt::Overtaken { .. }) => {
                Self::with_status(no::told(halt), StatusCode::PRECONDITION_FAILED)
            }
            Stop::Halt(halt) => no::told(halt).into(),
            Stop::Stale(refusal) => Self::with_status(*refusal, StatusCode::PRECONDITION_FAILED),
            Stop::Told(refusal) => (*refusal).into(),
            Stop::NotOnce(NotOnce::OtherRequest) => refusals::other_request().into(),
            Stop::NotOnce(NotOnce::Store(error)) => no::told(Halt::Store(error)).into(),
        }
    }
}
