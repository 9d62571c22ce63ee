//! `warifu card serve`: the virtual card in a reader that other programs see.

use super::access::VirtualCard;
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
    terminal::{self, Page},
};
use core_card::Chip;
use kit_reader::{
    log::Logged,
    vpcd::{self, Pauses},
};
use std::{fs::File, io::Write, net::SocketAddr, os::unix::fs::OpenOptionsExt, path::PathBuf};

/// 仮想カードを読み取り装置に入れる / put a virtual card into a reader of vpcd
#[derive(clap::Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    card: VirtualCard,
    /// Where vpcd listens
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:35963")]
    vpcd: SocketAddr,
    /// Write each command and answer to this file, readable by you alone; PINs and keys are masked, certificates are not
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

impl Serve {
    /// Runs it until it is interrupted.
    ///
    /// # Errors
    /// The card does not open, the log cannot be written.
    pub fn run(self, run: &Run) -> Outcome {
        let card = self.card.open(run)?;
        let mut page = Page::new(run.lang);
        page.line(
            format!("{} を {} に入れました。Ctrl-C で取り出します。", self.card.path().display(), self.vpcd),
            format!("{} is in the reader at {}; Ctrl-C takes it out.", self.card.path().display(), self.vpcd),
        );
        let log = self
            .log
            .map(|path| {
                File::options()
                    .append(true)
                    .create(true)
                    .mode(0o600)
                    .open(&path)
                    .map_err(|e| Fail::file(&path, &e))
            })
            .transpose()?;
        terminal::print(&page.into_text());
        let chip: Box<dyn Chip> = match log {
            // A log that cannot be written must not stop the card.
            Some(mut file) => Box::new(Logged::new(
                card,
                Box::new(move |event, text| drop(writeln!(file, "{} {text}", event.mark()))),
            )),
            None => Box::new(card),
        };
        let plugged =
            vpcd::plug(chip, self.vpcd, Pauses::default()).map_err(|e| Fail::file(self.card.path(), &e))?;
        let runtime = tokio::runtime::Handle::current();
        let interrupted = runtime.block_on(tokio::signal::ctrl_c());
        drop(plugged.stop());
        interrupted.map_err(|e| Fail::file(std::path::Path::new("signal"), &e))?;
        Ok(Exit::Ok)
    }
}
