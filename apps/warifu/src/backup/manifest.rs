//! The manifest: what a backup consists of.

use super::{
    BackupError,
    tables::{Column, Table},
};
use crate::backup::rows::Sum;
use base16ct::lower::encode_string as hex;
use core_crypto::Digest;
use kit_keys::Provider;
use kit_ledger::{CheckpointSigner, VerifierKey, note};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

/// The file whose presence makes a directory a backup.
pub const MANIFEST: &str = "manifest.json";
/// The signature over it, a C2SP signed note.
pub const SIGNATURE: &str = "manifest.sig";
/// The form of manifests written today.
pub const VERSION: u32 = 1;
/// The first line of the text that is signed. It can be no checkpoint: those begin with an origin.
const SIGNED: &str = "warifu-backup/v1";

/// What a backup consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`VERSION`].
    pub version: u32,
    /// The release that took it.
    pub program: String,
    /// The installation it was taken of.
    pub installation: String,
    /// The moment of the snapshot, microseconds UTC.
    pub taken_us: i64,
    /// The migrations the database had.
    pub migrations: Vec<MigrationLine>,
    /// Every table but that of the migrations.
    pub tables: Vec<TableFile>,
    /// Every blob.
    pub blobs: Vec<BlobFile>,
    /// The head of the ledger at that moment; absent before the first checkpoint.
    pub ledger: Option<Head>,
}

/// One migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationLine {
    /// The component.
    pub component: String,
    /// The number.
    pub number: u32,
    /// SHA-256 of its text, hexadecimal.
    pub sha256: String,
}

/// One table and its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// The table.
    pub name: String,
    /// Its columns, in the order of the cells.
    pub columns: Vec<Column>,
    /// How many rows.
    pub rows: u64,
    /// Length of the file.
    pub octets: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// One blob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobFile {
    /// Its name.
    pub name: String,
    /// Its length.
    pub octets: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// The head of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Entries under the checkpoint.
    pub size: u64,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The public key that opens it.
    pub verifier: String,
}

impl TableFile {
    pub(super) fn new(table: Table, rows: u64, sum: &Sum) -> Self {
        Self { name: table.name, columns: table.columns, rows, octets: sum.octets, sha256: hex(&sum.sha256) }
    }

    /// Where it lies, relative to the backup.
    pub fn file(&self) -> String {
        table_file(&self.name)
    }

    /// The table as it was.
    pub fn table(&self) -> Table {
        Table { name: self.name.clone(), columns: self.columns.clone() }
    }
}

impl BlobFile {
    /// Where it lies, relative to the backup.
    pub fn file(&self) -> String {
        format!("blobs/{}", self.name)
    }
}

pub(super) fn table_file(table: &str) -> String {
    format!("tables/{table}.rows")
}

fn signed_text(manifest: &[u8]) -> String {
    format!("{SIGNED}\n{}\n", hex(&Provider.sha256(manifest)))
}

impl Manifest {
    /// Signs and writes the manifest: first the signature, last and in one step the manifest itself.
    pub(super) async fn write(&self, dir: &Path, signer: &dyn CheckpointSigner) -> Result<(), BackupError> {
        let text = serde_json::to_vec_pretty(self).expect("texts and numbers are always JSON");
        let signed = signed_text(&text);
        let key = VerifierKey::new(&Provider, signer.key_name(), signer.public_key())
            .map_err(|e| BackupError::Unsigned(e.to_string()))?;
        let signature =
            signer.sign(signed.as_bytes()).await.map_err(|e| BackupError::Unsigned(e.to_string()))?;
        let note = note::seal(&signed, &key, &signature);
        put(dir, SIGNATURE, note.as_bytes())?;
        put(dir, MANIFEST, &text)
    }

    /// Reads a manifest and checks its signature.
    ///
    /// `key` is the key it must be signed with. Without one the key that the manifest itself names is taken: good
    /// against damage, not against forgery.
    ///
    /// # Errors
    /// No manifest, one of another form, one that is not genuine.
    pub fn read(dir: &Path, key: Option<&VerifierKey>) -> Result<Self, BackupError> {
        let path = dir.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(BackupError::NoManifest(dir.to_owned()));
            }
            Err(e) => return Err(BackupError::file(&path, &e)),
        };
        let manifest: Self =
            serde_json::from_slice(&text).map_err(|e| BackupError::Manifest(e.to_string()))?;
        if manifest.version != VERSION {
            return Err(BackupError::Manifest(format!("version {} is not known", manifest.version)));
        }
        manifest.check_names()?;
        let path = dir.join(SIGNATURE);
        let signature = fs::read(&path).map_err(|e| BackupError::file(&path, &e))?;
        let own = manifest.ledger.as_ref().map(|head| VerifierKey::parse(&Provider, &head.verifier));
        let own = own.transpose().map_err(|e| BackupError::Signature(e.to_string()))?;
        let Some(key) = key.or(own.as_ref()) else {
            return Err(BackupError::Signature(
                "there is no key to check it with; name it with --key".into(),
            ));
        };
        let signed =
            note::open(&signature, key, &Provider).map_err(|e| BackupError::Signature(e.to_string()))?;
        if signed != signed_text(&text) {
            return Err(BackupError::Signature("it belongs to another manifest".into()));
        }
        Ok(manifest)
    }

    /// Names of tables, columns and blobs become paths and SQL: they must be plain.
    fn check_names(&self) -> Result<(), BackupError> {
        let plain = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        for table in &self.tables {
            if !plain(&table.name)
                || table.columns.is_empty()
                || !table.columns.iter().all(|c| plain(&c.name))
            {
                return Err(BackupError::Manifest("a table or column has an impossible name".into()));
            }
        }
        for blob in &self.blobs {
            let part_ok = |part: &str| !part.is_empty() && !part.starts_with('.');
            if !blob.name.split('/').all(part_ok) || blob.name.contains('\\') {
                return Err(BackupError::Manifest("a blob has an impossible name".into()));
            }
        }
        Ok(())
    }
}

/// Writes a file so that it is there whole or not at all.
fn put(dir: &Path, name: &str, octets: &[u8]) -> Result<(), BackupError> {
    let (partial, path) = (dir.join(format!(".{name}.part")), dir.join(name));
    let write = || {
        let mut file = File::create(&partial)?;
        file.write_all(octets)?;
        file.sync_all()?;
        fs::rename(&partial, &path)?;
        File::open(dir)?.sync_all()
    };
    write().map_err(|e| BackupError::file(&path, &e))
}
