//! The rehearsal: each certificate of a ceremony is planned and linted with a key that is thrown away.

use super::{
    CeremonyError, deed,
    error::sentence,
    file::{CeremonyFile, Problem, What},
    issuer,
    item::{self, FIRST, Item},
    plan::{Facts, PlannedEntry, Progress},
    profile_set::ProfileSet,
};
use crate::{Ctx, urls};
use authority_journal::{authorities::Authority, orders::StoredOrder};
use core_crypto::{KeyAlg, SigAlg};
use core_words::{AuthorityId, UtcMicros};
use core_x509::{
    certificate::Tbs,
    issuer::IssuerInfo,
    plan::{EndWish, KeyProof, OwnKey, SubjectValue, ValidityWish, subject_name},
    profile::Profile,
    tlv::Limits,
};
use kit_keys::SoftKey;
use std::collections::HashMap;

/// The stage: what exists, and what was rehearsed so far.
struct Stage<'a> {
    ctx: &'a Ctx,
    file: &'a CeremonyFile,
    facts: &'a Facts,
    now: UtcMicros,
    /// Every authority that may issue in what follows, existing or rehearsed.
    issuers: HashMap<AuthorityId, (Authority, IssuerInfo)>,
    /// Keys to be thrown away, by kind and by how deep below a root: no authority bears its issuer's key.
    keys: HashMap<(KeyAlg, usize), SoftKey>,
    depth: HashMap<AuthorityId, usize>,
}

/// Rehearses every entry.
///
/// # Errors
/// [`CeremonyError::File`] with what the plans and lints refuse.
pub(super) async fn rehearse(
    ctx: &Ctx,
    file: &CeremonyFile,
    items: &[Item],
    facts: &Facts,
    profiles: &ProfileSet,
) -> Result<Vec<PlannedEntry>, CeremonyError> {
    let now = ctx.watch.now()?;
    let (issuers, keys, depth) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut stage = Stage { ctx, file, facts, now, issuers, keys, depth };
    for (id, (row, generation)) in &facts.authorities {
        let info = issuer::stored(row, generation, &*ctx.provider)?;
        stage.issuers.insert(id.clone(), (row.clone(), info));
    }
    let (mut entries, mut problems) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        let profile = &profiles
            .get(item.profile())
            .ok_or_else(|| CeremonyError::UnknownProfile(item.profile().clone()))?
            .profile;
        match stage.enter(item, profile).await {
            Ok(entry) => entries.push(entry),
            Err(CeremonyError::Plan { why, .. }) => problems.push(problem(item, sentence(&why))),
            Err(CeremonyError::Lints { why, .. }) => problems.push(problem(item, sentence(&why))),
            // Its parent was refused already, and that is told.
            Err(CeremonyError::UnknownAuthority(_)) if !problems.is_empty() => {}
            Err(error) => return Err(error),
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(CeremonyError::File(problems)) }
}

fn problem(item: &Item, text: authority_front::Text) -> Problem {
    Problem { line: Some(item.line()), field: item.name(), what: What::Certificate(text) }
}

impl Stage<'_> {
    async fn enter(&mut self, item: &Item, profile: &Profile) -> Result<PlannedEntry, CeremonyError> {
        let made = self.facts.orders.get(&item.order_key());
        let progress = match made {
            None => Progress::ToBeMade,
            Some(StoredOrder { issued: None, .. }) => Progress::UnderWay,
            Some(_) => Progress::Made,
        };
        let tbs = match made {
            Some(stored) => stored.tbs.clone(),
            None => self.plan(item, profile).await?,
        };
        let mut entry = PlannedEntry::of(item, profile, progress);
        let unreadable = |e| CeremonyError::Damaged(format!("{}: {e}", item.name()));
        let read = Tbs::parse(&tbs, &Limits::DEFAULT).map_err(unreadable)?;
        entry.subject = read.subject.to_string();
        (entry.not_before, entry.not_after) = (read.not_before, read.not_after);
        if let Item::Authority(section) = item
            && !self.issuers.contains_key(&section.id)
        {
            let row = item::row(section, &self.file.installation, self.now);
            let signed_with = SigAlg::from_identifier_der(read.signature)
                .ok_or_else(|| CeremonyError::Damaged(format!("{}: its algorithm", item.name())))?;
            let info = issuer::from_tbs(
                &section.id,
                FIRST,
                &tbs,
                signed_with,
                section.key.signs_with(),
                urls::of(&row, FIRST),
                &*self.ctx.provider,
            )?;
            self.issuers.insert(section.id.clone(), (row, info));
        }
        Ok(entry)
    }

    /// The octets that would be signed, were the key another one.
    async fn plan(&mut self, item: &Item, profile: &Profile) -> Result<Vec<u8>, CeremonyError> {
        let depth = if item.is_root() { 0 } else { self.depth.get(item.issuer()).map_or(1, |d| d + 1) };
        if let Item::Authority(section) = item {
            self.depth.insert(section.id.clone(), depth);
        }
        let key = self.key(item.key(), depth).await?;
        let (authority, info) = match item {
            Item::Authority(section) if item.is_root() => {
                let row = item::row(section, &self.file.installation, self.now);
                let info = root_issuer(self.ctx, item, profile, &row, key.public_spki())?;
                (row, info)
            }
            _ => {
                let known = self.issuers.get(item.issuer()).cloned();
                known.ok_or_else(|| CeremonyError::UnknownAuthority(item.issuer().clone()))?
            }
        };
        let name = item.name();
        let planned = deed::prepare(
            self.ctx,
            &deed::Wish {
                name: &name,
                profile,
                issuer: &info,
                authority: &authority,
                key: own_key(&name, key.public_spki())?,
                subject: item.subject(),
                validity: validity(item),
                now: self.now,
            },
        )?;
        Ok(planned.linted.into_plan().tbs().to_vec())
    }

    async fn key(&mut self, alg: KeyAlg, depth: usize) -> Result<SoftKey, CeremonyError> {
        if let Some(key) = self.keys.get(&(alg, depth)) {
            return Ok(key.clone());
        }
        let key = deed::new_key(alg).await?;
        self.keys.insert((alg, depth), key.clone());
        Ok(key)
    }
}

/// The issuer of a new root's own certificate.
pub(super) fn root_issuer(
    ctx: &Ctx,
    item: &Item,
    profile: &Profile,
    row: &Authority,
    spki: &[u8],
) -> Result<IssuerInfo, CeremonyError> {
    let values: Vec<_> = item.subject().iter().map(|(key, value)| SubjectValue::new(key, value)).collect();
    let refused = |why| CeremonyError::Plan { name: item.name(), why };
    let name = subject_name(profile, &values).map_err(refused)?;
    let (alg, urls) = (item.key().signs_with(), urls::of(row, FIRST));
    issuer::self_signed(&row.id, FIRST, name.der(), spki, alg, urls, &*ctx.provider)
}

/// The proof that a key which was just made is ours.
pub(super) fn own_key<'a>(name: &str, spki: &'a [u8]) -> Result<KeyProof<'a>, CeremonyError> {
    let refused =
        |fault: core_x509::key::KeyFault| CeremonyError::Plan { name: name.to_owned(), why: fault.into() };
    OwnKey::made_here(spki).map(KeyProof::OwnKey).map_err(refused)
}

/// The validity that a file wishes for.
pub(super) fn validity(item: &Item) -> ValidityWish {
    ValidityWish { not_before: None, end: item.valid().map_or(EndWish::Profile, EndWish::After) }
}
