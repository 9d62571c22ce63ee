//! Finishes what a crash left between record and publication: exactly the recorded octets are signed.
//!
//! Two may finish the same order at once, this and the request that began it, or two processes. Only one
//! signature becomes the certificate's; the other is forgotten before anyone has seen it.

use super::{Publication, Published};
use crate::{Engine, acts, ceremony, refusals};
use authority_front::Refusal;
use authority_journal::{
    authorities,
    codes::FeedKind,
    feed::{self, NewFeedEntry},
    orders::{self, StoredOrder},
};
use authority_signer::Permit;
use core_crypto::Digest;
use core_words::{Actor, CertRef, ProfileId, UtcMicros};
use core_x509::{lint::lint, plan::Plan, profile::Profile};
use kit_store::StoreError;
use std::sync::Arc;

/// Work this young may still be in the hands of the request that began it: 30 seconds in microseconds.
const IN_HAND: i64 = 30_000_000;
/// How many orders are looked at together.
const CHUNK: i64 = 256;

/// What one pass of recovery did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Orders that were signed and published.
    pub finished: usize,
    /// Orders that were given up, because the lints or the keys no longer allow them.
    pub abandoned: usize,
}

/// Finishes every order recorded up to `until` and never published.
pub(crate) async fn pass(engine: &Engine, until: UtcMicros) -> Result<Recovery, Refusal> {
    let mut done = Recovery::default();
    let mut after = 0;
    loop {
        let chunk = engine
            .ctx
            .db
            .read(move |tx| orders::unsigned(tx, after, until, CHUNK))
            .await
            .map_err(|e| refusals::store(&e))?;
        let Some(last) = chunk.last() else { return Ok(done) };
        after = last.id;
        // What a ceremony left, its next run finishes: it knows what belongs to each certificate.
        for order in chunk.into_iter().filter(|order| order.orderer != ceremony::ORDERER) {
            match finish(engine, order).await {
                Ok(_) => done.finished += 1,
                Err(refusal) if refusal.code == "authority.order_abandoned" => done.abandoned += 1,
                Err(refusal) => return Err(refusal),
            }
        }
    }
}

/// The time up to which nothing recorded can still be in the hands of a request.
pub(crate) fn settled(now: UtcMicros) -> UtcMicros {
    now.plus_micros(-IN_HAND)
}

/// Signs and publishes one recorded order, or gives it up when the lints refuse it now.
pub(crate) async fn finish(engine: &Engine, stored: StoredOrder) -> Result<StoredOrder, Refusal> {
    let ctx = &engine.ctx;
    let now = ctx.watch.now().map_err(refusals::clock)?;
    let (authority, number, hash) = (stored.authority.clone(), stored.generation, stored.profile_hash);
    let (authority_row, generation, profile) = ctx
        .db
        .read(move |tx| {
            Ok::<_, StoreError>((
                authorities::get(tx, &authority)?,
                authorities::generation(tx, &authority, number)?,
                authorities::profile_by_hash(tx, &hash)?,
            ))
        })
        .await
        .map_err(|e| refusals::store(&e))?;
    let (Some(authority), Some(generation)) = (authority_row, generation) else {
        return Err(refusals::internal());
    };
    let profile = match profile {
        Some(text) => Arc::new(Profile::parse(&text.body, &*ctx.provider).map_err(|_| refusals::internal())?),
        None => match ProfileId::new(&stored.profile)
            .ok()
            .and_then(|id| engine.catalogue.any_profile(&id).cloned())
        {
            Some(profile) if *profile.hash() == stored.profile_hash => profile,
            _ => return abandon(engine, &stored, now).await,
        },
    };
    let issuer = ceremony::issuer::stored(&authority, &generation, &*ctx.provider)
        .map_err(|_| refusals::internal())?;
    let plan = Plan::from_recorded(&stored.tbs, &profile, &issuer, &*ctx.provider)
        .map_err(|_| refusals::internal())?;
    let Ok(linted) = lint(plan, &profile, &issuer, &*ctx.provider) else {
        return abandon(engine, &stored, now).await;
    };
    let signer = ctx.signers.open(generation.key_id).await.map_err(|e| refusals::key(&e))?;
    let certificate =
        Permit::for_recorded(stored.id, linted).sign(&*signer).await.map_err(|e| refusals::signer(&e))?;
    let publication = Publication {
        id: stored.id,
        cert: CertRef { authority: stored.authority.clone(), serial: stored.serial },
        orderer: stored.orderer.clone(),
        actor: Actor::system(),
        operator: Some(authority.operator),
        der_sha256: ctx.provider.sha256(&certificate.der),
        signature: certificate.signature,
        at: now,
    };
    let published = engine.committer.publish(vec![publication]).await.map_err(|e| refusals::store(&e))?;
    match published.into_iter().next() {
        Some(Published::This) => {
            let id = stored.id;
            let found =
                ctx.db.read(move |tx| orders::by_id(tx, id)).await.map_err(|e| refusals::store(&e))?;
            found.ok_or_else(refusals::internal)
        }
        Some(Published::Other(stored)) => Ok(*stored),
        Some(Published::Abandoned) => Err(refusals::order_abandoned()),
        None => Err(refusals::internal()),
    }
}

/// Gives a recorded order up. Its serial stays used, feed and ledger tell.
async fn abandon(engine: &Engine, stored: &StoredOrder, now: UtcMicros) -> Result<StoredOrder, Refusal> {
    let (ctx, order) = (engine.ctx.clone(), stored.clone());
    engine
        .ctx
        .db
        .write(move |tx| {
            if orders::abandon(tx, order.id)? {
                let cert = CertRef { authority: order.authority.clone(), serial: order.serial };
                feed::append(
                    tx,
                    &[NewFeedEntry {
                        kind: FeedKind::Failed,
                        orderer: Some(&order.orderer),
                        order_id: Some(order.id),
                        authority: &order.authority,
                        serial: Some(&order.serial),
                        number: None,
                        at: now,
                    }],
                )?;
                ctx.ledger_append(tx, &[acts::abandoned(&cert)], now)?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .map_err(|e| refusals::store(&e))?;
    Err(refusals::order_abandoned())
}
