//! The SQL of table `gate_session`.

use super::{CsrfToken, Proof, Session, SignedIn};
use crate::{
    AccountId, Gate, accounts,
    settings::micros,
    token::{Token, TokenHash},
};
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params};

/// What a token leads to.
pub(crate) enum Found {
    /// Nothing.
    Unknown,
    /// A session that is over, and whose it was.
    Over(AccountId),
    /// A session, and when its row was last prolonged.
    Open(Box<Session>, UtcMicros),
}

/// Begins a session under a token that was never used before, whatever the browser had: nobody can have fixed it.
/// The session under `before` ends.
pub(crate) fn open(
    tx: &mut Tx,
    gate: &Gate,
    account: AccountId,
    proof: Proof,
    before: Option<TokenHash>,
    now: UtcMicros,
) -> Result<SignedIn, StoreError> {
    let token = Token::throw(gate.dice());
    let hash = token.hash(gate.digest());
    if let Some(before) = before {
        tx.execute(
            "UPDATE gate_session SET ended_us = $1 WHERE token = $2 AND ended_us IS NULL",
            params![now, before],
        )?;
    }
    let settings = gate.settings();
    let (idle, max) =
        (now.plus_micros(micros(settings.session_idle)), now.plus_micros(micros(settings.session_max)));
    let id = tx.next_id()?;
    tx.execute(
        "INSERT INTO gate_session (id, token, account, how, begun_us, renewed_us, idle_us, max_us) \
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
        params![id, hash, account.0, code(proof), now, idle, max],
    )?;
    let Found::Open(session, _) = find(tx, gate, &token, now)? else {
        return Err(StoreError::Corrupt(format!("a session of {account} was over as it began")));
    };
    gate.note(tx, "gate.signed_in", account, Some(&session.operator), &session.actor(), now)?;
    Ok(SignedIn { session: *session, token })
}

/// Looks a token up.
pub(crate) fn find(tx: &mut Tx, gate: &Gate, token: &Token, now: UtcMicros) -> Result<Found, StoreError> {
    let row = tx.query_opt(
        "SELECT s.id, s.account, s.how, s.renewed_us, s.idle_us, s.max_us, s.ended_us, \
                a.operator, a.kind, a.name, a.subject, a.lang, a.state \
         FROM gate_session s JOIN gate_account a ON a.id = s.account WHERE s.token = $1",
        params![token.hash(gate.digest())],
    )?;
    let Some(row) = row else { return Ok(Found::Unknown) };
    let account = AccountId(row.get(1)?);
    let ends = row.get::<UtcMicros>(4)?.min(row.get::<UtcMicros>(5)?);
    let (ended, state) = (row.get::<Option<i64>>(6)?, row.get::<i16>(12)?);
    if ended.is_some() || state != 1 || now >= ends {
        return Ok(Found::Over(account));
    }
    let session = Session {
        id: row.get(0)?,
        account,
        operator: accounts::parse_operator(row.get(7)?)?,
        kind: accounts::parse_kind(row.get(8)?)?,
        name: row.get(9)?,
        roles: accounts::roles(tx, account)?,
        subject: row.get(10)?,
        lang: accounts::parse_lang(row.get(11)?)?,
        proof: proof(row.get(2)?)?,
        csrf: CsrfToken::of(token, gate.digest()),
        ends,
    };
    Ok(Found::Open(Box::new(session), row.get(3)?))
}

impl Gate {
    /// Looks a token up, and prolongs the session that it leads to.
    pub(crate) async fn look_up(&self, token: &Token) -> Result<Found, StoreError> {
        let (gate, asked) = (self.clone(), token.clone());
        let now = self.now();
        let found = self.db().read(move |tx| find(tx, &gate, &asked, now)).await?;
        let renew = micros(self.settings().session_renew);
        match found {
            Found::Open(mut session, renewed) if now.since(renewed) >= renew => {
                let idle = now.plus_micros(micros(self.settings().session_idle));
                let id = session.id;
                let sql = "UPDATE gate_session SET renewed_us = $1, idle_us = $2 \
                           WHERE id = $3 AND renewed_us = $4 AND ended_us IS NULL RETURNING max_us";
                let max: Option<UtcMicros> = self
                    .db()
                    .write(move |tx| {
                        let row = tx.query_opt(sql, params![now, idle, id, renewed])?;
                        row.map(|row| row.get(0)).transpose()
                    })
                    .await?;
                // No row: another request prolonged it meanwhile, or ended it a moment after it was found open.
                if let Some(max) = max {
                    session.ends = idle.min(max);
                }
                Ok(Found::Open(session, now))
            }
            other => Ok(other),
        }
    }

    /// Ends a session at its owner's wish. Twice is the same as once.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sign_out(&self, session: &Session) -> Result<(), StoreError> {
        let (gate, session) = (self.clone(), session.clone());
        self.db()
            .write(move |tx| {
                let now = gate.now();
                let sql = "UPDATE gate_session SET ended_us = $1 WHERE id = $2 AND ended_us IS NULL";
                if tx.execute(sql, params![now, session.id])? > 0 {
                    let operator = Some(&session.operator);
                    gate.note(tx, "gate.signed_out", session.account, operator, &session.actor(), now)?;
                }
                Ok(())
            })
            .await
    }
}

/// Ends every session of an account.
pub(crate) fn end_all(tx: &mut Tx, account: AccountId, now: UtcMicros) -> Result<(), StoreError> {
    let sql = "UPDATE gate_session SET ended_us = $1 WHERE account = $2 AND ended_us IS NULL";
    tx.execute(sql, params![now, account.0]).map(|_| ())
}

fn code(proof: Proof) -> i16 {
    match proof {
        Proof::Password => 1,
        Proof::Passkey => 2,
        Proof::Certificate => 3,
        Proof::Link => 4,
    }
}

fn proof(code: i16) -> Result<Proof, StoreError> {
    match code {
        1 => Ok(Proof::Password),
        2 => Ok(Proof::Passkey),
        3 => Ok(Proof::Certificate),
        4 => Ok(Proof::Link),
        other => Err(StoreError::Corrupt(format!("gate_session.how holds {other}"))),
    }
}
