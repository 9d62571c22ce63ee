//! `warifu admin restore DIR`: into the empty database and blobs that the configuration names (K14).

use crate::{
    backup::{self, BackupError, Chosen, Looked, Target},
    cli::Run,
    commands::{ledger::verify::verifier, nothing_changed, shown},
    fail::{Exit, Outcome},
    installation::{COMPONENTS, make_directories, store_fail},
    terminal::{self, Page},
};
use core_words::UtcMicros;
use kit_clock::{Clock, SystemClock};
use kit_keys::Provider;
use kit_ledger::{Checkpoint, VerifierKey};
use kit_store::{Db, Options, blobs::DirectoryBlobs};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// 空の場所に復元する / restore into an empty place
#[derive(clap::Args, Debug)]
pub struct Restore {
    /// The backup
    dir: PathBuf,
    /// The key it must be signed with, known from elsewhere: NAME+HASH+KEY, or a file that holds it
    #[arg(long, value_name = "KEY|FILE")]
    key: Option<String>,
    /// The newest checkpoint anybody has kept: it tells what was lost since the backup
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Restore although that checkpoint proves that entries are lost; the loss goes on record
    #[arg(long, requires = "checkpoint")]
    accept_loss: bool,
    /// Do it; without this the backup is only looked at
    #[arg(long)]
    perform: bool,
}

/// Restoring writes in large pieces, and nobody else waits.
const TX_LIMIT: Duration = Duration::from_secs(60);

impl Restore {
    /// Runs it.
    ///
    /// # Errors
    /// A backup that is not whole or not genuine; a target that is not empty; entries that are lost.
    pub async fn run(self, run: &Run) -> Outcome {
        let config = run.config()?;
        let key = self.key.as_deref().map(|text| verifier(run, text)).transpose()?;
        let looked = backup::look(&self.dir, key.as_ref()).await?;
        let manifest = &looked.manifest;
        let mut page = Page::new(run.lang);
        page.field("設置", "installation", &manifest.installation);
        page.field("取得日時", "taken", shown(UtcMicros(manifest.taken_us)));
        page.field(
            "復元先",
            "restored into",
            if config.store.file.is_some() { &config.store.url } else { "PostgreSQL" },
        );
        let newest = self.checkpoint.as_deref().map(|path| run.read_file(path, 64 << 10)).transpose()?;
        let kept = newest.as_deref().map(|note| kept(&looked, note)).transpose()?;
        let lost = kept.as_ref().map_or(0, |k| k.size.saturating_sub(head_size(&looked)));
        if lost > 0 {
            page.line(
                format!("バックアップの後の台帳 {lost} 件が失われています。"),
                format!("{lost} entries of the ledger after the backup are lost."),
            );
            if !self.accept_loss {
                terminal::print(&page.into_text());
                return Err(BackupError::Lost { entries: lost }.into());
            }
        }
        if !self.perform {
            nothing_changed(&mut page);
            terminal::print(&page.into_text());
            return Ok(Exit::Ok);
        }
        // A house that was lost may come back to a machine that has nothing yet.
        make_directories(&config)?;
        let options = Options { tx_limit: TX_LIMIT, ..Options::default() };
        let db = Db::open(&config.store.url, options).await.map_err(|e| store_fail(&e))?;
        let restored = async {
            let blobs = DirectoryBlobs::open(&config.blobs.dir).map_err(BackupError::from)?;
            let target = Target { db: db.clone(), blobs: Arc::new(blobs) };
            let scratch = config.blobs.dir.parent().map_or_else(std::env::temp_dir, ToOwned::to_owned);
            let now = SystemClock.now();
            // What was covered by the kept checkpoint must be in the restored ledger unchanged.
            let covered = newest.as_deref().filter(|_| lost == 0);
            let chosen = Chosen { dir: &self.dir, looked: &looked, kept: covered, lost };
            backup::restore(&target, &chosen, COMPONENTS, now, &scratch).await
        }
        .await;
        db.close().await;
        let restored = restored?;
        page.field("行", "rows", restored.rows);
        page.field("ファイル", "files", restored.blobs);
        page.field("失効リスト番号の飛ばし", "list numbers skipped", restored.list_numbers_skipped);
        page.line("復元し、台帳を含めて検証しました。", "Restored, and verified with its ledger.");
        page.next(
            "バックアップの後に受けた発行と失効は失われています。RA の記録と突き合わせてください。次は `warifu doctor` です。",
            "What was issued and revoked after the backup is lost: compare with the records of the RAs. Next: `warifu doctor`.",
        );
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}

fn head_size(looked: &Looked) -> u64 {
    looked.manifest.ledger.as_ref().map_or(0, |head| head.size)
}

/// The checkpoint that somebody kept, which the key of the backup's ledger must have signed.
fn kept(looked: &Looked, note: &[u8]) -> Result<Checkpoint, BackupError> {
    let verifier = looked.manifest.ledger.as_ref().map(|head| head.verifier.as_str()).unwrap_or_default();
    let not_genuine = |e: &dyn std::fmt::Display| BackupError::Signature(format!("the kept checkpoint: {e}"));
    let key = VerifierKey::parse(&Provider, verifier).map_err(|e| not_genuine(&e))?;
    Checkpoint::open(note, &key, &Provider).map_err(|e| not_genuine(&e))
}
