//! Issuing: order → prepare → record → sign → publish (K3).
//!
//! ```text
//! prepare  plan and lint; nothing written                     a refusal here changes nothing
//! record   order, serial, exact octets: durable               from here a crash leaves a record
//! sign     the permit is spent, the result compared
//! publish  certificate durable, feed moves                    only now may anyone see it
//! ```
//! A crash between two of them is mended by [`recover`], which signs exactly what was recorded.

mod committer;
mod prepare;
mod publish;
mod record;
pub(crate) mod recover;

pub(crate) use committer::Committer;
pub(crate) use prepare::{check_form, is_idempotency_key, prepare, request_hash};
pub(crate) use publish::{Publication, Published, write as write_publications};
pub(crate) use record::{NotIssuing, Record, Recorded};

use crate::{Engine, refusals};
use authority_front::{Issued, Order, Preflight, Refusal};
use authority_journal::{
    codes::OrderState,
    orders::{self, KeyClaim, StoredOrder},
};
use authority_signer::Permit;
use core_crypto::Digest;
use core_words::CertRef;
use core_x509::assemble::assemble;
use kit_drill::point;
use prepare::Prepared;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The most orders that travel together through record and publish.
const CONVOY: usize = 256;

/// Issues many certificates; answer `i` belongs to order `i`. Convoys are under way side by side, two a core:
/// while one waits for its commit, another is planned and signed.
pub(crate) async fn issue(engine: &Engine, orders: Vec<Order>) -> Vec<Result<Issued, Refusal>> {
    if orders.len() <= CONVOY {
        return convoy(engine, orders).await;
    }
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let places = Arc::new(Semaphore::new(2 * cores));
    let mut answers = Vec::with_capacity(orders.len());
    let mut convoys = Vec::with_capacity(orders.len() / CONVOY + 1);
    let mut rest = orders.into_iter();
    loop {
        let orders: Vec<_> = rest.by_ref().take(CONVOY).collect();
        if orders.is_empty() {
            break;
        }
        let place = places.clone().acquire_owned().await;
        let (engine, size) = (engine.clone(), orders.len());
        let task = tokio::spawn(async move {
            let answers = convoy(&engine, orders).await;
            drop(place);
            answers
        });
        convoys.push((size, task));
    }
    for (size, task) in convoys {
        match task.await {
            Ok(some) => answers.extend(some),
            Err(error) => {
                tracing::error!(%error, "a convoy of orders broke off; recovery will finish what it recorded");
                answers.extend((0..size).map(|_| Err(refusals::internal())));
            }
        }
    }
    answers
}

/// Takes up to [`CONVOY`] orders through all deeds together.
async fn convoy(engine: &Engine, orders: Vec<Order>) -> Vec<Result<Issued, Refusal>> {
    let ctx = &engine.ctx;
    let now = match ctx.watch.now() {
        Ok(now) => now,
        Err(fault) => return orders.iter().map(|_| Err(refusals::clock(fault))).collect(),
    };
    let mut answers: Vec<Option<Result<Issued, Refusal>>> = Vec::with_capacity(orders.len());
    let mut waiting = Vec::with_capacity(orders.len());
    for (i, order) in orders.iter().enumerate() {
        match prepare(ctx, &engine.catalogue, order, now).await {
            Ok(prepared) => {
                waiting.push((i, prepared));
                answers.push(None);
            }
            Err(refusal) => answers.push(Some(first_result(engine, order, refusal).await)),
        }
    }
    // A locked key is refused before anything is recorded, so that no record waits for it.
    let mut ready = Vec::with_capacity(waiting.len());
    for (i, prepared) in waiting {
        match ctx.signers.open(prepared.issuing.generation.key_id).await {
            Ok(signer) => ready.push((i, prepared, signer)),
            Err(error) => answers[i] = Some(Err(refusals::key(&error))),
        }
    }
    let mut records = Vec::with_capacity(ready.len());
    let mut permits = Vec::with_capacity(ready.len());
    for (i, Prepared { record, linted, issuing, profile }, signer) in ready {
        records.push(record);
        permits.push((i, linted, issuing, profile, signer));
    }
    let recorded = if records.is_empty() { Ok(Vec::new()) } else { engine.committer.record(records).await };
    let recorded = match recorded {
        Ok(recorded) => recorded,
        Err(error) => {
            tracing::error!(%error, "recording orders failed");
            for (i, ..) in permits {
                answers[i] = Some(Err(refusals::store(&error)));
            }
            return finish(answers);
        }
    };
    let mut publications = Vec::with_capacity(permits.len());
    let mut signed = Vec::with_capacity(permits.len());
    for ((i, linted, issuing, profile, signer), recorded) in permits.into_iter().zip(recorded) {
        let order = &orders[i];
        let id = match recorded {
            Recorded::New(id) => id,
            other => {
                answers[i] = Some(not_recorded(engine, order, other).await);
                continue;
            }
        };
        // The profile an issuance began with is the one it ends with.
        if engine.catalogue.any_profile(profile.id()).is_none_or(|now| now.hash() != profile.hash()) {
            answers[i] = Some(Err(refusals::internal()));
            continue;
        }
        let plan = linted.plan();
        let (serial, not_before, not_after) = (plan.serial(), plan.not_before(), plan.not_after());
        match Permit::for_recorded(id, linted).sign(&*signer).await {
            Err(error) => {
                tracing::error!(order = id, %error, "a recorded certificate could not be signed");
                answers[i] = Some(Err(refusals::signer(&error)));
            }
            Ok(certificate) => {
                point("engine.signed");
                let at = ctx.watch.now().unwrap_or(now);
                let cert = CertRef { authority: order.authority.clone(), serial };
                publications.push(Publication {
                    id,
                    cert: cert.clone(),
                    orderer: order.orderer.clone(),
                    actor: order.actor.clone(),
                    operator: Some(order.operator.clone()),
                    der_sha256: ctx.provider.sha256(&certificate.der),
                    signature: certificate.signature,
                    at,
                });
                signed.push((
                    i,
                    Issued {
                        cert,
                        order_id: id,
                        der: certificate.der,
                        not_before,
                        not_after,
                        issued_at: at,
                        generation: issuing.generation.generation,
                        repeated: false,
                    },
                ));
            }
        }
    }
    if !publications.is_empty() {
        match engine.committer.publish(publications).await {
            Ok(published) => {
                for ((i, issued), published) in signed.into_iter().zip(published) {
                    answers[i] = Some(match published {
                        Published::This => Ok(issued),
                        // Recovery was quicker: its signature is the certificate's, ours is forgotten. The order is still
                        // the one that was recorded, and no repetition.
                        Published::Other(stored) => repeat(engine, &orders[i], *stored)
                            .await
                            .map(|issued| Issued { repeated: false, ..issued }),
                        Published::Abandoned => Err(refusals::order_abandoned()),
                    });
                }
            }
            Err(error) => {
                tracing::error!(%error, "publishing certificates failed; recovery will finish them");
                for (i, _) in signed {
                    answers[i] = Some(Err(refusals::store(&error)));
                }
            }
        }
    }
    finish(answers)
}

fn finish(answers: Vec<Option<Result<Issued, Refusal>>>) -> Vec<Result<Issued, Refusal>> {
    answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(refusals::internal()))).collect()
}

/// An order that cannot be prepared now may still repeat one that was accepted before: that result stands.
async fn first_result(engine: &Engine, order: &Order, refusal: Refusal) -> Result<Issued, Refusal> {
    let Some(key) = order.key.clone().filter(|_| check_form(order).is_ok()) else { return Err(refusal) };
    let orderer = order.orderer.clone();
    match engine.ctx.db.read(move |tx| orders::by_key(tx, &orderer, &key)).await {
        Ok(Some(stored)) => repeat(engine, order, stored).await,
        Ok(None) => Err(refusal),
        Err(error) => Err(refusals::store(&error)),
    }
}

async fn not_recorded(engine: &Engine, order: &Order, recorded: Recorded) -> Result<Issued, Refusal> {
    match recorded {
        Recorded::Repeat(stored) => repeat(engine, order, *stored).await,
        Recorded::KeyOfOther => Err(refusals::key_of_other()),
        Recorded::KeyBlocked => Err(refusals::key_blocked()),
        Recorded::NotIssuing(why) => {
            engine.catalogue.forget(&order.authority);
            Err(refusals::not_issuing(&order.authority, why))
        }
        Recorded::New(_) => Err(refusals::internal()),
    }
}

/// Answers an order from what its key stands for: the same request gets the first result, another is refused.
async fn repeat(engine: &Engine, order: &Order, stored: StoredOrder) -> Result<Issued, Refusal> {
    if stored.request_hash != request_hash(&*engine.ctx.provider, order) {
        return Err(refusals::idempotency_conflict());
    }
    if stored.state == OrderState::Abandoned {
        return Err(refusals::order_abandoned());
    }
    let stored = match stored.issued {
        Some(_) => stored,
        // A crash or a fault came between record and publication: finish exactly what was recorded.
        None => recover::finish(engine, stored).await?,
    };
    issued_before(engine, stored).await
}

/// The certificate of an order that was issued before.
pub(crate) async fn issued_before(engine: &Engine, stored: StoredOrder) -> Result<Issued, Refusal> {
    let (authority, number) = (stored.authority.clone(), stored.generation);
    let alg = engine.sig_alg(authority, number).await?;
    let Some(publication) = &stored.issued else { return Err(refusals::internal()) };
    Ok(Issued {
        cert: CertRef { authority: stored.authority, serial: stored.serial },
        order_id: stored.id,
        der: assemble(&stored.tbs, alg, &publication.signature),
        not_before: stored.not_before.whole_seconds(),
        not_after: stored.not_after.whole_seconds(),
        issued_at: publication.at,
        generation: stored.generation,
        repeated: true,
    })
}

/// Says what would be issued now, or why nothing would: plan, lints and key checks, with nothing written.
pub(crate) async fn preflight(engine: &Engine, order: &Order) -> Result<Preflight, Refusal> {
    let ctx = &engine.ctx;
    let now = ctx.watch.now().map_err(refusals::clock)?;
    let prepared = prepare(ctx, &engine.catalogue, order, now).await?;
    let (spki, subject) = (prepared.record.order.spki_sha256, prepared.record.order.subject_sha256);
    let claim = ctx.db.read(move |tx| orders::key_claim(tx, &spki, &subject)).await;
    match claim.map_err(|e| refusals::store(&e))? {
        KeyClaim::Granted => {}
        KeyClaim::OtherSubject => return Err(refusals::key_of_other()),
        KeyClaim::Blocked => return Err(refusals::key_blocked()),
    }
    let plan = prepared.linted.plan();
    Ok(Preflight {
        subject: refusals::subject_text(plan.subject_der()),
        not_before: plan.not_before(),
        not_after: plan.not_after(),
    })
}
