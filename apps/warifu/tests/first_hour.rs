//! The first hour of a new operator, with the real binary: every step as it is typed, every exit code as documented.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

const CEREMONY: &str = r#"
version = 1
[installation]
name = "first.example/warifu"
base_url = "http://pki.first.example"
operator = "federation"
[[authority]]
id = "root"
kind = "root"
key = "p-256"
profile = "root-ca"
subject = ["C=JP", "O=First", "CN=First Root"]
[[authority]]
id = "tls-ca"
kind = "issuing"
parent = "root"
key = "p-256"
profile = "issuing-ca"
subject = ["C=JP", "O=First", "CN=First CA"]
profiles = ["tls-server"]
"#;

/// An operator in a directory of their own.
struct Operator {
    dir: tempfile::TempDir,
}

impl Operator {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let operator = Self { dir };
        operator
            .file("warifu.toml", "[server]\nlisten = \"127.0.0.1:0\"\n[keys]\npassphrase_file = \"pass\"\n");
        operator.file("pass", "correct horse battery staple\n");
        operator.file("ceremony.toml", CEREMONY);
        operator
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warifu"));
        command.current_dir(self.dir.path()).args(line.split_whitespace());
        // Nothing of the machine the test runs on may be mixed in.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("WARIFU") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C");
        command
    }

    /// Types a command; what it printed, after checking how it ended.
    fn types(&self, line: &str, exit: i32) -> String {
        let Output { status, stdout, stderr } = self.command(line).output().expect("the binary runs");
        let all = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(status.code(), Some(exit), "warifu {line}\n{all}");
        all
    }

    /// Types a command until it ends well: what the server does within a second of its own accord.
    fn types_until_done(&self, line: &str) -> String {
        let begun = Instant::now();
        loop {
            let Output { status, stdout, .. } = self.command(line).output().expect("the binary runs");
            if status.success() {
                return String::from_utf8_lossy(&stdout).into_owned();
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "warifu {line} never ends well");
        }
    }

    /// Starts the server; where it listens.
    fn serves(&self) -> Server {
        let mut child = self.command("serve").stderr(Stdio::piped()).spawn().expect("the binary runs");
        let mut log = BufReader::new(child.stderr.take().expect("piped"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(log.read_line(&mut line).expect("a log") > 0, "the server ended");
            let entry: serde_json::Value = serde_json::from_str(&line).expect("one JSON object per line");
            if entry["message"] == "serving" {
                break entry["address"].as_str().expect("an address").to_owned();
            }
        };
        let drain = std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = log.read_to_string(&mut rest);
            rest
        });
        Server { child, address, drain: Some(drain) }
    }
}

struct Server {
    child: Child,
    address: String,
    drain: Option<std::thread::JoinHandle<String>>,
}

impl Server {
    fn says(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let length = body.len();
        write!(stream, "{head}Host: h\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    /// Ends as systemd ends it; its log.
    fn ends(mut self) -> String {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("signalled");
        assert!(self.child.wait().expect("ended").success());
        self.drain.take().expect("running").join().expect("the log was read")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn count(dir: &Path) -> usize {
    fs::read_dir(dir).map_or(0, Iterator::count)
}

#[test]
fn the_first_hour_of_a_new_operator() {
    let operator = Operator::new();

    // Is all well? Not yet, and the doctor says how to begin.
    operator.types("config check", 0);
    let sick = operator.types("doctor", 1);
    assert!(sick.contains("warifu keys init"), "{sick}");
    assert!(operator.types("serve", 2).contains("warifu keys init"));

    // A ceremony: rehearsed, then held. The rehearsal makes no key.
    let rehearsal = operator.types("ca ceremony ceremony.toml", 0);
    assert!(rehearsal.contains("CN=First Root") && rehearsal.contains("nothing was changed"), "{rehearsal}");
    assert!(operator.types("ca list", 0).contains("There are no authorities yet"));
    let held = operator.types("ca ceremony ceremony.toml --perform --record record", 0);
    let key = held.lines().find_map(|l| l.strip_prefix("public key of the ledger ")).expect("the key").trim();
    operator.file("ledger.pub", key);
    assert_eq!(count(&operator.path("record")), 3);
    assert!(operator.types("ca ceremony ceremony.toml --perform", 0).contains("before"));
    assert!(operator.types("ca list", 0).contains("tls-ca"));
    assert!(operator.types("ca show tls-ca", 0).contains("tls-ca/1 full"));
    assert!(operator.types("ca show nowhere", 1).contains("warifu ca list"));

    // An RA is registered beside the running server, and orders.
    let server = operator.serves();
    let added =
        operator.types("ca ra add front-desk --operator federation --authority tls-ca --any-profile", 0);
    let token = added.split_whitespace().find(|w| w.starts_with("wr_")).expect("a token").to_owned();
    assert!(
        operator
            .types("ca ra add front-desk --operator x --any-authority --any-profile", 1)
            .contains("already")
    );
    let request = rcgen_request("www.first.example");
    operator.file("request.pem", &request);
    let body = serde_json::json!({ "profile": "tls-server", "request": request }).to_string();
    let head = format!(
        "POST /api/v1/authorities/tls-ca/certificates HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n"
    );
    let answer = server.says(&head, &body);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let json: serde_json::Value =
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    let serial = json["serial"].as_str().expect("a serial").to_owned();
    assert!(server.says("GET /readyz HTTP/1.1\r\n", "").starts_with("HTTP/1.1 200 "));

    // The same request at the command line: checked, then granted, through the server.
    let issue = "ca issue tls-ca --profile tls-server --request request.pem";
    assert!(operator.types(issue, 0).contains("nothing was changed"));
    operator.types(&format!("{issue} --out leaf.pem --perform"), 0);
    assert!(
        fs::read_to_string(operator.path("leaf.pem")).expect("written").starts_with("-----BEGIN CERTIFICATE")
    );
    operator.types(&format!("{issue} --out leaf.pem --perform"), 4);

    // Revoking: shown, done, done again, refused.
    let revoke = format!("ca revoke tls-ca {serial} --reason");
    assert!(operator.types(&format!("{revoke} superseded"), 0).contains("nothing was changed"));
    operator.types(&format!("{revoke} superseded --perform"), 0);
    assert!(operator.types(&format!("{revoke} superseded --perform"), 0).contains("so already"));
    operator.types(&format!("{revoke} keyCompromise --perform"), 1);
    operator.types(&format!("{revoke} boredom --perform"), 3);
    operator.types("ca publish tls-ca", 0);
    operator.types("ca suspend tls-ca --perform", 0);
    operator.types(&format!("{issue} --perform"), 4);
    operator.types("ca resume tls-ca --perform", 0);
    operator.types("admin jobs list", 0);

    // What the auditor does.
    let proof = operator.types_until_done(&format!("ledger proof --certificate tls-ca {serial}"));
    assert!(proof.contains("checkpoint"), "{proof}");
    // One proof in both forms, by the file and the key alone; with a bit less, or another key, it proves nothing.
    operator.file("proof.json", &proof);
    let text = operator.types_until_done(&format!("ledger proof --tlog --certificate tls-ca {serial}"));
    operator.file("proof.tlog-proof", &text);
    for file in ["proof.json", "proof.tlog-proof"] {
        let proved = operator.types(&format!("ledger verify-proof {file} --key ledger.pub"), 0);
        assert!(proved.contains("was not altered") && proved.contains("certificate.issued"), "{proved}");
    }
    let (head, tail) = text.split_once("\nindex ").expect("a proof has an index");
    operator.file("other.tlog-proof", &format!("{head}\nindex 1{tail}"));
    let refused = operator.types("ledger verify-proof other.tlog-proof --key ledger.pub", 1);
    assert!(refused.contains("ledger.proof_does_not_verify"), "{refused}");
    operator.types("ledger verify-proof ledger.pub --key ledger.pub", 1);
    operator.types("ledger export ledger", 0);
    let verified = operator.types("ledger verify ledger --key ledger.pub", 0);
    assert!(verified.contains("nothing was altered"), "{verified}");
    fs::copy(operator.path("ledger/checkpoint"), operator.path("kept")).expect("copied");

    // A backup while the server works; it is good, and one with a bit less is not.
    operator.types("admin backup backup", 0);
    operator.types("admin verify-backup backup --key ledger.pub", 0);
    let log = server.ends();
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
    assert!(!log.contains("correct horse") && !log.contains(&token), "a secret is in the log");

    // Restored elsewhere: rehearsed, done, and the new place is sound.
    operator.file("elsewhere.toml", "[server]\nlisten = \"127.0.0.1:0\"\ncontrol = \"e/w.sock\"\n[store]\nurl = \"sqlite:e/w.db\"\n[blobs]\ndir = \"e/blobs\"\n[keys]\npassphrase_file = \"pass\"\n");
    let restore = "--config elsewhere.toml admin restore backup --key ledger.pub --checkpoint kept";
    fs::create_dir(operator.path("e")).expect("made");
    assert!(operator.types(restore, 0).contains("nothing was changed"));
    operator.types(&format!("{restore} --perform"), 0);
    assert!(operator.types(&format!("{restore} --perform"), 1).contains("not empty"));
    operator.types("--config elsewhere.toml ledger export e/ledger", 0);
    operator.types("ledger verify e/ledger --key ledger.pub --checkpoint kept", 0);
    let shown = operator.types(&format!("--config elsewhere.toml {revoke} superseded"), 0);
    assert!(shown.contains("revoked superseded"), "{shown}");

    // Mistakes are told in both languages, with what to do.
    operator.types("no-such-command", 3);
    operator.types("--help", 0);
    let japanese = operator.types("--lang ja ca show nowhere", 1);
    assert!(japanese.contains("認証局 nowhere はありません"), "{japanese}");
    operator.file("bad.toml", "[servre]\nlisten = \"x\"\n");
    let bad = operator.types("--config bad.toml config check", 3);
    assert!(bad.contains("bad.toml: servre.listen: unknown setting"), "{bad}");
}

fn rcgen_request(host: &str) -> String {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params = rcgen::CertificateParams::new(vec![host.to_owned()]).expect("a name");
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, host);
    params.serialize_request(&key).expect("a request").pem().expect("PEM")
}
