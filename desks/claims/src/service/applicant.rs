//! What the pages of applicants ask besides: a look at their own request, their notices, and proofs.

use super::CaseFile;
use crate::{Claims, jobs, no, store::holders, tell::board, words::HolderId};
use core_words::Refusal;
use kit_gate::Scope;
use kit_ledger::{Find, LedgerError, Receipt};
use kit_post::{Notice, NoticeId, Page, Paged};
use kit_store::{StoreError, Tx};

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
        self.front().preflight(&order).await.map(drop)
    }

    /// The proof that the ledger has what made a case's `version` (K8). Whose case it is was asked when the file
    /// was.
    ///
    /// # Errors
    /// `claims.no_case` for a version that never was, `claims.no_proof_yet` within the first second or so,
    /// `claims.unavailable`.
    pub async fn proof(&self, file: &CaseFile, version: i64) -> Result<Receipt, Refusal> {
        let event = file.events.iter().find(|event| event.version == version).ok_or_else(no::no_case)?;
        let (claims, entry) = (self.clone(), event.entry);
        let proof = self.db().read(move |tx| kit_ledger::prove(tx, claims.digest(), Find::Id(entry))).await;
        proof.map_err(|error: LedgerError| match error {
            LedgerError::NotYet | LedgerError::Unsigned => no::no_proof_yet(),
            other => {
                tracing::error!(error = %other, "a proof from the ledger");
                no::unavailable()
            }
        })
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
            let found = notice(tx, &scope, &board, id)?;
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
}

/// The notice of this number on a board. Boards are short, a few notices in three years: looked through page by
/// page.
fn notice(tx: &mut Tx, scope: &Scope, board: &str, id: NoticeId) -> Result<Option<Notice>, StoreError> {
    for number in 1.. {
        let page = kit_post::notices(tx, scope.operator(), board, Page::new(number, Page::MAX_SIZE))?;
        let last = page.rows.len() < Page::MAX_SIZE as usize;
        let found = page.rows.into_iter().find(|notice| notice.id == id);
        if found.is_some() || last {
            return Ok(found);
        }
    }
    Ok(None)
}
