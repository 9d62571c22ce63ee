//! An installation in a folder of its own.

use crate::{
    binary::warifu,
    server::{Drill, Server},
};
use std::{
    fmt::Write as _,
    fs,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;

/// The passphrase of every house.
pub const PASSPHRASE: &str = "correct horse battery staple";
/// The name of every house: the origin of its ledger.
const NAME: &str = "drill.example/warifu";
/// SIGKILL.
const KILLED: i32 = 9;

/// An authority of the ceremony below that issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its name.
    pub id: &'static str,
    /// Into how many partitions its lists are cut.
    pub partitions: u16,
    /// Whether there are delta lists.
    pub deltas: bool,
}

impl Authority {
    /// Where its lists are, on the server.
    pub fn lists(&self) -> Vec<String> {
        let mut names = vec!["1.crl".to_owned()];
        names.extend(self.deltas.then(|| "1-delta.crl".to_owned()));
        names.extend((1..=self.partitions).map(|n| format!("1-p{n}.crl")));
        names.iter().map(|name| format!("/crl/{}/{name}", self.id)).collect()
    }
}

/// The authorities that issue: one with every kind of list, one with full lists alone.
pub const AUTHORITIES: [Authority; 2] = [
    Authority { id: "parts", partitions: 2, deltas: true },
    Authority { id: "plain", partitions: 0, deltas: false },
];

/// What the ceremony makes: a root, and the two above.
const CEREMONY: &str = r#"version = 1
[installation]
name = "drill.example/warifu"
base_url = "http://pki.drill.example"
operator = "drill"

[[authority]]
id = "root"
kind = "root"
key = "p-256"
profile = "root-ca"
subject = ["C=JP", "O=Drill", "CN=Drill Root"]

[[authority]]
id = "parts"
kind = "issuing"
parent = "root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=Drill", "CN=Drill CA with parts"]
profiles = ["tls-server"]
partitions = 2
lists = { full_every = "1 day", full_life = "4 days", delta_every = "1 hour", delta_life = "4 hours", soon = "1 second" }

[[authority]]
id = "plain"
kind = "issuing"
parent = "root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=Drill", "CN=Drill CA"]
profiles = ["tls-server"]
lists = { full_every = "1 day", full_life = "4 days", soon = "1 second" }
"#;

/// An installation. Everything lies in its folder, which goes when the house does, unless a drill failed.
pub struct House {
    folder: Option<TempDir>,
    path: PathBuf,
    url: String,
    token: String,
    starts: AtomicU32,
}

impl House {
    /// A house with a configuration and nothing else. `postgres` is the URL of an empty database; without one the
    /// house is on SQLite.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn bare(postgres: Option<&str>) -> Self {
        Self::with(postgres, "")
    }

    /// The same, with lines added to `[limits]`.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn with(postgres: Option<&str>, limits: &str) -> Self {
        let folder =
            tempfile::Builder::new().prefix("warifu-drill-").tempdir().expect("a folder can be made");
        let path = folder.path().to_owned();
        let url = postgres.map_or("sqlite:data/warifu.db".to_owned(), ToOwned::to_owned);
        let house = Self { folder: Some(folder), path, url, token: String::new(), starts: AtomicU32::new(0) };
        fs::write(house.path("passphrase"), PASSPHRASE).expect("the folder takes files");
        fs::write(house.path("ceremony.toml"), CEREMONY).expect("the folder takes files");
        house.configure(limits, true);
        house
    }

    /// A house at work: ceremony held, an RA registered.
    ///
    /// # Panics
    /// When a command fails.
    pub fn found(postgres: Option<&str>) -> Self {
        let mut house = Self::bare(postgres);
        house.hold_ceremony();
        house.register();
        house
    }

    /// Holds the ceremony.
    ///
    /// # Panics
    /// When it fails.
    pub fn hold_ceremony(&self) {
        self.run(&["ca", "ceremony", "ceremony.toml", "--perform"]);
    }

    /// Registers the RA whose token the house keeps.
    ///
    /// # Panics
    /// When it fails.
    pub fn register(&mut self) {
        let args = ["ca", "ra", "add", "desk", "--operator", "drill", "--any-authority", "--any-profile"];
        let said = self.run(&args);
        let token = said.lines().find_map(|line| line.strip_prefix("token"));
        self.token = token.expect("it shows the token").trim().to_owned();
    }

    /// Writes the configuration anew: with lines for `[limits]`, and with or without the passphrase.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn configure(&self, limits: &str, unattended: bool) {
        let mut text = format!("[installation]\nname = \"{NAME}\"\n[server]\nlisten = \"127.0.0.1:0\"\n");
        let _ = writeln!(text, "[store]\nurl = \"{}\"", self.url);
        if unattended {
            text.push_str("[keys]\npassphrase_file = \"passphrase\"\n");
        }
        // How a statement is carried out is looked at in `scans`; how full the disk of the machine is, is not our business.
        text.push_str("[log]\nlevel = \"kit_store::statements=trace,info\"\n[limits]\n");
        if !limits.contains("free_disk_mib") {
            text.push_str("free_disk_mib = 0\n");
        }
        text.push_str(limits);
        fs::write(self.path("warifu.toml"), text).expect("the folder takes files");
    }

    /// The same RA, known to another house: that into which this one was restored.
    pub fn take_token(&mut self, of: &Self) {
        self.token = of.token.clone();
    }

    /// The token of the RA.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Something in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// The URL of the database, good from anywhere.
    pub fn database(&self) -> String {
        match self.url.strip_prefix("sqlite:") {
            Some(file) => format!("sqlite:{}", self.path(file).display()),
            None => self.url.clone(),
        }
    }

    /// A command of the binary, to be run in the folder, with nothing of this process's environment but the path.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(warifu());
        self.prepare(&mut command);
        command.args(args);
        command
    }

    /// Prepares any command to be run in the folder.
    pub fn prepare(&self, command: &mut Command) {
        command.env_clear().current_dir(&self.path).stdin(Stdio::null());
        for name in ["PATH", "TMPDIR", "LD_LIBRARY_PATH"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("LC_ALL", "C");
    }

    /// Runs a command to its end, which must be good; what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub fn run(&self, args: &[&str]) -> String {
        let out = self.command(args).output().expect("the binary can be started");
        assert!(out.status.success(), "warifu {} ended with {}\n{}", args.join(" "), out.status, said(&out));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Runs a command that must end with this code and name this reason.
    ///
    /// # Panics
    /// When it ends otherwise.
    pub fn refuses(&self, args: &[&str], exit: i32, code: &str) {
        let out = self.command(args).output().expect("the binary can be started");
        let (line, text) = (args.join(" "), said(&out));
        assert_eq!(out.status.code(), Some(exit), "warifu {line}\n{text}");
        assert!(text.contains(&format!("[{code}]")), "warifu {line} does not say {code}\n{text}");
    }

    /// Runs a command that dies at a fault point. False when it came to a good end without passing the point.
    ///
    /// # Panics
    /// When it ends in any other way.
    pub fn dies(&self, args: &[&str], drill: &Drill) -> bool {
        let mut command = self.command(args);
        drill.arm(&mut command);
        let out = command.output().expect("the binary can be started");
        let killed = out.status.signal() == Some(KILLED);
        assert!(killed || out.status.success(), "{drill:?} ended with {}\n{}", out.status, said(&out));
        killed
    }

    /// Starts the server; it need not answer yet.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(&self, drill: &Drill) -> Server {
        let mut command = self.command(&["serve"]);
        drill.arm(&mut command);
        self.start_as(command)
    }

    /// Starts the server by a command of the caller's.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start_as(&self, command: Command) -> Server {
        let number = self.starts.fetch_add(1, Ordering::Relaxed);
        Server::start(command, self.path(format!("serve-{number}.log")))
    }

    /// What all servers of this house have logged.
    ///
    /// # Panics
    /// When a log cannot be read.
    pub fn logs(&self) -> String {
        let starts = self.starts.load(Ordering::Relaxed);
        let read = |number| fs::read_to_string(self.path(format!("serve-{number}.log")));
        (0..starts).map(|number| read(number).expect("each start has a log")).collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // Whoever looks into a drill that failed wants to see what it left.
        if std::thread::panicking()
            && let Some(folder) = self.folder.take()
        {
            let left = folder.keep();
            #[allow(clippy::print_stderr, reason = "says where to look")]
            {
                eprintln!("the house of the failed drill is left in {}", left.display());
            }
        }
    }
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}
