//! `warifu card serve`: the virtual card in a reader that other programs see.

use super::{access::VirtualCard, files, refusals};
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
    terminal::{self, Page},
};
use core_card::Chip;
use kit_reader::{
    ReaderError,
    log::{Event, Logged},
    vpcd::{self, Pauses, Place},
};
use std::{
    fs::File, io::Write, net::SocketAddr, os::unix::fs::OpenOptionsExt, path::PathBuf, time::Duration,
};

/// 仮想カードを読み取り装置に入れる / put a virtual card into a reader of vpcd
#[derive(clap::Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    card: VirtualCard,
    /// Where vpcd listens
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:35963")]
    vpcd: SocketAddr,
    /// Write each command and answer to this file, readable by you alone; PINs and keys are masked, certificates are not
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// How long vpcd may take to be reached before it counts as not there.
const SOON: Duration = Duration::from_secs(3);

impl Serve {
    /// Runs it until it is interrupted.
    ///
    /// # Errors
    /// The card does not open, the log cannot be written.
    pub fn run(self, run: &Run) -> Outcome {
        let log = self
            .log
            .map(|path| {
                // Never into something that is there: the card's own file is a mistyped name away.
                files::must_be_free(&path)?;
                let new = File::options().write(true).create_new(true).mode(0o600).open(&path);
                new.map_err(|e| Fail::file(&path, &e))
            })
            .transpose()?;
        let (card, failure) = self.card.open(run)?;
        let (mut log, lang) = (log, run.lang);
        let note = move |event: Event, text: &str| {
            if let Some(file) = &mut log {
                // A log that cannot be written must not stop the card.
                let _ = writeln!(file, "{} {text}", event.mark());
            }
            // Other programs see only that the card is gone; whoever started this hears why.
            if event == Event::Mute
                && let Some(why) = failure.take()
            {
                terminal::complain(&refusals::of_reader(&ReaderError::unkept(&why)).render(lang));
            }
        };
        let chip: Box<dyn Chip> = Box::new(Logged::new(card, Box::new(note)));
        let plugged =
            vpcd::plug(chip, self.vpcd, Pauses::default()).map_err(|e| Fail::file(self.card.path(), &e))?;
        let mut page = Page::new(run.lang);
        if plugged.wait_until(Place::Connected, SOON) {
            page.line(
                format!(
                    "{} を {} に入れました。Ctrl-C で取り出します。",
                    self.card.path().display(),
                    self.vpcd
                ),
                format!(
                    "{} is in the reader at {}; Ctrl-C takes it out.",
                    self.card.path().display(),
                    self.vpcd
                ),
            );
        } else {
            page.line(
                format!("{} では何も待ち受けていません。現れるまで待ちます。Ctrl-C でやめます。", self.vpcd),
                format!(
                    "Nothing listens at {}; the card goes in as soon as vpcd does. Ctrl-C ends.",
                    self.vpcd
                ),
            );
        }
        if !self.vpcd.ip().is_loopback() {
            page.line(
                "注意: 暗証番号は暗号化されずにネットワークを通ります。",
                "Beware: PINs go over the network in the clear.",
            );
        }
        terminal::print(&page.into_text());
        let runtime = tokio::runtime::Handle::current();
        let interrupted = runtime.block_on(tokio::signal::ctrl_c());
        drop(plugged.stop());
        interrupted.map_err(|e| Fail::file(std::path::Path::new("signal"), &e))?;
        Ok(Exit::Ok)
    }
}
