//! A PostgreSQL that goes away and comes back: quick errors meanwhile, no hands needed afterwards.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{Component, Db, Dialect, Migration, Options, StoreError, Tx, params, testing};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};

const GONE: Component = Component {
    name: "gone",
    migrations: &[Migration {
        number: 1,
        name: "gone",
        sql: "CREATE TABLE gone (id BIGINT NOT NULL PRIMARY KEY);",
    }],
};

fn add(tx: &mut Tx, id: i64) -> Result<u64, StoreError> {
    tx.execute("INSERT INTO gone (id) VALUES ($1)", params![id])
}

async fn ids(db: &Db) -> Vec<i64> {
    let read = db.read(|tx| {
        let rows = tx.query("SELECT id FROM gone ORDER BY id", params![])?;
        rows.iter().map(|row| row.get(0)).collect::<Result<_, StoreError>>()
    });
    read.await.unwrap()
}

fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(testing::Place) -> F) {
    let Some(place) = testing::Place::fresh(Dialect::Postgres) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a test can start threads").block_on(test(place));
}

#[test]
fn closed_connections_are_replaced_unseen() {
    on_postgres(async |place| {
        let db = place.open().await;
        db.migrate(&[GONE]).await.unwrap();
        for id in 0..4 {
            // All of them, idle as they are, and waited for until they are gone: as when the server restarts.
            place.postgres_says(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            );
            db.write(move |tx| add(tx, id)).await.unwrap();
            assert_eq!(ids(&db).await.len(), usize::try_from(id).unwrap() + 1);
        }
        db.close().await;
    });
}

#[test]
fn a_connection_lost_before_the_commit_is_run_again() {
    on_postgres(async |place| {
        let db = place.open_with(Options { writers: 1, ..testing::options() }).await;
        db.migrate(&[GONE]).await.unwrap();
        let runs = Arc::new(AtomicU8::new(0));
        let (seen, place) = (runs.clone(), Arc::new(place));
        let server = place.clone();
        db.write(move |tx| {
            add(tx, 1)?;
            if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                server.postgres_says(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                     WHERE datname = current_database() AND state = 'idle in transaction'",
                );
            }
            add(tx, 2)
        })
        .await
        .unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        assert_eq!(ids(&db).await, [1, 2]);
        db.close().await;
    });
}

/// A wire between the store and the server that can be cut.
struct Wire {
    port: u16,
    plan: Arc<AtomicU8>,
    ends: Arc<Mutex<Vec<AbortHandle>>>,
}

const OPEN: u8 = 0;
/// Refuses and cuts everything.
const CUT: u8 = 1;
/// Cuts as soon as a COMMIT has passed.
const CUT_AFTER_COMMIT: u8 = 2;

impl Wire {
    async fn to(host: String, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this =
            Self { port: listener.local_addr().unwrap().port(), plan: Arc::default(), ends: Arc::default() };
        let (plan, ends) = (this.plan.clone(), this.ends.clone());
        tokio::spawn(async move {
            loop {
                let (store, _) = listener.accept().await.unwrap();
                if plan.load(Ordering::SeqCst) == CUT {
                    continue;
                }
                let server = TcpStream::connect((host.as_str(), port)).await.unwrap();
                let end = tokio::spawn(carry(store, server, plan.clone()));
                ends.lock().unwrap().push(end.abort_handle());
            }
        });
        this
    }

    fn set(&self, plan: u8) {
        self.plan.store(plan, Ordering::SeqCst);
        if plan == CUT {
            self.ends.lock().unwrap().drain(..).for_each(|end| end.abort());
        }
    }
}

async fn carry(mut store: TcpStream, mut server: TcpStream, plan: Arc<AtomicU8>) {
    let (mut there, mut back) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = store.read(&mut there) => {
                let (Ok(read @ 1..), true) = (read, true) else { return };
                if server.write_all(&there[..read]).await.is_err() {
                    return;
                }
                let commit = there[..read].windows(6).any(|word| word == b"COMMIT");
                if commit && plan.load(Ordering::SeqCst) == CUT_AFTER_COMMIT {
                    return;
                }
            }
            read = server.read(&mut back) => {
                let Ok(read @ 1..) = read else { return };
                if store.write_all(&back[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A store behind a wire. `None` when the tests' PostgreSQL is not reached by TCP.
async fn behind_a_wire(place: &testing::Place) -> (Db, Wire) {
    let config: tokio_postgres::Config = place.url().parse().unwrap();
    let tokio_postgres::config::Host::Tcp(host) = config.get_hosts()[0].clone() else {
        panic!("WARIFU_TEST_POSTGRES must name a host that is reached by TCP")
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let wire = Wire::to(host, port).await;
    let (user, database) = (config.get_user().unwrap(), config.get_dbname().unwrap());
    let password = config.get_password().map(|p| format!(":{}", String::from_utf8_lossy(p)));
    let url = format!("postgres://{user}{}@127.0.0.1:{}/{database}", password.unwrap_or_default(), wire.port);
    let db = Db::open(&url, testing::options()).await.unwrap();
    db.migrate(&[GONE]).await.unwrap();
    (db, wire)
}

#[test]
fn a_server_that_is_gone_is_reported_quickly_and_taken_back() {
    on_postgres(async |place| {
        let (db, wire) = behind_a_wire(&place).await;
        db.write(|tx| add(tx, 1)).await.unwrap();
        assert_eq!(ids(&db).await, [1]);
        wire.set(CUT);
        for id in 2..30 {
            let began = Instant::now();
            let error = db.write(move |tx| add(tx, id)).await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            assert!(began.elapsed() < Duration::from_secs(10));
        }
        let error = db.health().await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        wire.set(OPEN);
        // For a moment after a failure calls are refused without a new attempt to connect.
        let began = Instant::now();
        while let Err(error) = db.write(|tx| add(tx, 100)).await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            assert!(began.elapsed() < Duration::from_secs(30), "the store does not come back");
            tokio::task::yield_now().await;
        }
        while let Err(error) = db.health().await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            assert!(began.elapsed() < Duration::from_secs(30), "the store does not come back");
        }
        assert_eq!(ids(&db).await, [1, 100]);
        db.close().await;
    });
}

#[test]
fn a_commit_without_an_answer_is_said_to_be_undecided() {
    on_postgres(async |place| {
        let (db, wire) = behind_a_wire(&place).await;
        wire.set(CUT_AFTER_COMMIT);
        let error = db.write(|tx| add(tx, 1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Undecided(_)), "{error:?}");
        assert!(error.is_transient());
        wire.set(OPEN);
        // It was stored in this case, and the store did not run the closure a second time by itself.
        let again = db.write(|tx| add(tx, 1)).await.unwrap_err();
        assert!(again.is_unique_on("gone", "id"), "{again:?}");
        db.close().await;
    });
}

#[test]
fn no_server_at_all_is_an_error_of_open() {
    on_postgres(async |_| {
        // Nobody listens there, and no test is given this port.
        let url = "postgres://someone:secret@127.0.0.1:1/nothing";
        let error = Db::open(url, testing::options()).await.map(|_| ()).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(!error.to_string().contains("secret"));
        for bad in ["postgres://user:secret@host:notaport/db", "postgres://user:secret@host/db?unheard_of=1"]
        {
            let error = Db::open(bad, testing::options()).await.map(|_| ()).unwrap_err();
            assert!(matches!(error, StoreError::Url(_)), "{error:?}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    });
}

#[test]
fn a_changed_table_does_not_break_prepared_statements() {
    on_postgres(async |place| {
        let db = place.open_with(Options { writers: 1, readers: 1, ..testing::options() }).await;
        db.migrate(&[GONE]).await.unwrap();
        db.write(|tx| add(tx, 1)).await.unwrap();
        db.write(|tx| tx.query("SELECT * FROM gone", params![])).await.unwrap();
        place.postgres_says("ALTER TABLE gone ADD COLUMN note TEXT");
        db.write(|tx| tx.query("SELECT * FROM gone", params![])).await.unwrap();
        db.close().await;
    });
}
