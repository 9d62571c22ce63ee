//! Signing in by ID and password (K9). An ID that does not exist, one that is closed and a wrong password take the
//! same steps, cost the same and are answered the same.

use crate::{
    AccountId, Gate, GateError, accounts,
    attempts::{self, Key, Rule, Try},
    refusals,
    session::{self, Proof, SignedIn},
    settings::micros,
    token::TokenHash,
};
use core_words::{Actor, OperatorId};
use kit_store::{StoreError, Tx, params};
use std::net::IpAddr;
use zeroize::Zeroizing;

/// An applicant's account as far as signing in goes.
#[derive(Clone)]
struct Candidate {
    id: AccountId,
    operator: OperatorId,
    phc: String,
}

impl Gate {
    /// Signs an applicant in. `from` is where the request came from, `None` when nobody knows: then only the ID is
    /// counted. A session that the browser had before is over.
    ///
    /// # Errors
    /// `gate.wrong_sign_in` for every reason that lies with ID or password, `gate.too_many` from this address,
    /// `gate.busy`; those of the store.
    pub async fn sign_in(
        &self,
        login: &str,
        password: Zeroizing<String>,
        from: Option<IpAddr>,
    ) -> Result<SignedIn, GateError> {
        self.sign_in_after(login, password, from, None).await
    }

    /// The same; `before` is the token of a session that the browser had until now.
    pub(crate) async fn sign_in_after(
        &self,
        login: &str,
        password: Zeroizing<String>,
        from: Option<IpAddr>,
        before: Option<TokenHash>,
    ) -> Result<SignedIn, GateError> {
        // Before anything is counted: whoever is sent away because it is busy has not tried.
        let turn = self.hashing().turn().await?;
        let keys = Keys {
            login: attempts::login_key(self.digest(), login),
            address: from.map(|address| attempts::address_key(self.digest(), address)),
        };
        let (gate, counted, known_as) = (self.clone(), keys.clone(), login.to_owned());
        let (verdict, candidate) = self
            .db()
            .write(move |tx| {
                let now = gate.now();
                if let Some(address) = &counted.address
                    && attempts::count(tx, address, gate.address_rule(), now)? == Try::Closed
                {
                    return Err(GateError::from(refusals::too_many()));
                }
                let verdict = attempts::count(tx, &counted.login, gate.login_rule(), now)?;
                Ok((verdict, candidate(tx, &known_as)?))
            })
            .await?;
        let phc = candidate.as_ref().map(|c| c.phc.clone());
        let (verified, _turn) = self.hashing().verify(password, phc, turn).await;
        match (verdict, candidate) {
            (Try::Open | Try::Last, Some(candidate)) if verified => {
                self.let_in(candidate, keys, before).await
            }
            (Try::Closed, _) => Err(refusals::wrong_sign_in().into()),
            (verdict, candidate) => {
                let closed = verdict == Try::Last;
                self.note_wrong(candidate.map(|c| (c.id, c.operator)), closed).await?;
                Err(refusals::wrong_sign_in().into())
            }
        }
    }

    async fn let_in(
        &self,
        candidate: Candidate,
        keys: Keys,
        before: Option<TokenHash>,
    ) -> Result<SignedIn, GateError> {
        let gate = self.clone();
        let opened = self
            .db()
            .write(move |tx| {
                let now = gate.now();
                // The password may have been changed, and the account suspended, while it was compared.
                let sql = "SELECT 1 FROM gate_account WHERE id = $1 AND state = 1 AND phc = $2";
                if tx.query_opt(sql, params![candidate.id.0, &candidate.phc])?.is_none() {
                    return Err(GateError::from(refusals::wrong_sign_in()));
                }
                attempts::clear(tx, &keys.login)?;
                if let Some(address) = &keys.address {
                    attempts::take_back(tx, address)?;
                }
                Ok(session::open(tx, &gate, candidate.id, Proof::Password, before, now)?)
            })
            .await?;
        Ok(opened)
    }

    async fn note_wrong(&self, who: Option<(AccountId, OperatorId)>, closed: bool) -> Result<(), StoreError> {
        let gate = self.clone();
        self.db()
            .write(move |tx| {
                let now = gate.now();
                // What was typed stays out of the ledger: people type their password into the wrong field.
                let subject = who.as_ref().map_or("account:unknown".to_owned(), |(id, _)| id.to_string());
                let operator = who.as_ref().map(|(_, operator)| operator);
                gate.note(tx, "gate.refused", &subject, operator, &Actor::system(), now)?;
                if closed {
                    gate.note(tx, "gate.locked", &subject, operator, &Actor::system(), now)?;
                }
                Ok(())
            })
            .await
    }

    pub(crate) fn login_rule(&self) -> Rule {
        self.rule(self.settings().attempts)
    }

    fn address_rule(&self) -> Rule {
        self.rule(self.settings().address_attempts)
    }

    fn rule(&self, attempts: u32) -> Rule {
        let settings = self.settings();
        Rule { attempts: attempts.into(), lock: micros(settings.lock), forget: micros(settings.forget) }
    }
}

#[derive(Clone)]
struct Keys {
    login: Key,
    address: Option<Key>,
}

fn candidate(tx: &mut Tx, login: &str) -> Result<Option<Candidate>, StoreError> {
    // A text that cannot be a login could not be asked for either: PostgreSQL keeps no U+0000.
    let login = if accounts::is_login(login) { login } else { "" };
    let sql = "SELECT id, operator, phc FROM gate_account \
               WHERE kind = 1 AND login = $1 AND state = 1 AND phc IS NOT NULL";
    let row = tx.query_opt(sql, params![login])?;
    row.map(|row| {
        Ok(Candidate {
            id: AccountId(row.get(0)?),
            operator: accounts::parse_operator(row.get(1)?)?,
            phc: row.get(2)?,
        })
    })
    .transpose()
}
