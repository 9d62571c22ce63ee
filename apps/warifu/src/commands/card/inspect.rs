//! `warifu card inspect`: what the file of a virtual card tells without any PIN.

use super::{
    access::{self, VirtualCard},
    show,
};
use crate::{
    cli::Run,
    fail::{Exit, Outcome},
    terminal::{self, Page},
};
use kit_reader::file::CardFile;

/// 仮想カードのファイルを見る / show what the file of a virtual card tells without its PINs
#[derive(clap::Args, Debug)]
pub struct Inspect {
    #[command(flatten)]
    card: VirtualCard,
}

impl Inspect {
    /// Runs it.
    ///
    /// # Errors
    /// It is no file of a card, or does not open with its device key.
    pub fn run(self, run: &Run) -> Outcome {
        let number = CardFile::number_of(self.card.path()).map_err(access::of_file)?;
        let report = self.card.report()?;
        let mut page = Page::new(run.lang);
        page.field("ファイル", "file", self.card.path().display());
        page.field("カード番号", "card number", base16ct::upper::encode_string(&number));
        show::state(&mut page, &report);
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
