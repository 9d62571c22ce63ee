//! The town itself.

use crate::{Browser, Trouble};
use core_words::{Actor, UtcMicros};
use kit_clock::{Clock, ManualClock, Steady};
use kit_post::testing::SmtpServer;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use warifu::{
    commands::{ca::ceremony, serve::Server},
    config::{self, Config},
    installation::{Installation, Opening},
    lang::Lang,
};

/// The passphrase of every town.
const PASSPHRASE: &str = "correct horse battery staple";

/// When every town begins: 2026-11-20 14:05 in Japan.
const BEGINNING: UtcMicros = UtcMicros(1_795_151_100_000_000);

/// The address that the town gives itself in mails and links. Nothing listens there: browsers of the town are told
/// where its server is.
pub(crate) const PUBLIC: &str = "http://town.example";

const CEREMONY: &str = r#"
version = 1
[installation]
name = "town.example/warifu"
base_url = "http://pki.town.example"
operator = "federation"
[[authority]]
id = "root"
kind = "root"
key = "p-256"
profile = "root-ca"
subject = ["C=JP", "O=Federation", "CN=Town Root"]
[[authority]]
id = "claims-ca"
kind = "issuing"
parent = "root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=Federation", "CN=Claims CA"]
profiles = ["claims-provider", "claims-agent"]
lists = { full_every = "1 day", full_life = "4 days", soon = "1 second" }
"#;

/// A town.
pub struct Town {
    server: Option<Server>,
    clock: ManualClock,
    trouble: Trouble,
    mail: Option<SmtpServer>,
    base: String,
    numbers: u32,
    home: PathBuf,
    /// The folder that goes when the town does, where it is the town's own.
    _folder: Option<TempDir>,
}

/// How a town is to be.
struct Plan<'a> {
    home: &'a Path,
    url: Option<&'a str>,
    more: &'a str,
    /// Where the server listens, for real browsers.
    port: Option<u16>,
    mail: SocketAddr,
    from: UtcMicros,
    founded: bool,
}

impl Town {
    /// A town on SQLite.
    pub async fn new() -> Self {
        Self::built(None, "", None).await
    }

    /// A town on SQLite for real browsers: its public address is that of its server. `localhost` counts as secure,
    /// so passkeys work there.
    pub async fn in_browser() -> Self {
        Self::built(None, "", Some(free_port())).await
    }

    /// A town on SQLite, with lines added to its configuration.
    pub async fn with(more: &str) -> Self {
        Self::built(None, more, None).await
    }

    /// A town on the database of this URL, which is empty.
    pub async fn on(url: &str) -> Self {
        Self::built(Some(url), "", None).await
    }

    async fn built(url: Option<&str>, more: &str, port: Option<u16>) -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let post = SmtpServer::start().await;
        let plan = Plan {
            home: folder.path(),
            url,
            more,
            port,
            mail: post.address(),
            from: BEGINNING,
            founded: false,
        };
        let mut town = Self::opened(plan).await;
        (town.mail, town._folder) = (Some(post), Some(folder));
        town
    }

    /// A town on SQLite in a folder of the caller's, whose mail goes where the caller says: a new one, or one that was
    /// there before and did not come to its end, at `from` on its clock.
    pub async fn at(home: &Path, mail: SocketAddr, from: Option<UtcMicros>) -> Self {
        let founded = from.is_some();
        let from = from.unwrap_or(BEGINNING);
        Self::opened(Plan { home, url: None, more: "", port: None, mail, from, founded }).await
    }

    async fn opened(plan: Plan<'_>) -> Self {
        let clock = ManualClock::at(plan.from);
        let trouble = Trouble::default();
        let installation = open(configuration(&plan), &clock, &trouble).await;
        if !plan.founded {
            let held = ceremony::Deed { text: CEREMONY.to_owned(), perform: true, record: None };
            let held = held.perform(&installation, Lang::En, &Actor::cli("test")).await;
            held.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
        }
        let server = Server::start_on(installation).await;
        let server = server.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
        let base = match plan.port {
            Some(port) => browsers(port),
            None => format!("http://{}", server.address()),
        };
        let (home, mail, numbers) = (plan.home.to_owned(), None, 0);
        Self { server: Some(server), clock, trouble, mail, base, numbers, home, _folder: None }
    }

    /// Where everything lies.
    pub fn dir(&self) -> &Path {
        &self.home
    }

    /// Its server.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("a town runs until its end")
    }

    /// Its installation.
    pub fn installation(&self) -> &Arc<Installation> {
        self.server().installation()
    }

    /// Its desk.
    pub fn claims(&self) -> &desk_claims::Claims {
        self.server().workers().portal().claims.as_ref().expect("the town has a claims desk")
    }

    /// Its clock.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// What stands between its desk and its authority.
    pub fn trouble(&self) -> &Trouble {
        &self.trouble
    }

    /// What its clock shows.
    pub fn now(&self) -> UtcMicros {
        self.clock.now()
    }

    /// Where its mail arrives.
    ///
    /// # Panics
    /// When its mail goes elsewhere: see [`at`](Self::at).
    pub fn mail(&self) -> &SmtpServer {
        self.mail.as_ref().expect("the town has a post office of its own")
    }

    /// A browser that has never been anywhere.
    pub fn browser(&self) -> Browser {
        Browser::new(self.base.clone())
    }

    /// The address of its server.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Runs every job that is due, numbers the ledger, and lets the desks take in what the authority did, until
    /// nothing is left to do.
    ///
    /// The server of the town works in the background as any server does; this works beside it, and waits for what
    /// the other has in hand.
    pub async fn run_jobs(&self) {
        let patience = Instant::now() + Duration::from_secs(120);
        loop {
            let done = self.server().workers().run_until_idle().await;
            done.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
            let now = self.now();
            let left = self.installation().db.read(move |tx| left_to_do(tx, now)).await.expect("the queue");
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < patience, "still to be done: {left:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Lets time pass while the authority is in trouble: whatever can happen without it happens, the rest is left
    /// waiting. Jobs that stand before the authority are not waited for.
    pub async fn pass_in_trouble(&self, seconds: i64) {
        self.clock.advance_seconds(seconds);
        let patience = Instant::now() + Duration::from_secs(120);
        loop {
            // The server works by itself; the feed, which is the authority's, is not asked here.
            let now = self.now();
            let left = self.installation().db.read(move |tx| left_waiting(tx, now)).await.expect("the queue");
            if left == 0 {
                return;
            }
            assert!(Instant::now() < patience, "{left} jobs are due and nobody takes them");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets time pass, and whatever falls due in it happen.
    pub async fn pass(&self, seconds: i64) {
        self.clock.advance_seconds(seconds);
        self.run_jobs().await;
    }

    /// Ends the town; nothing may have been given up.
    pub async fn end(mut self) {
        self.run_jobs().await;
        let given_up = self.installation().db.read(given_up).await.expect("the queue");
        assert_eq!(given_up, Vec::<String>::new(), "jobs were given up");
        self.server.take().expect("it runs").end().await;
    }

    pub(crate) fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }
}

/// What is due and not done yet.
fn left_to_do(tx: &mut kit_store::Tx, now: UtcMicros) -> Result<Vec<String>, kit_store::StoreError> {
    let jobs = tx.query(
        "SELECT kind FROM job WHERE state = 2 OR (state = 1 AND due_us <= $1) ORDER BY id",
        kit_store::params![now],
    )?;
    let mut left = jobs.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()?;
    let counted = [
        ("entries without a number", "SELECT COUNT(*) FROM ca_feed WHERE seq IS NULL"),
        (
            "entries that the desk has not seen",
            "SELECT COUNT(*) FROM ca_feed WHERE seq > (SELECT COALESCE(MAX(seq), 0) FROM desk_cursor)",
        ),
    ];
    for (what, sql) in counted {
        if tx.query_one(sql, &[])?.get::<i64>(0)? > 0 {
            left.push(what.to_owned());
        }
    }
    Ok(left)
}

/// What can happen without the authority, and has not yet.
fn left_waiting(tx: &mut kit_store::Tx, now: UtcMicros) -> Result<i64, kit_store::StoreError> {
    // Jobs that stand before the authority have the places of their kind, and the others behind them wait by right.
    let sql = "SELECT COUNT(*) FROM job WHERE (state = 2 OR (state = 1 AND due_us <= $1)) AND NOT \
               (kind IN ('claims.order', 'claims.revoke', 'claims.erase') \
               AND EXISTS (SELECT 1 FROM job AS ahead WHERE ahead.kind = job.kind AND ahead.state = 2))";
    tx.query_one(sql, kit_store::params![now])?.get(0)
}

fn given_up(tx: &mut kit_store::Tx) -> Result<Vec<String>, kit_store::StoreError> {
    let rows = tx.query("SELECT kind, last_error FROM job WHERE state = 4 ORDER BY id", &[])?;
    rows.iter()
        .map(|row| {
            let (kind, error): (String, Option<String>) = (row.get(0)?, row.get(1)?);
            Ok(format!("{kind}: {}", error.unwrap_or_default()))
        })
        .collect()
}

/// Time that passes as the town's clock says: its watch finds nothing odd.
struct Follows(ManualClock);

impl Steady for Follows {
    fn elapsed_micros(&self) -> i64 {
        self.0.now().since(BEGINNING)
    }
}

async fn open(config: Config, clock: &ManualClock, trouble: &Trouble) -> Arc<Installation> {
    let trouble = trouble.clone();
    let opening = Opening {
        clock: Arc::new(clock.clone()),
        steady: Arc::new(Follows(clock.clone())),
        front: Arc::new(move |engine| trouble.before(Arc::new(engine))),
        // Wide, so that a slow machine fails no test.
        write_limit: Duration::from_secs(30),
        ..Opening::default()
    };
    let opened = Installation::open(config, opening).await;
    Arc::new(opened.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En))))
}

/// A free port below those that the system hands out to whoever asks for any, and another one for each town of this
/// process: nobody takes it between this look and the server's start.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 100).expect("below 100") * 100;
    (0..10_000)
        .map(|_| 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000)
        .find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

/// The address of a town whose visitors are real browsers.
fn browsers(port: u16) -> String {
    format!("http://localhost:{port}")
}

fn configuration(plan: &Plan<'_>) -> Config {
    let Plan { home, mail, more, port, .. } = *plan;
    let here = format!("sqlite:{}", home.join("town.db").display());
    let url = plan.url.unwrap_or(&here);
    let text = format!(
        r#"
[store]
url = "{url}"
[mail]
domain = "town.example"
from = "claims@town.example"
[mail.smtp]
host = "{host}"
port = {port}
security = "plain"
[web]
gallery = true
[claims]
operator = "federation"
authority = "claims-ca"
federation_ja = "東京都国民健康保険団体連合会"
federation_en = "Tokyo Federation"
contact_ja = "東京都千代田区飯田橋3丁目5番1号"
contact_en = "3-5-1 Iidabashi, Chiyoda, Tokyo"
{more}
"#,
        host = mail.ip(),
        port = mail.port(),
    );
    let (listen, public) =
        (format!("127.0.0.1:{}", port.unwrap_or(0)), port.map_or(PUBLIC.to_owned(), browsers));
    let env = [
        ("WARIFU__KEYS__PASSPHRASE", PASSPHRASE),
        ("WARIFU__SERVER__LISTEN", &listen),
        ("WARIFU__SERVER__CONTROL", "w.sock"),
        ("WARIFU__WEB__PUBLIC_URL", &public),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let file = home.join("warifu.toml");
    let read = config::read(Some((&file, &text)), env, None);
    read.unwrap_or_else(|problems| panic!("{problems:?}")).0
}
