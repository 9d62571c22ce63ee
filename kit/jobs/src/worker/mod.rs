//! The worker: claims due jobs, runs them under leases, settles them; fires schedules; stops gracefully.
//!
//! Any number of workers, in any number of processes, may work on one queue. What they share is the table.

mod bell;
mod build;
mod keep;
mod run;
mod trouble;

pub(crate) use bell::ring;
pub use build::{BadWorker, Options, WorkerBuilder};

use crate::{JobId, Schedule, handler::Runs, schedule, table};
use core_crypto::Dice;
use kit_clock::SharedClock;
use kit_store::{Db, StoreError, Tx};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet, time::Instant};

/// Runs jobs and fires schedules. Cloning shares it.
#[derive(Clone)]
pub struct Worker(Arc<Inner>);

struct Inner {
    db: Db,
    clock: SharedClock,
    dice: Arc<dyn Dice>,
    handlers: BTreeMap<&'static str, Arc<dyn Runs>>,
    schedules: Vec<Schedule>,
    options: Options,
    /// What this process runs at present: its own jobs are not taken for stale when the clock jumps.
    running: Mutex<HashMap<JobId, &'static str>>,
    /// Held from a claim until what was claimed stands in `running`, and by whoever takes claims back: several may drive
    /// one worker, and a job that was just claimed must not look like one of a worker that died.
    claiming: tokio::sync::Mutex<()>,
}

/// What [`Worker::run_until_idle`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Runs that ended well.
    pub done: u64,
    /// Runs that failed and will be tried again.
    pub failed: u64,
    /// Jobs that were given up.
    pub given_up: u64,
}

impl Worker {
    /// Begins to describe a worker.
    pub fn builder(db: Db, clock: SharedClock, dice: Arc<dyn Dice>) -> WorkerBuilder {
        WorkerBuilder::new(db, clock, dice)
    }

    /// Works until `stop` shows true or its sender is gone. Then no job is begun any more; those under way get
    /// [`Options::grace`] to end, and what has not ended by then is given back to the queue.
    ///
    /// A database that cannot be reached is waited for.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        // Running jobs are cut off when this shows true.
        let (cut, cut_off) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut pace = bell::Pace::new(self.0.options.poll);
        let (mut tended, mut fired) =
            (Every::new(self.0.options.tend_every), Every::new(self.0.options.poll));
        let (mut open, mut trouble) = (false, trouble::Trouble::default());
        while !*stop.borrow() {
            let ring = bell::rung();
            if !open {
                open = trouble.note("opening the queue", self.open().await).is_some();
            }
            let mut begun = None;
            if open {
                if tended.is_time() {
                    trouble.note("tending the queue", self.tend().await);
                }
                if fired.is_time() {
                    trouble.note("firing schedules", self.fire_due().await);
                }
                let going_on = || !*stop.borrow();
                let claimed = self.begin_due(&mut tasks, &cut_off, going_on).await;
                begun = trouble.note("claiming jobs", claimed);
            }
            let wait = pace.next(begun);
            tokio::select! {
                // However often it rings, the queue is not looked at more often than this.
                () = async { ring.await; tokio::time::sleep(bell::SHORTEST_WAIT).await } => pace.soon(),
                Some(_) = tasks.join_next() => pace.soon(),
                () = tokio::time::sleep(wait) => {}
                gone = stop.changed() => if gone.is_err() { break },
            }
        }
        self.finish_tasks(tasks, cut).await;
    }

    /// Fires what is due and runs what is due, and what that queues, until nothing is due any more. For tests and
    /// for a clock that is moved by hand. Jobs in back-off are not waited for.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn run_until_idle(&self) -> Result<Ran, StoreError> {
        self.open().await?;
        self.tend().await?;
        let (_cut, cut_off) = watch::channel(false);
        let mut ran = Ran::default();
        let mut tasks = JoinSet::new();
        loop {
            self.fire_due().await?;
            let begun = self.begin_due(&mut tasks, &cut_off, || true).await?;
            match tasks.join_next().await {
                Some(end) => ran.count(end),
                None if begun == 0 => return Ok(ran),
                None => {}
            }
        }
    }

    /// Makes schedules known, and lays open the leases of a process that died, where this is the only one.
    async fn open(&self) -> Result<(), StoreError> {
        let _nobody_claims = self.0.claiming.lock().await;
        let (this, now) = (self.clone(), self.0.clock.now());
        self.0
            .db
            .write(move |tx| -> Result<(), StoreError> {
                for schedule in &this.0.schedules {
                    schedule::register(tx, schedule, now)?;
                }
                if this.0.options.sole && this.running().is_empty() {
                    table::release_all(tx)?;
                }
                Ok(())
            })
            .await
    }

    /// Claims what is due and there is room for, and starts it. How many were started. Room that comes free
    /// when `going_on` says no is not used any more.
    async fn begin_due(
        &self,
        tasks: &mut JoinSet<run::End>,
        cut_off: &watch::Receiver<bool>,
        going_on: impl Fn() -> bool + Send,
    ) -> Result<usize, StoreError> {
        let mut begun = 0;
        for (kind, room) in self.due_kinds().await? {
            if !going_on() {
                break;
            }
            let handler = self.0.handlers[kind].clone();
            let (clock, lease) = (self.0.clock.clone(), handler.policy().lease);
            // READ COMMITTED: under SERIALIZABLE two claims would contradict each other; the row locks suffice. The
            // lease begins when the claim is written, however long it waited for its turn.
            let claim = move |tx: &mut Tx| table::claim(tx, kind, room, clock.now(), lease);
            let _until_listed = self.0.claiming.lock().await;
            let claimed = self.0.db.write_grouped(claim).await?;
            begun += claimed.len();
            for (claim, job) in claimed {
                let listed = run::Listed::enter(self.clone(), claim.id, kind);
                tasks.spawn(listed.run(handler.clone(), claim, job, cut_off.clone()));
            }
        }
        Ok(begun)
    }

    /// Fires each registered schedule that is due. The look costs one read; only what is due costs a write.
    async fn fire_due(&self) -> Result<(), StoreError> {
        if self.0.schedules.is_empty() {
            return Ok(());
        }
        let now = self.0.clock.now();
        let known = self.0.db.read(schedule::read).await?;
        for schedule in &self.0.schedules {
            let next = known.iter().find(|(name, _)| name == schedule.name).map(|(_, next)| *next);
            if next.is_none_or(|next| schedule::tick(schedule, next, now) == schedule::Tick::Wait) {
                continue;
            }
            let (schedule, clock) = (schedule.clone(), self.0.clock.clone());
            self.0.db.write(move |tx| schedule::fire_if_due(tx, &schedule, &*clock)).await?;
        }
        Ok(())
    }

    /// The kinds that have a due job and for which this process has room, the longest due first.
    async fn due_kinds(&self) -> Result<Vec<(&'static str, usize)>, StoreError> {
        let now = self.0.clock.now();
        let busy = self.running().values().fold(HashMap::<&str, usize>::new(), |mut busy, kind| {
            *busy.entry(kind).or_default() += 1;
            busy
        });
        let room: Vec<(&'static str, usize)> = self
            .0
            .handlers
            .iter()
            .map(|(kind, handler)| {
                let busy = busy.get(kind).copied().unwrap_or(0);
                (*kind, handler.policy().at_once.max(1).saturating_sub(busy))
            })
            .filter(|(_, room)| *room > 0)
            .collect();
        let kinds: Vec<&'static str> = room.iter().map(|(kind, _)| *kind).collect();
        let due = self.0.db.read(move |tx| table::next_due(tx, &kinds)).await?;
        let mut due: Vec<_> = room
            .into_iter()
            .zip(due)
            .filter_map(|((kind, room), due)| due.filter(|due| *due <= now).map(|due| (due, kind, room)))
            .collect();
        due.sort();
        Ok(due.into_iter().map(|(_, kind, room)| (kind, room)).collect())
    }

    /// Lets running jobs end, for as long as the grace lasts; then cuts them off and gives them back.
    async fn finish_tasks(&self, mut tasks: JoinSet<run::End>, cut: watch::Sender<bool>) {
        let ended =
            tokio::time::timeout(self.0.options.grace, async { while tasks.join_next().await.is_some() {} });
        if ended.await.is_err() {
            tracing::warn!(jobs = tasks.len(), "jobs did not end in time and are given back");
            let _ = cut.send(true);
            while tasks.join_next().await.is_some() {}
        }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<JobId, &'static str>> {
        // Nothing that may panic runs under the lock.
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something done now and then, however often one passes by.
struct Every {
    interval: Duration,
    last: Option<Instant>,
}

impl Every {
    fn new(interval: Duration) -> Self {
        Self { interval, last: None }
    }

    fn is_time(&mut self) -> bool {
        let is_time = self.last.is_none_or(|last| last.elapsed() >= self.interval);
        if is_time {
            self.last = Some(Instant::now());
        }
        is_time
    }
}

/// A wait before the next try of a write that must succeed sooner or later.
async fn pause(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(50 << attempt.min(6))).await;
}
