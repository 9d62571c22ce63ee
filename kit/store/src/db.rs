//! The handle to a store: opening, reading, writing, closing.

use crate::{
    Component, DbUrl, Dialect, MigrationState, StoreError, Tx,
    allowance::Limit,
    migrate, nested, params,
    postgres::Postgres,
    queue::{Isolation, Job, Queue, Work},
    shared::Shared,
    sqlite::{self, Sqlite},
};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::sync::{Semaphore, oneshot};

/// How a store is opened. `Options::default()` is right for a server.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many closures read at once: threads on SQLite, connections on PostgreSQL.
    pub readers: usize,
    /// How many closures write at once on PostgreSQL. SQLite has one writer.
    pub writers: usize,
    /// How much processor time a closure given to `write` may use before it is rolled back. Waiting included, it may
    /// take ten times as long on SQLite, where all writers wait for it, and fifty times on PostgreSQL.
    pub tx_limit: Duration,
    /// How long a closure given to `read` may take.
    pub read_limit: Duration,
    /// How many calls may wait for a connection; later ones wait for a place in the queue without being in it.
    pub queue: usize,
    /// Whether the file is owned or only looked at.
    pub access: Access,
    /// SQLite only: the file is not let grow beyond this many octets. `None`: the disk is the limit.
    pub max_file_octets: Option<u64>,
}

/// Whether a store is owned or only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads and writes. On SQLite one process at a time can own a file.
    Own,
    /// Only reads, also while another process owns the file; writes are refused. For `doctor` and the like.
    ReadOnly,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            readers: cores.clamp(2, 8),
            writers: cores.clamp(4, 16),
            tx_limit: Duration::from_millis(100),
            read_limit: Duration::from_secs(300),
            queue: 8_192,
            access: Access::Own,
            max_file_octets: None,
        }
    }
}

/// A store. Cheap to clone; all clones are the same store.
///
/// A closure given to [`write`](Db::write) runs in one transaction with everything it reads. Its caller is answered
/// only after the commit. Nothing in a closure may wait for a network, a key derivation or a signature: on SQLite all
/// writers wait with it.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    access: Access,
    places: Semaphore,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The threads end by themselves; whoever must know that they have calls `close`.
        match &self.engine {
            Engine::Sqlite(engine) => engine.close(),
            Engine::Postgres(engine) => engine.close(),
        }
    }
}

impl Db {
    /// Opens the store at `url`: see [`DbUrl`].
    ///
    /// # Errors
    /// [`StoreError::Url`]; [`StoreError::Busy`] when another process owns the SQLite file;
    /// [`StoreError::Unavailable`] when PostgreSQL does not answer.
    pub async fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        let url = DbUrl::parse(url)?;
        let places = Semaphore::new(options.queue.clamp(1, Semaphore::MAX_PERMITS));
        let access = options.access;
        let engine = blocking(move || match url {
            DbUrl::Sqlite(path) => Sqlite::open(&path, &options).map(Engine::Sqlite),
            DbUrl::Postgres(url) => Postgres::open(&url, &options).map(Engine::Postgres),
        })
        .await?;
        let db = Self(Arc::new(Inner { engine, access, places }));
        if db.dialect() == Dialect::Postgres && access == Access::Own {
            db.run_migration(crate::ids::create).await?;
        }
        Ok(db)
    }

    /// Which database is behind it.
    pub fn dialect(&self) -> Dialect {
        match self.0.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs `f` in a transaction of its own: serialisable, durable when this returns `Ok`.
    ///
    /// `f` may run more than once: PostgreSQL finds contradictions between concurrent transactions only late, and
    /// then it runs again, up to five times. It must have no effect but through `tx`. An `Err` from `f` rolls
    /// back what it did, and only that. When the returned future is dropped before `f` began, `f` does not run.
    ///
    /// # Errors
    /// Those of `f`, and [`StoreError`]s turned into them.
    ///
    /// # Panics
    /// In debug builds when called inside a closure of this store.
    #[track_caller]
    pub fn write<F, T, E>(&self, f: F) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let nested = nested::refuse();
        self.submit(Isolation::Serializable, None, nested, f)
    }

    /// As [`write`](Db::write), but READ COMMITTED on PostgreSQL: for batches that are guarded by constraints alone,
    /// where decisions never rest on rows read in the same transaction.
    ///
    /// # Panics
    /// In debug builds when called inside a closure of this store.
    #[track_caller]
    pub fn write_grouped<F, T, E>(&self, f: F) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let nested = nested::refuse();
        self.submit(Isolation::Committed, None, nested, f)
    }

    /// Runs `f`, once, on a snapshot of everything committed before; writing is refused.
    ///
    /// # Errors
    /// Those of `f`, and [`StoreError`]s turned into them.
    ///
    /// # Panics
    /// In debug builds when called inside a closure of this store.
    #[track_caller]
    pub fn read<F, T, E>(&self, f: F) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let nested = nested::refuse();
        let mut once = Some(f);
        let call = move |tx: &mut Tx| match once.take() {
            Some(f) => f(tx),
            None => Err(E::from(StoreError::Unavailable("a read cannot be run again".to_owned()))),
        };
        self.submit(Isolation::Snapshot, None, nested, call)
    }

    /// Brings the schema up to date: runs each component's pending migrations, in the order given, in one
    /// transaction, under a lock. Texts are in the common dialect: types BIGINT, SMALLINT, TEXT, BYTEA, and
    /// `-- only: postgres` … `-- end` blocks. Components not in the list are left alone.
    ///
    /// # Errors
    /// [`StoreError::Migration`] when the database's past and the program's list do not fit; then nothing ran.
    pub async fn migrate(&self, components: &[Component]) -> Result<(), StoreError> {
        migrate::check(components)?;
        let components = components.to_vec();
        self.run_migration(move |tx| migrate::run(tx, &components)).await
    }

    /// How the migrations of `components` stand, without changing anything. For `doctor`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn migration_states(
        &self,
        components: &[Component],
    ) -> Result<Vec<MigrationState>, StoreError> {
        let components = components.to_vec();
        self.read(move |tx| migrate::states(tx, &components)).await
    }

    /// Makes all ids below `distance` more than the next one unused for ever. Called after a restore: what was
    /// handed out between the backup and the loss must not be handed out again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn jump_ids(&self, distance: u32) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.execute("UPDATE store_id SET next = next + $1 WHERE id = 1", params![distance])?;
            Ok::<_, StoreError>(())
        })
        .await?;
        // Blocks that were taken before are not used any more, by this process.
        self.0.shared().count_jump();
        Ok(())
    }

    /// Whether the store reads and its last commit succeeded. If it did not, a small write finds out whether the
    /// next one would: a node that is given no work while it is not well must notice by itself that it is again.
    ///
    /// # Errors
    /// Why not; [`StoreError::Unavailable`] also when there is no answer within 2 s.
    pub async fn health(&self) -> Result<(), StoreError> {
        let look = self.read(|tx| tx.query_one("SELECT 1", params![]).map(|_| ()));
        in_time(look).await?;
        if self.0.shared().last_commit().is_none() {
            return Ok(());
        }
        // One id is passed over: SQLite writes nothing at all when nothing changes, and a full disk would look well.
        in_time(self.write(|tx| tx.execute("UPDATE store_id SET next = next + 1 WHERE id = 1", params![])))
            .await?;
        Ok(())
    }

    /// Copies a SQLite database, as of one moment and while it is in use, to the new file `path`.
    ///
    /// # Errors
    /// [`StoreError::Sql`] on PostgreSQL, which has `pg_dump`; [`StoreError::Io`] when `path` exists.
    pub async fn sqlite_backup_to(&self, path: &Path) -> Result<(), StoreError> {
        let Engine::Sqlite(engine) = &self.0.engine else {
            return Err(StoreError::Sql("only SQLite is copied as a file; use pg_dump".to_owned()));
        };
        let (from, to) = (engine.path.clone(), path.to_owned());
        blocking(move || sqlite::copy_to(&from, &to)).await
    }

    /// Refuses further calls, lets those that wait finish, and returns once every connection is closed.
    pub async fn close(&self) {
        let threads = match &self.0.engine {
            Engine::Sqlite(engine) => {
                engine.close();
                engine.threads.take()
            }
            Engine::Postgres(engine) => {
                engine.close();
                engine.threads.take()
            }
        };
        let join = move || {
            for thread in threads {
                // A thread that panicked has ended too.
                let _ = thread.join();
            }
            Ok(())
        };
        let _ = blocking(join).await;
    }

    async fn run_migration<F>(&self, f: F) -> Result<(), StoreError>
    where
        F: Fn(&mut Tx) -> Result<(), StoreError> + Send + 'static,
    {
        // READ COMMITTED: what is read after the lock was waited for must be what its last holder committed.
        let limit = Some(Limit::plain(Duration::from_secs(3_600)));
        let nested = nested::refuse();
        self.submit(Isolation::Committed, limit, nested, move |tx| {
            migrate::lock(tx)?;
            f(tx)
        })
        .await
    }

    fn submit<C, T, E>(
        &self,
        isolation: Isolation,
        limit: Option<Limit>,
        nested: bool,
        call: C,
    ) -> impl Future<Output = Result<T, E>> + Send + use<C, T, E>
    where
        C: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let inner = self.0.clone();
        async move {
            if nested {
                return Err(StoreError::Nested.into());
            }
            if inner.access == Access::ReadOnly && isolation != Isolation::Snapshot {
                return Err(StoreError::ReadOnly("the store was opened read-only".to_owned()).into());
            }
            let Ok(_place) = inner.places.acquire().await else { return Err(StoreError::Closed.into()) };
            let (job, answer) = Work::new(isolation, limit, call);
            inner.queue(isolation).push(job as Box<dyn Job>);
            match answer.await {
                Ok(Ok(result)) => result,
                Ok(Err(error)) => Err(error.into()),
                Err(_) => Err(StoreError::Closed.into()),
            }
        }
    }
}

impl Inner {
    fn shared(&self) -> &Shared {
        match &self.engine {
            Engine::Sqlite(engine) => &engine.shared,
            Engine::Postgres(engine) => &engine.shared,
        }
    }

    fn queue(&self, isolation: Isolation) -> &Queue {
        match (&self.engine, isolation) {
            (Engine::Sqlite(engine), Isolation::Snapshot) => &engine.reads,
            (Engine::Sqlite(engine), _) => &engine.writes,
            (Engine::Postgres(engine), Isolation::Snapshot) => &engine.reads,
            (Engine::Postgres(engine), _) => &engine.writes,
        }
    }
}

/// The answer of a look at the store's health, or that there was none.
async fn in_time<T>(look: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match tokio::time::timeout(Duration::from_secs(2), look).await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Unavailable("no answer within 2 s".to_owned())),
    }
}

/// Runs `f` on a thread of its own: the store needs no runtime's pool of blocking threads.
async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (done, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("store-blocking".to_owned())
        .spawn(move || done.send(f()))
        .map_err(|e| StoreError::Io(format!("no thread: {e}")))?;
    answer.await.unwrap_or(Err(StoreError::Closed))
}
