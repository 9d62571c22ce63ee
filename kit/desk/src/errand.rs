//! Jobs about a case (K10): what a desk queues with a deed, and how the clock does something to a case.
//!
//! Each may be run twice; what must happen once happens in the transaction that ends it.

use crate::flow::{Doer, Halt, Keep, Means, Stored, act};
use core_words::{Kind, Refusal, UtcMicros};
use kit_jobs::{JobCtx, JobError, NewJob, Payload, When, enqueue};
use kit_store::{StoreError, Tx};
use std::fmt::Debug;

/// The version of payloads written today: two numbers in decimal, parted by a blank.
const VERSION: u16 = 1;

/// What a job is told: a case, and one number more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errand {
    /// The case's id.
    pub case: i64,
    /// The version in which the case was when the job was queued, or what else the job is about: a key.
    pub about: i64,
}

impl Errand {
    /// To a case in the version it has now.
    pub fn to<C>(case: &Stored<C>) -> Self {
        Self { case: case.id, about: case.version }
    }

    /// To a case about something else.
    pub fn about<C>(case: &Stored<C>, about: i64) -> Self {
        Self { case: case.id, about }
    }

    /// Queues the job, in the transaction of the deed: one for each errand of a kind.
    ///
    /// # Errors
    /// Those of the store.
    pub fn queue(
        self,
        tx: &mut Tx,
        kind: &'static str,
        when: When,
        now: UtcMicros,
    ) -> Result<(), StoreError> {
        let text = format!("{} {}", self.case, self.about);
        enqueue(tx, &NewJob::new(kind, VERSION, text.clone()).keyed(text).due(when), now).map(drop)
    }

    /// Reads what a job was told.
    ///
    /// # Errors
    /// Gives the job up: nobody wrote that.
    pub fn read(payload: &Payload) -> Result<Self, JobError> {
        let text = std::str::from_utf8(&payload.octets).ok().filter(|_| payload.version == VERSION);
        let (case, about) = text.and_then(|text| text.split_once(' ')).unzip();
        match (case.and_then(|text| text.parse().ok()), about.and_then(|text| text.parse().ok())) {
            (Some(case), Some(about)) => Ok(Self { case, about }),
            _ => Err(JobError::GiveUp(format!(
                "a payload of version {} that is not understood",
                payload.version
            ))),
        }
    }
}

/// Does by the clock what `next` says to the case as it stands, and ends the job, in one transaction: whoever does
/// something else to it is either before this or too late. `next` says `None` when nothing is left to do: it was undone
/// in time, or this is the second run of a job whose effect is there.
///
/// # Errors
/// Those of the store; anything else is tried again, and given up in sight of everybody in the end.
pub fn by_clock<F: Keep>(
    tx: &mut Tx,
    desk: &F,
    job: &JobCtx,
    case: i64,
    next: impl FnOnce(&Stored<F::Case>) -> Option<F::Command>,
    means: Means<'_>,
) -> Result<(), JobError>
where
    F::No: Debug,
{
    let Some((seen, command)) = desk.load(tx, case)?.and_then(|now| Some((now.version, next(&now)?))) else {
        return job.finish(tx);
    };
    match act(tx, desk, case, Some(seen), &command, &Doer::system(), means) {
        Ok(_) => job.finish(tx),
        Err(Halt::Store(error)) => Err(error.into()),
        Err(halt) => Err(JobError::Retry(format!("{}: {halt:?}", F::DESK))),
    }
}

/// What becomes of a job when the authority refuses: what may pass by itself is tried again.
pub fn refused(refusal: &Refusal) -> JobError {
    let text = format!("{}: {}", refusal.code, refusal.message.en);
    match refusal.kind {
        Kind::Unavailable | Kind::Internal | Kind::TooMany => JobError::Retry(text),
        _ => JobError::GiveUp(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k10_what_nobody_wrote_is_given_up_and_not_tried_for_ever() {
        let read = |version, text: &str| Errand::read(&Payload { version, octets: text.as_bytes().to_vec() });
        assert_eq!(read(1, "12 3").ok(), Some(Errand { case: 12, about: 3 }));
        for (version, text) in [(1, ""), (1, "12"), (1, "12 x"), (1, "12 3 4"), (2, "12 3"), (1, "１ ２")] {
            assert!(matches!(read(version, text), Err(JobError::GiveUp(_))), "{text}");
        }
    }
}
