//! A list soon after each revocation, however many there are.

use super::jobs::{Errand, ROUND_S};
use authority_journal::{
    authorities::{self, ListSchedule},
    lists::{self, ListKind, Scope},
};
use core_words::{AuthorityId, UtcMicros};
use kit_jobs::{When, enqueue_many};
use kit_store::{StoreError, Tx};

/// Asks, in the transaction of a revocation, for lists that say it: out at the latest `soon_s` later.
///
/// Where there are delta lists, it is the next delta; else the next full list; and that of the certificate's
/// partition. However many ask before that list takes its number, it is made once: the job bears the last number
/// given out. A list numbered after this transaction says this revocation, and a revocation that comes after it
/// asks under the next number.
///
/// On PostgreSQL a list may take its number and its snapshot while this transaction still runs, and so settle the
/// job without saying the revocation. Nothing is locked against that: [`publish_due`](super::publish_due) finds
/// every change that no list covers in time.
///
/// # Errors
/// Those of the store.
pub fn request_soon(
    tx: &mut Tx,
    authority: &AuthorityId,
    generation: u16,
    partition: u16,
    now: UtcMicros,
) -> Result<(), StoreError> {
    let Some(schedule) = authorities::get(tx, authority)?.map(|found| found.schedule) else {
        return Err(StoreError::Corrupt(format!("ca_authority: {authority} is gone")));
    };
    let of_all = if schedule.delta_every_s > 0 { ListKind::Delta } else { ListKind::Full };
    let scope = |partition| Scope { authority: authority.clone(), generation, partition };
    let mut wanted = vec![(scope(0), of_all)];
    if partition > 0 {
        wanted.push((scope(partition), ListKind::Full));
    }
    let mut jobs = Vec::with_capacity(wanted.len());
    for (scope, kind) in wanted {
        let after = lists::last_number(tx, &scope)?;
        let job = Errand { scope, kind, after }.job();
        jobs.push(job.due(When::After(start_after(schedule.soon_s))));
    }
    enqueue_many(tx, &jobs, now).map(drop)
}

/// When to begin so that the list is out in time: a quarter of the time, at most 10 s, is left for making it.
fn start_after(soon_s: i64) -> u32 {
    let soon = u32::try_from(soon_s.max(0)).unwrap_or(u32::MAX);
    soon - (soon / 4).min(10)
}

/// A change before this time should be on a list: the list asked for was due, and one more round has passed.
pub(super) fn late_before(schedule: &ListSchedule, now: UtcMicros) -> UtcMicros {
    now.plus_seconds(-schedule.soon_s.max(0)).plus_seconds(-i64::from(ROUND_S))
}
