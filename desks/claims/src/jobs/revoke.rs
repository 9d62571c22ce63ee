//! Ordering a revocation from the authority (C15). That it is done is known when a list names the certificate.

use crate::{case::Case, desk::Claims, store::rows, words::RevokeReason};
use authority_front::Revocation;
use core_words::{Actor, RevocationReason, UtcMicros};
use kit_desk::{Errand, Stored, errand::refused};
use kit_drill::point;
use kit_jobs::{Handler, JobCtx, JobError, When};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.revoke";

pub(crate) fn queue(tx: &mut Tx, case: &Stored<Case>, now: UtcMicros) -> Result<(), StoreError> {
    Errand::to(case).queue(tx, KIND, When::Now, now)
}

pub(crate) struct OrderRevocation(pub(crate) Claims);

impl Handler for OrderRevocation {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let Errand { case: id, .. } = Errand::read(ctx.payload())?;
        let found = ctx.db().read(move |tx| rows::load(tx, id)).await?;
        let Some(Stored { operator, case: Case::AwaitingRevocation { holding, ask }, .. }) = found else {
            return Ok(());
        };
        let revocation = Revocation {
            cert: holding.certificate.cert.clone(),
            reason: Some(reason(ask.reason)),
            invalidity: None,
            operator,
            actor: Actor::system(),
        };
        // Asking twice for the same is no error at the authority.
        self.0.front().revoke(revocation).await.map_err(|refusal| refused(&refusal))?;
        point("claims.revocation_ordered");
        Ok(())
    }
}

/// The reason of RFC 5280 for one of the desk's.
fn reason(reason: RevokeReason) -> RevocationReason {
    match reason {
        RevokeReason::Closed => RevocationReason::CessationOfOperation,
        RevokeReason::Changed => RevocationReason::AffiliationChanged,
        RevokeReason::KeyLost => RevocationReason::Superseded,
        RevokeReason::KeyCompromised => RevocationReason::KeyCompromise,
        RevokeReason::Other => RevocationReason::Unspecified,
    }
}
