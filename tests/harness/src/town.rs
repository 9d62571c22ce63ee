//! The town itself.

use crate::Browser;
use core_words::{Actor, UtcMicros};
use kit_clock::{Clock, ManualClock, Steady};
use kit_post::testing::SmtpServer;
use std::{
    path::Path,
    sync::Arc,
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
pub const PASSPHRASE: &str = "correct horse battery staple";

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
profiles = ["claims-provider"]
lists = { full_every = "1 day", full_life = "4 days", soon = "1 second" }
"#;

/// A town.
pub struct Town {
    server: Option<Server>,
    clock: ManualClock,
    mail: SmtpServer,
    base: String,
    numbers: u32,
    /// Everything lies here.
    pub dir: TempDir,
}

impl Town {
    /// A town on SQLite.
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("town.db");
        Self::founded(dir, &format!("sqlite:{}", file.display()), "", None).await
    }

    /// A town on SQLite for real browsers: its public address is that of its server. `localhost` counts as secure,
    /// so passkeys work there.
    pub async fn in_browser() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("town.db");
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|bound| bound.local_addr());
        let port = free.expect("a free port").port();
        Self::founded(dir, &format!("sqlite:{}", file.display()), "", Some(port)).await
    }

    /// A town on SQLite, with lines added to its configuration.
    pub async fn with(more: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("town.db");
        Self::founded(dir, &format!("sqlite:{}", file.display()), more, None).await
    }

    /// A town on the database of this URL, which is empty.
    pub async fn on(url: &str) -> Self {
        Self::founded(tempfile::tempdir().expect("a directory"), url, "", None).await
    }

    async fn founded(dir: TempDir, url: &str, more: &str, port: Option<u16>) -> Self {
        let mail = SmtpServer::start().await;
        let clock = ManualClock::at(BEGINNING);
        let config = configuration(dir.path(), url, &mail, more, port);
        let installation = open(config, &clock).await;
        let held = ceremony::Deed { text: CEREMONY.to_owned(), perform: true, record: None };
        let held = held.perform(&installation, Lang::En, &Actor::cli("test")).await;
        held.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
        let server = Server::start_on(installation).await;
        let server = server.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
        let base = match port {
            Some(port) => browsers(port),
            None => format!("http://{}", server.address()),
        };
        Self { server: Some(server), clock, mail, base, numbers: 0, dir }
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

    /// What its clock shows.
    pub fn now(&self) -> UtcMicros {
        self.clock.now()
    }

    /// Where its mail arrives.
    pub fn mail(&self) -> &SmtpServer {
        &self.mail
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

async fn open(config: Config, clock: &ManualClock) -> Arc<Installation> {
    let opening = Opening {
        clock: Arc::new(clock.clone()),
        steady: Arc::new(Follows(clock.clone())),
        ..Opening::default()
    };
    let opened = Installation::open(config, opening).await;
    Arc::new(opened.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En))))
}

/// The address of a town whose visitors are real browsers.
fn browsers(port: u16) -> String {
    format!("http://localhost:{port}")
}

fn configuration(dir: &Path, url: &str, mail: &SmtpServer, more: &str, port: Option<u16>) -> Config {
    let address = mail.address();
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
        host = address.ip(),
        port = address.port(),
    );
    let (listen, public) = (format!("127.0.0.1:{}", port.unwrap_or(0)), port.map_or(PUBLIC.to_owned(), browsers));
    let env = [
        ("WARIFU__KEYS__PASSPHRASE", PASSPHRASE),
        ("WARIFU__SERVER__LISTEN", &listen),
        ("WARIFU__SERVER__CONTROL", "w.sock"),
        ("WARIFU__WEB__PUBLIC_URL", &public),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let file = dir.join("warifu.toml");
    let read = config::read(Some((&file, &text)), env, None);
    read.unwrap_or_else(|problems| panic!("{problems:?}")).0
}
