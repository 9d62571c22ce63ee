//! What anyone else may ask of the issuing half.
//!
//! Desks, the REST API and the demo know the authority through [`Front`] alone. Requests are plain
//! values, answers are plain values, and a refusal says in two languages what to do next.

mod custody;
mod lists;
mod order;
mod revoke;

pub use core_words::{FeedEntry, FeedKind, Field, Kind, Refusal, Text};
pub use custody::{CustodyId, KeyOrder, MadeKey, PackOrder};
pub use lists::Listed;
pub use order::{Issued, Order, Preflight, RequestedName, Validity};
pub use revoke::{CertificateState, CertificateView, Revocation, Revoked};

use core_words::{Actor, AuthorityId, CertRef, OperatorId, Serial};
use std::{future::Future, pin::Pin};
use zeroize::Zeroizing;

/// A future as it is handed over an object-safe border.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The authority as others see it. Implemented by `authority-engine`.
pub trait Front: Send + Sync {
    /// What would be refused: plans, lints and key checks without recording or signing anything.
    fn preflight<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<Preflight, Refusal>>;

    /// Issues a certificate. Idempotent by (orderer, key): a repeat returns the first result, another
    /// request under the same key is refused with `authority.idempotency_conflict`.
    fn order(&self, order: Order) -> BoxFuture<'_, Result<Issued, Refusal>>;

    /// Issues many; answer `i` belongs to order `i`. Each order stands or falls alone.
    fn order_many(&self, orders: Vec<Order>) -> BoxFuture<'_, Vec<Result<Issued, Refusal>>>;

    /// Revokes, holds or releases one certificate. Repeating the same revocation is not an error.
    fn revoke(&self, revocation: Revocation) -> BoxFuture<'_, Result<Revoked, Refusal>>;

    /// One certificate and its state; `None` when it was never issued here.
    fn certificate<'a>(
        &'a self,
        cert: &'a CertRef,
    ) -> BoxFuture<'a, Result<Option<CertificateView>, Refusal>>;

    /// What happened after the entry numbered `after` (0 for from the beginning), in order; at most `limit` entries,
    /// and never more than 1,000. Only what has its number for good: nothing is ever put in before an entry that
    /// was read.
    fn feed(&self, after: i64, limit: u32) -> BoxFuture<'_, Result<Vec<FeedEntry>, Refusal>>;

    /// Which of `serials` stand on the full list with this number, read from the published file itself. `None`:
    /// there is no such file any more, or the number is that of a delta list.
    ///
    /// Each generation of an authority's key numbers its lists on its own, so two lists may bear one number: the
    /// answer is of the first that names any of the serials, else of the newest. At most 10,000 serials.
    fn listed<'a>(
        &'a self,
        authority: &'a AuthorityId,
        number: i64,
        serials: &'a [Serial],
    ) -> BoxFuture<'a, Result<Option<Listed>, Refusal>>;

    /// Makes a key for a subscriber and keeps it, sealed, until it is handed over or erased (K16). Idempotent by
    /// (orderer, key): a repeat returns the first key as long as it is kept, another request under the same key is
    /// refused with `authority.idempotency_conflict`, and once it is erased it is `authority.key_erased`.
    fn make_key(&self, order: KeyOrder) -> BoxFuture<'_, Result<MadeKey, Refusal>>;

    /// A PKCS#12 file (RFC 7292) with a kept key, its certificate and the chain, under a password. May be repeated as
    /// long as the key is kept; the ledger tells of each time.
    fn pack(&self, order: PackOrder) -> BoxFuture<'_, Result<Zeroizing<Vec<u8>>, Refusal>>;

    /// Erases a kept key for good. False when it was erased before. `why` goes to the ledger: at most 200 characters,
    /// no personal data.
    fn erase_key(
        &self,
        custody: CustodyId,
        actor: Actor,
        operator: OperatorId,
        why: String,
    ) -> BoxFuture<'_, Result<bool, Refusal>>;

    /// The certificates above those that this authority issues now, DER: its own first, the root last.
    fn chain<'a>(&'a self, authority: &'a AuthorityId) -> BoxFuture<'a, Result<Vec<Vec<u8>>, Refusal>>;
}
