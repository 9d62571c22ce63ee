//! What the pages of applicants ask besides: a look at their own request, their notices, and proofs.

use super::{CaseFile, reissue::FETCHED};
use crate::{Claims, jobs, no, status::Hat, store::holders, tell::board, words::HolderId};
use core_words::Refusal;
use kit_desk::Doer;
use kit_gate::Scope;
use kit_ledger::{Entry, Receipt};
use kit_post::{Notice, NoticeFile, NoticeId, Page, Paged};
use kit_store::StoreError;

/// What hangs on a provider's board.
#[derive(Clone, Debug)]
pub struct Board {
    /// One page of it, the latest first.
    pub notices: Paged<Notice>,
    /// How many on all pages were not read yet.
    pub unread: u64,
}

impl Claims {
    /// Looks at a request of an applicant's own (PKCS#10, DER) before it is handed in: what the authority would
    /// refuse.
    ///
    /// # Errors
    /// Those of the authority for a request that does not fit; `claims.unavailable`.
    pub async fn look_at_request(&self, holder: HolderId, request: Vec<u8>) -> Result<(), Refusal> {
        let holder = self.read(move |tx| holders::load(tx, holder)).await?.ok_or_else(no::no_case)?;
        let order = jobs::order::trial(self, &holder, request);
        self.soon(self.front().preflight(&order)).await.map(drop)
    }

    /// The proof that the ledger has what made a case's `version` (K8). Whose case it is was asked when the file
    /// was.
    ///
    /// # Errors
    /// `claims.no_case` for a version that never was, `claims.no_proof_yet` within the first second or so,
    /// `claims.unavailable`.
    pub async fn proof(&self, file: &CaseFile, version: i64) -> Result<Receipt, Refusal> {
        let event = file.events.iter().find(|event| event.version == version).ok_or_else(no::no_case)?;
        self.prove(event.entry).await
    }

    /// What hangs on a provider's board.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn board(&self, scope: Scope, holder: HolderId, page: Page) -> Result<Board, Refusal> {
        self.read(move |tx| {
            let (operator, board) = (scope.operator(), board(holder));
            let notices = kit_post::notices(tx, operator, &board, page)?;
            let unread = kit_post::count_unread(tx, operator, &board)?;
            Ok(Board { notices, unread })
        })
        .await
    }

    /// A notice of a provider, which counts as read from now on.
    ///
    /// # Errors
    /// `claims.no_notice` also for one of somebody else, `claims.unavailable`.
    pub async fn read_notice(&self, scope: Scope, holder: HolderId, id: i64) -> Result<Notice, Refusal> {
        let (id, now, board) = (NoticeId(id), self.now(), board(holder));
        let read = self.db().write(move |tx| {
            let found = kit_post::notice(tx, scope.operator(), &board, id)?;
            if found.as_ref().is_some_and(|notice| notice.read.is_none()) {
                kit_post::mark_read(tx, scope.operator(), &board, id, now)?;
            }
            Ok::<_, StoreError>(found)
        });
        let found = read.await.map_err(|error| {
            tracing::error!(%error, "the claims desk's database");
            no::unavailable()
        })?;
        found.ok_or_else(no::no_notice)
    }

    /// The file that came with a notice of a provider (C7); that it was fetched is on record before it leaves.
    ///
    /// # Errors
    /// `claims.no_notice` also for one of somebody else and for one without a file, `claims.unavailable`.
    pub async fn notice_file(
        &self,
        scope: Scope,
        holder: HolderId,
        id: i64,
        doer: Doer<Hat>,
    ) -> Result<NoticeFile, Refusal> {
        let (id, board, claims) = (NoticeId(id), board(holder), self.clone());
        let fetched = self.db().write(move |tx| {
            let (operator, now) = (scope.operator(), claims.now());
            let Some((file, first)) = kit_post::fetch_file(tx, operator, &board, id, now)? else {
                return Ok(None);
            };
            if first {
                let mut entry = Entry::new(FETCHED, doer.actor.clone(), format!("claims.notice:{}", id.0));
                entry.list_for(operator);
                entry.case = kit_post::notice(tx, operator, &board, id)?.and_then(|notice| notice.case);
                entry.object = Some(claims.digest().sha256(&file.octets));
                kit_ledger::append(tx, &entry, now, claims.dice(), claims.digest())?;
            }
            Ok::<_, StoreError>(Some(file))
        });
        let fetched = fetched.await.map_err(|error| {
            tracing::error!(%error, "the claims desk's database");
            no::unavailable()
        })?;
        fetched.ok_or_else(no::no_notice)
    }
}
