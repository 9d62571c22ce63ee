//! Mass work: what is asked of runs. A run is prepared, given its lines some at a time so that no memory holds them all,
//! and begun; its job does the rest (`jobs/run.rs`).

use super::people;
use crate::{
    desk::Claims,
    jobs, no,
    status::Hat,
    store::runs::{self, NewLine, Run, RunId, RunLine},
    work::{RunState, Work},
};
use core_words::{Kind, Refusal, Text};
use kit_desk::Doer;
use kit_gate::Scope;
use kit_ledger::Entry;
use kit_store::{StoreError, Tx};
use std::collections::BTreeMap;

/// A run was begun.
const STARTED: &str = "claims.start-run";
/// A manager stopped a run.
const STOPPED: &str = "claims.stop-run";
/// The ledger's kinds of entries about runs, and what they say.
pub(crate) const RUN_KINDS: [(&str, &str, &str); 2] = [
    (STARTED, "一括処理を始めました", "Started mass work"),
    (STOPPED, "一括処理を中止しました", "Stopped mass work"),
];

/// Runs on a page of their list.
pub const RUNS_PAGE: u32 = 50;
/// Lines on a page of a run, and in one stretch of the file of a run.
pub const RUN_LINES: u32 = 100;
/// How many lines are written in one transaction.
const WRITTEN: usize = 500;

/// A run that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is new, and waits for its lines.
    New(RunId),
    /// The same form was sent before: this is the run that it started.
    Already(RunId),
}

/// A run as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFile {
    /// The run.
    pub run: Run,
    /// What who started it is called.
    pub starter: Option<String>,
}

impl Claims {
    /// Starts a run over these lines: prepares it, writes the lines and begins it. A form that is sent twice with the
    /// same `token` starts one run.
    ///
    /// # Errors
    /// `claims.not_you`, `claims.run_too_long`, `claims.run_empty`, `claims.unavailable`.
    pub async fn start_run(
        &self,
        scope: Scope,
        work: Work,
        token: String,
        lines: Vec<NewLine>,
        doer: Doer<Hat>,
    ) -> Result<RunId, Refusal> {
        if lines.is_empty() {
            return Err(empty());
        }
        if lines.len() as u64 > work.most() {
            return Err(too_long(work.most()));
        }
        let id = match self.open_run(scope.clone(), work, token, doer.clone()).await? {
            Opened::Already(id) => return Ok(id),
            Opened::New(id) => id,
        };
        self.add_lines(id, lines).await?;
        self.begin_run(scope, id, doer).await?;
        Ok(id)
    }

    /// The run that was started with this token.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub(crate) async fn run_of_token(&self, scope: Scope, token: String) -> Result<Option<RunId>, Refusal> {
        self.read(move |tx| runs::by_token(tx, &scope, &token)).await
    }

    /// Prepares a run, which waits for its lines.
    ///
    /// # Errors
    /// `claims.not_you`, `claims.unavailable`.
    pub async fn open_run(
        &self,
        scope: Scope,
        work: Work,
        token: String,
        doer: Doer<Hat>,
    ) -> Result<Opened, Refusal> {
        if !work.may(doer.capacity) {
            return Err(no::told(kit_desk::Halt::NotYou));
        }
        let now = self.now();
        let opened = self.db().write(move |tx| match runs::insert(tx, &scope, &work, &token, &doer, now)? {
            Some(id) => Ok(Opened::New(id)),
            None => {
                let known = runs::by_token(tx, &scope, &token)?;
                known.map(Opened::Already).ok_or(StoreError::Conflict)
            }
        });
        opened.await.map_err(gone)
    }

    /// Writes further lines of a run that was prepared, and not begun. May be called many times, with as many lines as
    /// are at hand.
    ///
    /// # Errors
    /// `claims.run_too_long`, `claims.no_run` also for one that was begun or stopped, `claims.unavailable`.
    pub async fn add_lines(&self, id: RunId, lines: Vec<NewLine>) -> Result<(), Refusal> {
        let mut rest = lines.into_iter();
        loop {
            let some: Vec<NewLine> = rest.by_ref().take(WRITTEN).collect();
            if some.is_empty() {
                return Ok(());
            }
            let added = self.db().write(move |tx| {
                let Some(run) = runs::by_id(tx, id)? else { return Ok(Err(no_run())) };
                if run.total + some.len() as u64 > run.work.most() {
                    return Ok(Err(too_long(run.work.most())));
                }
                Ok(if runs::add(tx, &run, &some)? { Ok(()) } else { Err(no_run()) })
            });
            added.await.map_err(gone)??;
        }
    }

    /// Begins a run: its lines are all there. That it was started is in the ledger.
    ///
    /// # Errors
    /// `claims.run_empty`, `claims.no_run` also for one that was begun or stopped, `claims.unavailable`.
    pub async fn begin_run(&self, scope: Scope, id: RunId, doer: Doer<Hat>) -> Result<(), Refusal> {
        let claims = self.clone();
        let begun = self.db().write(move |tx| {
            let now = claims.now();
            let Some(run) = runs::load(tx, &scope, id)? else { return Ok(Err(no_run())) };
            if run.total == 0 {
                return Ok(Err(empty()));
            }
            if !runs::step(tx, id, [RunState::Loading, RunState::Running], now)? {
                return Ok(Err(no_run()));
            }
            jobs::run::queue(tx, id, now)?;
            claims.run_in_ledger(tx, STARTED, &run, &doer)?;
            Ok(Ok(()))
        });
        begun.await.map_err(gone)?
    }

    /// Stops a run: what was carried out stays, and can be undone case by case; the rest is left.
    ///
    /// # Errors
    /// `claims.not_you` unless by a manager, `claims.no_run`, `claims.run_over`, `claims.unavailable`.
    pub async fn stop_run(&self, scope: Scope, id: RunId, doer: Doer<Hat>) -> Result<(), Refusal> {
        if doer.capacity != Hat::Manager {
            return Err(no::told(kit_desk::Halt::NotYou));
        }
        let claims = self.clone();
        let stopped = self.db().write(move |tx| {
            let Some(run) = runs::load(tx, &scope, id)? else { return Ok(Err(no_run())) };
            if !run.state.goes_on() || !runs::step(tx, id, [run.state, RunState::Stopped], claims.now())? {
                return Ok(Err(over()));
            }
            claims.run_in_ledger(tx, STOPPED, &run, &doer)?;
            Ok(Ok(()))
        });
        stopped.await.map_err(gone)?
    }

    /// A page of the runs of a federation, the latest first, and how many there are.
    ///
    /// # Errors
    /// `claims.unavailable`.
    pub async fn runs(&self, scope: Scope, page: u32) -> Result<(Vec<RunFile>, u64), Refusal> {
        self.read(move |tx| {
            let (found, total) = runs::list(tx, &scope, RUNS_PAGE, u64::from(page) * u64::from(RUNS_PAGE))?;
            let known = people(tx, Hat::Clerk, found.iter().filter_map(|run| run.account))?;
            Ok((found.into_iter().map(|run| RunFile::new(run, &known)).collect(), total))
        })
        .await
    }

    /// A run.
    ///
    /// # Errors
    /// `claims.no_run`, `claims.unavailable`.
    pub async fn run(&self, scope: Scope, id: RunId) -> Result<RunFile, Refusal> {
        let found = self.read(move |tx| {
            let Some(run) = runs::load(tx, &scope, id)? else { return Ok(None) };
            let known = people(tx, Hat::Clerk, run.account)?;
            Ok(Some(RunFile::new(run, &known)))
        });
        found.await?.ok_or_else(no_run)
    }

    /// The lines of a run after line `after`, at most [`RUN_LINES`]: all, or those that were refused.
    ///
    /// # Errors
    /// `claims.no_run`, `claims.unavailable`.
    pub async fn run_lines(
        &self,
        scope: Scope,
        id: RunId,
        refused: bool,
        after: i64,
    ) -> Result<Vec<RunLine>, Refusal> {
        let found = self.read(move |tx| {
            if runs::load(tx, &scope, id)?.is_none() {
                return Ok(None);
            }
            runs::lines(tx, id, refused, after, RUN_LINES).map(Some)
        });
        found.await?.ok_or_else(no_run)
    }

    /// An entry about a run.
    fn run_in_ledger(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        run: &Run,
        doer: &Doer<Hat>,
    ) -> Result<(), StoreError> {
        let subject = format!("claims.run:{}/{}", run.id.0, run.work.slug());
        let mut entry = Entry::new(kind, doer.actor.clone(), subject);
        entry.list_for(&run.operator);
        // What is done to each line: the text of a message or a reason stays out of the ledger.
        entry.object = Some(self.digest().sha256(&run.work.to_octets()));
        kit_ledger::append(tx, &entry, self.now(), self.dice(), self.digest()).map(drop)
    }
}

impl RunFile {
    fn new(run: Run, known: &BTreeMap<i64, String>) -> Self {
        let starter = run.account.and_then(|account| known.get(&account).cloned());
        Self { run, starter }
    }
}

fn gone(error: StoreError) -> Refusal {
    tracing::error!(%error, "the claims desk's database");
    no::unavailable()
}

/// There is no such run, or it is another federation's: told alike. Also one that takes no more lines.
pub(crate) fn no_run() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "claims.no_run",
        Text::new("この一括処理は見つかりません。", "There is no such mass work."),
        Text::new("一括処理の一覧から選んでください。", "Choose one from the list of mass work."),
    )
}

fn over() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.run_over",
        Text::new("この一括処理は、すでに終わっています。", "This mass work is over already."),
        Text::new("結果を確認してください。", "Please see its results."),
    )
}

fn empty() -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.run_empty",
        Text::new("処理できるものが1件もありません。", "There is nothing that this could be done to."),
        Text::new("選び直してください。", "Please choose again."),
    )
}

pub(crate) fn too_long(most: u64) -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.run_too_long",
        Text::new(
            format!("一度に処理できるのは {most} 件までです。"),
            format!("No more than {most} can be done at once."),
        ),
        Text::new("絞り込んで、何回かに分けてください。", "Please do it in several parts."),
    )
}

#[cfg(test)]
mod tests;
