//! `warifu card unblock`: what a counter does for a PIN that is blocked or forgotten (J11).

use super::{Access, Place, keys::KeysFile, pins, refusals, shown};
use crate::{
    cli::Run,
    fail::{Exit, Outcome},
    terminal::{self, Page},
};
use core_card::host::{Issuer, Terminal};
use kit_keys::Provider;
use std::path::PathBuf;

/// 暗証番号のロックを解除する・初期化する / unblock a PIN, or set another, as the issuer
#[derive(clap::Args, Debug)]
pub struct Unblock {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    keys: KeysFile,
    /// Whose PIN
    #[arg(long = "for", value_enum)]
    place: Place,
    /// 初期化 / Set the PIN in the first line of this file, for a holder who forgot theirs
    #[arg(long, value_name = "FILE")]
    new_pin_file: Option<PathBuf>,
}

impl Unblock {
    /// Runs it.
    ///
    /// # Errors
    /// The keys are not those of the card's issuer.
    pub fn run(self, run: &Run) -> Outcome {
        let kind = self.place.kind();
        let keys = self.keys.read(run)?;
        let new = self.new_pin_file.as_deref().map(|path| pins::first_line(run, path, kind)).transpose()?;
        let terminal = Terminal::open(self.access.open(run)?).map_err(refusals::of)?;
        let mut session = terminal.prove::<Issuer>(&keys.issuer, &Provider).map_err(refusals::of)?;
        let mut page = Page::new(run.lang);
        let (ja, en) = shown(kind);
        match new {
            Some(pin) => {
                session.initialise_pin(kind, &pin).map_err(refusals::of)?;
                page.line(format!("{ja}の暗証番号を初期化しました。"), format!("The {en} PIN was set anew."));
                page.next(
                    "本人に `warifu card change-pin` か鍵ペア生成装置で変えてもらってください。",
                    "The holder changes it with `warifu card change-pin` or at the key-pair generator.",
                );
            }
            None => {
                session.unblock(kind).map_err(refusals::of)?;
                page.line(
                    format!("{ja}の暗証番号のロックを解除しました。"),
                    format!("The {en} PIN has all its tries again."),
                );
            }
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
