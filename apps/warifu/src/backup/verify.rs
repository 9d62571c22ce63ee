//! Looking at a backup: is it whole, is it genuine, can it be restored, does its ledger hold together.

use super::{
    BackupError, Components, Manifest,
    restore::{Target, load},
    rows,
    take::{blocking, components_of},
};
use base16ct::lower::encode_string as hex;
use core_crypto::Digest;
use kit_keys::Provider;
use kit_ledger::{Checkpoint, VerifierKey};
use kit_store::{Db, Options, blobs::DirectoryBlobs};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A backup whose files are all there and are what the manifest says.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The manifest.
    pub manifest: Manifest,
    /// Octets read.
    pub octets: u64,
}

/// Reads the manifest, checks its signature, and reads every file against it.
///
/// # Errors
/// The first thing that is wrong.
pub async fn look(dir: &Path, key: Option<&VerifierKey>) -> Result<Looked, BackupError> {
    let (dir, key) = (dir.to_owned(), key.cloned());
    blocking(move || {
        let manifest = Manifest::read(&dir, key.as_ref())?;
        let tables = manifest.tables.iter().map(|t| (t.file(), t.octets, &t.sha256));
        let blobs = manifest.blobs.iter().map(|b| (b.file(), b.octets, &b.sha256));
        let mut octets = 0;
        for (file, length, sha256) in tables.chain(blobs) {
            let sum = match rows::sum(&dir.join(&file)) {
                Ok(sum) => sum,
                Err(error) => return Err(BackupError::damaged(file, error.to_string())),
            };
            if sum.octets != length || hex(&sum.sha256) != *sha256 {
                return Err(BackupError::damaged(file, "is not the file that was written"));
            }
            octets += sum.octets;
        }
        Ok(Looked { manifest, octets })
    })
    .await
}

/// Restores a backup into a scratch place, proves its ledger there, and clears the place away. Leaves the backup as
/// it was.
///
/// # Errors
/// Whatever a restore to the place of the installation would meet as well.
pub async fn trial(
    dir: &Path,
    looked: &Looked,
    components: &Components,
    scratch: &Path,
) -> Result<(), BackupError> {
    let place = Scratch::new(scratch)?;
    let url = format!("sqlite:{}", place.0.join("trial.db").display());
    let options = Options { tx_limit: Duration::from_secs(60), ..Options::default() };
    let db = Db::open(&url, options).await?;
    let target = Target { db: db.clone(), blobs: Arc::new(DirectoryBlobs::open(place.0.join("blobs"))?) };
    let result = async {
        db.migrate(&components_of(&looked.manifest, components)?).await?;
        load(&target, dir, &looked.manifest).await?;
        proved(&db, &looked.manifest, &place.0, None).await
    }
    .await;
    db.close().await;
    result
}

/// Proves that the ledger in `db` holds together and has the head that the manifest names: it is exported, and the
/// files are verified as an auditor would. With `kept`, a checkpoint that somebody kept, it must contain that tree.
///
/// # Errors
/// [`BackupError::LedgerBroken`], [`BackupError::Contradicted`].
pub(super) async fn proved(
    db: &Db,
    manifest: &Manifest,
    scratch: &Path,
    kept: Option<&[u8]>,
) -> Result<(), BackupError> {
    let Some(head) = &manifest.ledger else { return Ok(()) };
    let broken = |what: &dyn std::fmt::Display| BackupError::LedgerBroken(what.to_string());
    let key = VerifierKey::parse(&Provider, &head.verifier).map_err(|e| broken(&e))?;
    let wanted = Checkpoint::open(head.checkpoint.as_bytes(), &key, &Provider).map_err(|e| broken(&e))?;
    let place = Scratch::new(scratch)?;
    kit_ledger::export(db, &place.0).await.map_err(|e| broken(&e))?;
    let (dir, kept) = (place.0.clone(), kept.map(<[u8]>::to_vec));
    let report = blocking(move || {
        let broken = |e: kit_ledger::VerifyError| BackupError::LedgerBroken(e.to_string());
        let report = kit_ledger::verify_dir(&dir, Some(&key), None, &Provider, &Provider).map_err(broken)?;
        if let Some(note) = &kept {
            // The log itself is sound, so what fails now is the kept checkpoint's contradiction.
            let size = Checkpoint::unverified(note).map_or(0, |c| c.size);
            kit_ledger::verify_dir(&dir, Some(&key), Some(note), &Provider, &Provider)
                .map_err(|_| BackupError::Contradicted { size })?;
        }
        Ok(report)
    })
    .await?;
    if report.checkpoint != wanted {
        return Err(broken(&"its head is not the one in the manifest"));
    }
    Ok(())
}

/// A directory of our own, removed when dropped.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new(parent: &Path) -> Result<Self, BackupError> {
        let mut random = [0; 8];
        core_crypto::Dice::fill(&Provider, &mut random);
        let dir = parent.join(format!("warifu-trial-{}", hex(&random)));
        fs::create_dir_all(&dir).map_err(|e| BackupError::file(&dir, &e))?;
        super::take::restrict(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is a copy in a place only its owner can read.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// SHA-256 of a manifest as it lies there: how the ledger names a backup.
pub fn name_of(dir: &Path) -> Result<[u8; 32], BackupError> {
    let path = dir.join(super::manifest::MANIFEST);
    fs::read(&path).map(|text| Provider.sha256(&text)).map_err(|e| BackupError::file(&path, &e))
}
