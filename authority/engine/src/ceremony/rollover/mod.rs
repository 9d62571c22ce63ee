//! Rollover: an authority gets a new key and a new certificate under its old name (K1).
//!
//! An issuing authority is certified anew by its parent. A root certifies itself anew, and two link
//! certificates lead from either of its keys to the other (RFC 9810 §4.4):
//!
//! * *old with new*: the old key certified by the new one, for whoever trusts the new root and meets an old
//!   certificate; valid as long as the old root.
//! * *new with old*: the new key certified by the old one, for whoever trusts the old root and meets a new
//!   certificate; valid from the new root's beginning to the old root's end.
//!
//! Everything is made first; then one transaction makes the new generation the one that issues, retires the
//! old one, which goes on signing the lists of what it issued, and publishes the links. The same request
//! again, after a crash or by mistake, ends in the same generation.

mod links;
mod preview;

pub use preview::plan_rollover;

use super::{
    CeremonyError, acts,
    deed::{self, Deed, Guard, NewKey, Planned, Wish},
    file::Participant,
    issuer, item, notes,
    perform::{self, Opening},
    plan::read_record,
    profile_set::{ProfileSet, ProfileText},
    record::{CertificateNote, Occasion, SignedRecord},
    rehearsal::own_key,
};
use crate::Ctx;
use authority_journal::{
    authorities::{self, Authority, CeremonyRow, Generation},
    codes::{AuthorityKind, AuthorityState, GenerationState},
    orders::{self, StoredOrder},
    published::{self, Published},
};
use core_crypto::{Digest, KeyAlg};
use core_words::{Actor, AuthorityId, ProfileId, UtcMicros};
use core_x509::{
    issuer::IssuerInfo,
    name::NameRef,
    plan::{EndWish, ValidityWish},
    profile::Kind,
    time::Period,
    tlv::Limits,
};
use kit_keys::SoftKey;
use kit_store::Tx;
use links::{Link, link_certificate};
use std::collections::HashMap;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloverRequest {
    /// Whose key.
    pub authority: AuthorityId,
    /// The generation that issues now. Naming it makes the request safe to repeat.
    pub from: u16,
    /// The kind of the new key; `None` for the kind of the old one.
    pub key: Option<KeyAlg>,
    /// The profile of the new certificate; `None` for the one the old certificate was made under.
    pub profile: Option<ProfileId>,
    /// How long the new certificate is valid; `None` for what its profile says.
    pub valid: Option<Period>,
    /// The profile of link certificates.
    pub link_profile: ProfileId,
    /// Who is present.
    pub participants: Vec<Participant>,
}

/// A rollover that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rolled {
    /// The generation that issues now. Its first lists are due: `lists::publish_due` makes them.
    pub generation: u16,
    /// The certificate it acts under, DER.
    pub certificate: Vec<u8>,
    /// The link certificates, as they are published; none for an issuing authority.
    pub links: Vec<Published>,
    /// The signed record.
    pub record: SignedRecord,
    /// True when it was carried out before and nothing was done now.
    pub repeated: bool,
}

/// A request with everything that it leaves open filled in.
struct Terms {
    authority: Authority,
    old: Generation,
    to: u16,
    key: KeyAlg,
    profile: ProfileText,
    link: ProfileText,
    valid: Option<Period>,
    cause: [u8; 32],
}

/// One certificate of the rollover, signed and stored.
struct Stored {
    order: StoredOrder,
    issuer: IssuerInfo,
    der: Vec<u8>,
}

/// Carries a rollover out, or finishes it.
///
/// # Errors
/// [`CeremonyError`]; what was made so far stands and is used when the same is asked again.
pub async fn rollover(
    ctx: &Ctx,
    profiles: &ProfileSet,
    request: &RolloverRequest,
    actor: &Actor,
) -> Result<Rolled, CeremonyError> {
    let terms = terms(ctx, profiles, request).await?;
    let row = begin(ctx, &terms, request, actor).await?;
    if row.signature.is_some() {
        return repeated(ctx, &terms, &row).await;
    }
    let terms = in_force(ctx, terms, &row).await?;
    let own = own_certificate(ctx, &terms, actor).await?;
    let mut made = vec![(item::authority_word(terms.authority.kind), own)];
    let now = ctx.watch.now()?;
    for link in terms.links(now) {
        let stored = link_certificate(ctx, &terms, &made[0].1, *link, actor).await?;
        made.push((link.word(), stored));
    }
    switch(ctx, &terms, &made, actor).await?;
    let certificates =
        made.iter().map(|(word, stored)| terms.note(ctx, word, stored)).collect::<Result<_, _>>()?;
    let record = perform::finish(ctx, &row, certificates, actor).await?;
    let (certificate, links) = (made[0].1.der.clone(), links(ctx, &terms).await?);
    Ok(Rolled { generation: terms.to, certificate, links, record, repeated: false })
}

async fn terms(ctx: &Ctx, profiles: &ProfileSet, request: &RolloverRequest) -> Result<Terms, CeremonyError> {
    let (authority, old) = perform::generation(ctx, &request.authority, request.from).await?;
    if authority.state == AuthorityState::Retired {
        return Err(CeremonyError::WrongState(authority.id, authority.state));
    }
    let (keys, key_id) = (ctx.signers.store().list().await?, old.key_id);
    let old_key = keys.iter().find(|key| key.id == key_id).map(|key| key.alg);
    let key = request.key.or(old_key).ok_or(kit_keys::KeyError::NoSuchKey(key_id))?;
    let id = match &request.profile {
        Some(id) => id.clone(),
        None => {
            // The key of a generation bears the id of the order of its certificate.
            let order = ctx.db.read(move |tx| orders::by_id(tx, key_id)).await?;
            let damaged =
                || CeremonyError::Damaged(format!("the order of {}/{}", authority.id, old.generation));
            let order = order.ok_or_else(damaged)?;
            ProfileId::new(&order.profile).map_err(|_| damaged())?
        }
    };
    let needed = if authority.kind == AuthorityKind::Root { Kind::Root } else { Kind::Ca };
    let profile = of_kind(profiles, &id, needed)?;
    let link = of_kind(profiles, &request.link_profile, Kind::Link)?;
    let valid = request.valid;
    let statement = format!(
        "warifu rollover 1\nauthority {}\nfrom {}\nkey {}\nprofile {id}\nvalid {valid:?}\nlink {}\n",
        authority.id,
        request.from,
        key.name(),
        request.link_profile,
    );
    let cause = ctx.provider.sha256(statement.as_bytes());
    Ok(Terms { authority, old, to: request.from + 1, key, profile, link, valid, cause })
}

pub(super) fn of_kind(set: &ProfileSet, id: &ProfileId, kind: Kind) -> Result<ProfileText, CeremonyError> {
    let found = set.get(id).ok_or_else(|| CeremonyError::UnknownProfile(id.clone()))?;
    if found.profile.kind() == kind {
        Ok(found.clone())
    } else {
        Err(CeremonyError::WrongProfile(id.clone()))
    }
}

async fn begin(
    ctx: &Ctx,
    terms: &Terms,
    request: &RolloverRequest,
    actor: &Actor,
) -> Result<CeremonyRow, CeremonyError> {
    let founded = ctx.db.read(super::installation).await?;
    let installation =
        founded.ok_or_else(|| CeremonyError::Damaged("an authority exists without a ceremony".into()))?;
    let opening = Opening {
        file_hash: terms.cause,
        occasion: Occasion::Rollover,
        installation,
        participants: request.participants.clone(),
        profiles: vec![terms.profile.clone(), terms.link.clone()],
    };
    stands(ctx, terms).await?;
    perform::begin(ctx, opening, actor).await
}

/// Whether the rollover was begun, or may begin: the generation named is the one that issues.
async fn stands(ctx: &Ctx, terms: &Terms) -> Result<(), CeremonyError> {
    let (id, from, cause) = (terms.authority.id.clone(), terms.old.generation, terms.cause);
    let stands = ctx
        .db
        .read(move |tx| {
            let begun = authorities::ceremony(tx, &cause)?.is_some();
            let active = authorities::issuing_state(tx, &id)?.map(|(_, active)| active);
            Ok::<_, CeremonyError>(begun || active == Some(from))
        })
        .await?;
    if stands { Ok(()) } else { Err(CeremonyError::Overtaken(terms.authority.id.clone())) }
}

/// A rollover ends under the profiles it began with.
async fn in_force(ctx: &Ctx, mut terms: Terms, row: &CeremonyRow) -> Result<Terms, CeremonyError> {
    let notes: HashMap<String, String> =
        read_record(row)?.profiles.into_iter().map(|note| (note.id, note.sha256)).collect();
    for profile in [&mut terms.profile, &mut terms.link] {
        let id = profile.profile.id().to_string();
        let Some(noted) =
            notes.get(&id).filter(|noted| **noted != base16ct::lower::encode_string(profile.profile.hash()))
        else {
            continue;
        };
        let gone = || CeremonyError::Damaged(format!("the text of profile {id} is gone"));
        let hash: [u8; 32] =
            base16ct::lower::decode_vec(noted).ok().and_then(|h| h.try_into().ok()).ok_or_else(gone)?;
        let text = ctx.db.read(move |tx| authorities::profile_by_hash(tx, &hash)).await?.ok_or_else(gone)?;
        let mut set = ProfileSet::default();
        let found = set.add(&text.body, &*ctx.provider).map_err(|_| gone())?;
        *profile = set.get(&found).ok_or_else(gone)?.clone();
    }
    Ok(terms)
}

impl Terms {
    fn deed(&self, order_key: String, name: String, actor: &Actor) -> Deed {
        let operator = self.authority.operator.clone();
        Deed { order_key, cause: self.cause, name, operator, actor: actor.clone() }
    }

    fn own_deed(&self, actor: &Actor) -> Deed {
        let id = &self.authority.id;
        self.deed(item::authority_key(id, self.to), format!("{id}/{}", self.to), actor)
    }

    /// The links that are made: for a root, while somebody may still trust the old one.
    fn links(&self, now: UtcMicros) -> &'static [Link] {
        let root = self.authority.kind == AuthorityKind::Root;
        if root && self.old.not_after >= now.whole_seconds() { &Link::BOTH } else { &[] }
    }

    fn note(&self, ctx: &Ctx, word: &str, stored: &Stored) -> Result<CertificateNote, CeremonyError> {
        // A link certifies the key of the other generation.
        let of = if word == Link::OldWithNew.word() { self.old.generation } else { self.to };
        let name = format!("{}/{of}", self.authority.id);
        notes::of(word, &name, &stored.order, &stored.issuer, &stored.der, &*ctx.provider)
    }
}

/// The new generation's own certificate.
async fn own_certificate(ctx: &Ctx, terms: &Terms, actor: &Actor) -> Result<Stored, CeremonyError> {
    let (deed, now) = (terms.own_deed(actor), ctx.watch.now()?);
    let sought = deed.clone();
    let order = match ctx.db.read(move |tx| deed::find(tx, &sought)).await? {
        Some(order) => order,
        None => record_own(ctx, terms, &deed, now).await?,
    };
    let (issuer, key_id) = match &terms.authority.parent {
        None => {
            let issuer = perform::own_issuer(ctx, &terms.authority, terms.to, terms.key, &order.tbs)?;
            (issuer, order.id)
        }
        Some(parent) => {
            let (row, generation) = perform::generation(ctx, parent, order.generation).await?;
            (issuer::stored(&row, &generation, &*ctx.provider)?, generation.key_id)
        }
    };
    finish(ctx, &deed, order, issuer, &terms.profile, key_id, now).await
}

/// The plan of the new generation's own certificate, and what must hold when it is recorded.
async fn plan_own(
    ctx: &Ctx,
    terms: &Terms,
    name: &str,
    key: &SoftKey,
    now: UtcMicros,
) -> Result<(Planned, Vec<Guard>), CeremonyError> {
    let own_name = name_of(&terms.old)?;
    let mut guards = vec![Guard::Stands(terms.authority.id.clone(), terms.old.generation)];
    let (authority, issuer, subject) = match &terms.authority.parent {
        None => {
            let (id, alg) = (&terms.authority.id, terms.key.signs_with());
            let urls = crate::urls::of(&terms.authority, terms.to);
            let (der, spki) = (own_name.der(), key.public_spki());
            let issuer = issuer::self_signed(id, terms.to, der, spki, alg, urls, &*ctx.provider)?;
            (terms.authority.clone(), issuer, Vec::new())
        }
        Some(parent) => {
            let (row, generation) = perform::active(ctx, parent).await?;
            let issuer = issuer::stored(&row, &generation, &*ctx.provider)?;
            guards.push(Guard::Issues(generation.authority, generation.generation));
            (row, issuer, values(&own_name))
        }
    };
    let wish = Wish {
        name,
        profile: &terms.profile.profile,
        issuer: &issuer,
        authority: &authority,
        key: own_key(name, key.public_spki())?,
        subject: &subject,
        validity: ValidityWish {
            not_before: None,
            end: terms.valid.map_or(EndWish::Profile, EndWish::After),
        },
        now,
    };
    let planned = deed::prepare(ctx, &wish)?;
    // Everything issued so far names this authority: a generation that is called otherwise is another one.
    if planned.linted.plan().subject_der() != own_name.der() {
        let (authority, profile) = (terms.authority.id.clone(), terms.profile.profile.id().clone());
        return Err(CeremonyError::NameWouldChange { authority, profile });
    }
    Ok((planned, guards))
}

async fn record_own(
    ctx: &Ctx,
    terms: &Terms,
    deed: &Deed,
    now: UtcMicros,
) -> Result<StoredOrder, CeremonyError> {
    let key = deed::new_key(terms.key).await?;
    let (planned, guards) = plan_own(ctx, terms, &deed.name, &key, now).await?;
    let purpose = item::authority_purpose(&terms.authority.id, terms.to);
    let new_key = NewKey { key, purpose };
    deed::record(ctx, deed, planned, &terms.profile, Some(new_key), guards, now).await
}

/// Signs and stores what is recorded.
async fn finish(
    ctx: &Ctx,
    deed: &Deed,
    order: StoredOrder,
    issuer: IssuerInfo,
    profile: &ProfileText,
    key_id: i64,
    now: UtcMicros,
) -> Result<Stored, CeremonyError> {
    let signature = deed::sign(ctx, deed, &order, &profile.profile, &issuer, key_id).await?;
    let der = deed::store(ctx, deed, &order, &issuer, signature, now, |_, _| Ok(())).await?;
    Ok(Stored { order, issuer, der })
}

/// The name of a generation, as its certificate has it.
fn name_of(generation: &Generation) -> Result<core_x509::name::Name, CeremonyError> {
    let damaged = |e| CeremonyError::Damaged(format!("the certificate of {}: {e}", generation.authority));
    let read = core_x509::certificate::Certificate::parse(&generation.certificate).map_err(damaged)?;
    Ok(read.tbs.subject.to_name())
}

/// The attributes of a name as an order gives them.
pub(super) fn values(name: &core_x509::name::Name) -> Vec<(String, String)> {
    let Ok(name) = NameRef::parse(name.der(), &Limits::DEFAULT) else { return Vec::new() };
    let value =
        |a: core_x509::name::Attribute<'_>| Some((a.known()?.short.to_owned(), a.text()?.into_owned()));
    name.attributes().filter_map(value).collect()
}

/// Makes the new generation the one that issues, and publishes the links, in one transaction.
async fn switch(
    ctx: &Ctx,
    terms: &Terms,
    made: &[(&'static str, Stored)],
    actor: &Actor,
) -> Result<(), CeremonyError> {
    let now = ctx.watch.now()?;
    let (id, own) = (terms.authority.id.clone(), &made[0].1);
    let new = perform::generation_row(ctx, &id, terms.to, terms.key, own.order.id, &own.der, now)?;
    let links: Vec<Published> = Link::BOTH
        .into_iter()
        .filter_map(|link| {
            let (_, stored) = made.iter().find(|(word, _)| *word == link.word())?;
            Some(Published {
                id: stored.order.id,
                authority: id.clone(),
                name: link.file(terms.to),
                kind: link.kind(),
                certificate: stored.der.clone(),
                created: now,
            })
        })
        .collect();
    let act = acts::rolled(&terms.authority, terms.to, ctx.provider.sha256(&own.der), actor);
    let (ctx_, from) = (ctx.clone(), terms.old.generation);
    ctx.db
        .write(move |tx| {
            if authorities::generation(tx, &id, new.generation)?.is_some() {
                return Ok(());
            }
            authorities::insert_generation(tx, &new)?;
            let (active, retired) = (GenerationState::Active, GenerationState::Retired);
            let retired = authorities::set_generation_state(tx, &id, from, active, retired)?;
            if !retired || !authorities::switch_generation(tx, &id, from, new.generation)? {
                return Err(CeremonyError::Overtaken(id.clone()));
            }
            for link in &links {
                published::insert(tx, link)?;
            }
            ctx_.ledger_append(tx, std::slice::from_ref(&act), now)?;
            Ok(())
        })
        .await
}

async fn links(ctx: &Ctx, terms: &Terms) -> Result<Vec<Published>, CeremonyError> {
    let (id, to) = (terms.authority.id.clone(), terms.to);
    let read = move |tx: &mut Tx| {
        let mut found = Vec::with_capacity(2);
        for link in Link::BOTH {
            found.extend(published::get(tx, &id, &link.file(to))?);
        }
        Ok::<_, CeremonyError>(found)
    };
    ctx.db.read(read).await
}

async fn repeated(ctx: &Ctx, terms: &Terms, row: &CeremonyRow) -> Result<Rolled, CeremonyError> {
    let (_, generation) = perform::generation(ctx, &terms.authority.id, terms.to).await?;
    let (record, links) = (perform::signed(row)?, links(ctx, terms).await?);
    Ok(Rolled { generation: terms.to, certificate: generation.certificate, links, record, repeated: true })
}
