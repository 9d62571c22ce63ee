//! The jobs behind the lists (K10).
//!
//! | job | when | what |
//! |---|---|---|
//! | `list.due` | every 15 s | makes every list that is due; looks afresh each time, so nothing can get stuck |
//! | `list.soon` | after a revocation | makes the list that says it |
//! | `segment.pack` | every minute | moves revocations from the tail into segments |
//! | `list.clean-up` | every hour | deletes old files and segments that left the lists |
//! | `custody.sweep` | every 15 min | erases kept keys whose time is over: see [`crate::custody`] |
//!
//! Running any of them twice does no harm: a list too many is made at worst, with a number of its own.

use super::{ListError, clean_up, pack, publish, publish_due};
use crate::Ctx;
use authority_journal::lists::{self, ListKind, Scope};
use kit_jobs::{First, Handler, JobCtx, JobError, NewJob, Payload, Policy, Schedule, WorkerBuilder};
use std::{sync::Arc, time::Duration};

/// How often it is looked for lists that are due, in seconds.
pub(super) const ROUND_S: u32 = 15;

const DUE: &str = "list.due";
const SOON: &str = "list.soon";
const PACK: &str = "segment.pack";
const CLEAN_UP: &str = "list.clean-up";

/// Adds the handlers and schedules of all lists to a worker, and that of kept keys.
#[must_use]
pub fn register(worker: WorkerBuilder, ctx: &Arc<Ctx>) -> WorkerBuilder {
    let schedule = |kind, every_seconds| Schedule {
        name: kind,
        kind,
        payload: Payload { version: 1, octets: Vec::new() },
        every_seconds,
        first: First::AtOnce,
    };
    crate::custody::register(worker, ctx)
        .handler(Chore { kind: DUE, ctx: ctx.clone() })
        .handler(Chore { kind: PACK, ctx: ctx.clone() })
        .handler(Chore { kind: CLEAN_UP, ctx: ctx.clone() })
        .handler(Soon { ctx: ctx.clone() })
        .schedule(schedule(DUE, ROUND_S))
        .schedule(schedule(PACK, 60))
        .schedule(schedule(CLEAN_UP, 3_600))
}

/// Lists are never given up: whoever mends the fault need not know that there are jobs.
fn patience() -> Policy {
    Policy {
        max_attempts: 30_000,
        lease: Duration::from_secs(60),
        first_delay: Duration::from_secs(1),
        longest_delay: Duration::from_secs(30),
        at_once: 2,
    }
}

/// What comes round and needs to be told nothing.
struct Chore {
    kind: &'static str,
    ctx: Arc<Ctx>,
}

impl Handler for Chore {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn policy(&self) -> Policy {
        patience()
    }

    async fn run(&self, _: &JobCtx) -> Result<(), JobError> {
        match self.kind {
            DUE => publish_due(&self.ctx).await.map(drop)?,
            PACK => pack(&self.ctx).await.map(drop)?,
            _ => clean_up(&self.ctx).await.map(drop)?,
        }
        Ok(())
    }
}

struct Soon {
    ctx: Arc<Ctx>,
}

impl Handler for Soon {
    fn kind(&self) -> &'static str {
        SOON
    }

    fn policy(&self) -> Policy {
        patience()
    }

    async fn run(&self, job: &JobCtx) -> Result<(), JobError> {
        let errand = Errand::read(job.payload())?;
        if !errand.is_done(&self.ctx).await? {
            publish(&self.ctx, &errand.scope, errand.kind).await?;
        }
        Ok(())
    }
}

/// A list that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Errand {
    pub(super) scope: Scope,
    pub(super) kind: ListKind,
    /// The last number given out when it was asked for: the list asked for has a higher one.
    pub(super) after: i64,
}

impl Errand {
    /// The job. Its key lives as long as no further number is given out, and is never used again.
    pub(super) fn job(&self) -> NewJob {
        let Scope { authority, generation, partition } = &self.scope;
        let payload = format!("{authority} {generation} {partition} {} {}", self.kind, self.after);
        NewJob::new(SOON, 1, payload).keyed(format!("{} {} after {}", self.scope, self.kind, self.after))
    }

    /// Reads what [`job`](Self::job) wrote.
    fn read(payload: &Payload) -> Result<Self, JobError> {
        let unknown =
            || JobError::GiveUp(format!("a payload of version {} that makes no sense", payload.version));
        let text = std::str::from_utf8(&payload.octets).map_err(|_| unknown())?;
        let parts: Vec<&str> = text.split(' ').collect();
        let (1, [authority, generation, partition, kind, after]) = (payload.version, parts.as_slice()) else {
            return Err(unknown());
        };
        let kind = match *kind {
            "full" => ListKind::Full,
            "delta" => ListKind::Delta,
            _ => return Err(unknown()),
        };
        Ok(Self {
            scope: Scope {
                authority: authority.parse().map_err(|_| unknown())?,
                generation: generation.parse().map_err(|_| unknown())?,
                partition: partition.parse().map_err(|_| unknown())?,
            },
            kind,
            after: after.parse().map_err(|_| unknown())?,
        })
    }

    /// Whether a list was published since that says everything: one that came on schedule meanwhile.
    async fn is_done(&self, ctx: &Arc<Ctx>) -> Result<bool, ListError> {
        let errand = self.clone();
        ctx.db
            .read(move |tx| {
                let series = lists::series(tx, &errand.scope)?;
                let Some(current) = series.current(errand.kind).filter(|list| list.number > errand.after)
                else {
                    return Ok(false);
                };
                Ok(!lists::changed_since(tx, &errand.scope.authority, current.feed_seq)?)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::AuthorityId;

    #[test]
    fn errands_lead_back() {
        let scope =
            Scope { authority: AuthorityId::new("claims-ca").expect("a name"), generation: 2, partition: 3 };
        for kind in [ListKind::Full, ListKind::Delta] {
            let errand = Errand { scope: scope.clone(), kind, after: 17 };
            assert_eq!(Errand::read(&errand.job().payload), Ok(errand));
        }
        for (version, octets) in
            [(2, "claims-ca 2 3 full 17"), (1, ""), (1, "claims-ca 2 3 half 17"), (1, "a 1 0 full")]
        {
            let payload = Payload { version, octets: octets.as_bytes().to_vec() };
            assert!(matches!(Errand::read(&payload), Err(JobError::GiveUp(_))), "{octets}");
        }
    }
}
