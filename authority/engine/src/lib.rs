//! Order, prepare, record, sign, publish; revoke; lists; ceremonies.
//!
//! [`Engine`] is the issuing half at work: it implements [`Front`] for everyone else. The parts:
//!
//! | module | deed |
//! |---|---|
//! | [`issue`] | orders become certificates |
//! | [`revoke`] | certificates are revoked, held, released |
//! | [`lists`] | revocation lists are built and published |
//! | [`ceremony`] | authorities come to life, change their keys, certify others |
//! | [`custody`] | subscribers' keys are made, handed over, erased |
//! | [`acts`] | what the ledger is told |
//! | `catalogue` | profiles and authorities as they are now |

pub mod acts;
mod catalogue;
pub mod ceremony;
mod chain;
mod ctx;
pub mod custody;
mod issue;
pub mod lists;
mod refusals;
pub mod revoke;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod urls;

pub use catalogue::Profiles;
pub use ctx::Ctx;
pub use issue::recover::Recovery;

use authority_front::{
    BoxFuture, CertificateView, CustodyId, FeedEntry, Front, Issued, KeyOrder, Kind, Listed, MadeKey, Order,
    PackOrder, Preflight, Refusal, Revocation, Revoked,
};
use authority_journal::{authorities, feed, orders, revocations};
use catalogue::Catalogue;
use core_crypto::SigAlg;
use core_words::{Actor, AuthorityId, CertRef, OperatorId, Serial, UtcMicros};
use core_x509::assemble::assemble;
use issue::Committer;
use kit_store::StoreError;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The most entries of the feed that are handed out at once.
const FEED_AT_ONCE: u32 = 1_000;

/// The issuing half at work. Clones share it.
#[derive(Clone)]
pub struct Engine {
    ctx: Arc<Ctx>,
    catalogue: Arc<Catalogue>,
    committer: Committer,
    desk: custody::Desk,
}

impl Engine {
    /// Starts the engine on the current runtime. Nothing stored is read: the cost does not grow with it.
    pub fn start(ctx: Arc<Ctx>, profiles: Profiles) -> Self {
        let committer = Committer::start(ctx.clone());
        Self { ctx, catalogue: Arc::new(Catalogue::new(profiles)), committer, desk: custody::Desk::default() }
    }

    /// Finishes what an earlier process left between record and publication. `all` takes in the youngest
    /// work too: right when no other process serves the same store.
    ///
    /// # Errors
    /// A refusal when the store, the clock or the keys do not allow it now; to be tried again.
    pub async fn recover(&self, all: bool) -> Result<Recovery, Refusal> {
        let now = self.ctx.watch.now().map_err(refusals::clock)?;
        issue::recover::pass(self, if all { now } else { issue::recover::settled(now) }).await
    }

    /// The latest time that stored orders bear: what a [`kit_clock::Watch`] starts from.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn latest_time(db: &kit_store::Db) -> Result<UtcMicros, StoreError> {
        db.read(orders::latest_time).await
    }

    /// Forgets what is remembered of an authority, after a ceremony changed it.
    pub fn forget(&self, authority: &AuthorityId) {
        self.catalogue.forget(authority);
    }

    async fn sig_alg(&self, authority: AuthorityId, generation: u16) -> Result<SigAlg, Refusal> {
        let found = self.ctx.db.read(move |tx| authorities::generation(tx, &authority, generation)).await;
        found.map_err(|e| refusals::store(&e))?.map(|g| g.sig_alg).ok_or_else(refusals::internal)
    }

    /// Tells the ledger of refused orders: a check that refused something is an act too (K8).
    async fn note_refusals(&self, refused: Vec<(Actor, AuthorityId, &'static str)>) {
        let Ok(now) = self.ctx.watch.now() else { return };
        if refused.is_empty() {
            return;
        }
        let ctx = self.ctx.clone();
        let noted = self
            .ctx
            .db
            .write(move |tx| {
                let entries: Vec<_> = refused
                    .iter()
                    .map(|(actor, authority, code)| acts::refused(actor, authority, code))
                    .collect();
                ctx.ledger_append(tx, &entries, now)
            })
            .await;
        if let Err(error) = noted {
            tracing::error!(%error, "refusals could not be noted in the ledger");
        }
    }
}

/// Whether a refusal is an act of ours that the ledger keeps: a decision, not a passing fault.
fn is_decision(refusal: &Refusal) -> bool {
    !matches!(refusal.kind, Kind::Unavailable | Kind::Internal | Kind::TooMany)
}

impl Front for Engine {
    fn preflight<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<Preflight, Refusal>> {
        Box::pin(issue::preflight(self, order))
    }

    fn order(&self, order: Order) -> BoxFuture<'_, Result<Issued, Refusal>> {
        Box::pin(async move {
            let mut answers = self.order_many(vec![order]).await;
            answers.pop().unwrap_or_else(|| Err(refusals::internal()))
        })
    }

    fn order_many(&self, orders: Vec<Order>) -> BoxFuture<'_, Vec<Result<Issued, Refusal>>> {
        Box::pin(async move {
            let whose: Vec<_> = orders.iter().map(|o| (o.actor.clone(), o.authority.clone())).collect();
            let answers = issue::issue(self, orders).await;
            let refused = answers.iter().zip(whose).filter_map(|(answer, (actor, authority))| match answer {
                Err(refusal) if is_decision(refusal) => Some((actor, authority, refusal.code)),
                _ => None,
            });
            self.note_refusals(refused.collect()).await;
            answers
        })
    }

    fn revoke(&self, revocation: Revocation) -> BoxFuture<'_, Result<Revoked, Refusal>> {
        Box::pin(async move {
            let (actor, authority) = (revocation.actor.clone(), revocation.cert.authority.clone());
            let answer = revoke::carry_out(&self.ctx, revocation).await;
            if let Err(refusal) = &answer
                && is_decision(refusal)
            {
                self.note_refusals(vec![(actor, authority, refusal.code)]).await;
            }
            answer
        })
    }

    fn certificate<'a>(
        &'a self,
        cert: &'a CertRef,
    ) -> BoxFuture<'a, Result<Option<CertificateView>, Refusal>> {
        Box::pin(async move {
            let wanted = cert.clone();
            let found = self
                .ctx
                .db
                .read(move |tx| {
                    let Some(order) = orders::by_serial(tx, &wanted.authority, &wanted.serial)? else {
                        return Ok(None);
                    };
                    let state = revoke::state_of(revocations::get(tx, &wanted)?.as_ref());
                    let alg =
                        authorities::generation(tx, &order.authority, order.generation)?.map(|g| g.sig_alg);
                    Ok::<_, StoreError>(Some((order, state, alg)))
                })
                .await
                .map_err(|e| refusals::store(&e))?;
            let Some((order, state, alg)) = found else { return Ok(None) };
            let Some(publication) = order.issued else { return Ok(None) };
            let alg = alg.ok_or_else(refusals::internal)?;
            Ok(Some(CertificateView {
                cert: cert.clone(),
                der: assemble(&order.tbs, alg, &publication.signature),
                state,
                profile: order.profile,
                issued_at: publication.at,
                subject_ref: order.subject_ref,
            }))
        })
    }

    fn feed(&self, after: i64, limit: u32) -> BoxFuture<'_, Result<Vec<FeedEntry>, Refusal>> {
        Box::pin(async move {
            let limit = i64::from(limit.min(FEED_AT_ONCE));
            self.ctx.db.read(move |tx| feed::read(tx, after, limit)).await.map_err(|e| refusals::store(&e))
        })
    }

    fn listed<'a>(
        &'a self,
        authority: &'a AuthorityId,
        number: i64,
        serials: &'a [Serial],
    ) -> BoxFuture<'a, Result<Option<Listed>, Refusal>> {
        Box::pin(lists::listed(&self.ctx, authority, number, serials))
    }

    fn make_key(&self, order: KeyOrder) -> BoxFuture<'_, Result<MadeKey, Refusal>> {
        Box::pin(custody::make(&self.ctx, &self.catalogue, &self.desk, order))
    }

    fn pack(&self, order: PackOrder) -> BoxFuture<'_, Result<Zeroizing<Vec<u8>>, Refusal>> {
        Box::pin(custody::pack(&self.ctx, &self.desk, order))
    }

    fn erase_key(
        &self,
        custody: CustodyId,
        actor: Actor,
        operator: OperatorId,
        why: String,
    ) -> BoxFuture<'_, Result<bool, Refusal>> {
        Box::pin(custody::erase(&self.ctx, custody, actor, operator, why))
    }

    fn chain<'a>(&'a self, authority: &'a AuthorityId) -> BoxFuture<'a, Result<Vec<Vec<u8>>, Refusal>> {
        Box::pin(chain::of_authority(&self.ctx, authority))
    }
}
