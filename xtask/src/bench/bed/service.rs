//! A service of our own, founded as an operator founds one: a ceremony, a server, the credential of an RA.

use super::{bound_to_us, free_port, http::Client, process::Process};
use crate::command;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A kind of CA key that is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::bench) enum Key {
    P256,
    Rsa2048,
}

impl Key {
    /// All of them.
    pub(in crate::bench) const ALL: [Self; 2] = [Self::P256, Self::Rsa2048];

    /// As people write it.
    pub(in crate::bench) fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::Rsa2048 => "RSA-2048",
        }
    }

    /// The authority of ours that has one.
    pub(in crate::bench) fn authority(self) -> &'static str {
        match self {
            Self::P256 => "p256-ca",
            Self::Rsa2048 => "rsa-ca",
        }
    }
}

/// A folder with a configuration in which a ceremony was held, and the server on it while it runs.
pub(in crate::bench) struct Service {
    warifu: PathBuf,
    dir: PathBuf,
    port: u16,
    store: String,
    token: String,
    server: Option<Process>,
}

/// Two hierarchies. Lists come when they are asked for: a measurement must not meet one that came by itself.
const CEREMONY: &str = r#"version = 1

[installation]
name = "bench.example"
base_url = "http://ca.example.com"
operator = "bench"

[[participant]]
name = "Bench"
role = "master"

[[authority]]
id = "p256-root"
kind = "root"
key = "p-256"
profile = "root-ca"
subject = ["C=JP", "O=Bench", "CN=Bench P-256 Root"]

[[authority]]
id = "p256-ca"
kind = "issuing"
parent = "p256-root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=Bench", "CN=Bench P-256 CA"]
profiles = ["tls-server"]
lists = { full_every = "100 days", full_life = "366 days", soon = "100 days" }

[[authority]]
id = "rsa-root"
kind = "root"
key = "rsa-2048"
profile = "root-ca"
subject = ["C=JP", "O=Bench", "CN=Bench RSA Root"]

[[authority]]
id = "rsa-ca"
kind = "issuing"
parent = "rsa-root"
key = "rsa-2048"
profile = "issuing-ca"
subject = ["C=JP", "O=Bench", "CN=Bench RSA CA"]
profiles = ["tls-server"]
lists = { full_every = "100 days", full_life = "366 days", soon = "100 days" }
"#;

impl Service {
    /// Founds one in the new folder `dir` over `store`, or over a SQLite file of its own, and starts it.
    pub(in crate::bench) fn found(warifu: &Path, dir: &Path, store: Option<&str>) -> Result<Self> {
        fs::create_dir(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let (port, store) = (free_port()?, store.unwrap_or("sqlite:data/warifu.db").to_owned());
        let config = format!(
            "[installation]\nname = \"bench.example\"\n[server]\nlisten = \"127.0.0.1:{port}\"\n\
             [store]\nurl = \"{store}\"\n[blobs]\ndir = \"data/blobs\"\n[keys]\npassphrase_file = \"passphrase\"\n"
        );
        fs::write(dir.join("warifu.toml"), config)?;
        fs::write(dir.join("passphrase"), "a passphrase that guards nothing\n")?;
        fs::write(dir.join("ceremony.toml"), CEREMONY)?;
        let (warifu, dir, token) = (warifu.to_owned(), dir.to_owned(), String::new());
        let mut service = Self { warifu, dir, port, store, token, server: None };
        service.say(&["ca", "ceremony", "ceremony.toml", "--perform"])?;
        service.start()?;
        let mut add = vec!["ca", "ra", "add", "bench", "--operator", "bench", "--profile", "tls-server"];
        add.extend(Key::ALL.iter().flat_map(|key| ["--authority", key.authority()]));
        let said = service.say(&add)?;
        let token = said.lines().find_map(|line| line.strip_prefix("token ")).map(str::trim);
        service.token = token.with_context(|| format!("no token in:\n{said}"))?.to_owned();
        Ok(service)
    }

    /// Starts the server; how long it took until it called itself ready.
    pub(in crate::bench) fn start(&mut self) -> Result<Duration> {
        let begun = Instant::now();
        let mut serve = bound_to_us(&self.warifu);
        serve.arg("serve").current_dir(&self.dir);
        let mut server = Process::start(&mut serve, "warifu serve", &self.dir.join("serve.log"))?;
        let ready =
            || Client::connect(self.port).and_then(|mut c| c.get("/readyz")).is_ok_and(|a| a.status == 200);
        while !ready() {
            if server.has_ended()? || begun.elapsed() > Duration::from_secs(120) {
                bail!("warifu serve did not get ready:\n{}", self.log()?);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let took = begun.elapsed();
        self.server = Some(server);
        Ok(took)
    }

    /// Ends the server in an orderly way.
    pub(in crate::bench) fn stop(&mut self) -> Result<()> {
        self.server.take().map_or(Ok(()), Process::end)
    }

    /// The server's process.
    pub(in crate::bench) fn process(&self) -> Result<&Process> {
        self.server.as_ref().context("the server does not run")
    }

    /// A connection with the RA's credential.
    pub(in crate::bench) fn client(&self) -> Result<Client> {
        Ok(Client::connect(self.port)?.bearing(&self.token))
    }

    /// The RA's token.
    pub(in crate::bench) fn token(&self) -> &str {
        &self.token
    }

    /// Where orders to the CA with this key go.
    pub(in crate::bench) fn orders(&self, key: Key) -> String {
        format!("http://127.0.0.1:{}/api/v1/authorities/{}/certificates", self.port, key.authority())
    }

    /// Runs the product's command line in the folder; what it said.
    pub(in crate::bench) fn say(&self, args: &[&str]) -> Result<String> {
        let mut warifu = Command::new(&self.warifu);
        command::capture(warifu.args(["--lang", "en"]).args(args).current_dir(&self.dir))
    }

    /// Where its lists lie.
    pub(in crate::bench) fn blobs(&self) -> PathBuf {
        self.dir.join("data/blobs")
    }

    /// Orders one certificate for each body; their serial numbers.
    pub(in crate::bench) fn issue(&self, key: Key, bodies: &[&str]) -> Result<Vec<String>> {
        let path = format!("/api/v1/authorities/{}/certificates", key.authority());
        let mut client = self.client()?;
        let mut serials = Vec::with_capacity(bodies.len());
        for body in bodies {
            let answer = client.post(&path, body.as_bytes())?;
            let json: serde_json::Value = serde_json::from_slice(&answer.body)?;
            ensure!(answer.status == 201, "an order was answered {}: {json}", answer.status);
            let serial = json.get("serial").and_then(|s| s.as_str()).context("an answer without a serial")?;
            serials.push(serial.to_owned());
        }
        Ok(serials)
    }

    /// Adds certificates to the P-256 CA of a stopped service: see `warifu-bench load --help`.
    pub(in crate::bench) fn fill(&self, tool: &Path, model: &str, kind: &str, count: u64) -> Result<()> {
        ensure!(self.server.is_none(), "the server still runs");
        let store = match self.store.strip_prefix("sqlite:") {
            Some(file) => format!("sqlite:{}", self.dir.join(file).display()),
            None => self.store.clone(),
        };
        let mut fill = Command::new(tool);
        fill.args(["load", "--store", &store, "--authority", Key::P256.authority(), "--model", model])
            .args(["--kind", kind, "--count", &count.to_string()])
            .arg("--dir")
            .arg(&self.dir);
        command::run(&mut fill)
    }

    /// Waits until the ledger is numbered and signed: work that was put off must not fall into what is measured next.
    pub(in crate::bench) fn settle(&self) -> Result<()> {
        // The gauges are set every two seconds; what they show after three is of now.
        std::thread::sleep(Duration::from_secs(3));
        loop {
            let text = Client::connect(self.port)?.get("/metrics")?.body;
            let text = String::from_utf8_lossy(&text).into_owned();
            let gauge = |name: &str| -> Result<f64> {
                let value = text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                value.and_then(|v| v.parse().ok()).with_context(|| format!("no {name} in the metrics"))
            };
            let waiting =
                gauge("warifu_ledger_unnumbered_entries ")? + gauge("warifu_ledger_unsigned_entries ")?;
            if waiting == 0.0 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    fn log(&self) -> Result<String> {
        let log = fs::read_to_string(self.dir.join("serve.log"))?;
        let lines: Vec<&str> = log.lines().collect();
        Ok(lines[lines.len().saturating_sub(20)..].join("\n"))
    }
}
