//! An installation of one's own: the real binary, served on a free port, for judges that need more than what
//! the demo leaves.

use crate::{Said, ask, scratch, variable};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

/// A running installation. It ends, folder included, when it is dropped.
pub struct House {
    folder: tempfile::TempDir,
    server: Child,
    address: String,
}

impl House {
    /// Holds a ceremony with one hierarchy for each kind of key: `root-KIND` and below it `ca-KIND`, which
    /// issues every built-in profile and has an OCSP and a time-stamp signer.
    ///
    /// # Panics
    /// When anything of it fails.
    pub fn with_hierarchies(kinds: &[&str]) -> Self {
        Self::open(kinds, "")
    }

    /// One hierarchy, and a claims desk that hands over at once what is registered there.
    ///
    /// # Panics
    /// When anything of it fails.
    pub fn with_claims_desk() -> Self {
        Self::open(
            &["p-256"],
            "[claims]\noperator = \"judges\"\nauthority = \"ca-p-256\"\nundo_seconds = 0\n",
        )
    }

    fn open(kinds: &[&str], more: &str) -> Self {
        let folder = scratch();
        let port = free_port();
        let address = format!("127.0.0.1:{port}");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("a writable folder")
        };
        write("warifu.toml", &(configuration(&address) + more));
        write("passphrase", "correct horse battery staple\n");
        write("ceremony.toml", &ceremony(kinds));
        let warifu = |args: &[&str]| ask(binary().current_dir(folder.path()).args(args));
        warifu(&["ca", "ceremony", "ceremony.toml", "--perform", "--record", "record"]).must_be_yes();
        let log = std::fs::File::create(folder.path().join("log")).expect("a writable folder");
        let server = binary()
            .arg("serve")
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let house = Self { folder, server, address };
        let retry = ["-fsS", "--retry", "60", "--retry-delay", "1", "--retry-connrefused"];
        house.curl(&[&retry[..], &[&house.url("/readyz")]].concat()).must_be_yes();
        house
    }

    /// Where it keeps its things; tests may put theirs beside.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Runs a command of the binary.
    pub fn warifu(&self, args: &[&str]) -> Said {
        ask(binary().current_dir(self.folder()).args(args))
    }

    /// Runs curl.
    pub fn curl(&self, args: &[&str]) -> Said {
        ask(Command::new("curl").current_dir(self.folder()).args(args))
    }

    /// Fetches a path of the server into a file of its folder.
    ///
    /// # Panics
    /// When it is not there.
    pub fn fetch(&self, path: &str, token: Option<&str>, name: &str) -> PathBuf {
        let (url, bearer) = (self.url(path), format!("Authorization: Bearer {}", token.unwrap_or_default()));
        let mut line = vec!["-fsS", "--create-dirs", "-o", name, url.as_str()];
        if token.is_some() {
            line.extend(["-H", bearer.as_str()]);
        }
        self.curl(&line).must_be_yes();
        self.folder().join(name)
    }

    /// Registers an RA that may ask anything, and returns its token.
    ///
    /// # Panics
    /// When that is refused.
    pub fn token(&self) -> String {
        let said = self.warifu(&[
            "--lang",
            "en",
            "ca",
            "ra",
            "add",
            "judge",
            "--operator",
            "judges",
            "--any-authority",
            "--any-profile",
        ]);
        field(&said, "token")
    }

    /// Enters a care provider, for whom a program may call.
    ///
    /// # Panics
    /// When that is refused.
    pub fn provider(&self, number: &str) -> Provider {
        let said = self.warifu(&[
            "--lang",
            "en",
            "claims",
            "provider",
            "add",
            number,
            "--name",
            "判定 <&\"> 介護センター",
            "--kana",
            "ハンテイカイゴセンター",
            "--postal",
            "1000001",
            "--address",
            "東京都千代田区千代田1番1号",
            "--phone",
            "0312345678",
            "--email",
            "office@judges.example",
        ]);
        let (login, issue_password) = (field(&said, "ID"), field(&said, "issue password"));
        Provider { token: self.token_of(&[&login, "--applicant"]), issue_password }
    }

    /// Enters somebody who works at the claims desk, and returns the token of a program of theirs.
    ///
    /// # Panics
    /// When that is refused.
    pub fn staff(&self, login: &str, role: &str) -> String {
        self.warifu(&["staff", "add", login, "--name", "判定 花子", "--role", role]).must_be_yes();
        self.token_of(&[login])
    }

    fn token_of(&self, owner: &[&str]) -> String {
        let make = [&["--lang", "en", "token", "make"], owner, &["--name", "judge"]].concat();
        field(&self.warifu(&make), "token")
    }
}

/// A care provider.
pub struct Provider {
    /// The token of a program of theirs.
    pub token: String,
    /// Their issue password.
    pub issue_password: String,
}

/// What the binary says of one thing: the rest of the line that begins with its name.
fn field(said: &Said, name: &str) -> String {
    let line = said.must_be_yes().text.lines().find_map(|line| line.trim_start().strip_prefix(name));
    line.unwrap_or_else(|| panic!("no {name}:\n{}", said.text)).trim_start_matches(':').trim().to_owned()
}

impl Drop for House {
    fn drop(&mut self) {
        // It may be gone already; then there is nothing to end.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn binary() -> Command {
    let mut command = Command::new(variable("WARIFU_TEST_BINARY"));
    // A configuration or language of whoever runs the tests is not that of this installation.
    command.env_remove("WARIFU_CONFIG").env("LANG", "C.UTF-8");
    command
}

/// A free port below those that the system hands out to whoever asks for any, and another one for each house of this
/// process: nobody takes it between this look and the server's start.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 100).expect("below 100") * 100;
    (0..10_000)
        .map(|_| 10_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

fn configuration(address: &str) -> String {
    format!(
        "[installation]\nname = \"judges.example/warifu\"\n[server]\nlisten = \"{address}\"\n\
         [store]\nurl = \"sqlite:data/warifu.db\"\n[blobs]\ndir = \"data/blobs\"\n\
         [keys]\npassphrase_file = \"passphrase\"\n"
    )
}

fn ceremony(kinds: &[&str]) -> String {
    let mut text = String::from(
        "version = 1\n[installation]\nname = \"judges.example/warifu\"\nbase_url = \"http://judges.example\"\n\
         operator = \"judges\"\n",
    );
    for kind in kinds {
        text += &format!(
            "[[authority]]\nid = \"root-{kind}\"\nkind = \"root\"\nkey = \"{kind}\"\nprofile = \"root-ca\"\n\
             subject = [\"C=JP\", \"O=判定\", \"CN=Root {kind}\"]\n\
             [[authority]]\nid = \"ca-{kind}\"\nkind = \"issuing\"\nparent = \"root-{kind}\"\nkey = \"{kind}\"\n\
             profile = \"issuing-ca\"\nsubject = [\"C=JP\", \"O=判定\", \"CN=CA {kind}\"]\n\
             profiles = [\"claims-provider\", \"claims-agent\", \"tls-server\"]\npartitions = 2\n\
             lists = {{ full_every = \"1 day\", full_life = \"4 days\", delta_every = \"1 hour\", delta_life = \"6 hours\" }}\n"
        );
        for signer in ["ocsp", "tsa"] {
            text += &format!(
                "[[signer]]\nauthority = \"ca-{kind}\"\nname = \"{signer}\"\nkind = \"{signer}\"\nkey = \"{kind}\"\n\
                 profile = \"{signer}-signer\"\nsubject = [\"C=JP\", \"O=判定\", \"CN={signer} {kind}\"]\n"
            );
        }
    }
    text
}
