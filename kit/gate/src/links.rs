//! One-time links: how staff come in the first time, and how a demonstration lets people in.
//!
//! Looking at a link does not use it up, because mail programs look at links; pressing the button on its page does.

use crate::{
    AccountError, AccountId, AccountKind, Gate, GateError,
    accounts::{self, Account, AccountState},
    refusals,
    session::{self, Proof, SignedIn},
    settings::micros,
    token::{Token, TokenHash},
};
use core_words::{Actor, UtcMicros};
use kit_store::{StoreError, Tx, params};
use zeroize::Zeroizing;

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Registering a passkey or a client certificate, once; for staff. 24 hours.
    Enrol,
    /// Signing in, once. Demonstrations and tests alone make such links. 10 minutes.
    SignIn,
}

impl Purpose {
    fn code(self) -> i16 {
        match self {
            Self::Enrol => 1,
            Self::SignIn => 2,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::SignIn => "enter",
        }
    }
}

/// A link just made. It is shown to a person or put into a mail, and stands nowhere else.
#[derive(Clone)]
pub struct OneTimeLink {
    url: Zeroizing<String>,
    /// From this moment on it is dead.
    pub until: UtcMicros,
}

impl OneTimeLink {
    /// The whole address. Whoever has it is let in.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl std::fmt::Debug for OneTimeLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneTimeLink").field("until", &self.until).finish_non_exhaustive()
    }
}

impl Gate {
    /// Makes a link. Earlier ones of the same account and purpose die.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] for one that is not active, and for an applicant who is to enrol.
    pub fn one_time_link(
        &self,
        tx: &mut Tx,
        id: AccountId,
        purpose: Purpose,
        actor: &Actor,
        now: UtcMicros,
    ) -> Result<OneTimeLink, AccountError> {
        let fit = |a: &Account| {
            a.state == AccountState::Active && (purpose == Purpose::SignIn || a.kind == AccountKind::Staff)
        };
        let account = accounts::find(tx, id)?.filter(fit).ok_or(AccountError::NoSuchAccount(id))?;
        let token = Token::throw(self.dice());
        let span = match purpose {
            Purpose::Enrol => self.settings().enrol_link,
            Purpose::SignIn => self.settings().sign_in_link,
        };
        let until = now.plus_micros(micros(span));
        let earlier = "DELETE FROM gate_link WHERE account = $1 AND purpose = $2 AND used_us IS NULL";
        tx.execute(earlier, params![id.0, purpose.code()])?;
        tx.execute(
            "INSERT INTO gate_link (token, account, purpose, created_us, until_us) VALUES ($1, $2, $3, $4, $5)",
            params![token.hash(self.digest()), id.0, purpose.code(), now, until],
        )?;
        self.note(tx, "gate.link_made", id, Some(&account.operator), actor, now)?;
        let url = format!("{}/{}/{}", self.settings().origin(), purpose.path(), token.as_str());
        Ok(OneTimeLink { url: Zeroizing::new(url), until })
    }

    /// Signs in with a link of that purpose and uses it up.
    pub(crate) async fn enter(&self, link: &Token, before: Option<TokenHash>) -> Result<SignedIn, GateError> {
        let (gate, link) = (self.clone(), link.hash(self.digest()));
        self.db()
            .write(move |tx| {
                let now = gate.now();
                let account = take(tx, &link, Purpose::SignIn, now)?.ok_or_else(refusals::dead_link)?;
                Ok(session::open(tx, &gate, account.id, Proof::Link, before, now)?)
            })
            .await
    }

    /// Whose link it is, as long as it is good.
    pub(crate) async fn link_of(&self, link: &Token, purpose: Purpose) -> Result<Account, GateError> {
        let (link, now) = (link.hash(self.digest()), self.now());
        let account = self.db().read(move |tx| peek(tx, &link, purpose, now)).await?;
        account.ok_or_else(|| refusals::dead_link().into())
    }
}

/// Whose link it is, without using it up.
pub(crate) fn peek(
    tx: &mut Tx,
    link: &TokenHash,
    purpose: Purpose,
    now: UtcMicros,
) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT account FROM gate_link \
               WHERE token = $1 AND purpose = $2 AND used_us IS NULL AND until_us > $3";
    let Some(row) = tx.query_opt(sql, params![link, purpose.code(), now])? else { return Ok(None) };
    let account = accounts::find(tx, AccountId(row.get(0)?))?;
    Ok(account.filter(|a| a.state == AccountState::Active))
}

/// Uses a link up, if it is still good: of two who press at once, one.
pub(crate) fn take(
    tx: &mut Tx,
    link: &TokenHash,
    purpose: Purpose,
    now: UtcMicros,
) -> Result<Option<Account>, StoreError> {
    let sql = "UPDATE gate_link SET used_us = $3 \
               WHERE token = $1 AND purpose = $2 AND used_us IS NULL AND until_us > $3 RETURNING account";
    let Some(row) = tx.query_opt(sql, params![link, purpose.code(), now])? else { return Ok(None) };
    let account = accounts::find(tx, AccountId(row.get(0)?))?;
    Ok(account.filter(|a| a.state == AccountState::Active))
}
