//! `warifu admin backup DIR` (K14).

use crate::{
    backup::{self, Source},
    cli::Run,
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Outcome},
    installation::{Installation, Opening, configured_passphrase, store_fail},
    lang::Lang,
    terminal::{self, Page, ask_secret},
};
use base16ct::lower::encode_string as hex;
use core_words::Actor;
use kit_ledger::Entry;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// 動作中でも取れる一貫したバックアップ / take a consistent backup
#[derive(clap::Args, Debug)]
pub struct Backup {
    /// Where to: a new or empty directory, best on another disk
    dir: PathBuf,
}

/// Tells the ledger of a backup that was taken.
#[derive(Clone, Serialize, Deserialize)]
pub struct Note {
    /// SHA-256 of its manifest.
    pub manifest: [u8; 32],
}

/// All of a large database is read in one snapshot.
const READ_LIMIT: Duration = Duration::from_secs(24 * 3_600);

impl Backup {
    /// Runs it. The database is only read; the ledger is told through the server, or by ourselves without one.
    ///
    /// # Errors
    /// What could not be read, written or signed.
    pub async fn run(self, run: &Run) -> Outcome {
        let config = run.config()?;
        let opening = Opening { read_limit: READ_LIMIT, ..Opening::to_look() };
        let installation = Installation::open(config, opening).await?;
        let taken = self.take(run, &installation).await;
        installation.close().await;
        let taken = taken?;
        let name = backup::name_of(&self.dir)?;
        let mut page = Page::new(run.lang);
        let rows: u64 = taken.manifest.tables.iter().map(|t| t.rows).sum();
        page.field("バックアップ", "backup", self.dir.display());
        page.field("行", "rows", rows);
        page.field("ファイル", "files", taken.manifest.blobs.len());
        page.field("大きさ", "octets", taken.octets);
        if let Some(head) = &taken.manifest.ledger {
            page.field("台帳の記録数", "entries in the ledger", head.size);
        }
        page.field("目録の SHA-256", "SHA-256 of the manifest", hex(&name));
        let dir = self.dir.display();
        page.next(
            format!("`warifu admin verify-backup {dir}` で復元できることを確かめてください。"),
            format!("Make sure that it can be restored: `warifu admin verify-backup {dir}`."),
        );
        terminal::print(&page.into_text());
        carry_out(run, AnyDeed::NoteBackup(Note { manifest: name }), false).await
    }

    async fn take(&self, run: &Run, installation: &Installation) -> Outcome<backup::Taken> {
        if configured_passphrase(&installation.config)?.is_some() {
            installation.unlock_unattended().await?;
        } else {
            let typed = ask_secret(
                run.lang,
                "鍵のパスフレーズ（目録に署名します）",
                "Passphrase of the keys (to sign the manifest)",
            )?;
            installation.unlock_with(typed).await?;
        }
        let signer = installation.ledger_key_made().await?;
        let source = Source {
            db: installation.db.clone(),
            blobs: installation.blobs.clone(),
            installation: installation.origin().await?.unwrap_or_default(),
        };
        Ok(backup::take(&source, &self.dir, &signer, installation.clock.now()).await?)
    }
}

impl Note {
    /// Tells the ledger.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let mut entry = Entry::new("backup.taken", actor.clone(), "installation");
        entry.object = Some(self.manifest);
        installation.append(entry).await.map_err(|e| store_fail(&e))?;
        Ok(Report::new(Exit::Ok, Page::new(lang)))
    }
}
