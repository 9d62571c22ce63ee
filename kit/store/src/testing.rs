//! Fresh databases for tests: each test gets one of its own on SQLite and one on PostgreSQL.
//!
//! PostgreSQL, version 15 or later, comes from `WARIFU_TEST_POSTGRES`, the URL of a database whose user may create databases. A test that
//! would silently leave PostgreSQL out proves less than it seems, so without it these tests fail, unless
//! `WARIFU_TEST_SQLITE_ONLY=1` says that this is meant.

use crate::{Component, Db, DbUrl, Dialect, Options};
use std::{
    hash::{BuildHasher, Hasher},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// A fresh, empty database, removed when dropped. It can be opened and closed many times.
pub struct Place {
    url: String,
    clean_up: CleanUp,
}

enum CleanUp {
    Directory(PathBuf),
    Database { admin: String, name: String },
}

/// The options tests run with: the limits are wide, so that a slow machine fails no test.
#[must_use]
pub fn options() -> Options {
    Options {
        readers: 2,
        writers: 3,
        tx_limit: Duration::from_secs(30),
        read_limit: Duration::from_secs(60),
        ..Options::default()
    }
}

/// Runs `test` on a fresh SQLite file and then on a fresh PostgreSQL database.
pub fn both<F, Fut>(test: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    both_with(&[], test);
}

/// As [`both`], with the schema of `components` in place.
pub fn both_with<F, Fut>(components: &[Component], test: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    both_places(async |place: &Place| {
        let db = place.open().await;
        db.migrate(components).await.expect("the migrations run");
        test(db.clone()).await;
        db.close().await;
    });
}

/// Runs `test` on a place that has never been opened, on SQLite and then on PostgreSQL: for tests that open
/// a database more than once.
pub fn both_places<F>(test: F)
where
    F: AsyncFn(&Place),
{
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let Some(place) = Place::fresh(dialect) else { continue };
        let run = || runtime().block_on(test(&place));
        if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
            #[allow(clippy::print_stderr, reason = "says on which database the test failed")]
            {
                eprintln!("the test failed on {dialect:?}");
            }
            drop(place);
            resume_unwind(panic);
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a test can start threads")
}

impl Place {
    /// A fresh place; `None` for PostgreSQL when tests run on SQLite only.
    ///
    /// # Panics
    /// When there is no PostgreSQL to test on and nobody said that this is meant.
    #[must_use]
    pub fn fresh(dialect: Dialect) -> Option<Self> {
        match dialect {
            Dialect::Sqlite => Some(Self::sqlite()),
            Dialect::Postgres => Self::postgres(),
        }
    }

    /// A fresh SQLite file in a directory of its own.
    #[must_use]
    pub fn sqlite() -> Self {
        let directory = std::env::temp_dir().join(unique_name());
        std::fs::create_dir_all(&directory).expect("a test can create a directory");
        let url = format!("sqlite:{}", directory.join("test.db").display());
        Self { url, clean_up: CleanUp::Directory(directory) }
    }

    fn postgres() -> Option<Self> {
        let Ok(admin) = std::env::var("WARIFU_TEST_POSTGRES") else {
            let meant = std::env::var("WARIFU_TEST_SQLITE_ONLY").is_ok_and(|value| value == "1");
            assert!(meant, "there is no PostgreSQL to test on: run cargo xtask test");
            return None;
        };
        let name = unique_name();
        // A language with an order of its own shows what would depend on the server's.
        administer(
            &admin,
            &format!(
                "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' \
                 LOCALE_PROVIDER icu ICU_LOCALE 'ja'"
            ),
        );
        let (server, parameters) = admin.split_once('?').map_or((admin.as_str(), ""), |(s, p)| (s, p));
        let (server, _) = server.rsplit_once('/').expect("WARIFU_TEST_POSTGRES names a database");
        let question = if parameters.is_empty() { "" } else { "?" };
        let url = format!("{server}/{name}{question}{parameters}");
        Some(Self { url, clean_up: CleanUp::Database { admin, name } })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.clean_up {
            CleanUp::Directory(_) => Dialect::Sqlite,
            CleanUp::Database { .. } => Dialect::Postgres,
        }
    }

    /// The file of a place on SQLite.
    ///
    /// # Panics
    /// On PostgreSQL.
    pub fn file(&self) -> PathBuf {
        let file = match DbUrl::parse(&self.url).expect("a place has a good URL") {
            DbUrl::Sqlite(path) => Some(path),
            DbUrl::Postgres(_) => None,
        };
        file.expect("a test of files is one of SQLite")
    }

    /// Opens it with [`options`].
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open(&self) -> Db {
        self.open_with(options()).await
    }

    /// Opens it.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open_with(&self, options: Options) -> Db {
        Db::open(&self.url, options).await.expect("a fresh database opens")
    }

    /// Runs statements as another program would: on PostgreSQL over a connection that is not the store's, with
    /// the rights of the test's user.
    ///
    /// # Panics
    /// On SQLite, or when the server refuses.
    pub fn postgres_says(&self, sql: &str) {
        assert!(self.dialect() == Dialect::Postgres, "only PostgreSQL has a server");
        administer(&self.url, sql);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match &self.clean_up {
            // Left-overs of a test harm nobody.
            CleanUp::Directory(directory) => drop(std::fs::remove_dir_all(directory)),
            CleanUp::Database { admin, name } => {
                let drop_it = || administer(admin, &format!("DROP DATABASE {name} WITH (FORCE)"));
                let _ = catch_unwind(drop_it);
            }
        }
    }
}

fn unique_name() -> String {
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    // The random part keeps a later process with the same number from meeting what a killed one left.
    let random = std::hash::RandomState::new().build_hasher().finish();
    let (pid, serial) = (std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
    format!("warifu_test_{pid}_{serial}_{random:016x}")
}

/// Runs one statement on its own connection, in a thread because the caller may be async.
fn administer(url: &str, sql: &str) {
    let (url, sql) = (url.to_owned(), sql.to_owned());
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a test can start a runtime").block_on(async {
            let connected = tokio_postgres::connect(&url, tokio_postgres::NoTls).await;
            let (client, connection) = connected.expect("the PostgreSQL of WARIFU_TEST_POSTGRES answers");
            let connection = tokio::spawn(connection);
            client.batch_execute(&sql).await.expect("the server does what the test asks");
            drop(client);
            let _ = connection.await;
        });
    };
    std::thread::spawn(run).join().expect("the server does what the test asks");
}
