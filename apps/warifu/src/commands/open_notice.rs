//! `warifu open-notice FILE`: opens a notice that was encrypted to a certificate (C7, 復号ツール).
//!
//! It needs the file, the certificate and its private key, and nothing of an installation: a subscriber runs it on a
//! computer of their own, years later too, with the key the notice was written to (C24).

mod key;
mod refusals;

use crate::{
    cli::Run,
    commands::unfit,
    fail::{Exit, Fail, Outcome},
    terminal::{self, Page},
};
use core_pack::sniff::{self, Object};
use core_sign::enveloped::{self, Crypto, OpenError};
use key::Holder;
use kit_keys::Provider;
use std::{
    ffi::OsString,
    fs::File,
    io::{ErrorKind, IsTerminal, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// 暗号化されたお知らせを開く / open a notice that was encrypted to a certificate
#[derive(clap::Args, Debug)]
pub struct OpenNotice {
    /// The encrypted notice: .p7m, DER or PEM
    file: PathBuf,
    /// Key and certificate in one file, PKCS#12
    #[arg(long, value_name = "FILE", required_unless_present = "key", conflicts_with_all = ["key", "cert"])]
    p12: Option<PathBuf>,
    /// A file whose first line is the password of --p12; else WARIFU_P12_PASSWORD; else it is asked for
    #[arg(long, value_name = "FILE", requires = "p12")]
    password_file: Option<PathBuf>,
    /// The private key, PKCS#8 without a password, PEM or DER
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// Its certificate, PEM or DER
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// Where the text is written, readable by you alone; else to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file of --out if it is there
    #[arg(long, requires = "out")]
    force: bool,
}

/// Octets of an encrypted file: base64 takes a third more than DER, and its line ends and labels a little.
const FILE_OCTETS: usize = enveloped::MAX_LEN / 2 * 3;

impl OpenNotice {
    /// Runs it.
    ///
    /// # Errors
    /// It does not open; the key is not the one; something is there where the text would be written.
    pub async fn run(self, run: &Run) -> Outcome {
        if let Some(out) = self.out.as_deref().filter(|out| !self.force && out.symlink_metadata().is_ok()) {
            return Err(refusals::exists(out));
        }
        let octets = run.read_file(&self.file, FILE_OCTETS as u64)?;
        let der = sniff::der(&octets, Object::Cms, FILE_OCTETS)
            .map_err(|e| unfit("FILE", "暗号化されたお知らせとして読めません", &e))?
            .into_owned();
        let holder = match (&self.p12, &self.key, &self.cert) {
            (Some(p12), ..) => Holder::of_pkcs12(run, p12, self.password_file.as_deref()).await?,
            (None, Some(key), Some(cert)) => Holder::of_files(run, key, cert)?,
            _ => {
                return Err(unfit(
                    "--p12",
                    "--p12 か、--key と --cert が必要です",
                    &"--p12, or --key and --cert",
                ));
            }
        };
        // An RSA key of 4096 bits takes some milliseconds: nothing else is waiting.
        let text = open(&der, &holder).map_err(refusals::of)?;
        match &self.out {
            Some(out) => {
                write(out, &text, self.force)?;
                let mut page = Page::new(run.lang);
                page.line("お知らせを復号しました。", "The notice is open.");
                page.field("書き出した先", "written to", out.display());
                terminal::print(&page.into_text());
            }
            None if std::io::stdout().is_terminal() && !harmless(&text) => return Err(refusals::no_text()),
            None => terminal::print_octets(&text),
        }
        Ok(Exit::Ok)
    }
}

/// Opens it with the certificate it is for: a PKCS#12 file holds the chain too.
fn open(der: &[u8], holder: &Holder) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let crypto = Crypto::of(&Provider);
    let mut told = OpenError::NotForThisCertificate;
    for certificate in &holder.certificates {
        match enveloped::open(der, certificate, &holder.key, &crypto) {
            // What is wrong with the others says nothing.
            Err(OpenError::NotForThisCertificate | OpenError::Certificate)
                if holder.certificates.len() > 1 => {}
            Err(error) => told = error,
            Ok(text) => return Ok(text),
        }
    }
    Err(told)
}

/// Whether a terminal can show it: text without characters that steer the terminal.
fn harmless(text: &[u8]) -> bool {
    std::str::from_utf8(text)
        .is_ok_and(|text| text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')))
}

/// Writes the text where nobody but its owner can read it. What is replaced is there until the new file is whole.
fn write(path: &Path, text: &[u8], force: bool) -> Outcome<()> {
    let fail = |e: std::io::Error| match e.kind() {
        ErrorKind::AlreadyExists => refusals::exists(path),
        _ => Fail::file(path, &e),
    };
    let target = if force { beside(path) } else { path.to_owned() };
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(&target).map_err(fail)?;
    let written = file.write_all(text).and_then(|()| file.sync_all());
    let written = if force { written.and_then(|()| std::fs::rename(&target, path)) } else { written };
    written.map_err(|error| {
        // Half a text is of no use to anybody; if it cannot be removed either, the error says where it lies.
        let _ = std::fs::remove_file(&target);
        fail(error)
    })
}

/// A name of our own in the same folder.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn c07_a_terminal_shows_text_and_nothing_that_steers_it() {
        assert!(harmless("新しいパスワード:\tabc\r\n".as_bytes()));
        for bad in [&b"\x1b]0;title\x07"[..], b"\xff\xfe", "\u{9b}31m".as_bytes(), b"a\0"] {
            assert!(!harmless(bad), "{bad:?}");
        }
    }

    #[test]
    fn c07_the_text_is_for_its_owner_alone_and_replaces_nothing_unasked() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("notice.txt");
        write(&path, b"one", false).expect("written");
        assert_eq!(write(&path, b"two", false).expect_err("refused").code, "notice.exists");
        assert_eq!(std::fs::read(&path).expect("read"), b"one");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
        write(&path, b"two", true).expect("replaced");
        assert_eq!(std::fs::read(&path).expect("read"), b"two");
        let mode = path.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "also in place of a file that others could read");
        assert_eq!(std::fs::read_dir(dir.path()).expect("a directory").count(), 1, "nothing is left beside");
    }
}
