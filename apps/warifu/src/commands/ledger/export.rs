//! `warifu ledger export DIR`.

use crate::{
    cli::Run,
    fail::{Exit, Outcome},
    installation::{Installation, Opening, ledger_fail},
    terminal::{self, Page},
};
use std::path::PathBuf;

/// 台帳を書き出す / export the ledger
#[derive(clap::Args, Debug)]
pub struct Export {
    /// Where to; into an earlier export only what is new is written
    dir: PathBuf,
}

impl Export {
    /// Runs it, also while a server works.
    ///
    /// # Errors
    /// The installation cannot be read; the files cannot be written.
    pub async fn run(self, run: &Run) -> Outcome {
        let installation = Installation::open(run.config()?, Opening::to_look()).await?;
        let exported = kit_ledger::export(&installation.db, &self.dir).await;
        installation.close().await;
        let exported = exported.map_err(|e| ledger_fail(&e))?;
        let mut page = Page::new(run.lang);
        page.field("記録数", "entries", exported.size);
        page.field("書き出したファイル", "files written", exported.written);
        page.field("以前と同じファイル", "files unchanged", exported.unchanged);
        let dir = self.dir.display();
        page.next(
            format!("`warifu ledger verify {dir}` で検証できます。"),
            format!("Check it with `warifu ledger verify {dir}`."),
        );
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
