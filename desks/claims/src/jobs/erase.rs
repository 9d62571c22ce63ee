//! Erasing a key where it is kept (C5).

use crate::{case::Case, desk::Claims, store::rows};
use authority_front::CustodyId;
use core_words::{Actor, UtcMicros};
use kit_desk::{Errand, Stored, errand::refused};
use kit_drill::point;
use kit_jobs::{Handler, JobCtx, JobError, When};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.erase";

pub(crate) fn queue(
    tx: &mut Tx,
    case: &Stored<Case>,
    custody: i64,
    now: UtcMicros,
) -> Result<(), StoreError> {
    Errand::about(case, custody).queue(tx, KIND, When::Now, now)
}

pub(crate) struct EraseAtAuthority(pub(crate) Claims);

impl Handler for EraseAtAuthority {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let Errand { case: id, about: custody } = Errand::read(ctx.payload())?;
        let Some(case) = ctx.db().read(move |tx| rows::load(tx, id)).await? else { return Ok(()) };
        let why = format!("claims {}", case.number);
        // False when an earlier run has erased it.
        let erased = self.0.front().erase_key(CustodyId(custody), Actor::system(), case.operator, why).await;
        erased.map_err(|refusal| refused(&refusal))?;
        point("claims.key_erased");
        Ok(())
    }
}
