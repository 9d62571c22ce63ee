//! What the federation alone asks: which case is next, the list as a file, the mails and notices of a case, the outbox.

use crate::{
    case::Case,
    desk::Claims,
    no,
    status::{Hat, Standing},
    store::find::{self, Line, Wanted},
    tell::board,
};
use core_words::{Actor, CaseNumber, Kind, Refusal, Text};
use kit_desk::{Doer, Means, Stored};
use kit_gate::Scope;
use kit_ledger::Entry;
use kit_post::{Delivery, Filter, Mail, MailId, MailState, Notice, Page, Paged, Resent};
use kit_store::{StoreError, Tx};

/// The most lines of a list as a file.
pub const MOST_LINES: u32 = 10_000;
/// The ledger's kind of the entry that says who had a mail sent again.
pub const RESENT: &str = "claims.resend-mail";
/// Mails on a page of the outbox, and of a case.
pub const MAILS: u32 = 50;

/// What was written to the applicant about a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Mails, the latest first.
    pub mails: Vec<Mail>,
    /// Notices in the portal, the latest first.
    pub notices: Vec<Notice>,
}

/// A mail with its text and every try to deliver it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFile {
    /// The mail.
    pub mail: Mail,
    /// Its text.
    pub text: String,
    /// Every try, in order.
    pub tries: Vec<Delivery>,
}

/// The outbox as it is looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbox {
    /// One page.
    pub mails: Paged<Mail>,
    /// How many are in each state that somebody may have to look at.
    pub counts: Vec<(MailState, u64)>,
}

/// What is looked for in the outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedMails {
    /// Words of address, name, subject or number.
    pub text: String,
    /// In this state alone.
    pub state: Option<MailState>,
    /// Which page, from 0.
    pub page: u32,
}

impl Claims {
    /// The application that has waited longest for review, or the one after `after` (C9).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn next_to_review(
        &self,
        scope: Scope,
        after: Option<CaseNumber>,
    ) -> Result<Option<String>, Refusal> {
        self.read(move |tx| find::next_to_review(tx, &scope, after)).await
    }

    /// How many of what is looked for stand where (C8).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn counts(&self, scope: Scope, wanted: Wanted) -> Result<Vec<(Standing, u64)>, Refusal> {
        self.read(move |tx| find::counts(tx, &scope, &wanted)).await
    }

    /// Everything that is looked for, at most [`MOST_LINES`] (C8).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn lines(&self, scope: Scope, wanted: Wanted) -> Result<Vec<Line>, Refusal> {
        self.read(move |tx| find::lines(tx, &scope, &wanted, MOST_LINES)).await
    }

    /// What was written to the applicant about a case (K11).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn told(&self, case: &Stored<Case>) -> Result<Told, Refusal> {
        let (operator, number) = (case.operator.clone(), case.number.clone());
        let board = board(case.case.application().holder);
        self.read(move |tx| {
            let filter = Filter { case: Some(&number), ..Filter::default() };
            let mails = kit_post::outbox(tx, &operator, &filter, Page::new(1, MAILS))?.rows;
            let all = kit_post::notices(tx, &operator, &board, Page::new(1, Page::MAX_SIZE))?.rows;
            let notices = all.into_iter().filter(|notice| notice.case.as_deref() == Some(&number));
            Ok(Told { mails, notices: notices.collect() })
        })
        .await
    }

    /// A page of the outbox (K11).
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn outbox(&self, scope: Scope, wanted: WantedMails) -> Result<Outbox, Refusal> {
        self.read(move |tx| {
            let filter = Filter { state: wanted.state, case: None, words: &wanted.text };
            let page = Page::new(wanted.page.saturating_add(1), MAILS);
            Ok(Outbox {
                mails: kit_post::outbox(tx, scope.operator(), &filter, page)?,
                counts: kit_post::counts(tx, scope.operator())?,
            })
        })
        .await
    }

    /// A mail, its text and its tries (K11).
    ///
    /// # Errors
    /// `claims.no_mail`, `claims.unavailable`.
    pub async fn mail(&self, scope: Scope, id: MailId) -> Result<MailFile, Refusal> {
        let found = self
            .read(move |tx| {
                let operator = scope.operator();
                let Some(mail) = kit_post::mail(tx, operator, id)? else { return Ok(None) };
                let text = kit_post::mail_text(tx, operator, id)?.unwrap_or_default();
                Ok(Some(MailFile { mail, text, tries: kit_post::deliveries(tx, operator, id)? }))
            })
            .await?;
        found.ok_or_else(no_mail)
    }

    /// Sends a mail again that has failed; who did so is in the ledger (K8, K11).
    ///
    /// # Errors
    /// `claims.no_mail`, `claims.mail_not_failed`, `claims.unavailable`.
    pub async fn resend(&self, scope: Scope, id: MailId, doer: Doer<Hat>) -> Result<(), Refusal> {
        let claims = self.clone();
        let done = self
            .db()
            .write(move |tx| send_again(tx, &scope, id, &doer.actor, claims.means(claims.now())))
            .await;
        match done {
            Ok(Resent::Queued) => Ok(()),
            Ok(Resent::NotFailed(_)) => Err(mail_not_failed()),
            Ok(Resent::Unknown) => Err(no_mail()),
            Err(error) => {
                tracing::error!(%error, "the claims desk's database");
                Err(no::unavailable())
            }
        }
    }
}

/// Lets a failed mail be tried again, with the entry of who did so.
fn send_again(
    tx: &mut Tx,
    scope: &Scope,
    id: MailId,
    actor: &Actor,
    means: Means<'_>,
) -> Result<Resent, StoreError> {
    let done = kit_post::resend(tx, scope.operator(), id, means.now)?;
    if done == Resent::Queued {
        let mut entry = Entry::new(RESENT, actor.clone(), format!("mail:{}", id.0));
        entry.list_for(scope.operator());
        entry.case = kit_post::mail(tx, scope.operator(), id)?.and_then(|mail| mail.case);
        kit_ledger::append(tx, &entry, means.now, means.dice, means.digest)?;
    }
    Ok(done)
}

/// There is no such mail, or it is another operator's: told alike.
pub(crate) fn no_mail() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_mail",
        Text::new("このメールは見つかりません。", "There is no such mail."),
        Text::new("送信メールの一覧から選んでください。", "Choose one from the list of mails."),
    )
}

fn mail_not_failed() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.mail_not_failed",
        Text::new(
            "このメールは送信に失敗していません。送信済みか、これから送信されます。",
            "This mail has not failed: it was sent, or is going to be.",
        ),
        Text::new(
            "画面を開き直し、いまの状態を確認してください。",
            "Open the page again and see its present state.",
        ),
    )
}

#[cfg(test)]
mod tests;
