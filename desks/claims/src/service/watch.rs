//! What staff sees of the whole desk: what waits for whom, and what its jobs do (K10).

use crate::{
    desk::Claims,
    no,
    service::offset::manager_only,
    status::Hat,
    store::{
        rows,
        watch::{self, Count, Tasks, Waiter, Waits},
    },
};
use core_words::{Actor, Kind, OperatorId, Refusal, Text, UtcMicros};
use kit_desk::{Doer, Errand};
use kit_gate::Scope;
use kit_jobs::{Gauge, GivenUp, JobId, Payload, Presser, Rerun, ScheduleState};
use kit_store::{StoreError, Tx};

/// The jobs of this desk, in the words of its clerks, and the mailer's. One that is not named here is shown by its name.
const NAMES: [(&str, &str, &str); 11] = [
    ("claims.take", "時間が来た依頼・却下を進める", "Take on requests and rejections whose time has come"),
    ("claims.order", "認証局に証明書の発行を頼む", "Order certificates from the authority"),
    ("claims.revoke", "認証局に証明書の失効を頼む", "Order revocations from the authority"),
    ("claims.window", "期限の過ぎた鍵を消す", "Erase keys whose time is over"),
    ("claims.erase", "受け取りの済んだ鍵を消す", "Erase keys that were fetched"),
    ("claims.expiry", "有効期間の終わりを知らせる", "Tell holders whose certificates end"),
    ("claims.run", "一括処理を行う", "Carry out runs"),
    ("claims.run-left", "始めなかった一括処理を片付ける", "Clear away runs that were never begun"),
    ("claims.offset", "相殺ファイルを締める", "Close a month of offset fees"),
    ("claims.offset-due", "相殺ファイルの締め日を調べる", "Look whether a month is over"),
    (kit_post::MAIL_JOB, "メールを送る", "Send mails"),
];
/// How the names of this desk's other jobs begin.
const OURS: &str = "claims.";
/// The most jobs of each kind that a page shows.
const MOST: u32 = 50;
/// The most cases that a page of waiting ones shows.
const MOST_WAITERS: u32 = 200;

/// How the jobs of one kind stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobKind {
    /// What they do.
    pub name: Text,
    /// How many wait, run, were given up; since when the first is due.
    pub gauge: Gauge,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StuckJob {
    /// What it does.
    pub name: Text,
    /// The number of the case that it is about, where it is about one.
    pub case: Option<String>,
    /// The job.
    pub job: GivenUp,
}

/// The jobs of the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// By kind.
    pub kinds: Vec<JobKind>,
    /// Those that were given up, at most 50 of a kind.
    pub given_up: Vec<StuckJob>,
    /// What comes round, and when: its name, the next time, the last one.
    pub schedules: Vec<(Text, ScheduleState)>,
}

impl Claims {
    /// What waits for whom.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn tasks(&self, scope: Scope) -> Result<Tasks, Refusal> {
        let (now, ours) = (self.now(), self.is_ours(&scope));
        self.read(move |tx| {
            let mut tasks = watch::tasks(tx, &scope, now)?;
            if ours {
                for (kind, count, since) in kit_jobs::given_up_counts(tx)? {
                    if is_ours(&kind) {
                        let first = tasks.given_up.first.map_or(since, |first| first.min(since));
                        tasks.given_up = Count { count: tasks.given_up.count + count, first: Some(first) };
                    }
                }
            }
            Ok(tasks)
        })
        .await
    }

    /// The cases that wait for their applicants, those that wait longest first; at most 200.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn waiters(&self, scope: Scope, waits: Waits) -> Result<Vec<Waiter>, Refusal> {
        let now = self.now();
        self.read(move |tx| watch::waiters(tx, &scope, waits, now, MOST_WAITERS)).await
    }

    /// The jobs of the desk (K10). They are those of its own federation: another one sees none.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn jobs(&self, scope: Scope) -> Result<Jobs, Refusal> {
        if !self.is_ours(&scope) {
            return Ok(Jobs::default());
        }
        let now = self.now();
        self.read(move |tx| {
            let mut jobs = Jobs::default();
            for gauge in kit_jobs::gauges(tx, now)?.into_iter().filter(|gauge| is_ours(&gauge.kind)) {
                if gauge.given_up > 0 {
                    for job in kit_jobs::given_up_of(tx, &gauge.kind, MOST)? {
                        jobs.given_up.push(stuck(tx, &scope, job)?);
                    }
                }
                jobs.kinds.push(JobKind { name: name(&gauge.kind), gauge });
            }
            let schedules = kit_jobs::schedules(tx)?.into_iter().filter(|schedule| is_ours(&schedule.kind));
            jobs.schedules = schedules.map(|schedule| (name(&schedule.kind), schedule)).collect();
            Ok(jobs)
        })
        .await
    }

    /// A job that was given up.
    ///
    /// # Errors
    /// `claims.no_job`, `claims.unavailable`.
    pub async fn stuck_job(&self, scope: Scope, id: JobId) -> Result<StuckJob, Refusal> {
        let ours = self.is_ours(&scope);
        let found = self.read(move |tx| match kit_jobs::find_given_up(tx, id)? {
            Some(job) if ours && is_ours(&job.kind) => stuck(tx, &scope, job).map(Some),
            _ => Ok(None),
        });
        found.await?.ok_or_else(no_job)
    }

    /// Lets a job that was given up run again; the ledger has who did it (K8, K10).
    ///
    /// # Errors
    /// `claims.not_you` for anybody but a manager, `claims.no_job` also when somebody was first, `claims.unavailable`.
    pub async fn rerun(&self, scope: Scope, id: JobId, doer: Doer<Hat>) -> Result<(), Refusal> {
        manager_only(&doer)?;
        let (claims, ours) = (self.clone(), self.is_ours(&scope));
        let done = self.db().write(move |tx| {
            let by = match kit_jobs::find_given_up(tx, id)? {
                Some(job) if ours && is_ours(&job.kind) => {
                    presser(tx, scope.operator(), doer.actor.clone(), &job)?
                }
                _ => return Ok::<_, StoreError>(Rerun::Unknown),
            };
            kit_jobs::rerun(tx, id, &by, claims.now(), claims.dice(), claims.digest())
        });
        match done.await {
            Ok(Rerun::Queued) => Ok(()),
            Ok(Rerun::NotGivenUp | Rerun::Unknown) => Err(no_job()),
            Err(error) => {
                tracing::error!(%error, "the claims desk's database");
                Err(no::unavailable())
            }
        }
    }

    /// Whether these are the rows of the federation that the desk works for.
    fn is_ours(&self, scope: &Scope) -> bool {
        scope.operator() == &self.settings().operator
    }
}

/// How the ledger is to have it that somebody runs this job again, also from the command line: a job of the desk is its
/// federation's, whose people can look the entry up, and may be about a case (K8).
///
/// # Errors
/// Those of the store.
pub fn presser(
    tx: &mut Tx,
    federation: &OperatorId,
    actor: Actor,
    job: &GivenUp,
) -> Result<Presser, StoreError> {
    if !is_ours(&job.kind) {
        return Ok(actor.into());
    }
    let case = about(tx, federation, job)?;
    Ok(Presser { actor, operator: Some(federation.clone()), case })
}

fn is_ours(kind: &str) -> bool {
    kind.starts_with(OURS) || kind == kit_post::MAIL_JOB
}

fn name(kind: &str) -> Text {
    let known = NAMES.iter().find(|(known, ..)| *known == kind);
    known.map_or_else(|| Text::new(kind, kind), |(_, ja, en)| Text::new(*ja, *en))
}

fn stuck(tx: &mut Tx, scope: &Scope, job: GivenUp) -> Result<StuckJob, StoreError> {
    Ok(StuckJob { name: name(&job.kind), case: about(tx, scope.operator(), &job)?, job })
}

/// The number of the case that a job is about: its key is that of an errand to a case, if it is one.
fn about(tx: &mut Tx, federation: &OperatorId, job: &GivenUp) -> Result<Option<String>, StoreError> {
    let key = job.key.clone().unwrap_or_default();
    let case = match Errand::read(&Payload { version: 1, octets: key.into_bytes() }) {
        Ok(errand) => rows::load(tx, errand.case)?.filter(|case| case.operator == *federation),
        Err(_) => None,
    };
    Ok(case.map(|case| case.number))
}

/// How late a job may be before somebody should look, in microseconds: 10 minutes.
pub(crate) const LATE_MICROS: i64 = 600_000_000;

/// Since when the first job of a kind is due.
pub(crate) fn due_since(gauge: &Gauge, now: UtcMicros) -> Option<UtcMicros> {
    gauge.oldest_due_age.map(|age| now.plus_micros(-age))
}

fn no_job() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_job",
        Text::new(
            "この処理は止まっていません。すでにもう一度実行されたか、ありません。",
            "No such job was given up: it was run again, or never was.",
        ),
        Text::new("自動処理の一覧を開き直してください。", "Open the list of jobs again."),
    )
}
