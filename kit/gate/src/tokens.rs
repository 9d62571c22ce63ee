//! Tokens of machines: how a program calls the API on behalf of an account (K9, K16).
//!
//! A token is shown once, when it is made; the row has its SHA-256. It comes in the header `Authorization` alone, never
//! in a cookie, so no page of another site can make a browser send it. Roles and state are those of the account, read
//! anew at each request: what is taken away is gone at once.

use crate::{
    AccountError, AccountId, AccountKind, Gate, HasRole, Role, Scope, accounts, refusals, token::Token,
};
use core_words::{Actor, Kind, Lang, OperatorId, Refusal, Text, UtcMicros};
use kit_store::{Row, StoreError, Tx, params};
use std::fmt;
use zeroize::Zeroizing;

/// What the ledger has of tokens (K8), beside [`LEDGER_KINDS`](crate::LEDGER_KINDS). The subject is
/// `account:NUMBER/token:NUMBER`.
pub const TOKEN_LEDGER_KINDS: &[(&str, &str)] = &[
    ("gate.token_made", "A token was made with which a program can act for an account"),
    ("gate.token_revoked", "A token of a program was revoked"),
];

/// What tokens begin with, so that programs that look for leaked secrets find one.
const PREFIX: &str = "wt_";
/// The longest name of a token, in characters.
pub const MAX_TOKEN_NAME: usize = 100;
/// Tokens of one account that are listed.
const LISTED: i64 = 200;
/// When a token was last used is written down to the hour: a write at each request would be dear.
const NOTED_EVERY: i64 = 3_600;

/// The number of a token. No secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(pub i64);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token:{}", self.0)
    }
}

/// A token just made. It is shown to a person and stands nowhere else; wiped when dropped.
#[derive(Clone)]
pub struct NewToken {
    /// Its number, for revoking it.
    pub id: TokenId,
    text: Zeroizing<String>,
}

impl NewToken {
    /// What the program sends as `Authorization: Bearer …`: `wt_` and 43 characters of base64url. Whoever has it is
    /// let in.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for NewToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewToken").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A token in a list, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLine {
    /// Its number.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created: UtcMicros,
    /// From when on it is dead; `None` for one that must be revoked.
    pub until: Option<UtcMicros>,
    /// When it was revoked.
    pub revoked: Option<UtcMicros>,
    /// When it was last used, up to an hour earlier.
    pub used: Option<UtcMicros>,
}

/// A program that showed a good token: the account it acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Which token.
    pub token: TokenId,
    /// For whom it acts.
    pub account: AccountId,
    /// The organisation the account belongs to.
    pub operator: OperatorId,
    /// Applicant or staff.
    pub kind: AccountKind,
    /// What the account may do.
    pub roles: Vec<Role>,
    /// The desk's own reference of an applicant, `claims.provider:123`.
    pub subject: Option<String>,
    /// The language in which the account is written to.
    pub lang: Lang,
}

impl Machine {
    /// Whether the account has the role: for what is shown. What is done asks [`Machine::require`].
    #[must_use]
    pub fn has(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }

    /// Proof of a role.
    ///
    /// # Errors
    /// `gate.role_missing`.
    pub fn require(&self, role: &Role) -> Result<HasRole, Refusal> {
        if self.has(role) {
            Ok(HasRole::new(self.account, role.clone(), self.scope()))
        } else {
            Err(refusals::role_missing())
        }
    }

    /// Whose rows it may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::of_the_house(self.operator.clone())
    }

    /// Who acts, as the ledger names them: `staff:12`, without personal data.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self.kind {
            AccountKind::Staff => Actor::staff(self.account.0),
            AccountKind::Applicant => Actor::applicant(self.account.0),
        }
    }
}

impl Gate {
    /// Makes a token for an active account. `name` says what it is for, `until` when it dies by itself.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] for an account that is not active, [`AccountError::BadName`] outside of 1 to 100
    /// characters; those of the store.
    pub fn make_token(
        &self,
        tx: &mut Tx,
        account: AccountId,
        name: &str,
        until: Option<UtcMicros>,
        actor: &Actor,
        now: UtcMicros,
    ) -> Result<NewToken, AccountError> {
        if name.is_empty() || name.chars().count() > MAX_TOKEN_NAME || name.contains('\0') {
            return Err(AccountError::BadName);
        }
        let active = |a: &accounts::Account| a.state == accounts::AccountState::Active;
        let owner =
            accounts::find(tx, account)?.filter(active).ok_or(AccountError::NoSuchAccount(account))?;
        let token = Token::throw(self.dice());
        let id = TokenId(tx.next_id()?);
        tx.execute(
            "INSERT INTO gate_token (id, account, name, token, created_us, until_us) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![id.0, account.0, name, token.hash(self.digest()), now, until],
        )?;
        let subject = format!("{account}/{id}");
        self.note(tx, "gate.token_made", subject, Some(&owner.operator), actor, now)?;
        let text = Zeroizing::new(format!("{PREFIX}{}", token.as_str()));
        Ok(NewToken { id, text })
    }

    /// Revokes a token of an operator's accounts; it is dead from the next request on. False when there is none, or it
    /// was revoked before.
    ///
    /// # Errors
    /// Those of the store.
    pub fn revoke_token(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        id: TokenId,
        actor: &Actor,
        now: UtcMicros,
    ) -> Result<bool, StoreError> {
        let row = tx.query_opt(
            "UPDATE gate_token SET revoked_us = $1 WHERE id = $2 AND revoked_us IS NULL \
             AND account IN (SELECT id FROM gate_account WHERE operator = $3) RETURNING account",
            params![now, id.0, scope.operator().as_str()],
        )?;
        let Some(row) = row else { return Ok(false) };
        let subject = format!("{}/{id}", AccountId(row.get(0)?));
        self.note(tx, "gate.token_revoked", subject, Some(scope.operator()), actor, now)?;
        Ok(true)
    }

    /// Who shows this token, as it stands behind `Bearer`.
    ///
    /// Found by its SHA-256: how long that takes tells nothing about any token. A text that has not the form of a token
    /// never reaches the database.
    ///
    /// # Errors
    /// `gate.bad_token` for an unknown, revoked or dead one, and for an account that is not active: all told alike;
    /// `gate.unavailable`.
    pub async fn machine(&self, bearer: &str) -> Result<Machine, Refusal> {
        let token = bearer.strip_prefix(PREFIX).and_then(Token::read).ok_or_else(bad_token)?;
        let (hash, now) = (token.hash(self.digest()), self.now());
        let found = self.db().read(move |tx| find(tx, &hash, now)).await.map_err(|error| {
            tracing::error!(%error, "looking a token up");
            refusals::unavailable()
        })?;
        let (machine, used) = found.ok_or_else(bad_token)?;
        let before = now.plus_seconds(-NOTED_EVERY);
        if used.is_none_or(|used| used <= before) {
            let id = machine.token.0;
            let sql = "UPDATE gate_token SET used_us = $1 \
                       WHERE id = $2 AND revoked_us IS NULL AND (used_us IS NULL OR used_us <= $3)";
            // Looking must go on when nothing can be written.
            if let Err(error) = self.db().write(move |tx| tx.execute(sql, params![now, id, before])).await {
                tracing::warn!(%error, "noting the use of a token");
            }
        }
        Ok(machine)
    }
}

/// The tokens of an account, the oldest first, also those that are dead; at most 200.
///
/// # Errors
/// Those of the store.
pub fn tokens(tx: &mut Tx, account: AccountId) -> Result<Vec<TokenLine>, StoreError> {
    let rows = tx.query(
        "SELECT id, name, created_us, until_us, revoked_us, used_us FROM gate_token WHERE account = $1 \
         ORDER BY created_us, id LIMIT $2",
        params![account.0, LISTED],
    )?;
    let line = |row: &Row| {
        Ok(TokenLine {
            id: TokenId(row.get(0)?),
            name: row.get(1)?,
            created: row.get(2)?,
            until: row.get(3)?,
            revoked: row.get(4)?,
            used: row.get(5)?,
        })
    };
    rows.iter().map(line).collect()
}

/// No token came.
#[must_use]
pub fn no_token() -> Refusal {
    Refusal::new(
        Kind::Unauthenticated,
        "gate.no_token",
        Text::new("トークンがありません。", "There is no token."),
        Text::new(
            "発行されたトークンを Authorization: Bearer で送ってください。",
            "Send the token you were given as Authorization: Bearer.",
        ),
    )
}

fn bad_token() -> Refusal {
    Refusal::new(
        Kind::Unauthenticated,
        "gate.bad_token",
        Text::new("トークンが無効です。", "The token is not valid."),
        Text::new(
            "取り消されたか、期限が切れた可能性があります。管理者に新しいトークンを依頼してください。",
            "It may have been revoked or have run out. Ask your manager for a new one.",
        ),
    )
}

/// The account of a living token, and when the token was last noted as used.
fn find(
    tx: &mut Tx,
    hash: &[u8; 32],
    now: UtcMicros,
) -> Result<Option<(Machine, Option<UtcMicros>)>, StoreError> {
    let row = tx.query_opt(
        "SELECT t.id, t.account, t.until_us, t.revoked_us, t.used_us, \
                a.operator, a.kind, a.subject, a.lang, a.state \
         FROM gate_token t JOIN gate_account a ON a.id = t.account WHERE t.token = $1",
        params![hash],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (until, revoked) = (row.get::<Option<UtcMicros>>(2)?, row.get::<Option<UtcMicros>>(3)?);
    let state: i16 = row.get(9)?;
    if revoked.is_some() || until.is_some_and(|until| now >= until) || state != 1 {
        return Ok(None);
    }
    let account = AccountId(row.get(1)?);
    let machine = Machine {
        token: TokenId(row.get(0)?),
        account,
        operator: accounts::parse_operator(row.get(5)?)?,
        kind: accounts::parse_kind(row.get(6)?)?,
        roles: accounts::roles(tx, account)?,
        subject: row.get(7)?,
        lang: accounts::parse_lang(row.get(8)?)?,
    };
    Ok(Some((machine, row.get(4)?)))
}

#[cfg(test)]
mod tests;
