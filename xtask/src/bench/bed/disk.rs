//! What the disk gives just now: no figure of a durable store means anything without it.

use super::figures;
use crate::command;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Writes that are synced, one after the other.
const WRITES: u64 = 200;
/// Octets of each: a page of the database.
const PAGE: usize = 4_096;

/// Seconds until 4 KiB appended to a file in `dir` are on the disk (fdatasync): the median of 200.
pub(in crate::bench) fn sync_latency(dir: &Path) -> Result<f64> {
    let path = dir.join("sync-latency");
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    let page = [0x5a; PAGE];
    let mut took = Vec::with_capacity(WRITES as usize);
    for i in 0..WRITES {
        let begun = Instant::now();
        file.write_all_at(&page, i * PAGE as u64)?;
        file.sync_data()?;
        took.push(figures::seconds(begun.elapsed()));
    }
    std::fs::remove_file(&path)?;
    Ok(figures::median(&took))
}

/// Seconds to write a new file of so many octets into `dir` and to fsync it: what no list can beat there.
pub(in crate::bench) fn plain_write(dir: &Path, octets: u64) -> Result<f64> {
    let path = dir.join("plain-write");
    let piece = vec![0x5a; 1 << 20];
    let begun = Instant::now();
    let mut file = File::create(&path).with_context(|| path.display().to_string())?;
    let mut left = octets;
    while left > 0 {
        let now = left.min(piece.len() as u64);
        file.write_all(&piece[..now as usize])?;
        left -= now;
    }
    file.sync_all()?;
    let took = figures::seconds(begun.elapsed());
    std::fs::remove_file(&path)?;
    Ok(took)
}

/// The kind of file system `dir` lies on.
pub(in crate::bench) fn file_system(dir: &Path) -> Result<String> {
    let said = command::capture(Command::new("df").arg("--output=fstype").arg(dir))?;
    Ok(said.lines().nth(1).unwrap_or_default().trim().to_owned())
}
