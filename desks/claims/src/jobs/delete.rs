//! Deleting cases whose certificate was revoked or has ended (C13): first the archive, then case after case.
//!
//! ```text
//! choosing ─→ archiving ─→ deleting ─→ done      each stretch is a transaction; a run that is cut off goes on from there
//! ```
//! A case that was changed after it was chosen is spared. What the database holds is not deleted, whatever stands here:
//! see `store/holds.rs`.

use crate::{
    cases::Cases,
    desk::Claims,
    service::archive,
    store::{
        deletions::{self, Archive, Deletion, Stage},
        expiry, holds, rows,
    },
    tell::board,
};
use core_words::{Actor, UtcMicros};
use kit_desk::{Errand, Flow};
use kit_gate::Scope;
use kit_jobs::{Handler, JobCtx, JobError, When};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.delete";
/// The ledger's kind of the entry that has the hash of an archive.
pub(crate) const ARCHIVED: &str = "claims.archive";
/// The ledger's kind of the entry that says that a case was deleted.
pub(crate) const DELETED: &str = "claims.delete-case";
/// The most cases of one deletion: an archive is made in memory.
pub(crate) const MOST: u32 = 2_000;
/// Cases chosen, or deleted, in one transaction.
const STRETCH: u32 = 50;

/// Queues the job of a deletion.
pub(crate) fn queue(tx: &mut Tx, deletion: i64, now: UtcMicros) -> Result<(), StoreError> {
    Errand { case: deletion, about: 1 }.queue(tx, KIND, When::Now, now)
}

pub(crate) struct DeleteEnded(pub(crate) Claims);

impl Handler for DeleteEnded {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let Errand { case: id, .. } = Errand::read(ctx.payload())?;
        loop {
            let Some(deletion) = ctx.db().read(move |tx| deletions::load(tx, id)).await? else {
                return Ok(());
            };
            let (claims, job) = (self.0.clone(), ctx.clone());
            match deletion.stage {
                Stage::Choosing => ctx.db().write(move |tx| choose(tx, &deletion, &job)).await?,
                Stage::Archiving => self.archive(ctx, &deletion).await?,
                Stage::Deleting => ctx.db().write(move |tx| delete(tx, &claims, &deletion, &job)).await?,
                Stage::Done => return Ok(()),
            }
        }
    }
}

impl DeleteEnded {
    /// Writes the file, and then what it is into the ledger.
    async fn archive(&self, ctx: &JobCtx, deletion: &Deletion) -> Result<(), JobError> {
        let octets = archive::write(&self.0, ctx.db(), deletion).await?;
        let archive = Archive {
            sha256: self.0.digest().sha256(&octets),
            octets: u64::try_from(octets.len()).unwrap_or(u64::MAX),
        };
        archive::keep(&self.0, &deletion.number, octets).await?;
        let (claims, job, deletion) = (self.0.clone(), ctx.clone(), deletion.clone());
        let noted = move |tx: &mut Tx| {
            if deletions::archived(tx, deletion.id, &archive)? {
                let hash: String = archive.sha256.iter().map(|octet| format!("{octet:02x}")).collect();
                let mut entry =
                    Entry::new(ARCHIVED, Actor::system(), format!("archive:{}/{hash}", deletion.number));
                entry.list_for(&deletion.operator);
                kit_ledger::append(tx, &entry, job.now(), claims.dice(), claims.digest())?;
            }
            job.save_progress(tx, b"archived")
        };
        ctx.db().write(noted).await
    }
}

/// Chooses the next cases, until there are no more, or as many as one archive takes.
fn choose(tx: &mut Tx, deletion: &Deletion, job: &JobCtx) -> Result<(), JobError> {
    let scope = Scope::of_the_house(deletion.operator.clone());
    let room = u64::from(MOST).saturating_sub(deletion.chosen).min(u64::from(STRETCH));
    let most = u32::try_from(room).unwrap_or(STRETCH);
    let more = holds::choose(tx, &scope, deletion.before, deletion.id, most)?;
    deletions::chose(tx, deletion.id, more, more < STRETCH)?;
    job.save_progress(tx, b"chosen")
}

/// Deletes the next cases; without any, the deletion is done.
fn delete(tx: &mut Tx, claims: &Claims, deletion: &Deletion, job: &JobCtx) -> Result<(), JobError> {
    let now = job.now();
    let next = holds::chosen(tx, deletion.id, 0, STRETCH)?;
    if next.is_empty() {
        deletions::end(tx, deletion.id, now)?;
        return job.finish(tx);
    }
    let mut deleted = 0;
    for chosen in next {
        if one(tx, claims, deletion, chosen, now)? {
            deleted += 1;
        } else {
            holds::spare(tx, chosen.case, deletion.id)?;
        }
    }
    deletions::deleted(tx, deletion.id, deleted)?;
    job.save_progress(tx, b"deleted")
}

/// A case off screens and working tables, with the entry that says so; whether it was as it was when it was chosen. What
/// the ledger and the lists have of it stays, and so do the mails that were sent.
fn one(
    tx: &mut Tx,
    claims: &Claims,
    deletion: &Deletion,
    chosen: holds::Chosen,
    now: UtcMicros,
) -> Result<bool, StoreError> {
    let Some(case) = rows::load(tx, chosen.case)? else { return Ok(false) };
    if !holds::delete(tx, chosen, deletion.id, now)? {
        return Ok(false);
    }
    kit_desk::events::forget(tx, Cases::DESK, chosen.case)?;
    expiry::forget(tx, chosen.case)?;
    kit_post::take_down(tx, &case.operator, &board(case.case.application().holder), &case.number)?;
    let mut entry = Entry::new(DELETED, Actor::system(), format!("case:{}/{}", case.number, deletion.number));
    entry.list_for(&case.operator);
    entry.case = Some(case.number.clone());
    kit_ledger::append(tx, &entry, now, claims.dice(), claims.digest())?;
    Ok(true)
}
