//! One certificate by the order of deeds: planned and linted, recorded together with its new key, signed,
//! stored (architecture: the order of deeds). A crash between any two steps leaves a record from which the
//! next run goes on: never a second key, never a second certificate.

use super::{CeremonyError, ORDERER, acts as own_acts, profile_set::ProfileText};
use crate::{
    Ctx, acts,
    issue::{self, Publication, Published, Record},
    urls,
};
use authority_journal::{
    authorities::{self, Authority},
    codes::{AuthorityState, OrderState},
    orders::{self, KeyClaim, NewOrder, StoredOrder},
};
use authority_signer::Permit;
use core_crypto::{Digest, KeyAlg};
use core_words::{Actor, AuthorityId, CertRef, OperatorId, UtcMicros};
use core_x509::{
    assemble::assemble,
    issuer::IssuerInfo,
    lint::{Linted, lint},
    plan::{Input, KeyProof, Plan, SubjectValue, ValidityWish, plan},
    profile::Profile,
};
use kit_drill::point;
use kit_keys::{SoftKey, random_serial};
use kit_store::{StoreError, Tx};
use std::sync::Arc;

/// What is being made, by whom, and why.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    /// Under what the journal finds it again.
    pub(super) order_key: String,
    /// SHA-256 of what asked for it: another cause under the same key is refused.
    pub(super) cause: [u8; 32],
    /// How messages name it.
    pub(super) name: String,
    pub(super) operator: OperatorId,
    pub(super) actor: Actor,
}

/// A key pair that is sealed in the transaction that records its certificate.
#[derive(Clone)]
pub(super) struct NewKey {
    pub(super) key: SoftKey,
    pub(super) purpose: String,
}

/// What a certificate is planned from.
pub(super) struct Wish<'a> {
    pub(super) name: &'a str,
    pub(super) profile: &'a Profile,
    pub(super) issuer: &'a IssuerInfo,
    /// The issuing authority: its partitions.
    pub(super) authority: &'a Authority,
    pub(super) key: KeyProof<'a>,
    pub(super) subject: &'a [(String, String)],
    pub(super) validity: ValidityWish,
    pub(super) now: UtcMicros,
}

/// A planned and linted certificate and the partition of its issuer's lists that it belongs to.
pub(super) struct Planned {
    pub(super) linted: Linted,
    pub(super) partition: u16,
}

/// Makes a key pair on a thread where it may take its time.
pub(super) async fn new_key(alg: KeyAlg) -> Result<SoftKey, CeremonyError> {
    let made = tokio::task::spawn_blocking(move || SoftKey::generate(alg)).await;
    Ok(made.map_err(|broken| CeremonyError::Damaged(format!("making a key pair: {broken}")))??)
}

/// Plans and lints. Nothing is written.
pub(super) fn prepare(ctx: &Ctx, wish: &Wish<'_>) -> Result<Planned, CeremonyError> {
    let serial = random_serial(&*ctx.provider);
    let partition = urls::partition_of(wish.authority, &serial);
    let subject: Vec<_> = wish.subject.iter().map(|(key, value)| SubjectValue::new(key, value)).collect();
    let input = Input {
        key: wish.key,
        subject: &subject,
        alt_names: &[],
        serial,
        now: wish.now.whole_seconds(),
        validity: wish.validity,
        partition: (partition > 0).then_some(u32::from(partition)),
        digest: &*ctx.provider,
    };
    let refused = |why| CeremonyError::Plan { name: wish.name.to_owned(), why };
    let planned = plan(wish.profile, wish.issuer, &input).map_err(refused)?;
    let linted = linted(ctx, wish.name, planned, wish.profile, wish.issuer)?;
    Ok(Planned { linted, partition })
}

fn linted(
    ctx: &Ctx,
    name: &str,
    plan: Plan,
    profile: &Profile,
    issuer: &IssuerInfo,
) -> Result<Linted, CeremonyError> {
    lint(plan, profile, issuer, &*ctx.provider)
        .map_err(|why| CeremonyError::Lints { name: name.to_owned(), why })
}

/// What an earlier run recorded under this key.
///
/// # Errors
/// [`CeremonyError::Different`] when it was for another cause.
pub(super) fn find(tx: &mut Tx, deed: &Deed) -> Result<Option<StoredOrder>, CeremonyError> {
    let Some(stored) = orders::by_key(tx, ORDERER, &deed.order_key)? else { return Ok(None) };
    if stored.request_hash != deed.cause {
        return Err(CeremonyError::Different(deed.name.clone()));
    }
    if stored.state == OrderState::Abandoned {
        return Err(CeremonyError::GivenUp(deed.name.clone()));
    }
    Ok(Some(stored))
}

/// What must hold of an authority when a certificate is recorded.
#[derive(Clone, Debug)]
pub(super) enum Guard {
    /// It issues, under this generation.
    Issues(AuthorityId, u16),
    /// This is its generation, and it is not retired.
    Stands(AuthorityId, u16),
}

/// Records a planned certificate, and seals its new key, in one transaction. Whoever recorded the same
/// before stays: the key given here is then forgotten, and what they recorded is returned.
pub(super) async fn record(
    ctx: &Ctx,
    deed: &Deed,
    planned: Planned,
    profile: &ProfileText,
    new_key: Option<NewKey>,
    guards: Vec<Guard>,
    now: UtcMicros,
) -> Result<StoredOrder, CeremonyError> {
    let sealed = new_key.is_some();
    let row = Arc::new(record_of(ctx, deed, &planned, now));
    let (ctx_, deed, profile) = (ctx.clone(), deed.clone(), profile.clone());
    let stored = ctx
        .db
        .write(move |tx| {
            if let Some(stored) = find(tx, &deed)? {
                return Ok(stored);
            }
            for guard in &guards {
                check(tx, guard)?;
            }
            let id = tx.next_id()?;
            let mut entries = Vec::with_capacity(2);
            if let Some(NewKey { key, purpose }) = &new_key {
                ctx_.signers.store().seal_new(tx, id, key, purpose)?;
                entries.push(own_acts::key_made(&deed.name, row.order.spki_sha256, &deed.actor));
            }
            let claims = [(&row.order.spki_sha256, &row.order.subject_sha256)];
            match orders::claim_keys(tx, &claims)?.first() {
                Some(KeyClaim::Granted) => {}
                Some(KeyClaim::Blocked) => return Err(CeremonyError::KeyBlocked(deed.name.clone())),
                _ => return Err(CeremonyError::KeyOfOther(deed.name.clone())),
            }
            let text = &profile.text;
            authorities::remember_profile(tx, profile.profile.hash(), profile.profile.id(), text, now)?;
            orders::record(tx, &[(id, &row.order)])?;
            entries.push(acts::recorded(&row));
            ctx_.ledger_append(tx, &entries, now)?;
            orders::by_id(tx, id)?.ok_or_else(|| CeremonyError::Damaged("a recorded order is gone".into()))
        })
        .await?;
    if sealed {
        point("ceremony.key_sealed");
    }
    Ok(stored)
}

fn check(tx: &mut Tx, guard: &Guard) -> Result<(), CeremonyError> {
    let (Guard::Issues(id, generation) | Guard::Stands(id, generation)) = guard;
    let (state, active) =
        authorities::issuing_state(tx, id)?.ok_or_else(|| CeremonyError::UnknownAuthority(id.clone()))?;
    match (guard, state) {
        (_, AuthorityState::Active) | (Guard::Stands(..), AuthorityState::Suspended)
            if active == *generation =>
        {
            Ok(())
        }
        (_, AuthorityState::Active) | (Guard::Stands(..), AuthorityState::Suspended) => {
            Err(CeremonyError::Overtaken(id.clone()))
        }
        _ => Err(CeremonyError::WrongState(id.clone(), state)),
    }
}

fn record_of(ctx: &Ctx, deed: &Deed, planned: &Planned, now: UtcMicros) -> Record {
    let plan = planned.linted.plan();
    Record {
        order: NewOrder {
            orderer: ORDERER.to_owned(),
            key: Some(deed.order_key.clone()),
            request_hash: deed.cause,
            profile: plan.profile().as_str().to_owned(),
            profile_hash: *plan.profile_hash(),
            subject_ref: Some(deed.name.clone()),
            authority: plan.authority().clone(),
            generation: plan.generation(),
            partition: planned.partition,
            serial: plan.serial(),
            spki_sha256: *plan.spki_sha256(),
            subject_sha256: ctx.provider.sha256(plan.subject_der()),
            not_before: plan.not_before().micros(),
            not_after: plan.not_after().micros(),
            tbs: plan.tbs().to_vec(),
            at: now,
        },
        actor: deed.actor.clone(),
        operator: deed.operator.clone(),
        tbs_sha256: ctx.provider.sha256(plan.tbs()),
    }
}

/// The signature of a recorded certificate: the one it has, or a new one over exactly the recorded octets,
/// which are linted once more.
pub(super) async fn sign(
    ctx: &Ctx,
    deed: &Deed,
    stored: &StoredOrder,
    profile: &Profile,
    issuer: &IssuerInfo,
    key_id: i64,
) -> Result<Vec<u8>, CeremonyError> {
    if let Some(publication) = &stored.issued {
        return Ok(publication.signature.clone());
    }
    let damaged = |why: &dyn std::fmt::Display| CeremonyError::Damaged(format!("{}: {why}", deed.name));
    if *profile.hash() != stored.profile_hash {
        return Err(damaged(&"its profile is not the one it was planned with"));
    }
    let plan = Plan::from_recorded(&stored.tbs, profile, issuer, &*ctx.provider).map_err(|e| damaged(&e))?;
    let linted = linted(ctx, &deed.name, plan, profile, issuer)?;
    let signer = ctx.signers.open(key_id).await?;
    Ok(Permit::for_recorded(stored.id, linted).sign(&*signer).await?.signature)
}

/// Stores the signature and, in the same transaction, whatever belongs to it: `also` is given the
/// certificate that now is the journal's, which may bear the signature of somebody who was quicker.
pub(super) async fn store<F>(
    ctx: &Ctx,
    deed: &Deed,
    stored: &StoredOrder,
    issuer: &IssuerInfo,
    signature: Vec<u8>,
    now: UtcMicros,
    also: F,
) -> Result<Vec<u8>, CeremonyError>
where
    F: Fn(&mut Tx, &[u8]) -> Result<(), CeremonyError> + Send + 'static,
{
    let unsigned = stored.issued.is_none();
    let (ctx_, deed, stored, alg) = (ctx.clone(), deed.clone(), stored.clone(), issuer.sig_alg);
    let der = ctx
        .db
        .write(move |tx| {
            let der = match publish(tx, &ctx_, &deed, &stored, &signature, alg, now)? {
                true => assemble(&stored.tbs, alg, &signature),
                false => {
                    let issued = orders::by_id(tx, stored.id)?.and_then(|order| order.issued);
                    let theirs = issued.ok_or_else(|| CeremonyError::GivenUp(deed.name.clone()))?;
                    assemble(&stored.tbs, alg, &theirs.signature)
                }
            };
            also(tx, &der)?;
            Ok::<_, CeremonyError>(der)
        })
        .await?;
    if unsigned {
        point("ceremony.certificate_stored");
    }
    Ok(der)
}

/// Makes the signature the certificate's, with feed and ledger. False: it had one, or was given up.
fn publish(
    tx: &mut Tx,
    ctx: &Ctx,
    deed: &Deed,
    stored: &StoredOrder,
    signature: &[u8],
    alg: core_crypto::SigAlg,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    let cert = CertRef { authority: stored.authority.clone(), serial: stored.serial };
    let publication = Publication {
        id: stored.id,
        cert,
        orderer: ORDERER.to_owned(),
        actor: deed.actor.clone(),
        operator: Some(deed.operator.clone()),
        signature: signature.to_vec(),
        der_sha256: ctx.provider.sha256(&assemble(&stored.tbs, alg, signature)),
        at: now,
    };
    let published = issue::write_publications(tx, ctx, &[publication])?;
    Ok(matches!(published.first(), Some(Published::This)))
}
