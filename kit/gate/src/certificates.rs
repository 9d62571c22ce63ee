//! Staff with a client certificate (K9). TLS has proved that the browser holds its key; the gate knows the
//! certificate again by the SHA-256 of its DER.

use crate::{
    AccountId, Gate, GateError,
    links::{self, Purpose},
    refusals,
    session::{self, Proof, SignedIn},
    token::{Token, TokenHash},
};
use core_words::Actor;
use kit_store::{StoreError, Tx, params};

/// The certificate that the peer presented in the TLS handshake, DER. The server puts it among the extensions of a
/// request, only when it checked the signature of the handshake and that the certificate is valid today: the gate
/// looks at neither.
#[derive(Clone, Debug)]
pub struct ClientCertificate(pub Vec<u8>);

/// Where a request came from. The server puts it among the extensions of a request; without it sign-ins are limited
/// by their ID alone.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub std::net::IpAddr);

const KIND: i16 = 2;

impl Gate {
    /// Signs in whoever the certificate is registered for.
    pub(crate) async fn sign_in_by_certificate(
        &self,
        certificate: &ClientCertificate,
        before: Option<TokenHash>,
    ) -> Result<SignedIn, GateError> {
        let (gate, key) = (self.clone(), self.digest().sha256(&certificate.0));
        let found = self
            .db()
            .write(move |tx| {
                let now = gate.now();
                let sql = "UPDATE gate_credential SET used_us = $1, version = version + 1 \
                           WHERE kind = $2 AND key = $3 AND account IN \
                           (SELECT id FROM gate_account WHERE state = 1) RETURNING account";
                let Some(row) = tx.query_opt(sql, params![now, KIND, key])? else {
                    gate.note(tx, "gate.refused", "account:unknown", None, &Actor::system(), now)?;
                    return Ok::<_, StoreError>(None);
                };
                let account = AccountId(row.get(0)?);
                session::open(tx, &gate, account, Proof::Certificate, before, now).map(Some)
            })
            .await?;
        found.ok_or_else(|| refusals::wrong_certificate().into())
    }

    /// Registers the certificate for the account of an enrolment link, and uses the link up.
    pub(crate) async fn enrol_certificate(
        &self,
        link: &Token,
        certificate: &ClientCertificate,
    ) -> Result<(), GateError> {
        let (gate, link) = (self.clone(), link.hash(self.digest()));
        let key = self.digest().sha256(&certificate.0);
        self.db()
            .write(move |tx| {
                let now = gate.now();
                let account = links::take(tx, &link, Purpose::Enrol, now)?.ok_or_else(refusals::dead_link)?;
                if !insert(tx, account.id, KIND, &key, None, now)? {
                    return Err(GateError::from(refusals::credential_taken()));
                }
                let actor = Actor::staff(account.id.0);
                Ok(gate.note(tx, "gate.enrolled", account.id, Some(&account.operator), &actor, now)?)
            })
            .await
    }
}

/// Registers what proves an account; whether nobody had registered it before.
pub(crate) fn insert(
    tx: &mut Tx,
    account: AccountId,
    kind: i16,
    key: &[u8],
    data: Option<&str>,
    now: core_words::UtcMicros,
) -> Result<bool, StoreError> {
    let id = tx.next_id()?;
    let sql = "INSERT INTO gate_credential (id, account, kind, key, data, version, created_us) \
               VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (kind, key) DO NOTHING";
    Ok(tx.execute(sql, params![id, account.0, kind, key, data, now])? > 0)
}
