//! Cross-certification: a foreign authority's key is certified by one of ours (K1).
//!
//! What the foreign authority may do with it — path length, name constraints, policies and their mapping — is
//! what the profile says: copy `cross-ca` per partner and add what the agreement says. A certificate goes
//! with a profile of kind `cross`, which takes name and key from it; a PKCS#10 request goes with one of kind
//! `ca`, which takes the name by its own rules. The result is an ordinary recorded certificate of its
//! issuer: it can be revoked and stands on the issuer's lists.

use super::{
    CeremonyError, acts,
    deed::{self, Deed, Guard, Planned, Wish},
    foreign::{self, ForeignRefused, Form, Presented, VerifiedForeign},
    issuer, perform,
    profile_set::{ProfileSet, ProfileText},
    rollover::{of_kind, values},
};
use crate::Ctx;
use authority_journal::{
    authorities::Authority,
    codes::PublishedKind,
    orders::StoredOrder,
    published::{self, Published},
};
use core_crypto::Digest;
use core_words::{Actor, AuthorityId, CertRef, ProfileId, UtcMicros};
use core_x509::{
    certificate::Certificate,
    issuer::IssuerInfo,
    plan::{EndWish, ForeignCa, KeyProof, ValidityWish},
    profile::Kind,
    request::{CertRequest, RequestRefused},
    time::Period,
    tlv::Limits,
};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct CrossRequest<'a> {
    /// Which of our authorities certifies.
    pub authority: AuthorityId,
    /// A name for the foreign authority, unique among those that this authority certifies. The certificate
    /// is served as `{base}/ca/{authority}/cross-{name}.cer`.
    pub name: AuthorityId,
    /// What the foreign authority handed in.
    pub presented: Presented<'a>,
    /// The profile: kind `cross` for a certificate, `ca` for a request.
    pub profile: ProfileId,
    /// How long it is valid; `None` for what the profile says.
    pub valid: Option<Period>,
}

/// A foreign authority that was certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossed {
    /// The certificate's name here: under it it is revoked.
    pub cert: CertRef,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// SHA-256 of what the foreign authority handed in.
    pub fingerprint: [u8; 32],
    /// True when it was certified before and nothing was done now.
    pub repeated: bool,
}

/// Certifies a foreign authority, or finishes doing so.
///
/// # Errors
/// [`CeremonyError`]; a recorded certificate is finished when the same is asked again.
pub async fn cross_certify(
    ctx: &Ctx,
    profiles: &ProfileSet,
    request: &CrossRequest<'_>,
    actor: &Actor,
) -> Result<Crossed, CeremonyError> {
    let now = ctx.watch.now()?;
    let foreign = foreign::check(request.presented, now.whole_seconds(), &*ctx.provider, &*ctx.provider)?;
    let kind = match foreign.form {
        Form::Certificate(_) => Kind::Cross,
        Form::Request(_) => Kind::Ca,
    };
    let profile = of_kind(profiles, &request.profile, kind)?;
    let (row, active) = perform::active(ctx, &request.authority).await?;
    let deed = Deed {
        order_key: format!("cross:{}:{}", request.authority, request.name),
        cause: cause(ctx, request, &foreign),
        name: format!("{}/cross-{}", request.authority, request.name),
        operator: row.operator.clone(),
        actor: actor.clone(),
    };
    let sought = deed.clone();
    let found = ctx.db.read(move |tx| deed::find(tx, &sought)).await?;
    let repeated = found.as_ref().is_some_and(|order| order.issued.is_some());
    let order = match found {
        Some(order) => order,
        None => {
            let issuer = issuer::stored(&row, &active, &*ctx.provider)?;
            let planned = prepare(ctx, request, &deed, &foreign, &profile, &row, &issuer, now)?;
            let guards = vec![Guard::Issues(active.authority, active.generation)];
            deed::record(ctx, &deed, planned, &profile, None, guards, now).await?
        }
    };
    let (_, generation) = perform::generation(ctx, &request.authority, order.generation).await?;
    let issuer = issuer::stored(&row, &generation, &*ctx.provider)?;
    let profile = planned_under(ctx, &order, profile).await?;
    let signature = deed::sign(ctx, &deed, &order, &profile.profile, &issuer, generation.key_id).await?;
    let (inner, actor, name) = (ctx.clone(), actor.clone(), format!("cross-{}", request.name));
    let id = order.id;
    let cert = CertRef { authority: order.authority.clone(), serial: order.serial };
    let der = deed::store(ctx, &deed, &order, &issuer, signature, now, move |tx, der| {
        if published::get(tx, &row.id, &name)?.is_some() {
            return Ok(());
        }
        let (authority, certificate) = (row.id.clone(), der.to_vec());
        let kind = PublishedKind::Cross;
        let file = Published { id, authority, name: name.clone(), kind, certificate, created: now };
        published::insert(tx, &file)?;
        let act = acts::cross_certified(&row, &name, inner.provider.sha256(der), &actor);
        inner.ledger_append(tx, &[act], now)?;
        Ok(())
    })
    .await?;
    Ok(Crossed { cert, der, fingerprint: foreign.fingerprint, repeated })
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the plan")]
fn prepare(
    ctx: &Ctx,
    request: &CrossRequest<'_>,
    deed: &Deed,
    foreign: &VerifiedForeign,
    profile: &ProfileText,
    authority: &Authority,
    issuer: &IssuerInfo,
    now: UtcMicros,
) -> Result<Planned, CeremonyError> {
    let wish = |key, subject: &[(String, String)]| {
        let end = request.valid.map_or(EndWish::Profile, EndWish::After);
        let validity = ValidityWish { not_before: None, end };
        let (name, profile) = (deed.name.as_str(), &*profile.profile);
        deed::prepare(ctx, &Wish { name, profile, issuer, authority, key, subject, validity, now })
    };
    match &foreign.form {
        Form::Certificate(der) => {
            let certificate = Certificate::parse(der).map_err(ForeignRefused::from)?;
            let proof =
                ForeignCa::verified_by_operator(&certificate).map_err(|_| ForeignRefused::NoAuthority)?;
            wish(KeyProof::ForeignCa(proof), &[])
        }
        Form::Request(der) => {
            let parsed = CertRequest::parse(der, &Limits::DEFAULT).map_err(ForeignRefused::from)?;
            let verified =
                parsed.verify(&*ctx.provider).map_err(|e: RequestRefused| ForeignRefused::from(e))?;
            wish(KeyProof::Request(verified), &values(&parsed.subject.to_name()))
        }
    }
}

/// The text under which an order was planned, when it was planned before the profile was changed.
async fn planned_under(
    ctx: &Ctx,
    order: &StoredOrder,
    now: ProfileText,
) -> Result<ProfileText, CeremonyError> {
    if *now.profile.hash() == order.profile_hash {
        return Ok(now);
    }
    let hash = order.profile_hash;
    let stored = ctx.db.read(move |tx| authority_journal::authorities::profile_by_hash(tx, &hash)).await?;
    let gone = || CeremonyError::Damaged(format!("the text of profile {} is gone", order.profile));
    let mut set = ProfileSet::default();
    let id = set.add(&stored.ok_or_else(gone)?.body, &*ctx.provider).map_err(|_| gone())?;
    set.get(&id).cloned().ok_or_else(gone)
}

/// SHA-256 over everything that was asked for, each part behind its length.
fn cause(ctx: &Ctx, request: &CrossRequest<'_>, foreign: &VerifiedForeign) -> [u8; 32] {
    let mut text = Vec::new();
    let valid = format!("{:?}", request.valid);
    for part in [
        request.authority.as_str().as_bytes(),
        request.name.as_str().as_bytes(),
        request.profile.as_str().as_bytes(),
        valid.as_bytes(),
        &foreign.fingerprint,
    ] {
        text.extend_from_slice(&(part.len() as u64).to_be_bytes());
        text.extend_from_slice(part);
    }
    ctx.provider.sha256(&text)
}
