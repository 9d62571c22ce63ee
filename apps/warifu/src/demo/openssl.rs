//! The `openssl` command, where there is one: it makes requests as strangers do, and looks at what came out.

use super::broken;
use crate::fail::{Fail, Outcome};
use core_crypto::KeyAlg;
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The command line reads its subject from there, and nothing else.
const CONFIG: &str = "[req]\ndistinguished_name = dn\nstring_mask = utf8only\n[dn]\n";

/// The command.
#[derive(Clone, Debug)]
pub(super) struct Openssl {
    /// What it says of itself.
    pub(super) version: String,
    config: PathBuf,
}

/// What it said.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Whether it exited with 0.
    pub(super) yes: bool,
    /// What it printed.
    pub(super) text: String,
}

impl Openssl {
    /// Looks for the command; its settings go into `dir`.
    pub(super) fn find(dir: &Path) -> Outcome<Option<Self>> {
        let Ok(out) = Command::new("openssl").arg("version").output() else { return Ok(None) };
        let version = String::from_utf8_lossy(&out.stdout).trim().to_owned();
        // LibreSSL answers to the name and knows other options.
        if !out.status.success() || !version.starts_with("OpenSSL 3") {
            return Ok(None);
        }
        let config = dir.join("openssl.cnf");
        fs::write(&config, CONFIG).map_err(|e| Fail::file(&config, &e))?;
        Ok(Some(Self { version, config }))
    }

    /// Whether it makes keys of this kind in every release 3.
    pub(super) fn makes(kind: KeyAlg) -> bool {
        Self::newkey(kind).is_some()
    }

    /// Makes a key and a request in PEM at `out`; the key lies beside it.
    pub(super) fn request(
        &self,
        kind: KeyAlg,
        common_name: &str,
        dns: Option<&str>,
        out: &Path,
    ) -> Outcome<()> {
        let Some(newkey) = Self::newkey(kind) else {
            return Err(broken("openssl", &format_args!("no key of the kind {}", kind.name())));
        };
        let (subject, key) = (format!("/CN={common_name}"), out.with_extension("key"));
        let mut args: Vec<&OsStr> = ["req", "-new", "-batch", "-nodes", "-subj"].map(OsStr::new).to_vec();
        args.push(subject.as_ref());
        args.extend(newkey.iter().map(OsStr::new));
        let alt_name = dns.map(|dns| format!("subjectAltName=DNS:{dns}"));
        if let Some(alt_name) = &alt_name {
            args.extend(["-addext".as_ref(), OsStr::new(alt_name.as_str())]);
        }
        args.extend(["-config".as_ref(), self.config.as_os_str(), "-keyout".as_ref(), key.as_os_str()]);
        args.extend(["-out".as_ref(), out.as_os_str()]);
        self.must(&args)
    }

    /// A request with an RSA key of 1,024 bits, which must be refused.
    pub(super) fn weak_request(&self, common_name: &str, out: &Path) -> Outcome<()> {
        let (subject, key) = (format!("/CN={common_name}"), out.with_extension("key"));
        let args: [&OsStr; 14] = [
            "req".as_ref(),
            "-new".as_ref(),
            "-batch".as_ref(),
            "-nodes".as_ref(),
            "-newkey".as_ref(),
            "rsa:1024".as_ref(),
            "-subj".as_ref(),
            subject.as_ref(),
            "-config".as_ref(),
            self.config.as_os_str(),
            "-keyout".as_ref(),
            key.as_os_str(),
            "-out".as_ref(),
            out.as_os_str(),
        ];
        self.must(&args)
    }

    /// Runs it.
    pub(super) fn ask(&self, args: &[impl AsRef<OsStr>]) -> Outcome<Said> {
        let mut command = Command::new("openssl");
        command.args(args).stdin(Stdio::null());
        let out = command.output().map_err(|e| broken("openssl", &e))?;
        let text = [out.stdout, out.stderr].concat();
        Ok(Said { yes: out.status.success(), text: String::from_utf8_lossy(&text).into_owned() })
    }

    fn must(&self, args: &[&OsStr]) -> Outcome<()> {
        let said = self.ask(args)?;
        if said.yes { Ok(()) } else { Err(broken("openssl", &said.text.trim())) }
    }

    fn newkey(kind: KeyAlg) -> Option<&'static [&'static str]> {
        Some(match kind {
            KeyAlg::Rsa2048 => &["-newkey", "rsa:2048"],
            KeyAlg::Rsa3072 => &["-newkey", "rsa:3072"],
            KeyAlg::P256 => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            KeyAlg::P384 => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha384"],
            KeyAlg::Ed25519 => &["-newkey", "ed25519"],
            _ => return None,
        })
    }
}
