//! The certificate and its private key, from the files that a subscriber has.

use super::refusals;
use crate::{
    cli::Run,
    commands::unfit,
    fail::{Fail, Outcome},
    terminal::ask_secret,
};
use core_pack::{
    pem, pkcs8, pkcs12,
    sniff::{self, Object},
};
use std::path::Path;
use zeroize::Zeroizing;

/// Who opens.
pub(super) struct Holder {
    /// PKCS#8, DER.
    pub(super) key: Zeroizing<Vec<u8>>,
    /// DER. One of them is the key's.
    pub(super) certificates: Vec<Vec<u8>>,
}

/// Where the password of a PKCS#12 file may stand, when no file is named and nobody sits at the terminal.
const PASSWORD: &str = "WARIFU_P12_PASSWORD";
/// Octets of a file with a password: a line.
const PASSWORD_OCTETS: u64 = 4 << 10;
/// Octets of a file with a certificate.
const CERTIFICATE_OCTETS: usize = 96 << 10;

impl Holder {
    /// Opens a PKCS#12 file.
    ///
    /// # Errors
    /// It cannot be read, or not with that password.
    pub(super) async fn of_pkcs12(run: &Run, path: &Path, password: Option<&Path>) -> Outcome<Self> {
        let file = Zeroizing::new(run.read_file(path, pkcs12::MAX_LEN as u64)?);
        let password = match password {
            Some(path) => first_line(&Zeroizing::new(run.read_file(path, PASSWORD_OCTETS)?))?,
            None => match std::env::var(PASSWORD).map(Zeroizing::new) {
                Ok(password) => password,
                Err(_) => {
                    ask_secret(run.lang, "PKCS#12 ファイルのパスワード", "Password of the PKCS#12 file")
                        .map_err(refusals::nobody_to_ask)?
                }
            },
        };
        // Deriving the key from the password may take seconds.
        let opened = tokio::task::spawn_blocking(move || kit_keys::pkcs12::read(&file, &password)).await;
        let opened = opened.map_err(|e| Fail::file(path, &std::io::Error::other(e)))?;
        let opened = opened.map_err(refusals::of_pkcs12)?;
        Ok(Self { key: opened.key, certificates: opened.certificates })
    }

    /// Reads a key and a certificate.
    ///
    /// # Errors
    /// They are not of their form.
    pub(super) fn of_files(run: &Run, key: &Path, certificate: &Path) -> Outcome<Self> {
        let octets = Zeroizing::new(run.read_file(key, 4 * pkcs8::MAX_LEN as u64)?);
        let key = private_key(&octets)?;
        let octets = run.read_file(certificate, CERTIFICATE_OCTETS as u64)?;
        let certificate = sniff::der(&octets, Object::Certificate, CERTIFICATE_OCTETS)
            .map_err(|e| unfit("--cert", "証明書として読めません", &e))?;
        Ok(Self { key, certificates: vec![certificate.into_owned()] })
    }
}

/// The PKCS#8 in DER, or in the one PEM block of that label; other blocks, of the certificate say, may stand beside.
fn private_key(octets: &[u8]) -> Outcome<Zeroizing<Vec<u8>>> {
    if pkcs8::PrivateKey::unwrap(octets).is_ok() {
        return Ok(Zeroizing::new(octets.to_vec()));
    }
    let blocks = pem::decode(octets, &pem::Limits::default());
    let mut blocks = blocks.map_err(|e| unfit("--key", "PEM として読めません", &e))?;
    blocks.retain(|block| block.label.ends_with("PRIVATE KEY"));
    match &blocks[..] {
        [block] if block.label == pem::label::PRIVATE_KEY => Ok(block.der.clone()),
        _ => Err(refusals::no_key()),
    }
}

/// The password: a line, whose end is not part of it.
fn first_line(octets: &[u8]) -> Outcome<Zeroizing<String>> {
    let line = octets.split(|o| matches!(o, b'\r' | b'\n')).next().unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|e| unfit("--password-file", "UTF-8 ではありません", &e))?;
    Ok(Zeroizing::new(line.to_owned()))
}
