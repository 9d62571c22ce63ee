//! The dry run: everything a ceremony would do is checked and shown, and nothing is done (K1).
//!
//! The file is checked, compared with what exists, and rehearsed: every certificate is planned and linted
//! with keys of the right kinds that are thrown away. A [`CeremonyPlan`] in hand is a ceremony that will run.

use super::{
    CeremonyError, deed,
    file::{CeremonyFile, Installation, Problem, What},
    item::{self, Item},
    profile_set::{ProfileSet, ProfileText},
    record::{InstallationName, Record},
    rehearsal,
};
use crate::Ctx;
use authority_journal::{
    authorities::{self, Authority, CeremonyRow, Generation, ListSchedule, StoredProfile},
    codes::AuthorityState,
    orders::StoredOrder,
};
use core_crypto::KeyAlg;
use core_words::{Actor, AuthorityId, UtcSeconds};
use core_x509::profile::{Kind, Profile};
use kit_store::Tx;
use std::{collections::HashMap, fmt, sync::Arc};

/// A ceremony that was checked and rehearsed.
#[derive(Clone, Debug)]
pub struct CeremonyPlan {
    /// The file.
    pub file: CeremonyFile,
    /// What is made, in the order of making.
    pub entries: Vec<PlannedEntry>,
    /// Whether this ceremony was held to its end already.
    pub finished: bool,
    /// The profiles it uses: those noted at its beginning, where it was begun already.
    pub(super) profiles: ProfileSet,
}

/// One key and certificate that a ceremony makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedEntry {
    /// `root`, `issuing`, `ocsp` or `tsa`.
    pub kind: &'static str,
    /// Its name: `claims-ca/1`.
    pub name: String,
    /// Who certifies it.
    pub issuer: AuthorityId,
    /// The kind of its key.
    pub key: KeyAlg,
    /// Its subject, RFC 4514.
    pub subject: String,
    /// The first second of its validity, were it made now.
    pub not_before: UtcSeconds,
    /// The last second.
    pub not_after: UtcSeconds,
    /// The profile.
    pub profile: String,
    /// When its lists are made, and their partitions; `None` for what has no lists.
    pub lists: Option<(ListSchedule, u16)>,
    /// How far it has come.
    pub progress: Progress,
}

/// How far an entry has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing of it exists.
    ToBeMade,
    /// Its key is sealed and its certificate recorded; an earlier run was interrupted.
    UnderWay,
    /// It exists.
    Made,
}

/// What exists of a file, read in one snapshot.
pub(super) struct Facts {
    pub(super) ceremony: Option<CeremonyRow>,
    founded: Option<InstallationName>,
    pub(super) authorities: HashMap<AuthorityId, (Authority, Generation)>,
    pub(super) orders: HashMap<String, StoredOrder>,
    /// Of each entry: it exists, made with another file.
    foreign: Vec<bool>,
    texts: Vec<StoredProfile>,
}

/// Checks and rehearses a ceremony file. Writes nothing.
///
/// # Errors
/// [`CeremonyError::File`] with every problem found.
pub async fn plan(ctx: &Ctx, text: &str, profiles: &ProfileSet) -> Result<CeremonyPlan, CeremonyError> {
    let file = CeremonyFile::parse(text, &*ctx.provider).map_err(CeremonyError::File)?;
    let items = Arc::new(Item::all(&file));
    let (file, items_) = (Arc::new(file), items.clone());
    let facts = {
        let file = file.clone();
        ctx.db.read(move |tx| facts(tx, &file, &items_)).await?
    };
    let profiles = profiles_in_force(ctx, &facts, profiles)?;
    let problems = problems(&file, &items, &facts, &profiles);
    if !problems.is_empty() {
        return Err(CeremonyError::File(problems));
    }
    let entries = rehearsal::rehearse(ctx, &file, &items, &facts, &profiles).await?;
    let finished = facts.ceremony.as_ref().is_some_and(|row| row.signature.is_some());
    Ok(CeremonyPlan { file: (*file).clone(), entries, finished, profiles })
}

/// The installation as it was founded; `None` before the first ceremony.
pub fn installation(tx: &mut Tx) -> Result<Option<InstallationName>, CeremonyError> {
    let first = authorities::ceremonies(tx)?.into_iter().next();
    first.map(|row| Ok(read_record(&row)?.installation)).transpose()
}

pub(super) fn read_record(row: &CeremonyRow) -> Result<Record, CeremonyError> {
    Record::from_json(&row.record)
        .map_err(|e| CeremonyError::Damaged(format!("ca_ceremony.record of {}: {e}", row.id)))
}

fn facts(tx: &mut Tx, file: &CeremonyFile, items: &[Item]) -> Result<Facts, CeremonyError> {
    let ceremony = authorities::ceremony(tx, &file.hash)?;
    let mut texts = Vec::new();
    if let Some(row) = &ceremony {
        for note in read_record(row)?.profiles {
            let hash = base16ct::lower::decode_vec(&note.sha256).ok().and_then(|h| h.try_into().ok());
            let text =
                hash.map(|hash: [u8; 32]| authorities::profile_by_hash(tx, &hash)).transpose()?.flatten();
            let gone = || CeremonyError::Damaged(format!("the text of profile {} is gone", note.id));
            texts.push(text.ok_or_else(gone)?);
        }
    }
    let mut known = HashMap::new();
    for id in items.iter().map(Item::issuer).chain(file.authorities.iter().map(|a| &a.id)) {
        if let Some(row) = authorities::get(tx, id)?
            && let Some(generation) = authorities::active_generation(tx, id)?
        {
            known.insert(id.clone(), (row, generation));
        }
    }
    let (mut orders, mut foreign) = (HashMap::new(), Vec::with_capacity(items.len()));
    for item in items {
        let found = deed::find(tx, &deed_of(item, file, &Actor::system()));
        foreign.push(matches!(found, Err(CeremonyError::Different(_))));
        match found {
            Ok(Some(stored)) => {
                orders.insert(item.order_key(), stored);
            }
            Ok(None) | Err(CeremonyError::Different(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Facts { ceremony, founded: installation(tx)?, authorities: known, orders, foreign, texts })
}

/// What makes one entry.
pub(super) fn deed_of(item: &Item, file: &CeremonyFile, actor: &Actor) -> deed::Deed {
    deed::Deed {
        order_key: item.order_key(),
        cause: file.hash,
        name: item.name(),
        operator: item::operator_of(item, file),
        actor: actor.clone(),
    }
}

/// A ceremony ends under the profiles it began with, whatever has changed since.
fn profiles_in_force(ctx: &Ctx, facts: &Facts, at_hand: &ProfileSet) -> Result<ProfileSet, CeremonyError> {
    let mut set = at_hand.clone();
    for stored in &facts.texts {
        set.add(&stored.body, &*ctx.provider)
            .map_err(|e| CeremonyError::Damaged(format!("the text of profile {}: {e}", stored.id)))?;
    }
    Ok(set)
}

fn problems(file: &CeremonyFile, items: &[Item], facts: &Facts, profiles: &ProfileSet) -> Vec<Problem> {
    let mut all = Vec::new();
    installation_problems(&file.installation, facts.founded.as_ref(), &mut all);
    let in_file = |id: &AuthorityId| file.authorities.iter().any(|a| a.id == *id);
    for (item, foreign) in items.iter().zip(&facts.foreign) {
        let mut add = |field: &str, what| {
            let field = format!("{}.{field}", item.name());
            all.push(Problem { line: Some(item.line()), field, what });
        };
        match item {
            Item::Authority(a) => {
                // An authority that came to life otherwise has no order under this key, and is another's too.
                let made_here = facts.orders.contains_key(&item.order_key());
                if *foreign || (facts.authorities.contains_key(&a.id) && !made_here) {
                    add("id", What::MadeByAnotherFile(a.id.to_string()));
                }
                for id in &a.profiles {
                    match profiles.get(id) {
                        None => add("profiles", What::UnknownProfile(id.to_string())),
                        Some(p) if p.profile.kind() != Kind::EndEntity => add(
                            "profiles",
                            What::WrongProfile { profile: id.to_string(), needed: "subscriber" },
                        ),
                        Some(_) => {}
                    }
                }
            }
            Item::Signer(s) if *foreign => add("name", What::SignerOfAnotherFile(item_name(s))),
            Item::Signer(_) => {}
        }
        if !item.is_root() && !in_file(item.issuer()) {
            let field = if matches!(item, Item::Signer(_)) { "authority" } else { "parent" };
            match facts.authorities.get(item.issuer()) {
                None => add(field, What::UnknownAuthority(item.issuer().to_string())),
                Some((row, _)) if row.state != AuthorityState::Active => {
                    add(field, What::ParentNotActive(row.id.to_string()));
                }
                Some(_) => {}
            }
        }
        let (kind, needed) = item.profile_kind();
        match profiles.get(item.profile()) {
            None => add("profile", What::UnknownProfile(item.profile().to_string())),
            Some(p) if p.profile.kind() != kind => {
                add("profile", What::WrongProfile { profile: item.profile().to_string(), needed });
            }
            Some(_) => {}
        }
    }
    all
}

fn item_name(signer: &super::file::SignerSection) -> String {
    format!("{}/{}", signer.authority, signer.name)
}

/// Name and base URL stand in every checkpoint and every certificate: a further file states the same.
fn installation_problems(now: &Installation, founded: Option<&InstallationName>, all: &mut Vec<Problem>) {
    let Some(founded) = founded else { return };
    for (field, now, is) in [
        ("installation.name", &now.name, &founded.name),
        ("installation.base_url", &now.base_url, &founded.base_url),
    ] {
        if now != is {
            let what = What::OtherInstallation { is: is.clone() };
            all.push(Problem { line: None, field: field.into(), what });
        }
    }
}

impl CeremonyPlan {
    pub(super) fn profile(&self, item: &Item) -> Result<&ProfileText, CeremonyError> {
        let found = self.profiles.get(item.profile());
        found.ok_or_else(|| CeremonyError::UnknownProfile(item.profile().clone()))
    }

    /// The profiles of this file's certificates and subscribers, each once.
    pub(super) fn used_profiles(&self) -> Vec<&ProfileText> {
        let items = Item::all(&self.file);
        let own = items.iter().map(|item| item.profile());
        let subscribers = self.file.authorities.iter().flat_map(|a| &a.profiles);
        let mut ids: Vec<_> = own.chain(subscribers).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| self.profiles.get(id)).collect()
    }
}

impl PlannedEntry {
    pub(super) fn of(item: &Item, profile: &Profile, progress: Progress) -> Self {
        let lists = match item {
            Item::Authority(a) => Some((a.lists, a.partitions)),
            Item::Signer(_) => None,
        };
        Self {
            kind: item.kind_word(),
            name: item.name(),
            issuer: item.issuer().clone(),
            key: item.key(),
            subject: String::new(),
            not_before: UtcSeconds(0),
            not_after: UtcSeconds(0),
            profile: profile.id().to_string(),
            lists,
            progress,
        }
    }
}

impl fmt::Display for CeremonyPlan {
    /// As the dry run prints it, in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Installation { name, base_url, .. } = &self.file.installation;
        writeln!(f, "installation  {name}")?;
        writeln!(f, "base URL      {base_url}   (stands in certificates; it cannot be changed later)")?;
        writeln!(f, "file SHA-256  {}", base16ct::lower::encode_string(&self.file.hash))?;
        for person in &self.file.participants {
            writeln!(f, "present       {} ({:?})", person.name, person.role)?;
        }
        for entry in &self.entries {
            entry.fmt(f)?;
        }
        let word = |progress| self.entries.iter().filter(|e| e.progress == progress).count();
        write!(
            f,
            "\n{} to be made, {} under way, {} made already",
            word(Progress::ToBeMade),
            word(Progress::UnderWay),
            word(Progress::Made)
        )
    }
}

impl fmt::Display for PlannedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use super::record::second;
        let state = match self.progress {
            Progress::ToBeMade => "to be made",
            Progress::UnderWay => "under way: will be finished",
            Progress::Made => "made already",
        };
        writeln!(f, "\n{} {} ({state})", self.kind, self.name)?;
        writeln!(f, "  certified by  {}", self.issuer)?;
        writeln!(f, "  subject       {}", self.subject)?;
        writeln!(f, "  key           {}", self.key.name())?;
        writeln!(f, "  profile       {}", self.profile)?;
        writeln!(f, "  valid         {} to {}", second(self.not_before), second(self.not_after))?;
        let Some((lists, partitions)) = &self.lists else { return Ok(()) };
        write!(f, "  full list     every {}, lives {}", span(lists.full_every_s), span(lists.full_life_s))?;
        if lists.delta_every_s > 0 {
            write!(f, "; delta every {}, lives {}", span(lists.delta_every_s), span(lists.delta_life_s))?;
        }
        if *partitions > 0 {
            write!(f, "; {partitions} partitions")?;
        }
        writeln!(f, "; within {} of a revocation", span(lists.soon_s))
    }
}

/// Seconds in the largest unit that says them whole, as a ceremony file does.
fn span(seconds: i64) -> String {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let (unit, length) = units.into_iter().find(|(_, length)| seconds % length == 0).unwrap_or(("second", 1));
    let count = seconds / length;
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
