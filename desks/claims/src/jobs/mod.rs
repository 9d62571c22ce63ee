//! The jobs of the desk (K10): [`kit_desk::errand`] has how each is queued and ended.
//!
//! | job | when | what |
//! |---|---|---|
//! | `claims.take` | when the time to undo is over | hands a request over, or processes a rejection (C14, C15, C21) |
//! | `claims.order` | after the hand-over | makes the key where the service does, and orders the certificate (C14) |
//! | `claims.revoke` | after the hand-over | orders the revocation (C15) |
//! | `claims.window` | when the time to fetch a key is over | erases it (C5) |
//! | `claims.run` | when the lines of a run are all there | carries them out, some at a time (mass work) |
//! | `claims.run-left` | every hour | stops runs that were prepared a day ago and never begun |
//! | `claims.expiry` | every morning | tells who holds a certificate that ends soon (C12) |
//! | `claims.delete` | when a manager asks | archives and deletes what was revoked or has ended (C13) |
//! | `claims.erase` | after a key was fetched, or its certificate given up | erases it at the authority (C5) |
//! | `claims.offset` | when a month is to be closed | gives its entries their month, and makes the file's hash (C18) |
//! | `claims.offset-due` | every hour | closes a month that is over, where it is to be closed by itself (C18) |

pub(crate) mod delete;
pub(crate) mod erase;
pub(crate) mod expiry;
pub(crate) mod offset;
pub(crate) mod order;
pub(crate) mod revoke;
pub(crate) mod run;
pub(crate) mod take;
pub(crate) mod window;

use crate::desk::Claims;
use kit_jobs::WorkerBuilder;

/// Adds the handlers of the desk to a worker.
pub(crate) fn register(worker: WorkerBuilder, claims: &Claims) -> WorkerBuilder {
    worker
        .handler(take::Take(claims.clone()))
        .handler(order::PlaceOrder(claims.clone()))
        .handler(revoke::OrderRevocation(claims.clone()))
        .handler(window::CloseWindow(claims.clone()))
        .handler(erase::EraseAtAuthority(claims.clone()))
        .handler(run::CarryOut(claims.clone()))
        .handler(run::StopLeft)
        .schedule(run::schedule())
        .handler(offset::CloseOffset(claims.clone()))
        .handler(offset::CloseDue(claims.clone()))
        .schedule(offset::schedule())
        .handler(delete::DeleteEnded(claims.clone()))
        .handler(expiry::TellExpiring(claims.clone()))
        .schedule(expiry::schedule())
}
