//! Keys that the service makes for subscribers and keeps until they are handed over (K16).
//!
//! ```text
//! make   a key of the kind the profile wants, sealed; a request signed with it     once for an idempotency key
//! pack   key, certificate and chain as PKCS#12 under a password                    as often as asked, told each time
//! erase  the sealed octets are overwritten and gone                                once; by itself when its time is over
//! ```
//!
//! The private key is in memory only while it is made and while a file is written. The ledger tells of every use.

mod erase;
mod form;
mod make;
mod pack;
mod request;

pub use erase::sweep;
pub(crate) use erase::{erase, register};
pub(crate) use make::make;
pub(crate) use pack::pack;

use crate::refusals;
use authority_front::{CustodyId, Refusal};
use authority_journal::custody::{self, Custody};
use core_words::OperatorId;
use kit_store::{StoreError, Tx};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Places for work that fills a core: making keys and deriving keys from passwords.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Semaphore>);

impl Default for Desk {
    /// As many places as cores.
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from))))
    }
}

impl Desk {
    /// Runs `work` on a blocking thread, when there is a place.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _place = self.0.acquire().await.map_err(|_| refusals::internal())?;
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            tracing::error!(%error, "work on a kept key broke off");
            refusals::internal()
        })?
    }
}

/// What a key in custody is sealed for: its operator is part of it, so that a changed row does not open.
fn purpose(operator: &OperatorId) -> String {
    format!("custody of {operator}")
}

/// Why something about a kept key did not take place.
enum Failure {
    Refused(Box<Refusal>),
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => *refusal,
            Failure::Store(error) => {
                tracing::error!(%error, "the store failed over a kept key");
                refusals::store(&error)
            }
        }
    }
}

/// The row of a key, for the operator it was made for and nobody else.
fn of_operator(tx: &mut Tx, id: CustodyId, operator: &OperatorId) -> Result<Custody, Failure> {
    let found = custody::get(tx, id.0)?.filter(|row| row.operator == *operator);
    found.ok_or_else(|| refusals::custody_unknown(id).into())
}
