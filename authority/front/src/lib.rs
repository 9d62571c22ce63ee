//! What anyone else may ask of the issuing half.
//!
//! Desks, the REST API and the demo know the authority through [`Front`] alone. Requests are plain
//! values, answers are plain values, and a refusal says in two languages what to do next.

mod order;
mod revoke;

pub use core_words::{Field, Kind, Refusal, Text};
pub use order::{Issued, Order, Preflight, RequestedName, Validity};
pub use revoke::{CertificateState, CertificateView, Revocation, Revoked};

use core_words::CertRef;
use std::{future::Future, pin::Pin};

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
}
