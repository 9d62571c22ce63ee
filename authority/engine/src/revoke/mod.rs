//! Revoking, holding and releasing (K4): one indexed row whatever the number revoked.

mod rules;

pub use rules::{Command, Decision, RuleBroken, decide};

use crate::{Ctx, acts, lists, refusals};
use authority_front::{CertificateState, Refusal, Revocation, Revoked};
use authority_journal::{
    codes::{FeedKind, RevocationState},
    feed::{self, NewFeedEntry},
    orders,
    revocations::{self, StoredRevocation},
};
use core_words::{RevocationReason, UtcMicros};
use kit_drill::point;
use kit_store::{StoreError, Tx};
use std::sync::Arc;

/// The state that a journal row tells.
pub(crate) fn state_of(stored: Option<&StoredRevocation>) -> CertificateState {
    match stored {
        None => CertificateState::Good,
        Some(row) => match row.state {
            RevocationState::Released => CertificateState::Good,
            RevocationState::Held => CertificateState::Held { since: row.revoked_at },
            RevocationState::Revoked => CertificateState::Revoked {
                at: row.revoked_at,
                reason: row.reason,
                invalidity: row.invalidity,
            },
        },
    }
}

/// Why a revocation did not take place.
enum Failure {
    Refused(Box<Refusal>),
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Carries a revocation out: read, decide, save guarded, tell feed and ledger, ask for a list, in one transaction.
pub(crate) async fn carry_out(ctx: &Arc<Ctx>, revocation: Revocation) -> Result<Revoked, Refusal> {
    let now = ctx.watch.now().map_err(refusals::clock)?;
    let command = Command::of(revocation.reason, revocation.invalidity)
        .map_err(|broken| refusals::rule_broken(&broken))?;
    let inner = ctx.clone();
    let outcome = ctx.db.write(move |tx| in_tx(tx, &inner, &revocation, command, now)).await;
    match outcome {
        Ok(revoked) => {
            point("engine.revoked");
            Ok(revoked)
        }
        Err(Failure::Refused(refusal)) => Err(*refusal),
        Err(Failure::Store(error)) => {
            tracing::error!(%error, "a revocation failed in the store");
            Err(refusals::store(&error))
        }
    }
}

fn in_tx(
    tx: &mut Tx,
    ctx: &Ctx,
    revocation: &Revocation,
    command: Command,
    now: UtcMicros,
) -> Result<Revoked, Failure> {
    let cert = &revocation.cert;
    let refuse = |refusal| Failure::Refused(Box::new(refusal));
    let order = orders::by_serial(tx, &cert.authority, &cert.serial)?
        .filter(|order| order.issued.is_some())
        .ok_or_else(|| refuse(refusals::unknown_certificate(cert)))?;
    let stored = revocations::get(tx, cert)?;
    let state = match decide(&state_of(stored.as_ref()), command, now) {
        Err(broken) => return Err(refuse(refusals::rule_broken(&broken))),
        Ok(Decision::Nothing) => {
            let state = state_of(stored.as_ref());
            return Ok(Revoked { cert: cert.clone(), state, repeated: true });
        }
        Ok(Decision::Becomes(state)) => state,
    };
    let (row_state, reason, revoked_at, invalidity, kind) = match &state {
        CertificateState::Good => {
            let since = stored.as_ref().map_or(now, |row| row.revoked_at);
            (RevocationState::Released, RevocationReason::CertificateHold, since, None, FeedKind::Released)
        }
        CertificateState::Held { since } => {
            (RevocationState::Held, RevocationReason::CertificateHold, *since, None, FeedKind::Held)
        }
        CertificateState::Revoked { at, reason, invalidity } => {
            (RevocationState::Revoked, *reason, *at, *invalidity, FeedKind::Revoked)
        }
    };
    let new = StoredRevocation {
        cert: cert.clone(),
        certificate_id: order.id,
        generation: order.generation,
        partition: order.partition,
        state: row_state,
        reason,
        revoked_at,
        invalidity,
        not_after: order.not_after,
        changed_at: now,
        segment: None,
    };
    // Zero rows: another revocation came between reading and saving. The whole closure is run again.
    if !revocations::save(tx, &new, stored.as_ref().map(|row| (row.state, row.changed_at)))? {
        return Err(Failure::Store(StoreError::Conflict));
    }
    if reason == RevocationReason::KeyCompromise {
        orders::block_key(tx, &order.spki_sha256)?;
    }
    feed::append(
        tx,
        &[NewFeedEntry {
            kind,
            orderer: Some(&order.orderer),
            order_id: Some(order.id),
            authority: &cert.authority,
            serial: Some(&cert.serial),
            number: None,
            at: now,
        }],
    )?;
    ctx.ledger_append(tx, &[acts::state_changed(revocation, &state)], now)?;
    lists::request_soon(tx, &cert.authority, order.generation, order.partition, now)?;
    Ok(Revoked { cert: cert.clone(), state, repeated: false })
}
