//! Opening an installation.

use super::{BootSteady, Installation, LedgerKey, ledger_key::key_fail, profiles};
use crate::{
    backup,
    config::{Config, KeySource},
    fail::{Exit, Fail},
};
use authority_engine::{Ctx, Engine};
use authority_front::{Front, Text};
use authority_journal::authorities;
use authority_signer::Signers;
use kit_clock::{SharedClock, Steady, SystemClock, Watch};
use kit_keys::{KeyError, Passphrase, Provider, SealedStore};
use kit_store::{Access, Component, Db, Options, StoreError, Tx, blobs::DirectoryBlobs};
use std::{fs, path::Path, sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// The components of this release, in plug order.
pub const COMPONENTS: &[Component] = &[
    backup::RESTORES,
    kit_keys::COMPONENT,
    kit_ledger::COMPONENT,
    kit_jobs::COMPONENT,
    authority_journal::COMPONENT,
    kit_gate::COMPONENT,
    kit_post::COMPONENT,
    kit_desk::COMPONENT,
    desk_claims::COMPONENT,
];

/// How the kinds of those entries of the ledger begin that people of an operator look up: what desks write.
const LISTED: &[&str] = &["claims."];

/// How an installation is opened.
#[derive(Clone)]
pub struct Opening {
    /// Owned, or only looked at.
    pub access: Access,
    /// The clock.
    pub clock: SharedClock,
    /// How time really passes, against which the clock is watched.
    pub steady: Arc<dyn Steady>,
    /// How long one read may take; a backup reads everything in one.
    pub read_limit: Duration,
    /// How much processor time one write may take (see [`Options::tx_limit`]).
    pub write_limit: Duration,
    /// What desks are given of the engine: itself, unless a test stands between.
    pub front: Lent,
}

/// What is given to desks instead of the engine itself.
pub type Lent = Arc<dyn Fn(Engine) -> Arc<dyn Front> + Send + Sync>;

impl Default for Opening {
    /// Owned, under the system's clock.
    fn default() -> Self {
        Self {
            access: Access::Own,
            clock: SystemClock::shared(),
            steady: Arc::new(BootSteady),
            read_limit: Duration::from_secs(300),
            write_limit: Options::default().tx_limit,
            front: Arc::new(|engine| Arc::new(engine)),
        }
    }
}

impl Opening {
    /// Only to be looked at, also while a server runs.
    pub fn to_look() -> Self {
        Self { access: Access::ReadOnly, ..Self::default() }
    }
}

impl Installation {
    /// Opens an installation; an owned one is migrated. Keys stay locked.
    ///
    /// # Errors
    /// With exit code 4 when something is not there; code `store.busy` when another process owns the database.
    pub async fn open(config: Config, opening: Opening) -> Result<Self, Fail> {
        let own = opening.access == Access::Own;
        if own {
            make_directories(&config)?;
        }
        let mut options = Options::default();
        (options.access, options.read_limit) = (opening.access, opening.read_limit);
        options.tx_limit = opening.write_limit;
        let db = Db::open(&config.store.url, options).await.map_err(|e| store_fail(&e))?;
        if own {
            db.migrate(COMPONENTS).await.map_err(|e| store_fail(&e))?;
        }
        if backup::interrupted(&db).await.map_err(|e| store_fail(&e))? {
            return Err(half_restored());
        }
        if own {
            kit_ledger::list_old(&db, LISTED).await.map_err(|e| store_fail(&e))?;
        }
        let blobs = match own {
            true => DirectoryBlobs::open(&config.blobs.dir).map_err(|e| store_fail(&e))?,
            false => DirectoryBlobs::for_reading(&config.blobs.dir),
        };
        let (blobs, provider, clock) = (Arc::new(blobs), Arc::new(Provider), opening.clock);
        let latest = Engine::latest_time(&db).await.map_err(|e| store_fail(&e))?;
        let watch = Watch::new(clock.clone(), opening.steady, latest);
        let keys = SealedStore::new(db.clone(), clock.clone());
        let ctx = Arc::new(Ctx {
            db: db.clone(),
            watch: watch.clone(),
            provider: provider.clone(),
            signers: Signers::new(keys.clone(), provider.clone()),
            blobs: blobs.clone(),
        });
        let profiles = profiles::read(config.profiles.dir.as_deref(), &*provider)?;
        let engine = Engine::start(ctx.clone(), profiles.profiles());
        let front = (opening.front)(engine.clone());
        Ok(Self { config, db, clock, watch, provider, keys, blobs, ctx, profiles, engine, front })
    }

    /// Unlocks the keys as configured, without a person. False when a person is needed.
    ///
    /// # Errors
    /// The passphrase is wrong, or cannot be read.
    pub async fn unlock_unattended(&self) -> Result<bool, Fail> {
        if self.keys.is_unlocked() {
            return Ok(true);
        }
        let Some(passphrase) = configured_passphrase(&self.config)? else { return Ok(false) };
        self.keys.unlock(&passphrase).await.map_err(|e| key_fail(&e))?;
        Ok(true)
    }

    /// Unlocks the keys with what a person typed.
    ///
    /// # Errors
    /// It is wrong.
    pub async fn unlock_with(&self, typed: Zeroizing<String>) -> Result<(), Fail> {
        let passphrase = Passphrase::new(typed).map_err(|e| key_fail(&e))?;
        self.keys.unlock(&passphrase).await.map_err(|e| key_fail(&e))
    }

    /// Sets the first passphrase and makes the key of the ledger.
    ///
    /// # Errors
    /// There is a passphrase already; the keys cannot be written.
    pub async fn found(&self, passphrase: &Passphrase) -> Result<(), Fail> {
        match self.keys.init(passphrase).await {
            // An earlier attempt may have ended between the passphrase and the key.
            Err(KeyError::PassphraseSet) if self.ledger_key().await?.is_none() => {
                self.keys.unlock(passphrase).await.map_err(|e| key_fail(&e))?;
            }
            result => result.map_err(|e| key_fail(&e))?,
        }
        LedgerKey::make(&self.db, &self.keys).await
    }

    /// The key of the ledger; `None` before [`found`](Self::found).
    ///
    /// # Errors
    /// The keys cannot be read; the configured name is not the founded one.
    pub async fn ledger_key(&self) -> Result<Option<LedgerKey>, Fail> {
        let origin = self.origin().await?.unwrap_or_default();
        LedgerKey::find(&self.keys, &origin).await
    }

    /// The key of the ledger under the name of the installation; both must be there.
    ///
    /// # Errors
    /// The key was never made; no ceremony was held, and no name is configured.
    pub async fn ledger_key_made(&self) -> Result<LedgerKey, Fail> {
        let key = self.ledger_key().await?.ok_or_else(|| key_fail(&KeyError::NoPassphrase))?;
        if key.has_origin() { Ok(key) } else { Err(not_founded()) }
    }

    /// The name of the installation, which is the origin of the ledger's checkpoints: fixed by the first ceremony,
    /// before that as configured; `None` when neither says it.
    ///
    /// # Errors
    /// The two differ; the database cannot be read.
    pub async fn origin(&self) -> Result<Option<String>, Fail> {
        let founded = self.db.read(authority_engine::ceremony::installation).await;
        let founded = founded.map_err(|e| Fail::from(e.refusal()))?.map(|i| i.name);
        match (founded, &self.config.installation.name) {
            (Some(founded), Some(configured)) if founded != *configured => {
                Err(other_name(&founded, configured))
            }
            (founded, configured) => Ok(founded.or_else(|| configured.clone())),
        }
    }

    /// Keeps the texts of the profiles in force, so that what is issued under them can be judged later (K2).
    ///
    /// # Errors
    /// Those of the store.
    pub async fn remember_profiles(&self) -> Result<(), Fail> {
        let (profiles, now) = (self.profiles.clone(), self.clock.now());
        let remember = move |tx: &mut Tx| {
            profiles.iter().try_for_each(|p| {
                authorities::remember_profile(tx, p.profile.hash(), p.profile.id(), &p.text, now)
            })
        };
        self.db.write(remember).await.map_err(|e| store_fail(&e))
    }

    /// Tells the ledger of one act.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn append(&self, entry: kit_ledger::Entry) -> Result<(), StoreError> {
        let (provider, now) = (self.provider.clone(), self.clock.now());
        self.db.write(move |tx| kit_ledger::append(tx, &entry, now, &*provider, &*provider).map(drop)).await
    }

    /// Lets what is under way finish, and closes the database.
    pub async fn close(&self) {
        self.keys.lock();
        self.db.close().await;
    }
}

/// The passphrase as configured; `None` when a person is to type it.
///
/// # Errors
/// The file cannot be read, or is empty.
pub fn configured_passphrase(config: &Config) -> Result<Option<Passphrase>, Fail> {
    let text = match &config.keys.source {
        KeySource::Environment(text) => text.clone(),
        KeySource::File(path) => {
            let text = Zeroizing::new(fs::read_to_string(path).map_err(|e| Fail::file(path, &e))?);
            // Editors end a file with a line end; a passphrase has none.
            Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        KeySource::Person => return Ok(None),
    };
    Passphrase::new(text).map(Some).map_err(|e| key_fail(&e))
}

/// What a fault of the store means at the terminal.
pub fn store_fail(error: &StoreError) -> Fail {
    let en = error.to_string();
    let (exit, code, ja, next) = match error {
        StoreError::Busy(_) => (
            Exit::CouldNotRun,
            "store.busy",
            format!("データベースは他のプロセスが使用中です: {en}"),
            Text::new(
                "サーバーを止めるか、サーバーと同じ server.control を指定してください。",
                "Stop the server, or name the same server.control as the server.",
            ),
        ),
        StoreError::Full(_) => (
            Exit::CouldNotRun,
            "store.full",
            format!("保存領域が足りません: {en}"),
            Text::new("空きを作ってから、もう一度実行してください。", "Make room, then run it again."),
        ),
        StoreError::Migration(_) => (
            Exit::NeedsPerson,
            "store.migration",
            format!("データベースの形がこのプログラムと合いません: {en}"),
            Text::new(
                "データベースより古い warifu を使っていないか確認してください。",
                "See whether this warifu is older than the database.",
            ),
        ),
        StoreError::Corrupt(_) | StoreError::Row(_) => (
            Exit::NeedsPerson,
            "store.damaged",
            format!("保存された内容が壊れています: {en}"),
            Text::new(
                "サーバーを止め、`warifu doctor` の結果とバックアップを確認してください。",
                "Stop the server; see `warifu doctor`, and have a backup at hand.",
            ),
        ),
        _ => (
            Exit::CouldNotRun,
            "store.unavailable",
            format!("データベースを使えません: {en}"),
            Text::new(
                "store.url と、データベースが動いているかを確認してください。",
                "Check store.url, and whether the database runs.",
            ),
        ),
    };
    Fail::new(exit, code, Text::new(ja, en), next)
}

fn not_founded() -> Fail {
    Fail::new(
        Exit::NeedsPerson,
        "installation.not_founded",
        Text::new(
            "鍵生成式がまだ行われておらず、設置の名前が決まっていません。",
            "No ceremony was held yet, so this installation has no name.",
        ),
        Text::new(
            "`warifu ca ceremony FILE --perform` を行うか、installation.name を設定してください。",
            "Hold one with `warifu ca ceremony FILE --perform`, or set installation.name.",
        ),
    )
}

fn other_name(founded: &str, configured: &str) -> Fail {
    Fail::new(
        Exit::Usage,
        "installation.other_name",
        Text::new(
            format!("installation.name は {configured} ですが、この設置は {founded} として始められました。"),
            format!("installation.name is {configured}, but this installation was founded as {founded}."),
        ),
        Text::new(
            "installation.name を元に戻すか消してください。データベースの取り違えでないかも確認してください。",
            "Set it back or remove it; see that this is the right database.",
        ),
    )
}

fn half_restored() -> Fail {
    Fail::new(
        Exit::NeedsPerson,
        "restore.unfinished",
        Text::new(
            "このデータベースへの復元は途中で止まっています。",
            "A restore into this database was begun and not finished.",
        ),
        Text::new(
            "データベースと blobs を空にして、`warifu admin restore` をやり直してください。",
            "Empty the database and the blobs, then run `warifu admin restore` again.",
        ),
    )
}

/// Makes the directories of the database and the blobs, for their owner alone.
///
/// # Errors
/// One that cannot be made.
pub fn make_directories(config: &Config) -> Result<(), Fail> {
    let database = config.store.file.as_deref().and_then(Path::parent);
    for dir in
        [Some(config.blobs.dir.as_path()), database, config.server.control.parent()].into_iter().flatten()
    {
        if dir.as_os_str().is_empty() || dir.exists() {
            continue;
        }
        use std::os::unix::fs::DirBuilderExt;
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
        made.map_err(|e| Fail::file(dir, &e))?;
    }
    Ok(())
}
