//! Mass work (K10): one job for each run. It carries out some waiting lines in one transaction, marks them in the same
//! one, and goes on with the next: a crash anywhere loses and doubles nothing.
//!
//! ```text
//!  start ─→ Loading: lines are written ─→ Running ─→ job ─┬─→ chunk: [carry out, mark]… count, keep the lease ─┐
//!                                                         │        └ refused: rolled back alone, code kept       │
//!                                                         ├──────────────────────────────────────────────────────┘
//!                                                         └─→ none waits ─→ Done     (a manager: Stopped)
//! ```
//!
//! [`work`](crate::work) tells how a kind is added; its lines are carried out in [`carry_out`].

use crate::{
    command::Command,
    desk::Claims,
    no::{self, No},
    office,
    status::{Hat, Standing},
    store::runs::{self, Ended, Run, RunId, Waiting},
    tell,
    work::{LineState, RunState, Work},
};
use core_words::{Actor, Kind, Refusal, Text, UtcMicros};
use kit_desk::{Doer, Halt, act};
use kit_drill::point;
use kit_gate::Scope;
use kit_jobs::{First, Handler, JobCtx, JobError, NewJob, Payload, Policy, Schedule, enqueue};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.run";
const LEFT: &str = "claims.run-left";
/// The version of the payload: the number of the run in decimal.
const VERSION: u16 = 1;
/// How long a run may be prepared and not begun, in seconds: a day. Its page is still open somewhere, or was left.
const LEFT_AFTER: i64 = 86_400;
/// From which run of the job on a line that the database will not have is set aside instead of tried again.
const PATIENCE: u16 = 3;

/// Queues the job of a run, in the transaction that ends its loading: one for each run.
pub(crate) fn queue(tx: &mut Tx, id: RunId, now: UtcMicros) -> Result<(), StoreError> {
    let text = id.0.to_string();
    enqueue(tx, &NewJob::new(KIND, VERSION, text.clone()).keyed(text), now).map(drop)
}

/// Carries out runs.
pub(crate) struct CarryOut(pub(crate) Claims);

/// Looks every hour for runs that were prepared and left.
pub(crate) fn schedule() -> Schedule {
    Schedule {
        name: LEFT,
        kind: LEFT,
        payload: Payload { version: VERSION, octets: Vec::new() },
        every_seconds: 3_600,
        first: First::AtOnce,
    }
}

/// Stops what was prepared and never begun, also by a server that died in the middle of it: nothing of it is carried
/// out, and it does not stand in the list for ever.
pub(crate) struct StopLeft;

impl Handler for StopLeft {
    fn kind(&self) -> &'static str {
        LEFT
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let now = ctx.now();
        let before = now.plus_seconds(-LEFT_AFTER);
        Ok(ctx.db().write(move |tx| runs::give_up_left(tx, before, now)).await?)
    }
}

/// Whether lines may be left after a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Some,
    None,
}

impl Handler for CarryOut {
    fn kind(&self) -> &'static str {
        KIND
    }

    /// Two runs go on side by side; a third waits for one of them.
    fn policy(&self) -> Policy {
        Policy { at_once: 2, ..Policy::default() }
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let id = read(ctx.payload())?;
        let run = ctx.db().read(move |tx| runs::by_id(tx, id)).await?;
        let mut most = run.map_or(1, |run| run.work.chunk());
        loop {
            let (claims, job) = (self.0.clone(), ctx.clone());
            match ctx.db().write(move |tx| chunk(tx, &claims, &job, id, most)).await {
                Ok(Left::Some) => point("claims.run_chunk"),
                Ok(Left::None) => return Ok(()),
                // A machine that is slow today carries out less at a time.
                Err(Stop::Store(StoreError::TooLong { .. })) if most > 1 => {
                    most /= 2;
                }
                Err(Stop::Store(error)) => return Err(error.into()),
                Err(Stop::Job(error)) => return Err(error),
            }
        }
    }
}

/// Why a chunk was rolled back.
enum Stop {
    Store(StoreError),
    Job(JobError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<JobError> for Stop {
    fn from(error: JobError) -> Self {
        Self::Job(error)
    }
}

/// Carries out the next lines, at most `most`, and keeps the lease; without any left, ends run and job.
fn chunk(tx: &mut Tx, claims: &Claims, job: &JobCtx, id: RunId, most: u32) -> Result<Left, Stop> {
    let now = job.now();
    let Some(run) = runs::by_id(tx, id)?.filter(|run| run.state == RunState::Running) else {
        // Stopped in the meantime.
        job.finish(tx)?;
        return Ok(Left::None);
    };
    let lines = runs::waiting(tx, id, most)?;
    if lines.is_empty() {
        runs::step(tx, id, [RunState::Running, RunState::Done], now)?;
        job.finish(tx)?;
        return Ok(Left::None);
    }
    let doer = doer(&run)?;
    let mut ended = Vec::with_capacity(lines.len());
    for (line, told) in lines.iter().zip(together(tx, claims, &run, &lines, &doer)?) {
        let done = match told {
            Some(told) => Ok(Some(told)),
            None => tx.attempt(|tx| carry_out(tx, claims, &run, line, &doer, now)),
        };
        ended.push(end(line, done, job.attempt())?);
    }
    runs::mark(tx, id, &ended, now)?;
    job.save_progress(tx, &[])?;
    Ok(Left::Some)
}

/// Why a line is not carried out.
pub(crate) enum Not {
    /// It is refused: nothing was changed, and the others go on.
    Refused(Box<Refusal>),
    /// The database did not answer: the chunk is tried again.
    Store(StoreError),
}

impl From<StoreError> for Not {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Not {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Carries out what a kind of work can do for many lines at once; what is told of each, `None` for a line that must be
/// carried out by itself.
fn together(
    tx: &mut Tx,
    claims: &Claims,
    run: &Run,
    lines: &[Waiting],
    doer: &Doer<Hat>,
) -> Result<Vec<Option<Text>>, StoreError> {
    match run.work {
        Work::Import => {
            let scope = Scope::of_the_house(run.operator.clone());
            office::import::easy_lines(tx, claims, &scope, lines, doer)
        }
        Work::Issue | Work::Reject(_) | Work::Revoke(_) | Work::Notify(_) => Ok(vec![None; lines.len()]),
    }
}

/// Carries out one line, in a transaction under way; what is to be told of it, if there is anything. A refusal rolls
/// back what was done for this line alone. One arm for each kind of work.
fn carry_out(
    tx: &mut Tx,
    claims: &Claims,
    run: &Run,
    line: &Waiting,
    doer: &Doer<Hat>,
    now: UtcMicros,
) -> Result<Option<Text>, Not> {
    let deed = |tx: &mut Tx, command| case(tx, claims, line, &command, doer, now);
    match &run.work {
        Work::Issue => deed(tx, Command::RegisterIssue),
        Work::Reject(rejection) => deed(tx, Command::Reject(rejection.clone())),
        Work::Revoke(ask) => deed(tx, Command::RequestRevocation(ask.clone())),
        Work::Notify(message) => tell::message(tx, claims, line.about()?.0, message, now),
        Work::Import => imported(tx, claims, run, line, doer),
    }
}

/// The record of a line, as its file has it.
fn imported(
    tx: &mut Tx,
    claims: &Claims,
    run: &Run,
    line: &Waiting,
    doer: &Doer<Hat>,
) -> Result<Option<Text>, Not> {
    let scope = Scope::of_the_house(run.operator.clone());
    let done = office::import::line(tx, claims, &scope, (&line.subject, &line.payload), doer);
    done.map(Some).map_err(|halt| match halt {
        office::Halt::Store(error) => error.into(),
        other => other.told().into(),
    })
}

/// A deed to the case of a line, in the version that was looked at when the run was started.
fn case(
    tx: &mut Tx,
    claims: &Claims,
    line: &Waiting,
    command: &Command,
    doer: &Doer<Hat>,
    now: UtcMicros,
) -> Result<Option<Text>, Not> {
    let (id, seen) = line.about()?;
    match act(tx, claims.cases(), id, Some(seen), command, doer, claims.means(now)) {
        Ok(_) => Ok(None),
        Err(Halt::Store(error)) => Err(error.into()),
        Err(halt) => Err(told(tx, halt, doer.capacity)?.into()),
    }
}

/// What is told of a halt, with the name of who was first.
fn told(tx: &mut Tx, halt: Halt<No, Standing>, hat: Hat) -> Result<Refusal, StoreError> {
    let first = match &halt {
        Halt::NotNow { last: Some(last), .. } | Halt::Overtaken { last: Some(last) } => last.account,
        _ => None,
    };
    let people = crate::service::people(tx, hat, first)?;
    Ok(no::told_of(halt, |last| crate::service::name(&people, hat, last)))
}

/// How a line ended.
fn end(line: &Waiting, done: Result<Option<Text>, Not>, attempt: u16) -> Result<Ended, StoreError> {
    let refused = |refusal: Refusal| Ended {
        n: line.n,
        state: LineState::Refused,
        code: Some(refusal.code.to_owned()),
        told: Some(refusal.message),
    };
    match done {
        Ok(told) => Ok(Ended { n: line.n, state: LineState::Done, code: None, told }),
        Err(Not::Refused(refusal)) => Ok(refused(*refusal)),
        // What no database will have, at any time: it must not keep ten thousand others waiting.
        Err(Not::Store(
            error @ (StoreError::Constraint(_) | StoreError::Corrupt(_) | StoreError::Row(_)),
        )) if attempt >= PATIENCE => {
            tracing::error!(%error, n = line.n, "a line of a run was set aside");
            Ok(refused(broken()))
        }
        Err(Not::Store(error)) => Err(error),
    }
}

fn broken() -> Refusal {
    Refusal::new(
        Kind::Internal,
        "claims.line_broken",
        Text::new(
            "記録に誤りがあり、処理できませんでした。",
            "A record makes no sense: this could not be done.",
        ),
        Text::new("運用担当者へ連絡してください。", "Please tell the operator."),
    )
}

/// Who started a run: its deeds are theirs.
fn doer(run: &Run) -> Result<Doer<Hat>, StoreError> {
    let corrupt = || StoreError::Corrupt(format!("claims_run {}: actor", run.id.0));
    let actor = Actor::kept(&run.actor).ok_or_else(corrupt)?;
    Ok(Doer { capacity: run.capacity, actor, account: run.account })
}

fn read(payload: &Payload) -> Result<RunId, JobError> {
    let text = std::str::from_utf8(&payload.octets).ok().filter(|_| payload.version == VERSION);
    let id = text.and_then(|text| text.parse().ok()).map(RunId);
    id.ok_or_else(|| JobError::GiveUp(format!("a payload of version {} not understood", payload.version)))
}

impl runs::NewLine {
    /// A line about a case in the version that was looked at: the number that people know, and the id of its row.
    pub fn about(number: &str, id: i64, version: i64) -> Self {
        Self { subject: number.to_owned(), payload: format!("{id} {version}").into_bytes() }
    }
}

impl Waiting {
    /// The id and the version of the case that it is about.
    fn about(&self) -> Result<(i64, i64), StoreError> {
        let text = std::str::from_utf8(&self.payload).ok().and_then(|text| text.split_once(' '));
        let both = text.and_then(|(id, version)| Some((id.parse().ok()?, version.parse().ok()?)));
        both.ok_or_else(|| StoreError::Corrupt(format!("claims_run_line {}: payload", self.n)))
    }
}
