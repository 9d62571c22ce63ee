//! Deletion of what was revoked or has ended: what would go, asking for it, how far it is, its archive (C13).

use super::archive;
use crate::{
    Claims, PAGE,
    jobs::delete,
    no,
    status::Hat,
    store::{
        deletions::{self, Deletion},
        holds::{self, Removable},
    },
};
use core_words::{CaseNumber, Kind, Refusal, Text, UtcMicros};
use kit_desk::{Doer, next_number};
use kit_gate::Scope;
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};
use kit_web::dates::{self, Day};

/// The ledger's kind of the entry that says who asked for a deletion.
pub(crate) const ASKED: &str = "claims.ask-deletion";
/// The most cases that one deletion takes; for the others another one is asked for after it.
pub const MOST_DELETED: u32 = delete::MOST;
/// With this letter the numbers of deletions and their archives begin.
const LETTER: char = 'A';
/// So many deletions are shown.
const LATEST: u32 = 20;

/// What a deletion would take now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletable {
    /// What ended before this may go.
    pub before: UtcMicros,
    /// How many cases whose certificate has ended.
    pub ended: u64,
    /// How many whose certificate was revoked.
    pub revoked: u64,
    /// A page of them, what ended first first.
    pub lines: Vec<Removable>,
    /// The latest deletions, the youngest first.
    pub deletions: Vec<Deletion>,
}

/// What ended before this may be deleted at `now`: `keep_days` whole days of Japan lie between the day of the end and
/// today.
pub fn deletable_before(now: UtcMicros, keep_days: u32) -> UtcMicros {
    Day::of(now.plus_seconds(-i64::from(keep_days) * 86_400)).begins()
}

impl Claims {
    /// What would go: page `page`, from 0. For managers.
    ///
    /// # Errors
    /// `claims.manager_only`, `claims.unavailable`.
    pub async fn deletable(&self, scope: Scope, page: u32, hat: Hat) -> Result<Deletable, Refusal> {
        manager(hat)?;
        let before = deletable_before(self.now(), self.settings().ending.keep_days);
        self.read(move |tx| {
            let (ended, revoked) = holds::counts(tx, &scope, before)?;
            let lines = holds::page(tx, &scope, before, PAGE, u64::from(page) * u64::from(PAGE))?;
            let deletions = deletions::latest(tx, &scope, LATEST)?;
            Ok(Deletable { before, ended, revoked, lines, deletions })
        })
        .await
    }

    /// Asks for the deletion of what may go, at most [`MOST_DELETED`] cases: first the archive, then the cases. Its number.
    ///
    /// # Errors
    /// `claims.manager_only`, `claims.nothing_to_delete`, `claims.deletion_running`, `claims.unavailable`.
    pub async fn delete(&self, scope: Scope, doer: Doer<Hat>) -> Result<CaseNumber, Refusal> {
        manager(doer.capacity)?;
        let claims = self.clone();
        let asked = self.db().write(move |tx| ask(tx, &claims, &scope, &doer)).await;
        match asked {
            Ok(asked) => asked,
            Err(error) => {
                tracing::error!(%error, "the claims desk's database");
                Err(no::unavailable())
            }
        }
    }

    /// A deletion and how far it is. For managers.
    ///
    /// # Errors
    /// `claims.manager_only`, `claims.no_deletion`, `claims.unavailable`.
    pub async fn deletion(&self, scope: Scope, number: CaseNumber, hat: Hat) -> Result<Deletion, Refusal> {
        manager(hat)?;
        self.read(move |tx| deletions::by_number(tx, &scope, number)).await?.ok_or_else(no_deletion)
    }

    /// The archive of a deletion, as it is described at the head of `service/archive.rs`. For managers.
    ///
    /// # Errors
    /// `claims.manager_only`, `claims.no_deletion` also as long as there is no archive, `claims.unavailable`.
    pub async fn archive(&self, scope: Scope, number: CaseNumber, hat: Hat) -> Result<Vec<u8>, Refusal> {
        let deletion = self.deletion(scope, number, hat).await?;
        let Some(noted) = deletion.archive else { return Err(no_deletion()) };
        let octets = archive::read(self, &deletion.number).await.map_err(|error| {
            tracing::error!(%error, archive = %deletion.number, "an archive is not read");
            no::unavailable()
        })?;
        let octets = octets.ok_or_else(no_deletion)?;
        if self.digest().sha256(&octets) != noted.sha256 {
            tracing::error!(archive = %deletion.number, "an archive is not what the ledger says");
            return Err(no::unavailable());
        }
        Ok(octets)
    }
}

fn ask(
    tx: &mut Tx,
    claims: &Claims,
    scope: &Scope,
    doer: &Doer<Hat>,
) -> Result<Result<CaseNumber, Refusal>, StoreError> {
    let now = claims.now();
    let before = deletable_before(now, claims.settings().ending.keep_days);
    if holds::counts(tx, scope, before)? == (0, 0) {
        return Ok(Err(nothing_to_delete()));
    }
    let number = next_number(tx, "claims.archive", LETTER, now)?;
    let id = tx.next_id()?;
    if !deletions::begin(tx, id, number, scope, doer.account, (before, now))? {
        return Ok(Err(deletion_running()));
    }
    delete::queue(tx, id, now)?;
    let mut entry = Entry::new(ASKED, doer.actor.clone(), format!("archive:{number}"));
    entry.list_for(scope.operator());
    kit_ledger::append(tx, &entry, now, claims.dice(), claims.digest())?;
    Ok(Ok(number))
}

/// Whether a case of this number was deleted: what staff are told who follow an old link. Applicants are not told.
pub(super) fn gone(
    tx: &mut Tx,
    scope: &Scope,
    number: CaseNumber,
    hat: Hat,
) -> Result<Option<Refusal>, StoreError> {
    if hat.applies() {
        return Ok(None);
    }
    Ok(holds::gone(tx, scope, number)?.map(|(at, archive)| deleted(at, &archive)))
}

fn manager(hat: Hat) -> Result<(), Refusal> {
    if hat == Hat::Manager { Ok(()) } else { Err(manager_only()) }
}

fn manager_only() -> Refusal {
    Refusal::new(
        Kind::Forbidden,
        "claims.manager_only",
        Text::new("管理者だけが使える画面です。", "This page is for managers."),
        Text::new("管理者へ依頼してください。", "Please ask a manager."),
    )
}

fn no_deletion() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_deletion",
        Text::new(
            "この番号の削除、またはその保存ファイルはありません。",
            "There is no deletion of this number, or no archive of it yet.",
        ),
        Text::new("「証明書の削除」の一覧から選んでください。", "Choose one from the list of deletions."),
    )
}

fn nothing_to_delete() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.nothing_to_delete",
        Text::new("いま削除できる証明書はありません。", "There is nothing to delete now."),
        Text::new(
            "保存の期間が過ぎてからもう一度お試しください。",
            "Try again when more was kept for long enough.",
        ),
    )
}

pub(crate) fn deletion_running() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.deletion_running",
        Text::new("別の削除が進んでいます。", "Another deletion is under way."),
        Text::new("終わってから、もう一度お試しください。", "Try again when it is done."),
    )
}

fn deleted(at: UtcMicros, archive: &str) -> Refusal {
    use core_words::Lang::{En, Ja};
    Refusal::new(
        Kind::NotFound,
        "claims.deleted",
        Text::new(
            format!("この証明書は {} に削除されました。保存ファイルの番号: {archive}", dates::day_of(Ja, at)),
            format!("This certificate was deleted on {}. Archive: {archive}", dates::day_of(En, at)),
        ),
        Text::new(
            "内容が必要なときは、保存ファイルの番号を管理者へ伝えてください。",
            "If you need what was there, tell a manager the number of the archive.",
        ),
    )
}

#[cfg(test)]
mod tests;
