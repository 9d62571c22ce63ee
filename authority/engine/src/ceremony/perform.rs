//! Holding the ceremony: keys are made and sealed, certificates signed and stored, the record signed (K1).
//!
//! ```text
//! begin ─→ for each entry: (key sealed + certificate recorded) ─→ signed ─→ (stored + authority alive) ─→ record
//! ```
//! Each bracket is one transaction. Performing the same file again goes on from wherever it stopped; what is
//! done is found by its key in the journal and never done twice.

use super::{
    CeremonyError, acts,
    deed::{self, Deed, Guard, NewKey, Wish},
    file::Participant,
    issuer,
    item::{self, FIRST, Item},
    notes,
    plan::{CeremonyPlan, deed_of, read_record},
    record::{self, InstallationName, Occasion, ProfileNote, Record, SignedRecord},
    rehearsal::{own_key, root_issuer, validity},
};
use crate::{Ctx, urls};
use authority_journal::{
    authorities::{self, Authority, CeremonyRow, Generation},
    codes::GenerationState,
    orders::StoredOrder,
};
use core_crypto::{Digest, KeyAlg};
use core_words::{Actor, AuthorityId, UtcMicros};
use core_x509::{
    certificate::{Certificate, Tbs},
    issuer::IssuerInfo,
    tlv::Limits,
};
use kit_keys::{SignInput, SoftKey};
use kit_store::Tx;
use std::sync::Arc;

/// What the sealed store calls the key that signs records.
const RECORD_KEY: &str = "ceremony records";

/// A ceremony that was held to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The signed record.
    pub record: SignedRecord,
    /// Every authority of the file. Their first lists are due now: `lists::publish_due` makes them.
    pub authorities: Vec<AuthorityId>,
    /// True when it was finished before and nothing was done now.
    pub repeated: bool,
}

/// Holds a planned ceremony, or finishes it.
///
/// # Errors
/// [`CeremonyError`]; what was made so far stands, and performing the same file again goes on from there.
pub async fn perform(ctx: &Ctx, plan: &CeremonyPlan, actor: &Actor) -> Result<Held, CeremonyError> {
    let authorities: Vec<_> = plan.file.authorities.iter().map(|a| a.id.clone()).collect();
    let opening = Opening {
        file_hash: plan.file.hash,
        occasion: Occasion::Ceremony,
        installation: InstallationName {
            name: plan.file.installation.name.clone(),
            base_url: plan.file.installation.base_url.clone(),
        },
        participants: plan.file.participants.clone(),
        profiles: plan.used_profiles().into_iter().cloned().collect(),
    };
    let row = begin(ctx, opening, actor).await?;
    if row.signature.is_some() {
        return Ok(Held { record: signed(&row)?, authorities, repeated: true });
    }
    let mut certificates = Vec::new();
    for item in Item::all(&plan.file) {
        let deed = deed_of(&item, &plan.file, actor);
        let (stored, issuer, der) = make(ctx, plan, &item, &deed).await?;
        certificates.push(notes::note(&item, &stored, &issuer, &der, &*ctx.provider)?);
    }
    let record = finish(ctx, &row, certificates, actor).await?;
    Ok(Held { record, authorities, repeated: false })
}

/// Makes one entry, from wherever an earlier run left it.
async fn make(
    ctx: &Ctx,
    plan: &CeremonyPlan,
    item: &Item,
    deed: &Deed,
) -> Result<(StoredOrder, IssuerInfo, Vec<u8>), CeremonyError> {
    let now = ctx.watch.now()?;
    let sought = deed.clone();
    let stored = match ctx.db.read(move |tx| deed::find(tx, &sought)).await? {
        Some(stored) => stored,
        None => record_new(ctx, plan, item, deed, now).await?,
    };
    let (issuer, key_id) = signing(ctx, plan, item, &stored).await?;
    let profile = &plan.profile(item)?.profile;
    let signature = deed::sign(ctx, deed, &stored, profile, &issuer, key_id).await?;
    let (inner, item_, file) = (ctx.clone(), item.clone(), plan.file.clone());
    let (actor, key_id) = (deed.actor.clone(), stored.id);
    let der = deed::store(ctx, deed, &stored, &issuer, signature, now, move |tx, der| match &item_ {
        Item::Authority(section) => {
            let row = item::row(section, &file.installation, now);
            come_to_life(tx, &inner, &row, section.key, key_id, der, &actor, now)
        }
        Item::Signer(_) => Ok(()),
    })
    .await?;
    Ok((stored, issuer, der))
}

/// Makes the key, plans, and records both.
async fn record_new(
    ctx: &Ctx,
    plan: &CeremonyPlan,
    item: &Item,
    deed: &Deed,
    now: UtcMicros,
) -> Result<StoredOrder, CeremonyError> {
    let profile = plan.profile(item)?;
    let key = deed::new_key(item.key()).await?;
    let (authority, info, guards) = match item {
        Item::Authority(section) if item.is_root() => {
            let row = item::row(section, &plan.file.installation, now);
            let info = root_issuer(ctx, item, &profile.profile, &row, key.public_spki())?;
            (row, info, Vec::new())
        }
        _ => {
            let (row, generation) = active(ctx, item.issuer()).await?;
            let info = issuer::stored(&row, &generation, &*ctx.provider)?;
            (row, info, vec![Guard::Issues(generation.authority, generation.generation)])
        }
    };
    let planned = deed::prepare(
        ctx,
        &Wish {
            name: &deed.name,
            profile: &profile.profile,
            issuer: &info,
            authority: &authority,
            key: own_key(&deed.name, key.public_spki())?,
            subject: item.subject(),
            validity: validity(item),
            now,
        },
    )?;
    let new_key = NewKey { key: key.clone(), purpose: item.purpose() };
    deed::record(ctx, deed, planned, profile, Some(new_key), guards, now).await
}

/// Who signs what was recorded, and with which key: a root itself, with the key sealed under the id of the
/// order; any other certificate its issuer, under the generation that was recorded.
async fn signing(
    ctx: &Ctx,
    plan: &CeremonyPlan,
    item: &Item,
    stored: &StoredOrder,
) -> Result<(IssuerInfo, i64), CeremonyError> {
    match item {
        Item::Authority(section) if item.is_root() => {
            let row = item::row(section, &plan.file.installation, stored.not_before);
            let issuer = own_issuer(ctx, &row, FIRST, section.key, &stored.tbs)?;
            Ok((issuer, stored.id))
        }
        _ => {
            let (row, generation) = generation(ctx, item.issuer(), stored.generation).await?;
            Ok((issuer::stored(&row, &generation, &*ctx.provider)?, generation.key_id))
        }
    }
}

/// The issuer of a self-signed certificate, from its octets.
pub(super) fn own_issuer(
    ctx: &Ctx,
    row: &Authority,
    generation: u16,
    key: KeyAlg,
    tbs: &[u8],
) -> Result<IssuerInfo, CeremonyError> {
    let unreadable = |e| CeremonyError::Damaged(format!("the recorded certificate of {}: {e}", row.id));
    let read = Tbs::parse(tbs, &Limits::DEFAULT).map_err(unreadable)?;
    let (name, urls) = (read.issuer.der(), urls::of(row, generation));
    issuer::self_signed(&row.id, generation, name, read.spki, key.signs_with(), urls, &*ctx.provider)
}

/// The first generation and the authority itself, once its certificate is stored.
#[allow(clippy::too_many_arguments, reason = "all of it is one row or the other")]
fn come_to_life(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &Authority,
    key: KeyAlg,
    key_id: i64,
    der: &[u8],
    actor: &Actor,
    now: UtcMicros,
) -> Result<(), CeremonyError> {
    if authorities::get(tx, &row.id)?.is_some() {
        return Ok(());
    }
    authorities::insert_generation(tx, &generation_row(ctx, &row.id, FIRST, key, key_id, der, now)?)?;
    authorities::insert(tx, row)?;
    let hash = ctx.provider.sha256(der);
    ctx.ledger_append(tx, &[acts::created(&row.id, &row.operator, hash, actor)], now)?;
    Ok(())
}

/// The row of a generation that acts under this certificate.
pub(super) fn generation_row(
    ctx: &Ctx,
    id: &AuthorityId,
    number: u16,
    key: KeyAlg,
    key_id: i64,
    der: &[u8],
    now: UtcMicros,
) -> Result<Generation, CeremonyError> {
    let unusable = |why| CeremonyError::Issuer { name: format!("{id}/{number}"), why };
    let certificate = Certificate::parse(der).map_err(|e| unusable(e.into()))?;
    let (sig_alg, none) = (key.signs_with(), core_x509::issuer::Urls::default());
    let info = IssuerInfo::from_certificate(id.clone(), number, &certificate, sig_alg, none, &*ctx.provider)
        .map_err(unusable)?;
    Ok(Generation {
        authority: id.clone(),
        generation: number,
        state: GenerationState::Active,
        key_id,
        sig_alg,
        spki: info.spki,
        key_identifier: info.key_id,
        certificate: der.to_vec(),
        not_before: info.not_before,
        not_after: info.not_after,
        created: now,
    })
}

/// An authority and the generation that issues.
pub(super) async fn active(ctx: &Ctx, id: &AuthorityId) -> Result<(Authority, Generation), CeremonyError> {
    let wanted = id.clone();
    let found = ctx
        .db
        .read(move |tx| {
            let row = authorities::get(tx, &wanted)?;
            let generation = authorities::active_generation(tx, &wanted)?;
            Ok::<_, CeremonyError>(row.zip(generation))
        })
        .await?;
    found.ok_or_else(|| CeremonyError::UnknownAuthority(id.clone()))
}

/// An authority and one of its generations.
pub(super) async fn generation(
    ctx: &Ctx,
    id: &AuthorityId,
    number: u16,
) -> Result<(Authority, Generation), CeremonyError> {
    let wanted = id.clone();
    let found = ctx
        .db
        .read(move |tx| {
            let row = authorities::get(tx, &wanted)?;
            let generation = authorities::generation(tx, &wanted, number)?;
            Ok::<_, CeremonyError>(row.zip(generation))
        })
        .await?;
    found.ok_or_else(|| CeremonyError::UnknownAuthority(id.clone()))
}

/// What is fixed at the beginning of a ceremony.
pub(super) struct Opening {
    pub(super) file_hash: [u8; 32],
    pub(super) occasion: Occasion,
    pub(super) installation: InstallationName,
    pub(super) participants: Vec<Participant>,
    pub(super) profiles: Vec<super::profile_set::ProfileText>,
}

/// Begins a ceremony, or finds it begun. The very first one makes the record key of the installation.
pub(super) async fn begin(ctx: &Ctx, opening: Opening, actor: &Actor) -> Result<CeremonyRow, CeremonyError> {
    let now = ctx.watch.now()?;
    let spare = SoftKey::generate(KeyAlg::Ed25519)?;
    let (ctx_, actor, opening) = (ctx.clone(), actor.clone(), Arc::new(opening));
    ctx.db
        .write(move |tx| {
            if let Some(row) = authorities::ceremony(tx, &opening.file_hash)? {
                return Ok(row);
            }
            let (id, mut entries) = (tx.next_id()?, Vec::with_capacity(2));
            let record_key = match authorities::ceremonies(tx)?.first() {
                Some(earlier) => read_record(earlier)?.record_key,
                None => {
                    ctx_.signers.store().seal_new(tx, id, &spare, RECORD_KEY)?;
                    let hash = ctx_.provider.sha256(spare.public_spki());
                    entries.push(acts::key_made(RECORD_KEY, hash, &actor));
                    base16ct::lower::encode_string(spare.public_spki())
                }
            };
            for used in &opening.profiles {
                let (hash, id) = (used.profile.hash(), used.profile.id());
                authorities::remember_profile(tx, hash, id, &used.text, now)?;
            }
            let begun = opening.record(&actor, record_key, now);
            authorities::begin_ceremony(tx, id, &opening.file_hash, &begun.to_json(), now)?;
            entries.push(acts::begun(&begun.file_sha256, opening.file_hash, &actor));
            ctx_.ledger_append(tx, &entries, now)?;
            authorities::ceremony(tx, &opening.file_hash)?
                .ok_or_else(|| CeremonyError::Damaged("a ceremony that was begun is gone".into()))
        })
        .await
}

impl Opening {
    fn record(&self, actor: &Actor, record_key: String, now: UtcMicros) -> Record {
        let note = |p: &super::profile_set::ProfileText| ProfileNote {
            id: p.profile.id().to_string(),
            sha256: base16ct::lower::encode_string(p.profile.hash()),
        };
        Record {
            version: record::VERSION,
            occasion: self.occasion,
            installation: self.installation.clone(),
            file_sha256: base16ct::lower::encode_string(&self.file_hash),
            software: record::SOFTWARE.to_owned(),
            begun: record::moment(now),
            begun_by: actor.to_string(),
            finished: None,
            finished_by: None,
            participants: self.participants.clone(),
            profiles: self.profiles.iter().map(note).collect(),
            certificates: Vec::new(),
            record_key,
        }
    }
}

/// Signs the record and ends the ceremony. Whoever ended it first stays.
pub(super) async fn finish(
    ctx: &Ctx,
    row: &CeremonyRow,
    certificates: Vec<record::CertificateNote>,
    actor: &Actor,
) -> Result<SignedRecord, CeremonyError> {
    let now = ctx.watch.now()?;
    let mut record = read_record(row)?;
    record.certificates = certificates;
    record.finished = Some(record::moment(now));
    record.finished_by = Some(actor.to_string());
    let json = record.to_json();
    let signature = sign_record(ctx, &record, &json).await?;
    let (ctx_, actor, begun) = (ctx.clone(), actor.clone(), row.clone());
    let row = ctx
        .db
        .write(move |tx| {
            if authorities::finish_ceremony(tx, begun.id, &json, &signature)? {
                let hash = ctx_.provider.sha256(json.as_bytes());
                ctx_.ledger_append(tx, &[acts::finished(&record.file_sha256, hash, &actor)], now)?;
            }
            authorities::ceremony(tx, &begun.file_hash)?
                .ok_or_else(|| CeremonyError::Damaged("a ceremony that was begun is gone".into()))
        })
        .await?;
    signed(&row)
}

async fn sign_record(ctx: &Ctx, record: &Record, json: &str) -> Result<Vec<u8>, CeremonyError> {
    let spki = base16ct::lower::decode_vec(&record.record_key).ok();
    let keys = ctx.signers.store().list().await?;
    let key = keys.iter().find(|key| key.purpose == RECORD_KEY && Some(&key.spki) == spki.as_ref());
    let key =
        key.ok_or_else(|| CeremonyError::Damaged("the record key is not among the sealed keys".into()))?;
    let signer = ctx.signers.open(key.id).await?;
    Ok(signer.sign(SignInput::Message(json.as_bytes())).await?)
}

/// The signed record of a finished ceremony.
pub(super) fn signed(row: &CeremonyRow) -> Result<SignedRecord, CeremonyError> {
    let damaged = |what: &str| CeremonyError::Damaged(format!("ca_ceremony {}: {what}", row.id));
    let spki =
        base16ct::lower::decode_vec(&read_record(row)?.record_key).map_err(|_| damaged("its record key"))?;
    let signature = row.signature.clone().ok_or_else(|| damaged("it is not finished"))?;
    Ok(SignedRecord::new(row.record.clone(), signature, &spki))
}

/// Every finished record of this installation, oldest first: what an auditor asks for.
///
/// # Errors
/// Those of the store, and [`CeremonyError::Damaged`].
pub async fn records(ctx: &Ctx) -> Result<Vec<SignedRecord>, CeremonyError> {
    let rows = ctx.db.read(authorities::ceremonies).await?;
    rows.iter().filter(|row| row.signature.is_some()).map(signed).collect()
}
