//! `warifu card verify-pin` and `change-pin`.

use super::{
    Access, Place,
    pins::{self, PinFile},
    refusals, shown,
};
use crate::{
    cli::Run,
    fail::{Exit, Outcome},
    terminal::{self, Page},
};
use core_card::host::Terminal;
use std::path::PathBuf;

/// 暗証番号を確かめる / check a PIN
#[derive(clap::Args, Debug)]
pub struct VerifyPin {
    #[command(flatten)]
    access: Access,
    /// Whose PIN
    #[arg(long = "for", value_enum)]
    place: Place,
    #[command(flatten)]
    pin: PinFile,
}

/// 暗証番号を変える / change a PIN
#[derive(clap::Args, Debug)]
pub struct ChangePin {
    #[command(flatten)]
    access: Access,
    /// Whose PIN
    #[arg(long = "for", value_enum)]
    place: Place,
    #[command(flatten)]
    pin: PinFile,
    /// A file whose first line is the new PIN; else it is asked for twice
    #[arg(long, value_name = "FILE")]
    new_pin_file: Option<PathBuf>,
}

impl VerifyPin {
    /// Runs it.
    ///
    /// # Errors
    /// The PIN is wrong or blocked.
    pub fn run(self, run: &Run) -> Outcome {
        let kind = self.place.kind();
        let mut terminal = Terminal::open(self.access.open(run)?).map_err(refusals::of)?;
        let pin = self.pin.read(run, kind)?;
        terminal.verify(kind, &pin, self.pin.caution()).map_err(refusals::of)?;
        let mut page = Page::new(run.lang);
        let (ja, en) = shown(kind);
        page.line(format!("{ja}の暗証番号は正しいものです。"), format!("The {en} PIN is right."));
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}

impl ChangePin {
    /// Runs it.
    ///
    /// # Errors
    /// The old PIN is wrong or blocked; the new one cannot be one.
    pub fn run(self, run: &Run) -> Outcome {
        let kind = self.place.kind();
        let mut terminal = Terminal::open(self.access.open(run)?).map_err(refusals::of)?;
        let old = self.pin.read(run, kind)?;
        // The new one first: a PIN that cannot be one must not cost the old one's session.
        let new = match &self.new_pin_file {
            Some(path) => pins::first_line(run, path, kind)?,
            None => pins::ask_twice(run, kind)?,
        };
        let verified = terminal.verify(kind, &old, self.pin.caution()).map_err(refusals::of)?;
        terminal.change_pin(&verified, &new).map_err(refusals::of)?;
        let mut page = Page::new(run.lang);
        let (ja, en) = shown(kind);
        page.line(format!("{ja}の暗証番号を変えました。"), format!("The {en} PIN was changed."));
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
