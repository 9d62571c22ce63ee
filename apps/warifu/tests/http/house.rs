//! A whole installation for a test: ceremony held, server running, one RA registered.

use core_words::Actor;
use kit_clock::{SharedClock, Steady, SystemClock};
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tempfile::TempDir;
use warifu::{
    commands::{
        ca::{ceremony, ra},
        serve::Server,
    },
    config::{self, Config},
    installation::{BootSteady, Installation, Opening},
    lang::Lang,
};

/// The passphrase of every test installation.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

const CEREMONY: &str = r#"
version = 1
[installation]
name = "test.example/warifu"
base_url = "http://pki.test.example"
operator = "federation"
[[authority]]
id = "root"
kind = "root"
key = "p-256"
profile = "root-ca"
subject = ["C=JP", "O=Test", "CN=Test Root"]
[[authority]]
id = "tls-ca"
kind = "issuing"
parent = "root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=Test", "CN=Test CA"]
profiles = ["tls-server"]
lists = { full_every = "1 day", full_life = "4 days" }
"#;

/// A running server and what a test needs to talk to it.
pub(crate) struct House {
    server: Option<Server>,
    /// Everything lies here.
    pub(crate) dir: TempDir,
    /// The token of the registered RA.
    pub(crate) token: String,
    pub(crate) client: reqwest::Client,
    pub(crate) address: SocketAddr,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The code of a problem, after checking that it is a whole problem.
    pub(crate) fn code(&self) -> String {
        let problem = self.json();
        assert_eq!(self.headers["content-type"], "application/problem+json", "{problem}");
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        for (what, lang) in [("message", "ja"), ("message", "en"), ("next", "ja"), ("next", "en")] {
            assert!(
                problem[what][lang].as_str().is_some_and(|t| !t.is_empty()),
                "no {what}.{lang}: {problem}"
            );
        }
        problem["code"].as_str().expect("a code").to_owned()
    }
}

/// The configuration of a test, with lines added to it.
pub(crate) fn config(dir: &Path, more: &str) -> Config {
    let env = [
        ("WARIFU__KEYS__PASSPHRASE", PASSPHRASE),
        ("WARIFU__SERVER__LISTEN", "127.0.0.1:0"),
        ("WARIFU__SERVER__CONTROL", "w.sock"),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let file = dir.join("warifu.toml");
    config::read(Some((&file, more)), env, None).expect("a valid configuration").0
}

impl House {
    pub(crate) async fn start() -> Self {
        Self::with("").await
    }

    /// With lines added to the configuration.
    pub(crate) async fn with(more: &str) -> Self {
        Self::under(more, SystemClock::shared(), Arc::new(BootSteady)).await
    }

    /// With an address of its own for metrics.
    pub(crate) async fn with_operations() -> Self {
        Self::with("[server]\noperations = \"127.0.0.1:0\"").await
    }

    /// With a clock of the test's own.
    pub(crate) async fn under(more: &str, clock: SharedClock, steady: Arc<dyn Steady>) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let config = config(dir.path(), more);
        let opening = Opening { clock, steady, ..Opening::default() };
        let installation = Arc::new(Installation::open(config, opening).await.expect("opened"));
        let held = ceremony::Deed { text: CEREMONY.to_owned(), perform: true, record: None };
        held.perform(&installation, Lang::En, &Actor::cli("test")).await.expect("held");
        let token = register(&installation, "front-desk", None).await;
        let server = Server::start_on(installation).await.expect("started");
        Self::of(server, dir, token)
    }

    /// On a server that was started otherwise.
    pub(crate) fn of(server: Server, dir: TempDir, token: String) -> Self {
        let address = server.address();
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
        Self { server: Some(server), dir, token, client, address }
    }

    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().expect("running")
    }

    pub(crate) fn installation(&self) -> &Arc<Installation> {
        self.server().installation()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Ends the server; the directory stays until the house is dropped.
    pub(crate) async fn end(&mut self) {
        self.server.take().expect("running").end().await;
    }

    /// Sends anything, signed in.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.client.request(method, self.url(path)).bearer_auth(&self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// Orders a certificate for a request.
    pub(crate) async fn order(&self, request: &str) -> Answer {
        self.post(ORDERS, &order(request)).await
    }

    /// Orders a certificate that is granted, for a fresh key; the answer's JSON.
    pub(crate) async fn issue(&self, host: &str) -> Value {
        let answer = self.order(&crate::csr::fresh(host)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    pub(crate) async fn revoke(&self, serial: &str, reason: &str) -> Answer {
        self.post("/api/v1/authorities/tls-ca/revocations", &json!({ "serial": serial, "reason": reason }))
            .await
    }

    /// What the journal holds: orders, certificates, keys, revocations, feed entries.
    pub(crate) async fn journal(&self) -> Vec<i64> {
        self.installation()
            .db
            .read(|tx| {
                ["ca_order", "ca_certificate", "ca_key", "ca_revocation", "ca_feed"]
                    .iter()
                    .map(|table| tx.query_one(&format!("SELECT COUNT(*) FROM {table}"), &[])?.get(0))
                    .collect::<Result<Vec<i64>, kit_store::StoreError>>()
            })
            .await
            .expect("counted")
    }

    /// The kinds of all entries in the ledger, oldest first.
    pub(crate) async fn ledger(&self) -> Vec<String> {
        self.server().workers().settle_ledger().await.expect("settled");
        let entries =
            self.installation().db.read(|tx| kit_ledger::entries(tx, 0, 10_000)).await.expect("read");
        entries.iter().map(|e| e.body().expect("a body").kind).collect()
    }
}

/// The path orders go to.
pub(crate) const ORDERS: &str = "/api/v1/authorities/tls-ca/certificates";

pub(crate) fn order(request: &str) -> Value {
    json!({ "profile": "tls-server", "request": request })
}

/// Registers an RA that may ask `tls-ca` under any profile; its token.
pub(crate) async fn register(
    installation: &Installation,
    name: &str,
    certificate: Option<[u8; 32]>,
) -> String {
    let add = ra::Add {
        name: name.to_owned(),
        operator: "federation".into(),
        authorities: Some(vec!["tls-ca".into()]),
        profiles: None,
        certificate,
        token: true,
    };
    let (_, token) = add.register(installation, &Actor::cli("test")).await.expect("registered");
    token.expect("a token").to_string()
}

pub(crate) async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, body: response.bytes().await.expect("a body").to_vec() }
}
