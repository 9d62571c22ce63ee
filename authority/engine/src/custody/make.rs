//! Making a key: made, sealed and signed with first, then recorded in one transaction.

use super::{Desk, Failure, form, purpose, request};
use crate::{Ctx, acts, catalogue::Catalogue, refusals};
use authority_front::{CustodyId, KeyOrder, MadeKey, Refusal};
use authority_journal::custody::{self, Custody, Kept};
use core_crypto::{Digest, KeyAlg};
use core_words::UtcMicros;
use core_x509::{key::KeyKind, profile::Profile};
use kit_drill::point;
use kit_keys::SoftKey;
use kit_store::{StoreError, Tx};
use std::sync::Arc;

/// Makes a key, or finds the one that was made for the same idempotency key.
pub(crate) async fn make(
    ctx: &Arc<Ctx>,
    catalogue: &Catalogue,
    desk: &Desk,
    order: KeyOrder,
) -> Result<MadeKey, Refusal> {
    let now = ctx.watch.now().map_err(refusals::clock)?;
    form::order(&order, now)?;
    if let Some(made) = made_before(ctx, &order, now).await? {
        return Ok(made);
    }
    let profile =
        catalogue.any_profile(&order.profile).ok_or_else(|| refusals::custody_profile(&order.profile))?;
    let alg = kind_for(profile).ok_or_else(|| refusals::custody_profile(&order.profile))?;

    let id = ctx.db.write(Tx::next_id).await.map_err(|e| refusals::store(&e))?;
    let (store, operator) = (ctx.signers.store().clone(), order.operator.clone());
    if !store.is_unlocked() {
        return Err(refusals::key(&kit_keys::KeyError::Locked));
    }
    let (spki, kept) = desk
        .run(move || {
            let failed = |error| {
                tracing::error!(%error, "a key for a subscriber could not be made");
                refusals::key(&error)
            };
            let key = SoftKey::generate(alg).map_err(failed)?;
            let request = request::sign(&key).map_err(failed)?;
            let sealed = store.seal_apart(id, &purpose(&operator), &key).map_err(failed)?;
            Ok((key.public_spki().to_vec(), Kept { sealed, request }))
        })
        .await?;
    point("custody.made");

    let row = Custody {
        id,
        orderer: order.orderer.clone(),
        key: order.key.clone(),
        operator: order.operator.clone(),
        profile: order.profile.clone(),
        alg,
        spki,
        kept: Some(kept),
        until: order.until,
        created: now,
    };
    let made = record(ctx, order, row, now).await?;
    point("custody.recorded");
    Ok(made)
}

/// Records the key with its ledger entry. Whoever came second throws their own key away and gets the first.
async fn record(ctx: &Arc<Ctx>, order: KeyOrder, row: Custody, now: UtcMicros) -> Result<MadeKey, Refusal> {
    let inner = ctx.clone();
    let made = ctx.db.write(move |tx| {
        if !custody::insert(tx, &row)? {
            let first = custody::by_key(tx, &order.orderer, &order.key)?.ok_or(StoreError::Conflict)?;
            return Ok(repeat(first, &order, now)?);
        }
        let object = inner.provider.sha256(&row.spki);
        inner.ledger_append(tx, &[acts::key_made(&order, CustodyId(row.id), object)], now)?;
        let request = row.kept.as_ref().map(|kept| kept.request.clone()).unwrap_or_default();
        Ok::<_, Failure>(MadeKey { custody: CustodyId(row.id), request, until: row.until, repeated: false })
    });
    Ok(made.await?)
}

async fn made_before(ctx: &Ctx, order: &KeyOrder, now: UtcMicros) -> Result<Option<MadeKey>, Refusal> {
    let (orderer, key) = (order.orderer.clone(), order.key.clone());
    let found = ctx.db.read(move |tx| custody::by_key(tx, &orderer, &key)).await;
    found.map_err(|e| refusals::store(&e))?.map(|first| repeat(first, order, now)).transpose()
}

/// Answers from what the idempotency key stands for.
fn repeat(first: Custody, order: &KeyOrder, now: UtcMicros) -> Result<MadeKey, Refusal> {
    if first.operator != order.operator || first.profile != order.profile {
        return Err(refusals::idempotency_conflict());
    }
    match first.kept.filter(|_| now < first.until) {
        None => Err(refusals::key_erased()),
        Some(kept) => Ok(MadeKey {
            custody: CustodyId(first.id),
            request: kept.request,
            until: first.until,
            repeated: true,
        }),
    }
}

/// The kind of key made for a profile: the first of these that it allows. RSA comes first, for what is enciphered
/// for a subscriber needs it; of RSA the size that every program on a subscriber's desk handles.
fn kind_for(profile: &Profile) -> Option<KeyAlg> {
    const CHOICE: [(KeyAlg, KeyKind); 9] = [
        (KeyAlg::Rsa2048, KeyKind::Rsa { bits: 2048 }),
        (KeyAlg::Rsa3072, KeyKind::Rsa { bits: 3072 }),
        (KeyAlg::Rsa4096, KeyKind::Rsa { bits: 4096 }),
        (KeyAlg::P256, KeyKind::P256),
        (KeyAlg::P384, KeyKind::P384),
        (KeyAlg::Ed25519, KeyKind::Ed25519),
        (KeyAlg::MlDsa44, KeyKind::MlDsa44),
        (KeyAlg::MlDsa65, KeyKind::MlDsa65),
        (KeyAlg::MlDsa87, KeyKind::MlDsa87),
    ];
    CHOICE.into_iter().find(|(_, kind)| profile.check_kind(*kind).is_ok()).map(|(alg, _)| alg)
}
