//! Taking a backup, also while the server works.

use super::{
    BackupError, Components, Manifest,
    manifest::{BlobFile, Head, MigrationLine, TableFile, VERSION, table_file},
    rows::{RowWriter, Summed},
    tables::{Table, tables},
};
use base16ct::lower::encode_string as hex;
use core_crypto::Digest;
use core_words::UtcMicros;
use kit_drill::point;
use kit_keys::Provider;
use kit_ledger::CheckpointSigner;
use kit_store::{Db, StoreError, Tx, blobs::BlobStore, params};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is to be backed up.
pub struct Source {
    /// The database, opened with a read limit that is long enough for all of it.
    pub db: Db,
    /// The blobs.
    pub blobs: Arc<dyn BlobStore>,
    /// The name of the installation.
    pub installation: String,
}

/// A backup that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What it consists of.
    pub manifest: Manifest,
    /// Octets written.
    pub octets: u64,
}

/// Takes a backup into `dir`, which is made or must be empty.
///
/// Blobs are copied before the snapshot of the database and those that came since after it: whatever the snapshot
/// names was there at one of the two times, since what is current is never deleted.
///
/// # Errors
/// What could not be read, written or signed. What was written so far stays, without a manifest.
pub async fn take(
    source: &Source,
    dir: &Path,
    signer: &dyn CheckpointSigner,
    now: UtcMicros,
) -> Result<Taken, BackupError> {
    let mut blobs = {
        let (dir, from) = (dir.to_owned(), source.blobs.clone());
        blocking(move || {
            prepare(&dir)?;
            let mut blobs = BTreeMap::new();
            copy_blobs(&*from, &dir, &mut blobs)?;
            Ok(blobs)
        })
        .await?
    };
    let (migrations, tables, ledger) = {
        let dir = dir.to_owned();
        source.db.read(move |tx| snapshot(tx, &dir)).await?
    };
    let blobs = {
        let (dir, from) = (dir.to_owned(), source.blobs.clone());
        blocking(move || {
            copy_blobs(&*from, &dir, &mut blobs)?;
            sync_directories(&dir)?;
            Ok(blobs)
        })
        .await?
    };
    point("backup.copied");
    let manifest = Manifest {
        version: VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        installation: source.installation.clone(),
        taken_us: now.0,
        migrations,
        tables,
        blobs: blobs.into_values().collect(),
        ledger,
    };
    manifest.write(dir, signer).await?;
    point("backup.manifest_written");
    let octets =
        manifest.tables.iter().map(|t| t.octets).chain(manifest.blobs.iter().map(|b| b.octets)).sum();
    Ok(Taken { manifest, octets })
}

pub(super) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    match tokio::task::spawn_blocking(f).await {
        Ok(result) => result,
        Err(e) => Err(BackupError::Store(StoreError::Panicked(e.to_string()))),
    }
}

/// Makes `dir` and what is in every backup; refuses one that holds anything.
fn prepare(dir: &Path) -> Result<(), BackupError> {
    let file = |e: std::io::Error| BackupError::file(dir, &e);
    fs::create_dir_all(dir).map_err(file)?;
    if fs::read_dir(dir).map_err(file)?.next().is_some() {
        return Err(BackupError::NotEmpty(dir.to_owned()));
    }
    // Sealed keys and personal data are in it.
    restrict(dir)?;
    fs::create_dir(dir.join("tables")).map_err(file)?;
    fs::create_dir(dir.join("blobs")).map_err(file)
}

pub(super) fn restrict(dir: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(|e| BackupError::file(dir, &e))
}

type Snapshot = (Vec<MigrationLine>, Vec<TableFile>, Option<Head>);

/// Everything in the database as of one moment.
fn snapshot(tx: &mut Tx, dir: &Path) -> Result<Snapshot, BackupError> {
    let mut migrations = Vec::new();
    let sql = "SELECT component, number, sha256 FROM store_migration ORDER BY component, number";
    tx.for_each(sql, params![], |row| {
        let sha256 = hex(row.get::<&[u8]>(2)?);
        migrations.push(MigrationLine { component: row.get(0)?, number: row.get(1)?, sha256 });
        Ok::<_, BackupError>(ControlFlow::Continue(()))
    })?;
    let mut files = Vec::new();
    // The target of a restore makes the table of migrations itself.
    for table in tables(tx)?.into_iter().filter(|t| t.name != "store_migration") {
        files.push(dump(tx, table, dir)?);
    }
    let head = kit_ledger::latest_checkpoint(tx)?;
    let head = head.map(|c| Head { size: c.size, checkpoint: c.note, verifier: c.verifier });
    Ok((migrations, files, head))
}

fn dump(tx: &mut Tx, table: Table, dir: &Path) -> Result<TableFile, BackupError> {
    let mut writer = RowWriter::create(&dir.join(table_file(&table.name)))?;
    let kinds = table.kinds();
    tx.for_each(&table.select(), params![], |row| {
        writer.put(row, &kinds)?;
        Ok::<_, BackupError>(ControlFlow::Continue(()))
    })?;
    let (rows, sum) = writer.finish()?;
    Ok(TableFile::new(table, rows, &sum))
}

/// Copies the blobs that are not in `copied` yet.
fn copy_blobs(
    from: &dyn BlobStore,
    dir: &Path,
    copied: &mut BTreeMap<String, BlobFile>,
) -> Result<(), BackupError> {
    for name in from.list("")? {
        if copied.contains_key(&name) {
            continue;
        }
        // Deleted since it was listed: then it was not current.
        let Some(mut blob) = from.open(&name)? else { continue };
        let path = dir.join("blobs").join(&name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| BackupError::file(parent, &e))?;
        }
        let mut out = Summed::create(&path)?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            match blob.read(&mut buffer).map_err(|e| BackupError::file(Path::new(&name), &e))? {
                0 => break,
                n => out.put(&buffer[..n])?,
            }
        }
        let sum = out.finish()?;
        let line = BlobFile { name: name.clone(), octets: sum.octets, sha256: hex(&sum.sha256) };
        copied.insert(name, line);
    }
    Ok(())
}

/// Makes the names of all files durable.
fn sync_directories(dir: &Path) -> Result<(), BackupError> {
    let mut open: Vec<PathBuf> = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        let file = |e: std::io::Error| BackupError::file(&dir, &e);
        for entry in fs::read_dir(&dir).map_err(file)? {
            let entry = entry.map_err(file)?;
            if entry.file_type().map_err(file)?.is_dir() {
                open.push(entry.path());
            }
        }
        File::open(&dir).and_then(|d| d.sync_all()).map_err(file)?;
    }
    Ok(())
}

/// The components of this program as a database of this backup had them; later migrations are left out.
///
/// # Errors
/// [`BackupError::Schema`] for a migration this program does not know, or knows with another text.
pub(super) fn components_of(
    manifest: &Manifest,
    components: &Components,
) -> Result<Vec<kit_store::Component>, BackupError> {
    let unknown =
        |line: &MigrationLine| BackupError::Schema { component: line.component.clone(), number: line.number };
    for line in &manifest.migrations {
        let component = components.iter().find(|c| c.name == line.component).ok_or_else(|| unknown(line))?;
        let known = component.migrations.iter().find(|m| m.number == line.number);
        if known.is_none_or(|m| hex(&Provider.sha256(m.sql.as_bytes())) != line.sha256) {
            return Err(unknown(line));
        }
    }
    let had = |name: &str| {
        manifest.migrations.iter().filter(|l| l.component == name).map(|l| l.number).max().unwrap_or(0)
    };
    Ok(components
        .iter()
        .filter(|c| had(c.name) > 0)
        .map(|c| {
            let count = c.migrations.iter().take_while(|m| m.number <= had(c.name)).count();
            kit_store::Component { name: c.name, migrations: &c.migrations[..count] }
        })
        .collect())
}
