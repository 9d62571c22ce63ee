//! What can go wrong with a backup, and what to do then.

use crate::fail::{Exit, Fail};
use authority_front::Text;
use kit_ledger::LedgerError;
use kit_store::StoreError;
use std::path::{Path, PathBuf};

/// Why a backup was not taken, does not verify, or was not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// A directory that must be empty is not.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// The database that is to be restored into holds something.
    #[error("the database is not empty: {0} has rows")]
    Occupied(String),
    /// There is no manifest: the backup was never finished, or this is none.
    #[error("{} has no manifest.json", .0.display())]
    NoManifest(PathBuf),
    /// The manifest is not one of this program.
    #[error("manifest.json: {0}")]
    Manifest(String),
    /// The manifest is not signed by the key it should be.
    #[error("manifest.sig: {0}")]
    Signature(String),
    /// The key that signs could not be used.
    #[error("the manifest could not be signed: {0}")]
    Unsigned(String),
    /// A file is missing, changed or damaged.
    #[error("{file}: {what}")]
    Damaged {
        /// Which, as the manifest names it.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// The schema of the backup is not known to this program.
    #[error("the backup has migration {component} {number}, which this program does not know")]
    Schema {
        /// The component.
        component: String,
        /// The number.
        number: u32,
    },
    /// The ledger in the backup does not hold together.
    #[error("the ledger in the backup: {0}")]
    LedgerBroken(String),
    /// A checkpoint that somebody kept contradicts the ledger in the backup.
    #[error("the checkpoint of size {size} contradicts the ledger in the backup")]
    Contradicted {
        /// The size of that checkpoint.
        size: u64,
    },
    /// A newer checkpoint proves that entries were lost, and nobody has accepted that.
    #[error("{entries} entries of the ledger after the backup are lost")]
    Lost {
        /// How many at least.
        entries: u64,
    },
}

impl BackupError {
    pub(super) fn file(path: &Path, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Self::Store(StoreError::Full(path.display().to_string()));
        }
        Self::File { path: path.to_owned(), reason: error.to_string() }
    }

    pub(super) fn damaged(file: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Damaged { file: file.into(), what: what.into() }
    }
}

impl From<BackupError> for Fail {
    fn from(error: BackupError) -> Self {
        use BackupError as E;
        let en = error.to_string();
        let (exit, code, ja, next) = match &error {
            E::Store(_) | E::Ledger(_) => (
                Exit::CouldNotRun,
                "backup.store",
                format!("データベースを扱えませんでした: {en}"),
                Text::new(
                    "`warifu doctor` で原因を調べ、もう一度実行してください。",
                    "See what `warifu doctor` says, then run it again.",
                ),
            ),
            E::File { .. } => (
                Exit::CouldNotRun,
                "backup.file",
                format!("ファイルを扱えませんでした: {en}"),
                Text::new("空き容量と権限を確認してください。", "Check free space and who may write there."),
            ),
            E::NotEmpty(path) => (
                Exit::Refused,
                "backup.not_empty",
                format!("{} は空ではありません。", path.display()),
                Text::new("新しいディレクトリを指定してください。", "Name a new directory."),
            ),
            E::Occupied(table) => (
                Exit::Refused,
                "restore.occupied",
                format!("復元先のデータベースは空ではありません（{table}）。"),
                Text::new(
                    "空のデータベースを store.url に指定してください。既存のものは上書きしません。",
                    "Set store.url to an empty database; what exists is never overwritten.",
                ),
            ),
            E::NoManifest(path) => (
                Exit::Refused,
                "backup.no_manifest",
                format!(
                    "{} には manifest.json がありません。完了していないバックアップです。",
                    path.display()
                ),
                Text::new(
                    "完了した別のバックアップを使ってください。",
                    "Use another backup, one that was finished.",
                ),
            ),
            E::Manifest(_) | E::Damaged { .. } | E::LedgerBroken(_) => (
                Exit::Refused,
                "backup.damaged",
                format!("バックアップが壊れています: {en}"),
                Text::new(
                    "別のバックアップを使い、保管場所の媒体を調べてください。",
                    "Use another backup, and look at the medium it lay on.",
                ),
            ),
            E::Signature(_) | E::Contradicted { .. } => (
                Exit::NeedsPerson,
                "backup.not_genuine",
                format!("バックアップが本物と確認できません: {en}"),
                Text::new(
                    "改ざんの可能性があります。監査担当者に連絡し、保管経路を調べてください。",
                    "It may have been tampered with. Tell the auditor, and find out where it has been.",
                ),
            ),
            E::Unsigned(_) => (
                Exit::NeedsPerson,
                "backup.keys_locked",
                format!("目録に署名できません: {en}"),
                Text::new(
                    "WARIFU__KEYS__PASSPHRASE か keys.passphrase_file を設定して、もう一度実行してください。",
                    "Set WARIFU__KEYS__PASSPHRASE or keys.passphrase_file, then run it again.",
                ),
            ),
            E::Schema { .. } => (
                Exit::Refused,
                "restore.newer_schema",
                format!("このプログラムより新しい版で取られたバックアップです: {en}"),
                Text::new(
                    "バックアップを取った版、またはそれより新しい版の warifu を使ってください。",
                    "Use the release of warifu that took the backup, or a later one.",
                ),
            ),
            E::Lost { entries } => (
                Exit::NeedsPerson,
                "restore.entries_lost",
                format!("バックアップの後に記録された台帳の {entries} 件以上が失われています。"),
                Text::new(
                    "より新しいバックアップがないか探してください。失われたことを認めて復元するには --accept-loss を付けます。",
                    "Look for a newer backup. To restore all the same, and put the loss on record, add --accept-loss.",
                ),
            ),
        };
        Self::new(exit, code, Text::new(ja, en), next)
    }
}
