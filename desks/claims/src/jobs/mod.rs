//! The jobs of the desk (K10). Each may be run twice; what must happen once happens in the transaction that ends it.
//!
//! | job | when | what |
//! |---|---|---|
//! | `claims.take` | when the time to undo is over | hands a request over, or processes a rejection (C14, C15, C21) |
//! | `claims.order` | after the hand-over | makes the key where the service does, and orders the certificate (C14) |
//! | `claims.revoke` | after the hand-over | orders the revocation (C15) |
//! | `claims.window` | when the time to fetch a key is over | erases it (C5) |
//! | `claims.erase` | after a key was fetched, or its certificate given up | erases it at the authority (C5) |

pub(crate) mod erase;
pub(crate) mod order;
pub(crate) mod revoke;
pub(crate) mod take;
pub(crate) mod window;

use crate::{case::Case, desk::Claims};
use kit_desk::Stored;
use kit_jobs::{JobError, Payload, WorkerBuilder};

/// Adds the handlers of the desk to a worker.
pub(crate) fn register(worker: WorkerBuilder, claims: &Claims) -> WorkerBuilder {
    worker
        .handler(take::Take(claims.clone()))
        .handler(order::PlaceOrder(claims.clone()))
        .handler(revoke::OrderRevocation(claims.clone()))
        .handler(window::CloseWindow(claims.clone()))
        .handler(erase::EraseAtAuthority(claims.clone()))
}

/// The version of payloads written today: numbers in decimal, parted by blanks.
const VERSION: u16 = 1;

/// A case in one of its versions: what most jobs are told.
fn errand(case: &Stored<Case>) -> String {
    format!("{} {}", case.id, case.version)
}

/// Reads two numbers.
fn two(payload: &Payload) -> Result<(i64, i64), JobError> {
    let bad = || JobError::GiveUp(format!("a payload of version {} that is not understood", payload.version));
    let text = std::str::from_utf8(&payload.octets).map_err(|_| bad())?;
    let (first, second) = text.split_once(' ').filter(|_| payload.version == VERSION).ok_or_else(bad)?;
    match (first.parse(), second.parse()) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        _ => Err(bad()),
    }
}

/// What becomes of a job when the authority refuses: what may pass by itself is tried again.
fn refused(refusal: &core_words::Refusal) -> JobError {
    use core_words::Kind;
    let text = format!("{}: {}", refusal.code, refusal.message.en);
    match refusal.kind {
        Kind::Unavailable | Kind::Internal | Kind::TooMany => JobError::Retry(text),
        _ => JobError::GiveUp(text),
    }
}
