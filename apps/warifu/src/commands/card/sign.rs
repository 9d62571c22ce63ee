//! `warifu card sign`: a signature over a file.

use super::{Access, Place, files, pins::PinFile, refusals};
use crate::{
    cli::Run,
    commands::unfit,
    fail::{Exit, Outcome},
    terminal::{self, Page},
};
use core_card::host::{CertificateFile, Terminal};
use core_pack::spki::PublicKey;
use core_x509::certificate::Certificate;
use kit_keys::Provider;
use std::path::PathBuf;

/// 署名する / sign a file with a key of the card
#[derive(clap::Args, Debug)]
pub struct Sign {
    /// The file to be signed
    file: PathBuf,
    #[command(flatten)]
    access: Access,
    /// Which key
    #[arg(long = "for", value_enum, default_value = "signing")]
    place: Place,
    #[command(flatten)]
    pin: PinFile,
    /// Where the signature is written: octets of PKCS#1, or DER of ECDSA
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Octets of a file that is signed.
const OCTETS: u64 = 1 << 30;

impl Sign {
    /// Runs it.
    ///
    /// # Errors
    /// The PIN is wrong; there is no certificate on the card.
    pub fn run(self, run: &Run) -> Outcome {
        files::must_be_free(&self.out)?;
        let message = run.read_file(&self.file, OCTETS)?;
        let kind = self.place.kind();
        let mut terminal = Terminal::open(self.access.open(run)?).map_err(refusals::of)?;
        let pin = self.pin.read(run, kind)?;
        let verified = terminal.verify(kind, &pin, self.pin.caution()).map_err(refusals::of)?;
        let file = match self.place {
            Place::Signing => CertificateFile::Signing,
            Place::Authentication => CertificateFile::Authentication,
        };
        let der =
            terminal.read_certificate(file).map_err(refusals::of)?.ok_or_else(refusals::no_certificate)?;
        let certificate =
            Certificate::parse(&der).map_err(|e| unfit("--card", "カードの証明書が読めません", &e))?;
        let key = PublicKey::parse(certificate.tbs.spki)
            .map_err(|e| unfit("--card", "カードの公開鍵が読めません", &e))?;
        let signature =
            terminal.sign_message(&verified, key.family, &Provider, &message).map_err(refusals::of)?;
        files::write_new(&self.out, &signature)?;
        let mut page = Page::new(run.lang);
        page.line("署名しました。", "The file is signed.");
        page.field("署名", "signature", self.out.display());
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
