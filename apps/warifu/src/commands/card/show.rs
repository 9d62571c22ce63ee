//! `warifu card show`: what is on a card.

use super::{Access, Place, files, pins::PinFile, refusals, shown};
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
    terminal::{self, Page},
};
use base16ct::upper::encode_string as hex;
use core_card::{
    Transmit,
    host::{CertificateFile, HostError, Terminal},
    pin::PinKind,
    report::{Life, Report},
};
use core_pack::pem;
use core_x509::certificate::Certificate;
use std::path::{Path, PathBuf};

/// カードの内容を見る / show what is on a card; write its certificates out
#[derive(clap::Args, Debug)]
pub struct Show {
    #[command(flatten)]
    access: Access,
    /// Write the certificates to this folder: sign.pem, sign-ca.pem, auth.pem, auth-ca.pem
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    pin: PinFile,
}

/// The names of the files that certificates are written to.
pub(super) fn file_name(file: CertificateFile) -> &'static str {
    match file {
        CertificateFile::Signing => "sign.pem",
        CertificateFile::SigningCa => "sign-ca.pem",
        CertificateFile::Authentication => "auth.pem",
        CertificateFile::AuthenticationCa => "auth-ca.pem",
    }
}

impl Show {
    /// Runs it.
    ///
    /// # Errors
    /// There is no card, or it is none of the JPKI.
    pub fn run(self, run: &Run) -> Outcome {
        if let Some(folder) = &self.out {
            CertificateFile::ALL
                .into_iter()
                .try_for_each(|file| files::must_be_free(&folder.join(file_name(file))))?;
        }
        let session = self.access.open(run)?;
        let mut page = Page::new(run.lang);
        page.field("ATR", "ATR", hex(session.atr()));
        let mut terminal = Terminal::open(session).map_err(refusals::of)?;
        page.field("種類", "token", terminal.token_label().map_err(refusals::of)?);
        match terminal.report() {
            Ok(report) => state(&mut page, &report),
            // A real card tells nothing of the kind.
            Err(HostError::Refused { .. }) => {}
            Err(error) => return Err(refusals::of(error)),
        }
        for kind in [PinKind::Authentication, PinKind::Signing] {
            let (ja, en) = shown(kind);
            match terminal.tries_left(kind) {
                Ok(left) => page.field(
                    &format!("{ja}の残り回数"),
                    &format!("tries, {en}"),
                    if left == 0 {
                        run.lang.pick("ロック中", "blocked").to_owned()
                    } else {
                        left.to_string()
                    },
                ),
                Err(HostError::Refused { .. }) => {}
                Err(error) => return Err(refusals::of(error)),
            }
        }
        if self.pin.is_named() {
            let pin = self.pin.read(run, PinKind::Signing)?;
            terminal.verify(PinKind::Signing, &pin, self.pin.caution()).map_err(refusals::of)?;
        }
        for file in CertificateFile::ALL {
            certificate(&mut terminal, file, &mut page, self.out.as_deref())?;
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}

/// The state of a card of ours.
pub(super) fn state(page: &mut Page, report: &Report) {
    let (ja, en) = match report.life {
        Life::Installed => ("発行前 (窓口の作業待ち)", "installed: it waits for the counter"),
        Life::KeysLoaded => ("準備済み (鍵と証明書を受け入れる)", "prepared: keys and certificates may come"),
        Life::Operational => ("使用中", "operational"),
        Life::Terminated => ("廃止", "terminated"),
    };
    page.line(format!("状態: {ja}"), format!("state: {en}"));
    for place in &report.places {
        let (name_ja, name_en) = shown(place.place);
        let step = match () {
            () if place.certificate_laid => {
                ("証明書あり、有効化待ち", "certificate laid ready, to be activated")
            }
            () if place.staged => {
                ("新しい鍵あり、証明書待ち", "new key laid ready, waits for its certificate")
            }
            () if place.in_force => ("有効", "in force"),
            () if place.pin_set => ("パスワードのみ", "password set, no key"),
            () => ("空", "empty"),
        };
        page.line(format!("  {name_ja}: {}", step.0), format!("  {name_en}: {}", step.1));
    }
}

fn certificate<T: Transmit<Error = kit_reader::ReaderError>>(
    terminal: &mut Terminal<T>,
    file: CertificateFile,
    page: &mut Page,
    out: Option<&Path>,
) -> Outcome<()> {
    let (ja, en) = match file {
        CertificateFile::Signing => ("署名用電子証明書", "signing"),
        CertificateFile::SigningCa => ("署名用認証局", "signing CA"),
        CertificateFile::Authentication => ("利用者証明用電子証明書", "authentication"),
        CertificateFile::AuthenticationCa => ("利用者証明用認証局", "authentication CA"),
    };
    let der = match terminal.read_certificate(file) {
        Ok(Some(der)) => der,
        Ok(None) => {
            page.field(ja, en, "-");
            return Ok(());
        }
        Err(HostError::NeedsPin) => {
            page.field(
                ja,
                en,
                page.lang().pick("暗証番号が必要です (--pin-file)", "needs its PIN (--pin-file)"),
            );
            return Ok(());
        }
        Err(error) => return Err(refusals::of(error)),
    };
    match Certificate::parse(&der) {
        Ok(certificate) => {
            page.field(ja, en, certificate.tbs.subject);
            page.raw(format!(
                "  {} … {}",
                crate::api::view::rfc3339(certificate.tbs.not_before),
                crate::api::view::rfc3339(certificate.tbs.not_after)
            ));
        }
        Err(_) => page.field(ja, en, format!("{} octets", der.len())),
    }
    if let Some(folder) = out {
        let path = folder.join(file_name(file));
        std::fs::create_dir_all(folder).map_err(|e| Fail::file(folder, &e))?;
        files::write_new(&path, pem::encode(pem::label::CERTIFICATE, &der).as_bytes())?;
    }
    Ok(())
}

/// What `--for` says, or every place of the card.
pub(super) fn places(wanted: &[Place], report: &Report) -> Vec<PinKind> {
    if wanted.is_empty() {
        report.places.iter().map(|place| place.place).collect()
    } else {
        wanted.iter().map(|place| place.kind()).collect()
    }
}
