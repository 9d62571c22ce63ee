//! What works in the background: jobs, the sequencer of the ledger, recovery of what a crash left.

use super::{Installation, open::store_fail};
use crate::{
    fail::{Exit, Fail},
    portal::Portal,
};
use authority_front::Text;
use kit_desk::{
    Follow,
    follow::{TakeError, follow, follow_once},
};
use kit_jobs::Worker;
use kit_ledger::{Numbered, Sequencer};
use kit_store::Dialect;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet, time::sleep};

/// The feed is numbered beside the ledger, by the same sequencer.
const FEED: Numbered = Numbered::new("ca_feed", "at_us");
/// Between two looks for orders that were recorded and never published.
const RECOVER_EVERY: Duration = Duration::from_secs(15);

/// The workers of one process.
#[derive(Clone)]
pub struct Workers {
    installation: Arc<Installation>,
    worker: Worker,
    sequencer: Sequencer,
    portal: Portal,
}

impl Workers {
    /// Puts them together. Needs the key of the ledger, locked or not.
    ///
    /// # Errors
    /// The key was never made.
    pub async fn new(installation: Arc<Installation>) -> Result<Self, Fail> {
        let Installation { db, clock, provider, ctx, .. } = &*installation;
        let signer = Arc::new(installation.ledger_key_made().await?);
        let builder = Worker::builder(db.clone(), clock.clone(), provider.clone());
        let portal = Portal::new(&installation)?;
        let builder = portal.work(authority_engine::lists::register(builder, ctx), &installation.config)?;
        let worker = builder.build().map_err(|e| wrong(&e))?;
        let sequencer =
            Sequencer::builder(db.clone(), clock.clone(), provider.clone(), provider.clone(), signer)
                .numbered(FEED)
                .options(|options| {
                    // A SQLite file has one owner: whoever held the lease before is gone, and is not waited for.
                    if db.dialect() == Dialect::Sqlite {
                        options.lease = Duration::ZERO;
                    }
                })
                .build(&**provider)
                .map_err(|e| wrong(&e))?;
        Ok(Self { installation, worker, sequencer, portal })
    }

    /// The pages and desks that these work for.
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Begins to work until `stop` shows true.
    pub fn start(&self, stop: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        let (worker, until) = (self.worker.clone(), stop.clone());
        tasks.spawn(async move { worker.run(until).await });
        let (sequencer, until) = (self.sequencer.clone(), stop.clone());
        tasks.spawn(async move { sequencer.run(until).await });
        let (installation, until) = (self.installation.clone(), stop.clone());
        tasks.spawn(recover(installation, until));
        for follower in self.followers() {
            tasks.spawn(follow(self.installation.db.clone(), follower, stop.clone()));
        }
        tasks
    }

    /// Works until nothing is left to do: at the end of a command, and before a server ends.
    ///
    /// # Errors
    /// Those of the store and of the keys.
    pub async fn run_until_idle(&self) -> Result<(), Fail> {
        loop {
            self.worker.run_until_idle().await.map_err(|e| store_fail(&e))?;
            self.settle_ledger().await?;
            // What the feed tells the desks may be more work.
            let mut told = 0;
            for follower in self.followers() {
                told += match follow_once(&self.installation.db, &*follower).await {
                    Ok(entries) => entries,
                    // Somebody else took these in: there may be others behind them.
                    Err(TakeError::Overtaken) => 1,
                    Err(error) => return Err(untold(error)),
                };
            }
            if told == 0 {
                return Ok(());
            }
        }
    }

    fn followers(&self) -> impl Iterator<Item = Arc<dyn Follow>> {
        self.portal.desks.iter().filter_map(|desk| desk.follower())
    }

    /// Numbers and signs what the ledger has.
    ///
    /// # Errors
    /// Those of the store and of the keys.
    pub async fn settle_ledger(&self) -> Result<(), Fail> {
        self.sequencer.run_until_idle().await.map_err(|e| ledger_fail(&e))
    }
}

/// Finishes what an earlier process left, at the start and now and then.
async fn recover(installation: Arc<Installation>, mut stop: watch::Receiver<bool>) {
    // Whoever is alone on the database need not wait for requests that others may have in hand.
    let mut all = installation.db.dialect() == Dialect::Sqlite;
    loop {
        if installation.keys.is_unlocked() {
            match installation.engine.recover(all).await {
                Ok(done) => {
                    all = false;
                    if done.finished + done.abandoned > 0 {
                        let (finished, abandoned) = (done.finished, done.abandoned);
                        tracing::warn!(finished, abandoned, "orders that a crash had left were finished");
                    }
                }
                Err(refusal) => {
                    tracing::warn!(code = refusal.code, "unfinished orders wait: {}", refusal.message.en)
                }
            }
        }
        tokio::select! {
            () = sleep(if all { Duration::from_secs(1) } else { RECOVER_EVERY }) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// What a fault of the ledger means at the terminal.
pub fn ledger_fail(error: &kit_ledger::LedgerError) -> Fail {
    use kit_ledger::LedgerError as E;
    let en = error.to_string();
    let (exit, code, next) = match error {
        E::Store(error) => return store_fail(error),
        E::Signer(_) => (
            Exit::NeedsPerson,
            "ledger.keys_locked",
            Text::new("鍵の封印を解いてください。", "Unlock the keys."),
        ),
        E::Forked { .. } | E::Missing(_) | E::SignedBadly(_) => (
            Exit::NeedsPerson,
            "ledger.broken",
            Text::new(
                "データベースが改変された可能性があります。監査担当者に知らせ、バックアップを確認してください。",
                "The database may have been altered. Tell the auditor, and have a backup at hand.",
            ),
        ),
        E::NotYet | E::Unsigned => (
            Exit::CouldNotRun,
            "ledger.not_yet",
            Text::new("少し待って、もう一度実行してください。", "Run it again in a moment."),
        ),
        _ => (
            Exit::Refused,
            "ledger.refused",
            Text::new("番号とファイルを確認してください。", "Check the number and the file."),
        ),
    };
    Fail::new(exit, code, Text::new(format!("台帳: {en}"), en), next)
}

/// What it means when a desk cannot take in what the authority tells.
fn untold(error: TakeError) -> Fail {
    match error {
        TakeError::Store(error) => store_fail(&error),
        TakeError::Authority(refusal) => Fail::from(refusal),
        TakeError::Overtaken => Fail::new(
            Exit::CouldNotRun,
            "jobs.overtaken",
            Text::new("他のプロセスが先に処理しました。", "Another process was quicker."),
            Text::new("もう一度実行してください。", "Run it again."),
        ),
    }
}

fn wrong(error: &dyn std::fmt::Display) -> Fail {
    Fail::new(
        Exit::Usage,
        "workers.wrong",
        Text::new(format!("始められません: {error}"), error.to_string()),
        Text::new("installation.name を確認してください。", "Check installation.name."),
    )
}
