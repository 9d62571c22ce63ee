//! Looks at every part of the running server, every two seconds: what readiness and metrics tell.

use super::meters::Meters;
use crate::{
    api::{Gate, Shut},
    installation::Installation,
};
use authority_engine::lists::ListHealth;
use authority_front::Text;
use core_words::UtcMicros;
use kit_clock::ClockFault;
use kit_jobs::Gauge;
use kit_ledger::Lag;
use kit_store::StoreError;
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, time::sleep};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(2);
/// The ledger may be this far behind before it is no longer ready, microseconds.
const LEDGER_PATIENCE: i64 = 30_000_000;

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// All is well.
    Ready,
    /// It works, and somebody should look.
    Degraded,
    /// It does not work.
    Failed,
}

/// One part of the server and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `database`, `disk`, `keys`, `clock`, `lists`, `ledger`, `jobs`.
    pub part: &'static str,
    /// How it stands.
    pub state: State,
    /// What is wrong; empty when nothing is.
    pub message: Text,
    /// What to do; empty when nothing is wrong.
    pub next: Text,
}

/// What the last look saw.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Each part; empty before the first look.
    pub parts: Vec<Part>,
}

impl Seen {
    /// Whether no part has failed.
    pub fn ready(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|p| p.state != State::Failed)
    }
}

/// Looks, and remembers what it saw. Cloning shares it.
#[derive(Clone)]
pub struct Probe(Arc<Inner>);

struct Inner {
    installation: Arc<Installation>,
    meters: Arc<Meters>,
    gate: Gate,
    /// Free octets below which nothing is issued.
    least_free: AtomicU64,
    seen: RwLock<Seen>,
    /// Held while somebody looks: what was seen earlier must not come to stand over what was seen later.
    looking: tokio::sync::Mutex<()>,
}

impl Probe {
    /// A probe that has not looked yet.
    pub fn new(installation: Arc<Installation>, meters: Arc<Meters>, gate: Gate) -> Self {
        meters.set("warifu_info", &[("version", env!("CARGO_PKG_VERSION").to_owned())], 1.0);
        let least_free = AtomicU64::new(installation.config.limits.free_disk);
        Self(Arc::new(Inner {
            installation,
            meters,
            gate,
            least_free,
            seen: RwLock::default(),
            looking: Default::default(),
        }))
    }

    /// Demands this much free disk from the next look on, instead of `limits.free_disk_mib`.
    pub fn demand_free_octets(&self, least: u64) {
        self.0.least_free.store(least, Ordering::Relaxed);
    }

    /// What the last look saw.
    pub fn seen(&self) -> Seen {
        self.0.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks until `stop` shows true.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        loop {
            self.look().await;
            tokio::select! {
                () = sleep(EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Looks once.
    pub async fn look(&self) {
        let _one_at_a_time = self.0.looking.lock().await;
        let inner = &self.0;
        let Installation { db, config, keys, watch, clock, .. } = &*inner.installation;
        let mut parts = vec![
            database(db.health().await),
            self.disk(&config.blobs.dir, config.store.file.as_deref()),
            keys_part(keys.is_unlocked()),
            self.clock_part(watch.now()),
        ];
        let now = clock.now();
        let read = db
            .read(move |tx| {
                let lists = authority_engine::lists::health(tx, now)?;
                let jobs = kit_jobs::gauges(tx, now)?;
                let lag = kit_ledger::lag(tx);
                Ok::<_, StoreError>((lists, jobs, lag))
            })
            .await;
        match read {
            Ok((lists, jobs, lag)) => {
                parts.push(self.lists(&lists));
                parts.push(self.ledger(lag.map_err(|e| e.to_string()), now));
                parts.push(self.jobs(&jobs));
            }
            Err(error) => tracing::warn!(%error, "the state of lists, ledger and jobs could not be read"),
        }
        self.tell(&parts);
        inner.meters.sum_up();
        *inner.seen.write().unwrap_or_else(PoisonError::into_inner) = Seen { parts };
    }

    /// Logs what changed and sets the meters.
    fn tell(&self, parts: &[Part]) {
        let before = self.seen();
        for part in parts {
            let value = match part.state {
                State::Ready => 1.0,
                State::Degraded => 0.5,
                State::Failed => 0.0,
            };
            self.0.meters.set("warifu_ready", &[("part", part.part.to_owned())], value);
            let was = before.parts.iter().find(|p| p.part == part.part).map_or(State::Ready, |p| p.state);
            match part.state {
                now if now == was => {}
                State::Ready => tracing::info!(part = part.part, "ready again"),
                State::Degraded => tracing::warn!(part = part.part, "degraded: {}", part.message.en),
                State::Failed => tracing::error!(part = part.part, "failed: {}", part.message.en),
            }
        }
    }

    fn disk(&self, blobs: &Path, database: Option<&Path>) -> Part {
        let least = self.0.least_free.load(Ordering::Relaxed);
        let dirs: Vec<PathBuf> = [Some(blobs), database.and_then(Path::parent)]
            .into_iter()
            .flatten()
            .map(Path::to_owned)
            .collect();
        let mut low = None;
        for dir in &dirs {
            let Ok(free) = free_octets(dir) else { continue };
            let label = [("dir", dir.display().to_string())];
            self.0.meters.set("warifu_disk_free_bytes", &label, free as f64);
            if free < least {
                low = Some((dir, free >> 20));
            }
        }
        self.0.gate.set(low.is_some().then_some(Shut::DiskLow));
        match low {
            None => ready("disk"),
            Some((dir, mib)) => failed(
                "disk",
                format!("{} の空きが {mib} MiB しかなく、発行を止めています。", dir.display()),
                format!("{} has {mib} MiB left; nothing is issued.", dir.display()),
                "空きを作ると自動で再開します。",
                "Make room; issuing resumes by itself.",
            ),
        }
    }

    fn clock_part(&self, now: Result<UtcMicros, ClockFault>) -> Part {
        let (micros, ja, en) = match now {
            Ok(_) => (0, String::new(), String::new()),
            Err(ClockFault::Back(by)) => (
                -by,
                format!("時計が、記録済みの時刻より {} 秒遅れています。", by / 1_000_000),
                format!("The clock is {} s behind what was already recorded.", by / 1_000_000),
            ),
            Err(ClockFault::Forward(by)) => (
                by,
                format!("時計が、実際の経過より {} 秒進められています。", by / 1_000_000),
                format!("The clock was set {} s ahead of the time that passed.", by / 1_000_000),
            ),
        };
        self.0.meters.set("warifu_clock_step_micros", &[], micros as f64);
        if micros == 0 {
            return ready("clock");
        }
        failed(
            "clock",
            ja,
            en,
            "時刻同期を確認してください。正しくなると自動で再開します。今の時刻が正しければ再起動してください。",
            "Check the time service; it resumes once the clock is right. If the time shown now is right, restart.",
        )
    }

    fn lists(&self, lists: &[ListHealth]) -> Part {
        let (mut bad, mut state) = (Vec::new(), State::Ready);
        for health in lists {
            let labels = [
                ("authority", health.scope.authority.to_string()),
                ("generation", health.scope.generation.to_string()),
                ("partition", health.scope.partition.to_string()),
                ("kind", health.kind.to_string()),
            ];
            let (remaining, life) = match (&health.list, health.remaining_s) {
                (Some(list), Some(left)) => (left, list.next_update.since(list.this_update) / 1_000_000),
                _ => (0, 0),
            };
            let ratio = if life > 0 { (remaining as f64 / life as f64).clamp(0.0, 1.0) } else { 0.0 };
            self.0.meters.set("warifu_list_life_ratio", &labels, ratio);
            if let Some(list) = &health.list {
                let next = list.next_update.whole_seconds().0;
                self.0.meters.set("warifu_list_next_update_unixtime", &labels, next as f64);
            }
            if !health.is_good() {
                bad.push(format!("{} {}", health.scope, health.kind));
                state = state.max(if remaining > 0 { State::Degraded } else { State::Failed });
            }
        }
        if bad.is_empty() {
            return ready("lists");
        }
        let which = bad.join(", ");
        let (ja, en) = match state {
            State::Failed => {
                ("失効リストが期限切れか、まだありません", "These lists have expired or were never made")
            }
            _ => (
                "失効リストの残り期間が半分を切っています",
                "Less than half of their life is left to these lists",
            ),
        };
        let part = failed(
            "lists",
            format!("{ja}: {which}"),
            format!("{en}: {which}"),
            "`warifu admin jobs list` と keys・disk の状態を確認してください。",
            "See `warifu admin jobs list`, and whether keys and disk are ready.",
        );
        Part { state, ..part }
    }

    fn ledger(&self, lag: Result<Lag, String>, now: UtcMicros) -> Part {
        let lag = match lag {
            Ok(lag) => lag,
            Err(error) => {
                return failed(
                    "ledger",
                    format!("台帳を読めません: {error}"),
                    format!("The ledger cannot be read: {error}"),
                    "`warifu doctor` を実行してください。",
                    "Run `warifu doctor`.",
                );
            }
        };
        let age = lag.oldest.map_or(0, |oldest| now.since(oldest).max(0));
        self.0.meters.set("warifu_ledger_unnumbered_entries", &[], lag.unnumbered as f64);
        self.0.meters.set("warifu_ledger_unsigned_entries", &[], lag.unsigned as f64);
        self.0.meters.set("warifu_ledger_lag_micros", &[], age as f64);
        let unsigned_for = lag.last_checkpoint.map_or(0, |signed| now.since(signed));
        if age < LEDGER_PATIENCE && (lag.unsigned == 0 || unsigned_for < LEDGER_PATIENCE) {
            return ready("ledger");
        }
        let (unnumbered, unsigned) = (lag.unnumbered, lag.unsigned);
        failed(
            "ledger",
            format!("台帳が遅れています（番号なし {unnumbered} 件、署名なし {unsigned} 件）。"),
            format!(
                "The ledger is behind: {unnumbered} entries without a number, {unsigned} without a signature."
            ),
            "keys が ready か、ログに ledger の誤りがないかを確認してください。",
            "See whether keys are ready, and what the log says about the ledger.",
        )
    }

    fn jobs(&self, jobs: &[Gauge]) -> Part {
        let mut given_up = 0;
        for gauge in jobs {
            let states =
                [("waiting", gauge.waiting), ("running", gauge.running), ("given_up", gauge.given_up)];
            for (state, count) in states {
                let labels = [("kind", gauge.kind.clone()), ("state", state.to_owned())];
                self.0.meters.set("warifu_jobs", &labels, count as f64);
            }
            given_up += gauge.given_up;
        }
        if given_up == 0 {
            return ready("jobs");
        }
        let part = failed(
            "jobs",
            format!("あきらめたジョブが {given_up} 件あります。"),
            format!("{given_up} jobs were given up."),
            "`warifu admin jobs list` で理由を確認し、直してから `warifu admin jobs rerun` を実行してください。",
            "See why with `warifu admin jobs list`; mend it, then `warifu admin jobs rerun`.",
        );
        Part { state: State::Degraded, ..part }
    }
}

fn database(health: Result<(), StoreError>) -> Part {
    match health {
        Ok(()) => ready("database"),
        Err(StoreError::Full(what)) => failed(
            "database",
            format!("データベースの保存領域が足りません: {what}"),
            format!("The database has no space left: {what}"),
            "空きを作ると自動で再開します。",
            "Make room; it resumes by itself.",
        ),
        Err(error) => failed(
            "database",
            format!("データベースを使えません: {error}"),
            format!("The database cannot be used: {error}"),
            "データベースが動いているか確認してください。戻ると自動で再開します。",
            "See whether the database runs; it resumes by itself once it is back.",
        ),
    }
}

fn keys_part(unlocked: bool) -> Part {
    if unlocked {
        return ready("keys");
    }
    failed(
        "keys",
        "鍵が封印されたままです。発行も失効リストの署名もできません。".into(),
        "The keys are locked: nothing can be issued, and no list signed.".into(),
        "`warifu keys unlock` を実行するか、keys.passphrase_file を設定してください。",
        "Run `warifu keys unlock`, or set keys.passphrase_file.",
    )
}

fn ready(part: &'static str) -> Part {
    Part { part, state: State::Ready, message: Text::new("", ""), next: Text::new("", "") }
}

fn failed(part: &'static str, ja: String, en: String, next_ja: &str, next_en: &str) -> Part {
    Part { part, state: State::Failed, message: Text::new(ja, en), next: Text::new(next_ja, next_en) }
}

/// Free octets for us where `dir` lies, or will lie.
///
/// # Errors
/// What the operating system says.
pub fn free_octets(dir: &Path) -> std::io::Result<u64> {
    let there = dir.ancestors().find(|d| d.exists()).unwrap_or(Path::new("."));
    let stat = rustix::fs::statvfs(there)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}
