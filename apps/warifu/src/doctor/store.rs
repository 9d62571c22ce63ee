//! Database, keys, ledger, jobs.

use super::{Finding, Weight};
use crate::{
    backup,
    config::{Config, KeySource},
    installation::{COMPONENTS, configured_passphrase, key_fail, store_fail},
};
use authority_engine::Engine;
use authority_front::Text;
use core_words::UtcMicros;
use kit_clock::{Clock, SystemClock};
use kit_keys::SealedStore;
use kit_store::{Access, Db, MigrationState, Options, Standing};

/// An entry of the ledger that waits longer for its number is late, microseconds.
const LATE: i64 = 30_000_000;

/// Opens the database to look at it; `None` when nothing more can be asked of it.
pub(super) async fn examine(config: &Config, findings: &mut Vec<Finding>) -> Option<Db> {
    if config.store.file.as_ref().is_some_and(|file| !file.exists()) {
        findings.push(Finding::bad(
            "database",
            Weight::Wrong,
            Text::new("データベースはまだありません。", "There is no database yet."),
            Text::new("`warifu keys init` から始めてください。", "Begin with `warifu keys init`."),
        ));
        return None;
    }
    let options = Options { access: Access::ReadOnly, ..Options::default() };
    let opened = async {
        let db = Db::open(&config.store.url, options).await?;
        let states = db.migration_states(COMPONENTS).await?;
        Ok::<_, kit_store::StoreError>((db, states))
    };
    let (db, states) = match opened.await {
        Ok(opened) => opened,
        Err(error) => {
            let fail = store_fail(&error);
            findings.push(Finding::bad("database", Weight::Wrong, fail.message, fail.next));
            return None;
        }
    };
    if !migrations(&states, findings) {
        db.close().await;
        return None;
    }
    match backup::interrupted(&db).await {
        Ok(false) => {}
        Ok(true) => findings.push(Finding::bad(
            "restore",
            Weight::Wrong,
            Text::new("復元が途中で止まっています。", "A restore was begun and not finished."),
            Text::new(
                "データベースと blobs を空にして復元をやり直してください。",
                "Empty the database and the blobs, then restore again.",
            ),
        )),
        Err(error) => {
            let fail = store_fail(&error);
            findings.push(Finding::bad("restore", Weight::Wrong, fail.message, fail.next));
        }
    }
    clock(&db, findings).await;
    Some(db)
}

/// Whether the schema is one that can be read; pending migrations run when the server starts.
fn migrations(states: &[MigrationState], findings: &mut Vec<Finding>) -> bool {
    let of = |standing| states.iter().filter(move |s| s.standing == standing);
    if let Some(state) = of(Standing::Altered).chain(of(Standing::Unknown)).next() {
        findings.push(Finding::bad(
            "database",
            Weight::Wrong,
            Text::new(
                format!("マイグレーション {} {} がこの版と合いません。", state.component, state.number),
                format!("Migration {} {} does not fit this release.", state.component, state.number),
            ),
            Text::new(
                "データベースより古い warifu でないか確認してください。",
                "See whether this warifu is older than the database.",
            ),
        ));
        return false;
    }
    let pending = of(Standing::Pending).count();
    if pending > 0 {
        findings.push(Finding::bad(
            "database",
            Weight::Look,
            Text::new(
                format!("未適用のマイグレーションが {pending} 件あります。"),
                format!("{pending} migrations are pending."),
            ),
            Text::new(
                "バックアップを取り、サーバーを起動すると適用されます。",
                "Take a backup; they run when the server starts.",
            ),
        ));
        return false;
    }
    findings.push(Finding::good(
        "database",
        "データベースは読め、形も合っています。",
        "The database reads, and its schema fits.",
    ));
    true
}

async fn clock(db: &Db, findings: &mut Vec<Finding>) {
    let Ok(latest) = Engine::latest_time(db).await else { return };
    let behind = latest.since(SystemClock.now()) / 1_000_000;
    if behind <= 5 {
        return findings.push(Finding::good(
            "clock",
            "時計は記録済みの時刻より前ではありません。",
            "The clock is not behind what was recorded.",
        ));
    }
    findings.push(Finding::bad(
        "clock",
        Weight::Wrong,
        Text::new(
            format!("時計が記録済みの時刻より {behind} 秒遅れており、何も発行できません。"),
            format!("The clock is {behind} s behind what was recorded, so nothing can be issued."),
        ),
        Text::new("時計を合わせてください。", "Set the clock right."),
    ));
}

pub(super) async fn keys(db: &Db, config: &Config, findings: &mut Vec<Finding>) {
    let keys = SealedStore::new(db.clone(), SystemClock::shared());
    match keys.has_passphrase().await {
        Ok(true) => {}
        Ok(false) => {
            return findings.push(Finding::bad(
                "keys",
                Weight::Wrong,
                Text::new("鍵がまだありません。", "There are no keys yet."),
                Text::new("`warifu keys init` を実行してください。", "Run `warifu keys init`."),
            ));
        }
        Err(error) => {
            let fail = key_fail(&error);
            return findings.push(Finding::bad("keys", Weight::Wrong, fail.message, fail.next));
        }
    }
    if matches!(config.keys.source, KeySource::Person) {
        return findings.push(Finding::bad(
            "keys",
            Weight::Look,
            Text::new(
                "パスフレーズの設定がなく、起動のたびに人手が要ります。",
                "No passphrase is configured, so each start needs a person.",
            ),
            Text::new(
                "それでよければそのままに。無人起動には keys.passphrase_file を設定します。",
                "Leave it if that is meant; set keys.passphrase_file for unattended starts.",
            ),
        ));
    }
    let unlocked = async {
        let passphrase = configured_passphrase(config)?;
        match passphrase {
            Some(passphrase) => keys.unlock(&passphrase).await.map_err(|e| key_fail(&e)),
            None => Ok(()),
        }
    };
    let opened = match unlocked.await {
        Ok(()) => open_each(&keys).await,
        Err(fail) => Err(fail),
    };
    keys.lock();
    match opened {
        Ok(count) => findings.push(Finding::good(
            "keys",
            format!("{count} 個の鍵がすべて開きます。"),
            format!("All {count} keys open."),
        )),
        Err(fail) => findings.push(Finding::bad("keys", Weight::Wrong, fail.message, fail.next)),
    }
}

async fn open_each(keys: &SealedStore) -> Result<usize, crate::fail::Fail> {
    let all = keys.list().await.map_err(|e| key_fail(&e))?;
    for key in &all {
        keys.open(key.id).await.map_err(|e| key_fail(&e))?;
    }
    Ok(all.len())
}

pub(super) async fn ledger(db: &Db, findings: &mut Vec<Finding>) {
    let lag = match db.read(kit_ledger::lag).await {
        Ok(lag) => lag,
        Err(error) => {
            let fail = crate::installation::ledger_fail(&error);
            return findings.push(Finding::bad("ledger", Weight::Wrong, fail.message, fail.next));
        }
    };
    let now: UtcMicros = SystemClock.now();
    let waits = lag.oldest.map_or(0, |oldest| now.since(oldest));
    if waits > LATE || lag.unsigned > 0 && lag.last_checkpoint.is_none_or(|signed| now.since(signed) > LATE) {
        return findings.push(Finding::bad(
            "ledger",
            Weight::Look,
            Text::new(
                format!(
                    "台帳に番号のない記録が {} 件、署名のない記録が {} 件あります。",
                    lag.unnumbered, lag.unsigned
                ),
                format!(
                    "The ledger has {} entries without a number and {} unsigned.",
                    lag.unnumbered, lag.unsigned
                ),
            ),
            Text::new(
                "サーバーが動いていれば鍵とログを確認し、止まっていれば起動してください。",
                "If a server runs, see its keys and its log; if none does, start one.",
            ),
        ));
    }
    findings.push(Finding::good("ledger", "台帳に遅れはありません。", "The ledger is up to date."));
}

pub(super) async fn jobs(db: &Db, findings: &mut Vec<Finding>) {
    match db.read(|tx| kit_jobs::given_up(tx, None, 100)).await {
        Ok(given_up) if given_up.is_empty() => {
            findings.push(Finding::good("jobs", "あきらめたジョブはありません。", "No job was given up."));
        }
        Ok(given_up) => {
            for job in given_up.iter().take(5) {
                findings.push(Finding::bad(
                    "jobs",
                    Weight::Look,
                    Text::new(
                        format!("{} ({}) をあきらめました: {}", job.id, job.kind, job.last_error),
                        format!("{} ({}) was given up: {}", job.id, job.kind, job.last_error),
                    ),
                    Text::new(
                        format!("原因を直し、`warifu admin jobs rerun {}` を実行してください。", job.id.0),
                        format!("Mend the cause, then run `warifu admin jobs rerun {}`.", job.id.0),
                    ),
                ));
            }
        }
        Err(error) => {
            let fail = store_fail(&error);
            findings.push(Finding::bad("jobs", Weight::Wrong, fail.message, fail.next));
        }
    }
}
