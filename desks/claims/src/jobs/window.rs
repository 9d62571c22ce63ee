//! The end of the time in which a key may be fetched (C5).

use crate::{
    case::Case,
    command::{Command, Erasure},
    desk::Claims,
    words::KeyState,
};
use core_words::UtcMicros;
use kit_desk::{Errand, Stored, by_clock};
use kit_jobs::{Handler, JobCtx, JobError, When};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.window";

pub(crate) fn queue(
    tx: &mut Tx,
    case: &Stored<Case>,
    at: UtcMicros,
    now: UtcMicros,
) -> Result<(), StoreError> {
    Errand::to(case).queue(tx, KIND, When::At(at), now)
}

pub(crate) struct CloseWindow(pub(crate) Claims);

impl Handler for CloseWindow {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let Errand { case, .. } = Errand::read(ctx.payload())?;
        let (claims, job, now) = (self.0.clone(), ctx.clone(), ctx.now());
        let next = move |stored: &Stored<Case>| next(&stored.case, now);
        ctx.db().write(move |tx| by_clock(tx, claims.cases(), &job, case, next, claims.means(now))).await
    }
}

/// `None`: erased already. A case that is being revoked erases its key by itself, or comes back here when that is
/// undone.
fn next(case: &Case, now: UtcMicros) -> Option<Command> {
    match case {
        Case::Issued(holding) => match holding.key {
            KeyState::Kept { until, .. } if until <= now => Some(Command::EraseKey(Erasure::WindowOver)),
            _ => None,
        },
        _ => None,
    }
}
