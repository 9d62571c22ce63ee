//! Every morning: who holds a certificate that ends soon is told (C12).
//!
//! A run walks certificates in the order of their ends, a stretch in each transaction. What was missed while nothing ran
//! is made up for by the next run; what was told is known by its row in `claims_expiry_notice`, so that a run that is cut
//! off, or runs beside another, tells nobody twice.

use crate::{
    case::Case,
    desk::Claims,
    store::{
        expiry::{self, Place},
        holders, rows,
    },
    tell,
};
use core_words::{Actor, UtcMicros, UtcSeconds};
use kit_gate::Scope;
use kit_jobs::{First, Handler, JobCtx, JobError, Payload, Schedule};
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.expiry";
/// The ledger's kind of the entry that says that a holder was told.
pub(crate) const TOLD: &str = "claims.expiry-notice";
/// Certificates looked at in one transaction.
const STRETCH: u32 = 100;
/// Six in the morning in Japan, of a day long ago: on this grid the schedule comes round.
const GRID: UtcMicros = UtcMicros(-3 * 3_600 * 1_000_000);

/// Daily at six in the morning in Japan; at once on the first day.
pub(crate) fn schedule() -> Schedule {
    Schedule {
        name: KIND,
        kind: KIND,
        payload: Payload { version: 1, octets: Vec::new() },
        every_seconds: 86_400,
        first: First::At(GRID),
    }
}

pub(crate) struct TellExpiring(pub(crate) Claims);

impl Handler for TellExpiring {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let mut after = ctx.progress().and_then(read);
        loop {
            let (claims, job) = (self.0.clone(), ctx.clone());
            let next = ctx.db().write(move |tx| stretch(tx, &claims, &job, after)).await?;
            match next {
                Some(place) => after = Some(place),
                None => return Ok(()),
            }
        }
    }
}

/// Tells those whose turn it is of the next certificates; where to go on, or the end of the job.
fn stretch(
    tx: &mut Tx,
    claims: &Claims,
    job: &JobCtx,
    after: Option<Place>,
) -> Result<Option<Place>, JobError> {
    let now = job.now();
    let settings = claims.settings();
    let scope = Scope::of_the_house(settings.operator.clone());
    let span = (now.whole_seconds(), settings.ending.lead.horizon(now));
    let found = expiry::walk(tx, &scope, span, after, STRETCH)?;
    for certificate in &found {
        if let Some(days) = settings.ending.lead.due(certificate.last, now, certificate.told) {
            tell(tx, claims, certificate.id, days, now)?;
        }
    }
    match found.last() {
        Some(last) if found.len() == STRETCH as usize => {
            job.save_progress(tx, format!("{} {}", last.last.0, last.id).as_bytes())?;
            Ok(Some((last.last, last.id)))
        }
        _ => {
            job.finish(tx)?;
            Ok(None)
        }
    }
}

/// One holder, once: notice, mail and ledger entry in one transaction with the row that says so.
fn tell(tx: &mut Tx, claims: &Claims, id: i64, days: u16, now: UtcMicros) -> Result<(), StoreError> {
    let Some(stored) = rows::load(tx, id)? else { return Ok(()) };
    let Case::Issued(holding) = &stored.case else { return Ok(()) };
    let Some(holder) = holders::load(tx, holding.application.holder)? else { return Ok(()) };
    if !expiry::note(tx, id, days, now)? {
        return Ok(());
    }
    let ends = tell::Ends {
        operator: &stored.operator,
        number: &stored.number,
        application: &holding.application,
        certificate: &holding.certificate,
        holder: &holder,
    };
    tell::expiring(tx, claims.settings(), &ends, now, claims.dice())?;
    let mut entry = Entry::new(TOLD, Actor::system(), format!("case:{}/{days}", stored.number));
    entry.list_for(&stored.operator);
    entry.case = Some(stored.number.clone());
    kit_ledger::append(tx, &entry, now, claims.dice(), claims.digest()).map(drop)
}

/// Where an earlier run was.
fn read(progress: &[u8]) -> Option<Place> {
    let (last, id) = std::str::from_utf8(progress).ok()?.split_once(' ')?;
    Some((UtcSeconds(last.parse().ok()?), id.parse().ok()?))
}
