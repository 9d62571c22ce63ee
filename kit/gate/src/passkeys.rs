//! Staff with a passkey: WebAuthn Level 2, discoverable credentials, user verification required (K9).
//!
//! ```text
//! begin  ──→ a challenge to the browser, its state into gate_challenge: five minutes, once, for this browser
//! finish ──→ the state is taken out, whatever comes of it; then the answer is judged
//! ```
//! webauthn-rs draws the challenges itself, from the operating system: a predictable one would have to be forced
//! upon it.

use crate::{
    AccountId, BadSettings, Gate, GateError, GateSettings, certificates,
    links::{self, Purpose},
    refusals,
    session::{self, Proof, SignedIn},
    settings::micros,
    token::{Token, TokenHash},
};
use core_words::{Actor, Refusal, UtcMicros};
use kit_store::{StoreError, Tx, params};
use serde::{Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::{
    CreationChallengeResponse, CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Uuid, Webauthn,
    WebauthnBuilder, WebauthnError,
};

const KIND: i16 = 1;
/// How many passkeys an account may have.
const MAX_PASSKEYS: usize = 20;

pub(crate) struct Passkeys(Webauthn);

/// A challenge on its way to the browser.
#[derive(Serialize)]
pub(crate) struct Begun<T> {
    /// The name of the ceremony, to be sent back.
    pub(crate) challenge: String,
    /// What `navigator.credentials` takes.
    pub(crate) options: T,
}

/// Passkeys for this address; `None` for a bare IP address, to which none can be bound.
pub(crate) fn at(settings: &GateSettings) -> Result<Option<Passkeys>, BadSettings> {
    let url = Url::parse(settings.origin()).map_err(|_| BadSettings::PublicUrl)?;
    let Some(host) = url.domain() else { return Ok(None) };
    let built = WebauthnBuilder::new(host, &url)
        .and_then(|builder| builder.rp_name(&settings.service_name).timeout(settings.challenge).build());
    built.map(|webauthn| Some(Passkeys(webauthn))).map_err(|_| BadSettings::PublicUrl)
}

impl Gate {
    pub(crate) async fn begin_passkey_enrolment(
        &self,
        link: &Token,
        browser: TokenHash,
    ) -> Result<Begun<CreationChallengeResponse>, GateError> {
        let passkeys = self.passkeys().ok_or_else(refusals::no_passkeys)?;
        let (hash, now) = (link.hash(self.digest()), self.now());
        let (account, handle, known) = self
            .db()
            .read(move |tx| {
                let account = links::peek(tx, &hash, Purpose::Enrol, now)?
                    .ok_or_else(|| GateError::from(refusals::dead_link()))?;
                let sql = "SELECT handle FROM gate_account WHERE id = $1";
                let handle: [u8; 16] = tx.query_one(sql, params![account.id.0])?.get(0)?;
                Ok::<_, GateError>((account.clone(), handle, keys(tx, account.id)?))
            })
            .await?;
        if known.len() >= MAX_PASSKEYS {
            return Err(refusals::unfit_passkey().into());
        }
        let (mut options, state) = passkeys
            .0
            .start_passkey_registration(Uuid::from_bytes(handle), &account.login, &account.name, Some(known))
            .map_err(|e| unfit(e, refusals::unfit_passkey()))?;
        // Signing in asks for no name, so the authenticator must know the account by itself.
        if let Some(selection) = &mut options.public_key.authenticator_selection {
            selection.resident_key = Some(webauthn_rs_proto::ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        let challenge = self.keep(Purpose::Enrol, browser, Some(hash), &state).await?;
        Ok(Begun { challenge, options })
    }

    pub(crate) async fn finish_passkey_enrolment(
        &self,
        link: &Token,
        browser: TokenHash,
        challenge: &str,
        answer: &RegisterPublicKeyCredential,
    ) -> Result<(), GateError> {
        let passkeys = self.passkeys().ok_or_else(refusals::no_passkeys)?;
        let hash = link.hash(self.digest());
        let state: PasskeyRegistration = self
            .take_out(Purpose::Enrol, browser, Some(hash), challenge)
            .await?
            .ok_or_else(refusals::unfit_passkey)?;
        let passkey = passkeys
            .0
            .finish_passkey_registration(answer, &state)
            .map_err(|e| unfit(e, refusals::unfit_passkey()))?;
        let (gate, data, key) = (self.clone(), json(&passkey)?, passkey.cred_id().to_vec());
        self.db()
            .write(move |tx| {
                let now = gate.now();
                let account = links::take(tx, &hash, Purpose::Enrol, now)?.ok_or_else(refusals::dead_link)?;
                if !certificates::insert(tx, account.id, KIND, &key, Some(&data), now)? {
                    return Err(GateError::from(refusals::credential_taken()));
                }
                let actor = Actor::staff(account.id.0);
                Ok(gate.note(tx, "gate.enrolled", account.id, Some(&account.operator), &actor, now)?)
            })
            .await
    }

    pub(crate) async fn begin_passkey_sign_in(
        &self,
        browser: TokenHash,
    ) -> Result<Begun<RequestChallengeResponse>, GateError> {
        let passkeys = self.passkeys().ok_or_else(refusals::no_passkeys)?;
        let (mut options, state) = passkeys
            .0
            .start_discoverable_authentication()
            .map_err(|e| unfit(e, refusals::wrong_passkey()))?;
        // A button begins it, so the browser shows its dialogue; conditional mediation would wait in a field.
        options.mediation = None;
        let challenge = self.keep(Purpose::SignIn, browser, None, &state).await?;
        Ok(Begun { challenge, options })
    }

    pub(crate) async fn finish_passkey_sign_in(
        &self,
        browser: TokenHash,
        challenge: &str,
        answer: &PublicKeyCredential,
        before: Option<TokenHash>,
    ) -> Result<SignedIn, GateError> {
        let passkeys = self.passkeys().ok_or_else(refusals::no_passkeys)?;
        let state: DiscoverableAuthentication = self
            .take_out(Purpose::SignIn, browser, None, challenge)
            .await?
            .ok_or_else(refusals::wrong_passkey)?;
        let (handle, key) = passkeys
            .0
            .identify_discoverable_authentication(answer)
            .map(|(handle, key)| (handle, key.to_vec()))
            .map_err(|e| unfit(e, refusals::wrong_passkey()))?;
        let held = self.db().read(move |tx| held(tx, &key, handle.as_bytes())).await?;
        let Some(Held { id, account, mut passkey, version }) = held else {
            return Err(refusals::wrong_passkey().into());
        };
        let result = match passkeys.0.finish_discoverable_authentication_v2(answer, state, &passkey) {
            Ok(result) if result.user_verified() => result,
            Ok(_) => return self.wrong_passkey(account).await,
            Err(error) => {
                tracing::info!(%account, %error, "a passkey was refused");
                return self.wrong_passkey(account).await;
            }
        };
        passkey.update_credential(&result);
        let (gate, data) = (self.clone(), json(&passkey)?);
        self.db()
            .write(move |tx| {
                let now = gate.now();
                // The counter moves on from the one that was compared, or two used the same one at once.
                let sql = "UPDATE gate_credential SET data = $1, version = version + 1, used_us = $2 \
                           WHERE id = $3 AND version = $4 AND account IN \
                           (SELECT id FROM gate_account WHERE state = 1)";
                if tx.execute(sql, params![&data, now, id, version])? == 0 {
                    return Err(GateError::from(refusals::wrong_passkey()));
                }
                Ok(session::open(tx, &gate, account, Proof::Passkey, before, now)?)
            })
            .await
    }

    async fn wrong_passkey<T>(&self, account: AccountId) -> Result<T, GateError> {
        let gate = self.clone();
        let note = move |tx: &mut Tx| gate.note_of(tx, "gate.refused", account, &Actor::system(), gate.now());
        self.db().write(note).await?;
        Err(refusals::wrong_passkey().into())
    }

    /// Keeps the state of a ceremony; its name.
    async fn keep(
        &self,
        purpose: Purpose,
        browser: TokenHash,
        link: Option<TokenHash>,
        state: &impl Serialize,
    ) -> Result<String, GateError> {
        let name = Token::throw(self.dice());
        let (id, state) = (name.hash(self.digest()), json(state)?);
        let until = self.now().plus_micros(micros(self.settings().challenge));
        let sql = "INSERT INTO gate_challenge (id, purpose, browser, link, state, until_us) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let link = link.map(Vec::from);
        self.db()
            .write(move |tx| tx.execute(sql, params![id, code(purpose), browser, &link, &state, until]))
            .await?;
        Ok(name.as_str().to_owned())
    }

    /// Takes the state of a ceremony out: a second answer to the same challenge finds nothing.
    async fn take_out<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        browser: TokenHash,
        link: Option<TokenHash>,
        name: &str,
    ) -> Result<Option<T>, GateError> {
        let Some(name) = Token::read(name) else { return Ok(None) };
        let (id, now) = (name.hash(self.digest()), self.now());
        let taken = self.db().write(move |tx| take(tx, &id, now)).await?;
        let Some(taken) = taken else { return Ok(None) };
        if (taken.purpose, taken.browser, taken.link) != (code(purpose), browser, link) {
            return Ok(None);
        }
        let state = serde_json::from_str(&taken.state)
            .map_err(|e| StoreError::Corrupt(format!("gate_challenge.state: {e}")))?;
        Ok(Some(state))
    }
}

struct Taken {
    purpose: i16,
    browser: TokenHash,
    link: Option<TokenHash>,
    state: String,
}

fn take(tx: &mut Tx, id: &TokenHash, now: UtcMicros) -> Result<Option<Taken>, StoreError> {
    let sql =
        "DELETE FROM gate_challenge WHERE id = $1 AND until_us > $2 RETURNING purpose, browser, link, state";
    let row = tx.query_opt(sql, params![id, now])?;
    row.map(|row| {
        Ok(Taken { purpose: row.get(0)?, browser: row.get(1)?, link: row.get(2)?, state: row.get(3)? })
    })
    .transpose()
}

/// A registered passkey.
struct Held {
    id: i64,
    account: AccountId,
    passkey: Passkey,
    version: i64,
}

fn held(tx: &mut Tx, key: &[u8], handle: &[u8; 16]) -> Result<Option<Held>, StoreError> {
    let sql = "SELECT c.id, c.account, c.data, c.version FROM gate_credential c \
               JOIN gate_account a ON a.id = c.account \
               WHERE c.kind = 1 AND c.key = $1 AND a.handle = $2 AND a.state = 1";
    let row = tx.query_opt(sql, params![key, handle])?;
    row.map(|row| {
        let passkey = parse(row.get(2)?)?;
        Ok(Held { id: row.get(0)?, account: AccountId(row.get(1)?), passkey, version: row.get(3)? })
    })
    .transpose()
}

fn keys(tx: &mut Tx, account: AccountId) -> Result<Vec<CredentialID>, StoreError> {
    let sql = "SELECT data FROM gate_credential WHERE kind = 1 AND account = $1 ORDER BY id";
    let rows = tx.query(sql, params![account.0])?;
    rows.iter().map(|row| Ok(parse(row.get(0)?)?.cred_id().clone())).collect()
}

fn parse(data: &str) -> Result<Passkey, StoreError> {
    serde_json::from_str(data).map_err(|e| StoreError::Corrupt(format!("gate_credential.data: {e}")))
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(format!("a passkey's state: {e}")))
}

fn code(purpose: Purpose) -> i16 {
    match purpose {
        Purpose::Enrol => 1,
        Purpose::SignIn => 2,
    }
}

/// Why the library refused stays in the log: people are told what to do.
fn unfit(error: WebauthnError, refusal: Refusal) -> Refusal {
    tracing::info!(%error, code = refusal.code, "a passkey was refused");
    refusal
}
