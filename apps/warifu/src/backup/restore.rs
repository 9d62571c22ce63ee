//! Restoring into an empty place.

use super::{
    BackupError, Components, Manifest,
    manifest::TableFile,
    rows::RowReader,
    take::{blocking, components_of},
    verify::{Looked, name_of, proved},
};
use core_words::{Actor, UtcMicros};
use kit_keys::Provider;
use kit_ledger::Entry;
use kit_store::{Component, Db, StoreError, Tx, Value, blobs::BlobStore, migrations, params};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The table that remembers a restore under way: a server does not start on half of a backup.
pub const RESTORES: Component =
    Component { name: "app", migrations: migrations!("../../migrations/0001_restore.sql") };

/// Where to restore to.
pub struct Target {
    /// A database without rows.
    pub db: Db,
    /// A store without blobs.
    pub blobs: Arc<dyn BlobStore>,
}

/// What is restored, and what is known of it.
pub struct Chosen<'a> {
    /// The directory of the backup.
    pub dir: &'a Path,
    /// What a look at it gave.
    pub looked: &'a Looked,
    /// A checkpoint that somebody kept and that the backup covers: the restored ledger must contain its tree.
    pub kept: Option<&'a [u8]>,
    /// How many entries of the ledger are known to be lost since the backup.
    pub lost: u64,
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Rows written.
    pub rows: u64,
    /// Blobs written.
    pub blobs: usize,
    /// By how much every list number was moved ahead.
    pub list_numbers_skipped: u32,
}

/// Rows written in one transaction at most, and octets of them at which it ends early.
const CHUNK_ROWS: usize = 500;
const CHUNK_OCTETS: usize = 512 << 10;

/// Lists cannot be published faster than this, full and delta of one scope together.
const LISTS_A_SECOND: i64 = 2;
/// List numbers that are skipped in any case.
const SKIPPED_AT_LEAST: i64 = 1_000;

/// Restores a backup that was looked at, migrates it to this release, moves ahead what must not repeat, proves
/// the result, and tells the ledger.
///
/// # Errors
/// A target that is not empty; whatever could not be read or written; a result that does not prove. The target is
/// then marked as unfinished, and nothing starts on it.
pub async fn restore(
    target: &Target,
    chosen: &Chosen<'_>,
    components: &Components,
    now: UtcMicros,
    scratch: &Path,
) -> Result<Restored, BackupError> {
    let Chosen { dir, looked, kept, lost } = *chosen;
    let manifest = &looked.manifest;
    let mut as_it_was = components_of(manifest, components)?;
    if !as_it_was.iter().any(|c| c.name == RESTORES.name) {
        as_it_was.push(RESTORES);
    }
    if !target.blobs.list("")?.is_empty() {
        return Err(BackupError::Occupied("blobs".into()));
    }
    let tables = manifest.tables.clone();
    if let Some(table) = target.db.read(move |tx| first_with_rows(tx, &tables)).await? {
        return Err(BackupError::Occupied(table));
    }
    target.db.migrate(&as_it_was).await?;
    target.db.write(move |tx| mark(tx, true, now)).await?;
    let rows = load(target, dir, manifest).await?;
    target.db.migrate(components).await?;

    // Whatever was handed out between the backup and the loss must not be handed out again.
    target.db.jump_ids(u32::MAX).await?;
    let skipped = skipped(now.since(UtcMicros(manifest.taken_us)) / 1_000_000);
    target.db.write(move |tx| authority_journal::lists::skip_numbers(tx, skipped)).await?;

    proved(&target.db, manifest, scratch, kept).await?;
    let mut entry = Entry::new("backup.restored", Actor::system(), "installation");
    entry.object = Some(name_of(dir)?);
    entry.details = Some(format!("1 lost={lost}").into_bytes());
    // Together: nothing starts on a restored database whose ledger does not say that it is one.
    let finish = move |tx: &mut Tx| {
        kit_ledger::append(tx, &entry, now, &Provider, &Provider)?;
        mark(tx, false, now)
    };
    target.db.write(finish).await?;
    Ok(Restored { rows, blobs: manifest.blobs.len(), list_numbers_skipped: skipped })
}

/// Whether a restore into this database was begun and not finished. False also where there was never one.
///
/// # Errors
/// Those of the store.
pub async fn interrupted(db: &Db) -> Result<bool, StoreError> {
    let row = db.read(|tx| tx.query_opt("SELECT under_way FROM app_restore WHERE id = 1", params![])).await?;
    row.map_or(Ok(false), |row| row.get(0))
}

fn skipped(seconds_since: i64) -> u32 {
    let lists = seconds_since.max(0).saturating_mul(LISTS_A_SECOND).saturating_add(SKIPPED_AT_LEAST);
    u32::try_from(lists).unwrap_or(u32::MAX)
}

fn mark(tx: &mut Tx, under_way: bool, now: UtcMicros) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO app_restore (id, under_way, at_us) VALUES (1, $1, $2) \
         ON CONFLICT (id) DO UPDATE SET under_way = $1, at_us = $2",
        params![under_way, now],
    )
    .map(drop)
}

/// The name of a table of the backup that has rows in the target. `store_id` has its one row from the start.
fn first_with_rows(tx: &mut Tx, tables: &[TableFile]) -> Result<Option<String>, StoreError> {
    let there = super::tables::tables(tx)?;
    for table in tables.iter().filter(|t| t.name != "store_id" && there.iter().any(|h| h.name == t.name)) {
        if tx.query_opt(&format!("SELECT 1 FROM {} LIMIT 1", table.name), params![])?.is_some() {
            return Ok(Some(table.name.clone()));
        }
    }
    Ok(None)
}

/// Writes every row and blob of a backup; how many rows.
pub(super) async fn load(target: &Target, dir: &Path, manifest: &Manifest) -> Result<u64, BackupError> {
    let mut rows = 0;
    for file in &manifest.tables {
        rows += match file.name.as_str() {
            "store_id" => load_ids(&target.db, dir, file).await?,
            // What the target says about itself is not overwritten by what the source said.
            "app_restore" => 0,
            _ => load_table(&target.db, dir, file).await?,
        };
    }
    let (blobs, dir, names) = (target.blobs.clone(), dir.to_owned(), manifest.blobs.clone());
    blocking(move || {
        names.iter().try_for_each(|blob| load_blob(&*blobs, &dir.join(blob.file()), &blob.name))
    })
    .await?;
    Ok(rows)
}

async fn load_table(db: &Db, dir: &Path, file: &TableFile) -> Result<u64, BackupError> {
    let mut reader = Some(RowReader::open(&dir.join(file.file()), &file.name, file.columns.len())?);
    let insert: Arc<str> = file.table().insert().into();
    let mut loaded = 0;
    loop {
        let mut open = reader.take().expect("put back at the end of each round");
        let (open, chunk) = blocking(move || {
            let chunk = read_chunk(&mut open)?;
            Ok((open, chunk))
        })
        .await?;
        reader = Some(open);
        if chunk.is_empty() {
            break;
        }
        loaded += chunk.len() as u64;
        let (insert, chunk) = (insert.clone(), Arc::new(chunk));
        db.write_grouped(move |tx| tx.insert_many(&insert, &chunk).map(drop)).await?;
    }
    if loaded != file.rows {
        return Err(BackupError::damaged(&*file.name, format!("has {loaded} rows instead of {}", file.rows)));
    }
    Ok(loaded)
}

fn read_chunk(reader: &mut RowReader) -> Result<Vec<Vec<Value<'static>>>, BackupError> {
    let mut chunk = Vec::new();
    let mut octets = 0;
    while chunk.len() < CHUNK_ROWS && octets < CHUNK_OCTETS {
        let Some(row) = reader.next()? else { break };
        octets += row.iter().map(size).sum::<usize>();
        chunk.push(row);
    }
    Ok(chunk)
}

fn size(value: &Value<'_>) -> usize {
    match value {
        Value::Null | Value::Int(_) => 8,
        Value::Text(text) => text.len(),
        Value::Bytes(octets) => octets.len(),
    }
}

/// The next id is moved to where it was, never back.
async fn load_ids(db: &Db, dir: &Path, file: &TableFile) -> Result<u64, BackupError> {
    let mut reader = RowReader::open(&dir.join(file.file()), &file.name, file.columns.len())?;
    let next = file.columns.iter().position(|c| c.name == "next");
    let row = reader.next()?.zip(next).and_then(|(row, at)| row.into_iter().nth(at));
    let Some(Value::Int(next)) = row else {
        return Err(BackupError::damaged(&*file.name, "does not tell the next id"));
    };
    db.write(move |tx| {
        tx.execute("UPDATE store_id SET next = $1 WHERE id = 1 AND next < $1", params![next]).map(drop)
    })
    .await?;
    Ok(1)
}

fn load_blob(blobs: &dyn BlobStore, from: &Path, name: &str) -> Result<(), BackupError> {
    let file = |e: io::Error| BackupError::file(from, &e);
    let mut source = File::open(from).map_err(file)?;
    let mut writer = blobs.writer(name)?;
    io::copy(&mut source, &mut writer).map_err(file)?;
    Ok(writer.finish()?)
}

/// The directory scratch copies are made in when nobody names one: beside the backup, where there is room for it.
pub fn scratch_beside(dir: &Path) -> PathBuf {
    match dir.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_numbers_move_on_by_more_than_could_have_been_used() {
        assert_eq!(skipped(0), 1_000);
        assert_eq!(skipped(-5), 1_000);
        assert_eq!(skipped(86_400), 173_800);
        assert_eq!(skipped(i64::MAX), u32::MAX);
    }
}
