//! `warifu admin`: operation.

pub mod backup;
pub mod jobs;
pub mod passphrase;
pub mod restore;
pub mod verify_backup;

use crate::{cli::Run, fail::Outcome};

/// 運用 / operation
#[derive(clap::Subcommand, Debug)]
pub enum Admin {
    /// 動作中でも取れる一貫したバックアップ / take a consistent backup, also while the server works
    Backup(backup::Backup),
    /// 空の場所に復元する（既定は試行） / restore into an empty place (a dry run by default)
    Restore(restore::Restore),
    /// バックアップを検証する / verify a backup
    VerifyBackup(verify_backup::VerifyBackup),
    /// 鍵のパスフレーズ / the passphrase of the keys
    #[command(subcommand)]
    Passphrase(passphrase::PassphraseCommand),
    /// ジョブ / jobs
    #[command(subcommand)]
    Jobs(jobs::Jobs),
}

impl Admin {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Backup(command) => command.run(run).await,
            Self::Restore(command) => command.run(run).await,
            Self::VerifyBackup(command) => command.run(run).await,
            Self::Passphrase(command) => command.run(run).await,
            Self::Jobs(command) => command.run(run).await,
        }
    }
}
