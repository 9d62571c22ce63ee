//! Load: several clients at once order, revoke, hold, release, and look, and remember every answer.

use crate::{AUTHORITIES, Answer, Client, Luck, Memory, Server, lists, wait::until};
use std::{
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet};

/// How many ask at the same time.
const WORKERS: usize = 8;
/// Orders in a batch.
const BATCH: usize = 6;
/// After so many answers the load goes on slowly: from there the drill waits for time to pass, and not for work.
const QUICK: u64 = 80;
const SLOWLY: Duration = Duration::from_millis(100);

/// Load under way.
pub struct Load {
    answers: Arc<AtomicU64>,
    workers: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Load {
    /// Begins. Each worker goes on until the server is gone, or until [`end`](Self::end).
    pub fn begin(client: &Client, memory: &Arc<Mutex<Memory>>, luck: &mut Luck) -> Self {
        let answers = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = watch::channel(false);
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            let worker = Worker {
                client: client.clone(),
                memory: memory.clone(),
                luck: luck.split(),
                answers: answers.clone(),
            };
            workers.spawn(worker.run(stopped.clone()));
        }
        Self { answers, workers, stop }
    }

    /// Waits until so many answers came; false when the server died before.
    ///
    /// # Panics
    /// When neither happens.
    pub async fn answered(&self, count: u64, server: &mut Server) -> bool {
        until("answers under load", async || {
            let enough = self.answers.load(Ordering::Relaxed) >= count;
            if enough { Some(true) } else { server.ended().map(|_| false) }
        })
        .await
    }

    /// Stops, and waits for answers that are still to come.
    ///
    /// # Panics
    /// When a worker saw something it must not see.
    pub async fn end(mut self) {
        let _ = self.stop.send(true);
        while let Some(worker) = self.workers.join_next().await {
            worker.expect("a worker saw what it must not see");
        }
    }
}

struct Worker {
    client: Client,
    memory: Arc<Mutex<Memory>>,
    luck: Luck,
    answers: Arc<AtomicU64>,
}

impl Worker {
    async fn run(mut self, stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let step = match self.luck.below(100) {
                0..50 => self.order(true, 1).await,
                50..56 => self.order(false, 1).await,
                56..62 => self.order(true, BATCH).await,
                62..90 => self.turn().await,
                _ => self.look().await,
            };
            match step {
                Ok(status) => {
                    let answers = self.answers.fetch_add(1, Ordering::Relaxed);
                    // What the server cannot do now it will not do better when asked without a pause.
                    if answers >= QUICK || status >= 500 {
                        tokio::time::sleep(SLOWLY).await;
                    }
                }
                // The server is gone, and with it the load.
                Err(_) => return,
            }
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no worker saw what it must not see")
    }

    async fn order(&mut self, keyed: bool, count: usize) -> Result<u16, reqwest::Error> {
        let authority = *self.luck.pick(&AUTHORITIES);
        let luck = &mut self.luck;
        let (ticket, asked) = self.memory.lock().expect("as above").ask(authority, keyed, count, luck);
        let answer = asked.send(&self.client).await?;
        self.memory().told(ticket, &answer);
        Ok(answer.status)
    }

    async fn turn(&mut self) -> Result<u16, reqwest::Error> {
        let chosen = self.memory.lock().expect("as above").choose(&mut self.luck);
        let Some((at, kept, reason)) = chosen else { return Ok(200) };
        let path = format!("/api/v1/authorities/{}/revocations", kept.authority);
        let answer = self.client.post(&path, &kept.turn(reason), None).await?;
        self.memory().turned(at, &answer);
        Ok(answer.status)
    }

    async fn look(&mut self) -> Result<u16, reqwest::Error> {
        if self.luck.below(2) == 0 {
            let authority = self.luck.pick(&AUTHORITIES);
            let paths = authority.lists();
            lists::look(&self.client, &self.memory, self.luck.pick::<String>(&paths)).await;
            return Ok(200);
        }
        let kept = {
            let memory = self.memory.lock().expect("as above");
            let count = memory.kept().len();
            memory.kept().get(self.luck.index(count.max(1))).cloned()
        };
        let Some(kept) = kept else { return Ok(200) };
        let answer = self.client.get(&format!("{}/proof", kept.path())).await?;
        if answer.status == 200 {
            let checkpoint = answer.json()["checkpoint"].as_str().expect("a checkpoint").to_owned();
            self.memory().log.note(&checkpoint);
        }
        Ok(answer.status)
    }
}

/// Places one order and remembers its answer, whatever it is.
///
/// # Errors
/// There was no answer.
///
/// # Panics
/// As a worker of the load.
pub async fn order(
    client: &Client,
    memory: &Mutex<Memory>,
    keyed: bool,
    count: usize,
    luck: &mut Luck,
) -> Result<Answer, reqwest::Error> {
    let authority = AUTHORITIES[AUTHORITIES.len() - 1];
    let (ticket, asked) = memory.lock().expect("no panic before").ask(authority, keyed, count, luck);
    let answer = asked.send(client).await?;
    memory.lock().expect("no panic before").told(ticket, &answer);
    Ok(answer)
}
