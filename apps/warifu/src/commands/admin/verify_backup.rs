//! `warifu admin verify-backup DIR` (K14).

use crate::{
    backup,
    cli::Run,
    commands::{ledger::verify::verifier, shown},
    fail::{Exit, Outcome},
    installation::COMPONENTS,
    terminal::{self, Page},
};
use core_words::UtcMicros;
use std::path::PathBuf;

/// バックアップを検証する / verify a backup
#[derive(clap::Args, Debug)]
pub struct VerifyBackup {
    /// The backup
    dir: PathBuf,
    /// The key it must be signed with, known from elsewhere: NAME+HASH+KEY, or a file that holds it
    #[arg(long, value_name = "KEY|FILE")]
    key: Option<String>,
    /// Only files and signature; no trial restore
    #[arg(long)]
    quick: bool,
    /// Where the trial restore has room; else beside the backup
    #[arg(long, value_name = "DIR", conflicts_with = "quick")]
    scratch: Option<PathBuf>,
}

impl VerifyBackup {
    /// Runs it: every file against the manifest, the signature, a restore into a scratch place, and the ledger there.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub async fn run(self, run: &Run) -> Outcome {
        let key = self.key.as_deref().map(|text| verifier(run, text)).transpose()?;
        let looked = backup::look(&self.dir, key.as_ref()).await?;
        let manifest = &looked.manifest;
        let mut page = Page::new(run.lang);
        page.field("設置", "installation", &manifest.installation);
        page.field("取得日時", "taken", shown(UtcMicros(manifest.taken_us)));
        page.field("確認したオクテット", "octets checked", looked.octets);
        if let Some(head) = &manifest.ledger {
            page.field("台帳の記録数", "entries in the ledger", head.size);
            page.field("台帳の公開鍵", "public key of the ledger", &head.verifier);
        }
        if self.quick {
            page.line(
                "ファイルと署名は正しいです（試験復元は省略）。",
                "Files and signature are good; no trial restore was made.",
            );
        } else {
            let scratch = self.scratch.unwrap_or_else(|| backup::scratch_beside(&self.dir));
            backup::trial(&self.dir, &looked, COMPONENTS, &scratch).await?;
            page.line(
                "試験復元に成功し、台帳も正しく検証されました。",
                "A trial restore succeeded, and the ledger in it verifies.",
            );
        }
        if key.is_none() {
            page.next(
                "鍵はバックアップ自身のものです。--key で、別の経路で知った鍵を与えると偽造も見つかります。",
                "The key came with the backup. Name one known from elsewhere with --key to find forgery too.",
            );
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
