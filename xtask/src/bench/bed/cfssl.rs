//! `cfssl serve`: signs what it is sent and keeps nothing.

use super::{bound_to_us, free_port, process::Process, service::Key};
use crate::command;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A running server with one CA key.
pub(in crate::bench) struct Cfssl {
    port: u16,
    _server: Process,
}

/// What certificates contain: about as much as ours.
const POLICY: &str = r#"{"signing": {"default": {"usages": ["digital signature", "server auth"],
 "expiry": "2160h", "crl_url": "http://ca.example.com/ca.crl", "issuer_urls": ["http://ca.example.com/ca.cer"]}}}"#;

impl Cfssl {
    /// Makes a CA in the new folder `dir` and serves it.
    pub(in crate::bench) fn start(dir: &Path, key: Key) -> Result<Self> {
        fs::create_dir(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let (key_file, certificate, policy) =
            (dir.join("ca.key"), dir.join("ca.pem"), dir.join("policy.json"));
        let kind: &[&str] = match key {
            Key::P256 => {
                &["EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:named_curve"]
            }
            Key::Rsa2048 => &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        };
        let mut make = Command::new("openssl");
        command::capture(make.args(["genpkey", "-algorithm"]).args(kind).arg("-out").arg(&key_file))?;
        let mut sign = Command::new("openssl");
        sign.args(["req", "-new", "-x509", "-subj", "/CN=Bench CA", "-days", "3650"])
            .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign", "-key"])
            .arg(&key_file)
            .arg("-out")
            .arg(&certificate);
        command::capture(&mut sign)?;
        fs::write(&policy, POLICY)?;

        let port = free_port()?;
        let mut serve = bound_to_us(Path::new("cfssl"));
        serve
            .args(["serve", "-address=127.0.0.1", "-loglevel=5"])
            .arg(format!("-port={port}"))
            .arg(format!("-ca={}", certificate.display()))
            .arg(format!("-ca-key={}", key_file.display()))
            .arg(format!("-config={}", policy.display()));
        let mut server = Process::start(&mut serve, "cfssl serve", &dir.join("log"))?;
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if server.has_ended()? || begun.elapsed() > Duration::from_secs(30) {
                bail!("cfssl did not start:\n{}", fs::read_to_string(dir.join("log"))?);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { port, _server: server })
    }

    /// Where orders go.
    pub(in crate::bench) fn orders(&self) -> String {
        format!("http://127.0.0.1:{}/api/v1/cfssl/sign", self.port)
    }

    /// Its version, as it says it.
    pub(in crate::bench) fn version() -> Result<String> {
        let said = command::capture(Command::new("cfssl").arg("version"))?;
        let line = said.lines().find_map(|line| line.strip_prefix("Version:"));
        Ok(line.map(str::trim).unwrap_or_default().to_owned())
    }
}
