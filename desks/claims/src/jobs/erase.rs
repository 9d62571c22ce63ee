//! Erasing a key where it is kept (C5).

use super::{VERSION, refused, two};
use crate::{case::Case, desk::Claims, store::rows};
use authority_front::CustodyId;
use core_words::{Actor, UtcMicros};
use kit_desk::Stored;
use kit_drill::point;
use kit_jobs::{Handler, JobCtx, JobError, NewJob, enqueue};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.erase";

pub(crate) fn queue(
    tx: &mut Tx,
    case: &Stored<Case>,
    custody: i64,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let errand = format!("{} {custody}", case.id);
    enqueue(tx, &NewJob::new(KIND, VERSION, errand.clone()).keyed(errand), now).map(drop)
}

pub(crate) struct EraseAtAuthority(pub(crate) Claims);

impl Handler for EraseAtAuthority {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let (id, custody) = two(ctx.payload())?;
        let Some(case) = ctx.db().read(move |tx| rows::load(tx, id)).await? else { return Ok(()) };
        let why = format!("claims {}", case.number);
        // False when an earlier run has erased it.
        let erased = self.0.front().erase_key(CustodyId(custody), Actor::system(), case.operator, why).await;
        erased.map_err(|refusal| refused(&refusal))?;
        point("claims.key_erased");
        Ok(())
    }
}
